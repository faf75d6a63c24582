//! The destination of data: a file or standard output.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::report_file;
use headcount_app::words::clean;

use headcount_journal::Run;
use headcount_report::CsvForm;

use crate::args::{Audience, PostmanArgs};
use crate::context::Context;
use crate::terminal::stdout;

/// Opens the file; no path and `-` mean standard output.
pub fn open(to: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    match to {
        Some(path) if path != Path::new("-") => report_file::create(path),
        _ => Ok(standard()),
    }
}

/// The form of a run's CSV file: that of the run's own input. A program reads standard output, so it has no byte
/// order mark there, unless requested.
pub fn form(run: &Run, audience: Option<Audience>, to: Option<&Path>) -> CsvForm {
    let form = CsvForm::of(run);
    match (audience, to) {
        (Some(Audience::Excel), _) => form.for_excel(),
        (None, Some(path)) if path != Path::new("-") => form,
        (None, _) => form.without_mark(),
    }
}

/// Standard output.
pub fn standard() -> Box<dyn Write> {
    match std::io::stdout().is_terminal() {
        true => Box::new(ForEyes::default()),
        false => Box::new(BufWriter::new(stdout::data())),
    }
}

/// Checks whether the report can be written, before anything is sent.
pub fn check_report(path: &Path, context: &Context) -> Result<(), Failure> {
    if path == Path::new("-") && context.json {
        return Err(Failure::new(USAGE, "--json and --report - both write to standard output")
            .hint("name a file for the report"));
    }
    report_file::check(path)
}

/// Refuses a report in the input file: it would replace the spreadsheet.
pub fn check_is_not(input: &Path, to: Option<&Path>) -> Result<(), Failure> {
    let Some(to) = to.filter(|path| *path != Path::new("-")) else { return Ok(()) };
    let same = input.canonicalize().ok().zip(to.canonicalize().ok());
    if same.is_none_or(|(input, to)| input != to) {
        return Ok(());
    }
    let words = format!("{} is the file that headcount reads; it is not replaced", to.display());
    Err(Failure::new(USAGE, words).hint("name another file"))
}

/// The same for each file of a collection's run and each of its reports.
pub fn check_are_not(args: &PostmanArgs) -> Result<(), Failure> {
    let data = [&args.environment, &args.globals, &args.iteration_data];
    let reports = [
        &args.report,
        &args.reporter_json_export,
        &args.reporter_junit_export,
        &args.reporter_html_export,
    ];
    for read in std::iter::once(&args.collection).chain(data.into_iter().flatten()) {
        for to in reports {
            check_is_not(read, to.as_deref())?;
        }
    }
    Ok(())
}

/// Refuses events and an export on the same standard output.
pub fn check_export(to: Option<&Path>, context: &Context) -> Result<(), Failure> {
    if context.json && to.is_none_or(|path| path == Path::new("-")) {
        return Err(Failure::new(USAGE, "--json and the export both write to standard output")
            .hint("name a file for the export: -o FILE"));
    }
    Ok(())
}

/// Standard output that is a terminal: cells of a spreadsheet and texts of a site are printed line by line and
/// made harmless. In a file or a pipe they are data and stay unchanged.
#[derive(Default)]
struct ForEyes {
    line: Vec<u8>,
}

impl ForEyes {
    fn show(&mut self) -> std::io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let shown = clean(line.trim_end_matches(['\r', '\n'])).into_owned();
        let end = if line.ends_with('\n') { "\n" } else { "" };
        self.line.clear();
        write!(stdout::data(), "{shown}{end}")
    }
}

impl Drop for ForEyes {
    fn drop(&mut self) {
        // A terminal that is gone needs no more output.
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
        stdout::data().flush()
    }
}
