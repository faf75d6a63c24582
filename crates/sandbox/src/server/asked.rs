//! A request as the routes get it.

use axum::body::Bytes;

use crate::http::Query;

/// A request that was read whole.
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// `/ex/jira/{cloudId}` at the gateway, cut off the path; else empty.
    pub(crate) prefix: &'static str,
    pub(crate) raw_query: String,
    pub(crate) query: Query,
    pub(crate) content_type: String,
    pub(crate) authorization: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) body: Bytes,
}
