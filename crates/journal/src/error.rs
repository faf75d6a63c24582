//! What can go wrong with the journal: each stops the run before anything more is sent.

use std::path::PathBuf;

use super::run::{RunId, RunState};
use headcount_model::step::{self, StepState};

/// A failure of the journal; nothing of the batch was written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be opened or created.
    #[error("the journal {} cannot be opened", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is not a journal of headcount, or is damaged.
    #[error("{} is not a headcount journal, or is damaged", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer headcount.
    #[error(
        "a newer headcount wrote the journal {} (version {found}; this program knows {known})",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The file is on a network file system, where SQLite's log does not work
    /// (<https://sqlite.org/wal.html>, "Overview").
    #[error("the journal {} is on a network file system ({kind})", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// Which.
        kind: &'static str,
    },
    /// The file may be read, but not written.
    #[error("the journal {} is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed: the disk is full, the file is read-only, ….
    #[error("the journal cannot {doing}")]
    Sql {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is damaged: SQLite finds pages that cannot be.
    #[error("the journal is damaged: it cannot {doing}")]
    Damaged {
        /// What was tried.
        doing: &'static str,
        /// What was found.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is damaged somewhere: found before a run, in pages it may not even need.
    #[error("the journal {} is damaged: {found}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// SQLite's message.
        found: String,
    },
    /// A value in the file that this program never writes.
    #[error("the journal holds {what}, which this program cannot read")]
    Unreadable {
        /// What was found.
        what: String,
    },
    /// No run has this id.
    #[error("there is no run “{0}”")]
    NoSuchRun(String),
    /// The journal holds no run at all.
    #[error("there are no runs yet")]
    NoRuns,
    /// The run's state does not allow it.
    #[error("run {run} is {}: it cannot be {wanted}", state.word())]
    WrongState {
        /// The run.
        run: RunId,
        /// Where it is.
        state: RunState,
        /// What was asked.
        wanted: &'static str,
    },
    /// A move outside the table of legal moves: a defect of the program.
    #[error("step {step} cannot go from {from:?} to {to:?}")]
    IllegalMove {
        /// The step.
        step: u64,
        /// Where it is.
        from: StepState,
        /// Where it was to go.
        to: StepState,
    },
    /// Another process works on this run.
    #[error("another headcount is already working on run {run}{}", process(*holder))]
    Locked {
        /// The run.
        run: RunId,
        /// Its process, where the lock file can be read.
        holder: Option<u32>,
    },
    /// The lock file cannot be used.
    #[error("the lock file {} cannot be used", path.display())]
    LockFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl From<step::Unreadable> for JournalError {
    fn from(unreadable: step::Unreadable) -> Self {
        Self::Unreadable { what: unreadable.what }
    }
}

fn process(holder: Option<u32>) -> String {
    holder.map(|process| format!(" (process {process})")).unwrap_or_default()
}

impl JournalError {
    /// Wraps SQLite's error with what was tried; for `map_err`.
    pub(crate) fn sql(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        move |source| match source.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged { doing, source },
            _ => Self::Sql { doing, source },
        }
    }
}
