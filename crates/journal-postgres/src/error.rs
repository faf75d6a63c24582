//! PostgreSQL's errors as the journal's.

use std::error::Error as _;

use headcount_journal::{JournalError, ServerProblem};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::address::Address;

/// The code of a transaction on a run that this process does not carry.
const REFUSED: &str = "HC001";

/// The code of a statement that did not move every step.
const NOT_ALL_MOVED: &str = "HC002";

/// Wraps an error with what was tried; for `map_err`.
pub(crate) fn failed(doing: &'static str) -> impl FnOnce(Error) -> JournalError {
    move |source| match source.code() {
        Some(code) if code.code() == REFUSED => JournalError::LeaseEnded { run: run_of(&source) },
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
            JournalError::Damaged { doing, source: source.into() }
        }
        _ => JournalError::Failed { doing, source: source.into() },
    }
}

/// Whether a statement failed because it did not move every step.
pub(crate) fn is_not_all_moved(error: &JournalError) -> bool {
    let JournalError::Failed { source, .. } = error else { return false };
    let error = source.downcast_ref::<Error>();
    error.and_then(Error::code).is_some_and(|code| code.code() == NOT_ALL_MOVED)
}

/// The run that a refusal is about.
fn run_of(refusal: &Error) -> i64 {
    let detail = refusal.as_db_error().and_then(|error| error.detail());
    detail.and_then(|run| run.parse().ok()).unwrap_or_default()
}

/// An error of connecting, or of the first statements.
pub(crate) fn connecting(address: &Address, source: Error) -> JournalError {
    JournalError::Server {
        place: address.to_string(),
        problem: problem(&source),
        source: source.into(),
    }
}

/// The same for an error that was wrapped already.
pub(crate) fn preparing(address: &Address, error: JournalError) -> JournalError {
    match error {
        JournalError::Failed { doing, source } => match source.downcast::<Error>() {
            Ok(source) if source.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                connecting(address, *source)
            }
            Ok(source) => JournalError::Failed { doing, source },
            Err(source) => JournalError::Failed { doing, source },
        },
        other => other,
    }
}

/// The codes are those of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn problem(error: &Error) -> ServerProblem {
    match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            ServerProblem::Refused
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => ServerProblem::NoDatabase,
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => ServerProblem::NoRight,
        Some(
            &SqlState::TOO_MANY_CONNECTIONS
            | &SqlState::CANNOT_CONNECT_NOW
            | &SqlState::ADMIN_SHUTDOWN,
        ) => ServerProblem::Busy,
        Some(_) => ServerProblem::Unreachable,
        None if is_missing_password(error) => ServerProblem::Refused,
        None if error.to_string().contains("TLS") => ServerProblem::Tls,
        None => ServerProblem::Unreachable,
    }
}

/// The client reports a password that is not there as a wrong setting, without a code.
fn is_missing_password(error: &Error) -> bool {
    error.source().is_some_and(|source| source.to_string().contains("password missing"))
}
