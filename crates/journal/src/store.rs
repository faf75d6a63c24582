//! The port: what a store of the journal does. [`crate::Journal`] is built on it, and everything else on that.
//!
//! A store keeps what it is given and answers questions; what follows from the answers is computed
//! above it, once for all stores. It works synchronously: a commit has to be waited for anyway, and
//! the dispatcher is the only task that waits.
//!
//! `headcount-journal-contract` holds what every store has to do as tests.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

use super::error::JournalError;
use super::lock::RunLock;
use super::query::{Count, Filter, Names, Page, RunQuery, StepQuery, WayQuery};
use super::row::{RowGroup, RowView, SettledRow, Undecided};
use super::run::{NewRun, Run, RunId, RunMove};
use super::step::{Added, NewStep, Returned, Sent, SettledStep, StepGroup, StepRecord, Way};
use super::wait::Wait;

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// What is committed survives a power cut.
    Durable,
    /// It may be lost in one, with all that was committed after it; a later durable commit makes it
    /// durable, too. For drafts, of which nothing was sent.
    Relaxed,
}

/// A place that keeps a journal. Everything is of one run, except where it says otherwise; pages come
/// in the plan's order, except where another is asked for.
pub trait Store: fmt::Debug + Send {
    /// Whether it can be written and is not damaged. Asked before a run is begun or locked, so that
    /// it is reported before anything is asked of the site.
    fn check(&self) -> Result<(), JournalError>;

    /// A second opening of the same journal, for another thread: it sees what is committed.
    fn another(&self) -> Result<Box<dyn Store>, JournalError>;

    /// Takes the lock of a run, or says that another process has it.
    fn lock(&self, run: &RunId) -> Result<RunLock, JournalError>;

    /// Whether a process holds the lock of a run now. Asking never keeps anyone from taking it.
    fn is_held(&self, run: &RunId) -> bool;

    /// Begins to write. Only one transaction of a journal writes at a time; others wait for it.
    fn transaction(
        &mut self,
        durability: Durability,
    ) -> Result<Box<dyn Transaction + '_>, JournalError>;

    /// Runs of the journal.
    fn runs(&self, which: RunQuery<'_>) -> Result<Vec<Run>, JournalError>;

    /// A number about a run.
    fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError>;

    /// The rows, those that ended alike counted together; in no order.
    fn row_groups(&self, run: &RunId) -> Result<Vec<RowGroup>, JournalError>;

    /// A page of rows.
    fn rows(&self, run: &RunId, filter: &Filter, page: Page) -> Result<Vec<RowView>, JournalError>;

    /// Up to `limit` rows of a draft after row `after` that have no outcome.
    fn undecided(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Undecided>, JournalError>;

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

    /// Up to `limit` steps after step `after`.
    fn steps(
        &self,
        run: &RunId,
        which: StepQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<StepRecord>, JournalError>;

    /// The pending steps, those that are alike counted together; in no order.
    fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError>;

    /// The doors of steps, each once for each kind of step.
    fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError>;

    /// Tells at most `newest` requests one after the other, those that were sent last first: a run may have
    /// millions.
    fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        tell: &mut dyn FnMut(Sent),
    ) -> Result<(), JournalError>;

    /// Tells settled steps that have a time one after the other, in no order.
    fn each_settled(
        &self,
        run: &RunId,
        tell: &mut dyn FnMut(SettledStep),
    ) -> Result<(), JournalError>;

    /// What its executor keeps of a step, the oldest first.
    fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError>;

    /// All waits that sites have announced, whether they are over or not; of no run.
    fn waits(&self) -> Result<Vec<Wait>, JournalError>;
}

/// What is written together: all of it counts once it is committed, and nothing of it if it is dropped.
pub trait Transaction {
    /// Writes a draft down and takes its lock, before anyone else can see it and sweep it away.
    fn begin_run(&mut self, new: &NewRun) -> Result<(RunId, RunLock), JournalError>;

    /// Moves a run, if it is in a state that the move starts from ([`RunMove::starts_from`]); sealing drops
    /// the draft's names.
    fn move_run(&mut self, run: &RunId, to: RunMove<'_>, at: Timestamp)
    -> Result<(), JournalError>;

    /// Takes a draft out of the journal with everything that belongs to it. Any other run stays.
    fn remove_draft(&mut self, run: &RunId) -> Result<(), JournalError>;

    /// Adds to the options of a run: a value replaces the one of the same name.
    fn add_options(&mut self, run: &RunId, more: &Value) -> Result<(), JournalError>;

    /// Adds a row of the input.
    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError>;

    /// Adds a name to a list; the same name once.
    fn add_name(&mut self, run: &RunId, list: Names, name: &str) -> Result<(), JournalError>;

    /// Adds a step for a row, unless one of its kind about the same is there already.
    fn add_step(&mut self, run: &RunId, row: u64, new: &NewStep) -> Result<Added, JournalError>;

    /// Lets a step serve a row: the row has its outcome once all its steps have theirs.
    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError>;

    /// Gives a row its outcome without any step of its own.
    fn settle_row(
        &mut self,
        run: &RunId,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError>;

    /// Adds to what its executor keeps of a started step; what is returned to pending loses it.
    fn add_record(&mut self, run: &RunId, step: u64, record: &str) -> Result<(), JournalError>;

    /// Moves a step, if it is in the state that the move starts from.
    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError>;

    /// Gives a pending or started step its outcome, and with it what waits for it
    /// ([`crate::settlement`]); and every row that has all its steps settled by now its own. `at`: when
    /// its response came; `None`: nothing was sent. A record of the verdict replaces earlier ones.
    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError>;

    /// Keeps a wait, unless a longer one of the same call is known that is not due again
    /// ([`Wait::is_due_again`]) when this one is heard; drops those that are over.
    fn keep_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError>;

    /// Makes all of it count at once.
    fn commit(self: Box<Self>) -> Result<(), JournalError>;
}

/// A legal move of a step that gives it no outcome.
#[derive(Clone, Copy, Debug)]
pub enum StepMove<'m> {
    /// A pending one is sent by this call, at this time; its request is noted.
    Start(&'m str, Timestamp),
    /// A started one had no effect: it is pending again.
    Return(&'m ReturnedStep<'m>),
    /// One that ended `unknown` is started again, to be looked at; what was not sent because of it waits
    /// for it again, and the rows of all these are pending.
    Reopen,
}

/// A started step that came back without an effect.
#[derive(Clone, Copy, Debug)]
pub struct ReturnedStep<'u> {
    /// How.
    pub returned: Returned,
    /// Why, for the request's record.
    pub why: &'u str,
    /// The response's status, where there was one.
    pub status: Option<u16>,
    /// When.
    pub at: Timestamp,
}
