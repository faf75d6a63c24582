//! Waits that sites have announced.

use headcount_journal::{JournalError, Wait};
use headcount_model::retry_after::LONGEST;
use jiff::Timestamp;
use rusqlite::params;

use super::store::SqliteStore;
use super::transaction::SqliteTransaction;

impl SqliteStore {
    pub(crate) fn read_waits(&self) -> Result<Vec<Wait>, JournalError> {
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

impl SqliteTransaction<'_> {
    /// All times are whole seconds, in one form: texts that compare as the times do.
    pub(crate) fn insert_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        self.write("DELETE FROM waits WHERE until < ?", [now.to_string()])?;
        // A wait is due again (`Wait::is_due_again`) after so many seconds.
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
}
