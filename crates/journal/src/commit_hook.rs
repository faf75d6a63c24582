//! The one place where every store's transactions are committed, so that tests can observe each commit.
//!
//! To show that the journal survives a crash at every point, tests stop the program before and after each commit: a
//! test sets a [`Probe`] that panics (nothing of the process runs after), counts, or copies the file as a power cut
//! would leave it. The program itself sets none. A test counts the commits in SQLite's own file, which shows that no
//! commit is made elsewhere (`crates/people/tests/sim/crash`).

use std::fmt;
use std::sync::Arc;

use super::error::JournalError;
use super::store::Transaction;

/// The state of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// Everything is written, but not committed yet.
    BeforeCommit,
    /// The transaction is committed (on the disk if [`crate::Durability`] asks for it), and no event was sent yet.
    AfterCommit,
}

/// A function that is called at each commit. It may panic, and may not use the journal.
pub type Probe = Arc<dyn Fn(Moment) + Send + Sync>;

/// The place of the probe; empty unless a test has set one.
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

    /// Commits a transaction. No other code does.
    pub(crate) fn commit(
        &self,
        transaction: Box<dyn Transaction + '_>,
    ) -> Result<(), JournalError> {
        self.tell(Moment::BeforeCommit);
        transaction.commit()?;
        self.tell(Moment::AfterCommit);
        Ok(())
    }
}
