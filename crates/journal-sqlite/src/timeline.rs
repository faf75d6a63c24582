//! A run in time: every request and every settled step, one after the other. Nothing is gathered
//! here: a run may have millions.

use headcount_journal::{JournalError, ReadTimeline, RunId, Sent, SettledStep};
use headcount_model::outcome::Outcome;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::decode::time;
use super::error::sql;
use super::store::SqliteStore;
use super::transaction::of_run;

impl ReadTimeline for SqliteStore {
    fn sent_by(&self, run: &RunId) -> Result<Option<Timestamp>, JournalError> {
        let newest = concat!("SELECT max(sent_by) FROM requests WHERE ", of_run!("requests"));
        let found = self.list(newest, [run.number()], |row| time(row, 0))?;
        Ok(found.into_iter().flatten().next())
    }

    fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        tell: &mut dyn FnMut(Sent),
    ) -> Result<(), JournalError> {
        let requests = concat!(
            "SELECT call, sent_at, ended_at, status FROM requests WHERE ",
            of_run!("requests"),
            " ORDER BY id DESC LIMIT ?2"
        );
        self.each(requests, params![run.number(), newest], |row| {
            let ended: Option<String> = row.get(2)?;
            tell(Sent {
                call: row.get(0)?,
                started: at(&row.get::<_, String>(1)?).unwrap_or(Timestamp::UNIX_EPOCH),
                ended: ended.as_deref().and_then(at),
                status: row.get(3)?,
            });
            Ok(())
        })
    }

    fn each_settled(
        &self,
        run: &RunId,
        tell: &mut dyn FnMut(SettledStep),
    ) -> Result<(), JournalError> {
        self.each(
            concat!(
                "SELECT settled_at, outcome, attempts > 0 FROM steps WHERE ",
                of_run!("steps"),
                " AND settled_at IS NOT NULL"
            ),
            [run.number()],
            |row| {
                let outcome = row.get::<_, Option<String>>(1)?;
                let outcome = outcome.as_deref().and_then(Outcome::from_word);
                if let (Some(at), Some(outcome)) = (at(&row.get::<_, String>(0)?), outcome) {
                    tell(SettledStep { at, outcome, sent: row.get(2)? });
                }
                Ok(())
            },
        )
    }
}

impl SqliteStore {
    pub(crate) fn each(
        &self,
        statement: &str,
        values: impl rusqlite::Params,
        mut tell: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), JournalError> {
        let mut read = |values| -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(statement)?;
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                tell(row)?;
            }
            Ok(())
        };
        read(values).map_err(sql("be read"))
    }
}

fn at(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
