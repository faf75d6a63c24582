//! Steps get their outcomes, and rows by them: many steps in a few statements.
//!
//! - A row has its outcome once all its steps have theirs ([`end_of_row`]).
//! - **What waits for a step settles with it, in the same commit.** If it was done, the waiting steps get the name of
//!   what it created; if not, they end as [`end_of_waiting`] says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use headcount_journal::decode::{outcome_of, reason_of};
use headcount_journal::settlement::{Part, end_of_row, end_of_waiting};
use headcount_journal::{JournalError, RunId, SettledRow};
use headcount_model::step::{StepState, Verdict};
use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::{Call, Value, values};
use super::decode::value;
use super::pending::RowEnd;
use super::transaction::{Moved, PostgresTransaction, number, text};

/// Every statement carries the states that the move starts from. The requests of the steps end with them; a step that
/// was never sent has none. The run is in the list of the steps: with a run that it knows, and without statistics, the
/// server reads all steps of the run to find them.
const SETTLE: &str = "
    WITH moved AS (
        UPDATE steps SET state = 'settled', outcome = ends.outcome, reason = ends.reason,
                         detail = ends.detail, http_status = ends.status, named = ends.named,
                         settled_at = $8
        FROM unnest(array_fill($1::bigint, ARRAY[cardinality($2::bigint[])]), $2::bigint[], $3::text[],
                    $4::text[], $5::text[], $6::bigint[], $7::text[])
            AS ends (run, step, outcome, reason, detail, status, named)
        WHERE steps.run = ends.run AND steps.step = ends.step AND steps.state IN ('pending', 'started')
        RETURNING steps.run, steps.step, steps.request, ends.reason, ends.status),
    answered AS (
        UPDATE requests SET ended_at = $8, status = moved.status, result = moved.reason FROM moved
        WHERE $8::text IS NOT NULL AND requests.run = moved.run AND requests.request = moved.request
          AND requests.ended_at IS NULL)
    SELECT step FROM moved";

/// The same as a statement that fails if it cannot settle all of them ($9).
static SETTLE_OR_FAIL: LazyLock<String> = LazyLock::new(|| {
    SETTLE.replace("SELECT step FROM moved", "SELECT all_moved((SELECT count(*) FROM moved), $9)")
});

/// Passes the name of what a step created on to those that wait for it. If nothing had to be done, their state before
/// is not known: it was not read, or not since then.
const PASS_ON: &str = "
    UPDATE steps SET given = coalesce(steps.given, first.named, first.given),
                     unseen = steps.unseen OR first.outcome = 'unchanged'
    FROM steps AS first
    WHERE first.run = $1 AND first.step = ANY ($2::bigint[])
      AND first.outcome IN ('changed', 'unchanged')
      AND steps.run = $1 AND steps.needs = first.step AND steps.needs IS NOT NULL
      AND steps.state = 'pending'";

/// Steps that can't be sent any more, with the outcome of the step that they need.
const WAITING: &str = "
    SELECT steps.step, first.outcome FROM steps AS first JOIN steps ON steps.needs = first.step
    WHERE first.run = $1 AND first.step = ANY ($2::bigint[])
      AND steps.run = $1 AND steps.needs IS NOT NULL AND steps.state = 'pending'
      AND (first.outcome NOT IN ('changed', 'unchanged')
           OR (steps.needs_name AND steps.given IS NULL))
    ORDER BY steps.step";

/// The steps of each pending row that one of these steps serves.
const PARTS: &str = "
    SELECT DISTINCT rows.row, steps.step, steps.label, steps.outcome, steps.reason, steps.detail
    FROM serves AS own
    JOIN rows ON rows.run = own.run AND rows.row = own.row AND rows.outcome IS NULL
    JOIN serves ON serves.run = own.run AND serves.row = own.row
    JOIN steps ON steps.run = own.run AND steps.step = serves.step
    WHERE own.run = $1 AND own.step = ANY ($2::bigint[])
    ORDER BY rows.row, steps.step";

