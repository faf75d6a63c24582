//! What executors keep of their steps.

use headcount_journal::{JournalError, RunId};
use rusqlite::params;

use super::number::number;
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;

impl SqliteStore {
    pub(crate) fn read_records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError> {
        self.list(
            "SELECT record FROM records WHERE run = ? AND step = ? ORDER BY number",
            params![run.number(), number(step)],
            |row| row.get(0),
        )
    }
}

impl SqliteTransaction<'_> {
    pub(crate) fn insert_record(
        &self,
        run: &RunId,
        step: u64,
        record: &str,
    ) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO records (run, step, number, record)
             SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3 FROM records WHERE run = ?1 AND step = ?2",
            params![run.number(), number(step), record],
        )
        .map(drop)
    }

    pub(crate) fn drop_records(&self, run: &RunId, step: u64) -> Result<(), JournalError> {
        self.write(
            "DELETE FROM records WHERE run = ? AND step = ?",
            params![run.number(), number(step)],
        )
        .map(drop)
    }
}
