//! Who has been written already: a listing in pages may show a user twice when people come and go
//! while it is read.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use headcount_model::user::AccountId;

/// A fingerprint of each person: 8 bytes instead of an id, so that a million people take some
/// megabytes. Two people with one fingerprint among a million: one in 37 million exports, and the
/// site's count would show that one is missing.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl Seen {
    /// Whether it is new.
    pub(super) fn add(&mut self, id: &AccountId) -> bool {
        self.seen.insert(self.hasher.hash_one(id))
    }

    pub(super) fn has(&self, id: &AccountId) -> bool {
        self.seen.contains(&self.hasher.hash_one(id))
    }

    pub(super) fn many(&self) -> u64 {
        self.seen.len() as u64
    }
}
