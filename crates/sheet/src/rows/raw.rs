//! A row as it is in the file, and what can be wrong with it.

use crate::quoting::shown;

/// One row as it is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The row's number from 1: headings, empty rows and rows that are left out are not counted.
    pub number: u64,
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// The cells as they are written, as many as there are headings: short rows are filled up with
    /// empty ones, surplus is cut off (and reported in `problem` if it holds something).
    pub cells: Vec<String>,
    /// Why the row cannot be used, if that is plain without knowing the columns.
    pub problem: Option<Problem>,
}

/// What is wrong with a row or a cell, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    /// The column's heading, or its letter where it has none; `None`: the whole row.
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
