//! Searching rows for a text, and sorting them by the user or group that they are about.
//!
//! Both compare texts without case and accents by rules that the server does not have ([`folding`]). So the rows of the
//! run are read one by one and compared here. A search is one walk over the rows of one run, as in every store.

use headcount_journal::{Filter, JournalError, Page, RunId, SortBy};
use headcount_model::folding::{self, folded};
use tokio_postgres::Row;

use super::connection::{Connection, values};
use super::decode::{parsed, value};
use super::filter::{STEPS, condition, order};
use super::store::PostgresStore;
use super::transaction::{number, text};

/// Whether the server can't find the rows of a filter, or their order, by itself.
pub(crate) fn is_search(filter: &Filter) -> bool {
    !filter.text.trim().is_empty() || filter.sort.by == SortBy::About
}

/// The numbers of the rows of a page, in the order of the filter.
pub(crate) fn selected(
    connection: &Connection,
    run: &RunId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<i64>, JournalError> {
    let (condition, more) = condition(filter, 3);
    let statement = format!(
        "SELECT rows.row, rows.cells, rows.detail, steps.about, steps.named FROM rows {STEPS}
         WHERE rows.run = $1 AND rows.row > $2 AND {condition} ORDER BY {}",
        order(filter.sort)
    );
    let mut values = values![run.number(), number(page.after)];
    values.extend(more);
    let part = wanted(filter.text.trim());
    let sorts = filter.sort.by == SortBy::About;
    let enough = page.skip.saturating_add(page.limit);
    let mut found: Vec<(Option<String>, i64)> = Vec::new();
    connection.each(&statement, values, &mut |row| {
        if holds(row, 1..5, &part)? {
            let key = if sorts { about(row)? } else { None };
            found.push((key, value(row, 0)?));
        }
        Ok(sorts || (found.len() as u64) < enough)
    })?;
    if sorts {
        // Rows that are equal stay in the input's order, also in the descending one.
        found.sort_by(|(a, row), (b, other)| {
            let by_name = a.cmp(b);
            let by_name = if filter.sort.is_descending { by_name.reverse() } else { by_name };
            by_name.then(row.cmp(other))
        });
    }
    let (skip, limit) = (usize::try_from(page.skip), usize::try_from(page.limit));
    let page = found.into_iter().skip(skip.unwrap_or(usize::MAX));
    Ok(page.take(limit.unwrap_or(usize::MAX)).map(|(_, row)| row).collect())
}

impl PostgresStore {
    /// 1 if the text is anywhere in the run, else 0. The first place that is found is enough.
    pub(crate) fn finds_text(&self, run: &RunId, searched: &str) -> Result<u64, JournalError> {
        let connection = self.session.connection()?;
        let part = wanted(searched.trim());
        for texts in [
            "SELECT cells, detail FROM rows WHERE run = $1",
            "SELECT about, named FROM steps WHERE run = $1",
        ] {
            let mut is_found = false;
            connection.each(texts, values![run.number()], &mut |row| {
                is_found = holds(row, 0..2, &part)?;
                Ok(!is_found)
            })?;
            if is_found {
                return Ok(1);
            }
        }
        Ok(0)
    }
}

/// Whether any of these columns has the text.
fn holds(row: &Row, columns: std::ops::Range<usize>, part: &str) -> Result<bool, JournalError> {
    for column in columns {
        if value::<Option<&str>>(row, column)?.is_some_and(|text| folding::holds(text, part)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The text as it is searched. Cells are kept as JSON, where a quote and a backslash are written with a backslash before
/// them.
fn wanted(searched: &str) -> String {
    folded(&text(searched).replace('\\', "\\\\").replace('"', "\\\"")).into_owned()
}

/// The user or group of a row, as far as its cells and its step show it, as it is sorted.
fn about(row: &Row) -> Result<Option<String>, JournalError> {
    let cells: Vec<String> = parsed(value(row, 1)?)?;
    let named = value::<Option<&str>>(row, 3)?.and_then(|about| about.split('\n').next());
    let address = cells.iter().find(|cell| cell.contains('@')).map(String::as_str);
    let first = cells.first().map(String::as_str);
    let about = address.or(named.filter(|name| !name.is_empty())).or(first);
    Ok(about.map(|about| folded(about).into_owned()))
}
