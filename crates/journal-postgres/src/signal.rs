//! Wakes a worker that waits for runs.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rung by the keeper's connection, asked by a worker.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    state: Mutex<State>,
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
    }

    /// Whether it was rung since this was asked last.
    pub(crate) fn was_rung(&self) -> bool {
        std::mem::take(&mut self.state().is_rung)
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
