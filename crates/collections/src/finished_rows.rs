//! Finished rows, for reports that are written during the run. A row is passed on after the journal has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use headcount_postman::run::{Ending, Execution, Secrets};

/// A finished row.
#[derive(Debug)]
pub struct FinishedRow {
    /// Its iteration, from 0.
    pub number: usize,
    /// Its requests.
    pub executions: Vec<Execution>,
    /// How it ended.
    pub ending: Ending,
    /// The secrets to mask in it.
    pub secrets: Secrets,
}

/// Finished rows that are not reported yet; clones share them.
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
