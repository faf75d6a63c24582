//! Opens a file and reads its rows.
//!
//! The problems that this module reports need no knowledge of the columns: a row with too many cells, lines that a
//! quote swallowed, a formula without a result, a NUL. Rows of empty cells are not rows, wherever they are; they
//! are counted. Cells that a row lacks at its end are empty, because spreadsheet programs leave out separators
//! there.

use std::collections::{BTreeSet, VecDeque};

use crate::cell::trim;
use crate::error::SheetError;
use crate::heading::line::HeadingLine;
use crate::heading::masked::{secret_by_surroundings, secret_cells, secret_columns};
use crate::heading::names::{column, column_name, lettered, letters};
use crate::heading::secret::MASKED;
use crate::options::{Corrections, HiddenRowsChoice, Options};
use crate::quoting::{excerpt, shortened};
use crate::record::{Odd, Record};
use crate::rows::left_out::Lines;
use crate::rows::problem::{Table, check_seen, faint, row_problem, swallowed, within_quote};
use crate::rows::raw::{Noticed, Problem, Raw};
use crate::rows::records::{Above, KEPT, Records, check_width, headings, is_empty};
use crate::source::Source;
use crate::token::{has_told, mask};
use crate::vocabulary::{Identifier, Vocabulary};
use crate::xlsx::merged::covering_heading;
use headcount_model::reading::{MergedCells, Reading, Why};

/// The first rows below the headings: their lines and cells.
pub type FirstRows = [(u64, Vec<String>)];

/// How many merged cells are listed one by one.
const MERGES: usize = 8;

/// An opened file whose headings have been read. It is an iterator over the rows.
pub struct Sheet {
    name: String,
    /// The file's own, then those of `set`.
    headings: Vec<String>,
    /// The same, with their words.
    known: HeadingLine,
    /// The values of the columns that the file does not have.
    set: Vec<String>,
    heading_line: u64,
    no_headings: bool,
    hidden_rows: HiddenRowsChoice,
    /// The columns that hold passwords or keys. Their cells are masked here, and messages quote no cell of a row
    /// with a problem.
    secret: Vec<usize>,
    /// How to recognize the name of a row's subject, such as an email address.
    identifier: Identifier,
    /// The columns that hold such names.
    named: Vec<usize>,
    /// The columns that have cells but no heading.
    unnamed: BTreeSet<usize>,
    /// The first merged cells that gave rows a value.
    given: Vec<MergedCells>,
    /// The merged cells in the line of the headings.
    merged: Vec<Odd>,
    records: Records,
    /// The records that were read ahead, then the end or the error that came after them.
    ahead: VecDeque<Record>,
    /// The first records below the headings, each with its line and its cells.
    first: Vec<(u64, Vec<String>)>,
    /// The number of the last row that was returned.
    read: u64,
    /// The last line that was read.
    passed: u64,
    above: Above,
    empty: Lines,
    /// Empty rows that count only if another row follows.
    empty_now: Lines,
    rows: VecDeque<Raw>,
    /// The line of a stray quote after which a quoted cell may still be open.
    open_since: Option<u64>,
    error: Option<SheetError>,
    ended: bool,
    corrected: Corrections,
}

/// Opens a file and reads its headings: the line that the options name, else the first line that is not empty.
/// Without headings, that line is the first row, and its length is the number of columns.
pub fn open(
    source: Source,
    options: &Options,
    vocabulary: &Vocabulary,
) -> Result<Sheet, SheetError> {
    let name = source.name.clone();
    let mut records = Records::open(source, options, vocabulary)?;
    let mut above = Above::default();
    let first = records.heading(&name, options.heading, &mut above)?;
    if !options.no_headings {
        check_seen(&name, &first)?;
    }
    let merged = if options.no_headings { Vec::new() } else { first.odd.clone() };
    let (headings, heading_line, first) = if options.no_headings {
        check_width(&name, first.cells.len())?;
        (lettered(first.cells.len()), first.line.saturating_sub(1), Some(first.masked()))
    } else {
        let line = first.line;
        (headings(&name, first)?, line, None)
    };
    let known = HeadingLine::of(&headings);
    let mut sheet = Sheet {
        name,
        secret: secret_columns(&known, &options.map),
        identifier: vocabulary.identifier,
        named: (vocabulary.identifier.columns)(&known, &options.map),
        unnamed: BTreeSet::new(),
        given: Vec::new(),
        merged,
        headings,
        known,
        set: Vec::new(),
        heading_line,
        no_headings: options.no_headings,
        hidden_rows: options.hidden_rows,
        records,
        ahead: first.into_iter().collect(),
        first: Vec::new(),
        read: 0,
        passed: heading_line,
        above,
        empty: Lines::default(),
        empty_now: Lines::default(),
        rows: VecDeque::new(),
        open_since: None,
        error: None,
        ended: false,
        corrected: Corrections::default(),
    };
    sheet.mask_by_surroundings(&options.map);
    sheet.look_ahead();
    sheet.add_set(&options.set);
    // Read one row ahead, so that "only a heading" is known before anything is planned.
    sheet.advance();
    Ok(sheet)
}

