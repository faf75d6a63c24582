//! How one XLSX sheet looks to a person: hidden rows and columns, merged cells, formulas whose result is not in
//! the file. calamine reads the cells and returns none of this.
//!
//! The sheet's XML is read once for this before the cells are read, because merged cells come after the cells in
//! the file. Rows without anything to note are passed without parsing their XML (`plain`). Hidden rows are kept as
//! runs, so that the memory stays small.
//!
//! Source: ECMA-376, part 1: 18.3.1.73 `row`, 18.3.1.13 `col`, 18.3.1.55 `mergeCell`, 18.3.1.2 `autoFilter`,
//! 18.3.1.40 `f`, 18.3.1.96 `v`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::heading::names::cell_name;
use crate::hidden::HiddenRows;
use crate::xlsx::color::Rgb;
use crate::xlsx::comments::Comments;
use crate::xlsx::fills::TableFill;
use crate::xlsx::places::Range;
use crate::xlsx::rich::Runs;

/// A merged range. Rows and columns count from 0; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

impl Merge {
    /// The range's name as a spreadsheet program writes it: `B2:C4`.
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", cell_name(self.top, self.left), cell_name(self.bottom, self.right))
    }
}

/// How a sheet looks to a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Hidden rows that are not empty, in order.
    pub(crate) hidden_rows: Vec<HiddenRows>,
    /// Hidden columns from 0; both ends are included.
    pub(crate) hidden_columns: Vec<(u32, u32)>,
    /// Merged ranges, from the top down.
    pub(crate) merges: Vec<Merge>,
    /// Cells with a formula whose result is not in the file, by row and column from 0.
    pub(crate) no_result: Vec<(u32, u32)>,
    /// The formats of texts whose parts have formats of their own, by cell.
    pub(crate) runs: HashMap<(u32, u32), Arc<Runs>>,
    /// Ranges in which a conditional format can hide a cell's text.
    pub(crate) conditions: Vec<Range>,
    /// The colors of each style's gradient.
    pub(crate) gradients: Vec<Vec<Rgb>>,
    /// The comments on cells.
    pub(crate) comments: Comments,
    /// The fills behind tables.
    pub(crate) table_fills: Vec<TableFill>,
}

impl Layout {
    /// Whether a column, from 0, is hidden.
    pub(crate) fn hides(&self, column: usize) -> bool {
        self.hidden_columns
            .iter()
            .any(|(from, to)| (*from as usize..=*to as usize).contains(&column))
    }
}
