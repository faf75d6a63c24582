//! Waits that sites have announced (`Retry-After`), so that they outlive the process that heard
//! them: the next process on this journal sends nothing to that call before they are over.
//!
//! They are written the moment they are heard, by whatever task hears them, in the middle of a
//! look-up or of a batch of the run. So they have a connection of their own; SQLite lets one writer
//! wait for the other.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use rusqlite::{Connection, params};

use crate::commit_hook::CommitHook;
use crate::error::JournalError;

/// Until when a call must not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Where: an address.
    pub place: String,
    /// Method and path template.
    pub call: String,
    /// When it was heard, by the clock of that moment.
    pub heard: Timestamp,
    /// Until then; whole seconds.
    pub until: Timestamp,
}

impl Wait {
    /// A wait; its end is rounded up to whole seconds, which is never too early.
    pub fn new(place: &str, call: &str, heard: Timestamp, wait: Duration) -> Self {
        let until =
            SignedDuration::try_from(wait).ok().and_then(|wait| heard.checked_add(wait).ok());
        let until = whole(until.unwrap_or(Timestamp::MAX));
        let heard = second(heard);
        Self { place: place.to_owned(), call: call.to_owned(), heard, until }
    }

    /// The wait as it is now. A clock that was wrong when it was heard, or is now, must hold nobody up
    /// for longer than was asked for: what is left is never more than the whole of it.
    fn by_now(mut self, now: Timestamp) -> Self {
        if now < self.heard {
            self.until = now.checked_add(self.until.duration_since(self.heard)).unwrap_or(now);
            self.until = whole(self.until);
            self.heard = now;
        }
        self
    }
}

/// The book of waits.
#[derive(Debug)]
pub struct Waits {
    connection: Mutex<Connection>,
    seam: CommitHook,
}

impl Waits {
    pub(crate) fn new(connection: Connection, seam: CommitHook) -> Self {
        Self { connection: Mutex::new(connection), seam }
    }

    /// Those that are not over.
    pub fn all(&self, now: Timestamp) -> Result<Vec<Wait>, JournalError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let waits: Vec<Wait> = connection
            .prepare_cached(
                "SELECT place, call, until, heard FROM waits ORDER BY until, place, call",
            )
            .and_then(|mut statement| {
                let wait = |row: &rusqlite::Row<'_>| {
                    let time = |column| -> rusqlite::Result<Timestamp> {
                        let text: String = row.get(column)?;
                        // What cannot be read is over.
                        Ok(text.parse().unwrap_or(Timestamp::UNIX_EPOCH))
                    };
                    let (until, heard) = (time(2)?, time(3)?);
                    Ok(Wait { place: row.get(0)?, call: row.get(1)?, until, heard })
                };
                statement.query_map([], wait)?.collect()
            })
            .map_err(JournalError::sql("be read"))?;
        let wrong: Vec<Wait> = waits.iter().filter(|wait| now < wait.heard).cloned().collect();
        drop(connection);
        for wait in wrong {
            self.keep(&wait.by_now(now), now)?;
        }
        let waits = waits.into_iter().map(|wait| wait.by_now(now));
        Ok(waits.filter(|wait| wait.until > now).collect())
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
                "INSERT INTO waits (place, call, until, heard) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (place, call) DO UPDATE
                 SET until = excluded.until, heard = excluded.heard
                 WHERE excluded.until > until OR excluded.heard < heard",
                params![
                    wait.place,
                    wait.call,
                    wait.until.to_string(),
                    second(wait.heard).to_string()
                ],
            )
            .map_err(write())?;
        self.seam.commit(transaction)
    }
}

fn second(at: Timestamp) -> Timestamp {
    let down = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    at.round(down).unwrap_or(at)
}

fn whole(at: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    at.round(up).unwrap_or(at)
}
