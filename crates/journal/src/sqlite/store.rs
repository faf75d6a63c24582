//! Opening the journal, and the life of runs in it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::batch::Batch;
use super::functions;
use super::lock::RunLock;
use super::schema;
use super::volume;
use super::waits::Waits;
use crate::commit_hook::{CommitHook, Probe};
use crate::error::JournalError;
use crate::run::{NewRun, Run, RunId, RunState};

/// An open journal.
pub struct Journal {
    pub(crate) connection: Connection,
    seam: CommitHook,
    path: PathBuf,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({})", self.path.display())
    }
}

impl Journal {
    /// Opens the journal, makes it where there is none, and brings an older one up to date.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if let Some(kind) = volume::network(path) {
            return Err(JournalError::Network { path: path.to_owned(), kind });
        }
        let mut connection = connect(path)?;
        schema::migrate(&mut connection, path)?;
        Ok(Self { connection, seam: CommitHook::default(), path: path.to_owned() })
    }

    /// Reports each commit from now on to `probe`: for tests that stop a process there. The
    /// program itself never does.
    pub fn watch(&mut self, probe: Probe) {
        self.seam = CommitHook::watched_by(probe);
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same journal once more, for another thread to read what is committed.
    pub fn beside(&self) -> Result<Self, JournalError> {
        let (connection, path) = (connect(&self.path)?, self.path.clone());
        Ok(Self { connection, seam: self.seam.clone(), path })
    }

    /// The book of waits in this file.
    pub fn waits(&self) -> Result<Waits, JournalError> {
        Ok(Waits::new(connect(&self.path)?, self.seam.clone()))
    }

    /// Begins a draft and takes its lock. It can't be started before it is sealed.
    pub fn begin(&mut self, new: &NewRun) -> Result<(Run, RunLock), JournalError> {
        self.check_writable()?;
        self.check_whole()?;
        let transaction = self.seam.begin(&mut self.connection)?;
        let number = insert(&transaction, new).map_err(JournalError::sql("be written"))?;
        let id = RunId::new(number, new.at);
        // Before anybody can see the draft, and sweep it away.
        let lock = RunLock::take(&self.path, &id)?;
        self.seam.commit(transaction)?;
        Ok((self.run(id.as_str())?, lock))
    }

    /// Takes the lock of a run, or says that another process has it. Whoever takes it means to
    /// write: a read-only or damaged file is reported here, before anything is asked of
    /// the site.
    pub fn lock(&self, run: &RunId) -> Result<RunLock, JournalError> {
        self.check_writable()?;
        self.check_whole()?;
        RunLock::take(&self.path, run)
    }

    fn check_writable(&self) -> Result<(), JournalError> {
        match self
            .connection
            .is_readonly(rusqlite::MAIN_DB)
            .map_err(JournalError::sql("be read"))?
        {
            true => Err(JournalError::ReadOnly { path: self.path.clone() }),
            false => Ok(()),
        }
    }

    /// Reads every page of the file and sees whether it can be one of a journal (a fifth of a second
    /// of computing for 100,000 rows): SQLite itself finds damage only where it happens to read.
    /// Changed letters inside a value can't be found so.
    fn check_whole(&self) -> Result<(), JournalError> {
        let found: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(JournalError::sql("be read"))?;
        match found.as_str() {
            "ok" => Ok(()),
            _ => {
                // Its first line only names the database.
                let told = found.lines().filter(|line| !line.starts_with("***"));
                let found = told.collect::<Vec<_>>().join("; ");
                Err(JournalError::Broken { path: self.path.clone(), found })
            }
        }
    }

    /// Whether a process holds the lock of this run now.
    pub fn is_held(&self, run: &RunId) -> bool {
        RunLock::is_held(&self.path, run)
    }

    /// Removes drafts without a holder: nothing of them was ever sent.
    pub fn sweep_drafts(&mut self) -> Result<u64, JournalError> {
        let drafts: Vec<Run> =
            self.runs()?.into_iter().filter(|run| run.state == RunState::Draft).collect();
        let mut swept = 0;
        for draft in drafts {
            if let Ok(_lock) = RunLock::take(&self.path, &draft.id) {
                self.discard(&draft.id)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Takes a draft out of the journal.
    pub fn discard(&mut self, run: &RunId) -> Result<(), JournalError> {
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM runs WHERE run = ? AND state = ?",
                params![run.number, RunState::Draft.word()],
            )
        })
        .map(drop)
    }

    /// Seals a draft: the plan is final, and only now can it be started.
    pub fn seal(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.set_durable(true)?;
        let transaction = self.seam.begin(&mut self.connection)?;
        Move { from: &[RunState::Draft], to: RunState::Sealed, stamp: "sealed_at", stop: None }
            .make(&transaction, run, at)?;
        transaction
            .execute("DELETE FROM draft_names WHERE run = ?", [run.number])
            .map_err(JournalError::sql("be written"))?;
        self.seam.commit(transaction)
    }

    /// Starts or resumes: from planned, stopped or interrupted. From here on every commit waits for
    /// the disk, whatever was asked for before.
    pub fn start(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        use RunState::{Running, Sealed, Stopped};
        self.set_durable(true)?;
        self.move_run(run, &[Sealed, Stopped, Running], Running, "started_at", at, None)
    }

    /// Ends a stretch of sending: finished, or stopped with a reason.
    pub fn end(
        &mut self,
        run: &RunId,
        stop: Option<&str>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let state = if stop.is_some() { RunState::Stopped } else { RunState::Finished };
        self.move_run(run, &[RunState::Running], state, "ended_at", at, stop)
    }

    /// A finished run that holds unknown rows is opened again, to look again.
    pub fn reopen(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        self.move_run(run, &[RunState::Finished], RunState::Stopped, "ended_at", at, None)
    }

    /// Adds to the options of a run what whoever carries it out says of it, and holds its lock.
    pub fn add_options(
        &mut self,
        run: &RunId,
        more: &serde_json::Value,
    ) -> Result<(), JournalError> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE runs SET options = json_patch(options, ?) WHERE run = ?",
                params![json(more), run.number],
            )
        })
        .map(drop)
    }

    /// Gives a run up: what is pending is never sent.
    pub fn cancel(&mut self, run: &RunId, at: Timestamp) -> Result<(), JournalError> {
        use RunState::{Cancelled, Running, Sealed, Stopped};
        self.move_run(run, &[Sealed, Stopped, Running], Cancelled, "ended_at", at, None)
    }

    fn move_run(
        &mut self,
        run: &RunId,
        from: &[RunState],
        to: RunState,
        stamp: &'static str,
        at: Timestamp,
        stop: Option<&str>,
    ) -> Result<(), JournalError> {
        let transaction = self.seam.begin(&mut self.connection)?;
        Move { from, to, stamp, stop }.make(&transaction, run, at)?;
        self.seam.commit(transaction)
    }

    /// One transaction that writes something.
    fn write<T>(
        &mut self,
        statements: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let transaction = self.seam.begin(&mut self.connection)?;
        let value = statements(&transaction).map_err(JournalError::sql("be written"))?;
        self.seam.commit(transaction)?;
        Ok(value)
    }

    /// Notes what was certainly there before a run that creates: an answer that names one of these
    /// created nothing.
    pub fn add_known_before<'a>(
        &mut self,
        run: &RunId,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<(), JournalError> {
        let mut batch = self.batch(run)?;
        for name in names {
            batch.add_known_before(name)?;
        }
        batch.commit()
    }

    /// A transaction on one run.
    pub fn batch(&mut self, run: &RunId) -> Result<Batch<'_>, JournalError> {
        Batch::begin(&mut self.connection, &self.seam, run.number)
    }

    /// Whether every commit waits for the disk. A draft needs not: nothing of it was sent.
    /// [`Self::seal`] and [`Self::start`] have every commit wait again.
    pub fn set_durable(&mut self, durable: bool) -> Result<(), JournalError> {
        let (mode, pages, room) =
            if durable { ("FULL", OFTEN, SOME) } else { ("NORMAL", SELDOM, MUCH) };
        self.connection
            .pragma_update(None, "synchronous", mode)
            .and_then(|()| self.connection.pragma_update(None, "wal_autocheckpoint", pages))
            .and_then(|()| self.connection.pragma_update(None, "cache_size", room))
            .map_err(JournalError::sql("be set to durable"))
    }
}

