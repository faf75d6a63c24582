//! Why a file can't be used, and where.

use std::fmt;

/// A place in a file, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It holds more than the bound.
    #[error("the file is larger than {} MB", limit / 1024 / 1024)]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// It is nested more deeply than the bound.
    #[error("values are nested more than {limit} deep")]
    TooDeep {
        /// The bound.
        limit: usize,
    },
    /// It is no UTF-8.
    #[error("the file is not UTF-8 text")]
    NotText,
    /// It is no JSON; the parser's words.
    #[error("the file is not valid JSON: {0}")]
    NotJson(String),
    /// A value of another kind is needed here.
    #[error("{what} must be {wanted}, but it is {found}")]
    WrongKind {
        /// The name of the value.
        what: String,
        /// The kind that is needed.
        wanted: &'static str,
        /// The kind that is there.
        found: &'static str,
    },
    /// A value is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// A collection of format 1, which Postman no longer exports.
    #[error("this is a collection of format 1; export it from Postman as Collection v2.1")]
    FormatOne,
    /// It is something else that Postman exports.
    #[error("this file is {0}, not {1}")]
    AnotherFile(&'static str, &'static str),
    /// Something that headcount does not do, by its name.
    #[error("{what} is not supported; {remedy}")]
    Unsupported {
        /// The name, with the value as it is in the file.
        what: String,
        /// What to do.
        remedy: &'static str,
    },
}

/// A file that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file's name.
    pub file: String,
    /// Where in the file.
    pub place: Option<Place>,
    /// The folders and the request, by name, in which it is.
    pub item: Vec<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(place) = self.place {
            write!(f, ", {place}")?;
        }
        if !self.item.is_empty() {
            write!(f, ", in \"{}\"", self.item.join(" / "))?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for LoadError {}

impl LoadError {
    /// The same, in this folder or request.
    #[must_use]
    pub fn inside(mut self, name: &str) -> Self {
        self.item.insert(0, name.to_owned());
        self
    }
}
