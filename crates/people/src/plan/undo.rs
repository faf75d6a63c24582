//! Makes the plan of an undo from what a run really changed. Pure except for the journal.
//!
//! Only rows that were changed, or may have been, are part of it. A change with a safe inverse becomes a step,
//! unless the site shows it as undone already or a guard refuses; all others are listed as `skipped: not-undoable`
//! with the reason. History is not rewritten: an undo is a run of its own, with a plan, a canary and a report, and
//! it can be undone.
//!
//! An index of the site may not show yet what this journal changed a moment ago. Then "already undone" does not
//! count, and the step is sent so that the site itself decides.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::access_seats::note_access_seats;
use super::into_steps::{Planned, plan_placed, plan_row};
use super::later_runs::LaterRuns;
use super::undo_rows::chosen;
use super::unverified::{note_doubts, note_unverified};
use crate::directory::{Directory, Person, PersonIndex};
use crate::error::PlanError;
use crate::jobs::remove_groups::deletion;
use crate::jobs::{self, Creates};
use crate::resolve::{Guards, Part, Resolved, unchanged};
use crate::steps::{
    self, About, Before, Change, NewStep, NoDoor, Now, Step, StepKind, Target, Undone, UserGone,
    follows_cancellation, read_effect,
};
use headcount_journal::{self as journal, Journal, Run, RunId};
use headcount_model::door::{Door, Doors};
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::AccountId;

/// A step that changed something, or may have.
type Effect = journal::Effect<Change>;

/// How long after a change an index that does not show it does not count (an assumption: Atlassian does not
/// publish how long indexes lag).
const FRESH: Duration = Duration::from_secs(10 * 60);

/// How many steps are read from the journal at a time.
const PAGE: u64 = 500;

/// The request for an undo.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    /// The run to undo.
    pub undone: &'r RunId,
    /// Whether created users and groups are removed, too.
    pub remove_created: bool,
    /// The earliest possible time on the site's clock.
    pub now: Option<Timestamp>,
}

/// Plans the undo of a run into the draft `run`, for its [`chosen`] rows.
pub fn plan_undo(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
    guards: &Guards,
    doors: &Doors,
    Asked { undone, remove_created, now }: Asked<'_>,
) -> Result<(), PlanError> {
    // The age of a change is that on the site's clock, because the computer's clock may have been set since.
    let is_old = journal.sent_by(undone)?.zip(now).map(|(by, now)| FRESH <= since(by, now));
    let mut taken = taken_back(journal, undone)?;
    taken.extend(deleted_groups(journal, run)?);
    let later = LaterRuns::of(journal, undone, &run.id)?;
    let undo = Undo { directory, guards, doors, run, remove_created, is_old, taken, later };
    let (only, mut planned) = (chosen(run), Planned::new(directory));
    let (arrange, mut in_order) = (jobs::of(run.job).arrange, Vec::new());
    let mut after = 0;
    // Steps come in the order of their rows; those of the last row may continue on the next page.
    let mut held: Vec<Effect> = Vec::new();
    loop {
        let page = journal.effects(undone, after, PAGE)?;
        let last = page.last().map(|last| (last.step.number, last.step.row));
        held.extend(read_effects(page)?);
        let whole =
            held.iter().take_while(|effect| last.is_none_or(|(_, row)| effect.step.row != row));
        let rest = held.split_off(whole.count());
        let mut rows = Vec::new();
        for row in held.chunk_by(|one, next| one.step.row == next.step.row) {
            if only.as_ref().is_some_and(|only| !only.contains(row[0].step.row)) {
                continue;
            }
            let Some(view) = journal.row(undone, row[0].step.row)? else { continue };
            rows.push((view, undo.row(journal, undone, row)?));
        }
        let mut batch = journal.batch(&run.id)?;
        for (view, resolved) in rows {
            batch.add_row(view.row, view.line, &view.cells)?;
            match arrange {
                Some(_) => in_order.push((view.row, resolved)),
                None => drop(plan_row(&mut batch, view.row, resolved, &mut planned)?),
            }
        }
        batch.commit()?;
        let Some((number, _)) = last else { break };
        (after, held) = (number, rest);
    }
    if let Some(arrange) = arrange {
        in_order.sort_by_key(|(row, _)| *row);
        plan_placed(journal, run, arrange(in_order, directory)?, &mut planned)?;
    }
    note_access_seats(journal, run, directory)?;
    note_doubts(journal, run, directory)?;
    note_unverified(journal, run, planned.unverified())
}

