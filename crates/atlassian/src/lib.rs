//! The client of Atlassian's APIs: one typed method for each call that headcount makes.
//!
//! ```text
//! connect_error  explains to people why there is no connection
//! connection     a connection of any kind behind one type
//! proxy          the proxy for each address
//! network        TCP, TLS, and tunnels through a proxy
//! transport      the seam: opening connections, time limits, bounded answers
//! recording      records requests instead of sending them
//! answer         an answer, complete or cut off
//! error          errors, each with its effect (none or unknown) and the site's words
//! endpoint       the table of calls: host, method, path; pace and errors are per endpoint
//! pace           how many requests at once and how fast, per endpoint, learned from the answers
//! records        users and groups in a form that is the same for both APIs
//! witness        whether a failed read concerns the whole site
//! client         sends a change once and without waiting; a read waits for the pace and is repeated
//! json           parses JSON, in one place
//! judge          decides whether an answer is success, a refusal, or neither
//! site_clock     the site's clock, by the dates of its answers
//! cloud_id       whether two addresses are of one site
//! proof          checks the credential after a 404 or 403
//! wire           the JSON types of requests and answers, for Jira and for the admin APIs
//! jira admin scim  one method for each call
//! ```
//!
//! Rules:
//! - A changing call is sent exactly once, with a [`pace::Permit`] that was taken before. It never waits and is
//!   never repeated here. The caller, which keeps the journal, decides whether it is sent again.
//! - A read waits for the pace and is repeated within limits, never before `Retry-After` has passed.
//! - Redirects are never followed: the credential would go along.
//! - Every text from a server passes the redactor and loses its control characters before it becomes part of an
//!   error.
//!
//! ```
//! use headcount_atlassian::access::{Address, Setting};
//! use headcount_atlassian::endpoint::Endpoint;
//!
//! // A pasted address becomes the site's address; an ambiguous one is an error.
//! let site = Address::parse(Setting::CloudUrl, "Acme.atlassian.net/jira/your-work")?;
//! assert_eq!(site.to_string(), "https://acme.atlassian.net");
//! assert!(Address::parse(Setting::CloudUrl, "https://admin.atlassian.com").is_err());
//!
//! // A change is sent once; a read may be repeated.
//! assert!(Endpoint::JiraAddMember.changes());
//! assert!(!Endpoint::JiraMembers.changes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

pub mod access;
pub mod admin;
pub mod answer;
pub mod client;
pub mod cloud_id;
pub mod endpoint;
pub mod error;
pub mod jira;
pub mod json;
pub mod limits;
pub mod pace;
pub mod place;
pub mod proxy;
pub mod recording;
pub mod records;
pub mod scim;
pub mod transport;
mod wire;

mod connect_error;
mod connection;
mod doubt;
mod gate;
pub mod judge;
mod network;
mod open;
mod proof;
mod proxy_sign_in;
mod site_clock;
mod witness;

pub use endpoint::Endpoint;
pub use error::{CallError, CallErrorKind, Effect, Hint};
pub use limits::Limits;
pub use open::{Addresses, OpenError, Site};
pub use site_clock::{SiteClock, read_time};
pub use wire::refusal::page_words;
