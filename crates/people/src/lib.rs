//! Bulk changes of the people of an Atlassian Cloud site: which rows change what, and how each change
//! is sent and looked at.
//!
//! ```text
//! directory   who is who on the site now
//! check       tries the keys of a profile
//! plan        rows + directory → steps, then sealed
//! executor    each kind of step as a call and as a question, for the engine
//! export      everybody, every group → Atlassian's own export columns
//! ```
//!
//! A module imports only from those above it. Deciding is pure and apart from doing.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod check;
pub mod directory;
pub mod executor;
pub mod export;
pub mod jobs;
pub mod plan;
pub mod resolve;
pub mod rows;
pub mod steps;