fn read_effects(effects: Vec<journal::Effect>) -> Result<Vec<Effect>, PlanError> {
    effects.into_iter().map(|effect| Ok(read_effect(effect)?)).collect()
}

pub(super) fn not_undoable(why: &str) -> Resolved {
    Resolved::Settled(Outcome::Skipped, Reason::NotUndoable, why.to_owned())
}

/// How long ago that was; zero if it is in the future.
fn since(by: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(by)).unwrap_or_default()
}

/// The data with which an undo is decided.
pub(super) struct Undo<'a> {
    pub(super) directory: &'a Directory,
    pub(super) guards: &'a Guards,
    /// The open doors.
    doors: &'a Doors,
    pub(super) run: &'a Run,
    remove_created: bool,
    /// Whether everything that the run did must be visible by now; `None` if the site's clock does not say it.
    pub(super) is_old: Option<bool>,
    /// What earlier undos of the same run changed. If the site shows these changes, no index lags.
    taken: HashSet<Subject>,
    /// What other runs did to the same users and groups after this run.
    later: LaterRuns,
}

/// The user and group of a step.
type Subject = (StepKind, Option<AccountId>, Option<GroupId>, Option<String>);

fn subject(kind: StepKind, target: &Target) -> Subject {
    (kind, target.account.clone(), target.group.clone(), target.part())
}

