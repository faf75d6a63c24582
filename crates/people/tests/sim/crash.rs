//! A crash at every point: a small plan of each job and its undo are lived once to count the
//! places where a process can be stopped ([`super::points`]), then once for each of them. A process that
//! dies is followed by a new process that does what an administrator would: resume the run, apply
//! the plan, or give the job again where there is no plan yet.
//!
//! The end must be that of the life in which no process died: the same site, the same outcome of each
//! row, and nothing done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fastrand::Rng;
use headcount_atlassian::pace::PaceSettings;
use headcount_engine::{Ending, RunOptions, StopKind};
use headcount_journal::{Count, Moment, RowView, Run, RunState};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_sandbox::Config;
use serde_json::Value;

use super::company::Books;
use super::hold;
use super::points::{Part, Phase, Place, Points};
use super::process::{Death, Machine, Stretch};
use super::scene::{OUTCOMES, Way, Work};
use super::weather::Weather;

/// More commands than any life with a few deaths needs.
const COMMANDS: usize = 12;

/// One run's end: its outcomes and the site's books.
#[derive(Debug, PartialEq)]
struct End {
    outcomes: Vec<Option<Outcome>>,
    /// By mail and without the account's id and times, which a created account draws again.
    people: BTreeMap<String, Value>,
    memberships: BTreeSet<(String, String)>,
    groups: BTreeSet<String>,
    /// By group: what it gives.
    roles: BTreeMap<String, (String, String)>,
}

/// What a life came to.
pub struct Told {
    job: End,
    /// Where there is one.
    undo: Option<End>,
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
        let mut machine =
            Machine::with(Config::default(), pace, Rng::with_seed(1), work.keys()).await;
        work.set(&mut machine).await;
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
            (None, None) => self.machine.plan(work.job, &work.sheet()).await.unwrap(),
            (None, Some(undone)) => self.machine.plan_undo(undone, true).await.unwrap(),
        };
        if run.state == RunState::Finished && self.unknown(&run) == 0 {
            return Some(run);
        }
        let open = self.machine.journal.count(&run.id, Count::StartedSteps).unwrap();
        self.points.enter(undo, if open > 0 { Part::Settle } else { Part::Canary });
        let how = RunOptions { recheck, ..RunOptions::default() };
        match self.machine.stretch(&run, &how, Death::Never).await {
            // Refused after a sending without an answer: later it can be decided.
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

    /// Wherever a process was stopped: no more changes have left it than are in the journal. Of
    /// invitations the people count: a pack that is refused for one of them is sent again in halves.
    fn nothing_is_sent_before_it_is_written(&self, from: usize) {
        let lines = self.machine.net.lines();
        let sent: Vec<_> = lines[from..].iter().filter(|line| line.changes()).collect();
        let people = sent.iter().flat_map(|line| line.body["emails"].as_array()).flatten();
        let people: BTreeSet<_> = people.map(ToString::to_string).collect();
        let alone = sent.iter().filter(|line| line.body.get("emails").is_none()).count();
        let written = self
            .newest()
            .map_or(0, |run| self.machine.journal.count(&run.id, Count::Requests).unwrap());
        let sent = alone + people.len();
        assert!(sent as u64 <= written, "{sent} sent, {written} in the journal");
    }

    async fn ended(&mut self, run: &Run, from: u64) {
        let run = self.machine.run(run);
        assert_eq!(run.state, RunState::Finished);
        assert_eq!(self.machine.journal.count(&run.id, Count::OpenSteps).unwrap(), 0);
        hold::at_the_end(&self.machine, &run, from).await;
        hold::each_row_is_told_once(&self.machine, &run, &self.machine.events);
        self.machine.events.clear();
        self.before = Some(run.id.as_str().to_owned());
    }

    async fn end(&self, run: &Run) -> End {
        let books = Books::read(&self.machine.net).await;
        let mail_of = |account: &str| books.people[account]["email"].as_str().unwrap().to_owned();
        let name_of = |id: &str| {
            let (_, name) = books.groups.iter().find(|(group, _)| group == id).unwrap();
            name.clone()
        };
        let strip = |person: &Value| {
            let mut person = person.clone();
            person.as_object_mut().unwrap().remove("account_id");
            if let Some(provisioned) = person.get_mut("provisioned").and_then(Value::as_object_mut)
            {
                provisioned.remove("id");
            }
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
                .map(|(who, which)| (mail_of(who), name_of(which)))
                .collect(),
            groups: books.groups.iter().map(|(_, name)| name.clone()).collect(),
            roles: books.roles.iter().map(|(id, gives)| (name_of(id), gives.clone())).collect(),
        }
    }
}

impl Life<'_> {
    /// A group whose making had no answer may be another's: the undo leaves it. Here it was this run's,
    /// so that leaving it is all that may differ.
    fn let_stay(&self, run: &Run, undo: &Run, end: &mut End) {
        let rows = |run: &Run| self.machine.journal.rows(&run.id, 0, 100).unwrap();
        let lost = |row: &RowView| row.reason == Some(Reason::DoneNoResponse);
        if run.job != Job::CreateGroups {
            return;
        }
        for row in rows(run).iter().filter(|row| lost(row)) {
            let undone = rows(undo);
            let at = undone.iter().position(|undone| undone.row == row.row).unwrap();
            assert_eq!(end.outcomes[at], Some(Outcome::Skipped), "{:?}", undone[at]);
            assert!(end.groups.remove(&row.cells[0]), "{:?} is gone", row.cells);
            end.outcomes[at] = Some(Outcome::Changed);
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
        let mut undone = None;
        if work.can_be_undone() {
            let undo = life.until_it_ends(work, Some(&run)).await;
            let mut end = life.end(&undo).await;
            life.let_stay(&run, &undo, &mut end);
            undone = Some(end);
        }
        Told { job: done, undo: undone, points: life.points }
    })
}

