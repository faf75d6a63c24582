//! Opening a sheet and reading its rows.
//!
//! What is told here needs no knowledge of columns: a row with too few or too many cells, a row of
//! empty cells in the middle, a NUL. Lines without a character are no rows, wherever they stand,
//! and neither are the rows of empty cells that spreadsheets leave at the end.

use std::collections::{BTreeMap, VecDeque};

use super::cell::{looks_like_mail, trim};
use super::csv::CsvRecords;
use super::error::{SheetError, excerpt};
use super::heading::{Columns, column_name, known, lettered};
use super::secret::{MASKED, secret_columns};
use super::source::{self, Opened, Source};
use super::wanted::Job;
use super::xlsx::XlsxRecords;

/// How a sheet is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The workbook's sheet to read; needed if more than one is filled.
    pub sheet: Option<String>,
    /// `--map field=Heading`, in the order given: the field's name and the heading.
    pub map: Vec<(String, String)>,
    /// The first line is a row like the others; the columns are called `Column A`, `Column B`, ….
    pub no_headings: bool,
}

/// Cells that somebody corrected: by the row's number and the column from 0. The file stays as it is.
pub type Corrections = BTreeMap<(u64, usize), String>;

/// One row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The row's number from 1, the heading not counted.
    pub number: u64,
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// The cells as they are written, as many as there are headings: short rows are filled up with
    /// empty ones, surplus is cut off (and told in `problem` if it holds something).
    pub cells: Vec<String>,
    /// Why the row cannot be used, if that is plain without knowing the columns.
    pub problem: Option<Problem>,
}

/// What is wrong with a row or a cell, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// The column's heading, or its letter where it has none; `None`: the whole row.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub todo: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {}", super::error::shown(column))?;
        }
        write!(f, ": {}; {}", self.what, self.todo)
    }
}

/// One line of cells, from a text or a workbook.
#[derive(Debug)]
pub(super) struct Record {
    /// The row's number if the source knows it (a workbook), the heading being its own.
    pub(super) number: Option<u64>,
    pub(super) line: u64,
    pub(super) last_line: u64,
    pub(super) cells: Vec<String>,
}

enum Records {
    Csv(Box<CsvRecords>),
    Xlsx(XlsxRecords),
}

impl Records {
    fn next(&mut self) -> Result<Option<Record>, SheetError> {
        match self {
            Self::Csv(records) => records.next(),
            Self::Xlsx(records) => records.next(),
        }
    }
}

/// Rows of empty cells that are told only if another row follows.
struct EmptyRows {
    number: u64,
    line: u64,
    many: u64,
    /// Nobody wrote these: the workbook leaves them out. They are told as one.
    gap: bool,
}

/// A sheet whose heading has been read. Iterating reads its rows.
pub struct Sheet {
    name: String,
    headings: Vec<String>,
    heading_line: u64,
    /// The columns that hold passwords or keys: their cells are masked here, and no cell of a ragged
    /// row may be quoted.
    secret: Vec<usize>,
    records: Records,
    read: u64,
    empty: VecDeque<EmptyRows>,
    /// The next row that holds something, with its number.
    row: Option<(u64, Record)>,
    error: Option<SheetError>,
    ended: bool,
    corrected: Corrections,
}

/// Opens a sheet and reads its heading: the first line that holds something. Without headings that
/// line is the first row, and tells how many columns there are.
pub fn open(source: Source, options: &Options) -> Result<Sheet, SheetError> {
    let name = source.name.clone();
    let mut records = match source::open(source)? {
        Opened::Workbook(reader) => {
            Records::Xlsx(XlsxRecords::open(&name, reader, options.sheet.clone())?)
        }
        Opened::Text(_) if options.sheet.is_some() => return Err(SheetError::NoSheets { name }),
        Opened::Text(text) => {
            let records = CsvRecords::open(&name, text, |heading| known(heading, &options.map))?;
            Records::Csv(Box::new(records))
        }
    };
    let first = loop {
        match records.next()? {
            None => return Err(SheetError::Empty { name }),
            Some(record) if is_empty(&record) => {}
            Some(record) => break record,
        }
    };
    let (headings, heading_line, first) = if options.no_headings {
        (lettered(first.cells.len()), first.line.saturating_sub(1), Some(first))
    } else {
        let mut headings = first.cells;
        while headings.last().is_some_and(|last| trim(last).is_empty()) {
            headings.pop();
        }
        (headings, first.line, None)
    };
    let mut sheet = Sheet {
        name,
        secret: secret_columns(&headings, &options.map),
        headings,
        heading_line,
        records,
        read: 0,
        empty: VecDeque::new(),
        row: None,
        error: None,
        ended: false,
        corrected: Corrections::default(),
    };
    if let Some(first) = first {
        Sheet::take(&mut sheet, first);
    }
    // One row ahead, so that "only a heading" is known before anything is planned.
    sheet.advance();
    Ok(sheet)
}

