//! Reads the rows of a data file.

use std::collections::BTreeSet;
use std::io::Read;
use std::iter::repeat_with;
use std::sync::Arc;

use serde_json::Value;

use headcount_sheet::{Input, Options, Source, Vocabulary, open};

use crate::document::MAX_BYTES;
use crate::value::number_of;
use crate::variables::{Mode, Row};

use super::csv_text::{Cell, CsvError, Record, Records};
use super::row_store::{RowStore, RowWriter};
use super::text::{Text, TextError};

/// Why a data file can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// It is larger than the limit.
    #[error("{0}: the file is larger than {limit} MB", limit = MAX_BYTES / 1024 / 1024)]
    TooLarge(String),
    /// It is not UTF-8.
    #[error("{0}: the file is not UTF-8 text; save it as CSV UTF-8, or as XLSX")]
    NotText(String),
    /// A column name with which Newman crashes.
    #[error("{0}: a column is called {1}, which has a meaning of its own in JavaScript; rename it")]
    Reserved(String, String),
    /// JSON that is not a list of objects.
    #[error("{0}: the JSON must be a list of objects, one for each iteration")]
    NotRows(String),
    /// Nothing below the headings.
    #[error("{0}: there is no row below the headings")]
    NoRows(String),
    /// A quote that is never closed.
    #[error("{0}, line {1}: a quote is opened and never closed")]
    OpenQuote(String, usize),
    /// More cells than headings.
    #[error("{0}, line {1}: the row has {2} cells, but there are {3} headings")]
    TooWide(String, usize, usize, usize),
    /// Two equal headings.
    #[error("{0}: two columns are called {1}")]
    Twice(String, String),
    /// It can't be read to its end.
    #[error("{0} can't be read: {1}")]
    Unreadable(String, String),
    /// The rows can't be written to the temporary file.
    #[error("{0}: its rows could not be written to a temporary file: {1}")]
    NotKept(String, String),
    /// A workbook, with its reader's message.
    #[error("{0}")]
    Sheet(String),
}

/// The rows of a data file: JSON if it parses, else CSV, whatever its name is. In safe mode also XLSX, and CSV
/// with semicolons, tabs or bars; cells stay text. CSV is read row by row and never completely in memory; JSON is.
///
/// # Errors
/// The file can't be used.
pub fn read_rows(
    name: &str,
    reader: impl Read,
    mode: Mode,
    sheet: Option<&str>,
) -> Result<RowStore, DataError> {
    read_rows_into(RowWriter::default(), name, reader, mode, sheet)
}

/// The same, but all rows stay in memory.
///
/// # Errors
/// The file can't be used.
pub fn read_rows_in_memory(
    name: &str,
    reader: impl Read,
    mode: Mode,
    sheet: Option<&str>,
) -> Result<RowStore, DataError> {
    read_rows_into(RowWriter::in_memory(), name, reader, mode, sheet)
}

fn read_rows_into(
    writer: RowWriter,
    name: &str,
    mut reader: impl Read,
    mode: Mode,
    sheet: Option<&str>,
) -> Result<RowStore, DataError> {
    let fail = |error| of_text(name, error);
    let mut start = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut start).map_err(|it| fail(it.into()))?;
    let is_workbook = start == *b"PK\x03\x04" || start == *b"\xd0\xcf\x11\xe0";
    let rows = if is_workbook && mode == Mode::Safe {
        reader.read_to_end(&mut start).map_err(|it| fail(it.into()))?;
        workbook(writer, name, start, sheet)?
    } else {
        text_rows(writer, name, Text::new(start, reader, mode).map_err(fail)?, mode)?
    };
    if rows.is_empty() && mode == Mode::Safe {
        return Err(DataError::NoRows(name.to_owned()));
    }
    let is_reserved = |key: &&str| ["__proto__", "constructor", "prototype"].contains(key);
    if let Some(reserved) = rows.columns().find(is_reserved) {
        return Err(DataError::Reserved(name.to_owned(), reserved.to_owned()));
    }
    Ok(rows)
}