impl Sheet {
    /// The same file with the cells that a user corrected. Rows that do not match their headings stay unchanged.
    pub fn corrected(mut self, corrected: Corrections) -> Self {
        self.corrected = corrected;
        self
    }

    /// The headings as they are in the file, without empty ones at the end.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The same headings, with their words.
    pub fn heading_words(&self) -> &HeadingLine {
        &self.known
    }

    /// The name of the file in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the headings, from 1. Without headings, the line above the first row.
    pub fn heading_line(&self) -> u64 {
        self.heading_line
    }

    /// The first lines as they are in the file, from which a user can choose the headings: the current heading
    /// line and the lines below. Cells that may hold a password are empty, whichever of the lines has the
    /// headings.
    pub fn first_lines(&self) -> Vec<(u64, Vec<String>)> {
        let heading = (!self.no_headings).then(|| (self.heading_line, self.headings.clone()));
        let mut lines: Vec<_> = heading.into_iter().chain(self.first.iter().cloned()).collect();
        for at in 0..lines.len() {
            let secret = secret_cells(&lines[at].1);
            for (_, cells) in &mut lines[at + 1..] {
                for &column in &secret {
                    if let Some(cell) = cells.get_mut(column) {
                        cell.clear();
                    }
                }
            }
        }
        lines
    }

    /// How the file is written, for people: "CSV with `;`, windows-1252" or "XLSX, sheet `A`". The encoding is
    /// that of the part read so far.
    pub fn dialect(&self) -> String {
        match &self.records {
            Records::Csv(csv) => csv.dialect(),
            Records::Xlsx(xlsx) => format!("XLSX, sheet `{}`", xlsx.chosen().sheet),
        }
    }

    /// How headcount understood the file; complete after the last row was read. `fields` are the columns that the
    /// job reads, each with the name of its field; `same` are pairs of columns that must be equal.
    pub fn reading(&self, fields: &[(&str, usize)], same: &[(usize, usize)]) -> Reading {
        let mut reading = Reading {
            heading_line: (!self.no_headings).then_some(self.heading_line),
            ..Reading::default()
        };
        match &self.records {
            Records::Csv(csv) => {
                reading.format = "csv".to_owned();
                reading.separator = Some(csv.separator());
                reading.encoding = Some(csv.encoding().to_owned());
                reading.mark = csv.has_mark();
            }
            Records::Xlsx(xlsx) => {
                reading.format = "xlsx".to_owned();
                reading.sheet = Some(xlsx.chosen().sheet.clone());
                reading.hidden_sheet = xlsx.chosen().hidden;
            }
        }
        let heading = |at: usize| shortened(column_name(&self.headings, at));
        let named = fields.iter().map(|(field, at)| ((*field).to_owned(), heading(*at)));
        reading.columns = named.collect();
        for at in 0..self.headings.len() {
            if self.secret.binary_search(&at).is_ok() {
                reading.blanked.push(heading(at));
            } else if !fields.iter().any(|(_, known)| *known == at)
                && !trim(&self.headings[at]).is_empty()
            {
                let twin = same.iter().find(|(other, _)| *other == at);
                let note = twin.map(|(_, used)| format!(" (the same as {})", heading(*used)));
                reading.carried.push(heading(at) + note.as_deref().unwrap_or_default());
            } else if self.unnamed.contains(&at) {
                reading.carried.push(format!("Column {} (no heading)", letters(at)));
            }
        }
        reading.merged.clone_from(&self.given);
        let parts = [
            self.above.lines.left_out(Why::AboveHeadings),
            self.empty.left_out(Why::Empty),
            self.hidden().left_out(match self.hidden_rows {
                HiddenRowsChoice::Include => Why::HiddenUsed,
                HiddenRowsChoice::Stop | HiddenRowsChoice::Skip => Why::Hidden,
            }),
        ];
        reading.left_out = parts.into_iter().flatten().collect();
        reading
    }

    /// The hidden rows below the headings.
    fn hidden(&self) -> Lines {
        let mut lines = Lines::default();
        if let Records::Xlsx(xlsx) = &self.records {
            for rows in &xlsx.chosen().layout.hidden_rows {
                lines.add(rows.first.max(self.heading_line + 1), rows.last);
            }
        }
        lines
    }

