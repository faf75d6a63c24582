//! The state that all requests share. Locks are held only briefly and never across an await.
//!
//! Code that holds several locks takes them in the order of the fields: organization, then index, then log. The
//! log's indices are valid only for the organization in which they were made.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::clock::Clock;
use crate::config::{Card, Config};
use crate::http::{Faults, Keys, Limits, Log, Recorder};
use crate::org::{Lagging, Org};
use crate::routes::Matcher;
use crate::store::Store;

pub(crate) struct Shared {
    pub(crate) card: Card,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(super) keys: Keys,
    pub(super) matcher: Matcher,
    pub(super) number: AtomicU64,
    pub(super) org: RwLock<Org>,
    pub(super) index: Mutex<Lagging>,
    pub(super) log: Mutex<Log>,
    pub(super) limits: Mutex<Limits>,
    pub(super) faults: Mutex<Faults>,
    pub(super) store: Option<Store>,
    pub(super) recorder: Option<Recorder>,
}

impl Shared {
    pub(crate) fn org(&self) -> RwLockReadGuard<'_, Org> {
        self.org.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn org_mut(&self) -> RwLockWriteGuard<'_, Org> {
        self.org.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What searches show, if it differs from the organization.
    pub(crate) fn index(&self) -> MutexGuard<'_, Lagging> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }
}
