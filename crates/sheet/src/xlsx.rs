//! Records of one sheet of an XLSX workbook, one at a time.
//!
//! The workbook's reader lends its cells, so it cannot be kept beside them; it lives in a thread
//! of its own that sends rows through a short channel and ends when nobody takes them any more.
//! Only the table of shared strings is held in memory (the format stores it apart from the cells).
//!
//! A cell that is a number is written without `.0`. From 10^15 on, a spreadsheet has rounded it
//! (it keeps 15 digits), so it is written as `5.12E+15`, which the reader of ids refuses: the
//! digits that are gone can't be had back.

use std::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};

use super::ROW_LIMIT;
use super::error::SheetError;
use super::read::Record;
use super::source::ReadSeek;

/// How many cells are sent at once: enough to make the channel cheap, few enough to stay small.
const BATCH: usize = 4096;
/// From here on a number has more digits than a spreadsheet keeps.
const ROUNDED: f64 = 1e15;

/// Reads records of one sheet.
pub(super) struct XlsxRecords {
    name: String,
    sheet: String,
    from: Receiver<Message>,
    batch: std::vec::IntoIter<Record>,
    ended: bool,
}

enum Message {
    /// The workbook is open, this sheet was chosen.
    Chosen(String),
    Rows(Vec<Record>),
    Failed(SheetError),
    Done,
}

impl XlsxRecords {
    /// Opens the workbook and chooses the sheet: the wanted one, else the only one that holds
    /// something.
    pub(super) fn open(
        name: &str,
        reader: Box<dyn ReadSeek>,
        wanted: Option<String>,
    ) -> Result<Self, SheetError> {
        let (to, from) = sync_channel(4);
        let file = name.to_owned();
        let thread = thread::Builder::new().name("workbook".to_owned());
        thread
            .spawn(move || {
                let last = match send_rows(&file, reader, wanted, &to) {
                    Ok(()) => Message::Done,
                    Err(error) => Message::Failed(error),
                };
                // Nobody there to take it: nobody wants to know.
                let _ = to.send(last);
            })
            .map_err(|source| SheetError::Open { name: name.to_owned(), source })?;
        let name = name.to_owned();
        match from.recv() {
            Ok(Message::Chosen(sheet)) => {
                Ok(Self { name, sheet, from, batch: Vec::new().into_iter(), ended: false })
            }
            Ok(Message::Failed(error)) => Err(error),
            Ok(Message::Rows(_) | Message::Done) | Err(_) => Err(gave_up(name)),
        }
    }

    /// The name of the sheet that is read.
    pub(super) fn sheet(&self) -> &str {
        &self.sheet
    }

    /// The next record that the workbook holds; rows it leaves out are left out.
    pub(super) fn next(&mut self) -> Result<Option<Record>, SheetError> {
        loop {
            if let Some(record) = self.batch.next() {
                return Ok(Some(record));
            }
            if self.ended {
                return Ok(None);
            }
            match self.from.recv() {
                Ok(Message::Rows(rows)) => self.batch = rows.into_iter(),
                Ok(Message::Done) => self.ended = true,
                Ok(Message::Failed(error)) => {
                    self.ended = true;
                    return Err(error);
                }
                Ok(Message::Chosen(_)) | Err(_) => {
                    self.ended = true;
                    return Err(gave_up(self.name.clone()));
                }
            }
        }
    }
}

fn gave_up(name: String) -> SheetError {
    SheetError::Workbook { name, source: "the reader gave up; the file is damaged".into() }
}

fn failed(name: &str) -> impl Fn(calamine::XlsxError) -> SheetError {
    let name = name.to_owned();
    move |error| {
        let source: Box<dyn Error + Send + Sync> = Box::new(error);
        SheetError::Workbook { name: name.clone(), source }
    }
}

