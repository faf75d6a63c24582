//! How many requests at once and how fast, learnt from the answers: as much as the site gives.
//!
//! Nobody publishes Atlassian's burst limits reliably, and they are counted per endpoint and
//! method. So each endpoint has a [`Pace`] of its own, a pure state machine: answers and instants
//! in, decisions out. A [`Pacer`] shares them between tasks and adds what is common: bounds on
//! requests in flight per [`Lane`](super::endpoint::Lane), and a ceiling of the user's own.
//!
//! # What a pace does
//! - **Window**: how many may be in flight. It starts at 4 and grows with each good answer, up to
//!   the lane's bound, but stays below a fourth of what was served: a first refusal then meets few
//!   in flight. (A parallelism that was asked for starts higher and grows freely.) 429 and failures
//!   halve it, very slow answers too.
//! - **Ceiling**: how many a second. There is none until the site shows a limit, in one of three
//!   ways, best first. *Headers* `X-RateLimit-Limit` and `-Remaining`: the bucket can be seen, its
//!   rate is computed and kept to without a refusal (`guide`). *Warnings* `X-RateLimit-NearLimit`:
//!   a little slower each time until they stop. *Refusals*: between two moments at which a token
//!   bucket is empty, the successes are what it was refilled with (`history`). Afterwards the
//!   ceiling grows again, slowly near what was measured, fast once more was taken than any bucket
//!   explains, so that a raised limit is found (`ceiling`).
//! - **Quiet**: after a 429 nothing is sent on that endpoint before `Retry-After` is over; where
//!   that is missing or cannot be believed, a doubling, bounded wait of our own. Jitter only ever
//!   makes a wait longer.
//!
//! # What that comes to
//! In a simulated world (tests, `pace`), rows = 60 × rate: with the headers 0 refused and at most
//! 1.03 × the ideal time at 5 to 200 a second and 2 to 300 ms; with 429 alone at most 1.05 × and
//! under 1 % refused from 20 a second and up to 50 ms on (smaller buckets: up to 3 %, for a first
//! refusal meets 4 in flight); a halved or doubled limit is found in 3 s with headers, in 2 s
//! (down) to 19 s (up) without. A bucket that holds nearly nothing is not modelled well: it refuses
//! any two requests that arrive together, and each refusal costs its pause.
//!
//! # Why not simply retry
//! Re-sending before `Retry-After` earns the same or a longer wait (Jira's page on rate limiting),
//! and every refused request costs the site as much as a served one. Under 1 % refused is the aim.

mod backoff;
mod ceiling;
mod guide;
mod history;
mod pacer;
mod state;

pub use backoff::Jitter;
pub(crate) use backoff::backoff;
pub use guide::Left;
pub use pacer::{Grant, PaceSettings, Pacer, Permit, Snapshot};
pub use state::{Decision, Pace, Said, Ticket, Why};
