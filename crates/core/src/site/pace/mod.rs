//! How many requests at once and how fast, learnt from the answers: as much as the site gives.
//!
//! Nobody publishes Atlassian's burst limits reliably, and they are counted per endpoint and
//! method. So each endpoint has a [`Pace`] of its own, a pure state machine: answers and instants
//! in, decisions out. A [`Pacer`] shares them between tasks and adds what is common: bounds on
//! requests in flight per [`Lane`](super::endpoint::Lane), and a ceiling of the user's own.
//!
//! # What a pace does
//! - **Window**: how many may be in flight. It starts at 2 and grows with each good answer, up to
//!   the lane's bound, but stays below a third of what was served: a first refusal then meets few
//!   in flight. (A parallelism that was asked for starts higher and grows freely.) 429 and failures
//!   halve it, very slow answers too.
//! - **Ceiling**: how many a second. There is none until the site shows a limit, in one of three
//!   ways, best first. *Headers* `X-RateLimit-Limit` and `-Remaining`: the bucket can be seen, its
//!   rate is computed and kept to without a refusal (`guide`). *Warnings* `X-RateLimit-NearLimit`:
//!   a little slower each time until they stop. *Refusals*: between two moments at which a token
//!   bucket is empty, the successes are what it was refilled with (`history`). What a pause has let
//!   in is spent first; one that brought less than it should shows how little the bucket holds.
//!   Then the ceiling holds what was measured, and rises to the next refusal, for a raised limit is
//!   found by nothing else (`ceiling`). How long it holds is a budget: 0.7 % of all requests may be
//!   refused for it, and 4.5 % of the time be lost by its pauses.
//! - **Quiet**: after a 429 nothing is sent on that endpoint before `Retry-After` is over; where
//!   that is missing or cannot be believed, a doubling, bounded wait of our own. Jitter only ever
//!   makes a wait longer.
//!
//! # What that comes to
//! docs/pace.md has the figures: simulated (tests, `pace`) and measured (`bench/pace.py`). In short:
//! with the headers nothing is refused; without them the rate is found within 1.05 × the ideal time
//! and under 1 % refused up to 50 ms. Where an answer takes 300 ms, more are under way when the
//! first is refused (up to 1.7 %); a raised limit is found in 5 to 20 s, at five a second by luck or
//! after up to a minute. A bucket that holds nearly nothing refuses any two requests that arrive
//! together, and each refusal costs its pause: twice the ideal time.
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
