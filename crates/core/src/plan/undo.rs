//! Undo: a new plan made from what a run really changed. Pure but for the journal.
//!
//! Only rows that were (or may have been) changed are part of it. What has a safe inverse becomes
//! a step, if the site does not show it undone already and no guard says no; all else is listed
//! as `skipped: not-undoable` with the reason. History is not rewritten: an undo is a run of its
//! own, with a plan, a canary and a report, and it can be undone.
//!
//! What this very journal changed a moment ago, an index of the site may not show yet: "undone
//! already" is then not believed, and the site itself is asked by sending.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;

use super::blind::note_blind;
use super::draft::plan_row;
use super::error::PlanError;
use super::guard::{Guards, No};
use super::resolve::Resolved;
use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::journal::{Journal, NewStep, Run, RunId};
use crate::values::job::Job;
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;
use crate::values::step::{Before, Step, StepKind, Target, Wanted};
use crate::values::user::AccountStatus;

/// So long after a change no index is believed that does not show it (an assumption: nothing is
/// published of how late they may be).
const FRESH: Duration = Duration::from_secs(10 * 60);

/// The job that an undo of a job amounts to.
pub fn inverse_job(job: Job) -> Job {
    match job {
        Job::CreateUsers => Job::RemoveUsers,
        Job::SuspendUsers => Job::RestoreUsers,
        Job::RestoreUsers => Job::SuspendUsers,
        Job::RemoveUsers => Job::CreateUsers,
        Job::CreateGroups => Job::RemoveGroups,
        Job::RemoveGroups => Job::CreateGroups,
        Job::DeactivateUsers => Job::ActivateUsers,
        Job::ActivateUsers => Job::DeactivateUsers,
        Job::AddMembers => Job::RemoveMembers,
        Job::RemoveMembers => Job::AddMembers,
    }
}

/// What taking back a changed step amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// This step.
    Step(StepKind),
    /// There is none that is safe; the sentence tells why.
    None(&'static str),
}

/// The inverse of a step that ended `changed` for a reason.
pub fn inverse(step: &Step, reason: Reason, remove_created: bool) -> Inverse {
    match step.kind {
        StepKind::AddMember => Inverse::Step(StepKind::RemoveMember),
        StepKind::RemoveMember => Inverse::Step(StepKind::AddMember),
        StepKind::Deactivate => Inverse::Step(StepKind::Activate),
        StepKind::Activate => Inverse::Step(StepKind::Deactivate),
        StepKind::Suspend => Inverse::Step(StepKind::Restore),
        StepKind::Restore => Inverse::Step(StepKind::Suspend),
        StepKind::CreateGroup if reason != Reason::Done => {
            Inverse::None("the answer was lost: another may have made the group in the same moment")
        }
        StepKind::CreateGroup if step.target.group.is_none() => {
            Inverse::None("the site did not name the group it created")
        }
        StepKind::CreateGroup if !remove_created => {
            Inverse::None("a created group is deleted only with --remove-created")
        }
        StepKind::CreateGroup => Inverse::Step(StepKind::RemoveGroup),
        StepKind::RemoveGroup => Inverse::None(
            "the group was deleted, and who could use what by it; make it again by hand",
        ),
        StepKind::RemoveUser => {
            Inverse::None("the user was taken off the site; invite them again by hand")
        }
        StepKind::CreateUser | StepKind::InviteUser if reason == Reason::CreatedOrExisted => {
            Inverse::None("nobody could see whether the user was there before")
        }
        StepKind::CreateUser | StepKind::InviteUser if step.before != Before::Absent => {
            Inverse::None("the user was on the site before and was given access to a product")
        }
        StepKind::CreateUser | StepKind::InviteUser if step.target.account.is_none() => {
            Inverse::None("the site did not name the account it created")
        }
        StepKind::CreateUser | StepKind::InviteUser if !remove_created => {
            Inverse::None("a created user is taken off the site only with --remove-created")
        }
        StepKind::CreateUser | StepKind::InviteUser => Inverse::Step(StepKind::RemoveUser),
    }
}

