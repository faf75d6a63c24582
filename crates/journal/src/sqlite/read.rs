//! Reading the journal: for planning, for carrying out, for reports. Pages, never everything.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::decode::{columns, outcome_of, parsed, reason_of, run_of, view_of};
use super::store::Journal;
use crate::error::JournalError;
use crate::run::{Run, RunId};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::reason::Reason;
use headcount_model::step::Step;

/// How many rows have an outcome for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// How many rows.
    pub rows: u64,
}

/// A row as reports and screens show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// Its number; 1 is the first below the headings.
    pub row: u64,
    /// Its line in the file.
    pub line: u64,
    /// The input's cells.
    pub cells: Vec<String>,
    /// Its outcome; `None`: pending.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<Reason>,
    /// A sentence.
    pub detail: String,
    /// The step that decided it, or the first that will.
    pub step: Option<StepView>,
}

/// A row of which nothing is decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Its number; 1 is the first below the headings.
    pub row: u64,
    /// Its line in the file.
    pub line: u64,
    /// The input's cells.
    pub cells: Vec<String>,
}

/// A step as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// Status of the last answer.
    pub http_status: Option<u16>,
    /// When it settled.
    pub at: Option<Timestamp>,
}

impl Journal {
    /// Every run, the newest first.
    pub fn runs(&self) -> Result<Vec<Run>, JournalError> {
        self.list(&runs_sql("ORDER BY run DESC"), [], run_of)
    }

    /// The run of an id as typed; `last` is the newest that was planned or started. Drafts are
    /// not runs yet.
    pub fn find(&self, typed: &str) -> Result<Run, JournalError> {
        if typed != "last" {
            return self.run(typed);
        }
        let sql = runs_sql("WHERE state <> 'draft' ORDER BY run DESC LIMIT 1");
        self.list(&sql, [], run_of)?.pop().ok_or(JournalError::NoRuns)
    }

    /// The run of an id; the number alone will do.
    pub fn run(&self, id: &str) -> Result<Run, JournalError> {
        let unknown = || JournalError::NoSuchRun(id.to_owned());
        let number: i64 =
            id.rsplit('-').next().and_then(|text| text.parse().ok()).ok_or_else(unknown)?;
        let run =
            self.list(&runs_sql("WHERE run = ?"), [number], run_of)?.pop().ok_or_else(unknown)?;
        let same = run.id.as_str() == id || number.to_string() == id;
        if same { Ok(run) } else { Err(unknown()) }
    }

    /// Counts of a run's rows.
    pub fn counts(&self, run: &RunId) -> Result<Counts, JournalError> {
        let mut counts = Counts::default();
        let groups: Vec<(Option<String>, Option<String>, i64)> = self.list(
            "SELECT outcome, reason, count(*) FROM rows WHERE run = ? GROUP BY outcome, reason",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (outcome, reason, many) in groups {
            let outcome = outcome.map(|word| outcome_of(&word)).transpose()?;
            counts.add(outcome, many as u64);
            if reason.as_deref().and_then(Reason::from_word).is_some_and(Reason::harmless) {
                counts.harmless += many as u64;
            }
        }
        counts.planned = self.number(
            "SELECT count(DISTINCT serves.row) FROM serves JOIN rows USING (run, row)
             WHERE serves.run = ? AND (rows.outcome IS NULL OR rows.step IS NOT NULL)",
            run,
        )?;
        Ok(counts)
    }

    /// How many rows ended for which reason, the most frequent first.
    pub fn reasons(&self, run: &RunId) -> Result<Vec<ReasonCount>, JournalError> {
        let groups: Vec<(String, String, i64)> = self.list(
            "SELECT outcome, reason, count(*) AS many FROM rows WHERE run = ? AND outcome IS NOT NULL
             GROUP BY outcome, reason ORDER BY many DESC, reason",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        (groups.into_iter())
            .map(|(outcome, reason, many)| {
                Ok(ReasonCount {
                    outcome: outcome_of(&outcome)?,
                    reason: reason_of(&reason)?,
                    rows: many as u64,
                })
            })
            .collect()
    }

    /// Requests sent so far.
    pub fn requests(&self, run: &RunId) -> Result<u64, JournalError> {
        self.number("SELECT count(*) FROM requests WHERE run = ?", run)
    }

    pub(crate) fn number(&self, sql: &str, run: &RunId) -> Result<u64, JournalError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([run.number], |row| row.get::<_, i64>(0)))
            .map(|number| number as u64)
            .map_err(JournalError::sql("be read"))
    }

