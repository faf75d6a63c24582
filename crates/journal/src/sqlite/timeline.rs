//! A run in time, for charts: every request and every settled step, one after the other. Nothing is
//! gathered here: a run may have millions.

use jiff::Timestamp;
use rusqlite::Row;

use super::store::Journal;
use crate::error::JournalError;
use crate::run::RunId;
use headcount_model::outcome::Outcome;

/// A changing request, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Method and path, with names in braces.
    pub call: String,
    /// When it was started. It is sent when the pace allows, which may be later.
    pub started: Timestamp,
    /// When its answer was noted; `None` where none was.
    pub ended: Option<Timestamp>,
    /// The answer's status.
    pub status: Option<u16>,
}

impl Journal {
    /// Tells every request of a run, as their answers came; exactly to the second.
    pub fn each_request(
        &self,
        run: &RunId,
        mut tell: impl FnMut(Sent),
    ) -> Result<(), JournalError> {
        self.each(
            "SELECT call, sent_at, ended_at, status FROM requests WHERE run = ?
             ORDER BY coalesce(ended_at, sent_at)",
            run,
            |row| {
                let ended: Option<String> = row.get(2)?;
                let sent = Sent {
                    call: row.get(0)?,
                    started: at(&row.get::<_, String>(1)?).unwrap_or(Timestamp::UNIX_EPOCH),
                    ended: ended.as_deref().and_then(at),
                    status: row.get(3)?,
                };
                tell(sent);
                Ok(())
            },
        )
    }

    /// Tells when each settled step was settled, and how; in no order of time.
    pub fn each_settled(
        &self,
        run: &RunId,
        mut tell: impl FnMut(Timestamp, Outcome),
    ) -> Result<(), JournalError> {
        self.each(
            "SELECT settled_at, outcome FROM steps WHERE run = ? AND settled_at IS NOT NULL",
            run,
            |row| {
                let outcome = row.get::<_, Option<String>>(1)?;
                let outcome = outcome.as_deref().and_then(Outcome::from_word);
                if let (Some(at), Some(outcome)) = (at(&row.get::<_, String>(0)?), outcome) {
                    tell(at, outcome);
                }
                Ok(())
            },
        )
    }

    fn each(
        &self,
        sql: &str,
        run: &RunId,
        mut tell: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), JournalError> {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([run.number])?;
            while let Some(row) = rows.next()? {
                tell(row)?;
            }
            Ok(())
        };
        read().map_err(JournalError::sql("be read"))
    }
}

fn at(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
