//! Bulk changes of the users and groups of an Atlassian Cloud site: which rows change what, and how each change is sent
//! and observed.
//!
//! ```text
//! directory   the users and groups on the site now
//! check       checks the credentials of a profile
//! rows        reads what a row's cells ask for
//! steps       the kinds of steps, each in a file of its own
//! resolve     finds a row's user and group, and guards those that must not be changed
//! lookup      looks up names on the site, in parts
//! jobs        the jobs, each in a file of its own
//! plan        makes a sealed plan from rows and directory
//! sync        makes the site match a list of users
//! executor    sends and observes steps for the engine
//! requests    records the requests of steps instead of sending them
//! choose      decides which users a list has
//! export      exports all users or all groups with the columns of Atlassian's own exports
//! roster      all users of an organization, read once, for filters that are tried again and again
//! ```
//!
//! A module imports only from those above it. Decisions are pure functions, separate from requests.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

// Modules that decide what is sent name every variant: a new one must be decided at each place. `check`, `rows`,
// `directory` and `export` pick single variants out of long lists of headings and answers; there, `_` is clearer.
pub mod check;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod choose;
pub mod directory;
mod error;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod executor;
pub mod export;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod jobs;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod lookup;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod plan;
pub mod requests;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod resolve;
pub mod roster;
pub mod rows;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod steps;
#[cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]
pub mod sync;
