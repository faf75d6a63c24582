//! Leases: which process carries a run, and until when.
//!
//! - A lease is a row with a **token**, a number that is never given twice. Every transaction that writes a run first
//!   shows its token ([`FENCE`]) and holds the row until its commit. So the writes of a process whose lease has ended,
//!   or whose run another process has taken, are refused as a whole.
//! - The process itself counts a shorter time than the server: from the moment before it asked, and only
//!   three quarters of the term. It sends nothing once that is over.
//! - The row stays when a lease is given back.

use std::sync::Arc;
use std::time::Duration;

use headcount_journal::{Holder, JournalError, RunId, RunLock};
use headcount_model::lease::{Lease, Moment};
use tokio_postgres::Row;

use super::connection::{Call, Connection, Value, values};
use super::decode::value;
use super::held::Held;
use super::process::Process;
use super::session::Session;

/// Refuses a transaction on a run that this process does not carry.
pub(crate) const FENCE: &str = "SELECT fence($1, $2)";

/// Takes a lease that no process has, that has ended, or that has the token $9, whose process has ended.
const TAKE: &str = "
    INSERT INTO leases AS held (run, token, until, since, host, process, machine, born, worker)
    VALUES ($1, nextval('lease_tokens'), clock_timestamp() + make_interval(secs => $2),
            clock_timestamp(), $3, $4, $5, $6, $7)
    ON CONFLICT (run) DO UPDATE
    SET token = excluded.token, until = excluded.until, since = excluded.since,
        host = excluded.host, process = excluded.process, machine = excluded.machine,
        born = excluded.born, worker = excluded.worker
    WHERE held.until <= clock_timestamp() OR held.token = $8
    RETURNING token";

const HOLDER: &str = "
    SELECT token, host, process, machine, born,
           extract(epoch FROM until - clock_timestamp())::float8
    FROM leases WHERE run = $1 AND until > clock_timestamp()";

const GIVE_BACK: &str = "
    UPDATE leases SET until = '-infinity' WHERE run = $1 AND token = $2";

/// Who a run's lease is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taking<'r> {
    pub(crate) run: &'r RunId,
    /// The worker that takes it.
    pub(crate) worker: Option<i64>,
}

/// Executes a statement and returns its rows.
type Execute<'a> = dyn FnMut(&str, Vec<Value>) -> Result<Vec<Row>, JournalError> + 'a;

/// Takes the lease of a run; with what `send` executes its statements, so that it may be a part of a transaction.
///
/// In a process, a run has one holder until that one has let go of it, also if its lease has ended: what it still writes
/// would show the new token.
pub(crate) fn take(
    session: &Arc<Session>,
    taking: Taking<'_>,
    send: &mut Execute<'_>,
) -> Result<RunLock, JournalError> {
    let leases = &session.server.leases;
    let run = taking.run.number();
    if leases.held().contains_key(&run) {
        let holder = Holder { process: std::process::id(), host: None, ends_in: None };
        return Err(JournalError::Locked { run: taking.run.clone(), holder: Some(holder) });
    }
    let mut ended: Option<i64> = None;
    for _ in 0..2 {
        let asked = Moment::now();
        let rows = send(TAKE, take_values(leases.term, taking, ended))?;
        if let Some(row) = rows.first() {
            let token = value(row, 0)?;
            let lease = Lease::until(asked, leases.own_term());
            leases.held().insert(run, Held { token, lease, asked });
            session.server.keep();
            return Ok(RunLock::new(HeldLease { session: Arc::clone(session), run, token }));
        }
        let rows = send(HOLDER, values![run])?;
        let Some(row) = rows.first() else { continue };
        if !has_ended(row)? {
            let holder = Some(holder(row)?);
            return Err(JournalError::Locked { run: taking.run.clone(), holder });
        }
        ended = Some(value(row, 0)?);
    }
    Err(JournalError::Locked { run: taking.run.clone(), holder: None })
}

fn take_values(term: Duration, taking: Taking<'_>, ended: Option<i64>) -> Vec<Value> {
    let own = Process::own();
    values![
        taking.run.number(),
        term.as_secs_f64(),
        own.host.clone(),
        own.number,
        own.machine.clone(),
        own.born,
        taking.worker,
        ended
    ]
}

/// Whether a process carries a run now.
pub(crate) fn is_held(connection: &Connection, run: i64) -> Result<bool, JournalError> {
    let rows = connection.list(HOLDER, values![run])?;
    Ok(rows.first().map(|row| has_ended(row).map(|ended| !ended)).transpose()?.unwrap_or(false))
}

/// Whether the process of a row of [`HOLDER`] has ended.
pub(crate) fn has_ended(row: &Row) -> Result<bool, JournalError> {
    Ok(Process::has_ended(value(row, 2)?, value(row, 3)?, value(row, 4)?))
}

/// The process of a row of [`HOLDER`].
pub(crate) fn holder(row: &Row) -> Result<Holder, JournalError> {
    let (host, process): (String, i64) = (value(row, 1)?, value(row, 2)?);
    let left: f64 = value(row, 5)?;
    Ok(Holder {
        process: u32::try_from(process).unwrap_or_default(),
        host: (host != Process::own().host).then_some(host),
        ends_in: Some(Duration::try_from_secs_f64(left).unwrap_or_default()),
    })
}

/// The lease of a run, until it is dropped.
struct HeldLease {
    session: Arc<Session>,
    run: i64,
    token: i64,
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        let server = &self.session.server;
        let mut held = server.leases.held();
        if held.get(&self.run).is_some_and(|held| held.token == self.token)
            && let Some(held) = held.remove(&self.run)
        {
            held.lease.end();
        }
        drop(held);
        let calls = vec![
            Call { sql: GIVE_BACK, values: values![self.run, self.token] },
            server.wake_workers(),
        ];
        // If the server does not answer, the lease ends by itself.
        let _ = self
            .session
            .connection()
            .and_then(|connection| connection.send(calls, "be written").map(drop));
    }
}
