//! Pages and refusals as HTTP.

use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use headcount_app::failure::{Failure, USAGE};
use headcount_core::journal::JournalError;
use maud::Markup;

use crate::access::Refused;
use crate::parts::error;

/// What a handler gives.
pub type Answer = Result<Response, Fault>;

/// Why there is no page: told on a page of its own.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    failure: Box<Failure>,
}

impl Fault {
    /// What somebody asked for is not there.
    pub fn not_found(what: impl Into<String>) -> Self {
        let failure = Failure::new(USAGE, what).hint("go back to the start page");
        Self { status: StatusCode::NOT_FOUND, failure: Box::new(failure) }
    }

    /// A task of ours died.
    pub fn defect() -> Self {
        let failure = Failure::new(USAGE, "headcount has a defect; nothing in the journal is lost")
            .hint("go back to the start page; please report what is written in the terminal");
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

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (self.status, page(error::failed(&self.failure))).into_response()
    }
}

/// A page.
pub fn page(markup: Markup) -> Response {
    Html(markup.into_string()).into_response()
}

/// "Look there": after a POST.
pub fn go(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => Fault::defect().into_response(),
    }
}

/// Somebody who is not let in.
pub fn refuse(refused: Refused, headers: &HeaderMap) -> Response {
    // A script or a stranger's form gets no page to look at, only a line.
    let wants_page = headers.get("sec-fetch-dest").is_none_or(|kind| kind == "document");
    match wants_page {
        true => (refused.status(), page(error::refused(refused))).into_response(),
        false => (refused.status(), "not let in\n").into_response(),
    }
}
