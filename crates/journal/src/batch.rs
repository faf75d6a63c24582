//! A batch: one transaction on one run.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::commit_hook::CommitHook;
use super::error::JournalError;
use super::query::Names;
use super::row::SettledRow;
use super::run::RunId;
use super::step::{Added, NewStep};
use super::store::{ReturnedStep, StepMove, Transaction};

/// A transaction on one run. If it is dropped without [`Batch::commit`], nothing of it is kept.
pub struct Batch<'j> {
    transaction: Box<dyn Transaction + 'j>,
    hook: &'j CommitHook,
    run: RunId,
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({})", self.run)
    }
}

impl<'j> Batch<'j> {
    pub(crate) fn new(
        transaction: Box<dyn Transaction + 'j>,
        hook: &'j CommitHook,
        run: RunId,
    ) -> Self {
        Self { transaction, hook, run }
    }

    /// Makes the whole batch durable.
    pub fn commit(self) -> Result<(), JournalError> {
        self.hook.commit(self.transaction)
    }

    /// Adds options to the run. A value replaces the one of the same name.
    pub fn add_options(&mut self, more: &Value) -> Result<(), JournalError> {
        self.transaction.add_options(&self.run, more)
    }

    /// Adds a row of the input.
    pub fn add_row(&mut self, row: u64, line: u64, cells: &[String]) -> Result<(), JournalError> {
        self.transaction.add_row(&self.run, row, line, cells)
    }

    /// Adds a name to a list, if the list does not have it yet.
    pub fn add_name(&mut self, list: impl Into<Names>, name: &str) -> Result<(), JournalError> {
        self.transaction.add_name(&self.run, list.into(), name)
    }

    /// Adds a step for a row, unless the run already has a step of its kind for the same change.
    pub fn add_step(&mut self, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        self.transaction.add_step(&self.run, row, new)
    }

    /// Connects a step with a row. The row has its outcome once all its steps have theirs.
    pub fn serve(&mut self, step: u64, row: u64) -> Result<(), JournalError> {
        self.transaction.serve(&self.run, step, row)
    }

    /// Gives a row its outcome without a step: the plan decided it.
    pub fn settle_row(
        &mut self,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.transaction.settle_row(&self.run, row, outcome, reason, detail)
    }

    /// Records that a step is about to be sent. It may be sent only after the commit.
    pub fn start(&mut self, step: u64, call: &str, at: Timestamp) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Start(call, at))
    }

    /// Adds to the executor's records of a started step.
    pub fn add_record(&mut self, step: u64, record: &str) -> Result<(), JournalError> {
        self.transaction.add_record(&self.run, step, record)
    }

    /// Records that a started step had no effect, or that the site shows none. The step is pending again.
    pub fn unsend(&mut self, step: u64, back: &ReturnedStep<'_>) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Return(back))
    }

    /// Notes by when the request of a started step had been sent, by the site's clock. A request keeps its first
    /// note.
    pub fn sent_by(&mut self, step: u64, at: Timestamp) -> Result<(), JournalError> {
        self.transaction.note_sent_by(&self.run, step, at)
    }

    /// Gives a pending or started step its outcome, and the steps that need it theirs if they cannot be sent any more.
    /// Each row whose steps are all settled now gets the outcome of its worst step.
    pub fn settle(
        &mut self,
        step: u64,
        verdict: &Verdict,
        at: Timestamp,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.transaction.settle(&self.run, step, verdict, Some(at))
    }

    /// Starts several steps, each for its call, as [`Self::start`] does one.
    pub fn start_all(&mut self, steps: &[(u64, &str)], at: Timestamp) -> Result<(), JournalError> {
        self.transaction.start_all(&self.run, steps, at)
    }

    /// Commits the batch, and with it starts these steps as [`Self::start_all`] does. They may be sent only after it.
    pub fn commit_and_start(
        mut self,
        steps: &[(u64, &str)],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.transaction.start_at_commit(&self.run, steps, at)?;
        self.commit()
    }

    /// Settles several steps, as [`Self::settle`] does one. An illegal move may be reported by the commit.
    pub fn settle_all(
        &mut self,
        ends: &[(u64, &Verdict)],
        at: Timestamp,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.transaction.settle_all(&self.run, ends, Some(at))
    }

    /// Gives a step of a draft its outcome: it will not be sent. The outcome has no time, because nothing was sent.
    pub fn settle_in_plan(
        &mut self,
        step: u64,
        verdict: &Verdict,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.transaction.settle(&self.run, step, verdict, None)
    }

    /// Reopens a step that ended `unknown`, so that it is read again. Steps that were not sent because of it wait for it
    /// again.
    pub fn reopen(&mut self, step: u64) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Reopen)
    }
}
