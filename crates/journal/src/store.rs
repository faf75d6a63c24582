//! The port: the operations of a store. [`crate::Journal`] uses a store, and all other code uses the journal.
//!
//! A store keeps data and answers queries; the rules above it are the same for all stores. It works synchronously,
//! because the dispatcher has to wait for each commit anyway, and no other task does.
//!
//! `headcount-journal-contract` has the tests that every store must pass.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use headcount_model::lease::Lease;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::act::Act;
use super::error::JournalError;
use super::lock::RunLock;
use super::query::{Count, Filter, Names, Page, RunQuery, StepQuery, WayQuery};
use super::queue::WorkQueue;
use super::row::{RowGroup, RowView, SettledRow};
use super::run::{NewRun, Run, RunId, RunMove};
use super::step::{Added, NewStep, Returned, Sent, SettledStep, StepGroup, StepRecord, Way};
use super::tables::{ReadTables, WriteTables};
use super::wait::Wait;

/// The version of a journal's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalVersion {
    /// The journal's; `None`: there is no journal yet.
    pub found: Option<i64>,
    /// The newest that this program knows.
    pub known: i64,
}

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives a power cut.
    Durable,
    /// A power cut can lose the commit and all later ones, unless a later durable commit made them durable. For drafts,
    /// because nothing of them was sent.
    Relaxed,
}

/// A store of the journal. Unless a method says otherwise, it is about one run, and its pages are in the plan's order.
/// What it reads is in the traits that it is made of, one for each use.
pub trait Store:
    ReadRuns + ReadRows + ReadSteps + ReadTimeline + ReadTables + fmt::Debug + Send
{
    /// Checks that the store can be written and is not damaged, before a run is begun or locked, so that an error comes
    /// before any request to the site.
    fn check(&self) -> Result<(), JournalError>;

    /// Opens the same journal again, for another thread, which sees what is committed.
    fn another(&self) -> Result<Box<dyn Store>, JournalError>;

    /// Takes the lock of a run; an error if another process has it.
    fn lock(&self, run: &RunId) -> Result<RunLock, JournalError>;

    /// Whether a process holds the lock of a run now. The check never blocks a process that takes the lock.
    fn is_held(&self, run: &RunId) -> bool;

    /// The lease with which this process carries a run. A store whose locks end with their process has no leases.
    fn lease(&self, _run: &RunId) -> Lease {
        Lease::endless()
    }

    /// The queue of runs for workers; `None`: several machines cannot use the store.
    fn queue(&self) -> Result<Option<Box<dyn WorkQueue>>, JournalError> {
        Ok(None)
    }

    /// Whether a run is in the queue.
    fn is_queued(&self, _run: &RunId) -> bool {
        false
    }

    /// Begins a transaction. One transaction of a journal writes at a time; others wait.
    fn transaction(
        &mut self,
        durability: Durability,
    ) -> Result<Box<dyn Transaction + '_>, JournalError>;

    /// All waits that sites have asked for, over or not. They belong to no run.
    fn waits(&self) -> Result<Vec<Wait>, JournalError>;

    /// Gives the space of removed data back, as far as the store can. No process is in its way or waits for it.
    fn shrink(&self) -> Result<Space, JournalError>;
}

/// What becomes of the space of removed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// The journal is smaller now.
    Returned {
        /// Its size before, in bytes.
        before: u64,
        /// Its size now.
        after: u64,
    },
    /// It is kept for new runs.
    Reused,
}

/// Reads runs, and numbers about them.
pub trait ReadRuns {
    /// Runs of the journal.
    fn runs(&self, which: RunQuery<'_>) -> Result<Vec<Run>, JournalError>;

    /// A number about a run.
    fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError>;
}

/// Reads rows and names.
pub trait ReadRows {
    /// Counts of rows by outcome and reason, in no order.
    fn row_groups(&self, run: &RunId) -> Result<Vec<RowGroup>, JournalError>;

    /// A page of rows.
    fn rows(&self, run: &RunId, filter: &Filter, page: Page) -> Result<Vec<RowView>, JournalError>;

    /// The numbers of the rows from `from` to `to` that ended `changed`.
    fn changed_rows(&self, run: &RunId, from: u64, to: u64) -> Result<Vec<u64>, JournalError>;

    /// Up to `limit` distinct names of a list after the name `after`, in order.
    fn names(
        &self,
        run: &RunId,
        list: Names,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError>;
}

/// Reads steps.
pub trait ReadSteps {
    /// Up to `limit` steps after step `after`.
    fn steps(
        &self,
        run: &RunId,
        which: StepQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<StepRecord>, JournalError>;

    /// Other runs on the same site that sent the same step (kind and subject) since this run was planned, the newest
    /// first: their numbers, and whether the step ended `changed` there.
    fn also_sent(&self, run: &RunId, step: u64) -> Result<Vec<(i64, bool)>, JournalError>;

    /// The pending steps in groups of similar ones, with counts, in no order.
    fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError>;

    /// The doors of steps, each once for each kind of step.
    fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError>;

    /// The executor's records of a step, the oldest first.
    fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError>;
}

/// Reads a run in time.
pub trait ReadTimeline {
    /// The newest time, by the site's clock, by when a request of the run had been sent; `None` if none was noted.
    fn sent_by(&self, run: &RunId) -> Result<Option<Timestamp>, JournalError>;

    /// Passes the newest requests to `tell`, at most `newest`, the last one first. There may be millions.
    fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        tell: &mut dyn FnMut(Sent),
    ) -> Result<(), JournalError>;

