//! The store: one connection to the file.

use std::fmt;
use std::path::{Path, PathBuf};

use headcount_journal::{
    Count, Durability, Filter, JournalError, Names, Page, RowGroup, RowView, Run, RunId, RunLock,
    RunQuery, Sent, SettledStep, StepGroup, StepQuery, StepRecord, Store, Transaction, Undecided,
    Wait, Way, WayQuery,
};
use rusqlite::{Connection, Row};

use super::connection::{check_whole, check_writable, connect, set_durability};
use super::error::{place, sql};
use super::lock::FileLock;
use super::transaction::SqliteTransaction;
use super::{schema, volume};

/// A journal in a file.
pub(crate) struct SqliteStore {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// As its commits are now.
    durability: Durability,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteStore({})", self.path.display())
    }
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings an older one up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        if let Some(kind) = volume::network(path) {
            return Err(JournalError::Network { place: place(path), kind });
        }
        let mut store = Self::connected(path)?;
        schema::migrate(&mut store.connection, path)?;
        Ok(store)
    }

    fn connected(path: &Path) -> Result<Self, JournalError> {
        let (connection, path) = (connect(path)?, path.to_owned());
        Ok(Self { connection, path, durability: Durability::Durable })
    }

    pub(crate) fn list<T>(
        &self,
        sql_text: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.connection
            .prepare_cached(sql_text)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .map_err(sql("be read"))
    }
}

impl Store for SqliteStore {
    fn check(&self) -> Result<(), JournalError> {
        check_writable(&self.connection, &self.path)?;
        check_whole(&self.connection, &self.path)
    }

    fn another(&self) -> Result<Box<dyn Store>, JournalError> {
        Ok(Box::new(Self::connected(&self.path)?))
    }

    fn lock(&self, run: &RunId) -> Result<RunLock, JournalError> {
        FileLock::take(&self.path, run).map(RunLock::new)
    }

    fn is_held(&self, run: &RunId) -> bool {
        FileLock::is_held(&self.path, run)
    }

    fn transaction(
        &mut self,
        durability: Durability,
    ) -> Result<Box<dyn Transaction + '_>, JournalError> {
        if self.durability != durability {
            set_durability(&self.connection, durability)?;
            self.durability = durability;
        }
        Ok(Box::new(SqliteTransaction::begin(&mut self.connection, &self.path)?))
    }

    fn runs(&self, which: RunQuery<'_>) -> Result<Vec<Run>, JournalError> {
        self.read_runs(which)
    }

    fn count(&self, run: &RunId, what: Count<'_>) -> Result<u64, JournalError> {
        self.read_count(run, what)
    }

    fn row_groups(&self, run: &RunId) -> Result<Vec<RowGroup>, JournalError> {
        self.read_row_groups(run)
    }

    fn rows(&self, run: &RunId, filter: &Filter, page: Page) -> Result<Vec<RowView>, JournalError> {
        self.read_rows(run, filter, page)
    }

    fn undecided(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Undecided>, JournalError> {
        self.read_undecided(run, after, limit)
    }

    fn changed_rows(&self, run: &RunId, from: u64, to: u64) -> Result<Vec<u64>, JournalError> {
        self.read_changed_rows(run, from, to)
    }

    fn names(
        &self,
        run: &RunId,
        list: Names,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError> {
        self.read_names(run, list, after, limit)
    }

    fn steps(
        &self,
        run: &RunId,
        which: StepQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<StepRecord>, JournalError> {
        self.read_steps(run, which, after, limit)
    }

    fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        self.read_step_groups(run)
    }

    fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError> {
        self.read_ways(run, which)
    }

    fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        tell: &mut dyn FnMut(Sent),
    ) -> Result<(), JournalError> {
        self.read_requests(run, newest, tell)
    }

    fn each_settled(
        &self,
        run: &RunId,
        tell: &mut dyn FnMut(SettledStep),
    ) -> Result<(), JournalError> {
        self.read_settled(run, tell)
    }

    fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError> {
        self.read_records(run, step)
    }

    fn waits(&self) -> Result<Vec<Wait>, JournalError> {
        self.read_waits()
    }
}
