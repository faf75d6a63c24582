//! A crash at every point: a small plan of each job and its undo are lived once to count the
//! places where a process can be stopped ([`super::points`]), then once for each of them. Whoever
//! dies is followed by a new process that does what an administrator would: resume the run, apply
//! the plan, or give the job again where there is no plan yet.
//!
//! The end must be that of the life in which nobody died: the same site, the same outcome of each
//! row, and nothing done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fastrand::Rng;
use headcount_core::journal::{Moment, Run, RunState};
use headcount_core::run::{Ending, How, StopKind};
use headcount_core::site::pace::PaceSettings;
use headcount_core::values::job::Job;
use headcount_core::values::outcome::Outcome;
use headcount_sandbox::Config;
use serde_json::{Value, json};

use super::company::Books;
use super::hold;
use super::points::{Part, Phase, Place, Points};
use super::process::{Death, Machine, Stretch};
use super::weather::Weather;

/// What becomes of the six rows of each plan when nobody dies.
const OUTCOMES: [Outcome; 6] = [
    Outcome::Changed,
    Outcome::Changed,
    Outcome::Skipped,
    Outcome::Unchanged,
    Outcome::Failed,
    Outcome::Changed,
];

/// More commands than any life with a few deaths needs.
const COMMANDS: usize = 12;

/// What is done: a job, or users created and put into two groups each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    job: Job,
    groups: bool,
}

impl From<Job> for Work {
    fn from(job: Job) -> Self {
        Self { job, groups: false }
    }
}

/// Users with groups: rows of three steps.
const WITH_GROUPS: Work = Work { job: Job::CreateUsers, groups: true };

/// The people of the plan: `p3` is so already, `p4` is refused by the site.
fn mail(number: usize) -> String {
    format!("p{number}@banc.ly")
}

/// Six rows: done, done, the second again, already so, refused, done.
fn sheet(work: Work) -> String {
    let member = matches!(work.job, Job::AddMembers | Job::RemoveMembers);
    let (head, cells) = match (work.groups, member) {
        (true, _) => ("emailAddress,groups\n", ",houston-sales;hanoi-legal\n"),
        (_, true) => ("Email,Group\n", ",houston-sales\n"),
        _ => ("emailAddress\n", "\n"),
    };
    let mut sheet = head.to_owned();
    for number in [1, 2, 2, 3, 4, 5] {
        sheet += &mail(number);
        sheet += cells;
    }
    sheet
}

/// The site as it is before the job.
fn seed(work: Work) -> Value {
    let job = work.job;
    let is_so = |number: usize| number == 3;
    let person = |number: usize| {
        let inactive = match job {
            Job::DeactivateUsers => is_so(number),
            Job::ActivateUsers => !is_so(number),
            _ => false,
        };
        let lifecycle = if inactive { "inactive" } else { "active" };
        let suspended = match job {
            Job::SuspendUsers => is_so(number),
            Job::RestoreUsers => !is_so(number),
            _ => false,
        };
        let mut person = json!({
            "email": mail(number), "name": format!("P {number}"), "lifecycle": lifecycle,
        });
        if suspended {
            person["place"] = json!("suspended");
        }
        person
    };
    let member = |number: usize, group: &str| json!({ "email": mail(number), "group": group });
    let numbers = 1..=5;
    let there = |number: &usize| job != Job::CreateUsers || is_so(*number);
    let mut memberships: Vec<_> =
        numbers.clone().filter(there).map(|number| member(number, "jira-software-users")).collect();
    let in_group = |number: &usize| match job {
        Job::AddMembers => is_so(*number),
        Job::RemoveMembers => !is_so(*number),
        _ => false,
    };
    memberships
        .extend(numbers.clone().filter(in_group).map(|number| member(number, "houston-sales")));
    if work.groups {
        memberships.extend(["houston-sales", "hanoi-legal"].map(|group| member(3, group)));
    }
    let people: Vec<_> = numbers.filter(there).map(person).collect();
    json!({ "people": people, "memberships": memberships })
}

