//! The tables of a sheet: where they are, how they look, and which rows their filters cover.
//!
//! Source: ECMA-376, part 1: 18.5.1.2 `table`, 18.5.1.5 `tableStyleInfo`, 18.3.1.2 `autoFilter`.

use crate::xlsx::package::{Broken, Package, attribute};
use crate::xlsx::places::{Range, range_of, rows_of};

/// A table of the sheet.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) range: Option<Range>,
    pub(crate) style: String,
    /// The rows that its filter covers.
    filtered: Option<(u32, u32)>,
    /// Whether its filter is at work.
    filters: bool,
}

impl Table {
    /// The rows in which it filters.
    pub(crate) fn filter(&self) -> Option<(u32, u32)> {
        self.filtered.filter(|_| self.filters)
    }
}

/// The tables of a sheet.
pub(crate) fn tables(package: &mut Package, path: &str) -> Result<Vec<Table>, Broken> {
    let mut tables = Vec::new();
    for relation in package.relations(path)? {
        if relation.kind != "table" {
            continue;
        }
        let mut table = Table::default();
        package.each_element(&relation.target, |element| {
            let rows = || attribute(element, "ref").and_then(|text| rows_of(&text));
            match element.local_name().as_ref() {
                "table" => table.range = attribute(element, "ref").and_then(|text| range_of(&text)),
                "autoFilter" => table.filtered = rows(),
                "filterColumn" => table.filters = true,
                "tableStyleInfo" => table.style = attribute(element, "name").unwrap_or_default(),
                _ => {}
            }
            Ok(true)
        })?;
        tables.push(table);
    }
    Ok(tables)
}
