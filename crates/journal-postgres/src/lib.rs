//! The journal's store on PostgreSQL: one schema, many writers on many machines.
//!
//! - **A commit survives a power cut** of the server, as far as the server's own settings (`fsync`) allow it. A draft's
//!   need not.
//! - **Many write at once**, each its own runs: only the holder of a run's lock writes the run.
//! - **The lock of a run is a lease** that its process renews. Every transaction on a run shows the lease's token.
//! - **Few round trips**: what needs no answer is sent together with the next statement that does, and the moves of
//!   many steps are one statement.
//!
//! What every store does is written down, as tests, in `headcount-journal-contract`.
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod address;
mod address_error;
mod connection;
mod decode;
mod draft;
mod error;
mod filter;
mod held;
mod keeper;
mod leases;
mod moves;
mod passwords;
mod pending;
mod process;
mod queue;
mod rows;
mod runs;
mod schema;
mod search;
mod served;
mod session;
mod settings;
mod settle;
mod signal;
mod steps;
mod store;
mod tables;
#[cfg(all(test, unix))]
mod tests;
mod timeline;
mod tls;
mod transaction;
mod turns;

use headcount_journal::{Journal, JournalError, JournalVersion};

pub use address::Address;
pub use address_error::AddressError;

/// Opens the journal at this address, and makes its tables if there are none.
///
/// # Errors
/// The server cannot be reached or refuses, the schema is another program's, or another version of headcount made it.
pub fn open(address: &Address) -> Result<Journal, JournalError> {
    Ok(Journal::new(Box::new(store::PostgresStore::open(address.clone())?)))
}

/// The version of the journal at this address; nothing is changed.
///
/// # Errors
/// As [`open`].
pub fn version(address: &Address) -> Result<JournalVersion, JournalError> {
    store::version(address.clone())
}

/// Makes the journal at this address, or brings an older one up to date.
///
/// # Errors
/// As [`open`].
pub fn migrate(address: &Address) -> Result<(), JournalError> {
    store::migrate(address.clone())
}