const SUSPEND: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend";
const RESTORE: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore";

/// The site refuses `p4`, in this job only.
async fn refuse(machine: &Machine, job: Job) {
    let (method, path) = match job {
        Job::CreateUsers => ("POST", "/rest/api/3/user"),
        Job::AddMembers => ("POST", "/rest/api/3/group/user"),
        Job::RemoveMembers => ("DELETE", "/rest/api/3/group/user"),
        Job::DeactivateUsers => ("POST", "/users/{account_id}/manage/lifecycle/disable"),
        Job::SuspendUsers => ("POST", SUSPEND),
        Job::RestoreUsers => ("POST", RESTORE),
        _ => ("POST", "/users/{account_id}/manage/lifecycle/enable"),
    };
    let books = Books::read(&machine.net).await;
    let who = books.by_mail(&mail(4)).map_or_else(|| mail(4), |(account, _)| account.clone());
    let body = json!({ "errorMessages": ["no"], "key": "forbidden" });
    let fault = json!({
        "method": method, "path": path, "mentions": who, "times": 0,
        "answer": { "status": 403, "body": body },
    });
    machine.net.control("POST", "faults", json!({ "faults": [fault] })).await;
}

/// One run's end: its outcomes and the site's books.
#[derive(Debug, PartialEq)]
struct End {
    outcomes: Vec<Option<Outcome>>,
    /// By mail and without the account's id and times, which a created account draws anew.
    people: BTreeMap<String, Value>,
    memberships: BTreeSet<(String, String)>,
}

/// What a life came to.
pub struct Told {
    job: End,
    undo: End,
    pub points: Arc<Points>,
}

/// What else happens when a process dies: the power fails.
pub type Blow<'b> = &'b dyn Fn(&mut Machine);

struct Life<'b> {
    machine: Machine,
    blow: Option<Blow<'b>>,
    points: Arc<Points>,
    /// The newest run that is not this command's.
    before: Option<String>,
}

impl<'b> Life<'b> {
    async fn begin(
        work: Work,
        concurrency: Option<u32>,
        deaths: &[usize],
        blow: Option<Blow<'b>>,
    ) -> Self {
        let pace = PaceSettings { concurrency, rate: None, seed: 1 };
        let mut machine = Machine::of(Config::default(), pace, Rng::with_seed(1)).await;
        machine.net.control("POST", "seed", seed(work)).await;
        refuse(&machine, work.job).await;
        let points = Points::new(deaths);
        machine.die_at(&points);
        Self { machine, blow, points, before: None }
    }

    fn newest(&self) -> Option<Run> {
        let runs = self.machine.journal.runs().unwrap();
        let newest = runs.into_iter().find(|run| run.state != RunState::Draft)?;
        (Some(newest.id.as_str()) != self.before.as_deref()).then_some(newest)
    }

    /// One command: what is there is gone on with, else it is planned. The run where it ended.
    async fn command(&mut self, work: Work, undone: Option<&Run>) -> Option<Run> {
        let undo = undone.is_some();
        self.points.enter(undo, Part::Plan);
        self.machine.journal.sweep_drafts().unwrap();
        let there = self.newest();
        let recheck = there.is_some();
        let run = match (there, undone) {
            (Some(run), _) => run,
            (None, None) => self.machine.plan(work.job, &sheet(work)).await.unwrap(),
            (None, Some(undone)) => self.machine.plan_undo(undone, true).await.unwrap(),
        };
        if run.state == RunState::Finished && self.unknown(&run) == 0 {
            return Some(run);
        }
        let open = self.machine.journal.started_steps(&run.id).unwrap();
        self.points.enter(undo, if open > 0 { Part::Settle } else { Part::Canary });
        let how = How { recheck, ..How::default() };
        match self.machine.stretch(&run, &how, Death::Never).await {
            // Refused after a sending without an answer: later it can be told.
            Stretch::Ended(_) if self.unknown(&run) > 0 => {
                tokio::time::sleep(std::time::Duration::from_secs(600)).await;
                None
            }
            Stretch::Ended(Ending::Finished) => Some(run),
            // A resumed run takes the row that is refused for its canary.
            Stretch::Ended(Ending::Stopped(stop)) if stop.kind == StopKind::Canary => None,
            other => panic!("{other:?}"),
        }
    }

