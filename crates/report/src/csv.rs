//! The report as CSV. A CSV file is written as its run's own file was, so that the program that wrote that
//! one opens this one too.

use std::io::Write;

use super::columns::{added_headings, added_values, page_of_rows};
use super::{ReportError, Subject};
use headcount_journal::{Journal, Run, reading};
use headcount_sheet::safe;

/// The byte order mark by which Excel recognizes UTF-8; without it, Excel reads an older encoding.
const MARK: &str = "\u{feff}";

/// The form of a CSV file. It is always UTF-8 with CRLF (RFC 4180).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvForm {
    separator: u8,
    mark: bool,
}

impl CsvForm {
    /// With commas and without a byte order mark.
    pub const PLAIN: Self = Self { separator: b',', mark: false };

    /// With the separator of the run's file, and with a byte order mark if the file had one or was not UTF-8.
    pub fn of(run: &Run) -> Self {
        let Some(reading) = reading(run) else { return Self::PLAIN };
        let separator = reading.separator.and_then(|separator| u8::try_from(separator).ok());
        let is_other = reading.encoding.is_some_and(|encoding| encoding != "UTF-8");
        Self { separator: separator.unwrap_or(b','), mark: reading.mark || is_other }
    }

    /// With a byte order mark in any case.
    #[must_use]
    pub fn for_excel(self) -> Self {
        Self { mark: true, ..self }
    }

    /// Without a byte order mark: the reader is a program, or adds the mark itself.
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

/// Writes every row of a run.
pub fn write_csv(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    form: CsvForm,
    out: impl Write,
) -> Result<(), ReportError> {
    let mut csv = form.writer(out).map_err(ReportError::Write)?;
    let added = added_headings(&run.headings);
    let headings = run.headings.iter().chain(&added);
    csv.write_record(headings.map(|heading| safe(heading).into_owned()))?;
    let mut after = 0;
    loop {
        let page = page_of_rows(journal, run, after)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for row in &page {
            let added = added_values(run, subject, row);
            // Cells beyond the headings end the record, so that it is too long as a row of input, too.
            let (within, beyond) = row.cells.split_at(row.cells.len().min(run.headings.len()));
            let cells = within.iter().chain(&added).chain(beyond);
            csv.write_record(cells.map(|cell| safe(cell).into_owned()))?;
        }
    }
    csv.flush().map_err(ReportError::Write)
}
