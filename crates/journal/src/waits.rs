//! The book of waits.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::commit_hook::CommitHook;
use super::error::JournalError;
use super::store::{Durability, Store};
use super::wait::{Wait, whole};

/// The book of waits. They are written when they are heard, by the task that hears them, in the
/// middle of a lookup or of a batch of the run: so it is an opening of the journal of its own.
#[derive(Debug)]
pub struct Waits {
    store: Mutex<Box<dyn Store>>,
    hook: CommitHook,
}

impl Waits {
    pub(crate) fn new(store: Box<dyn Store>, hook: CommitHook) -> Self {
        Self { store: Mutex::new(store), hook }
    }

    /// Those that are not over, the shortest first.
    pub fn all(&self, now: Timestamp) -> Result<Vec<Wait>, JournalError> {
        let mut waits = self.store.lock().unwrap_or_else(PoisonError::into_inner).waits()?;
        waits.sort_by(|a, b| (a.until, &a.place, &a.call).cmp(&(b.until, &b.place, &b.call)));
        for wrong in waits.iter().filter(|wait| now < wait.heard) {
            self.keep(&wrong.clone().by_now(now), now)?;
        }
        let waits = waits.into_iter().map(|wait| wait.by_now(now));
        Ok(waits.filter(|wait| wait.until > now).collect())
    }

    /// Keeps a wait on disk, unless a longer one is known; those that are over go. One that a wrong
    /// clock heard later than this one gives way, and so does one that was due to be asked about again.
    pub fn keep(&self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = store.transaction(Durability::Durable)?;
        transaction.keep_wait(wait, whole(now))?;
        self.hook.commit(transaction)
    }
}