    fn unknown(&self, run: &Run) -> u64 {
        self.machine.journal.counts(&run.id).unwrap().unknown
    }

    /// As many commands as it takes.
    async fn until_it_ends(&mut self, work: Work, undone: Option<&Run>) -> Run {
        let from = hold::logged(&self.machine.net).await;
        let points = Arc::clone(&self.points);
        let lines = self.machine.net.lines().len();
        for _ in 0..COMMANDS {
            let ended = points.live(self.command(work, undone)).await;
            self.nothing_is_sent_before_it_is_written(lines);
            if let Some(run) = self.newest() {
                hold::at_any_time(&self.machine, &run, from).await;
            }
            if let Some(Some(run)) = ended {
                self.ended(&run, from).await;
                return self.machine.run(&run);
            }
            if let (None, Some(blow)) = (&ended, self.blow) {
                blow(&mut self.machine);
            }
            self.machine.begin(Weather::calm());
        }
        panic!("it does not get to its end");
    }

    /// Wherever a process was stopped: no more changes have left it than are in the journal.
    fn nothing_is_sent_before_it_is_written(&self, from: usize) {
        let sent = self.machine.net.lines()[from..].iter().filter(|line| line.changes()).count();
        let written =
            self.newest().map_or(0, |run| self.machine.journal.requests(&run.id).unwrap());
        assert!(sent as u64 <= written, "{sent} sent, {written} in the journal");
    }

    async fn ended(&mut self, run: &Run, from: u64) {
        let run = self.machine.run(run);
        assert_eq!(run.state, RunState::Finished);
        assert_eq!(self.machine.journal.open_steps(&run.id).unwrap(), 0);
        hold::at_the_end(&self.machine, &run, from).await;
        hold::each_row_is_told_once(&self.machine, &run, &self.machine.events);
        self.machine.events.clear();
        self.before = Some(run.id.as_str().to_owned());
    }

    async fn end(&self, run: &Run) -> End {
        let books = Books::read(&self.machine.net).await;
        let mail_of = |account: &str| books.people[account]["email"].as_str().unwrap().to_owned();
        let strip = |person: &Value| {
            let mut person = person.clone();
            person.as_object_mut().unwrap().remove("account_id");
            person
        };
        let rows = self.machine.journal.rows(&run.id, 0, 100).unwrap();
        End {
            outcomes: rows.iter().map(|row| row.outcome).collect(),
            people: books
                .people
                .values()
                .map(|p| (mail_of(p["account_id"].as_str().unwrap()), strip(p)))
                .collect(),
            memberships: books
                .memberships
                .iter()
                .map(|(who, which)| (mail_of(who), which.clone()))
                .collect(),
        }
    }
}

/// A job and its undo, with a process that dies at each of these points.
pub fn live(
    work: impl Into<Work>,
    concurrency: Option<u32>,
    deaths: &[usize],
    blow: Option<Blow<'_>>,
) -> Told {
    let work = work.into();
    super::clock().block_on(async {
        let mut life = Life::begin(work, concurrency, deaths, blow).await;
        let run = life.until_it_ends(work, None).await;
        let done = life.end(&run).await;
        let undo = life.until_it_ends(work, Some(&run)).await;
        let undone = life.end(&undo).await;
        Told { job: done, undo: undone, points: life.points }
    })
}

/// What a life must have passed through, so that an end of the hooks is noticed.
fn classes(phases: &[Part]) -> Vec<(Phase, Place)> {
    let commits = [Moment::BeforeCommit, Moment::AfterCommit].map(Place::Commit);
    let places =
        |changes| [Place::Sent { changes }, Place::Done { changes }, Place::Answered { changes }];
    let mut all = Vec::new();
    for undo in [false, true] {
        for &part in phases {
            let network = match part {
                Part::Plan | Part::Settle => places(false).to_vec(),
                Part::Canary => [places(false), places(true)].concat(),
                Part::Others => places(true).to_vec(),
            };
            let phase = Phase { undo, part };
            all.extend(commits.iter().chain(&network).map(|place| (phase, *place)));
        }
    }
    all
}

