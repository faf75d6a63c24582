//! Prepares a request with `{{variables}}` for sending.

mod auth;
mod body;
mod comments;
mod encode;
mod error;
mod form;
mod headers;
mod json_text;
mod prepared;
mod resolve;
mod shown;
mod target;

pub use error::NotPrepared;
pub use prepared::{Prepared, Preparing};
pub use shown::{read_request, request_json, row_json, scope_json};
pub use target::Target;
