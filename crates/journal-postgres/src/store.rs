//! The store: one session on the server.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use headcount_journal::{
    Durability, JournalError, JournalVersion, RunId, RunLock, Space, Store, Transaction, Wait,
    WorkQueue,
};
use headcount_model::lease::Lease;
use jiff::Timestamp;

use super::address::Address;
use super::connection::{Connection, Server, Shared, values};
use super::error::failed;
use super::leases::{Taking, is_held, take};
use super::pending::Subjects;
use super::queue::PostgresQueue;
use super::schema;
use super::session::Session;
use super::transaction::PostgresTransaction;

/// A journal on a server.
pub(crate) struct PostgresStore {
    pub(crate) session: Arc<Session>,
    /// What this session knows of its run.
    pub(crate) subjects: RefCell<Subjects>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresStore({})", self.session.server.address)
    }
}

impl PostgresStore {
    /// Opens the journal, and makes its tables if there are none.
    pub(crate) fn open(address: Address) -> Result<Self, JournalError> {
        let (server, connection) = connected(address)?;
        schema::prepare(&connection, &server.address)?;
        Ok(Self::on(server, connection))
    }

    fn on(server: Arc<Server>, connection: Connection) -> Self {
        let session = Arc::new(Session::new(server, connection));
        Self { session, subjects: RefCell::default() }
    }
}

fn connected(address: Address) -> Result<(Arc<Server>, Connection), JournalError> {
    let server = Arc::new(Server::new(address)?);
    let connection = Connection::open(&server)?;
    Ok((server, connection))
}

/// The version of the journal; nothing is changed.
pub(crate) fn version(address: Address) -> Result<JournalVersion, JournalError> {
    let (server, connection) = connected(address)?;
    schema::version(&connection, &server.address)
}

/// Makes the journal, or brings it up to date.
pub(crate) fn migrate(address: Address) -> Result<(), JournalError> {
    let (server, connection) = connected(address)?;
    schema::migrate(&connection, &server.address)
}

impl Store for PostgresStore {
    fn check(&self) -> Result<(), JournalError> {
        let connection = self.session.connection()?;
        let read_only = "SELECT pg_is_in_recovery()
            OR current_setting('transaction_read_only')::bool
            OR NOT has_table_privilege('runs', 'INSERT')";
        match connection.one(read_only, values![])? {
            true => Err(JournalError::ReadOnly { place: self.session.server.address.to_string() }),
            false => Ok(()),
        }
    }

    fn another(&self) -> Result<Box<dyn Store>, JournalError> {
        let server = Arc::clone(&self.session.server);
        let connection = Connection::open(&server)?;
        Ok(Box::new(Self::on(server, connection)))
    }

    fn lock(&self, run: &RunId) -> Result<RunLock, JournalError> {
        let connection = self.session.connection()?;
        let taking = Taking { run, worker: None };
        take(&self.session, taking, &mut |sql, values| connection.list(sql, values))
    }

    /// If the server does not answer, the run counts as held: nothing may take it up then.
    fn is_held(&self, run: &RunId) -> bool {
        let held = |connection: Shared| is_held(&connection, run.number());
        self.session.connection().and_then(held).unwrap_or(true)
    }

    /// A run that this process does not carry has a lease that has ended: nothing is sent for it.
    fn lease(&self, run: &RunId) -> Lease {
        let held = self.session.server.leases.held();
        held.get(&run.number()).map_or_else(Lease::ended, |held| held.lease.clone())
    }

    fn queue(&self) -> Result<Option<Box<dyn WorkQueue>>, JournalError> {
        Ok(Some(Box::new(PostgresQueue::open(&self.session.server)?)))
    }

    fn is_queued(&self, run: &RunId) -> bool {
        let queued = "SELECT EXISTS (SELECT 1 FROM queue WHERE run = $1)";
        let is_queued = |connection: Shared| connection.one(queued, values![run.number()]);
        self.session.connection().and_then(is_queued).unwrap_or(false)
    }

    fn transaction(
        &mut self,
        durability: Durability,
    ) -> Result<Box<dyn Transaction + '_>, JournalError> {
        let connection = self.session.connection()?;
        let transaction = PostgresTransaction::begin(
            Arc::clone(&self.session),
            connection,
            self.subjects.get_mut(),
            durability,
        );
        Ok(Box::new(transaction))
    }

    /// The server reuses the space by itself (autovacuum).
    fn shrink(&self) -> Result<Space, JournalError> {
        Ok(Space::Reused)
    }

    fn waits(&self) -> Result<Vec<Wait>, JournalError> {
        let connection = self.session.connection()?;
        let rows = connection.list("SELECT place, call, until, heard FROM waits", values![])?;
        let wait = |row: &tokio_postgres::Row| -> Result<Wait, tokio_postgres::Error> {
            let time = |column| -> Result<Timestamp, tokio_postgres::Error> {
                // What cannot be read is over.
                Ok(row.try_get::<_, &str>(column)?.parse().unwrap_or(Timestamp::UNIX_EPOCH))
            };
            let (until, heard) = (time(2)?, time(3)?);
            Ok(Wait { place: row.try_get(0)?, call: row.try_get(1)?, until, heard })
        };
        rows.iter().map(|row| wait(row).map_err(failed("be read"))).collect()
    }
}
