//! An answer before it is sent.

use axum::body::Bytes;
use serde::Serialize;

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Empty,
    Json(Bytes),
    /// A media type and text that is not JSON.
    Other(&'static str, Bytes),
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Body,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether a changing call changed nothing, because the state was already as wanted.
    pub(crate) already: bool,
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, body: Body::Empty, headers: Vec::new(), already: false }
    }

    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        // The sandbox's types always serialize; the empty object is never used.
        let bytes = serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec());
        Self { body: Body::Json(bytes.into()), ..Self::empty(status) }
    }

    pub(crate) fn other(status: u16, media: &'static str, text: impl Into<Bytes>) -> Self {
        Self { body: Body::Other(media, text.into()), ..Self::empty(status) }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Marks that nothing had to be changed.
    pub(crate) fn already(mut self) -> Self {
        self.already = true;
        self
    }
}
