//! The state file: one line of JSON for each change, in the order in which they were made.
//!
//! # Rules
//! - A change is queued ([`Store::append`]) while the organization is locked, so the file has the organization's
//!   order. The answer waits ([`Store::wait`]) until its line is on disk; a single writing thread syncs all
//!   waiting lines with one `fdatasync`.
//! - Answers to reads wait, too, for the changes that they may show.
//! - The file starts with a snapshot. The lines after it are replayed. When they outgrow the snapshot, the next
//!   start writes a new one next to the file and renames it.
//! - A crash may leave an incomplete last line. No answer was sent for it, so it is cut off. Damage at any other
//!   place is an error; nothing is guessed.
//! - If the disk fails, every later answer is an error: a change that is in memory but not in the file is never
//!   confirmed.

mod file;
mod writer;

pub(crate) use file::open;
pub(crate) use writer::Store;
