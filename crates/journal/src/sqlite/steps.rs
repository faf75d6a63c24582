//! Reading steps: pages of them in the plan's order, and how many there are.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::params;

use super::decode::{columns, door_of, outcome_of, reason_of, state_word, step_of, time};
use crate::error::JournalError;

use super::store::Journal;
use crate::run::RunId;
use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Payload, Step, StepState};

/// A step that changed something, or may have.
#[derive(Clone, Debug)]
pub struct Effect<P = Payload> {
    /// The step, with what the site named, if anything.
    pub step: Step<P>,
    /// `changed` or `unknown`.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// When it settled.
    pub at: Option<Timestamp>,
}

/// Of a step that may be sent.
fn open_columns() -> String {
    columns(
        "(SELECT sent_at FROM requests
          WHERE requests.run = steps.run AND requests.request = steps.request)",
    )
}

/// Of a step that is settled.
fn settled_columns() -> String {
    format!("{}, outcome, reason, settled_at", columns("NULL"))
}

/// What was not sent because a step before it ended `unknown`, and that step.
pub(crate) const AFTER_UNKNOWN: &str = "WITH RECURSIVE unknown(step) AS (
    SELECT step FROM steps WHERE run = ?1 AND outcome = 'unknown'
    UNION SELECT steps.step FROM unknown CROSS JOIN steps INDEXED BY steps_needs
    ON steps.needs = unknown.step
    WHERE steps.run = ?1 AND steps.reason = 'earlier-step-not-done')";

/// Steps of one kind that share a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// Their door; `None`: it is not recorded.
    pub door: Option<Arc<Door>>,
}

impl Journal {
    /// The doors of what may be sent or read yet: of steps that are not settled, that ended unknown,
    /// or that were not sent because of one that did.
    pub fn ways_ahead(&self, run: &RunId) -> Result<Vec<Way>, JournalError> {
        self.ways(
            run,
            "state <> 'settled' OR outcome = 'unknown' OR reason = 'earlier-step-not-done'",
        )
    }

    /// The doors through which something was changed, or may have been.
    pub fn ways_taken(&self, run: &RunId) -> Result<Vec<Way>, JournalError> {
        self.ways(run, "state = 'started' OR outcome IN ('changed', 'unknown')")
    }

