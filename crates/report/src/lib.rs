//! Reports of a run: from the journal alone, in the input's order, streamed.
//!
//! A report has the input's own columns first, unchanged, then those that headcount adds ([`columns::ADDED`]). `failed`
//! writes only the rows worth another try, with only the input's columns, as a new input.
//!
//! ```
//! use headcount_model::{outcome::Outcome, reason::Reason};
//! use headcount_report::worth_another_try;
//!
//! assert!(worth_another_try(Outcome::Skipped, Some(Reason::UserNotFound)));
//! assert!(!worth_another_try(Outcome::Skipped, Some(Reason::OwnAccount)));
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod chart;
mod columns;
mod corrected;
mod csv;
mod failed;
mod html;
mod json;
mod junit;
mod numbers;
mod subject;
#[cfg(test)]
mod tests;

pub use self::columns::ADDED;
pub use self::corrected::corrected;
pub use self::csv::{CsvForm, write_csv};
pub use self::failed::{Corrections, worth_another_try, write_failed, write_pending, write_sheet};
pub use self::html::{html_policy, write_html, write_review};
pub use self::json::write_json;
pub use self::junit::write_junit;
pub use self::subject::{About, Subject};

use headcount_journal::JournalError;

/// An error that ends a report.
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
