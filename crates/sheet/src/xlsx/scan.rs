//! Reads a sheet's XML once to find its layout: hidden rows and columns, merged cells, formulas without a result,
//! and texts whose parts have formats of their own.

mod plain_rows;

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::heading::names::cell_name;
use crate::hidden::{Hidden, HiddenRows};
use crate::xlsx::cell_parts::{CellParts, read_cell};
use crate::xlsx::cells::Cells;
use crate::xlsx::color::Theme;
use crate::xlsx::comments::comments;
use crate::xlsx::conditional::{Conditions, hiding_formats};
use crate::xlsx::fills::Fills;
use crate::xlsx::layout::{Layout, Merge};
use crate::xlsx::outline::Outline;
use crate::xlsx::package::{Broken, Package, attribute, is_on};
use crate::xlsx::places::{LAST_COLUMN, cell_place, check_place, range_of, row_place, rows_of};
use crate::xlsx::plain::{FLAT, PlainRow};
use crate::xlsx::rich::{Runs, of_shared_texts};
use crate::xlsx::tables::{Table, tables};

/// The most merged ranges or formulas without a result that are read. No sheet made by a person has more.
const MOST: usize = 4_000_000;

/// A column narrower than this, in characters, shows no letter.
const NARROW: f64 = 1.0;

/// The formats in the workbook's other parts.
#[derive(Default)]
struct Formats {
    theme: Theme,
    /// The formats of shared texts whose parts have formats, by the text's number.
    shared: HashMap<usize, Arc<Runs>>,
    /// For each conditional format, whether it can hide a text.
    hiding: Vec<bool>,
}

impl Formats {
    fn read(package: &mut Package) -> Result<Self, Broken> {
        let theme = Theme::read(package)?;
        let shared = of_shared_texts(package, &theme)?;
        let hiding = hiding_formats(package, &theme)?;
        Ok(Self { theme, shared, hiding })
    }
}

/// Whether any cell of a sheet is not empty.
pub(crate) fn is_filled(package: &mut Package, path: &str) -> Result<bool, Broken> {
    let formats = Formats::default();
    let recalculates = package.recalculates;
    let Some(xml) = package.xml(path)? else { return Ok(false) };
    let mut scan = Scan::new(recalculates, &formats);
    scan.run(xml, End::FirstValue)?;
    Ok(scan.filled)
}

/// Reads the layout of a sheet.
pub(crate) fn layout(package: &mut Package, path: &str) -> Result<Layout, Broken> {
    let formats = Formats::read(package)?;
    let fills = Fills::read(package, &formats.theme)?;
    let tables = tables(package, path)?;
    let comments = comments(package, path)?;
    let recalculates = package.recalculates;
    let xml = package.xml(path)?.ok_or("the sheet's part is not in the file")?;
    let mut scan = Scan::new(recalculates, &formats);
    scan.run(xml, End::Whole)?;
    scan.filters.extend(tables.iter().filter_map(Table::filter));
    let fill = |table: &Table| fills.of_table(table.range?, &table.style);
    let table_fills = tables.iter().filter_map(fill).collect();
    Ok(Layout { table_fills, comments, gradients: fills.gradients, ..scan.finish() })
}

/// A run of rows of one kind. Only rows that are not empty count. Runs keep the memory small for a sheet with a
/// million such rows.
struct Run {
    first: u32,
    last: u32,
    filled: u64,
    is_grouped: bool,
}

impl Run {
    /// Adds a row to the last run, or begins a new run.
    fn add(runs: &mut Vec<Self>, row: u32, is_grouped: bool) {
        match runs.last_mut() {
            Some(run) if run.last + 1 == row && run.is_grouped == is_grouped => {
                run.last = row;
                run.filled += 1;
            }
            _ => runs.push(Self { first: row, last: row, filled: 1, is_grouped }),
        }
    }
}

