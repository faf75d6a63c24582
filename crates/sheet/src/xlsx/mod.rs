//! Records of one sheet of an XLSX workbook, one at a time.
//!
//! calamine's reader of cells borrows the workbook, so the two cannot be in one struct. They live in a thread that
//! sends rows through a short channel and ends if the receiver is gone. Only the table of shared strings is in
//! memory, because the format stores it apart from the cells.

pub(crate) mod cell_parts;
pub(crate) mod cells;
pub(crate) mod color;
pub(crate) mod comments;
pub(crate) mod conditional;
pub(crate) mod fills;
pub(crate) mod layout;
pub(crate) mod look;
pub(crate) mod merged;
pub(crate) mod number_format;
pub(crate) mod outline;
pub(crate) mod package;
pub(crate) mod places;
pub(crate) mod plain;
pub(crate) mod rich;
pub(crate) mod scan;
pub(crate) mod tables;
pub(crate) mod value;

use std::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Cell, DataRef, Reader, SheetType, Xlsx};
use headcount_model::spelling::name_key;

use crate::ROW_LIMIT;
use crate::advice::Advice;
use crate::error::SheetError;
use crate::options::HiddenRowsChoice;
use crate::record::{Odd, Record, Unseen};
use crate::xlsx::comments::Comments;
use crate::xlsx::layout::Layout;
use crate::xlsx::look::Looks;
use crate::xlsx::merged::Merged;
use crate::xlsx::package::{Broken, Package, ReadSeek, SheetPart};

/// How many cells are sent at a time: enough to make the channel cheap, few enough to keep the memory small.
const BATCH: usize = 4096;

/// Reads records of one sheet.
pub(crate) struct XlsxRecords {
    name: String,
    chosen: Box<Chosen>,
    from: Receiver<Message>,
    batch: std::vec::IntoIter<Record>,
    ended: bool,
}

/// The sheet that is read.
pub(crate) struct Chosen {
    /// Its name.
    pub(crate) sheet: String,
    /// Whether the sheet is hidden and was selected by name.
    pub(crate) hidden: bool,
    /// How the sheet looks to a person.
    pub(crate) layout: Layout,
    /// Hidden sheets that are not empty, if no sheet was selected by name.
    pub(crate) others: Vec<String>,
}

enum Message {
    /// The workbook is open, and this sheet is selected.
    Chosen(Box<Chosen>),
    Rows(Vec<Record>),
    Failed(SheetError),
    Done,
}

/// Which part of the workbook to read.
pub(crate) struct Asked {
    /// The sheet's name, if the options select one.
    pub(crate) sheet: Option<String>,
    /// What to do with hidden rows.
    pub(crate) hidden_rows: HiddenRowsChoice,
}

impl XlsxRecords {
    /// Opens the workbook and selects the sheet: the one that the options name, else the only visible sheet that
    /// is not empty.
    pub(crate) fn open(
        name: &str,
        reader: Box<dyn ReadSeek>,
        asked: Asked,
    ) -> Result<Self, SheetError> {
        let (to, from) = sync_channel(4);
        let file = name.to_owned();
        let thread = thread::Builder::new().name("workbook".to_owned());
        thread
            .spawn(move || {
                let last = match send_rows(&file, reader, asked, &to) {
                    Ok(()) => Message::Done,
                    Err(error) => Message::Failed(error),
                };
                // If the receiver is gone, the rest is not needed.
                let _ = to.send(last);
            })
            .map_err(|source| SheetError::Open { name: name.to_owned(), source })?;
        let name = name.to_owned();
        match from.recv() {
            Ok(Message::Chosen(chosen)) => {
                let batch = Vec::new().into_iter();
                Ok(Self { name, chosen, from, batch, ended: false })
            }
            Ok(Message::Failed(error)) => Err(error),
            Ok(Message::Rows(_) | Message::Done) | Err(_) => Err(gave_up(name)),
        }
    }

    /// The sheet that is read.
    pub(crate) fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// The next record of the sheet. Rows that the file does not contain are skipped.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SheetError> {
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
    SheetError::Workbook { name, source: "the file is damaged".into() }
}

