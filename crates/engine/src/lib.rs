//! Carries out the steps of a sealed run. It knows no user, group or app: only the [`Executor`] knows what a
//! step is about.
//!
//! ```text
//! dispatcher ─ "started" committed ─▶ worker ─▶ executor ─ HTTP ─▶ site or sandbox
//! dispatcher ◀─ outcome ─ "settled" committed ─▶ event ─▶ progress · web · --json
//! ```
//!
//! - **One owner of state.** The dispatcher alone holds the journal and decides; a worker keeps
//!   nothing, so nothing is lost with it.
//! - **A step is sent only after its "started" is committed; an event is reported only after its fact is.**
//!   All that happened since the last commit shares the next one, so the disk is waited for once
//!   for many steps.
//! - **Of a step, the engine knows only** that the [`Executor`] can perform and observe it.
//! - **A lost answer is settled by reading**, never by sending again blindly.
//! - **If the journal can't be written, the run stops** with the error.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod canary;
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
