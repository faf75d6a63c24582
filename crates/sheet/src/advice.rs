//! What a message advises, as options that were tried: with them the job finds its columns.

use std::fmt;

use crate::options::{HiddenRowsChoice, Options};
use crate::quoting::shell;

/// Options that are added to those of the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The workbook's sheet.
    pub sheet: Option<String>,
    /// The line of the headings.
    pub heading: Option<u64>,
    /// The first line is a row.
    pub no_headings: bool,
    /// What to do with hidden rows.
    pub hidden_rows: Option<HiddenRowsChoice>,
    /// Fields and headings.
    pub map: Vec<(String, String)>,
}

impl Change {
    /// Only fields and headings.
    pub fn of_map(map: Vec<(String, String)>) -> Self {
        Self { map, ..Self::default() }
    }

    /// The options of a command with these added.
    pub fn added_to(&self, options: &Options) -> Options {
        let mut changed = options.clone();
        changed.sheet = self.sheet.clone().or(changed.sheet);
        changed.heading = self.heading.or(changed.heading);
        changed.no_headings |= self.no_headings;
        changed.hidden_rows = self.hidden_rows.unwrap_or(changed.hidden_rows);
        changed.map.extend(self.map.iter().cloned());
        changed
    }

    /// This and what another adds.
    pub fn and(mut self, other: &Self) -> Self {
        self.sheet = other.sheet.clone().or(self.sheet);
        self.heading = other.heading.or(self.heading);
        self.no_headings |= other.no_headings;
        self.hidden_rows = other.hidden_rows.or(self.hidden_rows);
        self.map.extend(other.map.iter().cloned());
        self
    }
}

/// As the options are typed.
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

/// What a message advises: its words, and the options in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// The words.
    pub words: String,
    /// The alternatives among them, each tried.
    pub options: Vec<Change>,
}

impl Advice {
    /// Words without options.
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), options: Vec::new() }
    }

    /// Adds words.
    pub fn say(&mut self, words: &str) {
        self.words.push_str(words);
    }

    /// Adds alternatives, as they are typed; one or the other.
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
