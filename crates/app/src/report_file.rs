//! Where reports are written: a file or standard output.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use headcount_core::journal::{Journal, Run};
use headcount_core::report::{write_csv, write_failed, write_html, write_json, write_junit};
use jiff::tz::TimeZone;

use crate::args::Format;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::show;

/// The form that a file's name asks for.
pub fn form_of(path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
        Some(extension) if extension.eq_ignore_ascii_case("html") => Format::Html,
        Some(extension) if extension.eq_ignore_ascii_case("htm") => Format::Html,
        Some(extension) if extension.eq_ignore_ascii_case("xml") => Format::Junit,
        _ => Format::Csv,
    }
}

/// Writes the report of a run.
pub fn write(journal: &Journal, run: &Run, form: Format, to: Option<&Path>) -> Result<(), Failure> {
    let out = open(to)?;
    match form {
        Format::Csv => write_csv(journal, run, out)?,
        Format::Json => write_json(journal, run, out)?,
        Format::Html => write_html(journal, run, &TimeZone::system(), out)?,
        Format::Junit => write_junit(journal, run, out)?,
    }
    Ok(())
}

/// Writes the rows worth another try; how many they are.
pub fn failed(journal: &Journal, run: &Run, to: Option<&Path>) -> Result<u64, Failure> {
    Ok(write_failed(journal, run, open(to)?)?)
}

/// Finds out whether the report can be written there, before anything is sent. What stands there
/// stays as it is.
pub fn check(path: &Path, context: &Context) -> Result<(), Failure> {
    if path == Path::new("-") && context.json {
        return Err(Failure::new(USAGE, "--json and --report - both write to standard output")
            .hint("name a file for the report"));
    }
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
    Failure::new(USAGE, format!("{} cannot be written", path.display()))
        .because(error)
        .hint("name another file, in a folder that is there")
}

/// The file, or standard output for none and `-`.
pub fn open(to: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    match to {
        Some(path) if path != Path::new("-") => {
            let file = File::create(path).map_err(|error| unwritable(path, &error))?;
            Ok(Box::new(BufWriter::new(file)))
        }
        _ if std::io::stdout().is_terminal() => Ok(Box::new(ForEyes::default())),
        _ => Ok(Box::new(BufWriter::new(std::io::stdout()))),
    }
}

/// Standard output that is a terminal: cells of a sheet and words of a site are shown line by line
/// and do nothing to it. In a file or a pipe they are data and stay as they are.
#[derive(Default)]
struct ForEyes {
    line: Vec<u8>,
}

impl ForEyes {
    fn show(&mut self) -> std::io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let shown = show::clean(line.trim_end_matches(['\r', '\n'])).into_owned();
        let end = if line.ends_with('\n') { "\n" } else { "" };
        self.line.clear();
        write!(std::io::stdout().lock(), "{shown}{end}")
    }
}

impl Drop for ForEyes {
    fn drop(&mut self) {
        // A terminal that has gone away wants nothing more.
        let _ = self.show();
    }
}

impl Write for ForEyes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.show()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.show()?;
        std::io::stdout().flush()
    }
}
