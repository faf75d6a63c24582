//! Requests that are noted instead of sent.
//!
//! A collection for Postman has to hold the requests that headcount itself would send. They come from the
//! code that sends them, through a [`Transport`](super::transport::Transport) that leads to no network.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};

use super::answer::{Answer, Ending, NoAnswer};

/// A request as it would have been sent, without its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its method.
    pub method: Method,
    /// Path and query, percent-encoded.
    pub path: String,
    /// Its body, if it has one.
    pub body: Option<Bytes>,
}

/// The requests that a recording transport was given. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<Recorded>>>);

impl Recording {
    /// Takes out all requests that were noted since the last time.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a request. Its answer is a refusal that no call repeats, and that says of nothing that it is
    /// already so.
    pub(super) async fn note(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        let (head, body) = request.into_parts();
        // The error of a whole body cannot occur.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let body = (!body.is_empty()).then_some(body);
        let recorded = Recorded { method: head.method, path, body };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
        Ok(Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            ending: Ending::Whole,
            latency: Duration::ZERO,
        })
    }
}
