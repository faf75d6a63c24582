//! Marks that no reader sees, as a spreadsheet holds them in the cells of a job: they are taken out, and
//! that is reported once.

use std::collections::BTreeSet;

use crate::rows::Columns;
use headcount_model::spelling::unseen_in;
use headcount_sheet::{Raw, cell_text};

/// Unseen marks in the cells that a job reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnseenMarks {
    /// Cells that hold one.
    pub cells: u64,
    /// Where the first is: the line and the column's heading.
    pub first: Option<(u64, String)>,
    /// Which.
    pub marks: BTreeSet<char>,
}

impl UnseenMarks {
    /// Notes those of a row.
    pub(super) fn note(&mut self, raw: &Raw, columns: &Columns) {
        for (at, cell) in raw.cells.iter().enumerate() {
            if cell.is_ascii() || !columns.uses(at) {
                continue;
            }
            let marks = unseen_in(cell_text(cell));
            if !marks.is_empty() {
                self.cells += 1;
                self.first.get_or_insert_with(|| (raw.line, columns.heading(at)));
                self.marks.extend(marks);
            }
        }
    }

    /// Their codes: `U+200B, U+FEFF`.
    pub fn codes(&self) -> String {
        let codes = self.marks.iter().map(|mark| format!("U+{:04X}", u32::from(*mark)));
        codes.collect::<Vec<_>>().join(", ")
    }
}
