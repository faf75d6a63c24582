//! Postman's counts of a whole run: stored with it, or counted from its rows.

use headcount_journal::{Journal, JournalError, Run};
use serde_json::json;

use super::record::RowRecord;
use super::totals::Totals;

/// The key of the counts in a run's options.
const OPTIONS: &str = "postman_counts";

/// How many rows are read at a time.
const PAGE: u64 = 1_000;

impl Totals {
    /// The counts of a run so far: as stored when it last stopped, or counted from its rows if its process was
    /// killed.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn of_run(journal: &Journal, run: &Run) -> Result<Self, JournalError> {
        let kept = run.options.get(OPTIONS).cloned().unwrap_or_default();
        let (rows, totals): (u64, Self) = serde_json::from_value(kept).unwrap_or_default();
        if rows == Self::settled(journal, run)? {
            return Ok(totals);
        }
        Self::counted(journal, run)
    }

    /// Rows that have an outcome.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn settled(journal: &Journal, run: &Run) -> Result<u64, JournalError> {
        let counts = journal.counts(&run.id)?;
        Ok(counts.rows - counts.pending)
    }

    fn counted(journal: &Journal, run: &Run) -> Result<Self, JournalError> {
        let (mut totals, mut after) = (Self::default(), 0);
        loop {
            let rows = journal.rows(&run.id, after, PAGE)?;
            let Some(last) = rows.last() else { return Ok(totals) };
            after = last.row;
            let steps = rows.iter().filter(|row| row.outcome.is_some());
            for step in steps.filter_map(|row| row.step.as_ref()) {
                let records = journal.records(&run.id, step.step.number)?;
                totals.add(RowRecord::read(&records).map(|it| it.totals).unwrap_or_default());
            }
        }
    }

    /// Stores the counts, so that no page has to count. The caller holds the run's lock.
    ///
    /// # Errors
    /// The journal can't be written.
    pub fn keep(self, journal: &mut Journal, run: &Run) -> Result<(), JournalError> {
        let rows = Self::settled(journal, run)?;
        journal.add_options(&run.id, &json!({ OPTIONS: (rows, self) }))
    }
}
