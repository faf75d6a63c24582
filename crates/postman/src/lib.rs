//! Postman collections: from the exported files to the requests that they describe.
//!
//! A collection, its environments and its data are hostile input: size and depth are bounded, and
//! what headcount does not support is refused by name before anything is sent.
//!
//! ```text
//! document   JSON with line and column               bytes → Node
//! model      collection, items, requests, scopes     Node → typed values
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod document;
pub mod dynamic;
pub mod model;
pub mod script;
pub mod value;
pub mod variables;
