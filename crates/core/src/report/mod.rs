//! A run, told: from the journal alone, in the input's order, streamed.
//!
//! The report has the input's own columns first, as they came, then what headcount adds
//! ([`columns::ADDED`]). `failed` has only the rows worth another try and only the input's
//! columns, so that it can be fed straight back.

mod cell;
mod columns;
mod csv;
mod failed;
mod html;
mod json;
mod junit;
#[cfg(test)]
mod tests;
mod timeline;

pub(crate) use self::cell::safe;
pub use self::columns::ADDED;
pub use self::csv::write_csv;
pub use self::failed::{worth_another_try, write_failed, write_sheet};
pub use self::html::write_html;
pub use self::json::write_json;
pub use self::junit::write_junit;
pub use self::timeline::{CallStats, Slot, Timeline};

use crate::journal::JournalError;

/// Why a report can't be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output can't be written.
    #[error("the report cannot be written")]
    Write(#[source] std::io::Error),
}

impl From<::csv::Error> for ReportError {
    fn from(error: ::csv::Error) -> Self {
        Self::Write(match error.into_kind() {
            ::csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        })
    }
}

/// Rows read from the journal at once.
const PAGE: u64 = 1_000;
