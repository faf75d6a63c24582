//! How a CSV file is written: as its run's own file was, so that the program that wrote that one
//! opens this one too.

use std::io::Write;

use headcount_journal::{Run, reading};

/// What Excel knows UTF-8 by; without it, it takes the file for an older encoding.
const MARK: &str = "\u{feff}";

/// How a CSV file is written. It is in UTF-8, with CRLF, as RFC 4180 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvForm {
    separator: u8,
    mark: bool,
}

impl CsvForm {
    /// With commas and without a byte order mark.
    pub const PLAIN: Self = Self { separator: b',', mark: false };

    /// With the separator of a run's file, and with a byte order mark where that had one, or was in
    /// another encoding than UTF-8.
    pub fn of(run: &Run) -> Self {
        let Some(reading) = reading(run) else { return Self::PLAIN };
        let separator = reading.separator.and_then(|separator| u8::try_from(separator).ok());
        let is_other = reading.encoding.is_some_and(|encoding| encoding != "UTF-8");
        Self { separator: separator.unwrap_or(b','), mark: reading.mark || is_other }
    }

    /// With a byte order mark, whatever the run's file had.
    #[must_use]
    pub fn for_excel(self) -> Self {
        Self { mark: true, ..self }
    }

    /// Without a byte order mark: what reads it is a program, or puts one there itself.
    #[must_use]
    pub fn without_mark(self) -> Self {
        Self { mark: false, ..self }
    }

    /// Begins a file.
    pub(crate) fn writer<W: Write>(self, mut out: W) -> std::io::Result<::csv::Writer<W>> {
        if self.mark {
            out.write_all(MARK.as_bytes())?;
        }
        let mut csv = ::csv::WriterBuilder::new();
        let csv = csv.delimiter(self.separator).terminator(::csv::Terminator::CRLF);
        Ok(csv.flexible(true).from_writer(out))
    }
}
