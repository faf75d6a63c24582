//! The advice in a message: words, and command options. Each set of options was tried: with it, the job finds its
//! columns.

use std::fmt;

use crate::options::{HiddenRowsChoice, Options};
use crate::quoting::shell;

/// Options to add to those of the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The name of the workbook's sheet to read.
    pub sheet: Option<String>,
    /// The line with the headings, from 1.
    pub heading: Option<u64>,
    /// Whether the first line is a row, not a heading line.
    pub no_headings: bool,
    /// Whether to read or skip hidden rows.
    pub hidden_rows: Option<HiddenRowsChoice>,
    /// Pairs of a field and a heading, as `--map` takes them.
    pub map: Vec<(String, String)>,
}

impl Change {
    /// A change that only maps fields to headings.
    pub fn of_map(map: Vec<(String, String)>) -> Self {
        Self { map, ..Self::default() }
    }

    /// The given options together with this change.
    pub fn added_to(&self, options: &Options) -> Options {
        let mut changed = options.clone();
        changed.sheet = self.sheet.clone().or(changed.sheet);
        changed.heading = self.heading.or(changed.heading);
        changed.no_headings |= self.no_headings;
        changed.hidden_rows = self.hidden_rows.unwrap_or(changed.hidden_rows);
        changed.map.extend(self.map.iter().cloned());
        changed
    }

    /// This change together with another one.
    pub fn and(mut self, other: &Self) -> Self {
        self.sheet = other.sheet.clone().or(self.sheet);
        self.heading = other.heading.or(self.heading);
        self.no_headings |= other.no_headings;
        self.hidden_rows = other.hidden_rows.or(self.hidden_rows);
        self.map.extend(other.map.iter().cloned());
        self
    }
}

/// Writes the options as you type them on the command line.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sheet = self.sheet.iter().map(|sheet| format!("--sheet {}", shell(sheet)));
        let heading = self.heading.iter().map(|line| format!("--heading {line}"));
        let none = self.no_headings.then(|| "--no-headings".to_owned());
        let hidden = self.hidden_rows.map(|choice| {
            format!(
                "--hidden-rows {}",
                match choice {
                    HiddenRowsChoice::Stop => "stop",
                    HiddenRowsChoice::Include => "include",
                    HiddenRowsChoice::Skip => "skip",
                }
            )
        });
        let map = self.map.iter();
        let map = map.map(|(field, heading)| format!("--map {field}={}", shell(heading)));
        let all = sheet.chain(heading).chain(none).chain(hidden).chain(map);
        f.write_str(&all.collect::<Vec<_>>().join(" "))
    }
}

/// The advice in a message: a text with options of the command in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// The text.
    pub words: String,
    /// The options in the text, as alternatives. Each was tried.
    pub options: Vec<Change>,
}

impl Advice {
    /// Advice without options.
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), options: Vec::new() }
    }

    /// Appends words to the text.
    pub fn say(&mut self, words: &str) {
        self.words.push_str(words);
    }

    /// Appends options to the text, as you type them. More than one means: use one of them.
    pub fn offer(&mut self, options: Vec<Change>) {
        let typed: Vec<String> = options.iter().map(ToString::to_string).collect();
        self.words.push_str(&typed.join(", or "));
        self.options.extend(options);
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
