//! Reading steps: pages of them in the plan's order.

use headcount_journal::decode::{door_of, outcome_of, reason_of, state_word};
use headcount_journal::{
    Doors, JournalError, ReadSteps, RunId, StepGroup, StepQuery, StepRecord, Way, WayQuery,
};
use headcount_model::step::StepState;
use tokio_postgres::Row;

use super::connection::{Value, values};
use super::decode::{doors, step_of, time, value};
use super::store::PostgresStore;
use super::transaction::number;

/// The columns of a step, 14 in the order of [`step_of`]; by when it was last sent is asked only if that matters.
pub(crate) fn columns(sent_by: &str) -> String {
    format!(
        "steps.step, steps.row, steps.kind, steps.payload, steps.common, steps.unseen, steps.given,
         steps.named, steps.attempts, steps.state, steps.unclear, steps.needs, steps.door,
         {sent_by} AS sent_by"
    )
}

/// Of a step that may be sent.
const SENT_BY: &str = "(SELECT sent_by FROM requests
    WHERE requests.run = steps.run AND requests.request = steps.request)";

/// No such time.
pub(crate) const NO_TIME: &str = "NULL::text";

/// What was not sent because a step before it ended `unknown`, and that step.
pub(crate) const AFTER_UNKNOWN: &str = "WITH RECURSIVE not_known (step) AS (
    SELECT step FROM steps WHERE run = $1 AND outcome = 'unknown'
    UNION SELECT steps.step FROM not_known
    JOIN steps ON steps.run = $1 AND steps.needs = not_known.step AND steps.needs IS NOT NULL
    WHERE steps.reason = 'earlier-step-not-done')";

impl ReadSteps for PostgresStore {
    fn steps(
        &self,
        run: &RunId,
        which: StepQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<StepRecord>, JournalError> {
        let is_sent = which == StepQuery::Ready;
        let (statement, more) = steps_sql(which);
        let mut values = values![run.number(), number(after), number(limit)];
        values.extend(more);
        let connection = self.session.connection()?;
        let doors = doors(&connection, run);
        let rows = connection.list(&statement, values)?;
        if is_sent && !rows.is_empty() {
            let steps = rows.iter().map(|row| value(row, 0)).collect::<Result<_, _>>()?;
            self.subjects.borrow_mut().served.read(&connection, run, steps)?;
        }
        rows.iter().map(|row| record_of(row, &doors)).collect()
    }

    /// Few runs are as new, and each is searched by the index of equal steps.
    fn also_sent(&self, run: &RunId, step: u64) -> Result<Vec<(i64, bool)>, JournalError> {
        let connection = self.session.connection()?;
        let rows = connection.list(
            "SELECT other.run, coalesce(other.outcome = 'changed', false)
             FROM runs AS own
             JOIN steps AS mine ON mine.run = own.run AND mine.step = $2
             JOIN runs ON runs.run <> own.run AND runs.site = own.site
               AND runs.started_at IS NOT NULL
               AND (runs.run > own.run OR runs.ended_at IS NULL
                    OR rtrim(runs.ended_at, 'Z') >= rtrim(own.created_at, 'Z'))
             JOIN steps AS other
               ON other.run = runs.run AND other.kind = mine.kind AND other.subject = mine.subject
             WHERE own.run = $1
               AND (other.state = 'started' OR other.outcome = 'unknown'
                    OR (other.outcome = 'changed'
                        AND (runs.run > own.run
                             OR rtrim(other.settled_at, 'Z') >= rtrim(own.created_at, 'Z'))))
             ORDER BY other.run DESC",
            values![run.number(), number(step)],
        )?;
        rows.iter().map(|row| Ok((value(row, 0)?, value(row, 1)?))).collect()
    }

    fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        let counted = "SELECT kind, common, unseen, count(*) FROM steps
             WHERE run = $1 AND state = 'pending' GROUP BY kind, common, unseen";
        let rows = self.session.connection()?.list(counted, values![run.number()])?;
        let read = |row: &Row| {
            Ok(StepGroup {
                kind: value::<&str>(row, 0)?.into(),
                common: value::<&str>(row, 1)?.into(),
                unseen: value(row, 2)?,
                steps: value::<i64>(row, 3)? as u64,
            })
        };
        rows.iter().map(read).collect()
    }

    fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError> {
        let filter = match which {
            WayQuery::Ahead => {
                "state <> 'settled' OR outcome = 'unknown' OR reason = 'earlier-step-not-done'"
            }
            WayQuery::Taken => "state = 'started' OR outcome IN ('changed', 'unknown')",
        };
        let ways = format!(
            "SELECT kind, (SELECT value FROM doors WHERE doors.run = $1 AND doors.door = ways.door)
             FROM (SELECT DISTINCT kind, door FROM steps WHERE run = $1 AND ({filter})) AS ways
             ORDER BY kind, door NULLS FIRST"
        );
        let rows = self.session.connection()?.list(&ways, values![run.number()])?;
        let way = |row: &Row| {
            let door = value::<Option<&str>>(row, 1)?.map(door_of).transpose()?;
            Ok(Way { kind: value::<&str>(row, 0)?.into(), door })
        };
        rows.iter().map(way).collect()
    }

    fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError> {
        let records = "SELECT record FROM records WHERE run = $1 AND step = $2 ORDER BY number";
        let rows = self.session.connection()?.list(records, values![run.number(), number(step)])?;
        rows.iter().map(|row| value(row, 0)).collect()
    }
}

/// A statement with the run as `$1`, the step after which the page begins as `$2`, its length as `$3`, and values from
/// `$4` on.
fn steps_sql(which: StepQuery) -> (String, Vec<Value>) {
    let page = |with: &str, sent_by: &str, filter: &str, values: Vec<Value>| {
        let columns = columns(sent_by);
        let statement = format!(
            "{with} SELECT {columns}, outcome, reason, settled_at FROM steps
             WHERE run = $1 AND step > $2 AND {filter} ORDER BY step LIMIT $3"
        );
        (statement, values)
    };
    let ended = "outcome IN ('changed', 'unknown')";
    let needs = "needs = $4 AND needs IS NOT NULL";
    match which {
        StepQuery::In(state) => page("", SENT_BY, "state = $4", values![state_word(state)]),
        StepQuery::Ready => page("", SENT_BY, READY, values![]),
        StepQuery::WaitingFor { step, until } => {
            let filter = format!("{needs} AND step <= $5 AND state = 'pending'");
            page("", SENT_BY, &filter, values![number(step), number(until)])
        }
        StepQuery::AfterUnknown => {
            page(AFTER_UNKNOWN, SENT_BY, "step IN (SELECT step FROM not_known)", values![])
        }
        StepQuery::Ended(outcome) => page("", NO_TIME, "outcome = $4", values![outcome.word()]),
        StepQuery::Effects => page("", NO_TIME, ended, values![]),
        StepQuery::EffectsAfter(step) => {
            page("", NO_TIME, &format!("{needs} AND {ended}"), values![number(step)])
        }
    }
}

/// Pending, and what it needs is done.
const READY: &str = "state = 'pending' AND (needs IS NULL OR EXISTS (
    SELECT 1 FROM steps AS first WHERE first.run = steps.run
      AND first.step = steps.needs AND first.outcome IN ('changed', 'unchanged')))";

/// A step that is not settled has no end, whatever an earlier one has left.
fn record_of(row: &Row, doors: &Doors<'_>) -> Result<StepRecord, JournalError> {
    let step = step_of(row, 0, doors)?;
    if step.state != StepState::Settled {
        return Ok(StepRecord { step, outcome: None, reason: None, at: None });
    }
    let outcome = value::<Option<&str>>(row, 14)?.map(outcome_of).transpose()?;
    let reason = value::<Option<&str>>(row, 15)?.map(reason_of).transpose()?;
    Ok(StepRecord { step, outcome, reason, at: time(row, 16)? })
}
