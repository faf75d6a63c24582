//! The options for reading a file.

use std::collections::BTreeMap;

/// The options for reading a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The name of the workbook's sheet to read. Required if more than one sheet is filled.
    pub sheet: Option<String>,
    /// The `--map field=Heading` options in the order given, each as field and heading.
    pub map: Vec<(String, String)>,
    /// `--set field=value`: columns that the file does not have, with one value for all rows. They come
    /// after the file's own columns.
    pub set: Vec<(String, String)>,
    /// Whether the first line is a row. The columns are then called `Column A`, `Column B`, ….
    pub no_headings: bool,
    /// The line of the headings, from 1. Default: the first line that is not empty.
    pub heading: Option<u64>,
    /// What to do with rows that are hidden in the spreadsheet program.
    pub hidden_rows: HiddenRowsChoice,
    /// Words, by language, for the job's action. A column with such a word may say which rows the job applies to.
    pub asked: &'static [&'static str],
}

/// What to do with hidden rows that are not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HiddenRowsChoice {
    /// Refuse the file and list the rows.
    #[default]
    Stop,
    /// Read them like the other rows.
    Include,
    /// Leave them out.
    Skip,
}

/// Cells that a user corrected, by the row's number and the column from 0. The file itself is not changed.
pub type Corrections = BTreeMap<(u64, usize), String>;
