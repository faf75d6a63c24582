//! SQLite's errors as the journal's.

use std::path::Path;

use headcount_journal::JournalError;
use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};

/// Wraps SQLite's error with what was tried; for `map_err`.
pub(crate) fn sql(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> JournalError {
    move |source| match source.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => {
            JournalError::Damaged { doing, source: source.into() }
        }
        _ => JournalError::Failed { doing, source: source.into() },
    }
}

/// SQLite reports a foreign file by an error code of its own.
pub(crate) fn not_ours_or(path: &Path, source: rusqlite::Error) -> JournalError {
    let place = place(path);
    match source.sqlite_error_code() {
        Some(NotADatabase | DatabaseCorrupt) => JournalError::NotAJournal { place },
        _ => JournalError::Open { place, source: source.into() },
    }
}

/// A file's place, for people.
pub(crate) fn place(path: &Path) -> String {
    path.display().to_string()
}
