//! One transaction that writes.
//!
//! A statement whose result decides nothing waits in the transaction and is sent with the next one that must be
//! answered, at the latest with the commit. Its error then ends that statement, and nothing of the transaction counts.

use std::sync::Arc;

use headcount_journal::{Durability, JournalError, RunId, Transaction, Wait};
use headcount_model::door::Door;
use headcount_model::retry_after::LONGEST;
use headcount_model::step::StepState;
use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::{Answer, Call, Shared, Value, values};
use super::error::is_not_all_moved;
use super::pending::{Pending, Subjects};
use super::session::Session;

/// Begins a transaction that a power cut may lose.
pub(crate) const RELAXED: [&str; 2] = ["BEGIN", "SET LOCAL synchronous_commit TO off"];

/// Begins a transaction that a power cut spares, also on a server that otherwise loses commits.
pub(crate) const DURABLE: [&str; 2] = [
    "BEGIN",
    "SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'",
];

/// A transaction. It begins on the server with its first statement.
pub(crate) struct PostgresTransaction<'s> {
    pub(crate) session: Arc<Session>,
    pub(crate) connection: Shared,
    pub(crate) subjects: &'s mut Subjects,
    durability: Durability,
    has_begun: bool,
    /// The runs whose leases were shown.
    fenced: Vec<i64>,
    /// What waits to be written.
    pub(crate) pending: Pending,
    /// A run, and the last step that was added to it here.
    pub(crate) last_step: Option<(i64, i64)>,
    /// Doors of runs, by their numbers in the journal.
    pub(crate) doors: Vec<(i64, Arc<Door>, i64)>,
    /// What is sent with the commit.
    pub(crate) last: Option<Call<'static>>,
    /// The moves whose statements end the transaction if they are not legal.
    pub(crate) moved: Vec<Moved>,
}

/// A move of several steps.
pub(crate) struct Moved {
    pub(crate) run: RunId,
    pub(crate) steps: Vec<i64>,
    pub(crate) to: StepState,
}

impl<'s> PostgresTransaction<'s> {
    pub(crate) fn begin(
        session: Arc<Session>,
        connection: Shared,
        subjects: &'s mut Subjects,
        durability: Durability,
    ) -> Self {
        Self {
            session,
            connection,
            subjects,
            durability,
            has_begun: false,
            fenced: Vec::new(),
            pending: Pending::default(),
            last_step: None,
            doors: Vec::new(),
            last: None,
            moved: Vec::new(),
        }
    }

    /// Shows the token of the run's lease before the first statement about the run.
    pub(crate) fn fence(&mut self, run: &RunId) {
        self.fence_number(run.number());
    }

    /// The same by the run's number.
    pub(crate) fn fence_number(&mut self, run: i64) {
        if !self.fenced.contains(&run) {
            self.fenced.push(run);
            self.pending.fence(run, self.session.server.leases.token(run));
        }
    }

