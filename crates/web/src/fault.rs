//! Why a request has no page, as data.

use axum::http::StatusCode;
use headcount_app::failure::{Failure, USAGE};
use headcount_journal::JournalError;

/// Why a request has no page. It is shown on a page of its own.
#[derive(Debug)]
pub struct Fault {
    /// The status.
    pub status: StatusCode,
    /// What happened.
    pub failure: Box<Failure>,
}

impl Fault {
    /// The requested object does not exist.
    pub fn not_found(what: impl Into<String>) -> Self {
        let failure = Failure::new(USAGE, what).hint("go back to the start page");
        Self { status: StatusCode::NOT_FOUND, failure: Box::new(failure) }
    }

    /// A background task ended with a defect.
    pub fn defect() -> Self {
        let failure = Failure::new(USAGE, "headcount has a bug; the journal is safe")
            .hint("go back to the start page, and please report the message in the terminal");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, failure: Box::new(failure) }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, failure: Box::new(failure) }
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::NoSuchRun(_) | JournalError::NoRuns => Self::not_found(error.to_string()),
            error => Failure::from(error).into(),
        }
    }
}
