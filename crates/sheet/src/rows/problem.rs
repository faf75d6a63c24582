//! Problems of a row that can be found without knowing the columns, and rows that a quote swallowed: each of their
//! lines is reported, so that no row is lost.

use crate::cell::{text, trim};
use crate::error::SheetError;
use crate::heading::line::Heading;
use crate::heading::names::{cell_name, column_name};
use crate::heading::words::normalized;
use crate::quoting::excerpt;
use crate::record::{Odd, Record, Stray, Unseen};
use crate::rows::raw::{Faint, Problem};
use crate::token::has_told;
use crate::vocabulary::Identifier;

/// What the problems of a row depend on.
pub(crate) struct Table<'a> {
    /// The file's own headings.
    pub(crate) headings: &'a [String],
    /// The same, with their words.
    pub(crate) known: &'a [Heading],
    pub(crate) is_workbook: bool,
    /// The columns of passwords or keys.
    pub(crate) secret: &'a [usize],
    pub(crate) identifier: &'a Identifier,
    /// The columns that hold such identifiers.
    pub(crate) named: &'a [usize],
}

/// The first problem of a row. If the file has columns of passwords or keys, the message quotes no cell of the
/// row.
pub(crate) fn row_problem(record: &Record, table: &Table<'_>) -> Option<Problem> {
    let Table { headings, known, is_workbook, secret, identifier, named } = *table;
    let has_secret = !secret.is_empty() || has_told(&record.cells);
    ragged(record, headings, is_workbook, has_secret)
        .or_else(|| short(record, headings, is_workbook, !secret.is_empty()))
        .or_else(|| other_separator(record, headings, is_workbook))
        .or_else(|| no_result(record, headings))
        .or_else(|| covered(record, headings))
        .or_else(|| unseen(record, headings))
        .or_else(|| merged(record, headings))
        .or_else(|| nul(record))
        .or_else(|| repeated(record, known))
        .or_else(|| shifted(record, headings, secret, identifier))
        .or_else(|| {
            no_identifier(record, headings, identifier, named).filter(|_| !secret.is_empty())
        })
}

/// The cells of a row whose text a person does not see, with the problem of the row without them. A line through the
/// text, and a condition that may draw one, may be about the whole row: those cells always count.
pub(crate) fn faint(
    record: &mut Record,
    problem: impl FnOnce(&Record) -> Option<Problem>,
) -> Option<Faint> {
    let is_faint = |odd: &Odd| match odd {
        Odd::Unseen { why, .. } => match why {
            Unseen::Format | Unseen::OtherText | Unseen::Color | Unseen::Size => true,
            Unseen::Struck | Unseen::Condition => false,
        },
        Odd::NoResult { .. } | Odd::Merged { .. } | Odd::Covered { .. } => false,
    };
    let (faint, others) = std::mem::take(&mut record.odd).into_iter().partition(is_faint);
    record.odd = others;
    let column = |odd: Odd| match odd {
        Odd::Unseen { column, .. } => Some(column),
        Odd::NoResult { .. } | Odd::Merged { .. } | Odd::Covered { .. } => None,
    };
    let columns: Vec<usize> = Vec::into_iter(faint).filter_map(column).collect();
    (!columns.is_empty()).then(|| Faint { columns, otherwise: problem(record) })
}

/// Finds a cell under the identifier's heading that is not an identifier at all. A separator too many may have
/// moved a password there, so the message does not quote the cell and nothing keeps it.
fn no_identifier(
    record: &Record,
    headings: &[String],
    identifier: &Identifier,
    named: &[usize],
) -> Option<Problem> {
    let is_none = |at: &&usize| {
        let cell = record.cells.get(**at);
        cell.is_some_and(|cell| !trim(cell).is_empty() && !(identifier.is_meant)(cell))
    };
    let at = *named.iter().find(is_none)?;
    let Identifier { name, example, .. } = identifier;
    Some(Problem {
        line: record.line,
        column: Some(column_name(headings, at)),
        what: format!("the cell is not an {name} (not shown: it may be a part of a password)"),
        todo: format!(
            "write only the address, such as {example}; the cells of this row may be under the wrong \
             headings: write a cell that contains a separator in quotes (\"a, b\")"
        ),
    })
}

