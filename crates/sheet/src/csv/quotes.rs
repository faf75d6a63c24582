//! Finds where the quotes of a CSV record open and close, and counts its lines.
//!
//! csv-core reads any text, and its cells do not show which lines a quote swallowed. This module reads the same
//! bytes and notes the line on which each quoted cell begins and ends, and whether a separator follows the closing
//! quote, as RFC 4180 requires.

use crate::record::Stray;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the first character of a cell.
    Start,
    /// In a cell without quotes, or after a stray quote.
    Plain,
    /// Inside the quotes.
    Quoted,
    /// After a quote inside quotes: it closes the cell, or is the first of two.
    Closing,
    /// After the closing quote and white space.
    Closed,
}

/// Follows the quotes of one record after another.
pub(crate) struct Quotes {
    separator: u8,
    state: State,
    column: usize,
    opened: u64,
    closed: u64,
    /// The first stray quote of the record.
    pub(crate) stray: Option<Stray>,
    /// Whether the first cell is quoted.
    pub(crate) first_quoted: bool,
    /// Whether a quoted cell continues after a line end.
    pub(crate) spans_lines: bool,
    /// The number of quotes in the record.
    pub(crate) count: usize,
}

impl Quotes {
    pub(crate) fn new(separator: u8) -> Self {
        Self {
            separator,
            state: State::Start,
            column: 0,
            opened: 0,
            closed: 0,
            stray: None,
            first_quoted: false,
            spans_lines: false,
            count: 0,
        }
    }

    /// Begins a record.
    pub(crate) fn begin(&mut self) {
        *self = Self::new(self.separator);
    }

    /// The line of the quote that is still open.
    pub(crate) fn open_since(&self) -> u64 {
        self.opened
    }

    /// Reads a piece of the record. `lines` has counted up to its first byte.
    pub(crate) fn pass(&mut self, bytes: &[u8], mut lines: Lines) {
        for &byte in bytes {
            self.step(byte, lines.now);
            if matches!(byte, b'\n' | b'\r') || lines.after_end {
                lines.pass(&[byte]);
            }
        }
    }

    fn step(&mut self, byte: u8, line: u64) {
        self.count += usize::from(byte == b'"');
        let ends_line = matches!(byte, b'\n' | b'\r');
        let ends_cell = byte == self.separator || ends_line;
        self.state = match self.state {
            State::Quoted if byte == b'"' => {
                self.closed = line;
                State::Closing
            }
            State::Quoted => {
                self.spans_lines |= ends_line;
                State::Quoted
            }
            State::Closing if byte == b'"' => State::Quoted,
            State::Start if byte == b'"' => {
                self.opened = line;
                self.first_quoted |= self.column == 0;
                State::Quoted
            }
            _ if ends_cell => {
                self.column += 1;
                State::Start
            }
            State::Closing | State::Closed if matches!(byte, b' ' | b'\t') => State::Closed,
            State::Closing | State::Closed => {
                let (column, opened, closed) = (self.column, self.opened, self.closed);
                self.stray.get_or_insert(Stray { column, opened, closed });
                State::Plain
            }
            State::Start | State::Plain => State::Plain,
        };
    }
}

/// Whether a line on its own ends inside a quoted cell.
pub(crate) fn ends_open(line: &str, separator: u8) -> bool {
    let mut quotes = Quotes::new(separator);
    quotes.pass(line.as_bytes(), Lines::default());
    quotes.state == State::Quoted
}

/// Counts lines that end with CRLF, LF or CR. The text may arrive in pieces that are cut anywhere.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// The line of the next character, from 1.
    pub(crate) now: u64,
    after_cr: bool,
    /// Whether the last counted character ended a line.
    pub(crate) after_end: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { now: 1, after_cr: false, after_end: false }
    }
}

impl Lines {
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let second = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            self.after_end = matches!(byte, b'\n' | b'\r');
            if self.after_end && !second {
                self.now += 1;
            }
        }
    }

    /// Counts a line that has no other line end than its own last byte, and does not begin with one.
    pub(crate) fn pass_line(&mut self, ended_by: u8) {
        self.now += 1;
        self.after_cr = ended_by == b'\r';
        self.after_end = true;
    }

    /// The line of the last counted character.
    pub(crate) fn last(&self) -> u64 {
        self.now - u64::from(self.after_end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(text: &str) -> Quotes {
        let mut quotes = Quotes::new(b',');
        quotes.pass(text.as_bytes(), Lines::default());
        quotes
    }

    #[test]
    fn a_quote_that_closes_before_no_separator_is_stray() {
        let stray = |column, opened, closed| Some(Stray { column, opened, closed });
        for (text, wanted) in [
            ("a,\"b\",c\n", None),
            ("a,\"b\"\"c\" ,d\n", None),
            ("a,5\" disk,\"x\"\r\n", None),
            ("a,\"b\" c\n", stray(1, 1, 1)),
            ("a,\"b\nc,\"d\"\n", stray(1, 1, 2)),
            ("\"a\r\nb\r\nc,\"d,\"\"e\n", stray(0, 1, 3)),
            ("a, \"b\"\n", None),
        ] {
            assert_eq!(watched(text).stray, wanted, "{text:?}");
        }
        assert!(watched("\"a\nb\",c\n").spans_lines);
        assert!(!watched("\"a\",b\n").spans_lines);
        assert!(watched("\"a\",b\n").first_quoted);
        assert!(!watched("a,\"b\"\n").first_quoted);
    }
}
