//! A session: a connection to the server, a new one if the last one was lost.
//!
//! A connection may be replaced at any time between two transactions, because each transaction on a run shows the
//! token of the run's lease ([`super::leases`]).

use std::sync::{Arc, Mutex, PoisonError};

use headcount_journal::JournalError;

use super::connection::{Connection, Server, Shared};

pub(crate) struct Session {
    pub(crate) server: Arc<Server>,
    connection: Mutex<Shared>,
}

impl Session {
    pub(crate) fn new(server: Arc<Server>, connection: Connection) -> Self {
        Self { server, connection: Mutex::new(Arc::new(connection)) }
    }

    /// The connection; a new one if it was lost.
    pub(crate) fn connection(&self) -> Result<Shared, JournalError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_closed() {
            *connection = Arc::new(Connection::open(&self.server)?);
        }
        Ok(Arc::clone(&connection))
    }
}