    /// Whether no row is left. Before the first row is read, this means that the file has only headings.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.error.is_none()
    }

    /// The first rows below the headings, which show what the columns hold.
    pub fn first_rows(&self) -> &FirstRows {
        &self.first
    }

    /// The last lines above the headings that are not empty.
    pub fn lines_above(&self) -> &FirstRows {
        &self.above.rows
    }

    /// The hidden sheets of the workbook that are not empty and were not selected.
    pub fn hidden_sheets(&self) -> &[String] {
        match &self.records {
            Records::Csv(_) => &[],
            Records::Xlsx(xlsx) => &xlsx.chosen().others,
        }
    }

    /// Whether a column, from 0, is hidden in the spreadsheet program.
    pub fn hides(&self, at: usize) -> bool {
        match &self.records {
            Records::Csv(_) => false,
            Records::Xlsx(xlsx) => xlsx.chosen().layout.hides(at),
        }
    }

    /// Checks that no heading is merged over several filled columns.
    ///
    /// # Errors
    /// The merged heading, with the heading and its place.
    pub fn check_headings(&self) -> Result<(), SheetError> {
        covering_heading(&self.headings, &self.merged, &self.first).map_or(Ok(()), Err)
    }

    /// Keeps the first records, so that the headings can be searched in them.
    fn look_ahead(&mut self) {
        while self.ahead.len() < KEPT {
            match self.records.next() {
                Ok(Some(record)) => self.ahead.push_back(record),
                Ok(None) => break,
                // The error is returned after the rows that could be read.
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        let seen = self.ahead.iter().filter(|record| !is_empty(record));
        self.first = seen.map(|record| (record.line, record.cells.clone())).collect();
    }

    /// Adds the columns that the file does not have.
    fn add_set(&mut self, set: &[(String, String)]) {
        let own = self.headings.len();
        let mut set = set.to_vec();
        set.iter_mut().for_each(|(_, value)| mask(value));
        for (_, cells) in self.first.iter_mut().filter(|(_, cells)| cells.len() <= own) {
            cells.resize(own, String::new());
            cells.extend(set.iter().map(|(_, value)| value.clone()));
        }
        if set.is_empty() {
            return;
        }
        self.headings.extend(set.iter().map(|(field, _)| field.clone()));
        self.known = HeadingLine::of(&self.headings);
        self.set = set.iter().map(|(_, value)| value.clone()).collect();
    }

    /// The headings of the file itself.
    pub fn own_headings(&self) -> &[String] {
        &self.headings[..self.headings.len() - self.set.len()]
    }

    /// Reads until a row, the end, or an error.
    fn advance(&mut self) {
        while self.rows.is_empty() && !self.ended {
            let next = match self.ahead.pop_front() {
                Some(record) => Ok(Some(record)),
                None if self.error.is_some() => Ok(None),
                None => self.records.next(),
            };
            match next {
                Ok(Some(record)) => self.take(record),
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.error = Some(error);
                    self.ended = true;
                }
            }
        }
    }

    fn take(&mut self, mut record: Record) {
        self.note_gap(record.line);
        self.passed = record.last_line;
        if is_empty(&record) && record.odd.is_empty() && record.stray.is_none() {
            self.empty_now.add(record.line, record.last_line);
            return;
        }
        let empty = self.empty_now.take();
        self.empty.extend(empty);
        let open_since = self.open_since;
        if record.quotes % 2 == 1 {
            self.open_since = None;
        }
        let split = |line: &str| self.records.cells_of_line(line);
        if let Some(found) = swallowed(&record, self.own_headings(), &self.identifier, split) {
            let (column, what, todo) = (found.column, found.what, found.todo);
            // The quote that closed here may have been meant to open a cell that continues below.
            let is_open = found.lines.last().is_some_and(|(_, line)| self.records.ends_open(line));
            self.open_since = is_open.then_some(record.line);
            for (line, text) in found.lines {
                let problem = Problem {
                    line,
                    column: column.clone(),
                    what: what.clone(),
                    todo: todo.clone(),
                };
                let cells = self.records.cells_of_line(&text);
                if !cells.iter().all(|cell| trim(cell).is_empty()) {
                    self.push(line, cells, (Some(problem), None, Vec::new()));
                }
            }
            return;
        }
        let is_workbook = matches!(self.records, Records::Xlsx(_));
        let within = open_since.map(|opened| within_quote(record.line, opened));
        let headings = self.own_headings();
        let table = Table {
            headings,
            known: &self.known[..headings.len()],
            is_workbook,
            secret: &self.secret,
            identifier: &self.identifier,
            named: &self.named,
        };
        let of_record = |record: &Record| row_problem(record, &table);
        let problem = within.or_else(|| of_record(&record));
        // Where columns hold passwords, nothing of a row with a problem is kept.
        let is_kept = is_workbook && self.secret.is_empty();
        let faint = if is_kept { faint(&mut record, of_record) } else { None };
        self.note_merged(&record);
        self.push(record.line, record.cells, (problem, faint, record.comments));
    }

    /// Notes the merged cells that gave a row its values.
    fn note_merged(&mut self, record: &Record) {
        for (range, at) in &record.given {
            if self.given.len() == MERGES || self.given.iter().any(|known| known.range == *range) {
                continue;
            }
            let cell = record.cells.get(*at).map_or("", |cell| trim(cell));
            let value = if self.secret.contains(at) { MASKED } else { &excerpt(cell) };
            let (range, column) = (range.clone(), column_name(&self.headings, *at));
            self.given.push(MergedCells { range, column, value: value.to_owned() });
        }
    }

    fn push(&mut self, line: u64, mut cells: Vec<String>, (problem, faint, comments): Noticed) {
        let columns = self.own_headings().len();
        // A row with too many cells keeps all of them: without the last ones its other cells would seem valid, but
        // under the wrong headings.
        if problem.is_none() || cells.len() < columns {
            cells.resize(columns, String::new());
        }
        let is_unnamed =
            |at: &usize| trim(&self.headings[*at]).is_empty() && !trim(&cells[*at]).is_empty();
        self.unnamed.extend((0..columns).filter(is_unnamed));
        if cells.len() == columns {
            cells.extend(self.set.iter().cloned());
        }
        self.read += 1;
        self.rows.push_back(Raw { number: self.read, line, cells, problem, faint, comments });
    }

    /// Counts rows that the workbook does not contain as empty; hidden rows that are left out do not count.
    fn note_gap(&mut self, line: u64) {
        let Records::Xlsx(xlsx) = &self.records else { return };
        let (first, last) = (self.passed + 1, line.saturating_sub(1));
        let skips = self.hidden_rows == HiddenRowsChoice::Skip;
        let hidden = xlsx.chosen().layout.hidden_rows.iter().filter(|_| skips);
        let mut from = first;
        for rows in hidden.filter(|rows| rows.last >= first && rows.first <= last) {
            self.empty_now.add(from, rows.first.saturating_sub(1));
            from = rows.last + 1;
        }
        self.empty_now.add(from, last);
    }

    /// Also masks columns that may hold passwords although their headings do not say so, unless an option or the
    /// heading says what they hold.
    fn mask_by_surroundings(&mut self, map: &[(String, String)]) {
        let first = self.ahead.iter().map(|record| record.cells.as_slice());
        let above = self.above.rows.iter().map(|(_, cells)| cells.as_slice());
        let lines: Vec<&[String]> = above.chain(first.filter(|_| self.no_headings)).collect();
        let found = secret_by_surroundings(&self.headings, &lines, &self.secret);
        // The cells of a column that is mapped to `-` appear in reports.
        let is_mapped = |at: usize| {
            let mut used = map.iter().filter(|(name, _)| name != "-");
            used.any(|(_, one)| column(&self.known, one) == Ok(at))
        };
        let is_known = |at: usize| self.named.contains(&at) || self.secret.contains(&at);
        let found: BTreeSet<usize> =
            found.into_iter().filter(|at| !is_mapped(*at) && !is_known(*at)).collect();
        self.secret.extend(found);
        self.secret.sort_unstable();
    }

    /// Removes passwords before a row leaves the reader. In a row with a problem of its own (too many or too few
    /// cells, lines swallowed by a quote) a password may be under any heading, so all cells are emptied; the line
    /// number identifies the row.
    fn mask_secrets(&self, raw: &mut Raw) {
        if raw.problem.is_some() && (!self.secret.is_empty() || has_told(&raw.cells)) {
            raw.cells.iter_mut().for_each(String::clear);
        }
        for &at in &self.secret {
            if let Some(cell) = raw.cells.get_mut(at).filter(|cell| !trim(cell).is_empty()) {
                MASKED.clone_into(cell);
            }
        }
    }
}

impl Iterator for Sheet {
    type Item = Result<Raw, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(raw) = self.rows.pop_front() else { return self.error.take().map(Err) };
        self.advance();
        let mut raw = raw.corrected(&self.corrected);
        self.mask_secrets(&mut raw);
        Some(Ok(raw))
    }
}
