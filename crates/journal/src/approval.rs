//! Approval: the plan of a run waits until others have agreed to it.
//!
//! The requirement is kept with the plan, and an approval is bound to the plan's digest. Starting a run checks both, so
//! that no other way leads past them.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::act::{Act, Actor, Did};
use super::approval_problem::ApprovalProblem;
use super::error::JournalError;
use super::journal::Journal;
use super::run::{Run, RunId, RunMove, RunState};
use super::store::Durability;

impl Run {
    /// The account ids that have approved this plan, without the planner's.
    fn approvers(&self, plan: &str) -> BTreeSet<&str> {
        let planner = self.planner().and_then(|act| act.by.id.as_deref());
        let given = self.acts.iter().filter(|act| act.did == Did::Approved);
        let given = given.filter(|act| act.plan.as_deref() == Some(plan));
        given.filter_map(|act| act.by.id.as_deref()).filter(|id| Some(*id) != planner).collect()
    }

    /// The act that sealed the plan.
    pub fn planner(&self) -> Option<&Act> {
        self.acts.iter().find(|act| act.did == Did::Planned)
    }

    /// How many approvals the plan still needs.
    pub fn missing_approvals(&self) -> u32 {
        let plan = self.planner().and_then(|act| act.plan.as_deref()).unwrap_or_default();
        let given = u32::try_from(self.approvers(plan).len()).unwrap_or(u32::MAX);
        self.approvals.saturating_sub(given)
    }
}

impl Journal {
    /// Seals a draft whose plan needs this many approvals; without any it can be started.
    ///
    /// # Errors
    /// It needs approval, and nothing is known of the actor ([`Self::act_as`]).
    pub fn submit(
        &mut self,
        run: &RunId,
        approvals: u32,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        if approvals == 0 {
            return self.seal(run, at);
        }
        let by = self.known_actor(run)?;
        let plan = Some(self.plan_digest(&self.run(run.as_str())?)?);
        let act = Act { did: Did::Planned, by, at, note: None, plan };
        self.durability = Durability::Durable;
        self.write(Durability::Durable, |transaction| {
            transaction.require_approvals(run, approvals)?;
            transaction.move_run(run, RunMove::Submit, at)?;
            transaction.add_act(run, &act)
        })
    }

    /// Approves the plan of a run. Returns the run, which can be started if this was the last approval that it needed.
    ///
    /// # Errors
    /// The actor is unknown, made the plan, or has approved it; or it is not the plan that was sealed.
    pub fn approve(&mut self, run: &RunId, at: Timestamp) -> Result<Run, JournalError> {
        let _lock = self.lock(run)?;
        let (before, by) = self.decided_by(run)?;
        let twice = |act: &&Act| act.did == Did::Approved && act.by.id == by.id;
        if let Some(act) = before.acts.iter().find(twice) {
            return Err(problem(run, ApprovalProblem::Twice(act.by.name.clone())));
        }
        if before.state == RunState::Sealed {
            let given = before.acts.iter().filter(|act| act.did == Did::Approved);
            let by = given.map(|act| act.by.name.clone()).collect();
            return Err(problem(run, ApprovalProblem::Already { by }));
        }
        if before.state != RunState::Unapproved {
            return Err(wrong_state(&before, "approved"));
        }
        let plan = self.sealed_digest(&before)?;
        let is_last = before.missing_approvals() <= 1;
        let act = Act { did: Did::Approved, by, at, note: None, plan: Some(plan) };
        if is_last {
            self.write_move(run, RunMove::Approve, Some(act), at)?;
        } else {
            self.write(Durability::Durable, |transaction| transaction.add_act(run, &act))?;
        }
        self.run(run.as_str())
    }

    /// Rejects the plan of a run, for a reason: it is never applied.
    ///
    /// # Errors
    /// The actor is unknown or made the plan, or it was started already.
    pub fn reject(&mut self, run: &RunId, why: &str, at: Timestamp) -> Result<Run, JournalError> {
        let _lock = self.lock(run)?;
        let (before, by) = self.decided_by(run)?;
        if !RunMove::Reject(why).starts_from().contains(&before.state) {
            return Err(wrong_state(&before, "rejected"));
        }
        let act = Act { did: Did::Rejected, by, at, note: Some(why.to_owned()), plan: None };
        self.write_move(run, RunMove::Reject(why), Some(act), at)?;
        self.run(run.as_str())
    }

    /// The run, and who decides on its plan: another actor than the planner.
    fn decided_by(&self, run: &RunId) -> Result<(Run, Actor), JournalError> {
        let run = self.run(run.as_str())?;
        if run.approvals == 0 {
            return Err(problem(&run.id, ApprovalProblem::NotNeeded));
        }
        let by = self.known_actor(&run.id)?;
        let planner = run.planner().map(|act| &act.by);
        if planner.is_none_or(|planner| planner.id == by.id) {
            return Err(problem(&run.id, ApprovalProblem::OwnPlan(by.name)));
        }
        Ok((run, by))
    }

    fn known_actor(&self, run: &RunId) -> Result<Actor, JournalError> {
        let known = self.actor.clone().filter(|actor| actor.id.is_some());
        known.ok_or_else(|| problem(run, ApprovalProblem::UnknownActor))
    }

    /// The digest of the plan, which is the one that was sealed.
    fn sealed_digest(&self, run: &Run) -> Result<String, JournalError> {
        let plan = self.plan_digest(run)?;
        let sealed = run.planner().and_then(|act| act.plan.as_deref());
        match sealed == Some(plan.as_str()) {
            true => Ok(plan),
            false => Err(problem(&run.id, ApprovalProblem::Changed)),
        }
    }

    /// Refuses to start a run whose plan lacks an approval that it needs.
    ///
    /// # Errors
    /// As said; or the plan is not the one that was approved.
    pub fn check_approved(&self, run: &Run) -> Result<(), JournalError> {
        let rejected = run.acts.iter().rev().find(|act| act.did == Did::Rejected);
        if let Some(Act { by, note, .. }) = rejected {
            let (by, why) = (by.name.clone(), note.clone().unwrap_or_default());
            return Err(problem(&run.id, ApprovalProblem::Rejected { by, why }));
        }
        if run.approvals == 0 {
            return Ok(());
        }
        let missing = run.missing_approvals();
        if run.state == RunState::Unapproved || missing > 0 {
            let planner = run.planner().map(|act| act.by.name.clone()).unwrap_or_default();
            let missing = missing.max(1);
            return Err(problem(&run.id, ApprovalProblem::Missing { missing, planner }));
        }
        self.sealed_digest(run).map(drop)
    }
}

fn problem(run: &RunId, problem: ApprovalProblem) -> JournalError {
    JournalError::Approval { run: run.clone(), problem: Box::new(problem) }
}

fn wrong_state(run: &Run, wanted: &'static str) -> JournalError {
    JournalError::WrongState { run: run.id.clone(), state: run.state, wanted }
}
