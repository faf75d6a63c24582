//! The real client: one typed method for each call that the product makes.
//!
//! ```text
//! connect_error  why there is no connection, in words for people
//! connection  a connection with its type forgotten
//! proxy       which address is reached by which proxy
//! network     TCP, TLS, and the way through a proxy
//! transport   the seam: how a connection is made; time limits; bounded answers
//! recording   requests that are noted instead of sent
//! answer      what came back, whole or cut off
//! error       an error says: no effect | unknown effect, and in whose words
//! endpoint    the table of calls: host, method, path; pace and errors are keyed by it
//! pace        how many at once and how fast, per endpoint, learnt from the answers
//! facts       what answers say, freed from the shapes of either API
//! witness     whether a failed read says anything of the site as a whole
//! client      change: once, now, never again · read: waits its turn, tries again
//! json        bytes → JSON, in one place
//! judge       is an answer the yes that is described, a refusal, or neither?
//! site_clock  what time it is there, by the dates of its answers
//! proof       a 404 or 403 counts once something that must be there was seen
//! wire        the shapes of requests and answers, for Jira and for the admin APIs
//! jira admin  one method a call
//! ```
//!
//! Rules:
//! - A changing call is sent exactly once, at once, with a [`pace::Permit`] taken before; it never
//!   waits and never retries. Whether it is sent again is decided by the caller, which keeps the journal.
//! - A read waits for the pace and is tried again, with a budget, never before `Retry-After`.
//! - Redirects are never followed: the credential would follow them.
//! - Everything that came from a server passes the redactor and loses its control characters
//!   before it is put into an error.
//!
//! ```
//! use headcount_atlassian::access::{Address, Setting};
//! use headcount_atlassian::endpoint::Endpoint;
//!
//! // What people paste becomes the site's address; what can mean two things is an error.
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
pub mod transport;
mod wire;

mod connect_error;
mod connection;
mod doubt;
pub mod judge;
mod network;
mod open;
mod proof;
mod site_clock;
mod witness;

pub use endpoint::Endpoint;
pub use error::{CallError, CallErrorKind, Effect, Hint};
pub use limits::Limits;
pub use open::{Addresses, OpenError, Site};
pub use site_clock::SiteClock;
pub use wire::refusal::page_words;
