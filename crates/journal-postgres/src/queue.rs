//! The queue of runs for workers. A worker takes a run if it is its turn ([`super::turns`]).

use std::sync::Arc;
use std::time::Duration;

use headcount_journal::{
    CarriedRun, JournalError, QueuedRun, RunId, RunState, SITE_ID, TakenRun, Wanted, WorkQueue,
    WorkerEntry,
};
use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::{Call, Connection, Server, Shared, values};
use super::decode::{parsed, timestamp, value};
use super::leases::{FENCE, Taking, take};
use super::process::Process;
use super::session::Session;
use super::transaction::text;
use super::turns::{is_busy, try_turn};

/// The queue, with connections of its own.
pub(crate) struct PostgresQueue {
    session: Arc<Session>,
    /// Gives leases back: the other one may be in a transaction then.
    returns: Arc<Session>,
}

const QUEUED: &str =
    "SELECT queue.run, runs.created_at, queue.queued_at, queue.queued_by, queue.how,
           queue.note, runs.site
    FROM queue JOIN runs ON runs.run = queue.run";

impl PostgresQueue {
    pub(crate) fn open(server: &Arc<Server>) -> Result<Self, JournalError> {
        let session = || -> Result<Arc<Session>, JournalError> {
            Ok(Arc::new(Session::new(Arc::clone(server), Connection::open(server)?)))
        };
        Ok(Self { session: session()?, returns: session()? })
    }

    fn connection(&self) -> Result<Shared, JournalError> {
        self.session.connection()
    }

    fn write(&self, calls: Vec<Call<'_>>) -> Result<u64, JournalError> {
        let answers = self.connection()?.send(calls, "be written")?;
        Ok(answers.first().map(|answer| answer.lines).unwrap_or_default())
    }

    /// Puts a run into the queue, in a transaction that is begun already.
    fn put_fenced(
        &self,
        connection: &Connection,
        queued: &QueuedRun,
        shown: RunState,
    ) -> Result<(), JournalError> {
        let (run, server) = (queued.run.number(), &self.session.server);
        let put = "INSERT INTO queue (run, queued_at, queued_by, how)
            SELECT run, $2, $3, $4 FROM runs WHERE run = $1 AND state = $5
            ON CONFLICT (run) DO UPDATE
            SET queued_at = excluded.queued_at, queued_by = excluded.queued_by,
                how = excluded.how, note = NULL";
        let by = queued.by.as_deref().map(text);
        let (at, how) = (queued.at.to_string(), queued.how.to_string());
        let fence = values![run, server.leases.token(run)];
        let lock = "SELECT state FROM runs WHERE run = $1 FOR SHARE";
        let calls = vec![
            Call { sql: FENCE, values: fence },
            Call { sql: lock, values: values![run] },
            Call { sql: put, values: values![run, at, by, how, shown.word()] },
            server.wake_workers(),
        ];
        let answers = connection.send(calls, "be written")?;
        if answers.get(2).is_some_and(|answer| answer.lines == 1) {
            return Ok(());
        }
        let found = answers.get(1).and_then(|answer| answer.rows.first());
        let found = found.ok_or_else(|| JournalError::NoSuchRun(queued.run.to_string()))?;
        let state = RunState::from_word(value(found, 0)?).unwrap_or(shown);
        Err(JournalError::WrongState { run: queued.run.clone(), state, wanted: shown.word() })
    }

    /// Gives back the leases of processes of this machine that have ended.
    fn free_the_dead(&self, connection: &Connection) -> Result<(), JournalError> {
        let held = "SELECT token, process, machine, born FROM leases
            WHERE until > statement_timestamp() AND machine = $1";
        let rows = connection.list(held, values![Process::own().machine.clone()])?;
        let mut dead: Vec<i64> = Vec::new();
        for row in &rows {
            if Process::has_ended(value(row, 1)?, value(row, 2)?, value(row, 3)?) {
                dead.push(value(row, 0)?);
            }
        }
        if dead.is_empty() {
            return Ok(());
        }
        let free = "UPDATE leases SET until = '-infinity' WHERE token = ANY ($1)";
        connection.list(free, values![dead]).map(drop)
    }

