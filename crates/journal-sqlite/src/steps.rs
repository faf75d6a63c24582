//! Reads steps: pages of them in the plan's order.

use headcount_journal::decode::{door_of, outcome_of, reason_of, state_word, step_state};
use headcount_journal::{
    Doors, JournalError, ReadSteps, RunId, StepGroup, StepQuery, StepRecord, Way, WayQuery,
};
use headcount_model::step::{Named, Payload, Step, StepState};
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::counted::Counted;
use super::decode::time;
use super::error::sql;

use super::store::SqliteStore;
use super::transaction::{id, number, of_run};

/// The columns of a step, 14 in the order of [`step_of`]; by when it was last sent is asked only if that
/// matters.
pub(crate) fn columns(sent_by: &str) -> String {
    format!(
        "steps.step, steps.row, steps.kind, steps.payload, steps.common, steps.unseen, steps.given,
         steps.named, steps.attempts, steps.state, steps.unclear, steps.needs, steps.door,
         {sent_by} AS sent_by"
    )
}

impl SqliteStore {
    /// Puts the steps of a run into a table of this connection, by what they are about, unless they are there: the steps
    /// of a run that was started stay as they are.
    fn sort_steps(&self, run: i64) -> Result<(), JournalError> {
        let table = "CREATE TEMP TABLE IF NOT EXISTS alike (
            run INTEGER, kind TEXT, subject TEXT, id INTEGER, PRIMARY KEY (run, kind, subject, id)) WITHOUT ROWID";
        let failed = || sql("be read");
        self.connection.execute_batch(table).map_err(failed())?;
        let is_there = "SELECT EXISTS (SELECT 1 FROM temp.alike WHERE run = ?)";
        if self.number(is_there, [run])? == 1 {
            return Ok(());
        }
        let steps = concat!(
            "INSERT INTO temp.alike SELECT ?1, kind, subject, id FROM steps WHERE ",
            of_run!("steps"),
            " ORDER BY kind, subject"
        );
        self.connection.execute(steps, [run]).map(drop).map_err(failed())
    }

    /// The doors of a run.
    pub(crate) fn doors(&self, run: &RunId) -> Doors<'_> {
        let run = run.number();
        Doors::new(move || {
            self.list("SELECT door, value FROM doors WHERE run = ?", [run], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
        })
    }
}

/// Decodes a step from the columns of [`columns`]; the first of them is column `at` of the row. Columns are read by
/// position, because names would be compared for every cell of every row.
pub(crate) fn step_of(
    row: &Row<'_>,
    at: usize,
    doors: &Doors<'_>,
) -> rusqlite::Result<Result<Step, JournalError>> {
    let named = |column| -> rusqlite::Result<Option<Named>> {
        Ok(row.get::<_, Option<String>>(column)?.map(|text| Named::new(&text)))
    };
    let step = Step {
        number: row.get::<_, i64>(at)? as u64,
        row: row.get::<_, i64>(at + 1)? as u64,
        kind: row.get(at + 2)?,
        payload: Payload { own: row.get(at + 3)?, common: row.get(at + 4)? },
        unseen: row.get(at + 5)?,
        given: named(at + 6)?,
        named: named(at + 7)?,
        attempts: row.get(at + 8)?,
        unclear: row.get(at + 10)?,
        needs: row.get::<_, Option<i64>>(at + 11)?.map(|step| step as u64),
        door: None,
        sent_by: time(row, at + 13)?,
        state: StepState::Pending,
    };
    let door = doors.get(row.get(at + 12)?);
    let state = step_state(row.get_ref(at + 9)?.as_str()?);
    let complete = || Ok(Step { door: door?, state: state?, ..step });
    Ok(complete())
}

/// Of a step that may be sent.
fn open_columns() -> String {
    columns(
        "(SELECT sent_by FROM requests
          WHERE requests.id = (steps.run << 32) + steps.request)",
    )
}

/// Of a step that is settled.
fn settled_columns() -> String {
    columns("NULL")
}

