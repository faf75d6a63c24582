//! What a person sees of one XLSX sheet: hidden rows and columns, merged cells, formulas whose
//! result is not in the file. calamine reads the cells and shows none of this.
//!
//! One pass over the part, before its cells are read: merged cells come after the cells in the
//! file. Runs of hidden rows are kept, not rows, so that the memory stays small.
//!
//! Source: ECMA-376, part 1: 18.3.1.73 `row`, 18.3.1.13 `col`, 18.3.1.55 `mergeCell`, 18.3.1.2
//! `autoFilter`, 18.3.1.40 `f`, 18.3.1.96 `v`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::heading::names::cell_name;
use crate::hidden::HiddenRows;
use crate::xlsx::conditional::Range;
use crate::xlsx::package::{Broken, Package, attribute};
use crate::xlsx::rich::Runs;
use crate::xlsx::scan::{Formats, Scan};

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
    /// Texts with parts that have a format of their own, by their cell.
    pub(crate) runs: HashMap<(u32, u32), Arc<Runs>>,
    /// Ranges in which a conditional format can hide what a cell holds.
    pub(crate) conditions: Vec<Range>,
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
    let formats = Formats::default();
    let recalculates = package.recalculates;
    let Some(xml) = package.xml(path)? else { return Ok(false) };
    let mut scan = Scan::new(recalculates, &formats);
    scan.run(xml, true)?;
    Ok(scan.filled)
}

/// Looks a sheet over.
pub(crate) fn layout(package: &mut Package, path: &str) -> Result<Layout, Broken> {
    let filters = table_filters(package, path)?;
    let formats = Formats::read(package)?;
    let recalculates = package.recalculates;
    let xml = package.xml(path)?.ok_or("the sheet's part is not in the file")?;
    let mut scan = Scan::new(recalculates, &formats);
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

/// `B2` as row and column from 0.
pub(crate) fn position(name: &str) -> Option<(u32, u32)> {
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
pub(crate) fn range_of(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((position(first)?, position(last)?))
}

/// The rows of a range, from 0.
pub(crate) fn rows_of(text: &str) -> Option<(u32, u32)> {
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
