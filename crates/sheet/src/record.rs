//! Records: lines of cells, before the columns are known.

use crate::token::mask;

/// The cells of one line of a text, or of one row of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) last_line: u64,
    pub(crate) cells: Vec<String>,
    /// A quote that closes and is not followed by a separator.
    pub(crate) stray: Option<Stray>,
    /// The number of quotes in the record.
    pub(crate) quotes: usize,
    /// The record's text as it is in the file, kept only if its quotes have to be checked.
    pub(crate) text: Option<String>,
    /// What a workbook has that the text of a cell does not show.
    pub(crate) odd: Vec<Odd>,
    /// The comments on its cells: each with the column, from 0.
    pub(crate) comments: Vec<(usize, String)>,
    /// The merged ranges that gave the row a value: each with the column, from 0.
    pub(crate) given: Vec<(String, usize)>,
}

impl Record {
    /// The record with its API tokens and the passwords in its texts masked.
    pub(crate) fn masked(mut self) -> Self {
        let comments = self.comments.iter_mut().map(|(_, text)| text);
        self.cells.iter_mut().chain(&mut self.text).chain(comments).for_each(mask);
        self
    }
}

/// What a workbook has that the text of a cell does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// A formula whose result is not in the file. `column` counts from 0.
    NoResult { column: usize },
    /// A cell that its format hides or strikes through. `column` counts from 0.
    Unseen { column: usize, why: Unseen },
    /// A merged range over several columns, from 0; `from` and `to` are both included.
    Merged { range: String, from: usize, to: usize },
    /// A cell inside a merged range with a value of its own, which the spreadsheet program does not show. `column`
    /// counts from 0.
    Covered { cell: String, range: String, column: usize },
}

/// Why a person who looks at the spreadsheet does not see a cell's text, or does not take it as valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// The number format shows nothing (`;;;`).
    Format,
    /// The number format shows another text than the cell holds (`"x"@`).
    OtherText,
    /// The text, or a part of it, has the color of the cell.
    Color,
    /// The text, or a part of it, is too small to be read.
    Size,
    /// The text, or a part of it, is struck through.
    Struck,
    /// A conditional format that can do one of these. The file does not say whether its condition is true.
    Condition,
}

/// A quote that closes and is not followed by a separator or a line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stray {
    /// The column of the cell in which it opens, from 0.
    pub(crate) column: usize,
    /// The line on which it opens.
    pub(crate) opened: u64,
    /// The line on which it closes.
    pub(crate) closed: u64,
}
