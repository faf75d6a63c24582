//! Records of CSV text, one at a time, each with the line it begins on.
//!
//! The grammar is csv-core's (RFC 4180, and whatever spreadsheets write): a cell is quoted only if
//! its first character is `"`, `""` is a quote, lines end with CRLF, LF or CR. csv-core is used
//! directly, not through its reader, because three things must be known that the reader hides:
//! where a quote that is never closed began, how long a row is before it is held, and lines that
//! end with CR.

use std::io::BufRead;

use csv_core::ReadRecordResult;

use super::ROW_LIMIT;
use super::error::SheetError;
use super::read::Record;
use super::text::Text;

/// The separators that are looked for, the likeliest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads records of one text.
pub(super) struct CsvRecords {
    name: String,
    text: Text,
    core: csv_core::Reader,
    separator: u8,
    lines: Lines,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl CsvRecords {
    /// Finds the separator on the heading line; `known` tells whether a heading means something.
    pub(super) fn open(
        name: &str,
        mut text: Text,
        known: impl Fn(&str) -> bool,
    ) -> Result<Self, SheetError> {
        let mut lines = Lines::default();
        let broken = |source| SheetError::Read { name: name.to_owned(), line: 1, source };
        let start = text.fill_buf().map_err(broken)?;
        let separator = match declared(start) {
            Some((separator, length)) => {
                lines.pass(&start[..length]);
                text.consume(length);
                separator
            }
            None => sniffed(start, known),
        };
        Ok(Self {
            name: name.to_owned(),
            text,
            core: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            separator,
            lines,
            cells: vec![0; 4096],
            ends: vec![0; 64],
        })
    }

    /// How the text is written, for a person: separator and encoding.
    pub(super) fn dialect(&self) -> String {
        let separator = match self.separator {
            b'\t' => "tabs".to_owned(),
            other => format!("`{}`", char::from(other)),
        };
        format!("CSV with {separator}, {}", self.text.encoding())
    }

    /// The next record; lines without a character are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Record>, SheetError> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        let line = self.lines.now;
        let (mut read, mut written, mut ended) = (0, 0, 0);
        loop {
            let name = &self.name;
            let at = self.lines.now;
            let broken = |source| SheetError::Read { name: name.clone(), line: at, source };
            let chunk = self.text.fill_buf().map_err(broken)?;
            // A file may end without a line end. One is added; if that does not end the record,
            // a quote is open.
            let last = chunk.is_empty();
            let input = if last { b"\n" } else { chunk };
            let (result, nin, nout, nend) =
                self.core.read_record(input, &mut self.cells[written..], &mut self.ends[ended..]);
            if !last {
                self.lines.pass(&chunk[..nin]);
                self.text.consume(nin);
            }
            read += nin;
            written += nout;
            ended += nend;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::InputEmpty if last => {
                    let line = line + self.finished_lines(ended);
                    return Err(SheetError::OpenQuote { name: self.name.clone(), line });
                }
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
            }
            if read > ROW_LIMIT {
                let name = self.name.clone();
                return Err(SheetError::TooLong { name, line, limit: ROW_LIMIT });
            }
        }
        Ok(Some(Record {
            number: None,
            line,
            last_line: self.lines.last(),
            cells: self.record(ended),
        }))
    }

    /// Goes to the next line with a character on it; `false` at the end.
    fn skip_blank_lines(&mut self) -> Result<bool, SheetError> {
        loop {
            let line = self.lines.now;
            let name = &self.name;
            let broken = |source| SheetError::Read { name: name.clone(), line, source };
            let chunk = self.text.fill_buf().map_err(broken)?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let blank = chunk.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let more = blank < chunk.len();
            self.lines.pass(&chunk[..blank]);
            self.text.consume(blank);
            if more {
                return Ok(true);
            }
        }
    }

    /// How many lines the finished cells of the present record take up.
    fn finished_lines(&self, ended: usize) -> u64 {
        let mut lines = Lines::default();
        if ended > 0 {
            lines.pass(&self.cells[..self.ends[ended - 1]]);
        }
        lines.now - 1
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

/// Counts lines that end with CRLF, LF or CR, wherever the pieces are cut.
struct Lines {
    /// The line of the next character, from 1.
    now: u64,
    after_cr: bool,
    /// Whether the last character that passed ended a line.
    after_end: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { now: 1, after_cr: false, after_end: false }
    }
}

impl Lines {
    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let second = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            self.after_end = matches!(byte, b'\n' | b'\r');
            if self.after_end && !second {
                self.now += 1;
            }
        }
    }

    /// The line of the last character that passed.
    fn last(&self) -> u64 {
        self.now - u64::from(self.after_end)
    }
}

/// Excel's own way to name the separator: a first line `sep=;`. Gives the separator and the
/// line's length.
fn declared(start: &[u8]) -> Option<(u8, usize)> {
    let line = start.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let bare = match line {
        [b'"', bare @ .., b'"'] => bare,
        bare => bare,
    };
    match bare {
        [s, e, p, b'=', separator]
            if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && !separator.is_ascii_alphanumeric() =>
        {
            Some((*separator, line.len()))
        }
        _ => None,
    }
}

/// The separator that makes the most known headings of the first line, else the most cells.
fn sniffed(start: &[u8], known: impl Fn(&str) -> bool) -> u8 {
    let score = |separator: u8| {
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(start);
        let mut record = ::csv::ByteRecord::new();
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            return (0, 0);
        }
        let found = record.iter().filter(|cell| known(&String::from_utf8_lossy(cell))).count();
        (found, record.len())
    };
    let mut best = SEPARATORS[0];
    for separator in SEPARATORS {
        if score(separator) > score(best) {
            best = separator;
        }
    }
    best
}
