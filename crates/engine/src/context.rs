//! What the engine needs to apply a run.

use std::sync::Arc;

use super::executor::Executor;
use super::halt::Halt;
use super::options::RunOptions;
use super::watcher::Watcher;
use headcount_journal::{Journal, Run};
use headcount_model::clock::Clock;

/// What the engine needs to apply a run. The caller holds the run's lock.
#[derive(Debug)]
pub struct RunContext<'r, E: Executor, W: Watcher> {
    /// Where the run's state is.
    pub journal: &'r mut Journal,
    /// The run, as it was read under its lock.
    pub run: &'r Run,
    /// Sends and observes the steps.
    pub executor: Arc<E>,
    /// The options of this run.
    pub options: &'r RunOptions,
    /// Stops the run from outside, for example after Ctrl-C.
    pub halt: Halt,
    /// Wall time.
    pub clock: Clock,
    /// Receives every event, and answers the question after the canary.
    pub watcher: &'r mut W,
}