    fn ways(&self, run: &RunId, filter: &str) -> Result<Vec<Way>, JournalError> {
        let sql = format!(
            "SELECT kind, (SELECT value FROM doors WHERE doors.run = ?1 AND doors.door = ways.door)
             FROM (SELECT DISTINCT kind, door FROM steps WHERE run = ?1 AND ({filter})) AS ways
             ORDER BY kind, door"
        );
        let read: Vec<(String, Option<String>)> =
            self.list(&sql, [run.number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let way = |(kind, door): (String, Option<String>)| {
            Ok(Way { kind: kind.into(), door: door.as_deref().map(door_of).transpose()? })
        };
        read.into_iter().map(way).collect()
    }

    /// Steps that are not settled.
    pub fn open_steps(&self, run: &RunId) -> Result<u64, JournalError> {
        self.number("SELECT count(*) FROM steps WHERE run = ? AND state <> 'settled'", run)
    }

    /// Steps that were started and have no answer.
    pub fn started_steps(&self, run: &RunId) -> Result<u64, JournalError> {
        self.number("SELECT count(*) FROM steps WHERE run = ? AND state = 'started'", run)
    }

    /// All steps, settled or not.
    pub fn all_steps(&self, run: &RunId) -> Result<u64, JournalError> {
        self.number("SELECT count(*) FROM steps WHERE run = ?", run)
    }

    /// Steps that may be sent yet: those that are not settled, those that ended unknown, and those
    /// that were not sent because of these.
    pub fn sendable_steps(&self, run: &RunId) -> Result<u64, JournalError> {
        let sql = format!(
            "{AFTER_UNKNOWN} SELECT (SELECT count(*) FROM unknown)
             + (SELECT count(*) FROM steps WHERE run = ?1 AND state <> 'settled')"
        );
        self.number(&sql, run)
    }

    /// Up to `limit` steps in this state after step `after`, in order.
    pub fn steps(
        &self,
        run: &RunId,
        state: StepState,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Step>, JournalError> {
        self.list(
            &format!(
                "SELECT {} FROM steps WHERE run = ? AND step > ? AND state = ? ORDER BY step LIMIT ?",
                open_columns()
            ),
            params![run.number, after as i64, state_word(state), limit as i64],
            step_of,
        )?
        .into_iter()
        .collect()
    }

    /// Up to `limit` settled steps with this outcome after step `after`, and the reason.
    pub fn settled_steps(
        &self,
        run: &RunId,
        outcome: Outcome,
        after: u64,
        limit: u64,
    ) -> Result<Vec<(Step, Reason)>, JournalError> {
        let rows: Vec<(Result<Step, JournalError>, String)> = self.list(
            &format!(
                "SELECT {} FROM steps WHERE run = ? AND step > ? AND outcome = ? ORDER BY step LIMIT ?",
                settled_columns()
            ),
            params![run.number, after as i64, outcome.word(), limit as i64],
            |row| Ok((step_of(row)?, row.get("reason")?)),
        )?;
        rows.into_iter().map(|(step, reason)| Ok((step?, reason_of(&reason)?))).collect()
    }

    /// Up to `limit` pending steps after step `after` that wait for no other: what they need first is
    /// done.
    pub fn ready_steps(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Step>, JournalError> {
        self.list(
            &format!(
                "SELECT {} FROM steps WHERE run = ? AND step > ? AND state = 'pending'
                   AND (needs IS NULL OR EXISTS (
                     SELECT 1 FROM steps AS first WHERE first.run = steps.run
                       AND first.step = steps.needs AND first.outcome IN ('changed', 'unchanged')))
                 ORDER BY step LIMIT ?",
                open_columns()
            ),
            params![run.number, after as i64, limit as i64],
            step_of,
        )?
        .into_iter()
        .collect()
    }

    /// The pending steps up to step `until` that need this one done first.
    pub fn steps_waiting_for(
        &self,
        run: &RunId,
        step: u64,
        until: u64,
    ) -> Result<Vec<Step>, JournalError> {
        self.list(
            &format!(
                "SELECT {} FROM steps INDEXED BY steps_needs WHERE run = ? AND needs = ? AND step <= ?
                   AND state = 'pending' ORDER BY step",
                open_columns()
            ),
            params![run.number, step as i64, until as i64],
            step_of,
        )?
        .into_iter()
        .collect()
    }

    /// Up to `limit` steps after step `after` that ended unknown, or were not sent because of one
    /// that did.
    pub fn steps_after_unknown(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Step>, JournalError> {
        self.list(
            &format!(
                "{AFTER_UNKNOWN} SELECT {} FROM steps
                 WHERE run = ?1 AND step > ?2 AND step IN (SELECT step FROM unknown)
                 ORDER BY step LIMIT ?3",
                open_columns()
            ),
            params![run.number, after as i64, limit as i64],
            step_of,
        )?
        .into_iter()
        .collect()
    }

    /// Up to `limit` steps after step `after` that changed something, or may have.
    pub fn effects(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Effect>, JournalError> {
        let filter = "step > ?2 AND outcome IN ('changed', 'unknown') ORDER BY step LIMIT ?3";
        self.effects_that(filter, params![run.number, after as i64, limit as i64])
    }

    /// The same, of the steps that needed this one done first.
    pub fn effects_after(&self, run: &RunId, step: u64) -> Result<Vec<Effect>, JournalError> {
        let filter = "needs = ?2 AND outcome IN ('changed', 'unknown') ORDER BY step";
        self.effects_that(filter, params![run.number, step as i64])
    }

    fn effects_that(
        &self,
        filter: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Effect>, JournalError> {
        type Read = (Result<Step, JournalError>, String, String, Option<Timestamp>);
        let read: Vec<Read> = self.list(
            &format!("SELECT {} FROM steps WHERE run = ?1 AND {filter}", settled_columns()),
            values,
            |row| {
                let at = time(row, "settled_at")?;
                Ok((step_of(row)?, row.get("outcome")?, row.get("reason")?, at))
            },
        )?;
        (read.into_iter())
            .map(|(step, outcome, reason, at)| {
                let (outcome, reason) = (outcome_of(&outcome)?, reason_of(&reason)?);
                Ok(Effect { step: step?, outcome, reason, at })
            })
            .collect()
    }
}
