//! One transaction that writes.

use std::path::Path;
use std::sync::Arc;

use headcount_journal::{
    Added, JournalError, Names, NewRun, NewStep, RunId, RunLock, RunMove, SettledRow, StepMove,
    Transaction, Wait,
};
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::Value;

use super::error::sql;
use super::number::number;

/// A transaction; it holds the write lock of the file.
pub(crate) struct SqliteTransaction<'s> {
    pub(crate) transaction: rusqlite::Transaction<'s>,
    /// The journal's file: the locks of its runs are next to it.
    pub(crate) path: &'s Path,
    /// A run, and the last step that was added to it here.
    pub(crate) last_step: Option<(i64, i64)>,
    /// Doors of runs, by their numbers in the journal.
    pub(crate) doors: Vec<(i64, Arc<Door>, i64)>,
}

impl<'s> SqliteTransaction<'s> {
    /// It takes the write lock at once, so that it can't fail half-way for want of it.
    pub(crate) fn begin(
        connection: &'s mut Connection,
        path: &'s Path,
    ) -> Result<Self, JournalError> {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql("be written"))?;
        Ok(Self { transaction, path, last_step: None, doors: Vec::new() })
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
    fn begin_run(&mut self, new: &NewRun) -> Result<(RunId, RunLock), JournalError> {
        self.insert_run(new)
    }

    fn move_run(
        &mut self,
        run: &RunId,
        to: RunMove<'_>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.update_run(run, to, at)
    }

    fn remove_draft(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.delete_draft(run)
    }

    fn add_options(&mut self, run: &RunId, more: &Value) -> Result<(), JournalError> {
        self.patch_options(run, more)
    }

    fn add_row(
        &mut self,
        run: &RunId,
        row: u64,
        line: u64,
        cells: &[String],
    ) -> Result<(), JournalError> {
        self.insert_row(run, row, line, cells)
    }

    fn add_name(&mut self, run: &RunId, list: Names, name: &str) -> Result<(), JournalError> {
        self.insert_name(run, list, name)
    }

    fn add_step(&mut self, run: &RunId, row: u64, new: &NewStep) -> Result<Added, JournalError> {
        self.insert_step(run, row, new)
    }

    fn serve(&mut self, run: &RunId, step: u64, row: u64) -> Result<(), JournalError> {
        self.insert_serves(run, number(step), row)
    }

    fn settle_row(
        &mut self,
        run: &RunId,
        row: u64,
        outcome: Outcome,
        reason: Reason,
        detail: &str,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ? WHERE run = ? AND row = ?",
            params![outcome.word(), reason.word(), detail, run.number(), number(row)],
        )
        .map(drop)
    }

    fn note_sent_by(&mut self, run: &RunId, step: u64, at: Timestamp) -> Result<(), JournalError> {
        self.note_request(run, step, at)
    }

    fn add_record(&mut self, run: &RunId, step: u64, record: &str) -> Result<(), JournalError> {
        self.insert_record(run, step, record)
    }

    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError> {
        match to {
            StepMove::Start(call, at) => self.start_step(run, step, call, at),
            StepMove::Return(back) => self.return_step(run, step, back),
            StepMove::Reopen => self.reopen_step(run, step),
        }
    }

    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.settle_with_waiting(run, step, verdict, at)
    }

    fn keep_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        self.insert_wait(wait, now)
    }

    fn commit(self: Box<Self>) -> Result<(), JournalError> {
        self.transaction.commit().map_err(sql("be made durable"))
    }
}

/// Serializing texts and plain enums to JSON can't fail.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
