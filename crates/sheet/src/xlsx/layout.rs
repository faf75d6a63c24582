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
use crate::xlsx::places::Range;
use crate::xlsx::rich::Runs;

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
