//! Rows that are done, for reports that are written while the run goes on. They are handed over when the
//! journal has them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use headcount_postman::run::{Ending, Execution, Secrets};

/// A row that is done.
#[derive(Debug)]
pub struct FinishedRow {
    /// Its iteration, from 0.
    pub number: usize,
    /// Its requests.
    pub executions: Vec<Execution>,
    /// How it ended.
    pub ending: Ending,
    /// What must not be shown of it.
    pub secrets: Secrets,
}

/// Rows that are done and not reported yet; clones share them.
#[derive(Clone, Debug, Default)]
pub struct FinishedRows(Arc<Mutex<HashMap<usize, FinishedRow>>>);

impl FinishedRows {
    pub(crate) fn add(&self, row: FinishedRow) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(row.number, row);
    }

    /// Takes an iteration, once.
    pub fn take(&self, number: usize) -> Option<FinishedRow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&number)
    }
}
