//! A session: a connection, and the locks of runs that it holds.
//!
//! **The lock of a run is an advisory lock of the connection that writes the run.** The server ends it with the
//! connection, so what a process without the lock writes is refused: its connection is gone. A session that holds a
//! lock therefore never connects again by itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use headcount_journal::{JournalError, RunId, RunLock};

use super::connection::{Connection, Server, Shared, values};

/// A process that was killed holds its locks until the server has noticed; that takes some milliseconds.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The time between two tries.
const BETWEEN: Duration = Duration::from_millis(30);

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) server: Arc<Server>,
    state: Mutex<State>,
}

struct State {
    connection: Shared,
    /// The runs whose locks this session holds: PostgreSQL would give a session its own lock once more.
    held: BTreeSet<i64>,
    /// A lock could not be given back: it ends with the connection.
    is_spent: bool,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "State({:?})", self.held)
    }
}

impl Session {
    pub(crate) fn new(server: Arc<Server>, connection: Connection) -> Self {
        let state =
            State { connection: Arc::new(connection), held: BTreeSet::new(), is_spent: false };
        Self { server, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection; a new one if it was lost and no lock with it.
    pub(crate) fn connection(&self) -> Result<Shared, JournalError> {
        let mut state = self.state();
        let is_gone = state.connection.is_closed() || state.is_spent;
        if is_gone && state.held.is_empty() {
            state.connection = Arc::new(Connection::open(&self.server)?);
            state.is_spent = false;
        }
        Ok(Arc::clone(&state.connection))
    }

    /// Takes the lock of a run.
    pub(crate) fn lock(self: &Arc<Self>, run: &RunId) -> Result<RunLock, JournalError> {
        let locked = || JournalError::Locked { run: run.clone(), holder: None };
        let connection = self.connection()?;
        if self.state().held.contains(&run.number()) {
            return Err(locked());
        }
        let begun = Instant::now();
        let key = key(run.number())?;
        loop {
            let take = "SELECT pg_try_advisory_lock($1::int4, $2::int4)";
            if connection.one(take, values![connection.schema, key])? {
                break;
            }
            if begun.elapsed() > PATIENCE {
                return Err(locked());
            }
            std::thread::sleep(BETWEEN);
        }
        self.state().held.insert(run.number());
        Ok(RunLock::new(HeldLock { session: Arc::clone(self), connection, run: run.number() }))
    }

    /// Whether a session holds the lock of a run. Asking takes no lock, so it blocks no process that takes it.
    pub(crate) fn is_held(&self, run: &RunId) -> Result<bool, JournalError> {
        let connection = self.connection()?;
        let held = "SELECT EXISTS (SELECT 1 FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND classid::bigint = $1 AND objid::bigint = $2)";
        let schema = i64::from(connection.schema as u32);
        connection.one(held, values![schema, run.number()])
    }
}

/// The second half of a lock's key: a run's number.
fn key(run: i64) -> Result<i32, JournalError> {
    i32::try_from(run)
        .map_err(|_| JournalError::Unreadable { what: format!("the number {run} of a run") })
}

/// The lock of a run, until it is dropped or its connection ends.
struct HeldLock {
    session: Arc<Session>,
    connection: Shared,
    run: i64,
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        let free = "SELECT pg_advisory_unlock($1::int4, $2::int4)";
        let schema = self.connection.schema;
        let freed =
            key(self.run).and_then(|key| self.connection.one::<bool>(free, values![schema, key]));
        let mut state = self.session.state();
        state.held.remove(&self.run);
        if freed.is_err() {
            state.is_spent = true;
        }
    }
}
