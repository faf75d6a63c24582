//! How a sheet is to be read.

use std::collections::BTreeMap;

/// How a sheet is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The workbook's sheet to read; needed if more than one is filled.
    pub sheet: Option<String>,
    /// `--map field=Heading`, in the order given: the field's name and the heading.
    pub map: Vec<(String, String)>,
    /// The first line is a row like the others; the columns are called `Column A`, `Column B`, ….
    pub no_headings: bool,
    /// The line of the headings, from 1; without it the first line that holds something.
    pub heading: Option<u64>,
    /// What to do with rows that a person does not see in the spreadsheet program.
    pub hidden_rows: HiddenRowsChoice,
    /// Words, by language, for what is done with the rows: a column that asks for it may be offered.
    pub asked: &'static [&'static str],
}

/// What to do with hidden rows that hold something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HiddenRowsChoice {
    /// Refuse the sheet, and name them.
    #[default]
    Stop,
    /// Read them like the others.
    Include,
    /// Leave them out.
    Skip,
}

/// Cells that a user corrected: by the row's number and the column from 0. The file stays as it is.
pub type Corrections = BTreeMap<(u64, usize), String>;