/// What was not sent because a step before it ended `unknown`, and that step.
pub(crate) const AFTER_UNKNOWN: &str = concat!(
    "WITH RECURSIVE unknown(step) AS (
    SELECT step FROM steps WHERE ",
    of_run!("steps"),
    " AND outcome = 'unknown'
    UNION SELECT steps.step FROM unknown CROSS JOIN steps INDEXED BY steps_needs
    ON steps.needs = unknown.step
    WHERE steps.run = ?1 AND steps.reason = 'earlier-step-not-done')"
);

impl ReadSteps for SqliteStore {
    fn steps(
        &self,
        run: &RunId,
        which: StepQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<StepRecord>, JournalError> {
        let bounds = [run.number(), id(run, after), id(run, u64::MAX), number(limit)];
        let mut values: Vec<Value> = bounds.map(Value::from).to_vec();
        let (statement, more) = steps_sql(which);
        values.extend(more);
        let doors = self.doors(run);
        let read = if is_open(which) { open_record_of } else { record_of };
        let values = params_from_iter(values);
        self.list(&statement, values, |row| read(row, &doors))?.into_iter().collect()
    }

    /// Few runs are as new, so the steps of these are put into a table by what they are about, once.
    fn also_sent(&self, run: &RunId, step: u64) -> Result<Vec<(i64, bool)>, JournalError> {
        let others: Vec<i64> = self.list(
            "SELECT runs.run FROM runs AS own JOIN runs ON runs.run <> own.run AND runs.site = own.site
               AND runs.started_at IS NOT NULL
               AND (runs.run > own.run OR runs.ended_at IS NULL
                    OR rtrim(runs.ended_at, 'Z') >= rtrim(own.created_at, 'Z'))
             WHERE own.run = ?1 ORDER BY runs.run DESC",
            [run.number()],
            |row| row.get(0),
        )?;
        let mut also = Vec::new();
        for other in others {
            self.sort_steps(other)?;
            also.extend(self.list(
                "SELECT other.run, coalesce(other.outcome = 'changed', 0)
                 FROM steps AS mine
                 JOIN runs AS own ON own.run = ?1
                 JOIN temp.alike AS alike
                   ON alike.run = ?2 AND alike.kind = mine.kind AND alike.subject = mine.subject
                 JOIN steps AS other ON other.id = alike.id
                 WHERE mine.id = ?3
                   AND (other.state = 'started' OR other.outcome = 'unknown'
                        OR (other.outcome = 'changed'
                            AND (?2 > ?1 OR rtrim(other.settled_at, 'Z') >= rtrim(own.created_at, 'Z'))))",
                params![run.number(), other, id(run, step)],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?);
        }
        Ok(also)
    }

    /// Counted here: SQLite would sort all steps, and there are few groups.
    fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        let mut counted = Counted::default();
        let steps = concat!(
            "SELECT kind, common, unseen FROM steps WHERE ",
            of_run!("steps"),
            " AND state = 'pending'"
        );
        self.each(steps, [run.number()], |row| {
            let texts = [row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?];
            counted.count(texts, row.get(2)?);
            Ok(())
        })?;
        let one = |((texts, unseen), steps): (([Box<str>; 2], bool), u64)| {
            let [kind, common] = texts;
            StepGroup { kind, common, unseen, steps }
        };
        Ok(counted.all().map(one).collect())
    }

    fn ways(&self, run: &RunId, which: WayQuery) -> Result<Vec<Way>, JournalError> {
        let filter = match which {
            WayQuery::Ahead => {
                "state <> 'settled' OR outcome = 'unknown' OR reason = 'earlier-step-not-done'"
            }
            WayQuery::Taken => "state = 'started' OR outcome IN ('changed', 'unknown')",
        };
        let ways = format!(
            "SELECT kind, (SELECT value FROM doors WHERE doors.run = ?1 AND doors.door = ways.door)
             FROM (SELECT DISTINCT kind, door FROM steps WHERE {} AND ({filter})) AS ways
             ORDER BY kind, door",
            of_run!("steps")
        );
        let read: Vec<(String, Option<String>)> =
            self.list(&ways, [run.number()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let way = |(kind, door): (String, Option<String>)| {
            Ok(Way { kind: kind.into(), door: door.as_deref().map(door_of).transpose()? })
        };
        read.into_iter().map(way).collect()
    }

    fn records(&self, run: &RunId, step: u64) -> Result<Vec<String>, JournalError> {
        self.list(
            "SELECT record FROM records WHERE run = ? AND step = ? ORDER BY number",
            params![run.number(), number(step)],
            |row| row.get(0),
        )
    }
}

/// A statement with the run as `?1`, the id after which the page begins as `?2`, the last id of the run as `?3`, the
/// length of the page as `?4`, and values from `?5` on.
fn steps_sql(which: StepQuery) -> (String, Vec<Value>) {
    let end = if is_open(which) { "" } else { ", outcome, reason, settled_at" };
    let page = |with: &str, columns: String, index: &str, filter: &str, values: Vec<Value>| {
        let statement = format!(
            "{with} SELECT {columns}{end} FROM steps {index}
             WHERE steps.id > ?2 AND steps.id <= ?3 AND {filter} ORDER BY steps.id LIMIT ?4"
        );
        (statement, values)
    };
    let needs = "INDEXED BY steps_needs";
    let ended = "outcome IN ('changed', 'unknown')";
    match which {
        StepQuery::In(state) => {
            let state = state_word(state).to_owned();
            page("", open_columns(), "", "state = ?5", vec![state.into()])
        }
        StepQuery::Ready => page("", open_columns(), "", READY, vec![]),
        StepQuery::WaitingFor { step, until } => {
            let filter = "run = ?1 AND needs = ?5 AND step <= ?6 AND state = 'pending'";
            let values = vec![number(step).into(), number(until).into()];
            page("", open_columns(), needs, filter, values)
        }
        StepQuery::AfterUnknown => {
            let filter = "step IN (SELECT step FROM unknown)";
            page(AFTER_UNKNOWN, open_columns(), "", filter, vec![])
        }
        StepQuery::Ended(outcome) => {
            let outcome = outcome.word().to_owned();
            page("", settled_columns(), "", "outcome = ?5", vec![outcome.into()])
        }
        StepQuery::Effects => page("", settled_columns(), "", ended, vec![]),
        StepQuery::EffectsAfter(step) => {
            let filter = format!("run = ?1 AND needs = ?5 AND {ended}");
            page("", settled_columns(), needs, &filter, vec![number(step).into()])
        }
    }
}

/// Pending, and what it needs is done.
const READY: &str = "state = 'pending' AND (needs IS NULL OR EXISTS (
    SELECT 1 FROM steps AS first WHERE first.id = (steps.run << 32) + steps.needs
      AND first.outcome IN ('changed', 'unchanged')))";

/// Whether these steps have no end that could be read: every step of a run is read so once.
fn is_open(which: StepQuery) -> bool {
    match which {
        StepQuery::In(StepState::Pending | StepState::Started)
        | StepQuery::Ready
        | StepQuery::WaitingFor { .. } => true,
        StepQuery::In(StepState::Settled)
        | StepQuery::AfterUnknown
        | StepQuery::Ended(_)
        | StepQuery::Effects
        | StepQuery::EffectsAfter(_) => false,
    }
}

fn open_record_of(
    row: &Row<'_>,
    doors: &Doors<'_>,
) -> rusqlite::Result<Result<StepRecord, JournalError>> {
    let step = step_of(row, 0, doors)?;
    Ok(step.map(|step| StepRecord { step, outcome: None, reason: None, at: None }))
}

fn record_of(
    row: &Row<'_>,
    doors: &Doors<'_>,
) -> rusqlite::Result<Result<StepRecord, JournalError>> {
    let outcome: Option<String> = row.get(14)?;
    let reason: Option<String> = row.get(15)?;
    let (step, at) = (step_of(row, 0, doors)?, time(row, 16)?);
    let complete = || -> Result<StepRecord, JournalError> {
        let outcome = outcome.as_deref().map(outcome_of).transpose()?;
        let reason = reason.as_deref().map(reason_of).transpose()?;
        Ok(StepRecord { step: step?, outcome, reason, at })
    };
    Ok(complete())
}