impl PostgresTransaction<'_> {
    /// Whether each of these steps decides its rows alone, and no step waits for one of them.
    pub(crate) fn are_alone(
        &mut self,
        run: &RunId,
        ends: &[(u64, Verdict)],
    ) -> Result<bool, JournalError> {
        let steps = ends.iter().map(|(step, _)| number(*step));
        Ok(self.subjects.served.are_alone(run, steps) && !self.has_dependents(run)?)
    }

    /// Settles steps that decide their rows alone. Sent with the next statement that must be answered, at the latest
    /// with the commit: its result decides nothing but whether the transaction fails.
    pub(crate) fn settle_at_commit(
        &mut self,
        run: &RunId,
        ends: &[(u64, Verdict)],
        at: Option<Timestamp>,
    ) -> Vec<SettledRow> {
        if ends.is_empty() {
            return Vec::new();
        }
        self.fence(run);
        let steps: Vec<i64> = ends.iter().map(|(step, _)| number(*step)).collect();
        let mut values = settle_values(run, ends, &steps, at);
        values.extend(values![i64::try_from(steps.len()).unwrap_or(i64::MAX)]);
        self.pending.call(Call { sql: &SETTLE_OR_FAIL, values });
        for call in record_calls(run, ends) {
            self.pending.call(call);
        }
        self.moved.push(Moved { run: run.clone(), steps, to: StepState::Settled });
        let mut settled = Vec::new();
        for (step, verdict) in ends {
            // Its label is only for rows of several steps.
            let (label, detail) = (String::new(), verdict.detail.clone());
            let (outcome, reason) = (verdict.outcome, verdict.reason);
            let part = [Part { step: *step, label, outcome, reason, detail }];
            let rows = self.subjects.served.take(number(*step));
            settled.extend(rows.into_iter().filter_map(|row| self.settle_row_by(run, row, &part)));
        }
        settled.sort_by_key(|end| end.row);
        settled
    }

    /// Settles steps, and returns whether that is legal at once.
    pub(crate) fn settle_now(
        &mut self,
        run: &RunId,
        ends: Vec<(u64, Verdict)>,
        at: Option<Timestamp>,
    ) -> Result<Vec<SettledRow>, JournalError> {
        if ends.is_empty() {
            return Ok(Vec::new());
        }
        self.fence(run);
        let mut settled: Vec<i64> = ends.iter().map(|(step, _)| number(*step)).collect();
        for step in &settled {
            self.subjects.served.take(*step);
        }
        let has_dependents = self.has_dependents(run)?;
        let mut parts = self.settle_wave(run, &ends, at, !has_dependents)?;
        if has_dependents {
            let mut wave = settled.clone();
            loop {
                let waiting = self.waiting(run, wave)?;
                if waiting.is_empty() {
                    break;
                }
                wave = waiting.iter().map(|(step, _)| number(*step)).collect();
                settled.extend(&wave);
                self.settle_wave(run, &waiting, at, false)?;
            }
            parts = self.list(PARTS, values![run.number(), settled])?;
        }
        self.settle_rows(run, &parts)
    }

    /// Settles steps; with `is_last` also reads the steps of their rows.
    fn settle_wave(
        &mut self,
        run: &RunId,
        ends: &[(u64, Verdict)],
        at: Option<Timestamp>,
        is_last: bool,
    ) -> Result<Vec<Row>, JournalError> {
        let steps: Vec<i64> = ends.iter().map(|(step, _)| number(*step)).collect();
        let values = settle_values(run, ends, &steps, at);
        let mut calls = vec![Call { sql: SETTLE, values }];
        calls.extend(record_calls(run, ends));
        if is_last {
            calls.push(Call { sql: PARTS, values: values![run.number(), steps.clone()] });
        }
        let mut answers = self.send(calls)?;
        let parts = if is_last { answers.pop() } else { None };
        let moved = answers.first().map_or(&[][..], |answer| &answer.rows);
        if moved.len() != steps.len() {
            let moved: Vec<i64> =
                moved.iter().map(|row| value(row, 0)).collect::<Result<_, _>>()?;
            let kept = steps.iter().find(|step| !moved.contains(step)).or(steps.first());
            let step = kept.map_or(0, |step| *step as u64);
            return Err(self.illegal(run, step, StepState::Settled)?);
        }
        Ok(parts.map(|answer| answer.rows).unwrap_or_default())
    }

    fn waiting(
        &mut self,
        run: &RunId,
        steps: Vec<i64>,
    ) -> Result<Vec<(u64, Verdict)>, JournalError> {
        let of = |steps: Vec<i64>| values![run.number(), steps];
        let answers = self.send(vec![
            Call { sql: PASS_ON, values: of(steps.clone()) },
            Call { sql: WAITING, values: of(steps) },
        ])?;
        let rows = answers.into_iter().next_back().map(|answer| answer.rows).unwrap_or_default();
        let end = |row: &Row| {
            let step: i64 = value(row, 0)?;
            Ok((step as u64, end_of_waiting(outcome_of(value(row, 1)?)?)))
        };
        rows.iter().map(end).collect()
    }

    /// Gives the rows whose steps are all settled their outcomes.
    fn settle_rows(&mut self, run: &RunId, parts: &[Row]) -> Result<Vec<SettledRow>, JournalError> {
        let mut rows: BTreeMap<i64, Option<Vec<Part>>> = BTreeMap::new();
        for part in parts {
            let row = rows.entry(value(part, 0)?).or_insert_with(|| Some(Vec::new()));
            match (part_of(part)?, row.as_mut()) {
                (Some(part), Some(parts)) => parts.push(part),
                // It waits for a step.
                (None, _) | (_, None) => *row = None,
            }
        }
        let mut settled = Vec::new();
        for (row, parts) in rows {
            settled.extend(parts.and_then(|parts| self.settle_row_by(run, row, &parts)));
        }
        Ok(settled)
    }

    /// Gives a row the outcome of its settled steps.
    fn settle_row_by(&mut self, run: &RunId, row: i64, parts: &[Part]) -> Option<SettledRow> {
        let (end, step) = end_of_row(row as u64, parts)?;
        let (outcome, reason, detail) = (end.outcome, end.reason, text(&end.detail));
        let (run, step) = (run.number(), Some(number(step)));
        self.pending.end_row(RowEnd { run, row, outcome, reason, detail, step });
        Some(end)
    }

    /// Whether any step of the run needs another one. Most runs have none, and are not asked at every step.
    fn has_dependents(&mut self, run: &RunId) -> Result<bool, JournalError> {
        if let Some((of, any)) = self.subjects.dependents
            && of == run.number()
        {
            return Ok(any);
        }
        let any = "SELECT EXISTS (SELECT 1 FROM steps WHERE run = $1 AND needs IS NOT NULL)";
        let rows = self.list(any, values![run.number()])?;
        let any = rows.first().map(|row| value(row, 0)).transpose()?.unwrap_or(true);
        self.subjects.dependents = Some((run.number(), any));
        Ok(any)
    }
}