/// What a life must have passed through, so that an end of the hooks is noticed.
fn classes(work: Work, phases: &[Part]) -> Vec<(Phase, Place)> {
    let commits = [Moment::BeforeCommit, Moment::AfterCommit].map(Place::Commit);
    let places =
        |changes| [Place::Sent { changes }, Place::Done { changes }, Place::Answered { changes }];
    let mut all = Vec::new();
    for undo in [false, true].into_iter().filter(|undo| !undo || work.can_be_undone()) {
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

/// The life in which no process dies, and that it is what it is meant to be.
pub fn calm(work: impl Into<Work>, concurrency: Option<u32>) -> Told {
    let work = work.into();
    let calm = live(work, concurrency, &[], None);
    let mut outcomes = OUTCOMES;
    if matches!(work.job, Job::RemoveGroups | Job::RevokeTokens) {
        // A group or a token that is not there may be a typing error.
        outcomes[3] = Outcome::Skipped;
    }
    assert_eq!(calm.job.outcomes, outcomes.map(Some), "the plan is not what it is meant to be");
    let undone = calm.undo.iter().flat_map(|undo| &undo.outcomes);
    // No undo restores a token, and the row says so.
    let taken_back = match work.way {
        Way::WithTokens => Outcome::Skipped,
        _ => Outcome::Changed,
    };
    let undone: Vec<_> = undone.copied().collect();
    assert!(undone.iter().all(|outcome| *outcome == Some(taken_back)), "{undone:?}");
    let seen: BTreeSet<_> = calm.points.seen().into_iter().collect();
    for class in classes(work, &[Part::Plan, Part::Canary, Part::Others]) {
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
    for class in classes(work, &[Part::Settle]) {
        assert!(resumed.contains(&class), "never reached: {class:?}");
    }
    println!("{work:?}: {} points", seen.len());
}

#[test]
fn creating_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::CreateUsers);
}

#[test]
fn creating_with_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::WithGroups, ..Job::CreateUsers.into() });
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
fn deleting_accounts_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::DeleteUsers);
}

#[test]
fn canceling_deletions_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::CancelDeleteUsers);
}

#[test]
fn changing_addresses_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::ChangeEmails);
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

#[test]
fn inviting_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Invited, ..Job::CreateUsers.into() });
}

#[test]
fn taking_off_the_site_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RemoveUsers);
}

#[test]
fn creating_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::CreateGroups);
}

#[test]
fn deleting_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RemoveGroups);
}

#[test]
fn deleting_groups_by_jira_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Jira, ..Job::RemoveGroups.into() });
}

#[test]
fn adding_members_in_the_directory_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Directory, ..Job::AddMembers.into() });
}

#[test]
fn removing_members_in_the_directory_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Directory, ..Job::RemoveMembers.into() });
}

#[test]
fn taking_off_the_site_in_the_directory_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Directory, ..Job::RemoveUsers.into() });
}

#[test]
fn creating_groups_by_jira_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::Jira, ..Job::CreateGroups.into() });
}

#[test]
fn granting_access_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::GrantAccess);
}

#[test]
fn revoking_access_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RevokeAccess);
}

#[test]
fn revoking_tokens_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::RevokeTokens);
}

fn through_the_directory(job: Job) {
    a_crash_at_every_point(Work { way: Way::Provisioned, job });
}

#[test]
fn creating_in_an_identity_providers_directory_survives_a_crash_at_every_point() {
    through_the_directory(Job::CreateUsers);
    through_the_directory(Job::CreateGroups);
}

#[test]
fn deactivating_in_an_identity_providers_directory_survives_a_crash_at_every_point() {
    through_the_directory(Job::DeactivateUsers);
}

#[test]
fn reactivating_in_an_identity_providers_directory_survives_a_crash_at_every_point() {
    through_the_directory(Job::ActivateUsers);
}

#[test]
fn adding_members_in_an_identity_providers_directory_survives_a_crash_at_every_point() {
    through_the_directory(Job::AddMembers);
}

#[test]
fn removing_members_in_an_identity_providers_directory_survives_a_crash_at_every_point() {
    through_the_directory(Job::RemoveMembers);
}

#[test]
fn unlinking_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Job::UnlinkUsers);
}

#[test]
fn granting_access_to_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::OfGroups, ..Job::GrantAccess.into() });
}

#[test]
fn revoking_access_from_groups_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::OfGroups, ..Job::RevokeAccess.into() });
}

#[test]
fn deactivating_with_tokens_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::WithTokens, ..Job::DeactivateUsers.into() });
}

#[test]
fn deleting_groups_with_members_survives_a_crash_at_every_point() {
    a_crash_at_every_point(Work { way: Way::WithMembers, ..Job::RemoveGroups.into() });
}
