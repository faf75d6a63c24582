//! What makes a whole run impossible.

use headcount_journal::JournalError;

/// What makes the whole run impossible. A failed row is data, not an error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The journal can't be read or written; nothing more was sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A worker died: a defect of the program. Its step is settled by the next resume.
    #[error("a worker of the run ended with an error; resume the run to finish its rows")]
    Worker {
        /// How it died.
        #[source]
        source: tokio::task::JoinError,
    },
}