/// Finds an identifier under a password's heading. Then a separator too many is before it and one is missing after
/// it, so the password may be in any column.
fn shifted(
    record: &Record,
    headings: &[String],
    secret: &[usize],
    identifier: &Identifier,
) -> Option<Problem> {
    let holds_one =
        |at: &&usize| record.cells.get(**at).is_some_and(|cell| (identifier.is_one)(cell));
    let at = *secret.iter().find(holds_one)?;
    Some(Problem {
        line: record.line,
        column: Some(column_name(headings, at)),
        what: format!("the column of a password or a key has an {}", identifier.name),
        todo:
            "the cells of this row may be under the wrong headings: write a cell that contains a \
               separator in quotes (\"a, b\"), or remove the column"
                .to_owned(),
    })
}

/// Finds a value that the spreadsheet program does not show. (It may be under a heading whose cells are never
/// quoted.)
fn covered(record: &Record, headings: &[String]) -> Option<Problem> {
    record.odd.iter().find_map(|odd| {
        let Odd::Covered { cell, range, column } = odd else { return None };
        (*column < headings.len()).then(|| Problem {
            line: record.line,
            column: Some(column_name(headings, *column)),
            what: format!(
                "the cell {cell} is within the merged cells {range} and holds a value of its own, which \
                 the spreadsheet program does not show"
            ),
            todo: "split the merged cells, and write or clear each cell".to_owned(),
        })
    })
}

/// Finds a repeated heading line, as in files that were concatenated.
fn repeated(record: &Record, headings: &[Heading]) -> Option<Problem> {
    let is_filled = |text: &str| !trim(text).is_empty();
    let mut both = headings
        .iter()
        .zip(&record.cells)
        .filter(|(one, other)| is_filled(one.text()) || is_filled(other));
    let filled = |cells: &[String]| cells.iter().filter(|cell| is_filled(cell)).count();
    // The first cell of nearly every row differs from its heading.
    let is_it = both.all(|(heading, cell)| is_same(heading, cell))
        && filled(&record.cells) > 0
        && filled(&record.cells)
            == headings.iter().filter(|heading| is_filled(heading.text())).count();
    is_it.then(|| Problem {
        line: record.line,
        column: None,
        what: "the row repeats the headings".to_owned(),
        todo: "remove it".to_owned(),
    })
}

/// Whether a cell is the same heading after normalization. Of a single word without brackets, only the letters and
/// digits are left in lower case, also if it is one of the words that are left out of longer headings.
fn is_same(heading: &Heading, cell: &str) -> bool {
    let is_one_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b':');
    if !cell.bytes().all(is_one_word) {
        return heading.normalized() == normalized(cell);
    }
    let letters = cell.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|byte| byte.to_ascii_lowercase()).eq(heading.normalized().bytes())
}

fn nul(record: &Record) -> Option<Problem> {
    let holds = record.cells.iter().any(|cell| memchr::memchr(0, cell.as_bytes()).is_some());
    holds.then(|| Problem {
        line: record.line,
        column: None,
        what: "the row has a NUL character".to_owned(),
        todo: "write the row again; the file may be damaged".to_owned(),
    })
}

/// Cells that a row lacks at its end are empty. But if a separator is missing further to the left, a password may
/// be under a heading whose cells are kept.
fn short(
    record: &Record,
    headings: &[String],
    is_workbook: bool,
    has_secret: bool,
) -> Option<Problem> {
    let cells = record.cells.len();
    if is_workbook || !has_secret || cells >= headings.len() {
        return None;
    }
    let has = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
    Some(Problem {
        line: record.line,
        column: Some(column_name(headings, cells)),
        what: format!("the row has {has}, but the heading line has {}", headings.len()),
        todo: "write the separators of its empty cells too: the file has a column of passwords or keys"
            .to_owned(),
    })
}

