//! Every transaction that writes is committed here, and tests can observe it.
//!
//! A journal that survives everything is shown by stopping the program before and after each
//! commit. So there is one place where commits are made, whatever the store, and a [`Probe`] that sees
//! each: a test's probe panics there (nothing of the process runs after), counts, or copies the file
//! as a power cut would leave it. The program itself sets none. That no commit goes past it is shown
//! by the test that counts the commits in SQLite's own file (`crates/people/tests/sim/crash`).

use std::fmt;
use std::sync::Arc;

use super::error::JournalError;
use super::store::Transaction;

/// The state of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// All is written, and nothing of it counts yet.
    BeforeCommit,
    /// It is on the disk (as far as [`crate::Durability`] asks for), and no event was sent yet.
    AfterCommit,
}

/// Told of each transaction; may panic, and may not use the journal.
pub type Probe = Arc<dyn Fn(Moment) + Send + Sync>;

/// Silent unless a probe was set.
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

    /// Commits a transaction: the one place where that is done.
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
