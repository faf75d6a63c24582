//! One connection to the server, and the thread that serves all connections of a journal.
//!
//! The port is synchronous and is also called on threads of a tokio runtime, which must not enter a second one. So the
//! sockets belong to a runtime of their own with one thread, and the caller waits for the answer without a runtime.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use futures_util::future::join_all;
use futures_util::{StreamExt, TryStreamExt};
use headcount_journal::{JournalError, ServerProblem};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, Statement};

use super::address::Address;
use super::error::{connecting, failed};
use super::held::Leases;
use super::keeper::{Kept, keep};
use super::settings::settings;
use super::signal::Signal;

/// A value of a statement.
pub(crate) type Value = Box<dyn ToSql + Sync + Send>;

/// The values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$(Box::new($value) as $crate::connection::Value),*]
    };
}
pub(crate) use values;

/// A statement with its values.
pub(crate) struct Call<'c> {
    pub(crate) sql: &'c str,
    pub(crate) values: Vec<Value>,
}

/// The result of a statement.
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// How many lines it changed or read.
    pub(crate) lines: u64,
}

/// The server of a journal, and the thread of its connections.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: Address,
    /// The leases of this process.
    pub(crate) leases: Arc<Leases>,
    pub(crate) signal: Arc<Signal>,
    is_kept: AtomicBool,
    /// Taken when the last store is dropped.
    runtime: Option<Runtime>,
}

impl Server {
    pub(crate) fn new(address: Address) -> Result<Self, JournalError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("journal-postgres")
            .enable_all()
            .build()
            .map_err(|source| JournalError::Open {
                place: address.to_string(),
                source: source.into(),
            })?;
        Ok(Self {
            leases: Arc::new(Leases::new(address.lease())),
            signal: Arc::default(),
            is_kept: AtomicBool::new(false),
            address,
            runtime: Some(runtime),
        })
    }

    /// From now on, the leases of this process are renewed.
    pub(crate) fn keep(&self) {
        if let Some(runtime) = &self.runtime
            && !self.is_kept.swap(true, Ordering::SeqCst)
        {
            let (leases, signal) = (Arc::clone(&self.leases), Arc::clone(&self.signal));
            runtime.spawn(keep(self.address.clone(), Kept { leases, signal }));
        }
    }

    /// The statement that wakes the workers, once it is committed.
    pub(crate) fn wake_workers(&self) -> Call<'static> {
        Call { sql: "SELECT pg_notify($1, '')", values: values![self.address.channel()] }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The usual drop waits, which the thread of another runtime must not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A connection; its settings are those of [`SETTINGS`].
pub(crate) struct Connection {
    client: Client,
    statements: Mutex<HashMap<String, Statement>>,
}

impl Connection {
    /// Connects. The schema need not be there yet.
    pub(crate) fn open(server: &Server) -> Result<Self, JournalError> {
        let address = &server.address;
        let client = connected(server)?;
        futures_executor::block_on(client.batch_execute(&settings(address)))
            .map_err(|source| connecting(address, source))?;
        Ok(Self { client, statements: Mutex::default() })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Executes several statements without values.
    pub(crate) fn execute(&self, statements: &str) -> Result<(), JournalError> {
        futures_executor::block_on(self.client.batch_execute(statements))
            .map_err(failed("be written"))
    }

    /// Sends all statements at once and waits for all answers.
    pub(crate) fn send(
        &self,
        calls: Vec<Call<'_>>,
        doing: &'static str,
    ) -> Result<Vec<Answer>, JournalError> {
        futures_executor::block_on(self.answers(calls)).map_err(failed(doing))
    }

    async fn answers(&self, calls: Vec<Call<'_>>) -> Result<Vec<Answer>, Error> {
        let mut prepared = Vec::with_capacity(calls.len());
        for call in calls {
            prepared.push((self.prepared(call.sql).await?, call.values));
        }
        // They are polled in this order, so that the server gets the statements in it.
        let answers =
            prepared.into_iter().map(|(statement, values)| self.answer(statement, values));
        join_all(answers).await.into_iter().collect()
    }

    async fn answer(&self, statement: Statement, values: Vec<Value>) -> Result<Answer, Error> {
        let stream = self
            .client
            .query_raw(&statement, values.iter().map(|value| &**value as &(dyn ToSql + Sync)))
            .await?;
        let mut stream = std::pin::pin!(stream);
        let mut rows = Vec::new();
        while let Some(row) = stream.as_mut().try_next().await? {
            rows.push(row);
        }
        Ok(Answer { rows, lines: stream.rows_affected().unwrap_or_default() })
    }

    async fn prepared(&self, sql: &str) -> Result<Statement, Error> {
        let known =
            self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let statement = self.client.prepare(sql).await?;
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(statements.entry(sql.to_owned()).or_insert(statement).clone())
    }

    /// Reads lines one by one until `read` returns `false`. There may be millions.
    pub(crate) fn each(
        &self,
        sql: &str,
        values: Vec<Value>,
        read: &mut dyn FnMut(&Row) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        let failed = || failed("be read");
        futures_executor::block_on(async {
            let statement = self.prepared(sql).await.map_err(failed())?;
            let values = values.iter().map(|value| &**value as &(dyn ToSql + Sync));
            let rows = self.client.query_raw(&statement, values).await.map_err(failed())?;
            let mut rows = std::pin::pin!(rows);
            while let Some(row) = rows.next().await {
                if !read(&row.map_err(failed())?)? {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Reads all lines.
    pub(crate) fn list(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, JournalError> {
        let answers = self.send(vec![Call { sql, values }], "be read")?;
        Ok(answers.into_iter().flat_map(|answer| answer.rows).collect())
    }

    /// Reads a value: the first of the first line.
    pub(crate) fn one<T: for<'r> tokio_postgres::types::FromSql<'r>>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<T, JournalError> {
        let rows = self.list(sql, values)?;
        let row = rows.first().ok_or_else(|| JournalError::Unreadable {
            what: "no answer to a question that always has one".to_owned(),
        })?;
        row.try_get(0).map_err(failed("be read"))
    }
}

/// Connects on the server's thread, because sockets belong to the runtime that makes them.
fn connected(server: &Server) -> Result<Client, JournalError> {
    let (answer, connected) = mpsc::sync_channel(1);
    let config = server.address.config();
    let connector = server.address.security().connector().map_err(|source| {
        let place = server.address.to_string();
        JournalError::Server { place, problem: ServerProblem::Tls, source: source.into() }
    })?;
    if let Some(runtime) = &server.runtime {
        runtime.spawn(async move {
            match config.connect(connector).await {
                Ok((client, connection)) => {
                    let _ = answer.send(Ok(client));
                    // Its error is also the error of each statement.
                    let _ = connection.await;
                }
                Err(error) => drop(answer.send(Err(error))),
            }
        });
    }
    let address = &server.address;
    match connected.recv() {
        Ok(connected) => connected.map_err(|source| connecting(address, source)),
        Err(source) => {
            Err(JournalError::Open { place: address.to_string(), source: source.into() })
        }
    }
}

/// A connection that several values share.
pub(crate) type Shared = Arc<Connection>;
