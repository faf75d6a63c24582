//! Every transaction that writes goes through here, and tests can observe it.
//!
//! A journal that survives everything is shown by stopping the program before and after each
//! commit. So there is one place where commits are made, and a [`Probe`] that sees each: a
//! test's probe panics there (nothing of the process runs after), counts, or copies the file as a
//! power cut would leave it. The program itself sets none. That no commit goes past the seam is
//! shown by the test that counts the commits in SQLite's own file
//! (`crates/people/tests/sim/crash`).

use std::fmt;
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::JournalError;

/// The state of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// All is written, and nothing of it counts yet.
    BeforeCommit,
    /// It is on the disk (as far as [`super::Journal::set_durable`] asks for), and no event was sent yet.
    AfterCommit,
}

/// Told of each transaction; may panic, and may not use the journal.
pub type Probe = Arc<dyn Fn(Moment) + Send + Sync>;

/// The seam: silent unless a probe was set.
#[derive(Clone, Default)]
pub(crate) struct CommitHook(Option<Probe>);

impl fmt::Debug for CommitHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "CommitHook(watched)" } else { "CommitHook" })
    }
}

impl CommitHook {
    pub(crate) fn watched_by(probe: Probe) -> Self {
        Self(Some(probe))
    }

    fn tell(&self, moment: Moment) {
        if let Some(probe) = &self.0 {
            probe(moment);
        }
    }

    /// Begins a transaction that will write. It takes the write lock at once, so that it can't fail
    /// half-way for want of it.
    pub(crate) fn begin<'c>(
        &self,
        connection: &'c mut Connection,
    ) -> Result<Transaction<'c>, JournalError> {
        connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(JournalError::sql("be written"))
    }

    /// Commits it: the one place where that is done.
    pub(crate) fn commit(&self, transaction: Transaction<'_>) -> Result<(), JournalError> {
        self.tell(Moment::BeforeCommit);
        transaction.commit().map_err(JournalError::sql("be made durable"))?;
        self.tell(Moment::AfterCommit);
        Ok(())
    }
}
