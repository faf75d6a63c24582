//! Steps that had no effect are pending again, and steps that ended `unknown` are started again.

use headcount_journal::{JournalError, Returned, ReturnedStep, RunId};
use headcount_model::step::StepState;
use rusqlite::params;

use super::transaction::{SqliteTransaction, id, number};

impl SqliteTransaction<'_> {
    pub(crate) fn return_step(
        &mut self,
        run: &RunId,
        step: u64,
        back: &ReturnedStep<'_>,
    ) -> Result<(), JournalError> {
        let (mut unclear, mut never_left) = (0, 0);
        match back.returned {
            Returned::Refused => self.end_request_of(run, step, back)?,
            Returned::Unclear => {
                self.end_request_of(run, step, back)?;
                unclear = 1;
            }
            Returned::NeverLeft => never_left = self.forget_request(run, step)?,
        }
        let moved = self.write(
            // The number of a forgotten request may be another's the next moment.
            "UPDATE steps SET state = 'pending', unclear = unclear + ?1, attempts = attempts - ?2,
                              request = iif(?2, NULL, request)
             WHERE id = ?3 AND state = 'started'",
            params![unclear, never_left as i64, id(run, step)],
        )?;
        self.legal(moved, run, step, StepState::Pending)?;
        self.drop_records(run, step)
    }

    /// Drops the request of a step that has no response yet; how many that were (a step that is only
    /// looked at has none).
    fn forget_request(&mut self, run: &RunId, step: u64) -> Result<usize, JournalError> {
        self.write(
            "DELETE FROM requests WHERE ended_at IS NULL AND id =
                ?1 + (SELECT request FROM steps WHERE id = ?2 AND state = 'started')",
            params![id(run, 0), id(run, step)],
        )
    }

    fn end_request_of(
        &self,
        run: &RunId,
        step: u64,
        back: &ReturnedStep<'_>,
    ) -> Result<(), JournalError> {
        let request =
            self.read("SELECT request FROM steps WHERE id = ?", [id(run, step)], |row| {
                row.get::<_, Option<u32>>(0)
            })?;
        self.end_request(run, request, (back.why, back.status), &back.at.to_string())
    }

    pub(crate) fn reopen_step(&mut self, run: &RunId, step: u64) -> Result<(), JournalError> {
        let moved = self.write(
            "UPDATE steps SET state = 'started', outcome = NULL
             WHERE id = ? AND state = 'settled' AND outcome = 'unknown'",
            [id(run, step)],
        )?;
        self.legal(moved, run, step, StepState::Started)?;
        self.open_rows(run, step)?;
        let mut opened = vec![step];
        while let Some(first) = opened.pop() {
            for waits in self.waiting_for(
                run,
                first,
                "state = 'settled' AND reason = 'earlier-step-not-done'",
            )? {
                self.write(
                    "UPDATE steps SET state = 'pending', outcome = NULL, reason = NULL,
                                      detail = NULL, settled_at = NULL
                     WHERE id = ? AND state = 'settled' AND outcome = 'skipped'",
                    [id(run, waits)],
                )?;
                self.open_rows(run, waits)?;
                opened.push(waits);
            }
        }
        Ok(())
    }

    /// The rows that a step decides, alone or with others, are pending again.
    fn open_rows(&self, run: &RunId, step: u64) -> Result<(), JournalError> {
        self.write(
            "UPDATE rows SET outcome = NULL, reason = NULL, detail = NULL, step = NULL
             WHERE step IS NOT NULL AND id IN
                (SELECT ?1 + row FROM steps WHERE id = ?2
                 UNION ALL SELECT ?1 + row FROM shared WHERE run = ?3 AND step = ?4)",
            params![id(run, 0), id(run, step), run.number(), number(step)],
        )
        .map(drop)
    }
}