fn of_text(name: &str, error: TextError) -> DataError {
    let name = name.to_owned();
    match error {
        TextError::TooLarge => DataError::TooLarge(name),
        TextError::NotText => DataError::NotText(name),
        TextError::Unreadable(error) => DataError::Unreadable(name, error.to_string()),
    }
}

/// JSON is read completely. Without a bracket at its start, only a short file can be JSON.
fn text_rows<R: Read>(
    writer: RowWriter,
    name: &str,
    mut text: Text<R>,
    mode: Mode,
) -> Result<RowStore, DataError> {
    let start = text.rest().trim_start().chars().next();
    if start.is_none_or(|start| matches!(start, '[' | '{')) {
        while text.read_on().map_err(|error| of_text(name, error))? {}
    }
    if text.has_ended()
        && let Ok(value) = serde_json::from_str::<Value>(text.rest().trim())
    {
        return from_json(name, value, mode);
    }
    from_csv(writer, name, text, mode)
}

/// The separator of a first line `sep=;`, which spreadsheet programs write and read, and the line's length.
fn named_separator(text: &str) -> Option<(char, usize)> {
    let (line, _) = text.split_once('\n')?;
    let name = line.trim_end_matches('\r').trim_matches('"');
    let mut letters = name.strip_prefix("sep=").or_else(|| name.strip_prefix("SEP="))?.chars();
    let separator = letters.next()?;
    letters.next().is_none().then_some((separator, line.len() + 1))
}

fn from_json(name: &str, value: Value, mode: Mode) -> Result<RowStore, DataError> {
    let Value::Array(values) = value else {
        // In Newman, a single object counts as no data.
        return match mode {
            Mode::AsNewman => Ok(RowStore::default()),
            Mode::Safe => Err(DataError::NotRows(name.to_owned())),
        };
    };
    let row = |value| match value {
        Value::Object(members) => Ok(Row::new(members.into_iter().collect())),
        _ if mode == Mode::AsNewman => Ok(Row::default()),
        _ => Err(DataError::NotRows(name.to_owned())),
    };
    Ok(values.into_iter().map(row).collect::<Result<Vec<Row>, _>>()?.into())
}

fn from_csv<R: Read>(
    mut rows: RowWriter,
    name: &str,
    mut text: Text<R>,
    mode: Mode,
) -> Result<RowStore, DataError> {
    let fail = |error| match error {
        CsvError::OpenQuote(line) => DataError::OpenQuote(name.to_owned(), line),
        CsvError::Text(error) => of_text(name, error),
    };
    let named = named_separator(text.rest()).filter(|_| mode == Mode::Safe);
    let (separator, line) = match named {
        Some((separator, length)) => {
            text.skip(length);
            (separator, 2)
        }
        None if mode == Mode::AsNewman => (',', 1),
        None => (separator(text.rest()), 1),
    };
    let mut records = Records::new(text, separator, line);
    let Some(headings) = records.next().map_err(fail)? else { return Ok(RowStore::default()) };
    let headings: Arc<[String]> = headings.cells.into_iter().map(|cell| cell.text).collect();
    if mode == Mode::AsNewman {
        let mut rows = Vec::new();
        while let Some(record) = records.next().map_err(fail)? {
            rows.push(as_newman(record, &headings));
        }
        return Ok(rows.into());
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = headings.iter().find(|it| !it.is_empty() && !seen.insert(it.as_str())) {
        return Err(DataError::Twice(name.to_owned(), twice.clone()));
    }
    let names = named_columns(&headings);
    while let Some(record) = records.next().map_err(fail)? {
        if record.cells.iter().any(|cell| !cell.text.is_empty()) {
            let cells = cells(name, record, &headings)?;
            rows.add(&names, &cells).map_err(|error| not_kept(name, &error))?;
        }
    }
    rows.finish().map_err(|error| not_kept(name, &error))
}

fn not_kept(name: &str, error: &std::io::Error) -> DataError {
    DataError::NotKept(name.to_owned(), error.to_string())
}

/// The columns that have a name.
fn named_columns(headings: &[String]) -> Arc<[String]> {
    headings.iter().filter(|heading| !heading.is_empty()).cloned().collect()
}

/// The cells of the columns that have a name.
fn cells(name: &str, record: Record, headings: &[String]) -> Result<Vec<String>, DataError> {
    let width = record.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |at| at + 1);
    if width > headings.len() {
        return Err(DataError::TooWide(name.to_owned(), record.line, width, headings.len()));
    }
    let cells = record.cells.into_iter().map(|cell| cell.text).chain(repeat_with(String::new));
    let named = headings.iter().zip(cells).filter(|(heading, _)| !heading.is_empty());
    Ok(named.map(|(_, cell)| cell).collect())
}

