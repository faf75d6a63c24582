//! A filter of rows as SQL.

use headcount_journal::{Filter, Sort, SortBy};

use super::connection::{Value, values};

/// A row without an outcome or a reason comes first.
pub(crate) fn order(sort: Sort) -> String {
    let way = if sort.is_descending { "DESC NULLS LAST" } else { "ASC NULLS FIRST" };
    match sort.by {
        // What a row is about is compared outside the server.
        SortBy::Row | SortBy::About => format!("rows.row {way}"),
        SortBy::Outcome => format!("rows.outcome {way}, rows.row"),
        SortBy::Reason => format!("rows.reason {way}, rows.row"),
    }
}

/// A filter, but for its text, as a condition with values from `$first` on.
pub(crate) fn condition(filter: &Filter, first: usize) -> (String, Vec<Value>) {
    let mut condition = String::from("true");
    let mut values: Vec<Value> = Vec::new();
    if let Some(outcome) = filter.outcome {
        let at = first + values.len();
        condition.push_str(&format!(" AND rows.outcome IS NOT DISTINCT FROM ${at}"));
        values.extend(values![outcome.map(|outcome| outcome.word())]);
    }
    if let Some(reason) = filter.reason {
        condition.push_str(&format!(" AND rows.reason = ${}", first + values.len()));
        values.extend(values![reason.word()]);
    }
    if filter.twice {
        condition.push_str(TWICE);
    }
    (condition, values)
}

const TWICE: &str = " AND EXISTS (SELECT 1 FROM serves
    JOIN steps AS warned ON warned.run = serves.run AND warned.step = serves.step
    WHERE serves.run = rows.run AND serves.row = rows.row AND warned.warned)";

pub(crate) const STEPS: &str = "LEFT JOIN steps ON steps.run = rows.run
    AND steps.step = coalesce(rows.step, (SELECT min(serves.step) FROM serves
        WHERE serves.run = rows.run AND serves.row = rows.row))";