/// After this many pages in its log (4 KiB each) SQLite copies them into the file: its own number,
/// and one for drafts, whose pages are written again and again while their indexes grow.
const OFTEN: u32 = 1_000;
const SELDOM: u32 = 32_000;

/// KiB of pages that SQLite holds (negative: it counts pages otherwise): its own number, and one for
/// drafts, so that what grows everywhere at once is not read and written again within one commit.
const SOME: i32 = -2_000;
const MUCH: i32 = -16_000;

fn connect(path: &Path) -> Result<Connection, JournalError> {
    follow_rights(path);
    let open = |source| schema::not_ours_or(path, source);
    let connection = Connection::open(path).map_err(open)?;
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(open)?;
    connection.set_prepared_statement_cache_capacity(64);
    // WAL: readers (`run list` beside a run) never wait. FULL: a commit waits for the disk.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(open)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(open)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(open)?;
    // Otherwise statements are prepared again for each value that is bound: a fifth of all time.
    connection
        .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(open)?;
    functions::add(&connection).map_err(open)?;
    Ok(connection)
}

/// SQLite gives the files next to the journal (`-wal`, `-shm`) its rights when it makes them. Who
/// reads a journal that may only be read leaves them so, and they would still forbid writing when
/// the journal itself may be written again.
fn follow_rights(path: &Path) {
    let Ok(rights) = std::fs::metadata(path).map(|file| file.permissions()) else { return };
    for suffix in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let is_stale = std::fs::metadata(&name)
            .is_ok_and(|file| file.permissions().readonly() && !rights.readonly());
        if is_stale {
            // If that fails, opening reports why.
            let _ = std::fs::set_permissions(&name, rights.clone());
        }
    }
}