/// The separator that occurs most outside of quotes in the first line.
fn separator(text: &str) -> char {
    let line = text.lines().next().unwrap_or_default();
    let mut counts = [(',', 0), (';', 0), ('\t', 0), ('|', 0)];
    let mut in_quotes = false;
    for letter in line.chars() {
        in_quotes ^= letter == '"';
        for (separator, count) in &mut counts {
            *count += usize::from(!in_quotes && *separator == letter);
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .filter(|(_, count)| *count > 0)
        .map_or(',', |it| it.0)
}

fn as_newman(record: Record, headings: &Arc<[String]>) -> Row {
    Row::of(Arc::clone(headings), record.cells.into_iter().map(cast).collect())
}

/// Newman converts text that looks like a number: `00712` becomes 712, `5e3` becomes 5000.
fn cast(cell: Cell) -> Value {
    if cell.is_quoted {
        return Value::String(cell.text);
    }
    let whole = number_of(&cell.text).filter(|_| !cell.text.is_empty());
    let prefix = float_prefix(&cell.text);
    let (Some(whole), Some(prefix)) = (whole, prefix) else { return Value::String(cell.text) };
    // Also false for text that is not a number.
    let is_number = whole - prefix + 1.0 >= 0.0;
    if !is_number {
        return Value::String(cell.text);
    }
    if prefix.fract() == 0.0 && prefix.abs() < 9e15 {
        return Value::from(prefix as i64);
    }
    serde_json::Number::from_f64(prefix).map_or(Value::String(cell.text), Value::Number)
}

/// JavaScript's `parseFloat`.
fn float_prefix(text: &str) -> Option<f64> {
    let ends: Vec<usize> =
        text.char_indices().map(|(at, _)| at).skip(1).chain([text.len()]).collect();
    let is_plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
    let prefixes = ends.into_iter().rev().take(400).filter_map(|end| text.get(..end));
    prefixes.filter(|prefix| is_plain(prefix)).find_map(|prefix| prefix.parse().ok())
}

fn workbook(
    mut rows: RowWriter,
    name: &str,
    bytes: Vec<u8>,
    sheet: Option<&str>,
) -> Result<RowStore, DataError> {
    let options = Options { sheet: sheet.map(str::to_owned), ..Options::default() };
    let source = Source { name: name.to_owned(), input: Input::Bytes(bytes) };
    let fail = |error: headcount_sheet::SheetError| DataError::Sheet(error.to_string());
    let sheet = open(source, &options, &Vocabulary::NONE).map_err(fail)?;
    let headings = sheet.headings().to_vec();
    let secret = headcount_sheet::secret_cells(&headings);
    if let Some(heading) = secret.first().and_then(|at| headings.get(*at)) {
        let words = format!(
            "{name}: headcount does not read the column \"{heading}\" from a workbook, because it \
             looks like a password; save the file as CSV"
        );
        return Err(DataError::Sheet(words));
    }
    let names = named_columns(&headings);
    for raw in sheet {
        let raw = raw.map_err(fail)?;
        if let Some(problem) = raw.problem {
            return Err(DataError::Sheet(format!("{name}, {problem}")));
        }
        let named = headings.iter().zip(raw.cells).filter(|(heading, _)| !heading.is_empty());
        let cells: Vec<_> = named.map(|(_, cell)| cell).collect();
        rows.add(&names, &cells).map_err(|error| not_kept(name, &error))?;
    }
    rows.finish().map_err(|error| not_kept(name, &error))
}
