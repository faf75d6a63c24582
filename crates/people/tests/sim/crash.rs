//! A crash at every point: a small plan of each job and its undo are lived once to count the
//! places where a process can be stopped ([`super::points`]), then once for each of them. A process that
//! dies is followed by a new process that does what an administrator would: resume the run, apply
//! the plan, or give the job again where there is no plan yet.
//!
//! The end must be that of the life in which no process died: the same site, the same outcome of each
//! row, and nothing done twice.

use std::collections::BTreeSet;
use std::sync::Arc;

use fastrand::Rng;
use headcount_atlassian::pace::PaceSettings;
use headcount_engine::{Ending, RunOptions, StopKind};
use headcount_journal::{Count, Moment, RowView, Run, RunState};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_sandbox::Config;

use super::hold;
use super::points::{Part, Phase, Place, Points};
use super::process::{Death, Machine, Stretch};
use super::scene::{Way, Work};
use super::several_jobs;
use super::state::State;
use super::weather::Weather;

/// More commands than any life with a few deaths needs.
const COMMANDS: usize = 12;

/// One run's end: the outcomes of its rows, and the site.
#[derive(Debug, PartialEq)]
pub struct End {
    pub outcomes: Vec<Option<Outcome>>,
    pub state: State,
}

/// What a life came to.
pub struct Told {
    /// The site before the job.
    pub before: State,
    pub job: End,
    /// Where there is one.
    pub undo: Option<End>,
    pub points: Arc<Points>,
}

/// What else happens when a process dies: the power fails.
pub type Blow<'b> = &'b dyn Fn(&mut Machine);

pub struct Life<'b> {
    pub machine: Machine,
    blow: Option<Blow<'b>>,
    points: Arc<Points>,
    /// The newest run that is not this command's.
    before: Option<String>,
}

