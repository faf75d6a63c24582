//! A request as the routes receive it.

use axum::body::Bytes;

use crate::http::Query;

/// A request that was read completely.
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// `/ex/jira/{cloudId}` if the request was sent to the gateway (it is removed from the path); else empty.
    pub(crate) prefix: &'static str,
    pub(crate) raw_query: String,
    pub(crate) query: Query,
    pub(crate) content_type: String,
    pub(crate) authorization: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) body: Bytes,
}
