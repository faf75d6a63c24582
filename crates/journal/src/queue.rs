//! The queue: runs that were agreed to and wait for a worker, and the workers.
//!
//! Only a store that several machines can use has one.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::error::JournalError;
use super::lock::RunLock;
use super::run::{RunId, RunState};

/// A run that waits for a worker, or that a worker carries.
#[derive(Clone, Debug)]
pub struct QueuedRun {
    /// The run.
    pub run: RunId,
    /// When it was queued.
    pub at: Timestamp,
    /// Who queued it, if that is known.
    pub by: Option<String>,
    /// What was agreed to, as JSON.
    pub how: Value,
    /// Why a worker left it.
    pub note: Option<String>,
}

/// Which runs a worker takes.
#[derive(Clone, Debug)]
pub struct Wanted<'w> {
    /// Runs of these profiles; `None`: all.
    pub profiles: Option<&'w [String]>,
    /// But not these, by their numbers.
    pub except: &'w [i64],
    /// The worker's number.
    pub worker: i64,
}

/// A run that a worker has taken.
#[derive(Debug)]
pub struct TakenRun {
    /// The run, as it was queued.
    pub queued: QueuedRun,
    /// Its lock.
    pub lock: RunLock,
}

/// A worker, as the journal knows it.
#[derive(Clone, Debug)]
pub struct WorkerEntry {
    /// Its number.
    pub number: i64,
    /// The name of its machine.
    pub host: String,
    /// The number of its process there.
    pub process: i64,
    /// The profiles whose runs it takes; `None`: all.
    pub profiles: Option<Vec<String>>,
    /// How many runs it carries at the same time.
    pub jobs: u64,
    /// When it began.
    pub since: Timestamp,
    /// The time since its last sign of life.
    pub seen: Duration,
    /// Whether that is recent enough.
    pub is_alive: bool,
}

/// A run that a process carries now.
#[derive(Clone, Debug)]
pub struct CarriedRun {
    /// The run.
    pub run: RunId,
    /// The name of the machine.
    pub host: String,
    /// The number of the process there.
    pub process: i64,
    /// The number of the worker; `None`: a command or the page.
    pub worker: Option<i64>,
    /// Since when.
    pub since: Timestamp,
    /// Steps that got their outcomes within the last minute.
    pub settled: u64,
    /// The end of the longest wait that its site asked for, if that is not over.
    pub waits_until: Option<Timestamp>,
}

/// The queue of a journal. A run has one place in it, however often it is put there.
pub trait WorkQueue: Send {
    /// Puts a run into the queue. The caller holds its lock, and `shown` is the state of the run that its user agreed
    /// to. If the lock has ended or the state is another one, that is an error: another process did something with the
    /// run.
    fn put(&mut self, queued: &QueuedRun, shown: RunState) -> Result<(), JournalError>;

    /// Takes a run out of the queue; whether it was there. These go by themselves, in the transaction of the move: runs
    /// that finish, are canceled or stop for a user, that a process without a worker starts, and whose undo is planned or
    /// started.
    fn remove(&mut self, run: &RunId) -> Result<bool, JournalError>;

    /// Notes why a worker left a run.
    fn note(&mut self, run: &RunId, why: &str) -> Result<(), JournalError>;

    /// All queued runs, in the order in which they are taken.
    fn queued(&mut self) -> Result<Vec<QueuedRun>, JournalError>;

    /// Takes the first run that is wanted, that no process carries, and of whose site no other run is being applied.
    fn take(&mut self, wanted: &Wanted<'_>) -> Result<Option<TakenRun>, JournalError>;

    /// Whether a run may have been queued or given back since this was asked last.
    fn is_rung(&mut self) -> bool;

    /// Adds a worker, which shows signs of life from now on; its number.
    fn enlist(&mut self, profiles: Option<&[String]>, jobs: u64) -> Result<i64, JournalError>;

    /// Removes a worker.
    fn dismiss(&mut self, worker: i64) -> Result<(), JournalError>;

    /// The workers of the last day, the oldest first.
    fn workers(&mut self) -> Result<Vec<WorkerEntry>, JournalError>;

    /// The runs that processes carry now.
    fn carried(&mut self) -> Result<Vec<CarriedRun>, JournalError>;
}
