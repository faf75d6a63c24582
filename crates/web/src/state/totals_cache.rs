//! Postman's counts of the runs that were killed: counting them reads every row, so it is done once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use headcount_collections::Totals;
use headcount_journal::{Journal, JournalError, Run};

/// The most runs whose counts are kept.
const MOST: usize = 64;

/// The counts that are kept, each with the number of rows that had an outcome then.
#[derive(Default)]
pub struct KeptTotals(Mutex<HashMap<String, (u64, Totals)>>);

impl KeptTotals {
    /// The counts of a run that no process applies now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn get(&self, journal: &Journal, run: &Run) -> Result<Totals, JournalError> {
        let settled = Totals::settled(journal, run)?;
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((rows, totals)) = kept().get(run.id.as_str())
            && *rows == settled
        {
            return Ok(*totals);
        }
        let totals = Totals::of_run(journal, run)?;
        let mut all = kept();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(run.id.to_string(), (settled, totals));
        Ok(totals)
    }
}
