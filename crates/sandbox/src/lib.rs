//! Plays an Atlassian Cloud site and its organization: a real HTTP server on loopback, with state, rate limits, faults
//! and a log of all requests.
//!
//! # Purpose
//! Administrators try a change of a thousand users on a sandbox first. It answers the calls of such a job as Atlassian
//! does, including the awkward answers: `201` for a user who existed before, `400` for an existing member, `404`
//! that may mean `403`.
//!
//! # Rules
//! - It has wire types of its own and never imports the client's, so that a wrong type is not wrong on both sides.
//! - All APIs show the same organization. A user who is deactivated through the user management API disappears from
//!   Jira's user search at the same moment.
//! - With a state file, an answer is sent only after its effect is on disk.
//! - All calls are in one table (`routes`), each with the source of its behavior. docs/sandbox.md is generated from
//!   that table.
//! - Time comes from [`tokio::time`] and from steps, so that a paused clock and `/_sandbox/clock` work.
//!
//! # Layers, each importing only from those above it
//! ```text
//! config clock error     the configuration, the time
//! org                    users, groups, memberships, seats; changes and their effects
//! seed                   the organizations at the start: built in, generated, from exports
//! store                  the state file: changes appended, many answers sharing one fsync
//! http                   requests and answers; credentials, limits, faults, the request log
//! jira admin scim        the calls
//! routes server          the table of all calls, and the server
//! ```
#![forbid(unsafe_code)]
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)]

mod admin;
mod clock;
mod config;
mod error;
mod http;
mod jira;
mod org;
mod routes;
mod scim;
mod seed;
mod server;
mod store;

pub use config::{Card, Config, PLAIN_API_TOKEN, PLAIN_EMAIL, SCOPED_API_TOKEN};
pub use error::SandboxError;
pub use routes::{Row, rows};
pub use server::{Sandbox, start};
