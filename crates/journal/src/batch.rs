//! One transaction on one run.

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

/// A transaction on one run; dropped without [`Batch::commit`] it leaves no trace.
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

    /// Makes it all durable at once.
    pub fn commit(self) -> Result<(), JournalError> {
        self.hook.commit(self.transaction)
    }

    /// Adds to the options of the run: a value replaces the one of the same name.
    pub fn add_options(&mut self, more: &Value) -> Result<(), JournalError> {
        self.transaction.add_options(&self.run, more)
    }

    /// Adds a row of the input.
    pub fn add_row(&mut self, row: u64, line: u64, cells: &[String]) -> Result<(), JournalError> {
        self.transaction.add_row(&self.run, row, line, cells)
    }

    /// Adds a name to a list; the same name once.
    pub fn add_name(&mut self, list: impl Into<Names>, name: &str) -> Result<(), JournalError> {
        self.transaction.add_name(&self.run, list.into(), name)
    }

    /// Adds a step for a row, unless one of its kind about the same is there already.
    pub fn add_step(&mut self, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        self.transaction.add_step(&self.run, row, new)
    }

    /// Lets a step serve a row: the row has its outcome once all its steps have theirs.
    pub fn serve(&mut self, step: u64, row: u64) -> Result<(), JournalError> {
        self.transaction.serve(&self.run, step, row)
    }

    /// Gives a row its outcome without any step of its own: planned away.
    pub fn settle_row(
        &mut self,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.transaction.settle_row(&self.run, row, outcome, reason, detail)
    }

    /// Notes that a step is about to be sent. After the commit it may be; not before.
    pub fn start(&mut self, step: u64, call: &str, at: Timestamp) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Start(call, at))
    }

    /// Adds to what its executor keeps of a started step.
    pub fn add_record(&mut self, step: u64, record: &str) -> Result<(), JournalError> {
        self.transaction.add_record(&self.run, step, record)
    }

    /// Notes that a started step surely had no effect, or that none shows: it is pending again.
    pub fn unsend(&mut self, step: u64, back: &ReturnedStep<'_>) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Return(back))
    }

    /// Gives a pending or started step its outcome, and with it what waits for it; and every row that
    /// has all its steps settled by now the outcome of its worst.
    pub fn settle(
        &mut self,
        step: u64,
        verdict: &Verdict,
        at: Timestamp,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.transaction.settle(&self.run, step, verdict, Some(at))
    }

    /// Gives a step of a draft its outcome: it will not be sent. It has no time, because nothing was
    /// sent.
    pub fn settle_in_plan(
        &mut self,
        step: u64,
        verdict: &Verdict,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.transaction.settle(&self.run, step, verdict, None)
    }

    /// Opens a step that had settled as unknown: it is looked at again. What was not sent because of
    /// it waits for it again.
    pub fn reopen(&mut self, step: u64) -> Result<(), JournalError> {
        self.transaction.move_step(&self.run, step, StepMove::Reopen)
    }
}
