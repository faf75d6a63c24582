//! The records of a CSV text or a workbook, up to the line of the headings.

use crate::cell::trim;
use crate::csv::CsvRecords;
use crate::error::SheetError;
use crate::heading::names::cell_name;
use crate::heading::words::normalized;
use crate::options::Options;
use crate::record::{Odd, Record, Stray};
use crate::rows::left_out::Lines;
use crate::source::{self, Opened, Source};
use crate::token::{mask, mask_tokens};
use crate::told_password::{After, mask_told};
use crate::vocabulary::Vocabulary;
use crate::xlsx::{Asked, XlsxRecords};

/// The records of a CSV text or a workbook.
pub(crate) enum Records {
    Csv(Box<CsvRecords>),
    Xlsx(XlsxRecords),
}

impl Records {
    /// Opens a file.
    pub(crate) fn open(
        source: Source,
        options: &Options,
        vocabulary: &Vocabulary,
    ) -> Result<Self, SheetError> {
        let name = source.name.clone();
        Ok(match source::open(source)? {
            Opened::Workbook(reader) => {
                let (sheet, hidden_rows) = (options.sheet.clone(), options.hidden_rows);
                Self::Xlsx(XlsxRecords::open(&name, reader, Asked { sheet, hidden_rows })?)
            }
            Opened::Text(_) if options.sheet.is_some() => {
                return Err(SheetError::NoSheets { name });
            }
            Opened::Text(text) => {
                let is_mapped = |heading: &str| {
                    let spelled = normalized(heading);
                    options.map.iter().any(|(_, mapped)| normalized(mapped) == spelled)
                };
                let known = |heading: &str| (vocabulary.is_heading)(heading) || is_mapped(heading);
                let records = CsvRecords::open(&name, text, options.heading, known)?;
                Self::Csv(Box::new(records))
            }
        })
    }

    /// The next record, with its API tokens and the passwords in its texts masked.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SheetError> {
        Ok(self.next_as_it_is()?.map(Record::masked))
    }

    /// The next record, which may be the headings: only what looks like a password is one.
    fn next_heading(&mut self) -> Result<Option<Record>, SheetError> {
        Ok(self.next_as_it_is()?.map(|mut record| {
            for text in record.cells.iter_mut().chain(&mut record.text) {
                mask_tokens(text);
                mask_told(text, After::Odd);
            }
            record
        }))
    }

    fn next_as_it_is(&mut self) -> Result<Option<Record>, SheetError> {
        match self {
            Self::Csv(records) => records.next(),
            Self::Xlsx(records) => records.next(),
        }
    }

    /// Whether a line on its own ends inside a quoted cell.
    pub(crate) fn ends_open(&self, line: &str) -> bool {
        match self {
            Self::Csv(records) => records.ends_open(line),
            Self::Xlsx(_) => false,
        }
    }

    /// The cells of one line, read on its own.
    pub(crate) fn cells_of_line(&self, line: &str) -> Vec<String> {
        match self {
            Self::Csv(records) => records.cells_of_line(line),
            Self::Xlsx(_) => vec![line.to_owned()],
        }
    }

    /// The record of the headings. Lines above it that are not empty are noted.
    pub(crate) fn heading(
        &mut self,
        name: &str,
        heading: Option<u64>,
        above: &mut Above,
    ) -> Result<Record, SheetError> {
        let refuse =
            |line: u64, why: String| SheetError::HeadingLine { name: name.to_owned(), line, why };
        let mut last = 0;
        loop {
            let record = self.next_heading()?;
            match (record, heading) {
                (None, Some(line)) => return Err(refuse(line, self.after_the_end(line, last))),
                (None, None) => {
                    return Err(SheetError::Empty { name: name.to_owned(), headings: "" });
                }
                (Some(record), Some(line)) if record.line < line => {
                    if record.last_line >= line {
                        let lines = format!("{} to {}", record.line, record.last_line);
                        return Err(refuse(line, format!("the lines {lines} are one row")));
                    }
                    last = record.last_line;
                    if !is_empty(&record) {
                        above.add(record);
                    }
                }
                (Some(record), Some(line)) if record.line > line || is_empty(&record) => {
                    let why = match self.hides(line) {
                        true => "the row is hidden, and --hidden-rows skip leaves it out",
                        false => "the line is empty",
                    };
                    return Err(refuse(line, why.to_owned()));
                }
                (Some(record), None) if is_empty(&record) => {}
                (Some(record), _) => return Ok(record),
            }
        }
    }

    fn after_the_end(&self, line: u64, last: u64) -> String {
        match self.hides(line) {
            true => "the row is hidden, and --hidden-rows skip leaves it out".to_owned(),
            false => format!("the last line with content is line {last}"),
        }
    }

    /// Whether a row of a workbook is hidden.
    fn hides(&self, line: u64) -> bool {
        match self {
            Self::Csv(_) => false,
            Self::Xlsx(xlsx) => {
                let hidden = &xlsx.chosen().layout.hidden_rows;
                hidden.iter().any(|rows| (rows.first..=rows.last).contains(&line))
            }
        }
    }
}

/// The lines above the headings that are not empty.
#[derive(Default)]
pub(crate) struct Above {
    pub(crate) lines: Lines,
    /// The last of these lines, in which the headings may be.
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

impl Above {
    fn add(&mut self, mut record: Record) {
        record.cells.iter_mut().for_each(mask);
        self.lines.add(record.line, record.last_line);
        if self.rows.len() == KEPT {
            self.rows.remove(0);
        }
        self.rows.push((record.line, record.cells));
    }
}

/// How many records around the heading line are kept, so that the headings can be searched in them.
pub const KEPT: usize = 25;

/// The most columns of a table. No workbook can have more.
const MOST_COLUMNS: usize = 16_384;

/// Checks that a table has no more columns than a workbook can have.
pub(crate) fn check_width(name: &str, columns: usize) -> Result<(), SheetError> {
    if columns <= MOST_COLUMNS {
        return Ok(());
    }
    Err(SheetError::NotASheet {
        name: name.to_owned(),
        what: format!("a table of {columns} columns"),
        todo: format!(
            "headcount and spreadsheet programs read at most {MOST_COLUMNS}; keep only the columns that \
             the job reads"
        ),
    })
}

/// The headings as they are in the file, without empty ones at the end.
pub(crate) fn headings(name: &str, record: Record) -> Result<Vec<String>, SheetError> {
    let name = name.to_owned();
    if let Some(Stray { opened, closed, .. }) = record.stray {
        return Err(SheetError::HeadingQuote { name, opened, closed });
    }
    for odd in &record.odd {
        if let Odd::NoResult { column } = odd {
            let row = u32::try_from(record.line.saturating_sub(1)).unwrap_or(u32::MAX);
            let cell = cell_name(row, u32::try_from(*column).unwrap_or(u32::MAX));
            return Err(SheetError::HeadingFormula { name, cell });
        }
    }
    let mut headings = record.cells;
    while headings.last().is_some_and(|last| trim(last).is_empty()) {
        headings.pop();
    }
    check_width(&name, headings.len())?;
    Ok(headings)
}

/// The mark with which older programs end a file (Ctrl-Z), on a line of its own.
const END_OF_FILE: &str = "\u{1a}";

/// Whether all cells are empty.
pub(crate) fn is_empty(record: &Record) -> bool {
    record.cells.iter().all(|cell| trim(cell).is_empty()) || record.cells == [END_OF_FILE]
}
