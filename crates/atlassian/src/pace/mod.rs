//! How many requests at once and how fast, learnt from the answers: as much as the site gives.
//!
//! Atlassian's burst limits are not published reliably, and they are counted per endpoint and
//! method. So each endpoint has a [`Pace`] of its own, a pure state machine: answers and instants
//! in, decisions out. A [`Pacer`] shares them between tasks and adds what is common: bounds on
//! requests in flight per [`Lane`](super::endpoint::Lane), and a ceiling of the user's own.
//!
//! # What a pace does
//! - **Window** (`window`): how many may be in flight. It starts at 1 and grows with each good
//!   answer, twofold in five round trips, up to the lane's bound: a first refusal then meets few in
//!   flight. (A parallelism that was asked for starts higher and grows freely.) 429 and failures
//!   halve it, very slow answers too.
//! - **Ceiling** (`ceiling`): how many a second. There is none until the site shows a limit, in one
//!   of three ways, best first. *Headers* `X-RateLimit-Limit` and `-Remaining`: the bucket can be
//!   seen, its rate is computed and kept to without a refusal (`guide`). *Warnings*
//!   `X-RateLimit-NearLimit`: each time they begin or end the bucket's level is known, and the rate
//!   is what was served in between (`warning`). *Refusals*: the bucket is empty, which is a level
//!   too; before the first it was full (`history`). All this is counted by when requests were sent,
//!   and again with each further refusal of what was under way. What a pause has let in is spent
//!   first; one that brought less than it should shows how little the bucket holds.
//! - **Trying more** (`budget`): then the ceiling holds, as long as what was refused is more than
//!   0.8 % of all, or the pauses more than 2 % of the time, and tries more until the next refusal or
//!   warning: a raised limit is found by nothing else.
//! - **Quiet**: after a 429 nothing is sent on that endpoint before `Retry-After` is over; where
//!   that is missing or cannot be believed, a doubling, bounded wait of our own. Jitter only ever
//!   makes a wait longer.
//!
//! # What that comes to
//! docs/pace.md has the figures: simulated (tests, `pace`) and measured (`bench/pace.py`). A bucket
//! that holds nearly nothing refuses any two requests that arrive together, and each refusal costs
//! its pause: twice the ideal time.
//!
//! # Why not simply retry
//! Re-sending before `Retry-After` earns the same or a longer wait (Jira's page on rate limiting),
//! and every refused request costs the site as much as a served one. Under 1 % refused is the aim.

mod backoff;
mod budget;
mod ceiling;
mod header_control;
mod history;
mod pacer;
mod signals;
mod state;
mod warning;
mod window;

pub use backoff::Jitter;
pub(crate) use backoff::backoff;
pub use header_control::Left;
pub use pacer::{Grant, PaceSettings, Pacer, Permit, Snapshot};
pub use signals::{Decision, Hold, Said, Ticket, Why};
pub use state::Pace;
