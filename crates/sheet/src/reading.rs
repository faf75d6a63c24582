//! How a file was understood, for the plan: what was read as what, and what was left out.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::error::shown;

/// Lines and rows that are named one by one.
const NAMED: usize = 8;

/// How a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// `csv` or `xlsx`.
    pub format: String,
    /// The workbook's sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// That sheet is hidden, and was asked for by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden_sheet: bool,
    /// Between the cells of a text file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    /// The encoding of a text file, by its name in the Encoding standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// A text file begins with a byte order mark.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mark: bool,
    /// The line of the headings, from 1; none without headings.
    pub heading_line: Option<u64>,
    /// Fields as `--map` names them, and the headings of their columns.
    pub columns: BTreeMap<String, String>,
    /// Headings of columns that are only carried into the report.
    pub carried: Vec<String>,
    /// Headings of columns that hold passwords or keys, whose cells are never kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanked: Vec<String>,
    /// Rows that were not read as rows, or are not seen in the spreadsheet program.
    pub left_out: Vec<LeftOut>,
}

/// Rows that are left out, or used though they are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// How many.
    pub rows: u64,
    /// The first of their lines: `3-4, 9`.
    pub lines: String,
    /// Why.
    pub why: Why,
}

/// Why rows are not read as other rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// No cell holds anything.
    Empty,
    /// They are above the headings.
    AboveHeadings,
    /// They are hidden, and are left out.
    Hidden,
    /// They are hidden, and are used.
    HiddenUsed,
}

impl Reading {
    /// How the file is written: `CSV with ;, UTF-8` or `XLSX, sheet People`; with the headings' line.
    pub fn source(&self) -> String {
        let mut text = match (&self.sheet, self.separator) {
            (Some(sheet), _) => {
                let hidden = if self.hidden_sheet { "hidden sheet" } else { "sheet" };
                format!("XLSX, {hidden} {}", shown(sheet))
            }
            (None, Some('\t')) => "CSV with tabs".to_owned(),
            (None, Some(separator)) => format!("CSV with `{separator}`"),
            (None, None) => "CSV".to_owned(),
        };
        if let Some(encoding) = &self.encoding {
            let _ = write!(text, ", {encoding}");
        }
        match self.heading_line {
            Some(line) => {
                let _ = write!(text, ", headings on line {line}");
            }
            None => text.push_str(", no headings"),
        }
        text
    }

    /// Which column is what: `email: E-Mail; group: Team`.
    pub fn columns_in_words(&self) -> String {
        let pairs =
            self.columns.iter().map(|(field, heading)| format!("{field}: {}", shown(heading)));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// The columns that are only carried along; empty if there is none.
    pub fn carried_in_words(&self) -> String {
        super::error::list(&self.carried)
    }

    /// What was left out or is hidden, a sentence each.
    pub fn left_out_in_words(&self) -> Vec<String> {
        self.left_out.iter().map(LeftOut::to_string).collect()
    }
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (rows, lines) = (self.rows, &self.lines);
        let many = |one: &str, several: &str| -> String {
            if rows == 1 { format!("1 {one}") } else { format!("{rows} {several}") }
        };
        match self.why {
            Why::Empty => write!(f, "{} (line {lines})", many("empty row", "empty rows")),
            Why::AboveHeadings => {
                write!(f, "{} above the headings (line {lines})", many("line", "lines"))
            }
            Why::Hidden => write!(f, "{} (row {lines})", many("hidden row", "hidden rows")),
            Why::HiddenUsed => {
                write!(f, "used, though hidden: {} (row {lines})", many("row", "rows"))
            }
        }
    }
}

/// Lines that are counted, and the first of them kept as ranges.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    rows: u64,
    ranges: Vec<(u64, u64)>,
    has_more: bool,
}

impl Lines {
    pub(super) fn add(&mut self, first: u64, last: u64) {
        if last < first {
            return;
        }
        self.rows += last - first + 1;
        let follows = |(_, end): &&mut (u64, u64)| *end + 1 == first;
        if let Some((_, end)) = self.ranges.last_mut().filter(follows).filter(|_| !self.has_more) {
            *end = last;
        } else if self.ranges.len() < NAMED {
            self.ranges.push((first, last));
        } else {
            self.has_more = true;
        }
    }

    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    pub(super) fn extend(&mut self, other: Self) {
        let rows = self.rows + other.rows;
        other.ranges.iter().for_each(|(first, last)| self.add(*first, *last));
        self.has_more |= other.has_more;
        self.rows = rows;
    }

    pub(super) fn left_out(&self, why: Why) -> Option<LeftOut> {
        let range = |(first, last): &(u64, u64)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        let mut lines = self.ranges.iter().map(range).collect::<Vec<_>>().join(", ");
        if self.has_more {
            lines.push_str(", …");
        }
        (self.rows > 0).then_some(LeftOut { rows: self.rows, lines, why })
    }
}
