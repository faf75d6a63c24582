//! A crash with the journal on a PostgreSQL server.
//!
//! Lives on a server take longer than with a file, so not every point is one at which a process dies. A point's class is
//! the command (the job or its undo), the phase of it, and the place ([`super::points`]). Two points of one class differ
//! in the row that they are about, and the store does the same for each row. So a process dies at the first and the last
//! point of each class of commits, which are what the store has to survive, and at the middle one of each class on the
//! network. Commits that settle what an earlier process left come only after a crash: a second one happens there.
//! The jobs differ in what they write: a row of one step, rows of several steps that need each other, and steps that
//! several rows share.

use std::collections::{BTreeMap, BTreeSet};

use headcount_journal::Moment;
use headcount_model::job::Job;

use super::crash::{calm, ends_alike, live};
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

fn a_crash_at_each_kind_of_point(work: impl Into<Work>) {
    let work = work.into();
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
        // A request is lost; the process after it dies at each commit that settles it.
        let lost = |(phase, place): &(Phase, Place)| {
            !phase.undo && phase.part == Part::Canary && *place == Place::Sent { changes: true }
        };
        let first = seen.iter().position(lost).unwrap();
        let after = live(work, None, &[first], None).points.seen();
        let settles = |(phase, place): &(Phase, Place)| {
            phase.part == Part::Settle && matches!(place, Place::Commit(_))
        };
        let seconds: Vec<_> = (0..after.len()).filter(|at| settles(&after[*at])).collect();
        let moments: BTreeSet<_> = seconds.iter().map(|at| after[*at].1).collect();
        let both = [Moment::BeforeCommit, Moment::AfterCommit].map(Place::Commit);
        assert_eq!(moments, both.into_iter().collect());
        for second in seconds {
            ends_alike(&live(work, None, &[first, second], None), &calm, &[first, second]);
        }
        println!("{work:?}: {} of {} points", died.len(), seen.len());
    });
}

#[test]
fn adding_members_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(Job::AddMembers);
}

#[test]
fn creating_with_groups_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(Work { way: Way::WithGroups, ..Job::CreateUsers.into() });
}

#[test]
fn inviting_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(Work { way: Way::Invited, ..Job::CreateUsers.into() });
}

/// Steps that need each other across rows.
#[test]
fn changing_addresses_survives_a_crash_on_a_server() {
    a_crash_at_each_kind_of_point(Job::ChangeEmails);
}