fn failed(name: &str) -> impl Fn(calamine::XlsxError) -> SheetError {
    let name = name.to_owned();
    move |error| {
        let source: Box<dyn Error + Send + Sync> = Box::new(error);
        SheetError::Workbook { name: name.clone(), source }
    }
}

fn damaged(name: &str) -> impl Fn(Broken) -> SheetError {
    let name = name.to_owned();
    move |source| SheetError::Workbook { name: name.clone(), source }
}

/// Opens the workbook, selects the sheet and reads its layout.
fn chosen(
    name: &str,
    reader: Box<dyn ReadSeek>,
    asked: &Asked,
) -> Result<(Chosen, Box<dyn ReadSeek>), SheetError> {
    let mut package = Package::open(reader).map_err(damaged(name))?;
    let (part, others) = choose(name, &mut package, asked.sheet.as_deref())?;
    let layout = scan::layout(&mut package, &part.path).map_err(damaged(name))?;
    if asked.hidden_rows == HiddenRowsChoice::Stop && !layout.hidden_rows.is_empty() {
        let (name, rows) = (name.to_owned(), layout.hidden_rows);
        let advice = Advice::words("; or decide with --hidden-rows whether they are used");
        return Err(SheetError::HiddenRows { name, rows, advice });
    }
    let reader = package.into_reader().map_err(|source| SheetError::Read {
        name: name.to_owned(),
        line: 1,
        source,
    })?;
    Ok((Chosen { sheet: part.name, hidden: part.hidden, layout, others }, reader))
}

/// The thread's work.
fn send_rows(
    name: &str,
    reader: Box<dyn ReadSeek>,
    asked: Asked,
    to: &SyncSender<Message>,
) -> Result<(), SheetError> {
    let (mut chosen, reader) = chosen(name, reader, &asked)?;
    let mut workbook = Xlsx::new(reader).map_err(failed(name))?;
    let sheet = calamines(&workbook, &chosen.sheet).ok_or_else(|| gave_up(name.to_owned()))?;
    let skips = asked.hidden_rows == HiddenRowsChoice::Skip;
    let mut rows = Rows::new(name, &chosen.layout, skips, to);
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(failed(name))?;
    let mut looks = Looks::new(cells.styles(), &mut chosen.layout);
    if to.send(Message::Chosen(Box::new(chosen))).is_err() {
        return Ok(());
    }
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed(name))? {
        let (text, unseen) = looks.read(&cell, style);
        if !rows.add(&cell, text, unseen)? {
            return Ok(());
        }
    }
    rows.end();
    Ok(())
}

/// The sheet's name as calamine knows it.
fn calamines(workbook: &Xlsx<Box<dyn ReadSeek>>, name: &str) -> Option<String> {
    let mut all = workbook.sheets_metadata().iter();
    let is_it = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.name == name;
    all.find(is_it).map(|sheet| sheet.name.clone())
}

/// Assembles cells into rows and sends them.
struct Rows<'a> {
    name: &'a str,
    to: &'a SyncSender<Message>,
    batch: Batch,
    merged: Merged,
    /// Cells with a formula without a result, sorted.
    no_result: Vec<(u32, u32)>,
    comments: Comments,
    /// Hidden rows to leave out, from 1.
    skipped: Vec<(u64, u64)>,
    row: Option<Record>,
    length: usize,
}

impl<'a> Rows<'a> {
    fn new(name: &'a str, layout: &Layout, skips: bool, to: &'a SyncSender<Message>) -> Self {
        let hidden = layout.hidden_rows.iter().filter(|_| skips);
        Self {
            name,
            to,
            batch: Batch { rows: Vec::new(), cells: 0, bytes: 0 },
            merged: Merged::new(&layout.merges),
            no_result: layout.no_result.clone(),
            comments: layout.comments.clone(),
            skipped: hidden.map(|rows| (rows.first, rows.last)).collect(),
            row: None,
            length: 0,
        }
    }

