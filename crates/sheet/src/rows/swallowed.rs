//! Rows that a quote swallowed. Each of their lines is reported, so that no row is lost.

use crate::cell::{text, trim};
use crate::heading::names::column_name;
use crate::record::{Record, Stray};
use crate::rows::raw::Problem;
use crate::vocabulary::Identifier;

/// A record of several lines that seem to be rows.
pub(crate) struct Swallowed {
    /// The name of the column with the quote.
    pub(crate) column: Option<String>,
    pub(crate) what: String,
    pub(crate) todo: String,
    /// The record's lines, each with its number.
    pub(crate) lines: Vec<(u64, String)>,
}

/// Returns the swallowed lines if the record's quotes are probably wrong. `split` splits a line into cells.
pub(crate) fn swallowed(
    record: &Record,
    headings: &[String],
    identifier: &Identifier,
    split: impl Fn(&str) -> Vec<String>,
) -> Option<Swallowed> {
    let lines = numbered(record.line, record.text.as_deref()?);
    if let Some(stray) = record.stray {
        return Some(told(stray, headings, lines));
    }
    // The positions of identifiers in a line and its number of cells: with its quotes, and as if it had none.
    let people = |line: &str| -> Vec<usize> {
        let ways = [split(line), split(&line.replace('"', ""))].into_iter();
        let fitting = ways.filter(|cells| cells.len() > 1 && cells.len() <= headings.len());
        fitting
            .filter_map(|cells| cells.iter().position(|cell| (identifier.is_one)(bare(cell))))
            .collect()
    };
    // The lines of a quoted note may hold any text. But a line with an identifier in the identifier's column, and
    // with other cells, is a row.
    let first = people(&lines.first()?.1);
    let is_row = |(_, line): &&(u64, String)| people(line).iter().any(|at| first.contains(at));
    let row = lines.iter().skip(1).find(is_row)?.0;
    let (opened, closed) = (record.line, record.last_line);
    let what = format!(
        "a quote (\") that opens on line {opened} closes on line {closed}, and line {row} within it looks \
         like a row of its own"
    );
    Some(Swallowed { column: None, what, todo: TODO.to_owned(), lines })
}

const TODO: &str = "close the quote on the line where it opens, or write \"\" for a quote that \
                    belongs to the text";

fn told(stray: Stray, headings: &[String], lines: Vec<(u64, String)>) -> Swallowed {
    let Stray { column, opened, closed } = stray;
    let what = match opened == closed {
        true => "text follows the quote (\") that closes this cell".to_owned(),
        false => format!(
            "a quote (\") that opens on line {opened} closes on line {closed} in the middle of a cell, \
             so the lines {opened} to {closed} would be one row"
        ),
    };
    let todo = match opened == closed {
        true => "put the whole cell in quotes, and write \"\" for a quote that belongs to the text",
        false => TODO,
    };
    let column = Some(column_name(headings, column));
    Swallowed { column, what, todo: todo.to_owned(), lines }
}

fn bare(cell: &str) -> &str {
    text(cell).trim_matches('"')
}

/// The lines of a record that are not empty, each with its number.
fn numbered(first: u64, record: &str) -> Vec<(u64, String)> {
    let unix = record.replace("\r\n", "\n").replace('\r', "\n");
    let lines = (first..).zip(unix.split('\n').map(str::to_owned));
    lines.filter(|(_, line)| !trim(line).is_empty()).collect()
}

/// The problem of a line after a stray quote: it may belong to the cell that the quote was meant to open.
pub(crate) fn within_quote(line: u64, opened: u64) -> Problem {
    Problem {
        line,
        column: None,
        what: format!(
            "a quote (\") that opens on line {opened} closes in the middle of a cell, so this line may \
             belong to a cell above it"
        ),
        todo: TODO.to_owned(),
    }
}
