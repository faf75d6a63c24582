//! Records requests instead of sending them.
//!
//! A collection for Postman has to hold the requests that headcount itself would send. The code that sends them
//! writes them into a [`Transport`](super::transport::Transport) without a network.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};

use super::answer::{Answer, Ending, NoAnswer};

/// A recorded request without its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// The path and query, percent-encoded.
    pub path: String,
    /// The body, if there is one.
    pub body: Option<Bytes>,
}

/// The requests of a recording transport. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<Recorded>>>);

impl Recording {
    /// Takes all requests that were recorded since the last time.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records a request. Its answer is a refusal that no call repeats, and that does not mean "already so".
    pub(super) async fn note(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        let (head, body) = request.into_parts();
        // A body in memory cannot fail.
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
