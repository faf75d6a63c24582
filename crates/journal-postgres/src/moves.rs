//! Steps move until they settle. Every statement carries the state that the move starts from.

use std::sync::LazyLock;

use headcount_journal::decode::step_state;
use headcount_journal::{
    JournalError, MoveSteps, Returned, ReturnedStep, RunId, SettledRow, StepMove,
};
use headcount_model::step::{StepState, Verdict};
use jiff::Timestamp;

use super::connection::{Call, values};
use super::decode::value;
use super::transaction::{Moved, PostgresTransaction, number, text};

/// Starts steps and records their requests, numbered in the order of the steps here. The run is in the list of the steps:
/// with a run that it knows, and without statistics, the server reads all steps of the run to find them.
const START: &str = "
    WITH last AS (SELECT coalesce(max(request), 0) AS request FROM requests WHERE run = $1),
    moved AS (
        UPDATE steps SET state = 'started', request = last.request + asked.number,
                         attempts = attempts + 1, settled_at = NULL
        FROM last, unnest(array_fill($1::bigint, ARRAY[cardinality($2::bigint[])]), $2::bigint[], $3::text[])
            WITH ORDINALITY AS asked (run, step, call, number)
        WHERE steps.run = asked.run AND steps.step = asked.step AND steps.state = 'pending'
        RETURNING steps.step, steps.request, asked.call),
    noted AS (
        INSERT INTO requests (run, request, step, call, sent_at)
        SELECT $1, request, step, call, $4 FROM moved)
    SELECT step FROM moved";

/// The same as a statement that fails if it cannot start all of them ($5).
static START_OR_FAIL: LazyLock<String> = LazyLock::new(|| {
    START.replace("SELECT step FROM moved", "SELECT all_moved((SELECT count(*) FROM moved), $5)")
});

/// Forgets the request of a step that was never sent; a step that is only read has none. The number of a forgotten
/// request may be another's the next moment.
const FORGET: &str = "
    WITH forgotten AS (
        DELETE FROM requests USING steps
        WHERE requests.run = $1 AND requests.ended_at IS NULL AND requests.request = steps.request
          AND steps.run = $1 AND steps.step = $2 AND steps.state = 'started'
        RETURNING 1)
    UPDATE steps SET state = 'pending', attempts = attempts - (SELECT count(*) FROM forgotten),
                     request = CASE WHEN EXISTS (SELECT 1 FROM forgotten) THEN NULL ELSE request END
    WHERE run = $1 AND step = $2 AND state = 'started'";

const END_REQUEST: &str = "
    UPDATE requests SET ended_at = $3, status = $4, result = $5
    WHERE run = $1 AND ended_at IS NULL
      AND request = (SELECT request FROM steps WHERE run = $1 AND step = $2)";

const DROP_RECORDS: &str = "DELETE FROM records WHERE run = $1 AND step = $2";

/// The rows that a step decides, alone or with others, are pending again.
const OPEN_ROWS: &str = "
    UPDATE rows SET outcome = NULL, reason = NULL, detail = NULL, step = NULL
    WHERE run = $1 AND step IS NOT NULL
      AND row IN (SELECT serves.row FROM serves WHERE serves.run = $1 AND serves.step = $2)";

impl MoveSteps for PostgresTransaction<'_> {
    fn move_step(&mut self, run: &RunId, step: u64, to: StepMove<'_>) -> Result<(), JournalError> {
        self.fence(run);
        match to {
            StepMove::Start(call, at) => self.start_all(run, &[(step, call)], at),
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
        if steps.is_empty() {
            return Ok(());
        }
        self.fence(run);
        let numbers: Vec<i64> = steps.iter().map(|(step, _)| number(*step)).collect();
        let calls: Vec<String> = steps.iter().map(|(_, call)| text(call)).collect();
        let values = values![run.number(), numbers.clone(), calls, at.to_string()];
        let moved = self.list(START, values)?;
        if moved.len() == numbers.len() {
            return Ok(());
        }
        let moved: Vec<i64> = moved.iter().map(|row| value(row, 0)).collect::<Result<_, _>>()?;
        let kept = numbers.iter().find(|step| !moved.contains(step)).or(numbers.first());
        let step = kept.map_or(0, |step| *step as u64);
        Err(self.illegal(run, step, StepState::Started)?)
    }

    /// Sent with the commit: its result decides nothing but whether the transaction fails.
    fn start_at_commit(
        &mut self,
        run: &RunId,
        steps: &[(u64, &str)],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        if steps.is_empty() {
            return Ok(());
        }
        self.fence(run);
        let numbers: Vec<i64> = steps.iter().map(|(step, _)| number(*step)).collect();
        let calls: Vec<String> = steps.iter().map(|(_, call)| text(call)).collect();
        let many = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        let values = values![run.number(), numbers.clone(), calls, at.to_string(), many];
        self.last = Some(Call { sql: &START_OR_FAIL, values });
        self.moved.push(Moved { run: run.clone(), steps: numbers, to: StepState::Started });
        Ok(())
    }

    fn settle(
        &mut self,
        run: &RunId,
        step: u64,
        verdict: &Verdict,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        self.settle_now(run, vec![(step, verdict.clone())], at)
    }

    fn settle_all(
        &mut self,
        run: &RunId,
        ends: &[(u64, &Verdict)],
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        let ends = ends.iter().map(|(step, verdict)| (*step, (*verdict).clone()));
        let ends: Vec<_> = ends.collect();
        match self.are_alone(run, &ends)? {
            true => Ok(self.settle_at_commit(run, &ends, at)),
            false => self.settle_now(run, ends, at),
        }
    }

    /// Only while the step is started its request is surely its own.
    fn note_sent_by(&mut self, run: &RunId, step: u64, at: Timestamp) -> Result<(), JournalError> {
        self.fence(run);
        self.pending.call(Call {
            sql: "UPDATE requests SET sent_by = $3 WHERE run = $1 AND sent_by IS NULL AND request =
                (SELECT request FROM steps WHERE run = $1 AND step = $2 AND state = 'started')",
            values: values![run.number(), number(step), at.to_string()],
        });
        Ok(())
    }

    fn add_record(&mut self, run: &RunId, step: u64, record: &str) -> Result<(), JournalError> {
        self.fence(run);
        self.write(
            "INSERT INTO records (run, step, number, record)
             SELECT $1, $2, coalesce(max(number), 0) + 1, $3 FROM records
             WHERE run = $1 AND step = $2",
            values![run.number(), number(step), text(record)],
        )
        .map(drop)
    }
}