/// The row that is being read.
#[derive(Default)]
struct Row {
    /// The row's index, from 0.
    at: u32,
    /// Whether the file gives the row's number.
    is_numbered: bool,
    is_hidden: bool,
    is_grouped: bool,
    is_filled: bool,
}

/// Where the reader is with regard to the sheet's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    Before,
    Within,
    After,
}

/// How far the sheet's XML is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// To the first cell that is not empty.
    FirstValue,
    Whole,
    /// To the end, each row in the general way.
    #[cfg(test)]
    Generally,
}

struct Scan<'a> {
    recalculates: bool,
    formats: &'a Formats,
    layout: Layout,
    hidden: Vec<Run>,
    /// Rows of groups that are not hidden so far.
    grouped: Vec<Run>,
    rows: Outline,
    columns: Outline,
    conditions: Conditions,
    /// The rows that active filters cover.
    filters: Vec<(u32, u32)>,
    range_of_filter: Option<(u32, u32)>,
    /// Whether rows without a height of their own are too low to be read.
    is_flat: bool,
    /// Whether columns without a width of their own are too narrow to be read.
    is_narrow: bool,
    /// Columns that have a width of their own.
    wide: Vec<(u32, u32)>,
    filled: bool,
    data: Data,
    row: Row,
    /// The column of the next cell, if the cell does not name it.
    column: u32,
    /// The cells that were read.
    cells: Cells,
    plain: PlainRow,
}

impl<'a> Scan<'a> {
    fn new(recalculates: bool, formats: &'a Formats) -> Self {
        Self {
            recalculates,
            formats,
            layout: Layout::default(),
            hidden: Vec::new(),
            grouped: Vec::new(),
            rows: Outline::default(),
            columns: Outline::default(),
            conditions: Conditions::new(formats.hiding.clone()),
            filters: Vec::new(),
            range_of_filter: None,
            is_flat: false,
            is_narrow: false,
            wide: Vec::new(),
            filled: false,
            data: Data::Before,
            row: Row::default(),
            column: 0,
            cells: Cells::default(),
            plain: PlainRow::default(),
        }
    }

