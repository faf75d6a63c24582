//! Errors that prevent a sandbox from starting, or from stopping cleanly. Everything else is an answer.

use std::io;
use std::path::PathBuf;

/// Why the sandbox could not start or could not stop cleanly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The port is in use or not allowed.
    #[error("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for a free one")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The state file could not be written.
    #[error("cannot write the state file {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// Exchanges could not be recorded in the configured folder.
    #[error("cannot keep exchanges in {}; name a folder that can be written", path.display())]
    Record {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file is not a state file, or is damaged before its end.
    #[error(
        "the state file {} is damaged at line {line}: {why}; clear it with --reset",
        path.display()
    )]
    State {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Another sandbox is using the state file.
    #[error("the state file {} is in use by another sandbox", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The seed folder has none of the expected files.
    #[error(
        "{} has neither users.csv nor groups.csv nor managed.csv; put Atlassian's exports there",
        path.display()
    )]
    NoSeed {
        /// The folder.
        path: PathBuf,
    },
    /// An export could not be understood.
    #[error("{}, line {line}: {why}", path.display())]
    Seed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// What is wrong with it, and what is expected.
        why: String,
    },
    /// The fault file could not be understood.
    #[error("the fault file {} cannot be used: {why}", path.display())]
    Faults {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with line and column.
        why: String,
    },
}
