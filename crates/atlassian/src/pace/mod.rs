//! How many requests at once and how fast, learned from the answers: as much as the site accepts.
//!
//! Atlassian's burst limits are not published reliably, and they are counted per endpoint and method. So each endpoint
//! has a [`Pace`] of its own, a pure state machine from answers and instants to decisions. A [`Pacer`] shares the
//! paces between tasks and adds the common limits: open requests per [`Lane`](super::endpoint::Lane), and the
//! user's own limit.
//!
//! # What a pace does
//! - **Window** (`window`): how many requests may be open. It starts at 1 and grows with each good answer, doubling
//!   in five round trips, up to the lane's limit, so that a first refusal meets few open requests. (If the user asks
//!   for a number of parallel requests, the window starts higher and grows faster.) A 429, failures and very slow
//!   answers halve it.
//! - **Ceiling** (`ceiling`): how many requests per second. There is none until the site shows a limit, in one of
//!   three ways, the best first. With the *headers* `X-RateLimit-Limit` and `-Remaining` the level of the bucket is
//!   known, so its rate is computed and kept without a refusal (`header_control`). With the *warning*
//!   `X-RateLimit-NearLimit` the level is known each time a warning begins or ends, and the rate is the number of
//!   requests served in between (`warning`). At a *refusal* the bucket is empty, which is also a known level; before
//!   the first one it was full (`history`). All this is counted by when requests were sent, and again with each
//!   further refusal of an open request. The tokens that were added during a pause are spent first; if a pause added
//!   fewer than it should, the bucket is small.
//! - **Trying more** (`budget`): the ceiling then keeps its rate as long as more than 0.8 % of all requests were
//!   refused, or pauses took more than 2 % of the time. Then it rises until the next refusal or warning, because
//!   nothing else shows a raised limit.
//! - **Quiet**: after a 429, nothing is sent on that endpoint before `Retry-After` has passed. If it is missing or
//!   not believable, headcount chooses a doubling, limited wait. Jitter only makes a wait longer.
//!
//! # The results
//! docs/pace.md has the figures: simulated (tests, `pace`) and measured (`bench/pace.py`). A bucket that holds nearly
//! nothing refuses any two requests that arrive together, and each refusal costs its pause: twice the ideal time.
//!
//! # Why requests are not simply repeated
//! Sending again before `Retry-After` has passed earns the same or a longer wait (Jira's page on rate limiting), and a
//! refused request costs the site as much as a served one. The aim is less than 1 % refused.

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
