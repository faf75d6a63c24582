//! How many requests at once and how fast, learnt from the answers: as much as the site gives.
//!
//! Nobody publishes Atlassian's burst limits reliably, and they are counted per endpoint and
//! method. So each endpoint has a [`Pace`] of its own, a pure state machine: answers and instants
//! in, decisions out. A [`Pacer`] shares them between tasks and adds what is common: bounds on
//! requests in flight per [`Lane`](super::endpoint::Lane), and a ceiling of the user's own.
//!
//! # What a pace does
//! - **Window**: how many may be in flight. It starts small and grows with good answers, up to the
//!   lane's bound; 429, failures and very slow answers halve it.
//! - **Ceiling**: how many a second. There is none until the site refuses (429) or warns
//!   (`X-RateLimit-NearLimit`). Then it is measured: between two moments at which a token bucket
//!   is empty, the successes are what it was refilled with, whatever its size. Afterwards it
//!   grows again, slowly near what was measured, faster the longer nothing was refused, so that a
//!   raised limit is found.
//! - **Quiet**: after a 429 nothing is sent on that endpoint before `Retry-After` is over; where
//!   that is missing or cannot be believed, a doubling, bounded wait of our own. Jitter only ever
//!   makes a wait longer.
//!
//! # Why not simply retry
//! Re-sending before `Retry-After` earns the same or a longer wait (Jira's page on rate limiting),
//! and every refused request costs the site as much as a served one. Under 1 % refused is the aim.

mod backoff;
mod ceiling;
mod pacer;
mod state;

pub use backoff::Jitter;
pub(crate) use backoff::backoff;
pub use pacer::{Grant, PaceSettings, Pacer, Permit, Snapshot};
pub use state::{Decision, Pace, Said, Ticket, Why};
