//! Errors that end a whole run.

use headcount_journal::JournalError;

/// An error that ends the whole run. A failed row is data, not an error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The journal can't be read or written. Nothing more was sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A worker task panicked: a defect of the program. The next resume settles its step.
    #[error("a worker of the run ended with an error; resume the run to finish its rows")]
    Worker {
        /// The panic.
        #[source]
        source: tokio::task::JoinError,
    },
}