/// What undos of a run changed and was not undone itself.
fn taken_back(journal: &Journal, undone: &RunId) -> Result<HashSet<Subject>, PlanError> {
    let mut taken = HashSet::new();
    for undo in journal.undos(undone)? {
        if !journal.taken_back(&undo.id)?.is_empty() {
            continue;
        }
        let mut after = 0;
        loop {
            let page = journal.settled_steps(&undo.id, Outcome::Changed, after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            for (step, _) in page {
                let Change { kind, target, .. } = steps::read(step)?.payload;
                taken.insert(subject(kind, &target));
            }
        }
    }
    Ok(taken)
}

/// Whether a job undoes the creation of groups.
fn deletes_groups(job: Job) -> bool {
    jobs::of(jobs::of(job).inverse).creates == Creates::Groups
}

/// The groups that any run on this site has deleted.
fn deleted_groups(journal: &Journal, run: &Run) -> Result<HashSet<Subject>, PlanError> {
    let mut deleted = HashSet::new();
    if !deletes_groups(run.job) {
        return Ok(deleted);
    }
    let mut runs = journal.runs()?;
    runs.retain(|other| deletes_groups(other.job) && other.site == run.site);
    for other in runs {
        let mut after = 0;
        loop {
            let page = journal.settled_steps(&other.id, Outcome::Changed, after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            for (step, _) in page {
                let Change { kind, target, .. } = steps::read(step)?.payload;
                deleted.insert(subject(kind, &target));
            }
        }
    }
    Ok(deleted)
}

impl Undo<'_> {
    /// Resolves a row that changed something. A created user leaves their groups first, including those that other
    /// rows added them to.
    fn row(
        &self,
        journal: &Journal,
        undone: &RunId,
        row: &[Effect],
    ) -> Result<Resolved, PlanError> {
        let (created, mut others): (Vec<&Effect>, Vec<&Effect>) =
            row.iter().partition(|effect| steps::of(effect.step.payload.kind).creates_user);
        others.retain(|effect| {
            effect.outcome != Outcome::Changed || !follows_cancellation(&effect.step)
        });
        let is_removed = |effect: &&&Effect| matches!(self.effect(effect), Resolved::Step(_));
        let removed: Vec<&&Effect> = created.iter().filter(is_removed).collect();
        let mut first = Vec::new();
        for effect in &removed {
            first.extend(read_effects(journal.effects_after(undone, effect.step.number)?)?);
        }
        first.retain(|effect| effect.step.row != row[0].step.row);
        let all: Vec<&Effect> = first.iter().chain(others).chain(created.iter().copied()).collect();
        if let [only] = all.as_slice() {
            return Ok(self.with_following(&only.step, self.effect(only)));
        }
        let mut parts: Vec<Part> = Vec::new();
        for effect in all {
            let before = parts.last().filter(|_| !removed.is_empty());
            match self.part(effect, before, parts.len()) {
                Ok(part) => parts.push(part),
                Err(no_door) => return Ok(not_undoable(&no_door.to_string())),
            }
        }
        Ok(together(parts))
    }

    /// One of several steps. A removal from the site needs the step before it, each the next; a step that is not
    /// undone blocks the removal.
    fn part(&self, effect: &Effect, before: Option<&Part>, at: usize) -> Result<Part, NoDoor> {
        let (step, mut settled) = match self.effect(effect) {
            Resolved::Step(step) => (*step, None),
            Resolved::Settled(outcome, reason, detail) => {
                (self.named(&effect.step)?, Some((outcome, reason, detail)))
            }
            // One effect has one inverse.
            Resolved::Parts(_) => (self.named(&effect.step)?, None),
        };
        let needs = before.map(|_| at - 1);
        if settled.is_none() && before.is_some_and(|part| part.is_skipped()) {
            let detail = "not sent: an earlier step was skipped".to_owned();
            settled = Some((Outcome::Skipped, Reason::EarlierStepNotDone, detail));
        }
        Ok(Part { step, needs, settled })
    }

    /// The door through which a step is undone: its own.
    pub(super) fn door(&self, step: &Step, kind: StepKind) -> Result<Arc<Door>, NoDoor> {
        let made = step.door.as_ref().ok_or(NoDoor { kind })?;
        steps::door_back(self.doors, made, kind)
    }

    /// The inverse of a step that is shown and not sent.
    fn named(&self, step: &Step) -> Result<NewStep, NoDoor> {
        let kind = steps::of(step.payload.kind).opposite;
        let (who, group) = (step.payload.target.who(), &step.payload.target.group);
        let who = step.payload.target.account.as_ref().map_or(who, |id| id.as_str());
        let (target, wanted) = (steps::of(step.payload.kind).undo)(step);
        Ok(NewStep {
            kind,
            door: self.door(step, kind)?,
            subject: step.payload.target.with_part(
                &group.as_ref().map_or(who.to_owned(), |group| format!("{who} {group}")),
            ),
            target,
            before: Before::Unseen,
            wanted,
            needs: None,
        })
    }

    /// Resolves one step that changed something, or may have.
    fn effect(&self, effect: &Effect) -> Resolved {
        match effect.outcome {
            Outcome::Changed => {
                let back = self.step(effect, self.is_fresh());
                match (&back, self.later.word(effect)) {
                    (Resolved::Step(_), Some(why)) => {
                        Resolved::Settled(Outcome::Skipped, Reason::AlreadyUndone, why)
                    }
                    _ => back,
                }
            }
            Outcome::Unchanged | Outcome::Skipped | Outcome::Unknown | Outcome::Failed => {
                not_undoable(
                    "the row ended `unknown`; resume the run first, to check the row on the site",
                )
            }
        }
    }

    /// Whether the site may not show a change yet. Without its clock, no time shows it: the machine's may have been set.
    fn is_fresh(&self) -> bool {
        self.is_old != Some(true)
    }

    /// Resolves a changed step: its inverse, unless it is already in the wanted state or a guard refuses.
    fn step(&self, effect: &Effect, fresh: bool) -> Resolved {
        let Effect { step, reason, .. } = effect;
        let made = steps::of(step.payload.kind);
        let undone = Undone { step, reason: *reason, remove_created: self.remove_created };
        if let Some(why) = (made.not_undoable)(&undone) {
            return not_undoable(&why);
        }
        let (kind, spec) = (made.opposite, steps::of(made.opposite));
        let door = match self.door(step, kind) {
            Ok(door) => door,
            Err(no_door) => return not_undoable(&no_door.to_string()),
        };
        let is_taken = self.taken.contains(&subject(kind, &step.payload.target));
        let fresh = fresh && !is_taken;
        match spec.about {
            About::Group => return self.group(step, kind, door, fresh),
            About::GroupRole => return self.group_role(step, kind, door, fresh),
            About::User | About::Membership(_) | About::Role | About::Token => {}
        }
        let account = step.payload.target.account.as_ref();
        let at = account.and_then(|id| self.directory.person_by_id(id));
        let Some(person) = self.person(step, at, fresh) else {
            return gone(kind, &step.payload.target, is_taken);
        };
        let group =
            step.payload.target.group.as_ref().and_then(|id| self.directory.group_by_id(id));
        let pair = at.zip(group);
        let is_member = pair.and_then(|(at, group)| self.directory.is_member(at, group));
        let now = match spec.about {
            About::Role => self.role_now(step, kind, at),
            About::User | About::Membership(_) | About::Group | About::GroupRole | About::Token => {
                (spec.now)(&person, is_member)
            }
        };
        if let Some(no) = self.not_canceled(kind, &now, &person, fresh) {
            return no;
        }
        let before = match now {
            Ok(Now::Before(before)) => before,
            Ok(Now::Already(..)) | Err(_) if fresh => Before::Unseen,
            Ok(Now::Already(reason, words)) => return already(reason, &step.payload.target, words),
            Err(no) => return no.into(),
        };
        // Leaving a group takes away less than leaving the site.
        let job = spec.guards.unwrap_or(self.run.job);
        if let Some(no) = self.refuses((job, door.api()), &person, group) {
            return no.into();
        }
        self.reversed(step, (kind, door, before), &person, group)
    }

    /// The user of a step. A user who was just created may not be shown yet.
    fn person(&self, step: &Step, at: Option<PersonIndex>, fresh: bool) -> Option<Cow<'_, Person>> {
        match (at, step.payload.target.account.as_ref()) {
            (Some(at), _) => Some(Cow::Borrowed(self.directory.person(at))),
            (None, Some(id)) if fresh => {
                let mail = step.payload.target.mail.as_deref().map(Into::into);
                Some(Cow::Owned(Person { mail, ..Person::new(id.clone()) }))
            }
            (None, _) => None,
        }
    }

    /// A group that this run created is deleted only if it is unchanged: with the same name, no members, and no
    /// app. Any change since then is another person's.
    fn group(&self, step: &Step, kind: StepKind, door: Arc<Door>, fresh: bool) -> Resolved {
        let (directory, guards) = (self.directory, self.guards);
        let Some(at) = step.payload.target.group.as_ref().and_then(|id| directory.group_by_id(id))
        else {
            let is_absent = |id: &GroupId| directory.is_absent_group(id);
            if fresh && !step.payload.target.group.as_ref().is_some_and(is_absent) {
                return not_undoable(
                    "the site does not show the group: it was deleted, or it is so new that the site does \
                     not show it yet; undo it again in ten minutes",
                );
            }
            let detail = format!("the group {} no longer exists", step.payload.target.which());
            return Resolved::Settled(Outcome::Unchanged, Reason::AlreadyGone, detail);
        };
        let group = directory.group(at);
        if let Some(no) = guards.group(group) {
            return no.into();
        }
        if step.payload.target.group_name.as_deref() != Some(&*group.name) {
            return not_undoable("the group now has a different name");
        }
        match directory.group_size(at) {
            None => {
                return not_undoable("headcount could not tell whether the group is still empty");
            }
            Some((0, _)) if directory.gives_apps(at) == Some(true) => {
                return not_undoable("the group now gives access to an app");
            }
            Some((0, _)) => {}
            Some(_) => return not_undoable("the group now has members"),
        }
        Resolved::Step(Box::new(NewStep {
            kind,
            door,
            subject: group.id.as_str().to_owned(),
            target: step.payload.target.clone(),
            before: Before::Present,
            wanted: deletion(at, directory),
            needs: None,
        }))
    }
}