impl<'b> Life<'b> {
    pub async fn begin(
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
    pub async fn until_it_ends(&mut self, work: Work, undone: Option<&Run>) -> Run {
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
        let rows = self.machine.journal.rows(&run.id, 0, 100).unwrap();
        let outcomes = rows.iter().map(|row| row.outcome).collect();
        End { outcomes, state: State::read(&self.machine).await }
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
            assert!(end.state.groups.remove(&row.cells[0]), "{:?} is gone", row.cells);
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
        let before = State::read(&life.machine).await;
        let run = life.until_it_ends(work, None).await;
        let done = life.end(&run).await;
        let mut undone = None;
        if work.can_be_undone() {
            let undo = life.until_it_ends(work, Some(&run)).await;
            let mut end = life.end(&undo).await;
            life.let_stay(&run, &undo, &mut end);
            undone = Some(end);
        }
        Told { before, job: done, undo: undone, points: life.points }
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
    assert_eq!(calm.job.outcomes, work.outcomes(), "the plan is not what it is meant to be");
    if let Some(undo) = &calm.undo {
        assert_eq!(undo.outcomes, work.outcomes_of_undo());
        if let Some(undone) = work.undone(&calm.before) {
            assert_eq!(undo.state, undone, "the undo brings the site back");
        }
    }
    if work.job == Job::Sync {
        assert_eq!(calm.job.state, several_jobs::done(&calm.before));
    }
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
    for (at, point) in seen.iter().enumerate().step_by(work.step()) {
        let told = live(work, None, &[at], None);
        ends_alike(&told, &calm, &[at]);
        assert_eq!(told.points.died(), [*point], "the same life goes another way");
        resumed.extend(told.points.seen());
    }
    for class in classes(work, &[Part::Settle]) {
        assert!(resumed.contains(&class), "never reached: {class:?}");
    }
    println!("{work:?}: {} points", seen.len().div_ceil(work.step()));
}

/// A test for each job and way.
macro_rules! a_crash_at_every_point {
    ($(fn $name:ident() = $job:ident, $way:ident;)+) => {
        $(
            #[test]
            fn $name() {
                a_crash_at_every_point(Work { job: Job::$job, way: Way::$way });
            }
        )+

        const TESTED: &[Work] = &[$(Work { job: Job::$job, way: Way::$way }),+];
    };
}

a_crash_at_every_point! {
    fn creating_survives_a_crash_at_every_point() = CreateUsers, Usual;
    fn creating_with_groups_survives_a_crash_at_every_point() = CreateUsers, WithGroups;
    fn inviting_survives_a_crash_at_every_point() = CreateUsers, Invited;
    fn creating_in_an_identity_providers_directory_survives_a_crash_at_every_point() = CreateUsers, Provisioned;
    fn deactivating_survives_a_crash_at_every_point() = DeactivateUsers, Usual;
    fn deactivating_with_tokens_survives_a_crash_at_every_point() = DeactivateUsers, WithTokens;
    fn deactivating_in_an_identity_providers_directory_survives_a_crash_at_every_point() = DeactivateUsers, Provisioned;
    fn reactivating_survives_a_crash_at_every_point() = ActivateUsers, Usual;
    fn reactivating_in_an_identity_providers_directory_survives_a_crash_at_every_point() = ActivateUsers, Provisioned;
    fn suspending_survives_a_crash_at_every_point() = SuspendUsers, Usual;
    fn restoring_survives_a_crash_at_every_point() = RestoreUsers, Usual;
    fn taking_off_the_site_survives_a_crash_at_every_point() = RemoveUsers, Usual;
    fn taking_off_the_site_in_the_directory_survives_a_crash_at_every_point() = RemoveUsers, Directory;
    fn deleting_accounts_survives_a_crash_at_every_point() = DeleteUsers, Usual;
    fn canceling_deletions_survives_a_crash_at_every_point() = CancelDeleteUsers, Usual;
    fn changing_addresses_survives_a_crash_at_every_point() = ChangeEmails, Usual;
    fn unlinking_survives_a_crash_at_every_point() = UnlinkUsers, Usual;
    fn adding_members_survives_a_crash_at_every_point() = AddMembers, Usual;
    fn adding_members_in_the_directory_survives_a_crash_at_every_point() = AddMembers, Directory;
    fn adding_members_in_an_identity_providers_directory_survives_a_crash_at_every_point() = AddMembers, Provisioned;
    fn removing_members_survives_a_crash_at_every_point() = RemoveMembers, Usual;
    fn removing_members_in_the_directory_survives_a_crash_at_every_point() = RemoveMembers, Directory;
    fn removing_members_in_an_identity_providers_directory_survives_a_crash_at_every_point() = RemoveMembers, Provisioned;
    fn creating_groups_survives_a_crash_at_every_point() = CreateGroups, Usual;
    fn creating_groups_by_jira_survives_a_crash_at_every_point() = CreateGroups, Jira;
    fn creating_groups_in_an_identity_providers_directory_survives_a_crash_at_every_point() = CreateGroups, Provisioned;
    fn deleting_groups_survives_a_crash_at_every_point() = RemoveGroups, Usual;
    fn deleting_groups_by_jira_survives_a_crash_at_every_point() = RemoveGroups, Jira;
    fn deleting_groups_with_members_survives_a_crash_at_every_point() = RemoveGroups, WithMembers;
    fn granting_access_survives_a_crash_at_every_point() = GrantAccess, Usual;
    fn granting_access_to_groups_survives_a_crash_at_every_point() = GrantAccess, OfGroups;
    fn revoking_access_survives_a_crash_at_every_point() = RevokeAccess, Usual;
    fn revoking_access_from_groups_survives_a_crash_at_every_point() = RevokeAccess, OfGroups;
    fn revoking_tokens_survives_a_crash_at_every_point() = RevokeTokens, Usual;
    fn a_sheet_of_several_jobs_survives_a_crash_at_every_point() = Sync, Usual;
    fn a_sheet_of_several_jobs_in_the_directory_survives_a_crash_at_every_third_point() = Sync, Directory;
}

/// A new job, or a new way of one, needs a test.
#[test]
fn every_job_and_way_has_a_test() {
    let all = Work::all();
    let untested: Vec<_> = all.iter().filter(|work| !TESTED.contains(work)).collect();
    assert!(untested.is_empty(), "{untested:?}");
    assert_eq!(all.len(), TESTED.len());
}
