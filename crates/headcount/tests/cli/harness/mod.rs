//! What every test is on: a world of its own (a home folder and a sandbox), the real binary
//! run in it, and snapshots of what it said.
//!
//! Rules:
//! - The binary sees nothing of the machine: its environment is cleared, its home is a temporary
//!   folder, its site is a sandbox in the test's own process.
//! - After each command no key may be in its output or in any file it wrote; every test checks
//!   that without asking for it.
//! - Nothing sleeps and no time is asserted. Where a test has to strike at the right moment it
//!   waits for a line the program writes.

mod keyring;
mod live;
mod normal;
mod output;
mod recorded;
mod terminal;
mod world;

pub use keyring::Keyring;
pub use live::Live;
pub use output::{Events, Output, snap, table};
pub use recorded::Recorded;
pub use world::{Command, World};
