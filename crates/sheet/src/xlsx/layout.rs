//! What a person sees of one XLSX sheet: hidden rows and columns, merged cells, formulas whose
//! result is not in the file. calamine reads the cells and shows none of this.
//!
//! One pass over the part, before its cells are read: merged cells come after the cells in the
//! file. Runs of hidden rows are kept, not rows, so that the memory stays small.
//!
//! Source: ECMA-376, part 1: 18.3.1.73 `row`, 18.3.1.13 `col`, 18.3.1.55 `mergeCell`, 18.3.1.2
//! `autoFilter`, 18.3.1.40 `f`, 18.3.1.96 `v`.

use quick_xml::events::{BytesStart, Event};

use crate::heading::names::cell_name;
use crate::hidden::{Hidden, HiddenRows};
use crate::xlsx::cells::Cells;
use crate::xlsx::package::{Broken, Package, PartXml, attribute, is_on};

/// More merged ranges or formulas without a result than this are no sheet that a person made.
const MOST: usize = 4_000_000;

/// A row lower than this, in points, shows no line of text.
const FLAT: f64 = 4.0;

/// A column narrower than this, in characters, shows no letter.
const NARROW: f64 = 1.0;

/// A merged range; rows and columns from 0, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

impl Merge {
    /// Its name as a spreadsheet writes it: `B2:C4`.
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", cell_name(self.top, self.left), cell_name(self.bottom, self.right))
    }
}

/// What a person sees of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Hidden rows that hold something, in their order.
    pub(crate) hidden_rows: Vec<HiddenRows>,
    /// Hidden columns from 0, both ends within.
    pub(crate) hidden_columns: Vec<(u32, u32)>,
    /// Merged ranges, from the top.
    pub(crate) merges: Vec<Merge>,
    /// Cells with a formula whose result is not in the file: row and column from 0.
    pub(crate) no_result: Vec<(u32, u32)>,
}

impl Layout {
    /// Whether a column, from 0, is hidden.
    pub(crate) fn hides(&self, column: usize) -> bool {
        self.hidden_columns
            .iter()
            .any(|(from, to)| (*from as usize..=*to as usize).contains(&column))
    }
}

/// Whether any cell of a sheet holds something.
pub(crate) fn is_filled(package: &mut Package, path: &str) -> Result<bool, Broken> {
    let recalculates = package.recalculates;
    let Some(xml) = package.xml(path)? else { return Ok(false) };
    let mut scan = Scan::new(recalculates);
    scan.run(xml, true)?;
    Ok(scan.filled)
}

/// Looks a sheet over.
pub(crate) fn layout(package: &mut Package, path: &str) -> Result<Layout, Broken> {
    let filters = table_filters(package, path)?;
    let recalculates = package.recalculates;
    let xml = package.xml(path)?.ok_or("the sheet's part is not in the file")?;
    let mut scan = Scan::new(recalculates);
    scan.run(xml, false)?;
    scan.filters.extend(filters);
    Ok(scan.finish())
}

/// The ranges in which tables of the sheet filter rows.
fn table_filters(package: &mut Package, path: &str) -> Result<Vec<(u32, u32)>, Broken> {
    let mut filters = Vec::new();
    for relation in package.relations(path)? {
        if relation.kind != "table" {
            continue;
        }
        let (mut range, mut filters_rows) = (None, false);
        package.each_element(&relation.target, |element| {
            match element.local_name().as_ref() {
                "autoFilter" => range = attribute(element, "ref").and_then(|text| rows_of(&text)),
                "filterColumn" => filters_rows = true,
                _ => {}
            }
            Ok(true)
        })?;
        filters.extend(range.filter(|_| filters_rows));
    }
    Ok(filters)
}

/// A hidden row that holds something, before it is known whether a filter hides it.
struct HiddenRow {
    row: u32,
    is_grouped: bool,
}

/// Runs of hidden rows, so that a sheet with a million of them stays small.
struct Run {
    first: HiddenRow,
    last: u32,
    filled: u64,
}

struct Scan {
    recalculates: bool,
    layout: Layout,
    hidden: Vec<Run>,
    /// Ranges of rows in which a filter is at work.
    filters: Vec<(u32, u32)>,
    range_of_filter: Option<(u32, u32)>,
    filled: bool,
    /// The row that is being read, from 0, and whether it is hidden.
    row: u32,
    row_hidden: Option<HiddenRow>,
    row_filled: bool,
    /// Where the next cell is if it does not say.
    column: u32,
    /// The cells that were read.
    cells: Cells,
}

impl Scan {
    fn new(recalculates: bool) -> Self {
        Self {
            recalculates,
            layout: Layout::default(),
            hidden: Vec::new(),
            filters: Vec::new(),
            range_of_filter: None,
            filled: false,
            row: 0,
            row_hidden: None,
            row_filled: false,
            column: 0,
            cells: Cells::default(),
        }
    }

