//! The leases that this process has.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headcount_model::lease::{Lease, Moment};

/// The part of a lease that its process uses, in quarters.
const OWN_SHARE: u32 = 3;

/// The leases of this process on one journal.
#[derive(Debug)]
pub(crate) struct Leases {
    pub(crate) term: Duration,
    held: Mutex<BTreeMap<i64, Held>>,
}

/// A lease of this process.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) token: i64,
    pub(crate) lease: Lease,
    /// When it was last asked for.
    pub(crate) asked: Moment,
}

impl Leases {
    pub(crate) fn new(term: Duration) -> Self {
        Self { term, held: Mutex::default() }
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, BTreeMap<i64, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token with which this process carries a run.
    pub(crate) fn token(&self, run: i64) -> Option<i64> {
        self.held().get(&run).map(|held| held.token)
    }

    /// How long a lease counts for its process.
    pub(crate) fn own_term(&self) -> Duration {
        self.term * OWN_SHARE / 4
    }

    /// The time between two renewals.
    pub(crate) fn between(&self) -> Duration {
        self.term / 4
    }
}
