//! A run in time: every request and every settled step, one after the other. Nothing is gathered here: a run may have
//! millions.

use headcount_journal::{JournalError, ReadTimeline, RunId, Sent, SettledStep};
use headcount_model::outcome::Outcome;
use jiff::Timestamp;

use super::connection::values;
use super::decode::{time, value};
use super::store::PostgresStore;

impl ReadTimeline for PostgresStore {
    fn sent_by(&self, run: &RunId) -> Result<Option<Timestamp>, JournalError> {
        let newest = "SELECT max(sent_by) FROM requests WHERE run = $1";
        let rows = self.session.connection()?.list(newest, values![run.number()])?;
        rows.first().map_or(Ok(None), |row| time(row, 0))
    }

    fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        tell: &mut dyn FnMut(Sent),
    ) -> Result<(), JournalError> {
        let requests = "SELECT call, sent_at, ended_at, status FROM requests WHERE run = $1
             ORDER BY request DESC LIMIT $2";
        let values = values![run.number(), i64::from(newest)];
        self.session.connection()?.each(requests, values, &mut |row| {
            let status: Option<i64> = value(row, 3)?;
            tell(Sent {
                call: value(row, 0)?,
                started: at(value(row, 1)?).unwrap_or(Timestamp::UNIX_EPOCH),
                ended: value::<Option<&str>>(row, 2)?.and_then(at),
                status: status.and_then(|status| status.try_into().ok()),
            });
            Ok(true)
        })
    }

    fn each_settled(
        &self,
        run: &RunId,
        tell: &mut dyn FnMut(SettledStep),
    ) -> Result<(), JournalError> {
        let settled = "SELECT settled_at, outcome, attempts > 0 FROM steps
             WHERE run = $1 AND settled_at IS NOT NULL";
        self.session.connection()?.each(settled, values![run.number()], &mut |row| {
            let outcome = value::<Option<&str>>(row, 1)?.and_then(Outcome::from_word);
            if let (Some(at), Some(outcome)) = (at(value(row, 0)?), outcome) {
                tell(SettledStep { at, outcome, sent: value(row, 2)? });
            }
            Ok(true)
        })
    }
}

fn at(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
