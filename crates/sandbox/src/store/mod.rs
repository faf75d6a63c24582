//! The state file: a line of JSON for each change, in the order in which they were made.
//!
//! # Rules
//! - A change is handed over ([`Store::append`]) while the organization is locked, so the file's
//!   order is the organization's. The answer waits ([`Store::wait`]) until its line is on disk;
//!   the one writing thread puts all lines that are waiting into one `fdatasync`.
//! - Reading answers wait too, for what they may have seen.
//! - The file starts with a snapshot. Lines that come after are replayed; when they outgrow the
//!   snapshot, the next start writes a new one next to it and renames it over.
//! - A last line without its end is what a crash leaves: no answer was sent for it, so it is cut off.
//!   Damage anywhere else is an error; nothing is guessed.
//! - If the disk fails, every answer from then on is an error: what memory holds and the file
//!   doesn't is never confirmed.

mod file;
mod writer;

pub(crate) use file::open;
pub(crate) use writer::Store;
