//! How steps settle, and rows by them.
//!
//! - A row has its outcome once all its steps have theirs: that of the worst ([`Outcome::rank`]), with
//!   a detail that reports each step.
//! - **What waits for a step settles with it, in the same commit.** If it was done, the waiting steps get
//!   what it has named; if not, they are `skipped: earlier-step-not-done`, and pending
//!   again once a step that ended `unknown` is looked at again.

use jiff::Timestamp;
use rusqlite::params;

use super::batch::Batch;
use crate::error::JournalError;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{StepState, Verdict};

/// A row that has got its outcome by a step that settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledRow {
    /// The row.
    pub row: u64,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

/// A step of a row that is to get its outcome.
struct Part {
    step: i64,
    /// What it changes, where its detail does not say so.
    label: String,
    outcome: Outcome,
    reason: Reason,
    detail: String,
}

impl Part {
    /// Its part of a row of several steps; a change says itself what it is about.
    fn told(&self) -> String {
        match self.outcome {
            Outcome::Changed => self.detail.clone(),
            outcome => format!("{} {outcome}: {}", self.label, self.detail),
        }
    }
}

impl Batch<'_> {
    /// Opens a step that had settled as unknown: it is looked at again. What was not sent because of
    /// it waits for it again.
    pub fn reopen(&mut self, step: u64) -> Result<(), JournalError> {
        let moved = self.write(
            "UPDATE steps SET state = 'started', outcome = NULL
             WHERE run = ? AND step = ? AND state = 'settled' AND outcome = 'unknown'",
            params![self.run, step as i64],
        )?;
        self.legal(moved, step, StepState::Started)?;
        self.open_rows(step)?;
        let mut opened = vec![step];
        while let Some(first) = opened.pop() {
            for waits in
                self.waiting_for(first, "state = 'settled' AND reason = 'earlier-step-not-done'")?
            {
                self.write(
                    "UPDATE steps SET state = 'pending', outcome = NULL, reason = NULL,
                                      detail = NULL, settled_at = NULL
                     WHERE run = ? AND step = ? AND outcome = 'skipped'",
                    params![self.run, waits as i64],
                )?;
                self.open_rows(waits)?;
                opened.push(waits);
            }
        }
        Ok(())
    }

    /// The rows that a step decides, alone or with others, are pending again.
    fn open_rows(&self, step: u64) -> Result<(), JournalError> {
        self.write(
            "UPDATE rows SET outcome = NULL, reason = NULL, detail = NULL, step = NULL
             WHERE run = ?1 AND step IS NOT NULL
               AND row IN (SELECT row FROM serves WHERE run = ?1 AND step = ?2)",
            params![self.run, step as i64],
        )
        .map(drop)
    }

    /// Gives a pending or started step its outcome, and with it what waits for it; and every row that
    /// has all its steps settled by now the outcome of its worst.
    pub fn settle(
        &mut self,
        step: u64,
        verdict: &Verdict,
        at: Timestamp,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.end_request(step, verdict.reason.word(), verdict.http_status, at)?;
        self.settle_with_waiting(step, verdict, Some(at))
    }

    /// Gives a step of a draft its outcome: it will not be sent. It has no time, because nothing was sent.
    pub fn settle_in_plan(
        &mut self,
        step: u64,
        verdict: &Verdict,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.settle_with_waiting(step, verdict, None)
    }

    fn settle_with_waiting(
        &mut self,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        let mut settled = Vec::new();
        let mut next = vec![(step, verdict.clone())];
        while let Some((step, verdict)) = next.pop() {
            self.settle_step(step, &verdict, at)?;
            settled.push(step);
            let waiting = match verdict.outcome {
                Outcome::Changed | Outcome::Unchanged => {
                    self.pass_on(step, verdict.outcome)?;
                    self.waiting_for(step, "state = 'pending' AND needs_name AND given IS NULL")?
                }
                _ => self.waiting_for(step, "state = 'pending'")?,
            };
            let not_reached = not_reached(verdict.outcome);
            next.extend(waiting.into_iter().map(|waits| (waits, not_reached.clone())));
        }
        let mut rows = Vec::new();
        for step in settled {
            for row in self.rows_of(step)? {
                rows.extend(self.settle_by_steps(row)?);
            }
        }
        Ok(rows)
    }

    fn settle_step(
        &self,
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
                self.run,
                step as i64,
            ],
        )?;
        self.legal(moved, step, StepState::Settled)
    }

    /// Tells those that waited for this step what it has named. If nothing had to be done, how it was
    /// before is not known of them: it was not read, or not since then.
    fn pass_on(&self, step: u64, outcome: Outcome) -> Result<(), JournalError> {
        self.write(
            "UPDATE steps INDEXED BY steps_needs SET
                given = coalesce(given, (SELECT coalesce(first.named, first.given) FROM steps AS first
                                         WHERE first.run = ?1 AND first.step = ?2)),
                unseen = unseen OR ?3
             WHERE run = ?1 AND needs = ?2 AND state = 'pending'",
            params![self.run, step as i64, outcome == Outcome::Unchanged],
        )
        .map(drop)
    }

    /// The steps that need this one done first, of those that are so.
    fn waiting_for(&self, step: u64, so: &str) -> Result<Vec<u64>, JournalError> {
        let sql = format!(
            "SELECT step FROM steps INDEXED BY steps_needs WHERE run = ? AND needs = ? AND {so}"
        );
        self.transaction
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                let number = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(0)? as u64);
                statement.query_map(params![self.run, step as i64], number)?.collect()
            })
            .map_err(JournalError::sql("be read"))
    }

    fn rows_of(&self, step: u64) -> Result<Vec<i64>, JournalError> {
        self.transaction
            .prepare_cached(
                "SELECT serves.row FROM serves JOIN rows USING (run, row)
                 WHERE serves.run = ? AND serves.step = ? AND rows.outcome IS NULL",
            )
            .and_then(|mut statement| {
                statement.query_map(params![self.run, step as i64], |row| row.get(0))?.collect()
            })
            .map_err(JournalError::sql("be read"))
    }

    /// The worst of a row's steps, once all of them are settled.
    fn settle_by_steps(&self, row: i64) -> Result<Option<SettledRow>, JournalError> {
        let Some(parts) = self.parts_of(row)? else { return Ok(None) };
        let Some(worst) = parts.iter().reduce(|worst, part| {
            if part.outcome.rank() > worst.outcome.rank() { part } else { worst }
        }) else {
            return Ok(None);
        };
        let detail = match parts.as_slice() {
            [only] => only.detail.clone(),
            parts => parts.iter().map(Part::told).collect::<Vec<_>>().join("; "),
        };
        let (outcome, reason) = (worst.outcome, worst.reason);
        self.write(
            "UPDATE rows SET outcome = ?, reason = ?, detail = ?, step = ? WHERE run = ? AND row = ?",
            params![outcome.word(), reason.word(), detail, worst.step, self.run, row],
        )?;
        Ok(Some(SettledRow { row: row as u64, outcome, reason, detail }))
    }

    /// A row's steps in their order; `None`: one of them has no outcome yet.
    fn parts_of(&self, row: i64) -> Result<Option<Vec<Part>>, JournalError> {
        type Words = [Option<String>; 4];
        let steps: Vec<(i64, Words)> = self
            .transaction
            .prepare_cached(
                "SELECT steps.step, outcome, reason, detail,
                        label
                 FROM serves INDEXED BY serves_row CROSS JOIN steps USING (run, step)
                 WHERE serves.run = ? AND serves.row = ? ORDER BY serves.step",
            )
            .and_then(|mut statement| {
                let values = |row: &rusqlite::Row<'_>| {
                    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
                };
                statement.query_map(params![self.run, row], values)?.collect()
            })
            .map_err(JournalError::sql("be read"))?;
        let mut parts = Vec::with_capacity(steps.len());
        for (step, [outcome, reason, detail, label]) in steps {
            let Some(outcome) = outcome.as_deref().and_then(Outcome::from_word) else {
                return Ok(None);
            };
            let reason = reason.as_deref().and_then(Reason::from_word).ok_or_else(|| {
                JournalError::Unreadable {
                    what: format!("the reason “{}”", reason.unwrap_or_default()),
                }
            })?;
            let (detail, label) = (detail.unwrap_or_default(), label.unwrap_or_default());
            parts.push(Part { step, label, outcome, reason, detail });
        }
        Ok(Some(parts))
    }
}

/// What becomes of a step whose first one ended so.
fn not_reached(first: Outcome) -> Verdict {
    let why = match first {
        Outcome::Changed | Outcome::Unchanged => "the site did not name what it created",
        Outcome::Unknown => {
            "it is not known yet whether the step that it needs was done; resume the run to \
             read the site again"
        }
        Outcome::Skipped => "the step that it needs was skipped",
        Outcome::Failed => "the step that it needs failed",
    };
    Verdict::new(Outcome::Skipped, Reason::EarlierStepNotDone, format!("not sent: {why}"))
}