    /// Up to `limit` distinct names of a kind in a draft after the name `after`.
    pub fn names(
        &self,
        run: &RunId,
        kind: &'static str,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError> {
        self.list(
            "SELECT name FROM draft_names WHERE run = ? AND kind = ? AND name > ? ORDER BY name LIMIT ?",
            params![run.number, kind, after, limit as i64],
            |row| row.get(0),
        )
    }

    /// Whether a draft holds this name.
    pub fn holds_name(
        &self,
        run: &RunId,
        kind: &'static str,
        name: &str,
    ) -> Result<bool, JournalError> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM draft_names WHERE run = ? AND kind = ? AND name = ?)";
        let found: Vec<bool> = self.list(sql, params![run.number, kind, name], |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// How many distinct names of a kind a draft holds.
    pub fn count_names(&self, run: &RunId, kind: &'static str) -> Result<u64, JournalError> {
        self.connection
            .query_row(
                "SELECT count(*) FROM draft_names WHERE run = ? AND kind = ?",
                params![run.number, kind],
                |row| row.get::<_, i64>(0),
            )
            .map(|number| number as u64)
            .map_err(JournalError::sql("be read"))
    }

    /// What was certainly there before a run that creates.
    pub fn known_before(&self, run: &RunId) -> Result<Vec<String>, JournalError> {
        self.list("SELECT name FROM known_before WHERE run = ?", [run.number], |row| row.get(0))
    }

    /// Up to `limit` rows after row `after`, in the input's order.
    pub fn rows(&self, run: &RunId, after: u64, limit: u64) -> Result<Vec<RowView>, JournalError> {
        self.list(
            &rows_sql("rows.row > ?2"),
            params![run.number, after as i64, limit as i64],
            view_of,
        )?
        .into_iter()
        .collect()
    }

    /// Up to `limit` rows of a draft after row `after` that have no outcome: only what they hold, as
    /// nothing else is known of them.
    pub fn undecided(
        &self,
        run: &RunId,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Undecided>, JournalError> {
        self.list(
            "SELECT row, line, cells FROM rows
             WHERE run = ? AND row > ? AND outcome IS NULL ORDER BY row LIMIT ?",
            params![run.number, after as i64, limit as i64],
            |row| {
                let (number, line): (i64, i64) = (row.get(0)?, row.get(1)?);
                Ok(Undecided {
                    row: number as u64,
                    line: line as u64,
                    cells: parsed(row, "cells")?,
                })
            },
        )
    }

    /// Up to `limit` rows after row `after` that ended for this reason, in the input's order.
    pub fn rows_for(
        &self,
        run: &RunId,
        reason: Reason,
        after: u64,
        limit: u64,
    ) -> Result<Vec<RowView>, JournalError> {
        let sql = rows_sql("rows.row > ?2 AND rows.reason = ?4");
        let values = params![run.number, after as i64, limit as i64, reason.word()];
        self.list(&sql, values, view_of)?.into_iter().collect()
    }

    /// One row.
    pub fn row(&self, run: &RunId, row: u64) -> Result<Option<RowView>, JournalError> {
        Ok(self.rows(run, row.saturating_sub(1), 1)?.pop().filter(|view| view.row == row))
    }

    pub(crate) fn list<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .map_err(JournalError::sql("be read"))
    }
}

/// A run, and when the run that it undoes was planned (the day is part of that one's id).
pub(crate) fn runs_sql(filter: &str) -> String {
    format!(
        "SELECT *, (SELECT created_at FROM runs AS undone WHERE undone.run = runs.undoes) AS undone_at,
           (SELECT json_group_array(json(value)) FROM doors WHERE doors.run = runs.run) AS doors
         FROM runs {filter}"
    )
}

/// Rows in the input's order.
fn rows_sql(filter: &str) -> String {
    rows_in_order(filter, "rows.row")
}

/// Rows with the deciding step, else the first that serves the row.
pub(crate) fn rows_in_order(filter: &str, order: &str) -> String {
    format!(
        "SELECT rows.row AS number, rows.line, rows.cells, rows.outcome, rows.reason, rows.detail,
                steps.http_status, steps.settled_at, {}
         FROM rows LEFT JOIN steps ON steps.run = rows.run AND steps.step = coalesce(rows.step,
            (SELECT min(serves.step) FROM serves WHERE serves.run = rows.run AND serves.row = rows.row))
         WHERE rows.run = ?1 AND {filter} ORDER BY {order} LIMIT ?3",
        columns("NULL")
    )
}
