//! Steps move until they settle, and rows settle by them. Every statement carries the state that the move
//! starts from.
//!
//! - A row has its outcome once all its steps have theirs ([`end_of_row`]).
//! - **What waits for a step settles with it, in the same commit.** If it was done, the waiting steps get
//!   what it has named; if not, they end as [`end_of_waiting`] says, and are pending again once a step
//!   that ended `unknown` is looked at again.

use headcount_journal::decode::{outcome_of, reason_of, step_state};
use headcount_journal::settlement::{Part, end_of_row, end_of_waiting};
use headcount_journal::{JournalError, MoveSteps, RunId, SettledRow, StepMove};
use headcount_model::outcome::Outcome;
use headcount_model::step::{StepState, Verdict};
use jiff::Timestamp;
use rusqlite::params;

use super::transaction::{SqliteTransaction, id, number};

impl MoveSteps for SqliteTransaction<'_> {
    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError> {
        match to {
            StepMove::Start(call, at) => self.start_step(run, step, call, &at.to_string()),
            StepMove::Return(back) => self.return_step(run, step, back),
            StepMove::Reopen => self.reopen_step(run, step),
        }
    }

    fn start_all(
        &mut self,
        run: &RunId,
        steps: &[(u64, &str)],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let at = at.to_string();
        steps.iter().try_for_each(|(step, call)| self.start_step(run, *step, call, &at))
    }

    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.settle_all(run, &[(step, verdict)], at)
    }

    fn settle_all(
        &mut self,
        run: &RunId,
        ends: &[(u64, &Verdict)],
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        let at = at.map(|at| at.to_string());
        let mut rows = Vec::with_capacity(ends.len());
        for (step, verdict) in ends {
            match self.has_dependents(run)? {
                true => self.settle_with_waiting(run, *step, verdict, at.as_deref(), &mut rows)?,
                false => self.settle_one(run, *step, verdict, at.as_deref(), &mut rows)?,
            }
        }
        Ok(rows)
    }

    /// Only while it is started its request is surely its own.
    fn note_sent_by(&mut self, run: &RunId, step: u64, at: Timestamp) -> Result<(), JournalError> {
        self.write(
            "UPDATE requests SET sent_by = ?1 WHERE sent_by IS NULL AND id =
                ?2 + (SELECT request FROM steps WHERE id = ?3 AND state = 'started')",
            params![at.to_string(), id(run, 0), id(run, step)],
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
        at: &str,
    ) -> Result<(), JournalError> {
        let last = match self.last_request {
            Some((of, last)) if of == run.number() => last,
            Some(_) | None => self.last_of("requests", run)?,
        };
        let request = last + 1;
        self.last_request = Some((run.number(), request));
        self.write(
            "INSERT INTO requests (id, step, call, sent_at) VALUES (?, ?, ?, ?)",
            params![id(run, request), number(step), call, at],
        )?;
        let moved = self.write(
            "UPDATE steps SET state = 'started', request = ?, attempts = attempts + 1,
                              settled_at = NULL
             WHERE id = ? AND state = 'pending'",
            params![number(request), id(run, step)],
        )?;
        self.legal(moved, run, step, StepState::Started)
    }

    /// Ends the last request of a step; a step that was never sent has none.
    pub(crate) fn end_request(
        &self,
        run: &RunId,
        request: Option<u32>,
        (result, status): (&str, Option<u16>),
        at: &str,
    ) -> Result<(), JournalError> {
        let Some(request) = request else { return Ok(()) };
        self.write(
            "UPDATE requests SET ended_at = ?, status = ?, result = ? WHERE id = ? AND ended_at IS NULL",
            params![at, status, result, id(run, request.into())],
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
        let from: String =
            self.read("SELECT state FROM steps WHERE id = ?", [id(run, step)], |row| row.get(0))?;
        Err(JournalError::IllegalMove { step, from: step_state(&from)?, to })
    }

    pub(crate) fn drop_records(&self, run: &RunId, step: u64) -> Result<(), JournalError> {
        self.write(
            "DELETE FROM records WHERE run = ? AND step = ?",
            params![run.number(), number(step)],
        )
        .map(drop)
    }
}

/// How they settle.
impl SqliteTransaction<'_> {
    /// Settles a step of a run in which no step needs another one.
    fn settle_one(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<&str>,
        rows: &mut Vec<SettledRow>,
    ) -> Result<(), JournalError> {
        let sent = self.sent(run, step)?;
        self.end(run, &sent, verdict, at)?;
        self.settle_step(run, step, verdict, at)?;
        self.settle_rows_of(run, (step, &sent), verdict, rows)
    }

    /// Settles a step, and those that needed it.
    fn settle_with_waiting(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<&str>,
        rows: &mut Vec<SettledRow>,
    ) -> Result<(), JournalError> {
        self.end(run, &self.sent(run, step)?, verdict, at)?;
        let mut settled = Vec::new();
        let mut next = vec![(step, verdict.clone())];
        while let Some((step, verdict)) = next.pop() {
            self.settle_step(run, step, &verdict, at)?;
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
            settled.push((step, verdict));
        }
        for (step, verdict) in settled {
            let sent = self.sent(run, step)?;
            self.settle_rows_of(run, (step, &sent), &verdict, rows)?;
        }
        Ok(())
    }

    /// What is known of a step that settles.
    fn sent(&self, run: &RunId, step: u64) -> Result<Sent, JournalError> {
        self.read(
            "SELECT request, row,
                    EXISTS (SELECT 1 FROM shared WHERE shared.run = ?1 AND shared.step = ?2)
                    OR EXISTS (SELECT 1 FROM shared WHERE shared.run = ?1 AND shared.row = steps.row)
                    OR EXISTS (SELECT 1 FROM steps AS other WHERE other.run = ?1
                               AND other.row = steps.row AND other.id <> steps.id)
             FROM steps WHERE id = ?3",
            params![run.number(), number(step), id(run, step)],
            |row| Ok(Sent { request: row.get(0)?, row: row.get(1)?, shares: row.get(2)? }),
        )
    }

    fn end(
        &self,
        run: &RunId,
        sent: &Sent,
        verdict: &Verdict,
        at: Option<&str>,
    ) -> Result<(), JournalError> {
        let Some(at) = at else { return Ok(()) };
        self.end_request(run, sent.request, (verdict.reason.word(), verdict.http_status), at)
    }

    fn settle_step(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<&str>,
    ) -> Result<(), JournalError> {
        let moved = self.write(
            "UPDATE steps SET state = 'settled', outcome = ?, reason = ?, detail = ?, http_status = ?,
                              named = ?, settled_at = ?
             WHERE id = ? AND state IN ('pending', 'started')",
            params![
                verdict.outcome.word(),
                verdict.reason.word(),
                verdict.detail,
                verdict.http_status,
                verdict.named.as_ref().map(|named| named.as_str()),
                at,
                id(run, step),
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
                                         WHERE first.id = ?1)),
                unseen = unseen OR ?2
             WHERE run = ?3 AND needs = ?4 AND state = 'pending'",
            params![id(run, step), outcome == Outcome::Unchanged, run.number(), number(step)],
        )
        .map(drop)
    }

    /// The steps that need this one done first, of those in this state.
    pub(crate) fn waiting_for(
        &self,
        run: &RunId,
        step: u64,
        so: &str,
    ) -> Result<Vec<u64>, JournalError> {
        let waiting = format!(
            "SELECT step FROM steps INDEXED BY steps_needs WHERE run = ? AND needs = ? AND {so}"
        );
        self.list(&waiting, params![run.number(), number(step)], |row| {
            Ok(row.get::<_, i64>(0)? as u64)
        })
    }

    /// Whether any step of the run needs another one. Most runs have none.
    fn has_dependents(&mut self, run: &RunId) -> Result<bool, JournalError> {
        if let Some((of, any)) = self.has_dependents
            && of == run.number()
        {
            return Ok(any);
        }
        let any = self.read(
            "SELECT EXISTS (SELECT 1 FROM steps INDEXED BY steps_needs WHERE run = ? AND needs IS NOT NULL)",
            [run.number()],
            |row| row.get(0),
        )?;
        self.has_dependents = Some((run.number(), any));
        Ok(any)
    }

    /// Gives the rows that a settled step serves their outcomes, if all their steps have theirs.
    fn settle_rows_of(
        &self,
        run: &RunId,
        (step, sent): (u64, &Sent),
        verdict: &Verdict,
        rows: &mut Vec<SettledRow>,
    ) -> Result<(), JournalError> {
        if sent.shares {
            for row in self.rows_of(run, step)? {
                if let Some(parts) = self.parts_of(run, row)? {
                    rows.extend(self.settle_row_by(run, row, &parts)?);
                }
            }
            return Ok(());
        }
        // Its own row's only step.
        let (outcome, reason, detail) = (verdict.outcome, verdict.reason, verdict.detail.clone());
        let part = Part { step, label: String::new(), outcome, reason, detail };
        rows.extend(self.settle_row_by(run, sent.row.into(), &[part])?);
        Ok(())
    }

    fn rows_of(&self, run: &RunId, step: u64) -> Result<Vec<u64>, JournalError> {
        self.list(
            "SELECT row FROM rows WHERE outcome IS NULL AND id IN
                (SELECT ?1 + row FROM steps WHERE id = ?2
                 UNION ALL SELECT ?1 + row FROM shared WHERE run = ?3 AND step = ?4)
             ORDER BY id",
            params![id(run, 0), id(run, step), run.number(), number(step)],
            |row| Ok(row.get::<_, i64>(0)? as u64),
        )
    }

    /// The worst of a row's steps, all of which are settled; `None`: the row has its outcome already.
    fn settle_row_by(
        &self,
        run: &RunId,
        row: u64,
        parts: &[Part],
    ) -> Result<Option<SettledRow>, JournalError> {
        let Some((settled, step)) = end_of_row(row, parts) else { return Ok(None) };
        let given = self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ?, step = ? WHERE id = ? AND outcome IS NULL",
            params![
                settled.outcome.word(),
                settled.reason.word(),
                settled.detail,
                number(step),
                id(run, row)
            ],
        )?;
        Ok((given == 1).then_some(settled))
    }

    /// A row's steps in their order; `None`: one of them has no outcome yet.
    fn parts_of(&self, run: &RunId, row: u64) -> Result<Option<Vec<Part>>, JournalError> {
        type Words = (u64, String, Option<String>, Option<String>, Option<String>);
        let steps: Vec<Words> = self.list(
            "SELECT step, label, outcome, reason, detail FROM steps WHERE id IN
                (SELECT id FROM steps INDEXED BY steps_row WHERE run = ?2 AND row = ?3
                 UNION ALL SELECT ?1 + step FROM shared WHERE run = ?2 AND row = ?3)
             ORDER BY id",
            params![id(run, 0), run.number(), number(row)],
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

/// A step that settles.
struct Sent {
    /// Its last request.
    request: Option<u32>,
    /// Its own row.
    row: u32,
    /// Whether it serves other rows too, or its row has other steps.
    shares: bool,
}
