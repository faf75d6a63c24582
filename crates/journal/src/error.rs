//! Errors of the journal. Each stops the run before anything more is sent.

use std::error::Error;
use std::fmt;

use super::approval_problem::ApprovalProblem;
use super::lock::Holder;
use super::run::{RunId, RunState};
use headcount_model::step::{self, StepState};

/// A store's own error.
pub type Cause = Box<dyn Error + Send + Sync>;

/// A failure of the journal; nothing of the batch was written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file can't be opened or created.
    #[error("the journal {place} cannot be opened")]
    Open {
        /// Its place: the file, or the address of the database.
        place: String,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// The name leads to something that is no file: a folder, a device, a pipe.
    #[error("{place} is not a file, so it cannot be a journal")]
    NotAFile {
        /// Its place.
        place: String,
    },
    /// The file is not a journal of headcount, or is damaged.
    #[error("{place} is not a headcount journal, or is damaged")]
    NotAJournal {
        /// Its place: the file, or the address of the database.
        place: String,
    },
    /// The file was written by a newer headcount.
    #[error(
        "a newer headcount wrote the journal {place} (version {found}; this program knows {known})"
    )]
    Newer {
        /// Its place: the file, or the address of the database.
        place: String,
        /// Its version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// An older headcount made the journal on a server. It is brought up to date only on request, because that locks out
    /// older programs on other machines.
    #[error(
        "an older headcount made the journal {place} (version {found}; this program needs {known})"
    )]
    Older {
        /// Its place: the address of the database.
        place: String,
        /// Its version.
        found: i64,
        /// The version that this program needs.
        known: i64,
    },
    /// The server of the journal cannot be used.
    #[error("the journal {place} cannot be opened: {problem}")]
    Server {
        /// Its place: the address of the database, without a password.
        place: String,
        /// The kind of problem.
        problem: ServerProblem,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// The database does not store texts as UTF-8.
    #[error("the database of the journal {place} stores texts as {found}, not as UTF-8")]
    Encoding {
        /// Its place: the address of the database.
        place: String,
        /// The server's word for its encoding.
        found: String,
    },
    /// The file is on a network file system, where its store does not work.
    #[error("the journal {place} is on a network file system ({kind})")]
    Network {
        /// Its place: the file, or the address of the database.
        place: String,
        /// The kind of file system.
        kind: &'static str,
    },
    /// The file is no longer where it was opened: it was deleted, moved, or replaced by another one.
    #[error("the journal {place} was deleted, moved or replaced while headcount used it")]
    Gone {
        /// Its place: the file.
        place: String,
    },
    /// The file can be read, but not written.
    #[error("the journal {place} is read-only")]
    ReadOnly {
        /// Its place: the file, or the address of the database.
        place: String,
    },
    /// Reading or writing failed: the disk is full, the file is read-only, ….
    #[error("the journal cannot {doing}")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: Cause,
    },
    /// The journal is damaged: its store found an impossible value.
    #[error("the journal is damaged: it cannot {doing}")]
    Damaged {
        /// What was tried.
        doing: &'static str,
        /// What was found.
        #[source]
        source: Cause,
    },
    /// The file is damaged somewhere. Found before a run, perhaps in pages that the run does not need.
    #[error("the journal {place} is damaged: {found}")]
    Broken {
        /// Its place: the file, or the address of the database.
        place: String,
        /// The store's message.
        found: String,
    },
    /// The file has a value that this program never writes.
    #[error("the journal holds {what}, which this program cannot read")]
    Unreadable {
        /// What was found.
        what: String,
    },
    /// No run has this id.
    #[error("there is no run “{0}”")]
    NoSuchRun(String),
    /// The journal has no run.
    #[error("there are no runs yet")]
    NoRuns,
    /// The run's state does not allow the request.
    #[error("run {run} is {}: it cannot be {wanted}", state.word())]
    WrongState {
        /// The run.
        run: RunId,
        /// Its state.
        state: RunState,
        /// The request.
        wanted: &'static str,
    },
    /// The plan of a run cannot be approved, rejected, or applied.
    #[error("run {run}: {problem}")]
    Approval {
        /// The run.
        run: RunId,
        /// Why not.
        problem: Box<ApprovalProblem>,
    },
    /// A journal that receives a copy is not empty.
    #[error("the journal that should receive the copy is not empty")]
    NotEmpty,
    /// A move outside the table of legal moves: a defect of the program.
    #[error("step {step} cannot go from {from:?} to {to:?}")]
    IllegalMove {
        /// The step.
        step: u64,
        /// Its state.
        from: StepState,
        /// The state that it should move to.
        to: StepState,
    },
    /// Another process holds the lock of this run.
    #[error("another headcount is already working on run {run}{}", words(holder.as_ref()))]
    Locked {
        /// The run.
        run: RunId,
        /// The process, as far as it is known.
        holder: Option<Holder>,
    },
    /// A process applies another run of the same site or organization, whose limits one run at a time meets.
    #[error(
        "run {run} was not started: run {other} of the same site or organization is being applied ({holder})"
    )]
    OthersTurn {
        /// The run.
        run: RunId,
        /// The other run.
        other: RunId,
        /// The process that applies it.
        holder: Holder,
    },
    /// This process carried a run and does so no more, so it may not write it. Another one may carry it by now.
    #[error(
        "this process no longer carries run {run}: it was stopped, or could not reach the journal, for longer than \
         its lease, or another headcount carries the run"
    )]
    LeaseEnded {
        /// The run's number.
        run: i64,
    },
    /// The lock file can't be used.
    #[error("the lock file {place} cannot be used")]
    LockFile {
        /// Its place: the file, or the address of the database.
        place: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
}

/// Why the server of a journal cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerProblem {
    /// No server answers at this address.
    Unreachable,
    /// The server cannot take another connection now.
    Busy,
    /// The server refuses the name or the password.
    Refused,
    /// The server has no database of this name.
    NoDatabase,
    /// There is no right to create or use the journal's tables.
    NoRight,
    /// No encrypted connection is possible, or the server's certificate is not accepted.
    Tls,
}

impl fmt::Display for ServerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "the server cannot be reached",
            Self::Busy => "the server takes no more connections now",
            Self::Refused => "the server refuses the name or the password",
            Self::NoDatabase => "the server has no database of this name",
            Self::NoRight => "there is no right to create or use the journal's tables",
            Self::Tls => "no secure connection is possible",
        })
    }
}

impl From<step::Unreadable> for JournalError {
    fn from(unreadable: step::Unreadable) -> Self {
        Self::Unreadable { what: unreadable.what }
    }
}

fn words(holder: Option<&Holder>) -> String {
    holder.map(|holder| format!(" ({holder})")).unwrap_or_default()
}
