//! Reads CSV text one record at a time, each with the line on which it begins.
//!
//! The grammar is csv-core's: RFC 4180, and what spreadsheet programs write. A cell is quoted only if its first
//! character is `"`, `""` is a quote, and lines end with CRLF, LF or CR. This module uses csv-core directly, not
//! the reader of the `csv` crate, because that reader hides three facts: where a quote that is never closed began,
//! how long a row is before it is in memory, and which lines end with CR.

pub(crate) mod quotes;
pub(crate) mod separator;

use std::io::BufRead;

use csv_core::ReadRecordResult;

use crate::ROW_LIMIT;
use crate::cell::trim;
use crate::csv::quotes::{Lines, Quotes};
use crate::csv::separator::Dialect;
use crate::error::SheetError;
use crate::record::Record;
use crate::text::Doubt;
use crate::text::Text;

/// Reads the records of one text.
pub(crate) struct CsvRecords {
    name: String,
    text: Text,
    core: csv_core::Reader,
    dialect: Dialect,
    quotes: Quotes,
    lines: Lines,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// The bytes of the current record, as they are in the file.
    raw: Vec<u8>,
    /// How many cells the last line had.
    width: usize,
}

impl CsvRecords {
    /// Finds out how the text is written. `heading` is the line of the headings, if an option names it; `known`
    /// returns whether a heading has a meaning for the job.
    pub(crate) fn open(
        name: &str,
        mut text: Text,
        heading: Option<u64>,
        known: impl Fn(&str) -> bool,
    ) -> Result<Self, SheetError> {
        let mut lines = Lines::default();
        let start = text.fill_buf().map_err(|source| broken(name, 1, source))?;
        let dialect = separator::dialect(start, heading, known);
        lines.pass(&start[..dialect.preamble]);
        text.consume(dialect.preamble);
        Ok(Self {
            name: name.to_owned(),
            text,
            core: csv_core::ReaderBuilder::new().delimiter(dialect.separator).build(),
            dialect,
            quotes: Quotes::new(dialect.separator),
            lines,
            cells: vec![0; 4096],
            ends: vec![0; 64],
            raw: Vec::new(),
            width: 0,
        })
    }

    /// The character between the cells of a row.
    pub(crate) fn separator(&self) -> char {
        char::from(self.dialect.within.unwrap_or(self.dialect.separator))
    }

