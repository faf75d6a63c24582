//! How a file was understood, for the plan: what was read as what, and what was left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// Merged cells that gave rows their value; the first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<MergedCells>,
    /// Rows that were not read as rows, or are not seen in the spreadsheet program.
    pub left_out: Vec<LeftOut>,
}

/// Merged cells, each row of which has the value of the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCells {
    /// The cells: `B2:B4`.
    pub range: String,
    /// The heading of their column.
    pub column: String,
    /// The value; masked where it may be a password.
    pub value: String,
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
    /// The name under which a run's options keep it.
    pub const OPTION: &'static str = "read";
}