    /// Reads the XML up to `end`.
    fn run<R: BufRead>(&mut self, mut xml: Reader<R>, end: End) -> Result<(), Broken> {
        let (mut buffer, mut inner) = (Vec::new(), Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(element) if self.is_in_data(&element, "c")? => {
                    let cell = read_cell(&mut xml, &mut inner, &self.formats.theme)?;
                    self.cell(&element, cell)?;
                    if end == End::FirstValue && self.filled {
                        return Ok(());
                    }
                }
                Event::Start(element) => self.begin(&element)?,
                Event::Text(text) => self.conditions.text(text.as_ref()),
                Event::End(element) => match element.local_name().as_ref() {
                    "row" if self.data == Data::Within => {
                        self.end_row();
                        if end == End::Whole {
                            self.plain_rows(xml.get_mut())?;
                        }
                    }
                    "sheetData" => self.data = Data::After,
                    name => self.conditions.end(name)?,
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Whether an element is a row or a cell of the sheet. A drawing's anchor also has elements with such names.
    fn is_in_data(&self, element: &BytesStart<'_>, name: &str) -> Result<bool, Broken> {
        if element.local_name().as_ref() != name {
            return Ok(false);
        }
        if self.data != Data::Within && attribute(element, "r").is_some() {
            return Err("its sheet has rows or cells in a place that programs do not read".into());
        }
        Ok(self.data == Data::Within)
    }

    fn begin(&mut self, element: &BytesStart<'_>) -> Result<(), Broken> {
        if self.is_in_data(element, "row")? {
            return self.begin_row(element);
        }
        match element.local_name().as_ref() {
            "sheetData" if self.data != Data::Before => {
                return Err("its sheet has two lists of rows, and programs read only one".into());
            }
            "sheetData" => self.data = Data::Within,
            // calamine reads this range, too, and overflows on cells that no sheet has.
            "dimension" => {
                if let Some(range) = attribute(element, "ref")
                    && range_of(&range).is_none()
                {
                    cell_place(&range)?;
                }
            }
            "col" => self.col(element),
            // `zeroHeight` hides only rows that are not in the file.
            "sheetFormatPr" => {
                self.is_flat = is_below(element, "defaultRowHeight", FLAT);
                self.is_narrow = is_below(element, "defaultColWidth", NARROW);
            }
            "mergeCell" => self.merge(element)?,
            "autoFilter" => {
                self.range_of_filter = attribute(element, "ref").and_then(|text| rows_of(&text));
            }
            "filterColumn" => self.filters.extend(self.range_of_filter),
            _ => self.conditions.begin(element, &self.formats.theme),
        }
        Ok(())
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) -> Result<(), Broken> {
        let named = attribute(element, "r");
        let at = named.as_deref().map_or(Ok(self.row.at), row_place)?;
        let level = number(element, "outlineLevel").unwrap_or(0);
        let collapses = is_on(attribute(element, "collapsed"));
        if let Some(begin) = self.rows.add((at, at), level, collapses) {
            self.collapse(begin);
        }
        if level == 0 {
            self.grouped.clear();
        }
        let is_flat = match attribute(element, "ht") {
            Some(_) => is_below(element, "ht", FLAT),
            None => self.is_flat,
        };
        let is_hidden = is_flat || is_on(attribute(element, "hidden"));
        let is_numbered = named.is_some();
        self.row = Row { at, is_numbered, is_hidden, is_grouped: level > 0, is_filled: false };
        self.column = 0;
        self.cells.begin_row();
        Ok(())
    }

    fn end_row(&mut self) {
        let Row { at, is_hidden, is_grouped, is_filled, .. } = self.row;
        match (is_filled, is_hidden, is_grouped) {
            (true, true, _) => Run::add(&mut self.hidden, at, is_grouped),
            (true, false, true) => Run::add(&mut self.grouped, at, true),
            (true, false, false) | (false, _, _) => {}
        }
        self.row = Row { at: at.saturating_add(1), ..Row::default() };
        self.column = 0;
    }

    /// Hides the rows of the group that begins at `begin`.
    fn collapse(&mut self, begin: u32) {
        while let Some(mut run) = self.grouped.pop_if(|run| run.last >= begin) {
            if run.first < begin {
                let kept = u64::from(begin - run.first);
                self.grouped.push(Run { last: begin - 1, filled: kept, ..run });
                run.filled -= kept;
                run.first = begin;
            }
            self.hidden.push(run);
        }
    }

    fn cell(&mut self, element: &BytesStart<'_>, cell: CellParts) -> Result<(), Broken> {
        let (mut place, mut kind) = (None, None);
        for attribute in element.attributes().with_checks(false).filter_map(Result::ok) {
            match attribute.key.as_ref() {
                "r" => place = Some(cell_place(&attribute.value)?),
                "t" => kind = Some(attribute.value.to_string()),
                _ => {}
            }
        }
        let (row, column) = place.unwrap_or((self.row.at, self.column));
        check_place(row, column)?;
        self.column = column + 1;
        self.check_row(row, column)?;
        let is_placeholder = || self.recalculates && kind.is_none() && cell.is_zero;
        // An empty text is a result; a missing value is not.
        let no_result =
            cell.formula && (is_placeholder() || (cell.is_empty && kind.as_deref() != Some("str")));
        if no_result {
            if self.layout.no_result.len() == MOST {
                return Err("there are too many formulas without a result".into());
            }
            self.layout.no_result.push((row, column));
        }
        if no_result || !cell.is_empty {
            self.filled = true;
            self.row.is_filled = true;
            self.cells.add(row, column)?;
        }
        let is_shared = kind.as_deref() == Some("s");
        // calamine would read the first text.
        if is_shared && !cell.is_empty && cell.number.is_none() {
            return Err(format!("its cell {} names no text", cell_name(row, column)).into());
        }
        let shared = cell.number.filter(|_| is_shared);
        let runs = match shared {
            Some(number) => self.formats.shared.get(&number).cloned(),
            None => cell.runs,
        };
        self.layout.runs.extend(runs.map(|runs| ((row, column), runs)));
        Ok(())
    }

    /// Checks that a cell's name agrees with its row: a hidden row must not hold a cell of another row.
    fn check_row(&mut self, row: u32, column: u32) -> Result<(), Broken> {
        let is_certain = self.row.is_numbered || self.row.is_hidden || self.row.is_grouped;
        if row != self.row.at && is_certain {
            let (cell, at) = (cell_name(row, column), self.row.at + 1);
            return Err(format!("its sheet has the cell {cell} in row {at}").into());
        }
        self.row.at = row;
        Ok(())
    }

    fn col(&mut self, element: &BytesStart<'_>) {
        let first = number(element, "min").unwrap_or(1);
        let last = number(element, "max").unwrap_or(first);
        let (first, last) = (first.saturating_sub(1), last.saturating_sub(1));
        let level = number(element, "outlineLevel").unwrap_or(0);
        let collapses = is_on(attribute(element, "collapsed"));
        if let Some(begin) = self.columns.add((first, last), level, collapses) {
            self.layout.hidden_columns.push((begin, first.saturating_sub(1)));
        }
        let is_narrow = match attribute(element, "width") {
            Some(_) => is_below(element, "width", NARROW),
            None => self.is_narrow,
        };
        match is_narrow || is_on(attribute(element, "hidden")) {
            true => self.layout.hidden_columns.push((first, last)),
            false => self.wide.push((first, last)),
        }
    }

    fn merge(&mut self, element: &BytesStart<'_>) -> Result<(), Broken> {
        let Some(range) = attribute(element, "ref") else { return Ok(()) };
        let Some(((top, left), (bottom, right))) = range_of(&range) else { return Ok(()) };
        if self.layout.merges.len() == MOST {
            return Err("there are too many merged cells".into());
        }
        if (top, left) != (bottom, right) {
            self.layout.merges.push(Merge { top, left, bottom, right });
        }
        Ok(())
    }

    /// Hides the columns that have no width of their own.
    fn narrow(&mut self) {
        self.wide.sort_unstable();
        let mut next = 0;
        for (first, last) in self.wide.iter().copied().chain([(LAST_COLUMN + 1, LAST_COLUMN + 1)]) {
            if first > next {
                self.layout.hidden_columns.push((next, first - 1));
            }
            next = next.max(last.saturating_add(1));
        }
    }

    fn finish(mut self) -> Layout {
        if self.is_narrow {
            self.narrow();
        }
        let filters = &self.filters;
        let why = |run: &Run| {
            // The first row of a filter's range is its heading, which the filter never hides.
            let within = |(from, to): &(u32, u32)| *from < run.first && run.last <= *to;
            match (filters.iter().any(within), run.is_grouped) {
                (true, _) => Hidden::ByFilter,
                (false, true) => Hidden::InGroup,
                (false, false) => Hidden::ByHand,
            }
        };
        let shown = |run: &Run| HiddenRows {
            first: u64::from(run.first) + 1,
            last: u64::from(run.last) + 1,
            filled: run.filled,
            why: why(run),
        };
        self.layout.hidden_rows = self.hidden.iter().map(shown).collect();
        self.layout.hidden_rows.sort_by_key(|rows| rows.first);
        self.layout.merges.sort_by_key(|merge| (merge.top, merge.left));
        self.layout.no_result.sort_unstable();
        self.layout.conditions = self.conditions.into_ranges();
        self.layout
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// Whether an attribute is a length below the limit.
fn is_below(element: &BytesStart<'_>, name: &str, limit: f64) -> bool {
    let length = attribute(element, name).and_then(|length| length.trim().parse::<f64>().ok());
    length.is_some_and(|length| length < limit)
}