fn settle_values(
    run: &RunId,
    ends: &[(u64, Verdict)],
    steps: &[i64],
    at: Option<Timestamp>,
) -> Vec<Value> {
    let verdicts = || ends.iter().map(|(_, verdict)| verdict);
    let outcomes: Vec<&'static str> = verdicts().map(|verdict| verdict.outcome.word()).collect();
    let reasons: Vec<&'static str> = verdicts().map(|verdict| verdict.reason.word()).collect();
    let details: Vec<String> = verdicts().map(|verdict| text(&verdict.detail)).collect();
    let statuses: Vec<Option<i64>> =
        verdicts().map(|verdict| verdict.http_status.map(i64::from)).collect();
    let named: Vec<Option<String>> = verdicts()
        .map(|verdict| verdict.named.as_ref().map(|named| text(named.as_str())))
        .collect();
    let at = at.map(|at| at.to_string());
    values![run.number(), steps.to_vec(), outcomes, reasons, details, statuses, named, at]
}

/// A record of a verdict replaces earlier ones.
fn record_calls(run: &RunId, ends: &[(u64, Verdict)]) -> Vec<Call<'static>> {
    let (steps, records): (Vec<i64>, Vec<String>) = ends
        .iter()
        .filter_map(|(step, verdict)| Some((number(*step), text(verdict.record.as_deref()?))))
        .unzip();
    if steps.is_empty() {
        return Vec::new();
    }
    let delete = "DELETE FROM records WHERE run = $1 AND step = ANY ($2::bigint[])";
    let insert = "INSERT INTO records (run, step, number, record)
        SELECT $1, step, 1, record FROM unnest($2::bigint[], $3::text[]) AS new (step, record)";
    vec![
        Call { sql: delete, values: values![run.number(), steps.clone()] },
        Call { sql: insert, values: values![run.number(), steps, records] },
    ]
}

/// A settled step of a row; `None`: it has no outcome yet.
fn part_of(row: &Row) -> Result<Option<Part>, JournalError> {
    let Some(outcome) = value::<Option<&str>>(row, 3)? else { return Ok(None) };
    let step: i64 = value(row, 1)?;
    Ok(Some(Part {
        step: step as u64,
        label: value(row, 2)?,
        outcome: outcome_of(outcome)?,
        reason: reason_of(value::<Option<&str>>(row, 4)?.unwrap_or_default())?,
        detail: value::<Option<String>>(row, 5)?.unwrap_or_default(),
    }))
}
