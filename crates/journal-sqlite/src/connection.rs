//! A connection to the file, and how it is set.

use std::path::{Path, PathBuf};

use headcount_journal::{Durability, JournalError};
use rusqlite::Connection;

use super::error::{not_ours_or, place, sql};
use super::functions;

/// After this many pages in its log (4 KiB each) SQLite copies them into the file: few, so that the log
/// does not fill a small disk that has room for the journal itself, and many for drafts, which wait for the disk
/// whenever that is done.
const OFTEN: u32 = 250;
const SELDOM: u32 = 32_000;

/// To this many bytes the log is cut when all of it is in the file.
const LOG: u32 = 1 << 20;

/// KiB of pages that SQLite holds (negative: it counts pages otherwise): its own number, and one for
/// drafts, so that the names, which go to any place of their table, are not read and written again within one commit.
const SOME: i32 = -2_000;
const MUCH: i32 = -4_000;

pub(crate) fn connect(path: &Path) -> Result<Connection, JournalError> {
    follow_rights(path);
    let open = |source| not_ours_or(path, source);
    let connection = Connection::open(path).map_err(open)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(open)?;
    connection.set_prepared_statement_cache_capacity(64);
    // WAL: readers (`run list` next to a run) never wait. FULL: a commit waits for the disk.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(open)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(open)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(open)?;
    // Otherwise statements are prepared again for each value that is bound: a fifth of all time.
    connection
        .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(open)?;
    connection.pragma_update(None, "journal_size_limit", LOG).map_err(open)?;
    connection.pragma_update(None, "wal_autocheckpoint", OFTEN).map_err(open)?;
    functions::add(&connection).map_err(open)?;
    empty_log(&connection);
    Ok(connection)
}

/// Copies the log into the file as far as readers let it, without waiting for anyone: what a process left
/// on a full disk makes room once there is some. Where that fails, the next commit reports why.
fn empty_log(connection: &Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}

/// SQLite gives the files next to the journal (`-wal`, `-shm`) its rights when it makes them. Who
/// reads a journal that may only be read leaves them so, and they would still forbid writing when
/// the journal itself may be written again.
fn follow_rights(path: &Path) {
    let Ok(rights) = std::fs::metadata(path).map(|file| file.permissions()) else { return };
    for suffix in ["-wal", "-shm"] {
        let name = beside(path, suffix);
        let is_stale = std::fs::metadata(&name)
            .is_ok_and(|file| file.permissions().readonly() && !rights.readonly());
        if is_stale {
            // If that fails, opening reports why.
            let _ = std::fs::set_permissions(&name, rights.clone());
        }
    }
}

/// The name of a file that SQLite keeps next to the journal.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether its commits wait for the disk.
pub(crate) fn set_durability(
    connection: &Connection,
    durability: Durability,
) -> Result<(), JournalError> {
    let (mode, pages, room) = match durability {
        Durability::Durable => ("FULL", OFTEN, SOME),
        Durability::Relaxed => ("NORMAL", SELDOM, MUCH),
    };
    connection
        .pragma_update(None, "synchronous", mode)
        .and_then(|()| connection.pragma_update(None, "wal_autocheckpoint", pages))
        .and_then(|()| connection.pragma_update(None, "cache_size", room))
        .map_err(sql("be set to durable"))?;
    if durability == Durability::Durable {
        // A draft's log is long by now.
        empty_log(connection);
    }
    Ok(())
}

pub(crate) fn check_writable(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    match connection.is_readonly(rusqlite::MAIN_DB).map_err(sql("be read"))? {
        true => Err(JournalError::ReadOnly { place: place(path) }),
        false => Ok(()),
    }
}

/// Reads every page of the file and sees whether it can be one of a journal (a fifth of a second
/// of computing for 100,000 rows): SQLite itself finds damage only where it happens to read.
/// Changed letters inside a value can't be found so.
pub(crate) fn check_whole(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let found: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(sql("be read"))?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => {
            // Its first line only names the database.
            let lines = found.lines().filter(|line| !line.starts_with("***"));
            let found = lines.collect::<Vec<_>>().join("; ");
            Err(JournalError::Broken { place: place(path), found })
        }
    }
}