/// Finds a single cell that another separator would split into a whole row.
fn other_separator(record: &Record, headings: &[String], is_workbook: bool) -> Option<Problem> {
    let [cell] = record.cells.as_slice() else { return None };
    if is_workbook || headings.len() < 2 {
        return None;
    }
    let fits = |separator: &char| cell.split(*separator).count() == headings.len();
    let separator = [',', ';', '\t', '|'].into_iter().find(fits)?;
    let separator = if separator == '\t' { "tabs".to_owned() } else { format!("`{separator}`") };
    Some(Problem {
        line: record.line,
        column: Some(column_name(headings, 0)),
        what: format!("the row has 1 cell, but the heading line has {}", headings.len()),
        todo: format!(
            "its cells seem to be separated by {separator}; write it like the other rows"
        ),
    })
}

/// Finds formulas whose results are not in the file: an empty cell would have another meaning.
fn no_result(record: &Record, headings: &[String]) -> Option<Problem> {
    let of_table = |odd: &Odd| match odd {
        Odd::NoResult { column } if *column < headings.len() => Some(*column),
        Odd::NoResult { .. } | Odd::Unseen { .. } | Odd::Merged { .. } | Odd::Covered { .. } => {
            None
        }
    };
    let mut columns: Vec<usize> = record.odd.iter().filter_map(of_table).collect();
    columns.sort_unstable();
    let first = *columns.first()?;
    let row = u32::try_from(record.line.saturating_sub(1)).unwrap_or(u32::MAX);
    let names: Vec<String> = columns.iter().map(|at| cell_name(row, *at as u32)).collect();
    let what = match names.split_first() {
        Some((first, more)) if !more.is_empty() => {
            let more = more.join(", ");
            format!("a formula whose result is not in the file (cell {first}; also {more})")
        }
        _ => format!("a formula whose result is not in the file (cell {})", names.concat()),
    };
    Some(Problem {
        line: record.line,
        column: Some(column_name(headings, first)),
        what,
        todo: "open it in a spreadsheet program and save it, or paste the cells as values"
            .to_owned(),
    })
}

/// Finds a cell that its format hides or strikes through, so that a person reads the row differently.
fn unseen(record: &Record, headings: &[String]) -> Option<Problem> {
    record.odd.iter().find_map(|odd| {
        let Odd::Unseen { column, why } = odd else { return None };
        let (what, todo) = why_unseen(*why, &cell_of(record, *column));
        (*column < headings.len()).then(|| Problem {
            line: record.line,
            column: Some(column_name(headings, *column)),
            what,
            todo: todo.to_owned(),
        })
    })
}

/// The name of a cell of a record.
fn cell_of(record: &Record, column: usize) -> String {
    let row = u32::try_from(record.line.saturating_sub(1)).unwrap_or(u32::MAX);
    cell_name(row, u32::try_from(column).unwrap_or(u32::MAX))
}

/// Checks that no number format shows other headings than those that are read.
pub(crate) fn check_seen(name: &str, headings: &Record) -> Result<(), SheetError> {
    let mut odd = headings.odd.iter();
    let is_other = |odd: &&Odd| matches!(odd, Odd::Unseen { why: Unseen::OtherText, .. });
    let Some(Odd::Unseen { column, why }) = odd.find(is_other) else { return Ok(()) };
    let (what, _) = why_unseen(*why, &cell_of(headings, *column));
    Err(SheetError::Workbook { name: name.to_owned(), source: what.into() })
}

