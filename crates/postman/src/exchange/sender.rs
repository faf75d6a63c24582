//! The seam to the network: one request and one answer, without redirects.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use crate::prepare::Target;
use crate::variables::Scopes;

/// One request on the wire.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The method.
    pub method: String,
    /// Its destination.
    pub target: Target,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Bytes>,
    /// Whether the server's certificate must be valid; `None` means as the run's options say.
    pub strict_ssl: Option<bool>,
}

/// An answer on the wire.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The text after the status; empty if the server sends none.
    pub reason: String,
    /// The headers in their order.
    pub headers: Vec<(String, String)>,
    /// The body, still compressed.
    pub body: Bytes,
    /// The time from the request's start to the body's end.
    pub time: Duration,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let is_it = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.headers.iter().find(is_it).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NoAnswer {
    /// Node's code: `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT`, `ESOCKETTIMEDOUT`, `ECONNRESET`.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// Whether the request may have reached the server.
    pub maybe_sent: bool,
}

/// Sends one request, once.
pub trait Sender: Send + Sync {
    /// Receives the variables at the next request, for senders that store them.
    fn variables(&self, _: &Scopes) {}

    /// Sends it and reads the answer.
    fn send(&self, hop: &Hop) -> impl Future<Output = Result<Answer, NoAnswer>> + Send;
}
