//! Notes about a row in progress: a changing request that is about to be sent, with the row's earlier requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request in a note, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedRequest {
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The status of its answer; `None` if there is none yet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
}

/// The note that is on disk before a changing request is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The request.
    pub sending: NotedRequest,
    /// The requests that the row sent before it.
    pub before: Vec<NotedRequest>,
    /// The variables that scripts have set so far.
    pub variables: Value,
}

impl Note {
    pub(crate) fn text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The last note among a step's records.
    pub(crate) fn last(records: &[String]) -> Option<Self> {
        records.iter().rev().find_map(|record| serde_json::from_str(record).ok())
    }

    /// The row's requests, for people.
    pub(crate) fn words(&self) -> String {
        let words = |request: &NotedRequest| match request.status {
            Some(status) => format!("{} {} ({status})", request.method, request.url),
            None => format!("{} {}", request.method, request.url),
        };
        let before: Vec<_> = self.before.iter().map(words).collect();
        match before.as_slice() {
            [] => words(&self.sending),
            before => format!("{}, after {}", words(&self.sending), before.join(", ")),
        }
    }
}

/// Whether a request changes nothing (RFC 9110: a safe method).
pub(crate) fn is_reading(method: &str) -> bool {
    ["GET", "HEAD", "OPTIONS"].iter().any(|it| method.eq_ignore_ascii_case(it))
}
