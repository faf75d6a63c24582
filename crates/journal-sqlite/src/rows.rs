//! Reading rows and names: pages of them, and how many there are.
//!
//! A search is one walk over the rows of one run; nothing is kept.

use headcount_journal::decode::{outcome_of, reason_of};
use headcount_journal::{
    Doors, Filter, JournalError, Names, Page, ReadRows, RowGroup, RowView, RunId, Sort, SortBy,
    StepView,
};
use headcount_model::folding::folded;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::counted::Counted;
use super::decode::{parsed, time};

use super::steps::{columns, step_of};
use super::store::SqliteStore;
use super::transaction::{id, number, of_run};

impl ReadRows for SqliteStore {
    fn row_groups(&self, run: &RunId) -> Result<Vec<RowGroup>, JournalError> {
        let mut counted = Counted::default();
        let rows = concat!("SELECT outcome, reason FROM rows WHERE ", of_run!("rows"));
        self.each(rows, [run.number()], |row| {
            let text =
                |column: usize| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
            counted.count([text(0)?.unwrap_or_default(), text(1)?.unwrap_or_default()], false);
            Ok(())
        })?;
        let read = |(([outcome, reason], _), rows): (([Box<str>; 2], bool), u64)| {
            let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Ok(RowGroup {
                outcome: word(&outcome).map(|word| outcome_of(&word)).transpose()?,
                reason: word(&reason).map(|word| reason_of(&word)).transpose()?,
                rows,
            })
        };
        counted.all().map(read).collect()
    }

    fn rows(&self, run: &RunId, filter: &Filter, page: Page) -> Result<Vec<RowView>, JournalError> {
        let (condition, mut more) = condition(filter, 5);
        let in_page = format!("rows.id > ?2 AND rows.id <= ?3 AND {condition}");
        let order = order(filter.sort);
        let rows = if page.skip == 0 && filter.sort == Sort::default() {
            in_page
        } else {
            more.push(number(page.skip).into());
            // The numbers first, so that only the rows of this page are read whole.
            format!(
                "rows.id IN (SELECT rows.id FROM rows {} WHERE {in_page}
                             ORDER BY {order} LIMIT ?4 OFFSET ?{})",
                join(filter),
                more.len() + 4
            )
        };
        let bounds = [run.number(), id(run, page.after), id(run, u64::MAX), number(page.limit)];
        let mut values: Vec<Value> = bounds.map(Value::from).to_vec();
        values.extend(more);
        let statement = rows_sql(&rows, &order);
        let doors = self.doors(run);
        let values = params_from_iter(values);
        self.list(&statement, values, |row| view_of(row, &doors))?.into_iter().collect()
    }

    fn changed_rows(&self, run: &RunId, from: u64, to: u64) -> Result<Vec<u64>, JournalError> {
        self.list(
            "SELECT row FROM rows WHERE id BETWEEN ? AND ? AND outcome = 'changed' ORDER BY id",
            [id(run, from), id(run, to)],
            |row| Ok(row.get::<_, i64>(0)? as u64),
        )
    }

    fn names(
        &self,
        run: &RunId,
        list: Names,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError> {
        let (run, limit) = (run.number(), number(limit));
        match list {
            Names::ToLookUp(kind) => self.list(
                "SELECT name FROM draft_names WHERE run = ? AND kind = ? AND name > ?
                 ORDER BY name LIMIT ?",
                params![run, kind, after, limit],
                |row| row.get(0),
            ),
            Names::KnownBefore => self.list(
                "SELECT name FROM known_before WHERE run = ? AND name > ? ORDER BY name LIMIT ?",
                params![run, after, limit],
                |row| row.get(0),
            ),
        }
    }
}

/// Numbers about them.
impl SqliteStore {
    pub(crate) fn count_rows(&self, run: &RunId, filter: &Filter) -> Result<u64, JournalError> {
        let (condition, more) = condition(filter, 2);
        let count = format!(
            "SELECT count(*) FROM rows {} WHERE {} AND {condition}",
            join(filter),
            of_run!("rows")
        );
        let values = std::iter::once(Value::from(run.number())).chain(more);
        self.number(&count, params_from_iter(values))
    }

    /// The first place that is found is enough; without any it is one walk over the run.
    pub(crate) fn finds_text(&self, run: &RunId, text: &str) -> Result<u64, JournalError> {
        let exists = format!(
            "SELECT EXISTS (SELECT 1 FROM rows WHERE {} AND holds(?2, cells, detail))
                 OR EXISTS (SELECT 1 FROM steps WHERE {} AND holds(?2, {OF_STEPS}))",
            of_run!("rows"),
            of_run!("steps")
        );
        self.number(&exists, params![run.number(), wanted(text.trim())])
    }

