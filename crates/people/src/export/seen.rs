//! Remembers the users that were written: a list in pages may show a user twice if users are added or removed
//! while it is read.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use headcount_model::user::AccountId;

/// A fingerprint of 8 bytes for each user instead of an id, so that a million users take some megabytes. Two of a
/// million users have the same fingerprint in one of 37 million exports, and the site's count would show that one
/// is missing.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl Seen {
    /// Adds a user. Returns whether the user is new.
    pub(super) fn add(&mut self, id: &AccountId) -> bool {
        self.seen.insert(self.hasher.hash_one(id))
    }

    /// An empty one with the same fingerprints.
    pub(super) fn alike(&self) -> Self {
        Self { hasher: self.hasher.clone(), seen: HashSet::new() }
    }

    /// Adds all of one that is [`alike`](Self::alike).
    pub(super) fn add_all(&mut self, other: &Self) {
        self.seen.extend(&other.seen);
    }

    pub(super) fn has(&self, id: &AccountId) -> bool {
        self.seen.contains(&self.hasher.hash_one(id))
    }

    pub(super) fn many(&self) -> u64 {
        self.seen.len() as u64
    }
}