    /// One try in a transaction that is begun already.
    fn try_to_take(
        &self,
        connection: &Connection,
        wanted: &Wanted<'_>,
        tried: &mut Tried,
    ) -> Result<Try, JournalError> {
        let busy = is_busy();
        let first = format!(
            "{QUEUED}
            WHERE runs.state IN ('planned', 'stopped', 'running')
              AND ($1::text[] IS NULL OR runs.profile = ANY ($1))
              AND NOT queue.run = ANY ($2::bigint[]) AND NOT runs.site = ANY ($3::text[])
              AND NOT {busy}
            ORDER BY queue.place LIMIT 1 FOR UPDATE OF queue SKIP LOCKED"
        );
        let profiles = wanted.profiles.map(<[String]>::to_vec);
        let values = values![profiles, tried.runs.clone(), tried.sites.clone()];
        let rows = connection.list(&first, values)?;
        let Some(row) = rows.first() else { return Ok(Try::Nothing) };
        let (queued, site): (_, String) = (queued_of(row)?, value(row, 6)?);
        let number = queued.run.number();
        let is_busy = format!("SELECT {busy} FROM runs WHERE run = $1");
        if !connection.one::<bool>(&try_turn(), values![number])?
            || connection.one(&is_busy, values![number])?
        {
            tried.sites.push(site);
            return Ok(Try::Again);
        }
        let taking = Taking { run: &queued.run, worker: Some(wanted.worker) };
        let lock = take(&self.returns, taking, &mut |sql, values| connection.list(sql, values));
        match lock {
            Ok(lock) => Ok(Try::Taken(TakenRun { queued, lock })),
            Err(JournalError::Locked { .. }) => {
                tried.runs.push(number);
                Ok(Try::Again)
            }
            Err(error) => Err(error),
        }
    }
}

/// What a worker does not try again at once.
struct Tried {
    runs: Vec<i64>,
    sites: Vec<String>,
}

enum Try {
    Taken(TakenRun),
    Nothing,
    Again,
}

impl WorkQueue for PostgresQueue {
    fn put(&mut self, queued: &QueuedRun, shown: RunState) -> Result<(), JournalError> {
        let connection = self.connection()?;
        connection.execute("BEGIN")?;
        let put = self.put_fenced(&connection, queued, shown);
        connection.execute(if put.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        put
    }

    fn remove(&mut self, run: &RunId) -> Result<bool, JournalError> {
        let sql = "DELETE FROM queue WHERE run = $1";
        Ok(self.write(vec![Call { sql, values: values![run.number()] }])? > 0)
    }

    fn note(&mut self, run: &RunId, why: &str) -> Result<(), JournalError> {
        let sql = "UPDATE queue SET note = $2 WHERE run = $1";
        self.write(vec![Call { sql, values: values![run.number(), text(why)] }]).map(drop)
    }

    fn queued(&mut self) -> Result<Vec<QueuedRun>, JournalError> {
        let all = format!("{QUEUED} ORDER BY queue.place");
        self.connection()?.list(&all, values![])?.iter().map(queued_of).collect()
    }

    fn take(&mut self, wanted: &Wanted<'_>) -> Result<Option<TakenRun>, JournalError> {
        let connection = self.connection()?;
        self.free_the_dead(&connection)?;
        let mut tried = Tried { runs: wanted.except.to_vec(), sites: Vec::new() };
        loop {
            connection.execute("BEGIN")?;
            let tried = self.try_to_take(&connection, wanted, &mut tried);
            let ended = match &tried {
                Ok(Try::Taken(_)) => connection.execute("COMMIT"),
                Ok(Try::Nothing | Try::Again) | Err(_) => connection.execute("ROLLBACK"),
            };
            match tried? {
                Try::Taken(taken) => return ended.map(|()| Some(taken)),
                Try::Nothing => return ended.map(|()| None),
                Try::Again => ended?,
            }
        }
    }

    fn is_rung(&mut self) -> bool {
        self.session.server.signal.was_rung()
    }

    fn enlist(&mut self, profiles: Option<&[String]>, jobs: u64) -> Result<i64, JournalError> {
        let connection = self.connection()?;
        let old = "DELETE FROM workers WHERE seen < clock_timestamp() - interval '1 day'";
        connection.list(old, values![])?;
        let own = Process::own();
        let worker = connection.one(
            "INSERT INTO workers (host, process, machine, born, profiles, jobs, since, seen, until)
             VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp(),
                     clock_timestamp() + make_interval(secs => $7)) RETURNING worker",
            values![
                own.host.clone(),
                own.number,
                own.machine.clone(),
                own.born,
                profiles.map(|names| serde_json::json!(names).to_string()),
                i64::try_from(jobs).unwrap_or(i64::MAX),
                self.session.server.leases.term.as_secs_f64()
            ],
        )?;
        self.session.server.signal.enlist(worker);
        self.session.server.keep();
        Ok(worker)
    }

