//! Carrying out a sealed plan.
//!
//! ```text
//! dispatcher ─ "started" committed ─▶ worker ─▶ hands ─ HTTP ─▶ site or sandbox
//! dispatcher ◀─ outcome ─ "settled" committed ─▶ event ─▶ progress · web · --json
//! ```
//!
//! - **One owner of state.** The dispatcher alone holds the journal and decides; a worker keeps
//!   nothing, so nothing is lost with it.
//! - **Nothing is sent before its "started" is committed, no event is told before its fact is.**
//!   All that happened since the last commit shares the next one, so the disk is waited for once
//!   for many steps.
//! - **The engine knows of a step only** that [`Hands`] can perform it and look at it.
//! - **A lost answer is settled by reading**, never by sending again blindly.
//! - **If the journal can't be written, the run stops** with the error.

mod answer;
mod canary;
mod directory;
mod dispatcher;
mod ending;
mod hands;
mod how;
mod invite;
mod look;
mod open;
mod people;
mod policy;
mod queue;
mod reread;
mod settle;
mod sight;
mod start;
mod supply;
mod unclear;
mod waits;
mod watcher;
mod worker;

pub use ending::{Ending, Stop, StopKind};
pub use hands::{Blocked, Hands, NotSent, Performed, Sight};
pub use how::{Halt, How, Level, Patience, Verify};
pub use people::PeopleHands;
pub use start::{RunError, carry_out, settle};
pub use waits::{Heard, Places, remember_waits};
pub use watcher::{CanaryReport, Watcher};
