//! The headings of a table, each with its words. A job compares every heading with all of its fields, several times;
//! so the words are computed once per heading, and a column is found by its name without a search.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::heading::secret::is_secret_by;
use crate::heading::words::{is_of_another_program, known_by, normalized, words};

/// A heading and what follows from its text alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    text: String,
    normalized: String,
    known_by: Vec<String>,
    words: Vec<String>,
    is_secret: bool,
    is_of_another_program: bool,
}

impl Heading {
    /// Computes the words of a heading.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        Self {
            text: text.to_owned(),
            normalized: normalized(text),
            known_by: known_by(text).collect(),
            is_secret: is_secret_by(text, &words),
            is_of_another_program: is_of_another_program(text),
            words,
        }
    }

    /// As it is in the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// See [`normalized`].
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// See [`known_by`].
    pub fn known_by(&self) -> &[String] {
        &self.known_by
    }

    /// See [`words`].
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether it means a password, a key or a token: see [`crate::heading::secret`].
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// See [`is_of_another_program`].
    pub fn is_of_another_program(&self) -> bool {
        self.is_of_another_program
    }
}

impl Deref for Heading {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Heading {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// All headings of a table. A clone shares them.
#[derive(Clone)]
pub struct HeadingLine(Arc<Line>);

struct Line {
    headings: Vec<Heading>,
    /// The columns by their exact headings, without space around them.
    by_text: HashMap<String, Vec<usize>>,
    /// The columns by their normalized headings.
    by_words: HashMap<String, Vec<usize>>,
}

impl HeadingLine {
    /// Computes the words of each heading.
    pub fn of<T: Borrow<str>>(texts: &[T]) -> Self {
        let headings: Vec<Heading> = texts.iter().map(|text| Heading::of(text.borrow())).collect();
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_words: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, heading) in headings.iter().enumerate() {
            by_text.entry(heading.text.trim().to_owned()).or_default().push(at);
            by_words.entry(heading.normalized.clone()).or_default().push(at);
        }
        Self(Arc::new(Line { headings, by_text, by_words }))
    }

    /// The columns with exactly this heading, then those whose heading is equal after normalization.
    pub(super) fn places(&self, wanted: &str) -> &[usize] {
        let by_words = || {
            let wanted = normalized(wanted);
            if wanted.is_empty() { None } else { self.0.by_words.get(&wanted) }
        };
        let places = self.0.by_text.get(wanted.trim()).or_else(by_words);
        places.map_or(&[], Vec::as_slice)
    }
}

impl Deref for HeadingLine {
    type Target = [Heading];

    fn deref(&self) -> &[Heading] {
        &self.0.headings
    }
}

impl fmt::Debug for HeadingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Heading::text)).finish()
    }
}
