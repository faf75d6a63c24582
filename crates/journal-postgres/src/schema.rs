//! The tables, as an ordered list of migrations in a schema of their own.
//!
//! A table `journal` names the program and the version. A new journal is made when it is first used. An older one is
//! brought up to date only on request, because that locks out older programs on other machines. A migration that was
//! ever released is never edited, only followed by another.

use headcount_journal::{JournalError, JournalVersion};

use super::address::Address;
use super::connection::{Connection, values};
use super::error::preparing;

const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1_journal.sql"),
    include_str!("migrations/2_acts.sql"),
    include_str!("migrations/3_teams.sql"),
];

/// The newest version this program knows.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// The mark of our schemas.
const PROGRAM: &str = "headcount";

/// Held while tables are made, so that two programs that begin at once make them once. Any number; it is that of
/// SQLite's files ("hdct").
const MAKING: i64 = 0x6864_6374;

/// Checks the journal without changing it.
pub(crate) fn version(
    connection: &Connection,
    address: &Address,
) -> Result<JournalVersion, JournalError> {
    let about = JournalVersion { found: found(connection, address)?, known: VERSION };
    match about.found {
        Some(found) if found > VERSION => {
            Err(JournalError::Newer { place: address.to_string(), found, known: VERSION })
        }
        Some(_) | None => Ok(about),
    }
}

/// Makes the tables of a new journal; an older one stays, with an error.
pub(crate) fn prepare(connection: &Connection, address: &Address) -> Result<(), JournalError> {
    match version(connection, address)?.found {
        Some(found) if found == VERSION => Ok(()),
        Some(found) => {
            Err(JournalError::Older { place: address.to_string(), found, known: VERSION })
        }
        None => migrate(connection, address),
    }
}

/// Brings the journal to [`VERSION`].
pub(crate) fn migrate(connection: &Connection, address: &Address) -> Result<(), JournalError> {
    connection.execute("BEGIN")?;
    let made = make(connection, address);
    connection.execute(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    made.map_err(|error| preparing(address, error))
}

fn make(connection: &Connection, address: &Address) -> Result<(), JournalError> {
    connection.list("SELECT pg_advisory_xact_lock($1)", values![MAKING])?;
    let from = version(connection, address)?.found;
    if from.is_none() {
        // The name has no quotation mark.
        connection.execute(&format!(
            "CREATE SCHEMA IF NOT EXISTS \"{}\";
             CREATE TABLE journal (program TEXT NOT NULL, version BIGINT NOT NULL);
             INSERT INTO journal VALUES ('{PROGRAM}', 0);",
            address.schema()
        ))?;
    }
    for migration in MIGRATIONS.iter().skip(from.unwrap_or_default() as usize) {
        connection.execute(migration)?;
    }
    connection.list("UPDATE journal SET version = $1", values![VERSION]).map(drop)
}

/// The version of the tables; `None`: there are none yet.
fn found(connection: &Connection, address: &Address) -> Result<Option<i64>, JournalError> {
    let not_ours = || JournalError::NotAJournal { place: address.to_string() };
    let encoding: String = connection.one("SHOW server_encoding", values![])?;
    if encoding != "UTF8" {
        return Err(JournalError::Encoding { place: address.to_string(), found: encoding });
    }
    let tables = "SELECT coalesce(bool_or(relname = 'journal'), false) AS ours, count(*) > 0 AS any
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f')";
    let tables = connection.list(tables, values![address.schema().to_owned()])?;
    let flag = |at| tables.first().is_some_and(|row| row.try_get(at).unwrap_or(false));
    match (flag(0), flag(1)) {
        (false, false) => return Ok(None),
        (false, true) => return Err(not_ours()),
        (true, _) => {}
    }
    let rows = connection
        .list("SELECT program, version FROM journal", values![])
        .map_err(|error| preparing(address, error))?;
    let row = rows.first().ok_or_else(not_ours)?;
    let program: String = row.try_get(0).map_err(|_| not_ours())?;
    match program == PROGRAM {
        true => row.try_get(1).map(Some).map_err(|_| not_ours()),
        false => Err(not_ours()),
    }
}