/// Everything an undo has to know of the site before it is planned: the people and memberships
/// its steps are about, by way of `learn`.
pub fn each_changed(
    journal: &Journal,
    undone: &RunId,
    mut each: impl FnMut(Step, Reason) -> Result<(), PlanError>,
) -> Result<(), PlanError> {
    for outcome in [Outcome::Changed, Outcome::Unknown] {
        let mut after = 0;
        loop {
            let page = journal.settled_steps(undone, outcome, after, 1_000)?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            for (step, reason) in page {
                each(step, reason)?;
            }
        }
    }
    Ok(())
}

/// Plans the undo of `undone` into the draft `run`.
pub fn plan_undo(
    journal: &mut Journal,
    run: &Run,
    undone: &RunId,
    directory: &Directory,
    guards: &Guards,
    remove_created: bool,
) -> Result<(), PlanError> {
    for outcome in [Outcome::Changed, Outcome::Unknown] {
        let mut after = 0;
        loop {
            let page = journal.settled_steps(undone, outcome, after, 500)?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            let mut rows = Vec::new();
            for (step, reason) in page {
                let view = journal.row(undone, step.row)?;
                rows.push((step, reason, view));
            }
            let mut batch = journal.batch(&run.id)?;
            for (step, reason, view) in rows {
                let Some(view) = view else { continue };
                batch.add_row(view.row, view.line, &view.cells)?;
                let fresh = view.step.as_ref().is_some_and(|step| is_fresh(step.at, run));
                let undo = Undo { directory, guards, job: run.job, remove_created, fresh };
                let resolved = match outcome {
                    Outcome::Changed => undo.step(&step, reason),
                    _ => not_undoable(
                        "the row ended unknown: `headcount run resume` looks again first",
                    ),
                };
                plan_row(&mut batch, view.row, resolved)?;
            }
            batch.commit()?;
        }
    }
    note_blind(journal, run, directory)
}

fn not_undoable(why: &str) -> Resolved {
    Resolved::Settled(Outcome::Skipped, Reason::NotUndoable, why.to_owned())
}

/// Without a time it may have been just now.
fn is_fresh(settled: Option<Timestamp>, run: &Run) -> bool {
    let since = settled.map(|at| run.created_at.duration_since(at).unsigned_abs());
    since.is_none_or(|since| since < FRESH)
}

/// What the undo of one step is decided by.
struct Undo<'a> {
    directory: &'a Directory,
    guards: &'a Guards,
    job: Job,
    remove_created: bool,
    /// The step was settled a moment ago.
    fresh: bool,
}