    fn dismiss(&mut self, worker: i64) -> Result<(), JournalError> {
        self.session.server.signal.dismiss(worker);
        let sql = "DELETE FROM workers WHERE worker = $1";
        self.write(vec![Call { sql, values: values![worker] }]).map(drop)
    }

    fn workers(&mut self) -> Result<Vec<WorkerEntry>, JournalError> {
        let all = "SELECT worker, host, process, profiles, jobs,
                   extract(epoch FROM since)::float8,
                   extract(epoch FROM clock_timestamp() - seen)::float8,
                   until > clock_timestamp(), machine, born
            FROM workers ORDER BY worker";
        let entry = |row: &Row| {
            let (process, machine, born): (i64, String, i64) =
                (value(row, 2)?, value(row, 8)?, value(row, 9)?);
            let profiles: Option<String> = value(row, 3)?;
            Ok(WorkerEntry {
                number: value(row, 0)?,
                host: value(row, 1)?,
                process,
                profiles: profiles.as_deref().map(parsed).transpose()?,
                jobs: value::<i64>(row, 4)?.unsigned_abs(),
                since: at(value(row, 5)?),
                seen: Duration::try_from_secs_f64(value(row, 6)?).unwrap_or_default(),
                is_alive: value(row, 7)? && !Process::has_ended(process, &machine, born),
            })
        };
        self.connection()?.list(all, values![])?.iter().map(entry).collect()
    }

    fn carried(&mut self) -> Result<Vec<CarriedRun>, JournalError> {
        // The names of places are those of `app/site/open.rs`.
        let all = format!(
            "SELECT leases.run, runs.created_at, host, process, worker,
                    extract(epoch FROM since)::float8,
                    (SELECT count(*) FROM steps WHERE steps.run = leases.run AND settled_at > $1),
                    (SELECT max(until) FROM waits WHERE waits.until > $2 AND place IN (
                        runs.site, (runs.options::json ->> '{SITE_ID}') COLLATE \"C\",
                        replace(split_part(runs.organization, '/directories/', 1),
                                '/admin/v1/orgs/', ' ')))
             FROM leases JOIN runs ON runs.run = leases.run
             WHERE leases.until > statement_timestamp() ORDER BY leases.run"
        );
        let now = Timestamp::now();
        let minute_ago = now.checked_sub(jiff::SignedDuration::from_secs(60)).unwrap_or(now);
        let values = values![minute_ago.to_string(), now.to_string()];
        let carried = |row: &Row| {
            let waits: Option<String> = value(row, 7)?;
            Ok(CarriedRun {
                run: run_of(row)?,
                host: value(row, 2)?,
                process: value(row, 3)?,
                worker: value(row, 4)?,
                since: at(value(row, 5)?),
                settled: value::<i64>(row, 6)?.unsigned_abs(),
                waits_until: waits.and_then(|until| until.parse().ok()),
            })
        };
        self.connection()?.list(&all, values)?.iter().map(carried).collect()
    }
}

fn at(seconds: f64) -> Timestamp {
    Timestamp::from_millisecond((seconds * 1_000.0) as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The run of the first two columns.
fn run_of(row: &Row) -> Result<RunId, JournalError> {
    Ok(RunId::new(value(row, 0)?, timestamp(value(row, 1)?)?))
}

fn queued_of(row: &Row) -> Result<QueuedRun, JournalError> {
    Ok(QueuedRun {
        run: run_of(row)?,
        at: timestamp(value(row, 2)?)?,
        by: value(row, 3)?,
        how: parsed(value(row, 4)?)?,
        note: value(row, 5)?,
    })
}