/// Why the cell's text is not taken, and what to do.
fn why_unseen(why: Unseen, cell: &str) -> (String, &'static str) {
    match why {
        Unseen::Format => (
            format!("the number format of the cell {cell} hides what it holds"),
            "give the cell the format General and look at it, or remove the row",
        ),
        Unseen::OtherText => (
            format!("the number format of the cell {cell} shows another text than the cell holds"),
            "give the cell the format General and look at it, or remove the row",
        ),
        Unseen::Color => (
            format!(
                "the text of the cell {cell} has the color of its background, so it is not visible"
            ),
            "give the text another color and look at it, or remove the row",
        ),
        Unseen::Size => (
            format!("the text of the cell {cell} is too small to be read"),
            "give the text a larger font and look at it, or remove the row",
        ),
        Unseen::Struck => (
            format!("the text of the cell {cell} is struck through, so the row may not be meant"),
            "remove the row; or, if it is meant, remove the line through the text",
        ),
        Unseen::Condition => (
            format!(
                "a conditional format can hide the text of the cell {cell} or strike it through, and \
                 headcount does not evaluate its condition"
            ),
            "look at the row, then clear the conditional formats of the sheet or save it as CSV UTF-8",
        ),
    }
}

/// Finds a merged range over several columns of the table: the file does not show which of them its value belongs
/// to.
fn merged(record: &Record, headings: &[String]) -> Option<Problem> {
    record.odd.iter().find_map(|odd| {
        let Odd::Merged { range, from, to } = odd else { return None };
        let headed = headings.iter().enumerate().filter(|(at, _)| (*from..=*to).contains(at));
        let headed = headed.filter(|(_, heading)| !trim(heading).is_empty()).count();
        (headed > 1).then(|| Problem {
            line: record.line,
            column: Some(column_name(headings, *from)),
            what: format!("the cells {range} are merged over several columns"),
            todo: "split the merged cells, and write each value under its heading".to_owned(),
        })
    })
}

/// Finds cells without a heading.
fn ragged(
    record: &Record,
    headings: &[String],
    is_workbook: bool,
    has_secret: bool,
) -> Option<Problem> {
    let wanted = headings.len();
    let cells = record.cells.len();
    let surplus = (wanted..cells)
        .find(|&at| record.cells.get(at).is_some_and(|cell| !trim(cell).is_empty()))?;
    let mut what = match has_secret {
        false => format!(
            "the row has {cells} cells, but only the first {wanted} have a heading (the first extra cell \
             is “{}”)",
            excerpt(&record.cells[surplus])
        ),
        // The surplus cell may be the password.
        true => format!("the row has {cells} cells, but only the first {wanted} have a heading"),
    };
    let todo = if is_workbook {
        "give the column a heading, or clear what is outside the table"
    } else if record.last_line > record.line {
        what.push_str(&format!(", and spans the lines {} to {}", record.line, record.last_line));
        "a quote (\") at the start of a cell may be missing its end; write a cell that contains a \
         separator or a line end in quotes"
    } else if record.cells.iter().any(|cell| cell.starts_with(' ') && trim(cell).starts_with('"')) {
        "a quote (\") must be the first character of its cell; remove the space before it"
    } else {
        "give every row as many cells as the heading; write a cell that contains a separator in quotes \
         (\"a, b\")"
    };
    let column = Some(column_name(headings, surplus));
    Some(Problem { line: record.line, column, what, todo: todo.to_owned() })
}

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The quick comparison with a heading is that of normalized texts.
        #[test]
        fn a_cell_is_the_same_heading_if_both_are_the_same_normalized(
            heading in "(Email|E-Mail|required|User id|Name \\[x\\] Required|Größe|--|)",
            cell in "(email|e-mail|E_MAIL|Required|userid|user id|name|grösse|--|-|a1@b.c|)",
        ) {
            let same = normalized(&heading) == normalized(&cell);
            prop_assert_eq!(is_same(&Heading::of(&heading), &cell), same);
        }
    }
}