impl Undo<'_> {
    /// What becomes of a changed step: its inverse, unless it is so already or a guard says no.
    fn step(&self, step: &Step, reason: Reason) -> Resolved {
        let kind = match inverse(step, reason, self.remove_created) {
            Inverse::Step(kind) => kind,
            Inverse::None(why) => return not_undoable(why),
        };
        if kind == StepKind::RemoveGroup {
            return self.remove_group(step);
        }
        let account = step.target.account.as_ref();
        let at = account.and_then(|id| self.directory.person_by_id(id));
        let person = match (at, account) {
            (Some(at), _) => Cow::Borrowed(self.directory.person(at)),
            // Somebody who came a moment ago may not be shown yet.
            (None, Some(id)) if self.fresh => {
                let mail = step.target.mail.as_deref().map(Into::into);
                Cow::Owned(Person { mail, ..Person::new(id.clone()) })
            }
            (None, _) => {
                return match kind {
                    StepKind::RemoveUser => {
                        already(Reason::AlreadyGone, &step.target, "is not on the site any more")
                    }
                    _ => not_undoable("the user is not on the site any more"),
                };
            }
        };
        let group = step.target.group.as_ref().and_then(|id| self.directory.group_by_id(id));
        let now = present(kind, &person, at.zip(group), self.directory);
        let before = match now {
            Ok(before) => before,
            Err(_) if self.fresh => Before::Unseen,
            Err(already) => return already.told(&step.target),
        };
        let group_guard = group.and_then(|group| self.guards.group(self.directory.group(group)));
        if let Some(no) = group_guard.or_else(|| self.guards.person(self.job, &person, None)) {
            return no.into();
        }
        let subject = match &step.target.group {
            Some(group) => format!("{} {group}", person.id),
            None => person.id.as_str().to_owned(),
        };
        Resolved::Step(Box::new(NewStep {
            kind,
            subject,
            target: step.target.clone(),
            before,
            wanted: Wanted::default(),
            needs: None,
        }))
    }

    /// A group that this run made is deleted only while it is as it was made: under its name, with nobody
    /// in it and no app behind it. Whatever is done to it meanwhile is somebody else's.
    fn remove_group(&self, step: &Step) -> Resolved {
        let (directory, guards) = (self.directory, self.guards);
        let Some(at) = step.target.group.as_ref().and_then(|id| directory.group_by_id(id)) else {
            if self.fresh {
                return not_undoable(
                    "the site does not show the new group yet; undo it again in a while",
                );
            }
            let detail = format!("there is no group {} any more", step.target.which());
            return Resolved::Settled(Outcome::Unchanged, Reason::AlreadyGone, detail);
        };
        let group = directory.group(at);
        if let Some(no) = guards.group(group) {
            return no.into();
        }
        if step.target.group_name.as_deref() != Some(&*group.name) {
            return not_undoable("the group has another name by now");
        }
        match directory.group_size(at) {
            None => return not_undoable("nobody could see whether the group is still empty"),
            Some((0, None | Some(0))) => {}
            Some((0, Some(_))) => return not_undoable("the group opens an app by now"),
            Some(_) => return not_undoable("somebody is in the group by now"),
        }
        Resolved::Step(Box::new(NewStep {
            kind: StepKind::RemoveGroup,
            subject: group.id.as_str().to_owned(),
            target: step.target.clone(),
            before: Before::Present,
            wanted: Wanted::default(),
            needs: None,
        }))
    }
}

/// Nothing is to be done.
enum Already {
    /// It is so already.
    So(Reason, &'static str),
    /// It cannot be done any more.
    No(No),
}

impl Already {
    fn told(self, target: &Target) -> Resolved {
        match self {
            Self::So(reason, words) => already(reason, target, words),
            Self::No(no) => no.into(),
        }
    }
}

fn already(reason: Reason, target: &Target, words: &str) -> Resolved {
    let detail = format!("{} {words}", target.who());
    Resolved::Settled(Outcome::Unchanged, reason, detail)
}

/// What the site shows now of what the inverse would change.
fn present(
    kind: StepKind,
    person: &Person,
    pair: Option<(PersonIndex, GroupIndex)>,
    directory: &Directory,
) -> Result<Before, Already> {
    let status = person.status;
    match kind {
        StepKind::AddMember | StepKind::RemoveMember => {
            let is_member = pair.and_then(|(person, group)| directory.is_member(person, group));
            match (kind, is_member) {
                (StepKind::AddMember, Some(true)) => {
                    Err(Already::So(Reason::AlreadyMember, "is a member already"))
                }
                (StepKind::RemoveMember, Some(false)) => {
                    Err(Already::So(Reason::NotAMember, "is not a member any more"))
                }
                _ => Ok(is_member.map_or(Before::Unseen, Before::Member)),
            }
        }
        StepKind::Activate if status == Some(AccountStatus::Active) => {
            Err(Already::So(Reason::AlreadyActive, "is active already"))
        }
        StepKind::Deactivate if status == Some(AccountStatus::Inactive) => {
            Err(Already::So(Reason::AlreadyInactive, "is deactivated already"))
        }
        StepKind::Suspend | StepKind::Restore => {
            match super::directory_jobs::movable(kind, person) {
                Ok(Ok(before)) => Ok(before),
                Ok(Err((reason, words))) => Err(Already::So(reason, words)),
                Err(no) => Err(Already::No(no)),
            }
        }
        _ => Ok(status.map_or(Before::Unseen, Before::Status)),
    }
}
