//! What belongs to one carrying out of a run.

use std::sync::Arc;

use super::executor::Executor;
use super::halt::Halt;
use super::options::RunOptions;
use super::watcher::Watcher;
use headcount_journal::{Journal, Run};
use headcount_model::clock::Clock;

/// Everything that belongs to one carrying out of a run. Who makes it holds the run's lock.
#[derive(Debug)]
pub struct RunContext<'r, E: Executor, W: Watcher> {
    /// Where the run's state is.
    pub journal: &'r mut Journal,
    /// The run, as it was read under its lock.
    pub run: &'r Run,
    /// What does the work.
    pub executor: Arc<E>,
    /// How it is applied.
    pub options: &'r RunOptions,
    /// Halts it from outside.
    pub halt: Halt,
    /// Wall time.
    pub clock: Clock,
    /// Gets what happens, and is asked after the canary.
    pub watcher: &'r mut W,
}