    /// The name of the encoding, as far as it is known so far.
    pub(crate) fn encoding(&self) -> &'static str {
        self.text.encoding()
    }

    /// Whether the text begins with a byte order mark.
    pub(crate) fn has_mark(&self) -> bool {
        self.text.has_mark()
    }

    /// How the text is written, for people: separator and encoding.
    pub(crate) fn dialect(&self) -> String {
        let separator = match self.separator() {
            '\t' => "tabs".to_owned(),
            other => format!("`{other}`"),
        };
        format!("CSV with {separator}, {}", self.encoding())
    }

    /// The next record. Lines without a character are skipped.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SheetError> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        let line = self.lines.now;
        self.quotes.begin();
        match self.plain(line)? {
            Some(cells) => Ok(Some(Record { line, last_line: line, cells, ..Record::default() })),
            None => self.any(line).map(Some),
        }
    }

    /// A record of any form.
    fn any(&mut self, line: u64) -> Result<Record, SheetError> {
        self.raw.clear();
        let (mut written, mut ended) = (0, 0);
        loop {
            let (name, at) = (&self.name, self.lines.now);
            let chunk = self.text.fill_buf().map_err(|source| broken(name, at, source))?;
            // A file may end without a line end, so one is added. If that does not end the record, a quote is
            // open.
            let last = chunk.is_empty();
            let input = if last { b"\n" } else { chunk };
            let (result, nin, nout, nend) =
                self.core.read_record(input, &mut self.cells[written..], &mut self.ends[ended..]);
            self.quotes.pass(&input[..nin], self.lines);
            if !last {
                self.raw.extend_from_slice(&chunk[..nin]);
                self.lines.pass(&chunk[..nin]);
                self.text.consume(nin);
            }
            written += nout;
            ended += nend;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::InputEmpty if last => {
                    let (name, line) = (self.name.clone(), self.quotes.open_since());
                    return Err(SheetError::OpenQuote { name, line });
                }
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
            }
            if self.raw.len() > ROW_LIMIT {
                let name = self.name.clone();
                return Err(SheetError::TooLong { name, line, limit: ROW_LIMIT });
            }
        }
        let stray = self.quotes.stray;
        let is_kept = stray.is_some() || self.quotes.spans_lines;
        let text = is_kept.then(|| String::from_utf8_lossy(&self.raw).into_owned());
        let cells = self.unwrapped(self.record(ended));
        let last_line = self.lines.last();
        let (quotes, odd) = (self.quotes.count, Vec::new());
        let given = Vec::new();
        Ok(Record { line, last_line, cells, stray, quotes, text, odd, given, comments: Vec::new() })
    }

    /// The cells of a line without quotes that is in memory as a whole, as nearly every line is: the general way
    /// reads each byte three times.
    fn plain(&mut self, line: u64) -> Result<Option<Vec<String>>, SheetError> {
        let name = &self.name;
        let chunk = self.text.fill_buf().map_err(|source| broken(name, line, source))?;
        let Some(end) = memchr::memchr3(b'\n', b'\r', b'"', chunk) else { return Ok(None) };
        let ended_by = chunk[end];
        let Ok(text) = std::str::from_utf8(&chunk[..end]) else { return Ok(None) };
        if ended_by == b'"' {
            return Ok(None);
        }
        let mut cells = Vec::with_capacity(self.width);
        cells.extend(text.split(char::from(self.dialect.separator)).map(str::to_owned));
        self.width = cells.len();
        self.lines.pass_line(ended_by);
        self.text.consume(end + 1);
        Ok(Some(cells))
    }

    /// Splits a line that is in quotes as a whole into its cells.
    fn unwrapped(&self, cells: Vec<String>) -> Vec<String> {
        match (self.dialect.within, cells.split_first()) {
            (Some(within), Some((first, rest)))
                if self.quotes.first_quoted && rest.iter().all(|cell| trim(cell).is_empty()) =>
            {
                cells_of(first, within)
            }
            _ => cells,
        }
    }

    /// Whether a line on its own ends inside a quoted cell.
    pub(crate) fn ends_open(&self, line: &str) -> bool {
        quotes::ends_open(line, self.dialect.separator)
    }

    /// The cells of one line, read on its own.
    pub(crate) fn cells_of_line(&self, line: &str) -> Vec<String> {
        self.unwrapped(cells_of(line, self.dialect.separator))
    }

    /// Skips to the next line that has a character. Returns `false` at the end of the text.
    fn skip_blank_lines(&mut self) -> Result<bool, SheetError> {
        loop {
            let (name, line) = (&self.name, self.lines.now);
            let chunk = self.text.fill_buf().map_err(|source| broken(name, line, source))?;
            if chunk.is_empty() {
                return Ok(false);
            }
            // In files that were concatenated, the second file's mark is in the middle.
            if chunk.starts_with(MARK) {
                self.text.consume(MARK.len());
                continue;
            }
            let blank = chunk.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            if blank == 0 {
                return Ok(true);
            }
            // The mark may follow the LF of a CRLF.
            self.lines.pass(&chunk[..blank]);
            self.text.consume(blank);
        }
    }

    fn record(&self, ended: usize) -> Vec<String> {
        let mut from = 0;
        let cell = |&to: &usize| {
            let cell = String::from_utf8_lossy(&self.cells[from..to]).into_owned();
            from = to;
            cell
        };
        self.ends[..ended].iter().map(cell).collect()
    }
}

fn cells_of(text: &str, separator: u8) -> Vec<String> {
    separator::records(text.as_bytes(), separator).next().unwrap_or_default()
}

fn broken(name: &str, line: u64, source: std::io::Error) -> SheetError {
    let name = name.to_owned();
    match source.get_ref().and_then(|inner| inner.downcast_ref::<Doubt>()).cloned() {
        Some(Doubt { lines, read, meant, encoding }) => {
            SheetError::Encoding { name, line: line + lines, read, meant, encoding }
        }
        None => SheetError::Read { name, line, source },
    }
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::text::Start;

    fn records(text: &str) -> CsvRecords {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let text = Text::new(Box::new(bytes), Start::Eight, false);
        CsvRecords::open("a.csv", text, None, |_| false).unwrap()
    }

    /// What a record shows, or the error that ends the text.
    fn shown(record: Result<Record, SheetError>) -> String {
        record.map_or_else(|error| error.to_string(), |record| format!("{record:?}"))
    }

    fn read(text: &str) -> Vec<String> {
        let mut records = records(text);
        let all = std::iter::from_fn(|| records.next().transpose());
        all.take(100).map(shown).collect()
    }

    fn read_generally(text: &str) -> Vec<String> {
        let mut records = records(text);
        let mut all = Vec::new();
        while records.skip_blank_lines().unwrap() && all.len() < 100 {
            records.quotes.begin();
            all.push(shown(records.any(records.lines.now)));
        }
        all
    }

    proptest! {
        /// A line that is read in the quick way is the same as in the general way.
        #[test]
        fn plain_lines_are_read_as_any_line(text in "([abé ,;\"\r\n]|\r\n|\n){0,40}[a\n]") {
            prop_assume!(!text.trim_matches(['\r', '\n']).is_empty());
            // After an error, nothing more is read.
            let until_error = |all: Vec<String>| -> Vec<String> {
                let last = all.iter().position(|one| !one.starts_with("Record"));
                all[..last.map_or(all.len(), |at| at + 1)].to_vec()
            };
            prop_assert_eq!(until_error(read(&text)), until_error(read_generally(&text)));
        }
    }
}
