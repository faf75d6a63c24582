//! A row as it is in the file, and the problem it may have.

use crate::options::Corrections;
use crate::quoting::shown;
use crate::token::mask;

/// One row as it is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The row's number from 1. Headings, empty rows and rows that are left out are not counted.
    pub number: u64,
    /// The line in the file, or the row in the workbook's sheet, from 1.
    pub line: u64,
    /// The cells as they are in the file, one for each heading. Missing cells are empty; surplus cells are cut
    /// off, and `problem` reports them unless they are empty.
    pub cells: Vec<String>,
    /// Why the row cannot be used, if that is clear without knowing the columns.
    pub problem: Option<Problem>,
    /// Cells whose text a person does not see. They are a problem only if their columns are used.
    pub faint: Option<Faint>,
    /// The comments on its cells: each with the column, from 0.
    pub comments: Vec<(usize, String)>,
}

/// What the reader noticed about a row: a problem, cells that a person does not see, comments.
pub(crate) type Noticed = (Option<Problem>, Option<Faint>, Vec<(usize, String)>);

/// Cells of a row whose text a person does not see: it has the color of its background, is tiny, or is hidden by its
/// number format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faint {
    /// Their columns, from 0.
    pub columns: Vec<usize>,
    /// The problem of the row without them.
    pub otherwise: Option<Problem>,
}

/// What is wrong with a row or a cell, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, or the row in the workbook's sheet, from 1.
    pub line: u64,
    /// The column's heading; its letters if it has none. `None` means the whole row.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub todo: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {}", shown(column))?;
        }
        write!(f, ": {}; {}", self.what, self.todo)
    }
}

impl Raw {
    /// The row with the cells that a user corrected.
    pub(crate) fn corrected(mut self, corrected: &Corrections) -> Self {
        if self.problem.is_none() {
            for ((_, at), text) in corrected.range((self.number, 0)..=(self.number, usize::MAX)) {
                if let Some(cell) = self.cells.get_mut(*at) {
                    cell.clone_from(text);
                    mask(cell);
                }
            }
        }
        self
    }
}