/// Writes a draft down; its number.
fn insert(transaction: &Transaction<'_>, new: &NewRun) -> rusqlite::Result<i64> {
    transaction.query_row(
        "INSERT INTO runs (job, state, site, organization, profile, input, headings, options, undoes, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING run",
        params![
            new.job.command(),
            RunState::Draft.word(),
            new.site,
            new.organization,
            new.profile,
            new.input,
            json(&new.headings),
            new.options.to_string(),
            new.undoes.as_ref().map(|undone| undone.number),
            new.at.to_string(),
        ],
        |row| row.get(0),
    )
}

/// A move of a run.
struct Move<'m> {
    from: &'m [RunState],
    to: RunState,
    stamp: &'static str,
    stop: Option<&'m str>,
}

impl Move<'_> {
    fn make(
        &self,
        transaction: &Transaction<'_>,
        run: &RunId,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let write = || JournalError::sql("be written");
        let state: Option<String> = transaction
            .query_row("SELECT state FROM runs WHERE run = ?", [run.number], |row| row.get(0))
            .optional()
            .map_err(write())?;
        let state = state.ok_or_else(|| JournalError::NoSuchRun(run.to_string()))?;
        let state = RunState::from_word(&state).ok_or_else(|| JournalError::Unreadable {
            what: format!("the run state “{state}”"),
        })?;
        if !self.from.contains(&state) {
            let wanted = self.to.word();
            return Err(JournalError::WrongState { run: run.clone(), state, wanted });
        }
        // The first start is kept; everything else is the newest.
        let stamp = self.stamp;
        let value = if stamp == "started_at" { "coalesce(started_at, ?2)" } else { "?2" };
        let sql =
            format!("UPDATE runs SET state = ?1, {stamp} = {value}, stop = ?3 WHERE run = ?4");
        transaction
            .execute(&sql, params![self.to.word(), at.to_string(), self.stop, run.number])
            .map(drop)
            .map_err(write())
    }
}

/// Serializing texts and plain enums to JSON can't fail.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
