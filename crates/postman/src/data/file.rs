//! From a data file to rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use headcount_sheet::{Input, Options, Source, Vocabulary, open};

use crate::document::MAX_BYTES;
use crate::value::number_of;
use crate::variables::{Mode, Row};

use super::csv_text::{Cell, OpenQuote, Record, records};

/// Why a data file can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// It holds more than the bound.
    #[error("{0}: the file is larger than {limit} MB", limit = MAX_BYTES / 1024 / 1024)]
    TooLarge(String),
    /// It is no UTF-8.
    #[error("{0}: the file is not UTF-8 text; save it as CSV UTF-8, or as XLSX")]
    NotText(String),
    /// A column that Newman dies of.
    #[error("{0}: a column is called {1}, which has a meaning of its own in JavaScript; rename it")]
    Reserved(String, String),
    /// JSON that is no list of objects.
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
    /// Two headings of one name.
    #[error("{0}: two columns are called {1}")]
    Twice(String, String),
    /// A workbook, in the words of its reader.
    #[error("{0}")]
    Sheet(String),
}

/// The rows of a data file: JSON if it parses, else CSV, whatever its name. In safe mode also XLSX,
/// and CSV with semicolons, tabs or bars; cells stay text.
///
/// # Errors
/// Where the file can't be used.
pub fn read_rows(
    name: &str,
    bytes: Vec<u8>,
    mode: Mode,
    sheet: Option<&str>,
) -> Result<Vec<Arc<Row>>, DataError> {
    let rows = read_any(name, bytes, mode, sheet)?;
    if rows.is_empty() && mode == Mode::Safe {
        return Err(DataError::NoRows(name.to_owned()));
    }
    Ok(rows)
}

fn read_any(
    name: &str,
    bytes: Vec<u8>,
    mode: Mode,
    sheet: Option<&str>,
) -> Result<Vec<Arc<Row>>, DataError> {
    let is_workbook = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0");
    if is_workbook && mode == Mode::Safe {
        return checked(name, workbook(name, bytes, sheet)?);
    }
    if bytes.len() > MAX_BYTES {
        return Err(DataError::TooLarge(name.to_owned()));
    }
    let bytes = match mode {
        Mode::Safe => utf16(&bytes).map_or(bytes, String::into_bytes),
        Mode::AsNewman => bytes,
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if mode == Mode::AsNewman => {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
        Err(_) => return Err(DataError::NotText(name.to_owned())),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
        return checked(name, from_json(name, value, mode)?);
    }
    checked(name, from_csv(name, text, mode)?)
}

/// The text of a file in UTF-16 with its mark, as Excel's "Unicode text" is.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (mark, text) = bytes.split_at_checked(2)?;
    let unit: fn([u8; 2]) -> u16 = match mark {
        [0xff, 0xfe] => u16::from_le_bytes,
        [0xfe, 0xff] => u16::from_be_bytes,
        _ => return None,
    };
    let units = text.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    String::from_utf16(&units.collect::<Vec<_>>()).ok()
}

/// The separator of a first line `sep=;`, which spreadsheets write and read, and the rest.
fn named_separator(text: &str) -> Option<(char, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let name = line.trim_end_matches('\r').trim_matches('"');
    let mut letters = name.strip_prefix("sep=").or_else(|| name.strip_prefix("SEP="))?.chars();
    let separator = letters.next()?;
    letters.next().is_none().then_some((separator, rest))
}

fn checked(name: &str, rows: Vec<Row>) -> Result<Vec<Arc<Row>>, DataError> {
    let keys: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.columns()).map(|(key, _)| key.as_str()).collect();
    for reserved in ["__proto__", "constructor", "prototype"] {
        if keys.contains(reserved) {
            return Err(DataError::Reserved(name.to_owned(), reserved.to_owned()));
        }
    }
    Ok(rows.into_iter().map(Arc::new).collect())
}

