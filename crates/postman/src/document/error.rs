//! Why a file can't be used, and the position.

use std::fmt;

/// A position in a file, from 1; columns count characters.
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
    /// It is larger than the limit.
    #[error("the file is larger than {} MB", limit / 1024 / 1024)]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It is nested more deeply than the limit.
    #[error("values are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// It is neither UTF-8 nor UTF-16.
    #[error("the file is not UTF-8 text")]
    NotText,
    /// It is not JSON; with the parser's message.
    #[error("the file is not valid JSON: {0}")]
    NotJson(String),
    /// A value of another kind is required.
    #[error("{what} must be {wanted}, but it is {found}")]
    WrongKind {
        /// The name of the value.
        what: String,
        /// The required kind.
        wanted: &'static str,
        /// The actual kind.
        found: &'static str,
    },
    /// A value is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// A collection of format 1, which Postman no longer exports.
    #[error("this is a collection of format 1; export it from Postman as Collection v2.1")]
    FormatOne,
    /// Another file that Postman exports.
    #[error("this file is {0}, not {1}")]
    AnotherFile(&'static str, &'static str),
    /// Something that headcount does not support, by its name.
    #[error("{what} is not supported; {remedy}")]
    Unsupported {
        /// The name, with its value in the file.
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
    /// The position in the file.
    pub place: Option<Place>,
    /// The folders and the request that contain it, by name.
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
    /// The same error, inside this folder or request.
    #[must_use]
    pub fn inside(mut self, name: &str) -> Self {
        self.item.insert(0, name.to_owned());
        self
    }
}
