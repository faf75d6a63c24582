//! Waits that sites have announced (`Retry-After`), so that they outlive the process that heard
//! them: the next process on this journal sends nothing to that call before they are over.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use super::commit_hook::CommitHook;
use super::error::JournalError;
use super::store::{Durability, Store};

/// Until when a call must not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Where: an address.
    pub place: String,
    /// Method and path template.
    pub call: String,
    /// When it was heard, by the clock of that moment; whole seconds.
    pub heard: Timestamp,
    /// Until then; whole seconds.
    pub until: Timestamp,
}

impl Wait {
    /// A wait; its end is rounded up to whole seconds, which is never too early.
    pub fn new(place: &str, call: &str, heard: Timestamp, wait: Duration) -> Self {
        let until =
            SignedDuration::try_from(wait).ok().and_then(|wait| heard.checked_add(wait).ok());
        let until = whole(until.unwrap_or(Timestamp::MAX));
        let heard = second(heard);
        Self { place: place.to_owned(), call: call.to_owned(), heard, until }
    }

    /// The wait as it is now. A clock that was wrong when it was heard, or is now, must not hold a call
    /// for longer than was asked for: what is left is never more than the whole of it.
    fn by_now(mut self, now: Timestamp) -> Self {
        if now < self.heard {
            self.until = now.checked_add(self.until.duration_since(self.heard)).unwrap_or(now);
            self.until = whole(self.until);
            self.heard = second(now);
        }
        self
    }
}

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
    /// clock heard later than this one gives way.
    pub fn keep(&self, wait: &Wait, now: Timestamp) -> Result<(), JournalError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = store.transaction(Durability::Durable)?;
        transaction.keep_wait(wait, whole(now))?;
        self.hook.commit(transaction)
    }
}

fn second(at: Timestamp) -> Timestamp {
    let down = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    at.round(down).unwrap_or(at)
}

fn whole(at: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    at.round(up).unwrap_or(at)
}
