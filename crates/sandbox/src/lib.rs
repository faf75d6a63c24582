//! Plays an Atlassian Cloud site and the organization it belongs to: a real HTTP server on
//! loopback, with state, rate limits, faults and a log of everything that happened.
//!
//! # Purpose
//! Changing a thousand users is tried on a sandbox first. It answers
//! the calls that such a job makes as Atlassian does, the awkward answers included: `201` for a
//! user who was there already, `400` for a member who is a member, `404` that may mean `403`.
//!
//! # Rules
//! - It has wire types of its own and never imports the client's: a wrong type must not be wrong
//!   twice.
//! - One organization is behind all interfaces. A user deactivated through the user
//!   management API is gone from Jira's user search at the same moment.
//! - With a state file no answer is sent before the effect it speaks of is durable.
//! - Every route is in one table (`routes`), with the source its behavior rests on.
//!   docs/sandbox.md is made from that table.
//! - Time comes from [`tokio::time`] and a step, so a paused clock and `/_sandbox/clock` work.
//!
//! # Layers, each importing only from those above it
//! ```text
//! config clock error     what one asks for, what time it is
//! org                    who is who: people, groups, memberships, seats; changes and their effects
//! seed                   the organizations to start with: built in, generated, from exports
//! store                  the state file: changes appended, many answers sharing one fsync
//! http                   a request and its answer; credentials, limits, faults, the request log
//! jira admin             the calls themselves
//! routes server          the table of all calls, and what serves it
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
mod seed;
mod server;
mod store;

pub use config::{Card, Config, PLAIN_API_TOKEN, PLAIN_EMAIL, SCOPED_API_TOKEN};
pub use error::SandboxError;
pub use routes::{Row, rows};
pub use server::{Sandbox, start};
