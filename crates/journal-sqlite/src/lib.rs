//! The journal's store on SQLite: one file, one writer, any number of readers.
//!
//! - **A commit survives a power cut**: `synchronous=FULL` in WAL mode. A draft's need not.
//! - **One writer at a time**: a transaction takes the write lock when it begins; others wait for it.
//! - **The lock of a run is the operating system's**, on a file next to the journal: it ends with its
//!   process.
//!
//! What every store does is written down, as tests, in `headcount-journal-contract`.
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let journal = headcount_journal_sqlite::open(&folder.path().join("journal.db"))?;
//! assert!(journal.runs()?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod alike;
mod connection;
#[cfg(test)]
mod cost;
mod counted;
mod decode;
mod draft;
mod error;
mod functions;
mod identity;
mod lock;
mod moves;
mod returns;
mod rows;
mod runs;
mod schema;
mod steps;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod timeline;
mod transaction;
mod volume;

use std::path::Path;

use headcount_journal::{Journal, JournalError};

pub use schema::{VERSION, version};
pub use volume::{Volume, volume};

/// Opens the journal in this file, makes it where there is none, and brings an older one up to date.
///
/// # Errors
/// The file cannot be opened or is no journal, a newer headcount wrote it, or it is on a network file
/// system.
pub fn open(path: &Path) -> Result<Journal, JournalError> {
    Ok(Journal::new(Box::new(store::SqliteStore::open(path)?)))
}