    /// Reads the part; only until something is found in a cell if `until_filled`.
    fn run(&mut self, mut xml: PartXml<'_>, until_filled: bool) -> Result<(), Broken> {
        let (mut buffer, mut inner) = (Vec::new(), Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => self.begin_row(&element),
                    "c" => {
                        let cell = read_cell(&mut xml, &mut inner)?;
                        self.cell(&element, cell)?;
                        if until_filled && self.filled {
                            return Ok(());
                        }
                    }
                    "col" => self.col(&element),
                    "mergeCell" => self.merge(&element)?,
                    "autoFilter" => {
                        self.range_of_filter =
                            attribute(&element, "ref").and_then(|text| rows_of(&text));
                    }
                    "filterColumn" => self.filters.extend(self.range_of_filter),
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "row" => self.end_row(),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) {
        if let Some(row) = number(element, "r") {
            self.row = row.saturating_sub(1);
        }
        let is_grouped = number(element, "outlineLevel").is_some_and(|level| level > 0);
        let is_flat = || attribute(element, "ht").is_some_and(|height| is_below(&height, FLAT));
        let hidden = is_on(attribute(element, "hidden")) || is_flat();
        self.row_hidden = hidden.then_some(HiddenRow { row: self.row, is_grouped });
        self.row_filled = false;
        self.column = 0;
        self.cells.begin_row();
    }

    fn end_row(&mut self) {
        if let Some(hidden) = self.row_hidden.take().filter(|_| self.row_filled) {
            match self.hidden.last_mut() {
                Some(run)
                    if run.last + 1 == hidden.row && run.first.is_grouped == hidden.is_grouped =>
                {
                    run.last = hidden.row;
                    run.filled += 1;
                }
                _ => self.hidden.push(Run { last: hidden.row, first: hidden, filled: 1 }),
            }
        }
        self.row += 1;
        self.column = 0;
    }

    fn cell(&mut self, element: &BytesStart<'_>, cell: CellParts) -> Result<(), Broken> {
        let (mut place, mut kind) = (None, None);
        for attribute in element.attributes().with_checks(false).filter_map(Result::ok) {
            match attribute.key.as_ref() {
                "r" => place = position(&attribute.value),
                "t" => kind = Some(attribute.value.to_string()),
                _ => {}
            }
        }
        let (row, column) = place.unwrap_or((self.row, self.column));
        self.column = column + 1;
        let is_placeholder = || self.recalculates && kind.is_none() && cell.is_zero;
        // An empty text is a result; nothing at all is none.
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
            self.row_filled = true;
            self.cells.add(row, column)?;
        }
        Ok(())
    }

    fn col(&mut self, element: &BytesStart<'_>) {
        let is_flat = || attribute(element, "width").is_some_and(|width| is_below(&width, NARROW));
        if !is_on(attribute(element, "hidden")) && !is_flat() {
            return;
        }
        let first = number(element, "min").unwrap_or(1);
        let last = number(element, "max").unwrap_or(first);
        self.layout.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1)));
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

    fn finish(mut self) -> Layout {
        let filters = &self.filters;
        let why = |run: &Run| {
            // The first row of a filter's range is its heading, which it never hides.
            let within = |(from, to): &(u32, u32)| *from < run.first.row && run.last <= *to;
            match (filters.iter().any(within), run.first.is_grouped) {
                (true, _) => Hidden::ByFilter,
                (false, true) => Hidden::InGroup,
                (false, false) => Hidden::ByHand,
            }
        };
        let shown = |run: &Run| HiddenRows {
            first: u64::from(run.first.row) + 1,
            last: u64::from(run.last) + 1,
            filled: run.filled,
            why: why(run),
        };
        self.layout.hidden_rows = self.hidden.iter().map(shown).collect();
        self.layout.hidden_rows.sort_by_key(|rows| rows.first);
        self.layout.merges.sort_by_key(|merge| (merge.top, merge.left));
        self.layout.no_result.sort_unstable();
        self.layout
    }
}

/// What a cell's element holds.
struct CellParts {
    formula: bool,
    is_empty: bool,
    is_zero: bool,
}

/// Reads a cell's element to its end.
fn read_cell(xml: &mut PartXml<'_>, buffer: &mut Vec<u8>) -> Result<CellParts, Broken> {
    let mut cell = CellParts { formula: false, is_empty: true, is_zero: false };
    // Within `v`, or within `t` of an inline text.
    let (mut in_value, mut phonetic) = (false, false);
    loop {
        buffer.clear();
        match xml.read_event_into(buffer)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "f" => cell.formula = true,
                "v" | "t" if !phonetic => in_value = true,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Text(text) if in_value => {
                let text: &str = text.as_ref();
                cell.is_empty &= text.trim().is_empty();
                cell.is_zero = text.trim() == "0";
            }
            Event::CData(_) | Event::GeneralRef(_) if in_value => cell.is_empty = false,
            Event::End(element) => match element.local_name().as_ref() {
                "c" => return Ok(cell),
                "v" | "t" => in_value = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Eof => return Err("the sheet breaks off within a cell".into()),
            _ => {}
        }
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

fn is_below(length: &str, limit: f64) -> bool {
    length.trim().parse::<f64>().is_ok_and(|length| length < limit)
}

/// `B2` as row and column from 0.
fn position(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let row: u32 = digits.parse().ok()?;
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        let digit = u32::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|at| *at < 26)?);
        column = column.checked_mul(26)?.checked_add(digit + 1)?;
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// `B2:C4` as its first and last cell.
fn range_of(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((position(first)?, position(last)?))
}

/// The rows of a range, from 0.
fn rows_of(text: &str) -> Option<(u32, u32)> {
    range_of(text).map(|((top, _), (bottom, _))| (top, bottom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_ranges_are_read_by_name() {
        for (name, place) in
            [("A1", (0, 0)), ("$B$2", (1, 1)), ("AA10", (9, 26)), ("xfd1", (0, 16_383))]
        {
            assert_eq!(position(name), Some(place), "{name}");
        }
        for name in ["", "A", "1", "A0", "1A", "Ä1", "AAAAAAAAAA1"] {
            assert_eq!(position(name), None, "{name}");
        }
        assert_eq!(range_of("B2:C4"), Some(((1, 1), (3, 2))));
        assert_eq!(range_of("B2"), Some(((1, 1), (1, 1))));
        assert_eq!(Merge { top: 1, left: 1, bottom: 3, right: 2 }.name(), "B2:C4");
    }
}
