//! The life of a run: its moves, and who made them.

use jiff::Timestamp;

use super::act::{Act, Actor, Did};
use super::error::JournalError;
use super::journal::Journal;
use super::run::{Run, RunId, RunMove};
use super::store::Durability;

impl Journal {
    /// Notes with every later move through this journal who made it.
    pub fn act_as(&mut self, actor: Option<Actor>) {
        self.actor = actor;
    }

    /// Seals a draft: the plan is final and can be started.
    pub fn seal(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.move_run(run, RunMove::Seal, at)
    }

    /// Starts or resumes a run that is sealed, stopped or interrupted.
    pub fn start(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.move_run(run, RunMove::Start, at)
    }

    /// Records that sending has ended: the run is finished, or stopped for a reason.
    pub fn end(
        &mut self,
        run: &RunId,
        stop: Option<&str>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.move_run(run, stop.map_or(RunMove::Finish, RunMove::Stop), at)
    }

    /// Records that sending has stopped for a reason that a user has to look at. The run leaves the queue of the
    /// workers in the same transaction.
    pub fn stop_for_review(
        &mut self,
        run: &RunId,
        why: &str,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.move_run(run, RunMove::StopForReview(why), at)
    }

    /// Reopens a finished run that has `unknown` rows, to read them again.
    pub fn reopen(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.move_run(run, RunMove::Reopen, at)
    }

    /// Cancels a run: its pending steps are never sent.
    pub fn cancel(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.move_run(run, RunMove::Cancel, at)
    }

    /// Moves a run, and notes who did it. From here on every commit waits for the disk.
    pub fn move_run(
        &mut self,
        run: &RunId,
        to: RunMove<'_>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        if to == RunMove::Start {
            self.check_approved(&self.run(run.as_str())?)?;
        }
        let act = match self.actor.clone() {
            Some(by) => act_of(&self.run(run.as_str())?, to, by, at),
            None => None,
        };
        self.write_move(run, to, act, at)
    }

    pub(crate) fn write_move(
        &mut self,
        run: &RunId,
        to: RunMove<'_>,
        act: Option<Act>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.durability = Durability::Durable;
        self.write(Durability::Durable, |transaction| {
            transaction.move_run(run, to, at)?;
            act.map_or(Ok(()), |act| transaction.add_act(run, &act))
        })
    }
}

/// The act of a move, if it is one.
fn act_of(run: &Run, to: RunMove<'_>, by: Actor, at: Timestamp) -> Option<Act> {
    let did = match to {
        RunMove::Seal | RunMove::Submit => Did::Planned,
        RunMove::Start if run.started_at.is_none() => Did::Started,
        RunMove::Start => Did::Resumed,
        RunMove::Cancel => Did::Canceled,
        RunMove::Approve
        | RunMove::Reject(_)
        | RunMove::Finish
        | RunMove::Stop(_)
        | RunMove::StopForReview(_)
        | RunMove::Reopen => return None,
    };
    Some(Act { did, by, at, note: None, plan: None })
}
