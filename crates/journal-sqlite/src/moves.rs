//! Steps move until they settle, and rows settle by them. Every statement carries the state that the move
//! starts from.
//!
//! - A row has its outcome once all its steps have theirs ([`end_of_row`]).
//! - **What waits for a step settles with it, in the same commit.** If it was done, the waiting steps get
//!   what it has named; if not, they end as [`end_of_waiting`] says, and are pending again once a step
//!   that ended `unknown` is looked at again.

use headcount_journal::decode::{outcome_of, reason_of, step_state};
use headcount_journal::settlement::{Part, end_of_row, end_of_waiting};
use headcount_journal::{
    JournalError, MoveSteps, Returned, ReturnedStep, RunId, SettledRow, StepMove,
};
use headcount_model::outcome::Outcome;
use headcount_model::step::{StepState, Verdict};
use jiff::Timestamp;
use rusqlite::params;

use super::transaction::{SqliteTransaction, number};

impl MoveSteps for SqliteTransaction<'_> {
    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError> {
        match to {
            StepMove::Start(call, at) => self.start_step(run, step, call, at),
            StepMove::Return(back) => self.return_step(run, step, back),
            StepMove::Reopen => self.reopen_step(run, step),
        }
    }

    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        if let Some(at) = at {
            self.end_request(run, step, verdict.reason.word(), verdict.http_status, at)?;
        }
        let mut settled = Vec::new();
        let mut next = vec![(step, verdict.clone())];
        while let Some((step, verdict)) = next.pop() {
            self.settle_step(run, step, &verdict, at)?;
            settled.push(step);
            let waiting = match verdict.outcome {
                Outcome::Changed | Outcome::Unchanged => {
                    self.pass_on(run, step, verdict.outcome)?;
                    self.waiting_for(
                        run,
                        step,
                        "state = 'pending' AND needs_name AND given IS NULL",
                    )?
                }
                _ => self.waiting_for(run, step, "state = 'pending'")?,
            };
            let not_reached = end_of_waiting(verdict.outcome);
            next.extend(waiting.into_iter().map(|waits| (waits, not_reached.clone())));
        }
        let mut rows = Vec::new();
        for step in settled {
            for row in self.rows_of(run, step)? {
                rows.extend(self.settle_by_steps(run, row)?);
            }
        }
        Ok(rows)
    }

    /// Only while it is started its request is surely its own.
    fn note_sent_by(&mut self, run: &RunId, step: u64, at: Timestamp) -> Result<(), JournalError> {
        self.write(
            "UPDATE requests SET sent_by = ?1 WHERE run = ?2 AND sent_by IS NULL AND request =
                (SELECT request FROM steps WHERE run = ?2 AND step = ?3 AND state = 'started')",
            params![at.to_string(), run.number(), number(step)],
        )
        .map(drop)
    }

    fn add_record(&mut self, run: &RunId, step: u64, record: &str) -> Result<(), JournalError> {
        self.write(
            "INSERT INTO records (run, step, number, record)
             SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3 FROM records WHERE run = ?1 AND step = ?2",
            params![run.number(), number(step), record],
        )
        .map(drop)
    }
}

