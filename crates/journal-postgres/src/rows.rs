//! Reading rows and names: pages of them, and how many there are.

use headcount_journal::decode::{outcome_of, reason_of};
use headcount_journal::{Filter, JournalError, Names, Page, ReadRows, RowGroup, RowView, RunId};
use tokio_postgres::Row;

use super::connection::{Connection, Value, values};
use super::decode::{doors, value, view_of};
use super::filter::{STEPS, condition, order};
use super::search::{is_search, selected};
use super::steps::{NO_TIME, columns};
use super::store::PostgresStore;
use super::transaction::{number, text};

impl ReadRows for PostgresStore {
    fn row_groups(&self, run: &RunId) -> Result<Vec<RowGroup>, JournalError> {
        let counted =
            "SELECT outcome, reason, count(*) FROM rows WHERE run = $1 GROUP BY outcome, reason";
        let rows = self.session.connection()?.list(counted, values![run.number()])?;
        let read = |row: &Row| {
            Ok(RowGroup {
                outcome: value::<Option<&str>>(row, 0)?.map(outcome_of).transpose()?,
                reason: value::<Option<&str>>(row, 1)?.map(reason_of).transpose()?,
                rows: value::<i64>(row, 2)? as u64,
            })
        };
        rows.iter().map(read).collect()
    }

    fn rows(&self, run: &RunId, filter: &Filter, page: Page) -> Result<Vec<RowView>, JournalError> {
        let connection = self.session.connection()?;
        if is_search(filter) {
            let numbers = selected(&connection, run, filter, page)?;
            return rows_of(&connection, run, &numbers);
        }
        let (condition, more) = condition(filter, 5);
        let order = order(filter.sort);
        let statement =
            rows_sql(&format!("rows.row > $2 AND {condition} ORDER BY {order} LIMIT $3 OFFSET $4"));
        let mut values = values![run.number()];
        values.extend(values![number(page.after), number(page.limit), number(page.skip)]);
        values.extend(more);
        let doors = doors(&connection, run);
        connection.list(&statement, values)?.iter().map(|row| view_of(row, &doors)).collect()
    }

    fn changed_rows(&self, run: &RunId, from: u64, to: u64) -> Result<Vec<u64>, JournalError> {
        let changed = "SELECT row FROM rows
             WHERE run = $1 AND row BETWEEN $2 AND $3 AND outcome = 'changed' ORDER BY row";
        let values = values![run.number(), number(from), number(to)];
        let rows = self.session.connection()?.list(changed, values)?;
        rows.iter().map(|row| Ok(value::<i64>(row, 0)? as u64)).collect()
    }

    fn names(
        &self,
        run: &RunId,
        list: Names,
        after: &str,
        limit: u64,
    ) -> Result<Vec<String>, JournalError> {
        let (run, after, limit) = (run.number(), text(after), number(limit));
        let (statement, values) = match list {
            Names::ToLookUp(kind) => (
                "SELECT name FROM draft_names WHERE run = $1 AND kind = $2 AND name > $3
                 ORDER BY name LIMIT $4",
                values![run, kind, after, limit],
            ),
            Names::KnownBefore => (
                "SELECT name FROM known_before WHERE run = $1 AND name > $2
                 ORDER BY name LIMIT $3",
                values![run, after, limit],
            ),
        };
        let rows = self.session.connection()?.list(statement, values)?;
        rows.iter().map(|row| value(row, 0)).collect()
    }
}

/// Numbers about them.
impl PostgresStore {
    /// Reads a number.
    pub(crate) fn number(&self, sql: &str, values: Vec<Value>) -> Result<u64, JournalError> {
        self.session.connection()?.one::<i64>(sql, values).map(|number| number as u64)
    }

    pub(crate) fn count_rows(&self, run: &RunId, filter: &Filter) -> Result<u64, JournalError> {
        if is_search(filter) {
            let connection = self.session.connection()?;
            let all = selected(&connection, run, filter, Page::after(0, u64::MAX))?;
            return Ok(all.len() as u64);
        }
        let (condition, more) = condition(filter, 2);
        let count = format!("SELECT count(*) FROM rows WHERE rows.run = $1 AND {condition}");
        let mut values = values![run.number()];
        values.extend(more);
        self.number(&count, values)
    }

    /// How many names a list has; of this one name only, where one is given.
    pub(crate) fn count_names(
        &self,
        run: &RunId,
        list: Names,
        only: Option<&str>,
    ) -> Result<u64, JournalError> {
        let (run, only) = (run.number(), only.map(text));
        match list {
            Names::ToLookUp(kind) => self.number(
                "SELECT count(*) FROM draft_names
                 WHERE run = $1 AND kind = $2 AND ($3::text IS NULL OR name = $3)",
                values![run, kind, only],
            ),
            Names::KnownBefore => self.number(
                "SELECT count(*) FROM known_before
                 WHERE run = $1 AND ($2::text IS NULL OR name = $2)",
                values![run, only],
            ),
        }
    }
}

/// The rows of these numbers, in this order.
fn rows_of(
    connection: &Connection,
    run: &RunId,
    numbers: &[i64],
) -> Result<Vec<RowView>, JournalError> {
    let statement = rows_sql("rows.row = ANY ($2::bigint[])");
    let doors = doors(connection, run);
    let rows = connection.list(&statement, values![run.number(), numbers.to_vec()])?;
    let mut views: Vec<RowView> =
        rows.iter().map(|row| view_of(row, &doors)).collect::<Result<_, _>>()?;
    let place: std::collections::HashMap<u64, usize> =
        numbers.iter().enumerate().map(|(at, row)| (*row as u64, at)).collect();
    views.sort_by_key(|view| place.get(&view.row).copied());
    Ok(views)
}

/// Rows with the deciding step, else with the first that serves the row; the columns are in the order of [`view_of`].
fn rows_sql(filter: &str) -> String {
    format!(
        "SELECT rows.row, rows.line, rows.cells, rows.outcome, rows.reason, rows.detail,
                steps.http_status, steps.settled_at, {}
         FROM rows {STEPS} WHERE rows.run = $1 AND {filter}",
        columns(NO_TIME)
    )
}