    /// What opens the transaction, if it is not open yet.
    fn beginning(&mut self) -> Vec<Call<'static>> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Vec::new();
        }
        let statements = match self.durability {
            Durability::Relaxed => RELAXED,
            Durability::Durable => DURABLE,
        };
        statements.map(|sql| Call { sql, values: values![] }).into()
    }

    /// Sends what waits, then these statements, all at once.
    pub(crate) fn send(&mut self, calls: Vec<Call<'_>>) -> Result<Vec<Answer>, JournalError> {
        let mut all = self.beginning();
        all.extend(self.pending.take());
        let waited = all.len();
        all.extend(calls);
        let answers = self.connection.send(all, "be written");
        let mut answers = answers.map_err(|error| match is_not_all_moved(&error) {
            true => self.not_moved().unwrap_or(error),
            false => self.of_lease(error),
        })?;
        Ok(answers.split_off(waited))
    }

    /// The server ends a session that is idle in a transaction. If the lease of a run is over by then, that is what
    /// its process has to know.
    fn of_lease(&self, error: JournalError) -> JournalError {
        let held = self.session.server.leases.held();
        let is_over = |run: &&i64| held.get(run).is_some_and(|held| !held.lease.counts());
        match self.fenced.iter().find(is_over) {
            Some(run) => JournalError::LeaseEnded { run: *run },
            None => error,
        }
    }

    /// The error of a transaction that could not move all its steps. It ends here, because a failed one answers nothing.
    fn not_moved(&mut self) -> Option<JournalError> {
        self.connection.execute("ROLLBACK").ok()?;
        self.has_begun = false;
        let moved = std::mem::take(&mut self.moved);
        moved.iter().find_map(|moved| self.not_moved_by(moved).transpose()?.ok())
    }

    /// Executes one statement.
    pub(crate) fn call(&mut self, sql: &str, values: Vec<Value>) -> Result<Answer, JournalError> {
        let mut answers = self.send(vec![Call { sql, values }])?;
        answers.pop().ok_or_else(|| JournalError::Unreadable { what: "no answer".to_owned() })
    }

    /// Writes; how many lines were changed.
    pub(crate) fn write(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, JournalError> {
        self.call(sql, values).map(|answer| answer.lines)
    }

    /// Reads all lines.
    pub(crate) fn list(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, JournalError> {
        self.call(sql, values).map(|answer| answer.rows)
    }

    /// Sends what waits if it has become long.
    pub(crate) fn send_if_long(&mut self) -> Result<(), JournalError> {
        if self.pending.is_long() { self.send(Vec::new()).map(drop) } else { Ok(()) }
    }
}

impl Transaction for PostgresTransaction<'_> {
    /// All times are whole seconds, in one form: texts that compare as the times do. Two processes write waits one
    /// after the other, so that neither waits for a line of the other's.
    fn keep_wait(&mut self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        // The number of seconds after which a wait is due again (`Wait::is_due_again`).
        let longest = f64::from(u32::try_from(LONGEST.as_secs()).unwrap_or(u32::MAX));
        self.send(vec![
            Call { sql: "LOCK TABLE waits IN SHARE ROW EXCLUSIVE MODE", values: values![] },
            Call { sql: "DELETE FROM waits WHERE until < $1", values: values![now.to_string()] },
            Call {
                sql: "INSERT INTO waits (place, call, until, heard) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (place, call) DO UPDATE
                    SET until = excluded.until, heard = excluded.heard
                    WHERE excluded.until > waits.until OR excluded.heard < waits.heard
                       OR (extract(epoch FROM waits.until::timestamptz
                                              - waits.heard::timestamptz)::float8 > $5
                           AND extract(epoch FROM excluded.heard::timestamptz
                                              - waits.heard::timestamptz)::float8 >= $5)",
                values: values![
                    wait.place.clone(),
                    wait.call.clone(),
                    wait.until.to_string(),
                    wait.heard.to_string(),
                    longest
                ],
            },
        ])
        .map(drop)
    }

    fn commit(mut self: Box<Self>) -> Result<(), JournalError> {
        let mut calls: Vec<_> = self.last.take().into_iter().collect();
        if self.has_begun || !self.pending.is_empty() || !calls.is_empty() {
            // A failed statement makes a commit a rollback, and is itself the error here.
            calls.push(Call { sql: "COMMIT", values: values![] });
            self.send(calls)?;
            self.has_begun = false;
        }
        Ok(())
    }
}

impl Drop for PostgresTransaction<'_> {
    fn drop(&mut self) {
        if self.has_begun {
            // If that fails the connection is gone, and the transaction with it.
            let _ = self.connection.execute("ROLLBACK");
        }
    }
}

/// Serializing texts and plain enums to JSON can't fail.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A number as PostgreSQL stores it; ours never exceed its range.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A text as PostgreSQL stores it: it has no character U+0000.
pub(crate) fn text(value: &str) -> String {
    if value.contains('\0') { value.replace('\0', "\u{FFFD}") } else { value.to_owned() }
}