impl Sheet {
    /// The same sheet with cells as somebody corrected them. Rows whose cells do not stand under their
    /// headings stay as they are.
    pub fn corrected(mut self, corrected: Corrections) -> Self {
        self.corrected = corrected;
        self
    }

    /// The headings as they are written, without empty ones at the end.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// What messages call the sheet.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the heading, from 1; without headings the line above the first row.
    pub fn heading_line(&self) -> u64 {
        self.heading_line
    }

    /// How the file is written, for a person: "CSV with `;`, windows-1252" or "XLSX, sheet `A`".
    /// The encoding is that of what has been read so far.
    pub fn dialect(&self) -> String {
        match &self.records {
            Records::Csv(csv) => csv.dialect(),
            Records::Xlsx(xlsx) => format!("XLSX, sheet `{}`", xlsx.sheet()),
        }
    }

    /// Whether there is a heading and no row below it. (True also once all rows have been read.)
    pub fn is_empty(&self) -> bool {
        self.row.is_none() && self.error.is_none()
    }

    /// Which column is what for this job; errors name the sheet and the heading's line.
    pub fn columns(&self, job: Job, options: &Options) -> Result<Columns, SheetError> {
        let place = match options.no_headings {
            true => self.name.clone(),
            false => format!("{}, line {}", self.name, self.heading_line),
        };
        Columns::find(job, &self.headings, options).map_err(|error| error.at(&place))
    }

