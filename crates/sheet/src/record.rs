//! Records: lines of cells before it is known which column is what.

/// One line of cells, from a text or a workbook.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) last_line: u64,
    pub(crate) cells: Vec<String>,
    /// A quote that closes where no separator follows.
    pub(crate) stray: Option<Stray>,
    /// How many quotes it has.
    pub(crate) quotes: usize,
    /// The record as it is in the file, where its quotes have to be looked at.
    pub(crate) text: Option<String>,
    /// What a workbook has that no cell can show.
    pub(crate) odd: Vec<Odd>,
    /// Merged ranges that gave the row a value: the range, and the column from 0.
    pub(crate) given: Vec<(String, usize)>,
}

/// What a workbook has that no cell can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// A formula whose result is not in the file; the column from 0.
    NoResult { column: usize },
    /// A cell that its format does not show, or strikes through; the column from 0.
    Unseen { column: usize, why: Unseen },
    /// A merged range over several columns, from 0, both ends within.
    Merged { range: String, from: usize, to: usize },
    /// A cell within a merged range that holds a value of its own, which no person sees; the column from 0.
    Covered { cell: String, range: String, column: usize },
}

/// Why a person does not take a cell's text as said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// The number format shows nothing (`;;;`).
    Format,
    /// The text, or a part of it, has the color of the cell.
    Color,
    /// The text, or a part of it, is too small to be read.
    Size,
    /// A line goes through the text, or through a part of it.
    Struck,
    /// A conditional format can do one of these; whether its condition is true is not in the file.
    Condition,
}

/// A quote that closes where no separator or line end follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stray {
    /// The cell it opens in, from 0.
    pub(crate) column: usize,
    /// The line it opens on.
    pub(crate) opened: u64,
    /// The line it closes on.
    pub(crate) closed: u64,
}
