//! Waits that sites have announced (`Retry-After`), so that they outlive the process that heard
//! them: whoever uses this journal next sends nothing to that call before they are over.
//!
//! They are written the moment they are heard, by whatever task hears them, in the middle of a
//! look-up or of a batch of the run. So they have a connection of their own; SQLite lets one writer
//! wait for the other.

use std::sync::{Mutex, PoisonError};

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use rusqlite::{Connection, params};

use super::error::JournalError;
use super::seam::Seam;

/// Until when a call must not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Where: an address.
    pub place: String,
    /// Method and path template.
    pub call: String,
    /// Until then; whole seconds.
    pub until: Timestamp,
}

impl Wait {
    /// A wait; its end is rounded up to whole seconds, which is never too early.
    pub fn new(place: &str, call: &str, until: Timestamp) -> Self {
        Self { place: place.to_owned(), call: call.to_owned(), until: whole(until) }
    }
}

/// The book of waits.
#[derive(Debug)]
pub struct Waits {
    connection: Mutex<Connection>,
    seam: Seam,
}

impl Waits {
    pub(super) fn new(connection: Connection, seam: Seam) -> Self {
        Self { connection: Mutex::new(connection), seam }
    }

    /// Those that are not over.
    pub fn all(&self, now: Timestamp) -> Result<Vec<Wait>, JournalError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let waits: Vec<Wait> = connection
            .prepare_cached("SELECT place, call, until FROM waits ORDER BY until, place, call")
            .and_then(|mut statement| {
                let wait = |row: &rusqlite::Row<'_>| {
                    let text: String = row.get(2)?;
                    // What cannot be read is over.
                    let until = text.parse().unwrap_or(Timestamp::UNIX_EPOCH);
                    Ok(Wait { place: row.get(0)?, call: row.get(1)?, until })
                };
                statement.query_map([], wait)?.collect()
            })
            .map_err(JournalError::sql("be read"))?;
        Ok(waits.into_iter().filter(|wait| wait.until > now).collect())
    }

    /// Keeps a wait on disk, unless a longer one is known; those that are over go.
    pub fn keep(&self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = self.seam.begin(&mut connection)?;
        let write = || JournalError::sql("be written");
        let over = whole(now).to_string();
        // Whole seconds, all in one form: texts that compare as the times do.
        transaction.execute("DELETE FROM waits WHERE until < ?", [over]).map_err(write())?;
        transaction
            .execute(
                "INSERT INTO waits (place, call, until) VALUES (?1, ?2, ?3)
                 ON CONFLICT (place, call) DO UPDATE SET until = max(until, excluded.until)",
                params![wait.place, wait.call, wait.until.to_string()],
            )
            .map_err(write())?;
        self.seam.commit(transaction)
    }
}

fn whole(at: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    at.round(up).unwrap_or(at)
}
