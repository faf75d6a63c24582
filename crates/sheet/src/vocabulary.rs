//! What the reader of a sheet has to know of what its columns are about, handed in by the one that reads
//! the columns.

/// Which headings and cells mean something.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// Whether a heading is one that somebody reads: it tells separators apart.
    pub is_heading: fn(&str) -> bool,
    /// What names the thing that a row is about.
    pub identifier: Identifier,
}

/// Finds columns, from 0, by the headings and the `--map` options (field and heading).
pub type FindColumns = fn(&[String], &[(String, String)]) -> Vec<usize>;

/// Cells that name what a row is about, such as an email address: a line that has one is a row of its
/// own, and no part of a password.
#[derive(Clone, Copy, Debug)]
pub struct Identifier {
    /// What it is called: `email address`.
    pub name: &'static str,
    /// One of them.
    pub example: &'static str,
    /// Whether a cell is one.
    pub is_one: fn(&str) -> bool,
    /// Whether a cell is meant as one, good or bad.
    pub is_meant: fn(&str) -> bool,
    /// The columns that hold them.
    pub columns: FindColumns,
}

impl Vocabulary {
    /// Of a file of which nothing is known but that it has headings.
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