    /// Adds a cell. Returns `false` if the receiver is gone.
    fn add(
        &mut self,
        cell: &Cell<DataRef<'_>>,
        text: String,
        unseen: Option<Unseen>,
    ) -> Result<bool, SheetError> {
        let (at, column) = cell.get_position();
        let line = u64::from(at) + 1;
        if self.row.as_ref().is_none_or(|row| row.line != line) {
            self.length = 0;
            let new = Record { line, last_line: line, ..Record::default() };
            if let Some(done) = self.row.replace(new)
                && !self.finish(done)
            {
                return Ok(false);
            }
        }
        self.length += text.len();
        if self.length > ROW_LIMIT {
            let name = self.name.to_owned();
            return Err(SheetError::TooLong { name, line, limit: ROW_LIMIT });
        }
        if let Some(row) = &mut self.row {
            let has_none = self.no_result.binary_search(&(at, column)).is_ok();
            if has_none {
                row.odd.push(Odd::NoResult { column: column as usize });
            }
            // A formula's placeholder must not be used.
            if !text.is_empty() && !has_none {
                let column = column as usize;
                if let Some(why) = unseen.filter(|_| !text.trim().is_empty()) {
                    row.odd.push(Odd::Unseen { column, why });
                }
                if row.cells.len() <= column {
                    row.cells.resize(column + 1, String::new());
                }
                row.cells[column] = text;
            }
        }
        Ok(true)
    }

    fn finish(&mut self, mut row: Record) -> bool {
        self.merged.fill(&mut row);
        let at = u32::try_from(row.line.saturating_sub(1)).unwrap_or(u32::MAX);
        row.comments = self.comments.remove(&at).unwrap_or_default();
        let is_skipped = |(first, last): &(u64, u64)| (*first..=*last).contains(&row.line);
        // The runs are sorted, so those above this row are no longer needed.
        let passed = self.skipped.partition_point(|(_, last)| *last < row.line);
        let skip = self.skipped.get(passed).is_some_and(is_skipped);
        skip || self.batch.add(row, self.to)
    }

    fn end(mut self) {
        if let Some(done) = self.row.take()
            && !self.finish(done)
        {
            return;
        }
        self.batch.send(self.to);
    }
}

struct Batch {
    rows: Vec<Record>,
    cells: usize,
    bytes: usize,
}

impl Batch {
    /// Sends a row. Returns `false` if the receiver is gone.
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

/// The sheet to read, and the hidden sheets that are not empty.
fn choose(
    name: &str,
    package: &mut Package,
    wanted: Option<&str>,
) -> Result<(SheetPart, Vec<String>), SheetError> {
    let all: Vec<SheetPart> =
        package.sheets.iter().filter(|sheet| sheet.has_cells).cloned().collect();
    let name = name.to_owned();
    if let Some(wanted) = wanted {
        let found = by_name(&all, wanted).cloned().ok_or_else(|| {
            let sheets = all.iter().map(|sheet| sheet.name.clone()).collect();
            SheetError::NoSuchSheet { name, wanted: wanted.to_owned(), sheets }
        });
        return found.map(|sheet| (sheet, Vec::new()));
    }
    let mut filled = Vec::new();
    for sheet in all {
        if scan::is_filled(package, &sheet.path).map_err(damaged(&name))? {
            filled.push(sheet);
        }
    }
    let hidden: Vec<String> =
        filled.iter().filter(|sheet| sheet.hidden).map(|sheet| sheet.name.clone()).collect();
    filled.retain(|sheet| !sheet.hidden);
    match filled.len() {
        0 if hidden.is_empty() => Err(SheetError::Empty { name, headings: "" }),
        0 => {
            let advice = Advice::words(". To read one of them, name it with --sheet");
            Err(SheetError::OnlyHiddenSheets { name, sheets: hidden, advice })
        }
        1 => Ok((filled.remove(0), hidden)),
        _ => {
            let sheets = filled.into_iter().map(|sheet| sheet.name).collect();
            Err(SheetError::SeveralSheets { name, sheets, hidden, advice: Advice::default() })
        }
    }
}

/// The sheet with this name: spelled exactly the same, else the only one that differs only in case.
fn by_name<'a>(all: &'a [SheetPart], wanted: &str) -> Option<&'a SheetPart> {
    if let Some(found) = all.iter().find(|sheet| sheet.name == wanted) {
        return Some(found);
    }
    let key = name_key(wanted);
    let mut alike = all.iter().filter(|sheet| name_key(&sheet.name) == key);
    alike.next().filter(|_| alike.next().is_none())
}
