//! A crash with the journal on a PostgreSQL server.
//!
//! Lives on a server take longer than with a file, so not every point is one at which a process dies. A point's class is
//! the command (the job or its undo), the phase of it, and the place ([`super::points`]). Two points of one class differ
//! in the row that they are about, and the store does the same for each row. So a process dies at the first and the last
//! point of each class of commits, which are what the store has to survive, and at the middle one of each class on the
//! network. Commits that settle what an earlier process left come only after a crash: a second one happens there.
//!
//! This happens to the jobs that differ in what they write: a row of one step, rows of several steps that need each
//! other, and steps that several rows share. To every other job and way ([`Work::all`]) a process dies at two points,
//! and at others for each: of the classes at which the fewest have died so far. Together they die at each class at
//! least once. The end must be that of a life with a file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use headcount_journal::Moment;
use headcount_model::job::Job;

use super::crash::{Told, calm, ends_alike, live};
use super::journals::on_a_server;
use super::points::{Part, Phase, Place};
use super::scene::{Way, Work};

/// The classes of points, with the places where they are in the life.
fn classes(seen: &[(Phase, Place)]) -> BTreeMap<(Phase, Place), Vec<usize>> {
    let mut classes: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, class) in seen.iter().enumerate() {
        classes.entry(*class).or_default().push(at);
    }
    classes
}

/// The jobs in which a process dies at points of each class.
const WHOLE: [Work; 4] = [
    Work { job: Job::AddMembers, way: Way::Usual },
    Work { job: Job::CreateUsers, way: Way::WithGroups },
    Work { job: Job::CreateUsers, way: Way::Invited },
    // Steps that need each other across rows.
    Work { job: Job::ChangeEmails, way: Way::Usual },
];

/// The points at which processes die in each of the other jobs.
const POINTS: usize = 2;

/// The points at which a process dies.
fn chosen(seen: &[(Phase, Place)]) -> BTreeSet<usize> {
    let of_class = |((_, place), all): ((Phase, Place), Vec<usize>)| match place {
        Place::Commit(_) => vec![all[0], all[all.len() - 1]],
        Place::Dial | Place::Sent { .. } | Place::Done { .. } | Place::Answered { .. } => {
            vec![all[all.len() / 2]]
        }
    };
    classes(seen).into_iter().flat_map(of_class).collect()
}

fn a_crash_at_each_kind_of_point(work: Work) {
    on_a_server(|| {
        let calm = calm(work, None);
        let seen = calm.points.seen();
        let mut died = BTreeSet::new();
        for at in chosen(&seen) {
            let told = live(work, None, &[at], None);
            ends_alike(&told, &calm, &[at]);
            died.extend(told.points.died());
        }
        let all: BTreeSet<_> = classes(&seen).into_keys().collect();
        assert_eq!(died, all, "a process died at a point of each class");
        let (first, seconds) = second_crashes(work, &calm);
        for second in seconds {
            ends_alike(&live(work, None, &[first, second], None), &calm, &[first, second]);
        }
        println!("{work:?}: {} of {} points", died.len(), seen.len());
    });
}

/// The point at which a request is lost, and those at which the process after it settles that.
fn second_crashes(work: Work, calm: &Told) -> (usize, Vec<usize>) {
    let lost = |(phase, place): &(Phase, Place)| {
        !phase.undo && phase.part == Part::Canary && *place == Place::Sent { changes: true }
    };
    let first = calm.points.seen().iter().position(lost).unwrap();
    let after = live(work, None, &[first], None).points.seen();
    let settles = |(phase, place): &(Phase, Place)| {
        phase.part == Part::Settle && matches!(place, Place::Commit(_))
    };
    let seconds: Vec<_> = (0..after.len()).filter(|at| settles(&after[*at])).collect();
    let moments: BTreeSet<_> = seconds.iter().map(|at| after[*at].1).collect();
    let both = [Moment::BeforeCommit, Moment::AfterCommit].map(Place::Commit);
    assert_eq!(moments, both.into_iter().collect());
    (first, seconds)
}

/// How many processes died at each class of points.
#[derive(Default)]
struct Spread(BTreeMap<(Phase, Place), usize>);

impl Spread {
    /// Points of the classes at which the fewest processes have died so far; of a class the first one, then the last,
    /// then the middle one.
    fn choose(&mut self, seen: &[(Phase, Place)]) -> Vec<usize> {
        let classes = classes(seen);
        let mut order: Vec<_> = classes.keys().collect();
        for class in &order {
            self.0.entry(**class).or_default();
        }
        order.sort_by_key(|class| self.0[*class]);
        let point = |class: &(Phase, Place)| {
            let (all, times) = (&classes[class], self.0.get_mut(class).unwrap());
            *times += 1;
            [all[0], all[all.len() - 1], all[all.len() / 2]][(*times - 1) % 3]
        };
        order.into_iter().take(POINTS).map(point).collect()
    }
}

/// A job with the points at which processes die.
struct Few {
    work: Work,
    /// The life with a file in which no process dies.
    calm: Told,
    points: Vec<usize>,
    /// A request is lost, and the process after it dies at a commit that settles it.
    two: [usize; 2],
}

/// All other jobs. Their points are counted with a file, which takes less time.
static OTHERS: LazyLock<Vec<Few>> = LazyLock::new(|| {
    let mut spread = Spread::default();
    let others = Work::all().into_iter().filter(|work| !WHOLE.contains(work)).enumerate();
    let few = |(number, work): (usize, Work)| {
        let calm = calm(work, None);
        let points = spread.choose(&calm.points.seen());
        let (first, seconds) = second_crashes(work, &calm);
        Few { work, calm, points, two: [first, seconds[number % seconds.len()]] }
    };
    let all = others.map(few).collect();
    let missed: Vec<_> = spread.0.iter().filter(|(_, times)| **times == 0).collect();
    assert!(missed.is_empty(), "no process dies at a point of {missed:?}");
    all
});

/// One of two parts of the jobs, so that both cores have something to do.
fn a_few_crashes_in_each_other_job(part: usize) {
    for Few { work, calm, points, two } in OTHERS.iter().skip(part).step_by(2) {
        let seen = calm.points.seen();
        let dies = |deaths: &[usize]| {
            let told = on_a_server(|| live(*work, None, deaths, None));
            ends_alike(&told, calm, deaths);
            assert_eq!(told.points.died()[0], seen[deaths[0]], "a server has the same points");
        };
        points.iter().for_each(|at| dies(&[*at]));
        dies(two);
        println!("{work:?}: {points:?} and {two:?} of {} points", seen.len());
    }
}

#[test]
fn adding_members_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(WHOLE[0]);
}

#[test]
fn creating_with_groups_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(WHOLE[1]);
}

#[test]
fn inviting_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(WHOLE[2]);
}

#[test]
fn changing_addresses_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(WHOLE[3]);
}

#[test]
fn every_other_job_survives_crashes_on_a_server_1() {
    a_few_crashes_in_each_other_job(0);
}

#[test]
fn every_other_job_survives_crashes_on_a_server_2() {
    a_few_crashes_in_each_other_job(1);
}
