//! One transaction that writes.

use std::path::Path;
use std::sync::Arc;

use headcount_journal::{JournalError, RunId, Transaction, Wait};
use headcount_model::door::Door;
use headcount_model::retry_after::LONGEST;
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use super::alike::Alike;
use super::error::sql;

/// A transaction; it holds the write lock of the file.
pub(crate) struct SqliteTransaction<'s> {
    pub(crate) transaction: rusqlite::Transaction<'s>,
    /// The journal's file: the locks of its runs are next to it.
    pub(crate) path: &'s Path,
    /// The steps of the draft by what they are about.
    pub(crate) alike: &'s mut Alike,
    /// A run, and the last step that was added to it here.
    pub(crate) last_step: Option<(i64, u64)>,
    /// A run, and the last request that was started for it here.
    pub(crate) last_request: Option<(i64, u64)>,
    /// A run, and whether any of its steps needs another one, or shares a row with another one, or has several rows.
    pub(crate) has_dependents: Option<(i64, bool)>,
    /// Doors of runs, by their numbers in the journal.
    pub(crate) doors: Vec<(i64, Arc<Door>, i64)>,
}

impl<'s> SqliteTransaction<'s> {
    /// It takes the write lock at once, so that it can't fail half-way for want of it.
    pub(crate) fn begin(
        connection: &'s mut Connection,
        path: &'s Path,
        alike: &'s mut Alike,
    ) -> Result<Self, JournalError> {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql("be written"))?;
        Ok(Self {
            transaction,
            path,
            alike,
            last_step: None,
            last_request: None,
            has_dependents: None,
            doors: Vec::new(),
        })
    }

    /// Writes; how many lines were changed.
    pub(crate) fn write(
        &self,
        statement: &str,
        values: impl rusqlite::Params,
    ) -> Result<usize, JournalError> {
        self.transaction
            .prepare_cached(statement)
            .and_then(|mut statement| statement.execute(values))
            .map_err(sql("be written"))
    }

    /// Reads one line.
    pub(crate) fn read<T>(
        &self,
        statement: &str,
        values: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        self.transaction
            .prepare_cached(statement)
            .and_then(|mut statement| statement.query_row(values, read))
            .map_err(sql("be read"))
    }

    /// The number of a run's last line in a table of lines with ids; 0: it has none.
    pub(crate) fn last_of(&self, table: &str, run: &RunId) -> Result<u64, JournalError> {
        let last = format!(
            "SELECT coalesce((SELECT id FROM {table} WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1), ?1) - ?1"
        );
        let bounds = [id(run, 0), id(run, u64::MAX)];
        self.read(&last, bounds, |row| row.get::<_, i64>(0)).map(|last| last as u64)
    }

    /// Reads all lines.
    pub(crate) fn list<T>(
        &self,
        statement: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.transaction
            .prepare_cached(statement)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .map_err(sql("be read"))
    }
}

impl Transaction for SqliteTransaction<'_> {
    /// All times are whole seconds, in one form: texts that compare as the times do.
    fn keep_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        self.write("DELETE FROM waits WHERE until < ?", [now.to_string()])?;
        // The number of seconds after which a wait is due again (`Wait::is_due_again`).
        let longest = LONGEST.as_secs().cast_signed();
        self.write(
            "INSERT INTO waits (place, call, until, heard) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (place, call) DO UPDATE
             SET until = excluded.until, heard = excluded.heard
             WHERE excluded.until > until OR excluded.heard < heard
                OR unixepoch(until) - unixepoch(heard) > ?5
                   AND unixepoch(excluded.heard) - unixepoch(heard) >= ?5",
            params![wait.place, wait.call, wait.until.to_string(), wait.heard.to_string(), longest],
        )
        .map(drop)
    }

    fn commit(self: Box<Self>) -> Result<(), JournalError> {
        self.transaction.commit().map_err(sql("be made durable"))
    }
}

/// Serializing texts and plain enums to JSON can't fail.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A number as SQLite stores it; ours never exceed its range.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The number under which a row, a step or a request of a run is stored (migration 11). No run has more of them than 32
/// bits count.
pub(crate) fn id(run: &RunId, own: u64) -> i64 {
    (run.number() << 32) | i64::from(u32::try_from(own).unwrap_or(u32::MAX))
}

/// The condition that a line of a table with ids is of the run `?1`.
macro_rules! of_run {
    ($table:literal) => {
        concat!($table, ".id BETWEEN (?1 << 32) AND (?1 << 32) + 4294967295")
    };
}
pub(crate) use of_run;
