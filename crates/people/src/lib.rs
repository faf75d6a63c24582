//! Bulk changes of the people of an Atlassian Cloud site: which rows change what, and how each change
//! is sent and looked at.
//!
//! ```text
//! directory   who is who on the site now
//! check       tries the keys of a profile
//! rows        cells → what a row asks for
//! steps       the kinds of steps, each in a file of its own
//! resolve     which user and group a row means, and who must not be touched
//! lookup      names → directory, in parts
//! jobs        the jobs, each in a file of its own
//! plan        rows + directory → steps, then sealed
//! executor    each kind of step as a call and as a question, for the engine
//! requests    the requests of steps, noted instead of sent
//! export      all users, every group → Atlassian's own export columns
//! ```
//!
//! A module imports only from those above it. Deciding is pure and apart from doing.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod check;
pub mod directory;
mod error;
pub mod executor;
pub mod export;
pub mod jobs;
pub mod lookup;
pub mod plan;
pub mod requests;
pub mod resolve;
pub mod rows;
pub mod steps;