/// The life in which nobody dies, and that it is what it is meant to be.
pub fn calm(work: impl Into<Work>, concurrency: Option<u32>) -> Told {
    let calm = live(work, concurrency, &[], None);
    assert_eq!(calm.job.outcomes, OUTCOMES.map(Some), "the plan is not what it is meant to be");
    assert!(calm.undo.outcomes.iter().all(|outcome| *outcome == Some(Outcome::Changed)));
    let seen: BTreeSet<_> = calm.points.seen().into_iter().collect();
    for class in classes(&[Part::Plan, Part::Canary, Part::Others]) {
        assert!(seen.contains(&class), "never reached: {class:?}");
    }
    calm
}

/// That a life with deaths ended like the one without.
pub fn ends_alike(told: &Told, calm: &Told, deaths: &[usize]) {
    let died = told.points.died();
    assert_eq!(died.len(), deaths.len(), "of {deaths:?} only {died:?}");
    assert_eq!(told.job, calm.job, "points {deaths:?}, {died:?}");
    assert_eq!(told.undo, calm.undo, "points {deaths:?}, {died:?}");
}

fn a_crash_at_every_point(work: impl Into<Work>) {
    let work = work.into();
    let calm = calm(work, None);
    let seen = calm.points.seen();
    let mut resumed = BTreeSet::new();
    for (at, point) in seen.iter().enumerate() {
        let told = live(work, None, &[at], None);
        ends_alike(&told, &calm, &[at]);
        assert_eq!(told.points.died(), [*point], "the same life goes another way");
        resumed.extend(told.points.seen());
    }
    for class in classes(&[Part::Settle]) {
        assert!(resumed.contains(&class), "never reached: {class:?}");
    }
    println!("{work:?}: {} points", seen.len());
}

/// A second crash in what follows the first: at one point drawn for each first, or, with
/// `HEADCOUNT_CRASH_PAIRS=all`, at each.
fn two_crashes(job: Job) {
    let calm = calm(job, Some(1));
    let all = std::env::var("HEADCOUNT_CRASH_PAIRS").is_ok_and(|pairs| pairs == "all");
    let mut rng = Rng::with_seed(7);
    let (mut lives, mut parts) = (0, BTreeSet::new());
    let firsts = (0..calm.points.seen().len()).step_by(if all { 1 } else { 3 });
    for first in firsts {
        let after = live(job, Some(1), &[first], None).points.seen().len();
        // Nothing follows a death at the very end.
        let seconds = match (first + 1..after).len() {
            0 => continue,
            _ if all => first + 1..after,
            many => one(first + 1 + rng.usize(..many)),
        };
        for second in seconds {
            let told = live(job, Some(1), &[first, second], None);
            ends_alike(&told, &calm, &[first, second]);
            parts.extend(told.points.died().into_iter().skip(1).map(|(phase, _)| phase.part));
            lives += 1;
        }
    }
    assert_eq!(parts.len(), 4, "no second crash in some part: {parts:?}");
    println!("{job}: {lives} pairs of points");
}

fn one(at: usize) -> std::ops::Range<usize> {
    at..at + 1
}

#[test]
fn creating_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::CreateUsers);
}

#[test]
fn removing_members_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::RemoveMembers);
}

#[test]
fn creating_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::CreateUsers);
}

#[test]
fn creating_with_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(WITH_GROUPS);
}

#[test]
fn deactivating_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::DeactivateUsers);
}

#[test]
fn reactivating_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::ActivateUsers);
}

#[test]
fn adding_members_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::AddMembers);
}

#[test]
fn removing_members_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RemoveMembers);
}

#[test]
fn suspending_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::SuspendUsers);
}

#[test]
fn restoring_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RestoreUsers);
}
