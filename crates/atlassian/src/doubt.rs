//! Handles a 401 in the middle of a run. Nothing else is sent until a question about the credential is answered. A
//! second 401 to the same call counts, whatever the answer was.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::endpoint::Endpoint;

/// The doubt about a credential.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    on: AtomicBool,
    /// One task asks; the others wait for it.
    pub asking: tokio::sync::Mutex<()>,
    /// Calls whose first 401 was excused as an accident, and when.
    excused: Mutex<HashMap<Endpoint, Instant>>,
}

impl Doubt {
    pub(super) fn begin(&self) {
        self.on.store(true, Ordering::SeqCst);
    }

    pub(super) fn over(&self) {
        self.on.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    /// Whether this 401 is the second one to the same call. The request must have been sent after the first 401
    /// was excused. Excuses the first one.
    pub(super) fn is_second(&self, endpoint: Endpoint, sent: Instant) -> bool {
        let mut excused = self.lock();
        match excused.get(&endpoint) {
            Some(since) => sent >= *since,
            None => {
                excused.insert(endpoint, Instant::now());
                false
            }
        }
    }

    /// Ends the excuse for a call, because it got another answer.
    pub(super) fn end(&self, endpoint: Endpoint) {
        self.lock().remove(&endpoint);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Endpoint, Instant>> {
        self.excused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
