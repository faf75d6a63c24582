//! The book of waits: reads and writes waits while a run is applied.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::commit_hook::CommitHook;
use super::error::JournalError;
use super::store::{Durability, Store};
use super::wait::{Wait, whole};

/// The book of waits. The task that receives a wait writes it at once, perhaps in the middle of a batch of the run, so
/// the book opens the journal for itself.
#[derive(Debug)]
pub struct Waits {
    store: Mutex<Box<dyn Store>>,
    hook: CommitHook,
}

impl Waits {
    pub(crate) fn new(store: Box<dyn Store>, hook: CommitHook) -> Self {
        Self { store: Mutex::new(store), hook }
    }

    /// The waits that are not over, the shortest first.
    pub fn all(&self, now: Timestamp) -> Result<Vec<Wait>, JournalError> {
        let mut waits = self.store.lock().unwrap_or_else(PoisonError::into_inner).waits()?;
        waits.sort_by(|a, b| (a.until, &a.place, &a.call).cmp(&(b.until, &b.place, &b.call)));
        for wrong in waits.iter().filter(|wait| now < wait.heard) {
            self.keep(&wrong.clone().by_now(now), now)?;
        }
        let waits = waits.into_iter().map(|wait| wait.by_now(now));
        Ok(waits.filter(|wait| wait.until > now).collect())
    }

    /// Keeps a wait on disk, unless the book has a longer one, and removes waits that are over. The new wait also replaces
    /// one from a clock that was ahead, and one that was due to be tried again.
    pub fn keep(&self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = store.transaction(Durability::Durable)?;
        transaction.keep_wait(wait, whole(now))?;
        self.hook.commit(transaction)
    }
}
