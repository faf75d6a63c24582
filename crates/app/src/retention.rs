//! Removes old runs from the journal, and keeps their reports.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use headcount_journal::{Journal, Run};
use headcount_model::clock::Clock;
use headcount_report::CsvForm;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::failure::{Failure, USAGE};
use crate::journal::make_private_folder;
use crate::report_file::{self, Format};
use crate::unwritable::unwritable;

/// The reports that are kept of a run.
const KEPT: [(Format, &str); 3] =
    [(Format::Csv, "csv"), (Format::Json, "json"), (Format::Html, "html")];

/// The time before which a run is old, such as 90 days ago for `90d`.
///
/// # Errors
/// The text is no length of time.
pub fn before(age: &str, clock: Clock) -> Result<Timestamp, Failure> {
    let wrong = || {
        Failure::new(USAGE, format!("“{age}” is no length of time"))
            .hint("such as 90d, 12w, 6mo or 1y; nothing was removed")
    };
    let span: Span = age.trim().parse().map_err(|_| wrong())?;
    if span.is_negative() {
        return Err(wrong());
    }
    let now = clock.now().to_zoned(TimeZone::UTC);
    Ok(now.checked_sub(span).map_err(|_| wrong())?.timestamp())
}

/// Writes the reports of a run into a folder. They are on disk when this returns.
///
/// # Errors
/// A file cannot be written, or another file has its name: two journals can have runs with the same id.
pub fn keep_reports(journal: &Journal, run: &Run, folder: &Path) -> Result<(), Failure> {
    make_private_folder(folder)?;
    for (format, ending) in KEPT {
        let path = folder.join(format!("{}.{ending}", run.id));
        let failed = |error: &std::io::Error| unwritable(&path, error);
        let mut file = tempfile::Builder::new()
            .prefix(".headcount-")
            .tempfile_in(folder)
            .map_err(|error| failed(&error))?;
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        report_file::write(journal, run, format, CsvForm::of(run), &mut out)?;
        out.flush().map_err(|error| failed(&error))?;
        drop(out);
        file.as_file().sync_all().map_err(|error| failed(&error))?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            // The same report, from a command that was interrupted.
            Err(there) if is_same(there.file.path(), &path) => {}
            Err(there) if there.error.kind() == ErrorKind::AlreadyExists => {
                return Err(taken(&path));
            }
            Err(error) => return Err(failed(&error.error)),
        }
    }
    // Otherwise a power cut could lose the names of the files. On some systems a folder cannot be opened.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn is_same(written: &Path, there: &Path) -> bool {
    matches!((fs::read(written), fs::read(there)), (Ok(written), Ok(there)) if written == there)
}

fn taken(path: &Path) -> Failure {
    let text = format!("{} exists, and is not this run's report", path.display());
    Failure::new(USAGE, format!("{text}; nothing was removed"))
        .hint("name another folder: --keep-report=FOLDER")
}