    /// Passes the settled steps that have a time to `tell`, in no order.
    fn each_settled(
        &self,
        run: &RunId,
        tell: &mut dyn FnMut(SettledStep),
    ) -> Result<(), JournalError>;
}

/// A transaction: all of it counts once it is committed, and nothing of it if it is dropped. What it writes is in the
/// traits that it is made of, one for each use.
pub trait Transaction: WriteRuns + WriteDraft + MoveSteps + WriteTables {
    /// Keeps a wait, unless the store has a longer one for the same call that is not due again
    /// ([`Wait::is_due_again`]) when this one is heard. Removes waits that are over.
    fn keep_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError>;

    /// Commits the transaction.
    fn commit(self: Box<Self>) -> Result<(), JournalError>;
}

/// Writes the life of runs.
pub trait WriteRuns {
    /// Writes a draft and takes its lock, before another process can see the draft and remove it.
    fn begin_run(&mut self, new: &NewRun) -> Result<(RunId, RunLock), JournalError>;

    /// Moves a run, if its state allows the move ([`RunMove::starts_from`]). Sealing removes the draft's names.
    fn move_run(&mut self, run: &RunId, to: RunMove<'_>, at: Timestamp)
    -> Result<(), JournalError>;

    /// Removes a run with all its data.
    fn remove_run(&mut self, run: &RunId) -> Result<(), JournalError>;

    /// Notes who did something with a run.
    fn add_act(&mut self, run: &RunId, act: &Act) -> Result<(), JournalError>;

    /// Sets how many others have to approve the plan of a draft.
    fn require_approvals(&mut self, run: &RunId, approvals: u32) -> Result<(), JournalError>;

    /// Removes a draft with all its data. A run that is not a draft stays.
    fn remove_draft(&mut self, run: &RunId) -> Result<(), JournalError>;

    /// Adds options to a run. A value replaces the one of the same name.
    fn add_options(&mut self, run: &RunId, more: &Value) -> Result<(), JournalError>;
}

/// Writes what a plan is made of.
pub trait WriteDraft {
    /// Adds a row of the input.
    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError>;

    /// Adds a name to a list, if the list does not have it yet.
    fn add_name(&mut self, run: &RunId, list: Names, name: &str) -> Result<(), JournalError>;

    /// Adds a step for a row, unless the run already has a step of its kind for the same change.
    fn add_step(&mut self, run: &RunId, row: u64, new: &NewStep) -> Result<Added, JournalError>;

    /// Connects a step with a row. The row has its outcome once all its steps have theirs.
    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError>;

    /// Gives a row its outcome without a step.
    fn settle_row(
        &mut self,
        run: &RunId,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError>;
}

/// Moves steps until they have their outcomes.
pub trait MoveSteps {
    /// Adds to the executor's records of a started step. A step that returns to pending loses its records.
    fn add_record(&mut self, run: &RunId, step: u64, record: &str) -> Result<(), JournalError>;

    /// Notes by when the request of a started step had been sent, by the site's clock; a request keeps
    /// its first note.
    fn note_sent_by(&mut self, run: &RunId, step: u64, at: Timestamp) -> Result<(), JournalError>;

    /// Moves a step, if its state allows the move.
    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError>;

    /// Starts pending steps, each for its call, as [`StepMove::Start`] does. A store may send them as one statement.
    fn start_all(
        &mut self,
        run: &RunId,
        steps: &[(u64, &str)],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        steps
            .iter()
            .try_for_each(|(step, call)| self.move_step(run, *step, StepMove::Start(call, at)))
    }

    /// Starts pending steps as [`Self::start_all`] does, as the last writes of the transaction. A store may send them
    /// together with the commit, which then reports an illegal move.
    fn start_at_commit(
        &mut self,
        run: &RunId,
        steps: &[(u64, &str)],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.start_all(run, steps, at)
    }

    /// Settles several steps, as [`Self::settle`] does one. A store may send them as one statement, and together with the
    /// commit, which then reports an illegal move.
    fn settle_all(
        &mut self,
        run: &RunId,
        ends: &[(u64, &Verdict)],
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        let mut rows = Vec::new();
        for (step, verdict) in ends {
            rows.extend(self.settle(run, *step, verdict, at)?);
        }
        Ok(rows)
    }

    /// Gives a pending or started step its outcome, and the steps that need it theirs if they can't be sent any more
    /// ([`crate::settlement`]), and each row whose steps are all settled now. `at` is the time of the answer; `None` if
    /// nothing was sent. A record of the verdict replaces earlier ones.
    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError>;
}

/// A legal move of a step that does not give it an outcome.
#[derive(Clone, Copy, Debug)]
pub enum StepMove<'m> {
    /// A pending step is started for this call at this time. The request is recorded.
    Start(&'m str, Timestamp),
    /// A started step had no effect and is pending again.
    Return(&'m ReturnedStep<'m>),
    /// A step that ended `unknown` is started again, to be read. Steps that were not sent because of it wait for it again,
    /// and the rows of all these steps are pending.
    Reopen,
}

/// A started step that ended without an effect.
#[derive(Clone, Copy, Debug)]
pub struct ReturnedStep<'u> {
    /// How it ended.
    pub returned: Returned,
    /// The cause, for the record of the request.
    pub why: &'u str,
    /// The answer's status, if there was one.
    pub status: Option<u16>,
    /// When.
    pub at: Timestamp,
}
