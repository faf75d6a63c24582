//! Reports: their formats, and a check whether a file can be written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use headcount_journal::{Journal, Run};
use headcount_report::{CsvForm, write_csv, write_html, write_json, write_junit};
use jiff::tz::TimeZone;

use crate::failure::Failure;
use crate::report_subject;
use crate::unwritable::{NamedFile, unwritable};

/// A report's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The input's columns and the outcome of each row.
    Csv,
    /// The run and its rows as JSON.
    Json,
    /// An HTML page, for reading and printing.
    Html,
    /// JUnit XML for build servers.
    Junit,
}

impl Format {
    /// The format for a file's name.
    pub fn of_name(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) if extension.eq_ignore_ascii_case("json") => Self::Json,
            Some(extension) if extension.eq_ignore_ascii_case("html") => Self::Html,
            Some(extension) if extension.eq_ignore_ascii_case("htm") => Self::Html,
            Some(extension) if extension.eq_ignore_ascii_case("xml") => Self::Junit,
            _ => Self::Csv,
        }
    }
}

/// Writes the report of a run; `form` sets the form of a CSV file.
///
/// # Errors
/// The journal cannot be read, or the output cannot be written.
pub fn write(
    journal: &Journal,
    run: &Run,
    format: Format,
    form: CsvForm,
    out: impl Write,
) -> Result<(), Failure> {
    let subject = report_subject::of(run);
    match format {
        Format::Csv => write_csv(journal, run, &subject, form, out)?,
        Format::Json => write_json(journal, run, &subject, out)?,
        Format::Html => write_html(journal, run, &subject, &TimeZone::system(), out)?,
        Format::Junit => write_junit(journal, run, out)?,
    }
    Ok(())
}

/// Checks whether a report can be written there, before anything is sent. An existing file stays unchanged; `-` is
/// standard output.
///
/// # Errors
/// It cannot be written there.
pub fn check(path: &Path) -> Result<(), Failure> {
    let is_new = std::fs::symlink_metadata(path).is_err();
    if path == Path::new("-") || (!is_new && !path.is_file() && !path.is_dir()) {
        return Ok(());
    }
    File::options()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| unwritable(path, &error))?;
    if is_new {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

/// Creates the file.
///
/// # Errors
/// It cannot be written there.
pub fn create(path: &Path) -> Result<Box<dyn Write>, Failure> {
    Ok(Box::new(BufWriter::new(NamedFile::create(path)?)))
}
