//! Where reports are written: a file or standard output.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use headcount_core::journal::{Journal, Run};
use headcount_core::report::{write_csv, write_failed, write_json};

use crate::args::Format;
use crate::failure::{Failure, USAGE};

/// The form that a file's name asks for.
pub fn form_of(path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
        _ => Format::Csv,
    }
}

/// Writes the report of a run.
pub fn write(journal: &Journal, run: &Run, form: Format, to: Option<&Path>) -> Result<(), Failure> {
    let out = open(to)?;
    match form {
        Format::Csv => write_csv(journal, run, out)?,
        Format::Json => write_json(journal, run, out)?,
    }
    Ok(())
}

/// Writes the rows worth another try; how many they are.
pub fn failed(journal: &Journal, run: &Run, to: Option<&Path>) -> Result<u64, Failure> {
    Ok(write_failed(journal, run, open(to)?)?)
}

/// Finds out whether the report can be written there, before anything is sent. What stands there
/// stays as it is.
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

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::new(USAGE, format!("{} cannot be written", path.display()));
    Failure { causes: vec![error.to_string()], ..failure }
        .hint("name another file, in a folder that is there")
}

/// The file, or standard output for none and `-`.
pub fn open(to: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    match to {
        Some(path) if path != Path::new("-") => {
            let file = File::create(path).map_err(|error| unwritable(path, &error))?;
            Ok(Box::new(BufWriter::new(file)))
        }
        _ => Ok(Box::new(BufWriter::new(std::io::stdout()))),
    }
}
