//! Records: lines of cells before it is known which column is what.

/// One line of cells, from a text or a workbook.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) last_line: u64,
    pub(super) cells: Vec<String>,
    /// A quote that closes where no separator follows.
    pub(super) stray: Option<Stray>,
    /// How many quotes it has.
    pub(super) quotes: usize,
    /// The record as it is in the file, where its quotes have to be looked at.
    pub(super) text: Option<String>,
    /// What a workbook has that no cell can show.
    pub(super) odd: Vec<Odd>,
}

/// What a workbook has that no cell can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// A formula whose result is not in the file; the column from 0.
    NoResult { column: usize },
    /// A merged range over several columns, from 0, both ends within.
    Merged { range: String, from: usize, to: usize },
}

/// A quote that closes where no separator or line end follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    /// The cell it opens in, from 0.
    pub(super) column: usize,
    /// The line it opens on.
    pub(super) opened: u64,
    /// The line it closes on.
    pub(super) closed: u64,
}