impl PostgresTransaction<'_> {
    fn return_step(
        &mut self,
        run: &RunId,
        step: u64,
        back: &ReturnedStep<'_>,
    ) -> Result<(), JournalError> {
        let of = || values![run.number(), number(step)];
        let mut calls = match back.returned {
            Returned::NeverLeft => vec![Call { sql: FORGET, values: of() }],
            Returned::Refused | Returned::Unclear => {
                let unclear = i64::from(back.returned == Returned::Unclear);
                let status = back.status.map(i64::from);
                let why = text(back.why);
                let at = back.at.to_string();
                let end = values![run.number(), number(step), at, status, why];
                let pend = "UPDATE steps SET state = 'pending', unclear = unclear + $3
                    WHERE run = $1 AND step = $2 AND state = 'started'";
                let moved = values![run.number(), number(step), unclear];
                vec![Call { sql: END_REQUEST, values: end }, Call { sql: pend, values: moved }]
            }
        };
        let move_at = calls.len() - 1;
        calls.push(Call { sql: DROP_RECORDS, values: of() });
        let answers = self.send(calls)?;
        match answers.get(move_at).map(|answer| answer.lines) {
            Some(1) => Ok(()),
            Some(_) | None => Err(self.illegal(run, step, StepState::Pending)?),
        }
    }

    fn reopen_step(&mut self, run: &RunId, step: u64) -> Result<(), JournalError> {
        let of = |step: u64| values![run.number(), number(step)];
        let reopen = "UPDATE steps SET state = 'started', outcome = NULL
            WHERE run = $1 AND step = $2 AND state = 'settled' AND outcome = 'unknown'";
        let pend =
            "UPDATE steps SET state = 'pending', outcome = NULL, reason = NULL, detail = NULL,
                              settled_at = NULL
            WHERE run = $1 AND step = $2 AND state = 'settled' AND outcome = 'skipped'";
        let waited = "SELECT step FROM steps WHERE run = $1 AND needs = $2 AND needs IS NOT NULL
            AND state = 'settled' AND reason = 'earlier-step-not-done'";
        self.subjects.served.forget();
        if self.write(reopen, of(step))? != 1 {
            return Err(self.illegal(run, step, StepState::Started)?);
        }
        self.write(OPEN_ROWS, of(step))?;
        let mut opened = vec![step];
        while let Some(first) = opened.pop() {
            for waits in self.list(waited, of(first))? {
                let waits = value::<i64>(&waits, 0)? as u64;
                self.send(vec![
                    Call { sql: pend, values: of(waits) },
                    Call { sql: OPEN_ROWS, values: of(waits) },
                ])?;
                opened.push(waits);
            }
        }
        Ok(())
    }

    /// The error of a move of several steps: it names the first that is in another state.
    pub(crate) fn not_moved_by(&self, moved: &Moved) -> Result<Option<JournalError>, JournalError> {
        let starts_from: &[&str] = match moved.to {
            StepState::Settled => &["pending", "started"],
            StepState::Pending | StepState::Started => &["pending"],
        };
        let first = "SELECT step, state FROM steps WHERE run = $1 AND step = ANY ($2::bigint[])
            AND state <> ALL ($3::text[]) ORDER BY step LIMIT 1";
        let values = values![moved.run.number(), moved.steps.clone(), starts_from.to_vec()];
        let rows = self.connection.list(first, values)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (step, from): (i64, &str) = (value(row, 0)?, value(row, 1)?);
        let (step, from) = (step as u64, step_state(from)?);
        Ok(Some(JournalError::IllegalMove { step, from, to: moved.to }))
    }

    /// The error of a move that changed no line: from where it was tried.
    pub(crate) fn illegal(
        &self,
        run: &RunId,
        step: u64,
        to: StepState,
    ) -> Result<JournalError, JournalError> {
        let state = "SELECT state FROM steps WHERE run = $1 AND step = $2";
        let rows = self.connection.list(state, values![run.number(), number(step)])?;
        let from = rows.first().ok_or_else(|| JournalError::Unreadable {
            what: format!("step {step} of run {run}, which is not there"),
        })?;
        Ok(JournalError::IllegalMove { step, from: step_state(value(from, 0)?)?, to })
    }
}