    /// How many names a list has; of this one name only, where one is given.
    pub(crate) fn count_names(
        &self,
        run: &RunId,
        list: Names,
        only: Option<&str>,
    ) -> Result<u64, JournalError> {
        match (list, only) {
            (Names::ToLookUp(kind), None) => self.number(
                "SELECT count(*) FROM draft_names WHERE run = ? AND kind = ?",
                params![run.number(), kind],
            ),
            (Names::ToLookUp(kind), Some(name)) => self.number(
                "SELECT count(*) FROM draft_names WHERE run = ? AND kind = ? AND name = ?",
                params![run.number(), kind, name],
            ),
            (Names::KnownBefore, None) => self
                .number("SELECT count(*) FROM known_before WHERE run = ?", params![run.number()]),
            (Names::KnownBefore, Some(name)) => self.number(
                "SELECT count(*) FROM known_before WHERE run = ? AND name = ?",
                params![run.number(), name],
            ),
        }
    }
}

/// Decodes a row from the columns of [`rows_sql`].
fn view_of(row: &Row<'_>, doors: &Doors<'_>) -> rusqlite::Result<Result<RowView, JournalError>> {
    let outcome: Option<String> = row.get(3)?;
    let reason: Option<String> = row.get(4)?;
    let is_planned = row.get::<_, Option<i64>>(8)?.is_some();
    let step = is_planned.then(|| step_of(row, 8, doors)).transpose()?;
    let (http_status, at) = (row.get(6)?, time(row, 7)?);
    let view = RowView {
        row: row.get::<_, i64>(0)? as u64,
        line: row.get::<_, i64>(1)? as u64,
        cells: parsed(row, 2)?,
        outcome: None,
        reason: None,
        detail: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        step: None,
    };
    let complete = || -> Result<RowView, JournalError> {
        let outcome = outcome.as_deref().map(outcome_of).transpose()?;
        let reason = reason.as_deref().map(reason_of).transpose()?;
        let step = step.transpose()?.map(|step| StepView { step, http_status, at });
        Ok(RowView { outcome, reason, step, ..view })
    };
    Ok(complete())
}

/// Rows with the deciding step, else with the first that serves the row; the columns are in the order
/// of [`view_of`].
fn rows_sql(filter: &str, order: &str) -> String {
    format!(
        "SELECT rows.row AS number, rows.line, rows.cells, rows.outcome, rows.reason, rows.detail,
                steps.http_status, steps.settled_at, {}
         FROM rows {STEPS}
         WHERE {filter} ORDER BY {order} LIMIT ?4",
        columns("NULL")
    )
}

/// The steps are joined only where their words are asked for: that is what takes time.
fn join(filter: &Filter) -> &'static str {
    let has_text = !filter.text.trim().is_empty();
    if has_text || filter.sort.by == SortBy::About { STEPS } else { "" }
}

fn order(sort: Sort) -> String {
    let way = if sort.is_descending { " DESC" } else { "" };
    match sort.by {
        SortBy::Row => format!("rows.id{way}"),
        SortBy::Outcome => format!("rows.outcome{way}, rows.id"),
        SortBy::Reason => format!("rows.reason{way}, rows.id"),
        SortBy::About => format!("folded({ABOUT}){way}, rows.id"),
    }
}

/// What a row is about, as far as its cells and its step show it.
const ABOUT: &str =
    "coalesce((SELECT value FROM json_each(rows.cells) WHERE value LIKE '%@%' LIMIT 1),
    nullif(substr(steps.about, 1, instr(steps.about || char(10), char(10)) - 1), ''),
    (SELECT value FROM json_each(rows.cells) LIMIT 1))";

/// A filter as a condition with values from `?first` on.
fn condition(filter: &Filter, first: usize) -> (String, Vec<Value>) {
    let mut condition = String::from("1");
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        values.len() + first - 1
    };
    if let Some(outcome) = filter.outcome {
        let value = outcome.map_or(Value::Null, |outcome| outcome.word().to_owned().into());
        condition.push_str(&format!(" AND rows.outcome IS ?{}", bind(value)));
    }
    if let Some(reason) = filter.reason {
        let at = bind(reason.word().to_owned().into());
        condition.push_str(&format!(" AND rows.reason = ?{at}"));
    }
    if filter.twice {
        condition.push_str(TWICE);
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let at = bind(wanted(text).into());
        condition.push_str(&format!(" AND holds(?{at}, rows.cells, rows.detail, {OF_STEPS})"));
    }
    (condition, values)
}

/// The text as it is searched. Cells are kept as JSON, where a quote and a backslash are written with a
/// backslash before them.
fn wanted(text: &str) -> String {
    folded(&text.replace('\\', "\\\\").replace('"', "\\\"")).into_owned()
}

/// Where a text is looked for in the steps of a run.
const OF_STEPS: &str = "steps.about, steps.named";

const TWICE: &str = " AND (EXISTS (SELECT 1 FROM steps AS own
        WHERE own.run = ?1 AND own.row = rows.row AND own.warned)
    OR EXISTS (SELECT 1 FROM shared JOIN steps AS other ON other.id = (?1 << 32) + shared.step
        WHERE shared.run = ?1 AND shared.row = rows.row AND other.warned))";

const STEPS: &str = "LEFT JOIN steps ON steps.id = (?1 << 32) + coalesce(rows.step,
    (SELECT min(step) FROM (
        SELECT min(own.id) & 0xffffffff AS step FROM steps AS own
            WHERE own.run = ?1 AND own.row = rows.row
        UNION ALL
        SELECT min(shared.step) FROM shared WHERE shared.run = ?1 AND shared.row = rows.row)))";
