//! Pages and refusals as HTTP.

use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;

use crate::access::Refused;
use crate::fault::Fault;
use crate::parts::error;

/// The result of a handler.
pub type Answer = Result<Response, Fault>;

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (self.status, page(error::failed(&self.failure))).into_response()
    }
}

/// A page.
pub fn page(markup: Markup) -> Response {
    Html(markup.into_string()).into_response()
}

/// Redirects after a POST.
pub fn go(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(_) => Fault::defect().into_response(),
    }
}

/// The answer to a refused request.
pub fn refuse(refused: Refused, headers: &HeaderMap) -> Response {
    // A script, or a form of another site, gets only a line of text.
    let wants_page = headers.get("sec-fetch-dest").is_none_or(|kind| kind == "document");
    match wants_page {
        true => (refused.status(), page(error::refused(refused))).into_response(),
        false => (refused.status(), "not let in\n").into_response(),
    }
}
