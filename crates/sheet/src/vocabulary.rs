//! What the reader has to know about the meaning of columns. The caller, which knows the jobs, passes it in.

use crate::heading::line::HeadingLine;

/// The headings and cells that have a meaning for the caller.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// Whether the caller reads a column with this heading. Used to find the separator.
    pub is_heading: fn(&str) -> bool,
    /// How to recognize the name of a row's subject.
    pub identifier: Identifier,
}

/// Finds columns, from 0, by the headings and the `--map` options (pairs of field and heading).
pub type FindColumns = fn(&HeadingLine, &[(String, String)]) -> Vec<usize>;

/// Recognizes cells that name a row's subject, such as an email address. A line with such a cell is a row of its
/// own, not a part of a password.
#[derive(Clone, Copy, Debug)]
pub struct Identifier {
    /// The name of such a cell: `email address`.
    pub name: &'static str,
    /// An example of such a cell.
    pub example: &'static str,
    /// Whether a cell is a valid one.
    pub is_one: fn(&str) -> bool,
    /// Whether a cell is meant as one, valid or not.
    pub is_meant: fn(&str) -> bool,
    /// Finds the columns with such cells.
    pub columns: FindColumns,
}

impl Vocabulary {
    /// For a file about which the caller knows nothing.
    pub const NONE: Self = Self {
        is_heading: |_| false,
        identifier: Identifier {
            name: "identifier",
            example: "",
            is_one: |_| false,
            is_meant: |_| true,
            columns: |_, _| Vec::new(),
        },
    };
}