/// The user of a step is no longer on the site. `is_taken`: an earlier undo removed them.
fn gone(kind: StepKind, target: &Target, is_taken: bool) -> Resolved {
    let spec = steps::of(kind);
    match spec.user_gone {
        UserGone::WantedAfterUndo if !is_taken => {}
        UserGone::Wanted | UserGone::WantedAfterUndo => {
            return already(spec.already, target, "is no longer on the site");
        }
        UserGone::NotUndoable => {}
    }
    not_undoable("the user is no longer on the site")
}

pub(super) fn already(reason: Reason, target: &Target, words: &str) -> Resolved {
    unchanged(reason, format!("{} {words}", target.who()))
}

/// A row with several steps. If none of them is sent, its outcome is that of the worst step.
fn together(parts: Vec<Part>) -> Resolved {
    let settled: Option<Vec<_>> = parts.iter().map(|part| part.settled.clone()).collect();
    let Some(settled) = settled else { return Resolved::Parts(parts) };
    let mut details: Vec<&str> = settled.iter().map(|(_, _, detail)| detail.as_str()).collect();
    details.dedup();
    let details = details.join("; ");
    let worst = settled.into_iter().max_by_key(|(outcome, ..)| outcome.rank());
    match worst {
        Some((outcome, reason, _)) => Resolved::Settled(outcome, reason, details),
        None => not_undoable("nothing was changed"),
    }
}
