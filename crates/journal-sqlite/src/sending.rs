//! What moves steps until they settle. Every statement carries the state that the move starts from.

use headcount_journal::{JournalError, Returned, ReturnedStep, RunId};
use headcount_model::step::StepState;
use jiff::Timestamp;
use rusqlite::params;

use super::decode::step_state;
use super::number::number;
use super::transaction::SqliteTransaction;

impl SqliteTransaction<'_> {
    pub(crate) fn start_step(
        &mut self,
        run: &RunId,
        step: u64,
        call: &str,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let request: i64 = self.read(
            "SELECT coalesce(max(request), 0) + 1 FROM requests WHERE run = ?",
            [run.number()],
            |row| row.get(0),
        )?;
        self.write(
            "INSERT INTO requests (run, request, step, call, sent_at) VALUES (?, ?, ?, ?, ?)",
            params![run.number(), request, number(step), call, at.to_string()],
        )?;
        let moved = self.write(
            "UPDATE steps SET state = 'started', request = ?, attempts = attempts + 1,
                              settled_at = NULL
             WHERE run = ? AND step = ? AND state = 'pending'",
            params![request, run.number(), number(step)],
        )?;
        self.legal(moved, run, step, StepState::Started)
    }

    pub(crate) fn return_step(
        &mut self,
        run: &RunId,
        step: u64,
        back: &ReturnedStep<'_>,
    ) -> Result<(), JournalError> {
        let (mut unclear, mut never_left) = (0, 0);
        match back.returned {
            Returned::Refused => self.end_request(run, step, back.why, back.status, back.at)?,
            Returned::Unclear => {
                self.end_request(run, step, back.why, back.status, back.at)?;
                unclear = 1;
            }
            Returned::NeverLeft => never_left = self.forget_request(run, step)?,
        }
        let moved = self.write(
            // The number of a forgotten request may be another's the next moment.
            "UPDATE steps SET state = 'pending', unclear = unclear + ?1, attempts = attempts - ?2,
                              request = iif(?2, NULL, request)
             WHERE run = ?3 AND step = ?4 AND state = 'started'",
            params![unclear, never_left as i64, run.number(), number(step)],
        )?;
        self.legal(moved, run, step, StepState::Pending)?;
        self.drop_records(run, step)
    }

    /// Drops the request of a step that has no response yet; how many that were (a step that is only
    /// looked at has none).
    fn forget_request(&mut self, run: &RunId, step: u64) -> Result<usize, JournalError> {
        self.write(
            "DELETE FROM requests WHERE run = ?1 AND ended_at IS NULL AND request =
                (SELECT request FROM steps WHERE run = ?1 AND step = ?2 AND state = 'started')",
            params![run.number(), number(step)],
        )
    }

    /// Only while it is started its request is surely its own.
    pub(crate) fn note_request(
        &mut self,
        run: &RunId,
        step: u64,
        sent_by: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE requests SET sent_by = ?1 WHERE run = ?2 AND sent_by IS NULL AND request =
                (SELECT request FROM steps WHERE run = ?2 AND step = ?3 AND state = 'started')",
            params![sent_by.to_string(), run.number(), number(step)],
        )
        .map(drop)
    }

    pub(crate) fn end_request(
        &self,
        run: &RunId,
        step: u64,
        result: &str,
        status: Option<u16>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(
            "UPDATE requests SET ended_at = ?, status = ?, result = ? WHERE run = ?4 AND ended_at IS NULL
               AND request = (SELECT request FROM steps WHERE run = ?4 AND step = ?5)",
            params![at.to_string(), status, result, run.number(), number(step)],
        )
        .map(drop)
    }

    /// A move that changed no line was not legal; says from where it was tried.
    pub(crate) fn legal(
        &self,
        moved: usize,
        run: &RunId,
        step: u64,
        to: StepState,
    ) -> Result<(), JournalError> {
        if moved == 1 {
            return Ok(());
        }
        let from: String = self.read(
            "SELECT state FROM steps WHERE run = ? AND step = ?",
            params![run.number(), number(step)],
            |row| row.get(0),
        )?;
        Err(JournalError::IllegalMove { step, from: step_state(&from)?, to })
    }
}