/// How they are sent.
impl SqliteTransaction<'_> {
    fn start_step(
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

    fn return_step(
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

    fn end_request(
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
    fn legal(
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

    fn drop_records(&self, run: &RunId, step: u64) -> Result<(), JournalError> {
        self.write(
            "DELETE FROM records WHERE run = ? AND step = ?",
            params![run.number(), number(step)],
        )
        .map(drop)
    }
}

/// How they settle.
impl SqliteTransaction<'_> {
    fn reopen_step(&mut self, run: &RunId, step: u64) -> Result<(), JournalError> {
        let moved = self.write(
            "UPDATE steps SET state = 'started', outcome = NULL
             WHERE run = ? AND step = ? AND state = 'settled' AND outcome = 'unknown'",
            params![run.number(), number(step)],
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
                     WHERE run = ? AND step = ? AND state = 'settled' AND outcome = 'skipped'",
                    params![run.number(), number(waits)],
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
             WHERE run = ?1 AND step IS NOT NULL
               AND row IN (SELECT row FROM serves WHERE run = ?1 AND step = ?2)",
            params![run.number(), number(step)],
        )
        .map(drop)
    }

    fn settle_step(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<(), JournalError> {
        let moved = self.write(
            "UPDATE steps SET state = 'settled', outcome = ?, reason = ?, detail = ?, http_status = ?,
                              named = ?, settled_at = ?
             WHERE run = ? AND step = ? AND state IN ('pending', 'started')",
            params![
                verdict.outcome.word(),
                verdict.reason.word(),
                verdict.detail,
                verdict.http_status,
                verdict.named.as_ref().map(|named| named.as_str()),
                at.map(|at| at.to_string()),
                run.number(),
                number(step),
            ],
        )?;
        self.legal(moved, run, step, StepState::Settled)?;
        let Some(record) = &verdict.record else { return Ok(()) };
        self.drop_records(run, step)?;
        self.add_record(run, step, record)
    }

    /// Passes the id that this step has named on to the steps that waited for it. If nothing had to be done, how it was
    /// before is not known of them: it was not read, or not since then.
    fn pass_on(&self, run: &RunId, step: u64, outcome: Outcome) -> Result<(), JournalError> {
        self.write(
            "UPDATE steps INDEXED BY steps_needs SET
                given = coalesce(given, (SELECT coalesce(first.named, first.given) FROM steps AS first
                                         WHERE first.run = ?1 AND first.step = ?2)),
                unseen = unseen OR ?3
             WHERE run = ?1 AND needs = ?2 AND state = 'pending'",
            params![run.number(), number(step), outcome == Outcome::Unchanged],
        )
        .map(drop)
    }

    /// The steps that need this one done first, of those in this state.
    fn waiting_for(&self, run: &RunId, step: u64, so: &str) -> Result<Vec<u64>, JournalError> {
        let waiting = format!(
            "SELECT step FROM steps INDEXED BY steps_needs WHERE run = ? AND needs = ? AND {so}"
        );
        self.list(&waiting, params![run.number(), number(step)], |row| {
            Ok(row.get::<_, i64>(0)? as u64)
        })
    }

    fn rows_of(&self, run: &RunId, step: u64) -> Result<Vec<u64>, JournalError> {
        self.list(
            "SELECT serves.row FROM serves JOIN rows USING (run, row)
             WHERE serves.run = ? AND serves.step = ? AND rows.outcome IS NULL",
            params![run.number(), number(step)],
            |row| Ok(row.get::<_, i64>(0)? as u64),
        )
    }

    /// The worst of a row's steps, once all of them are settled.
    fn settle_by_steps(&self, run: &RunId, row: u64) -> Result<Option<SettledRow>, JournalError> {
        let Some(parts) = self.parts_of(run, row)? else { return Ok(None) };
        let Some((settled, step)) = end_of_row(row, &parts) else { return Ok(None) };
        self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ?, step = ? WHERE run = ? AND row = ?",
            params![
                settled.outcome.word(),
                settled.reason.word(),
                settled.detail,
                number(step),
                run.number(),
                number(row)
            ],
        )?;
        Ok(Some(settled))
    }

    /// A row's steps in their order; `None`: one of them has no outcome yet.
    fn parts_of(&self, run: &RunId, row: u64) -> Result<Option<Vec<Part>>, JournalError> {
        type Words = (u64, String, Option<String>, Option<String>, Option<String>);
        let steps: Vec<Words> = self.list(
            "SELECT steps.step, label, outcome, reason, detail
             FROM serves INDEXED BY serves_row CROSS JOIN steps USING (run, step)
             WHERE serves.run = ? AND serves.row = ? ORDER BY serves.step",
            params![run.number(), number(row)],
            |row| {
                let step = row.get::<_, i64>(0)? as u64;
                Ok((step, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            },
        )?;
        let mut parts = Vec::with_capacity(steps.len());
        for (step, label, outcome, reason, detail) in steps {
            let Some(outcome) = outcome else { return Ok(None) };
            let outcome = outcome_of(&outcome)?;
            let reason = reason_of(&reason.unwrap_or_default())?;
            parts.push(Part { step, label, outcome, reason, detail: detail.unwrap_or_default() });
        }
        Ok(Some(parts))
    }
}
