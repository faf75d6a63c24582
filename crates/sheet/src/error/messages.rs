//! The errors that make a whole file unusable, each with its message.

use std::error::Error;
use std::io;

use crate::advice::Advice;
use crate::hidden::HiddenRows;
use crate::quoting::{excerpt, list, shown};

/// An error that makes a whole file unusable: what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file does not exist.
    #[error("{name}: there is no such file; check the name and the folder")]
    Missing {
        /// What messages call the sheet.
        name: String,
    },
    /// The path is a folder.
    #[error("{name} is a folder; name the CSV or XLSX file in it")]
    Folder {
        /// What messages call the sheet.
        name: String,
    },
    /// The file exists and cannot be opened.
    #[error(
        "{name} cannot be opened; check that you may read it and that no other program locks it"
    )]
    Open {
        /// What messages call the sheet.
        name: String,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// Reading stopped in the middle.
    #[error(
        "{name}, line {line}: reading stopped here; check the disk or the connection and try again"
    )]
    Read {
        /// What messages call the sheet.
        name: String,
        /// The line that was being read, from 1.
        line: u64,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file has no bytes, or only white space.
    #[error("{name} is empty; its first line must hold the headings{}", such_as(headings))]
    Empty {
        /// What messages call the sheet.
        name: String,
        /// An example of a heading line, if the job's columns are known.
        headings: &'static str,
    },
    /// The file is not a spreadsheet.
    #[error("{name} is {what}, not a CSV or XLSX file; {todo}")]
    NotASheet {
        /// What messages call the sheet.
        name: String,
        /// What it is, with its article.
        what: String,
        /// What to do.
        todo: String,
    },
    /// The file looks like XLSX and cannot be read as XLSX.
    #[error(
        "{name} cannot be read as an XLSX workbook; open it in a spreadsheet program and save it \
         again as .xlsx or as CSV UTF-8"
    )]
    Workbook {
        /// What messages call the sheet.
        name: String,
        /// The error of the XLSX reader.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A workbook from a stream that is too large to be held in memory.
    #[error("{name} is a workbook of more than {limit} bytes; save it to a file and name that")]
    TooLarge {
        /// What messages call the sheet.
        name: String,
        /// The largest workbook that is read from a stream, in bytes.
        limit: u64,
    },
    /// A workbook with more than one filled sheet, and no option that selects one.
    #[error("{name} has {} sheets: {}; choose one with --sheet{advice}", sheets.len(), list(sheets))]
    SeveralSheets {
        /// What messages call the sheet.
        name: String,
        /// The filled sheets, in the workbook's order.
        sheets: Vec<String>,
        /// The hidden sheets that are filled.
        hidden: Vec<String>,
        /// The options that select the sheets which the job can read.
        advice: Advice,
    },
    /// A workbook of which each sheet is read has hidden ones.
    #[error("{name} has the hidden {} {}, which may be a part of the list; show or delete {}, or choose one sheet with --sheet",
        if sheets.len() == 1 { "sheet" } else { "sheets" }, list(sheets), if sheets.len() == 1 { "it" } else { "them" })]
    HiddenSheets {
        /// What messages call the file.
        name: String,
        /// The hidden sheets that are filled.
        sheets: Vec<String>,
    },
    /// Only hidden sheets of the workbook are filled, and no option selects one.
    #[error("{name} is empty, except for the hidden {} {}{advice}",
        if sheets.len() == 1 { "sheet" } else { "sheets" }, list(sheets))]
    OnlyHiddenSheets {
        /// What messages call the sheet.
        name: String,
        /// The hidden sheets that are filled.
        sheets: Vec<String>,
        /// The options that read one of them.
        advice: Advice,
    },
    /// The file has hidden rows, and no option says whether to read them.
    #[error("{name}: {}. Show these rows, or delete them{advice}", hidden(rows))]
    HiddenRows {
        /// What messages call the sheet.
        name: String,
        /// The hidden rows that are not empty.
        rows: Vec<HiddenRows>,
        /// The options that decide.
        advice: Advice,
    },
    /// A column that the job would use is hidden.
    #[error(
        "{name}: the column {} ({letters}) is hidden, but this job would use it. Show the column, or \
         delete it{advice}",
        shown(heading)
    )]
    HiddenColumn {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The column's heading.
        heading: String,
        /// The column's letters.
        letters: String,
        /// The option that names the column.
        advice: Advice,
    },
    /// The line that was taken for the headings has no heading, and another line seems to have them.
    #[error("{name}: no column has {need}, but line {below} has {}. {advice}", shown(heading))]
    HeadingBelow {
        /// What messages call the sheet, with the line that was taken for the headings.
        name: String,
        /// What is missing, in words.
        need: String,
        /// The line that seems to hold the headings, from 1.
        below: u64,
        /// A heading in that line.
        heading: String,
        /// The options that choose that line.
        advice: Advice,
    },
    /// The first line is a row: the file has no headings.
    #[error(
        "{name}: no column has {need}. The first line looks like a row. If the file has no headings: {advice}"
    )]
    NoHeadings {
        /// What messages call the sheet, with the line that was taken for the headings.
        name: String,
        /// What is missing, in words.
        need: String,
        /// The options that say that there are no headings.
        advice: Advice,
    },
    /// A list of one column. Its first line may be a row or a heading.
    #[error(
        "{name}: no column has {need}. If {} is a row, too, and there are no headings, say so: {advice}; \
         otherwise write a heading above the list",
        shown(first)
    )]
    BareList {
        /// What messages call the sheet, with the line that was taken for the headings.
        name: String,
        /// What is missing, in words.
        need: String,
        /// The first line.
        first: String,
        /// The options that say that there are no headings.
        advice: Advice,
    },
    /// The line that was taken for the headings is a title that is spelled like a heading.
    #[error(
        "{name}: {} seems to be a title, and line {below} has headings ({}). {advice}",
        shown(title),
        shown(heading)
    )]
    TitleAbove {
        /// What messages call the sheet, with the line that was taken for the headings.
        name: String,
        /// The title.
        title: String,
        /// The line that seems to hold the headings, from 1.
        below: u64,
        /// A heading in that line.
        heading: String,
        /// The options that choose that line.
        advice: Advice,
    },
    /// `--heading` names a line that cannot be the heading line.
    #[error("{name} has no headings on line {line}: {why}")]
    HeadingLine {
        /// What messages call the sheet.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is in that line instead.
        why: String,
    },
    /// A heading is a formula whose result is not in the file.
    #[error(
        "{name}, cell {cell}: the heading is a formula, and its result is not in the file. Open the \
         file in a spreadsheet program and save it, or paste the headings as values"
    )]
    HeadingFormula {
        /// What messages call the sheet.
        name: String,
        /// The cell.
        cell: String,
    },
    /// A heading is merged over several columns that hold values.
    #[error(
        "{name}: the heading {heading} is merged over several columns (cells {range}), and column {letters} \
         has values of its own. Split the merged cells, and give each column its heading",
        heading = shown(heading)
    )]
    HeadingMerged {
        /// What messages call the sheet.
        name: String,
        /// The heading as it is written.
        heading: String,
        /// The merged cells.
        range: String,
        /// The letters of a column below it that has no heading of its own.
        letters: String,
    },
    /// A quote in the heading line closes in the middle of a cell.
    #[error(
        "{name}, line {opened}: a quote (\") that opens in the headings closes on line {closed}, and no \
         separator follows it. Close it on line {opened}, or write \"\" for a quote that belongs to the \
         text"
    )]
    HeadingQuote {
        /// What messages call the sheet.
        name: String,
        /// The line on which the quote opens, from 1.
        opened: u64,
        /// The line on which it closes.
        closed: u64,
    },
    /// The text seems to have another encoding than the one it was read in.
    #[error(
        "{name}, line {line}: “{}” {}. Open it in the program that wrote it and save it as CSV UTF-8 or \
         as .xlsx",
        excerpt(read),
        reading(meant, encoding)
    )]
    Encoding {
        /// What messages call the sheet.
        name: String,
        /// The line of the word, from 1.
        line: u64,
        /// The word as it was read.
        read: String,
        /// The word as it was probably written.
        meant: String,
        /// The encoding that fits.
        encoding: String,
    },
    /// The workbook has no sheet of that name.
    #[error("{name} has no sheet `{wanted}`; it has {}", list(sheets))]
    NoSuchSheet {
        /// What messages call the sheet.
        name: String,
        /// The name that was asked for.
        wanted: String,
        /// The workbook's sheets.
        sheets: Vec<String>,
    },
    /// `--sheet` was given for a file that has no sheets.
    #[error("{name} is a text file and has no sheets; leave --sheet out, or name the XLSX file")]
    NoSheets {
        /// What messages call the sheet.
        name: String,
    },
    /// A row that is longer than any row of a spreadsheet can be.
    #[error(
        "{name}, line {line}: the row that begins here is longer than {limit} bytes; is a closing \
         quote (\") missing, or is this not a CSV file?"
    )]
    TooLong {
        /// What messages call the sheet.
        name: String,
        /// The line the row begins on, from 1.
        line: u64,
        /// The longest row that is read, in bytes.
        limit: usize,
    },
    /// The file ends inside a quoted cell.
    #[error(
        "{name}, line {line}: a quote (\") that opens here is never closed; close it, or write \"\" \
         for a quote that belongs to the text"
    )]
    OpenQuote {
        /// What messages call the sheet.
        name: String,
        /// The line of the quote, from 1.
        line: u64,
    },
    /// A column that the job requires is missing.
    #[error("{name}: no column has {need}; the heading can be {wanted}. {advice}")]
    MissingColumn {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// What is missing, in words.
        need: String,
        /// The headings that the job accepts.
        wanted: String,
        /// The headings of the file, the most similar ones, and an example of `--map`.
        advice: Advice,
    },
    /// The heading of a used column is an address, so the line is a row and would be lost.
    #[error(
        "{name}: the heading {} is an email address: this line is a row and would be lost. Put a \
         line with the headings above it, such as `emailAddress`{advice}",
        shown(heading)
    )]
    DataAsHeading {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The heading.
        heading: String,
        /// The options that say that there are no headings.
        advice: Advice,
    },
    /// Two columns match the same field.
    #[error(
        "{name}: the columns {} and {} both look like {what}, and their values may differ; {advice}",
        shown(first),
        shown(second)
    )]
    TwoColumns {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The field, in words.
        what: &'static str,
        /// The first heading.
        first: String,
        /// The second heading.
        second: String,
        /// The options that decide.
        advice: Advice,
    },
    /// A column looks like one of the job's columns, and the job does not read it.
    #[error("{name}: the column {columns}, but headcount would not read it; {advice}")]
    PassedOver {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The columns and what each looks like.
        columns: String,
        /// The options that decide.
        advice: Advice,
    },
    /// A column of user ids holds ids of another program.
    #[error(
        "{name}: the column {} has no Atlassian account ids ({seen}), which look like \
         712020:f58131cb-b67d-43c7-b30d-6b58d40bd077 or 5b10ac8d82e05b22cc7d4ef5. {advice}",
        shown(heading)
    )]
    ForeignIds {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The column's heading.
        heading: String,
        /// Some of its cells, with their lines.
        seen: String,
        /// The options that decide.
        advice: Advice,
    },
    /// A column says with yes or no whether a row applies, and the job does not read it.
    #[error(
        "{name}: the column {} seems to say for each row whether it is meant ({seen}), and headcount \
         would not read it. {advice}",
        shown(heading)
    )]
    RowAnswers {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The column's heading.
        heading: String,
        /// Some of its cells, with their lines.
        seen: String,
        /// The options that decide.
        advice: Advice,
    },
    /// A `--map` that does not match the file.
    #[error("{name}: --map {map} cannot be used: {why}")]
    Map {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The `--map` option as it was given.
        map: String,
        /// What is wrong with it, and what to write instead.
        why: String,
    },
    /// A `--set` that cannot be followed.
    #[error("{name}: --set {set} cannot be used: {why}")]
    Set {
        /// What messages call the sheet, with the heading's line.
        name: String,
        /// The option as it was given.
        set: String,
        /// What is wrong with it and what would do.
        why: String,
    },
}

fn such_as(headings: &str) -> String {
    if headings.is_empty() { String::new() } else { format!(", such as `{headings}`") }
}

/// Describes hidden rows in a sentence: `rows 3 to 4 are hidden by a filter; row 9 is hidden`.
fn hidden(rows: &[HiddenRows]) -> String {
    const MOST: usize = 8;
    let mut text = rows.iter().take(MOST).map(HiddenRows::to_string).collect::<Vec<_>>().join("; ");
    let more: u64 = rows.iter().skip(MOST).map(|rows| rows.filled).sum();
    if more > 0 {
        text.push_str(&format!("; {more} more are hidden"));
    }
    text
}

/// A word that has no meaning as it was read, as another encoding reads it.
fn reading(meant: &str, encoding: &str) -> String {
    match meant {
        "" => "is no word in Windows-1252, and the encoding of the file is not known".to_owned(),
        _ => format!(
            "seems to be “{}”: the file is not in Windows-1252, but perhaps in {encoding}",
            excerpt(meant)
        ),
    }
}
