//! Applies sealed runs. The engine knows no user, group or app: only the [`Executor`] knows what a step changes.
//!
//! ```text
//! dispatcher ─ "started" committed ─▶ worker ─▶ executor ─ HTTP ─▶ site or sandbox
//! dispatcher ◀─ outcome ─ "settled" committed ─▶ event ─▶ progress · web · --json
//! ```
//!
//! - **One owner of state.** Only the dispatcher uses the journal and decides. A worker keeps nothing, so nothing is
//!   lost if it dies.
//! - **A step is sent only after its "started" is committed; an event is reported only after its fact is.**
//!   One commit holds everything since the last one, so that many steps share one wait for the disk.
//! - **Of a step, the engine knows only** that the [`Executor`] can perform and observe it.
//! - **If an answer is lost, the engine reads the site**; it never sends again without reading.
//! - **If the journal can't be written, the run stops** with the error.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]
#![cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]

mod canary;
mod claim;
mod context;
mod dispatcher;
mod error;
mod executor;
mod feed;
mod halt;
pub mod max_changes;
mod notes;
mod odd_answers;
mod options;
mod orders;
mod policy;
mod queue;
mod recheck;
mod reconcile;
mod recovery;
mod start;
mod stop_reason;
mod watcher;
mod worker;

pub use context::RunContext;
pub use error::RunError;
pub use executor::{
    Blocked, Description, Executor, Lane, NotSent, Observation, Performed, Refusal, Rules,
};
pub use halt::{Halt, Level};
pub use notes::{Closed, NoteWriter, Notes, notes};
pub use options::{DAY, Patience, RunOptions, Verify};
pub use start::{carry_out, settle};
pub use stop_reason::{Ending, Stop, StopKind};
pub use watcher::{CanaryReport, Watcher};
