//! A 401 in the middle of a run: nothing else is sent until the credential was asked about, and the
//! second one to the same call is believed whatever came of that.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::endpoint::Endpoint;

/// Whether a credential is in doubt.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    on: AtomicBool,
    /// One asks, the others wait.
    pub asking: tokio::sync::Mutex<()>,
    /// Calls whose 401 was taken for a chance, and since when.
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

    /// Whether a request that was sent then met a 401 after an earlier one to the same call had been
    /// excused; the first one is excused by this.
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

    /// The call has been answered otherwise.
    pub(super) fn end(&self, endpoint: Endpoint) {
        self.lock().remove(&endpoint);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Endpoint, Instant>> {
        self.excused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