    /// Reads on until a row that holds something, the end, or an error.
    fn advance(&mut self) {
        while self.row.is_none() && !self.ended {
            match self.records.next() {
                Ok(Some(record)) => self.take(record),
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.error = Some(error);
                    self.ended = true;
                }
            }
        }
    }

    fn take(&mut self, record: Record) {
        let next = self.read + 1;
        let number =
            record.number.map_or(next, |row| row.saturating_sub(self.heading_line).max(next));
        if number > next {
            let many = number - next;
            self.empty.push_back(EmptyRows {
                number: next,
                line: record.line - many,
                many,
                gap: true,
            });
        }
        self.read = number;
        if !is_empty(&record) {
            self.row = Some((number, record));
            return;
        }
        match self.empty.back_mut() {
            Some(run) if !run.gap && run.line + run.many == record.line => run.many += 1,
            _ => self.empty.push_back(EmptyRows { number, line: record.line, many: 1, gap: false }),
        }
    }

    /// The first of the empty rows that are known to have a row after them.
    fn next_empty(&mut self) -> Option<Raw> {
        let run = self.empty.front_mut()?;
        let (number, line, many) = (run.number, run.line, run.many);
        if run.gap || many == 1 {
            self.empty.pop_front();
        } else {
            run.number += 1;
            run.line += 1;
            run.many -= 1;
        }
        let what = match self.records {
            Records::Xlsx(_) if many > 1 => {
                format!("the rows {line} to {} are empty", line + many - 1)
            }
            _ => "the row is empty".to_owned(),
        };
        let todo = "remove it, or go on without it: --bad-rows skip".to_owned();
        let problem = Some(Problem { line, column: None, what, todo });
        Some(Raw { number, line, cells: vec![String::new(); self.headings.len()], problem })
    }

    fn finish(&self, number: u64, record: Record) -> Raw {
        let line = record.line;
        let problem =
            |what: String, todo: &str| Problem { line, column: None, what, todo: todo.to_owned() };
        let problem = self.ragged(&record).or_else(|| {
            record.cells.iter().any(|cell| cell.contains('\0')).then(|| {
                problem(
                    "the row holds a NUL character".to_owned(),
                    "write the row anew; the file may be damaged",
                )
            })
        });
        let mut cells = record.cells;
        cells.resize(self.headings.len(), String::new());
        if problem.is_none() {
            let of_row = self.corrected.range((number, 0)..=(number, usize::MAX));
            for ((_, at), text) in of_row {
                if let Some(cell) = cells.get_mut(*at) {
                    cell.clone_from(text);
                }
            }
        }
        let problem = problem.or_else(|| self.shifted(line, &cells));
        self.mask_secrets(&mut cells, problem.is_some());
        Raw { number, line, cells, problem }
    }

    /// An address under a password's heading: a separator too many stands before it and one is missing
    /// behind, so the password itself may be anywhere.
    fn shifted(&self, line: u64, cells: &[String]) -> Option<Problem> {
        let holds_mail = |at: &&usize| cells.get(**at).is_some_and(|cell| looks_like_mail(cell));
        let at = *self.secret.iter().find(holds_mail)?;
        let what = "an e-mail address is where a password or a key should be".to_owned();
        let todo =
            "the cells of this row may be under the wrong headings: write a cell that holds a \
                    separator in quotes (\"a, b\"), or remove the column"
                .to_owned();
        Some(Problem { line, column: Some(column_name(&self.headings, at)), what, todo })
    }

    /// Nothing behind the reader sees a password. In a row with a problem of its own (cells too many
    /// or too few, lines swallowed by a quote) it may stand under any heading, so all of its cells are
    /// emptied; its line's number shows which row it was.
    fn mask_secrets(&self, cells: &mut [String], has_problem: bool) {
        if has_problem && !self.secret.is_empty() {
            cells.iter_mut().for_each(String::clear);
        }
        for &at in &self.secret {
            if let Some(cell) = cells.get_mut(at).filter(|cell| !trim(cell).is_empty()) {
                MASKED.clone_into(cell);
            }
        }
    }

    fn ragged(&self, record: &Record) -> Option<Problem> {
        let wanted = self.headings.len();
        let cells = record.cells.len();
        let workbook = matches!(self.records, Records::Xlsx(_));
        let surplus = (wanted..cells)
            .find(|&at| record.cells.get(at).is_some_and(|cell| !trim(cell).is_empty()));
        let has = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
        let mut what = match surplus {
            Some(at) if self.secret.is_empty() => format!(
                "the row has {has} where the heading has {wanted} (the first too many is “{}”)",
                excerpt(&record.cells[at])
            ),
            None if workbook || cells >= wanted => return None,
            // The password may be the cell too many.
            Some(_) | None => format!("the row has {has} where the heading has {wanted}"),
        };
        let todo = if workbook {
            "give the column a heading, or clear what stands outside the table"
        } else if record.last_line > record.line {
            what.push_str(&format!(
                ", and spans the lines {} to {}",
                record.line, record.last_line
            ));
            "a quote (\") at the start of a cell may be missing its end; write a cell that holds a \
             separator or a line end in quotes"
        } else if record
            .cells
            .iter()
            .any(|cell| cell.starts_with(' ') && trim(cell).starts_with('"'))
        {
            "a quote (\") must be the first character of its cell; remove the space before it"
        } else {
            "give every row as many cells as the heading; write a cell that holds a separator in \
             quotes (\"a, b\")"
        };
        let column = Some(column_name(&self.headings, surplus.unwrap_or(cells)));
        Some(Problem { line: record.line, column, what, todo: todo.to_owned() })
    }
}

impl Iterator for Sheet {
    type Item = Result<Raw, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.row.is_some() {
            if let Some(empty) = self.next_empty() {
                return Some(Ok(empty));
            }
            let (number, record) = self.row.take()?;
            let raw = self.finish(number, record);
            self.advance();
            return Some(Ok(raw));
        }
        self.error.take().map(Err)
    }
}

fn is_empty(record: &Record) -> bool {
    record.cells.iter().all(|cell| trim(cell).is_empty())
}
