//! Wakes a worker that waits for runs.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Rung by the keeper's connection, waited for by a worker.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_rung: bool,
    /// The workers of this process.
    workers: BTreeSet<i64>,
}

impl Signal {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ring(&self) {
        self.state().is_rung = true;
        self.rung.notify_all();
    }

    /// Waits until it was rung since the last wait, at most this long.
    pub(crate) fn wait(&self, most: Duration) {
        let waiting = self.rung.wait_timeout_while(self.state(), most, |state| !state.is_rung);
        waiting.unwrap_or_else(PoisonError::into_inner).0.is_rung = false;
    }

    pub(crate) fn workers(&self) -> Vec<i64> {
        self.state().workers.iter().copied().collect()
    }

    pub(crate) fn enlist(&self, worker: i64) {
        self.state().workers.insert(worker);
    }

    pub(crate) fn dismiss(&self, worker: i64) {
        self.state().workers.remove(&worker);
    }
}
