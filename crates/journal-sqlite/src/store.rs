//! The store: one connection to the file.

use std::fmt;
use std::path::{Path, PathBuf};

use headcount_journal::{
    Durability, JournalError, RunId, RunLock, Space, Store, Transaction, Wait,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::alike::Alike;
use super::connection::{check_whole, check_writable, connect, set_durability};
use super::error::{place, sql};
use super::identity::Identity;
use super::lock::FileLock;
use super::transaction::SqliteTransaction;
use super::{schema, volume};

/// A journal in a file.
pub(crate) struct SqliteStore {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// The file that the connection has open.
    file: Option<Identity>,
    /// As its commits are now.
    durability: Durability,
    /// The steps of the draft that is planned through this connection.
    alike: Alike,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteStore({})", self.path.display())
    }
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings an older one up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        if std::fs::metadata(path).is_ok_and(|file| !file.is_file()) {
            return Err(JournalError::NotAFile { place: place(path) });
        }
        if let Some(kind) = volume::network(path) {
            return Err(JournalError::Network { place: place(path), kind });
        }
        let mut store = Self::connected(path)?;
        schema::migrate(&mut store.connection, path)?;
        Ok(store)
    }

    fn connected(path: &Path) -> Result<Self, JournalError> {
        let connection = connect(path)?;
        let file = Identity::of(path);
        let (path, alike) = (path.to_owned(), Alike::default());
        Ok(Self { connection, path, file, durability: Durability::Durable, alike })
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

    /// Reads a number.
    pub(crate) fn number(
        &self,
        statement: &str,
        values: impl rusqlite::Params,
    ) -> Result<u64, JournalError> {
        self.connection
            .prepare_cached(statement)
            .and_then(|mut statement| statement.query_row(values, |row| row.get::<_, i64>(0)))
            .map(|number| number as u64)
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
        // Commits to a file without a name would be lost, and with them what was sent.
        if Identity::of(&self.path) != self.file {
            return Err(JournalError::Gone { place: place(&self.path) });
        }
        if self.durability != durability {
            set_durability(&self.connection, durability)?;
            self.durability = durability;
        }
        Ok(Box::new(SqliteTransaction::begin(&mut self.connection, &self.path, &mut self.alike)?))
    }

    /// Rewriting the file needs its size in free space, and no other process that reads at this moment; otherwise the
    /// space stays in the file, for new runs.
    fn shrink(&self) -> Result<Space, JournalError> {
        let size = || std::fs::metadata(&self.path).map(|file| file.len()).unwrap_or_default();
        let before = size();
        let empty_log = "PRAGMA wal_checkpoint(TRUNCATE)";
        let shrunk = self
            .connection
            .execute_batch("VACUUM")
            .and_then(|()| self.connection.query_row(empty_log, [], |_| Ok(())));
        let after = size();
        Ok(match shrunk {
            Ok(()) if after < before => Space::Returned { before, after },
            Ok(()) | Err(_) => Space::Reused,
        })
    }

    fn waits(&self) -> Result<Vec<Wait>, JournalError> {
        self.list("SELECT place, call, until, heard FROM waits", [], |row| {
            let time = |column| -> rusqlite::Result<Timestamp> {
                let text: String = row.get(column)?;
                // What cannot be read is over.
                Ok(text.parse().unwrap_or(Timestamp::UNIX_EPOCH))
            };
            let (until, heard) = (time(2)?, time(3)?);
            Ok(Wait { place: row.get(0)?, call: row.get(1)?, until, heard })
        })
    }
}