/// The thread's work.
fn send_rows(
    name: &str,
    reader: Box<dyn ReadSeek>,
    wanted: Option<String>,
    to: &SyncSender<Message>,
) -> Result<(), SheetError> {
    let mut workbook = Xlsx::new(reader).map_err(failed(name))?;
    let sheet = choose(name, &mut workbook, wanted)?;
    if to.send(Message::Chosen(sheet.clone())).is_err() {
        return Ok(());
    }
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(failed(name))?;
    let mut batch = Batch { rows: Vec::new(), cells: 0, bytes: 0 };
    let mut row: Option<Record> = None;
    let mut length = 0;
    while let Some(cell) = cells.next_cell().map_err(failed(name))? {
        let (at, column) = cell.get_position();
        let line = u64::from(at) + 1;
        if row.as_ref().is_none_or(|row| row.line != line) {
            length = 0;
            let new = Record { number: Some(line), line, last_line: line, cells: Vec::new() };
            if let Some(done) = row.replace(new)
                && !batch.add(done, to)
            {
                return Ok(());
            }
        }
        let text = shown(cell.get_value());
        length += text.len();
        if length > ROW_LIMIT {
            return Err(SheetError::TooLong { name: name.to_owned(), line, limit: ROW_LIMIT });
        }
        if let Some(row) = &mut row
            && !text.is_empty()
        {
            let column = column as usize;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            row.cells[column] = text;
        }
    }
    if let Some(done) = row {
        batch.add(done, to);
    }
    batch.send(to);
    Ok(())
}

struct Batch {
    rows: Vec<Record>,
    cells: usize,
    bytes: usize,
}

impl Batch {
    /// `false`: nobody takes the rows any more.
    fn add(&mut self, row: Record, to: &SyncSender<Message>) -> bool {
        self.cells += row.cells.len() + 1;
        self.bytes += row.cells.iter().map(String::len).sum::<usize>();
        self.rows.push(row);
        if self.cells < BATCH && self.bytes < ROW_LIMIT {
            return true;
        }
        self.send(to)
    }

    fn send(&mut self, to: &SyncSender<Message>) -> bool {
        self.cells = 0;
        self.bytes = 0;
        to.send(Message::Rows(std::mem::take(&mut self.rows))).is_ok()
    }
}

fn choose(
    name: &str,
    workbook: &mut Xlsx<Box<dyn ReadSeek>>,
    wanted: Option<String>,
) -> Result<String, SheetError> {
    let name = name.to_owned();
    let all: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if let Some(wanted) = wanted {
        let alike: Vec<&String> = match all.iter().filter(|sheet| **sheet == wanted).collect() {
            found if !Vec::<&String>::is_empty(&found) => found,
            _ => all.iter().filter(|s| s.to_lowercase() == wanted.to_lowercase()).collect(),
        };
        return match alike.as_slice() {
            [one] => Ok((*one).clone()),
            _ => Err(SheetError::NoSuchSheet { name, wanted, sheets: all }),
        };
    }
    let mut filled = Vec::new();
    for sheet in &all {
        let mut cells = workbook.worksheet_cells_reader(sheet).map_err(failed(&name))?;
        while let Some(cell) = cells.next_cell().map_err(failed(&name))? {
            if !shown(cell.get_value()).trim().is_empty() {
                filled.push(sheet.clone());
                break;
            }
        }
    }
    match filled.len() {
        0 => Err(SheetError::Empty { name }),
        1 => Ok(filled.remove(0)),
        _ => Err(SheetError::SeveralSheets { name, sheets: filled }),
    }
}

/// A cell's text.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Int(number) => number_text(*number as f64),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn number_text(number: f64) -> String {
    if number.abs() >= ROUNDED {
        return format!("{number:E}").replace('E', "E+");
    }
    // Display writes the fewest digits that give the number back, and never an exponent.
    number.to_string()
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return number_text(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_typed_or_plainly_as_rounded() {
        for (number, text) in [
            (712.0, "712"),
            (-3.0, "-3"),
            (1.5, "1.5"),
            (999_999_999_999_999.0, "999999999999999"),
            (5.12e15, "5.12E+15"),
            (6.05e23, "6.05E+23"),
            (-1e15, "-1E+15"),
            (1e-7, "0.0000001"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