fn from_json(name: &str, value: Value, mode: Mode) -> Result<Vec<Row>, DataError> {
    let Value::Array(values) = value else {
        // One object counts as no data in Newman.
        return match mode {
            Mode::AsNewman => Ok(Vec::new()),
            Mode::Safe => Err(DataError::NotRows(name.to_owned())),
        };
    };
    let row = |value| match value {
        Value::Object(members) => Ok(Row::new(members.into_iter().collect())),
        _ if mode == Mode::AsNewman => Ok(Row::default()),
        _ => Err(DataError::NotRows(name.to_owned())),
    };
    values.into_iter().map(row).collect()
}

fn from_csv(name: &str, text: &str, mode: Mode) -> Result<Vec<Row>, DataError> {
    let named = named_separator(text).filter(|_| mode == Mode::Safe);
    let (separator, before, text) = match named {
        Some((separator, rest)) => (separator, 1, rest),
        None if mode == Mode::AsNewman => (',', 0, text),
        None => (separator(text), 0, text),
    };
    let mut all = records(text, separator)
        .map_err(|OpenQuote(line)| DataError::OpenQuote(name.to_owned(), line + before))?;
    all.iter_mut().for_each(|record| record.line += before);
    let mut all = all.into_iter();
    let Some(headings) = all.next() else { return Ok(Vec::new()) };
    let headings: Vec<String> = headings.cells.into_iter().map(|cell| cell.text).collect();
    if mode == Mode::AsNewman {
        return Ok(all.map(|record| as_newman(record, &headings)).collect());
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = headings.iter().find(|it| !it.is_empty() && !seen.insert(it.as_str())) {
        return Err(DataError::Twice(name.to_owned(), twice.clone()));
    }
    let filled = all.filter(|record| record.cells.iter().any(|cell| !cell.text.is_empty()));
    filled.map(|record| safe(name, record, &headings)).collect()
}

fn safe(name: &str, record: Record, headings: &[String]) -> Result<Row, DataError> {
    let width = record.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |at| at + 1);
    if width > headings.len() {
        return Err(DataError::TooWide(name.to_owned(), record.line, width, headings.len()));
    }
    let cell = |at: usize| record.cells.get(at).map(|cell| cell.text.clone()).unwrap_or_default();
    let columns = headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty());
    Ok(Row::new(columns.map(|(at, heading)| (heading.clone(), Value::String(cell(at)))).collect()))
}

/// The separator of the first line that occurs most outside of quotes.
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

fn as_newman(record: Record, headings: &[String]) -> Row {
    let cells = headings.iter().zip(record.cells);
    Row::new(cells.map(|(heading, cell)| (heading.clone(), cast(cell))).collect())
}

/// Newman turns what looks like a number into one: `00712` becomes 712, `5e3` 5000.
fn cast(cell: Cell) -> Value {
    if cell.is_quoted {
        return Value::String(cell.text);
    }
    let whole = number_of(&cell.text).filter(|_| !cell.text.is_empty());
    let prefix = float_prefix(&cell.text);
    let (Some(whole), Some(prefix)) = (whole, prefix) else { return Value::String(cell.text) };
    // False for what is not a number, too.
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

fn workbook(name: &str, bytes: Vec<u8>, sheet: Option<&str>) -> Result<Vec<Row>, DataError> {
    let options = Options { sheet: sheet.map(str::to_owned), ..Options::default() };
    let source = Source { name: name.to_owned(), input: Input::Bytes(bytes) };
    let fail = |error: headcount_sheet::SheetError| DataError::Sheet(error.to_string());
    let sheet = open(source, &options, &Vocabulary::NONE).map_err(fail)?;
    let headings = sheet.headings().to_vec();
    let secret = headcount_sheet::secret_columns(&headings, &[]);
    if let Some(heading) = secret.first().and_then(|at| headings.get(*at)) {
        let words = format!(
            "{name}: headcount does not read the column \"{heading}\" from a workbook, because it \
             looks like a password; save the file as CSV"
        );
        return Err(DataError::Sheet(words));
    }
    let mut rows = Vec::new();
    for raw in sheet {
        let raw = raw.map_err(fail)?;
        if let Some(problem) = raw.problem {
            return Err(DataError::Sheet(format!("{name}, {problem}")));
        }
        let cells = headings.iter().cloned().zip(raw.cells.into_iter().map(Value::String));
        rows.push(Row::new(cells.filter(|(heading, _)| !heading.is_empty()).collect()));
    }
    Ok(rows)
}
