//! Keeps the newest few results of a kind for some time, under names that cannot be guessed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::Failure;

use crate::access::secret;

/// The most results of a kind; the oldest is dropped, together with its files.
const MOST: usize = 8;

/// A result and its name.
pub type Named<T> = (String, Arc<T>);

/// The newest few results of a kind.
pub struct Shelf<T> {
    most: usize,
    all: Mutex<VecDeque<Named<T>>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self::of(MOST)
    }
}

impl<T> Shelf<T> {
    /// One that keeps this many.
    pub fn of(most: usize) -> Self {
        Self { most, all: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Named<T>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a result. Returns its name.
    pub fn put(&self, thing: T) -> Result<String, Failure> {
        let id = secret()?;
        let mut all = self.lock();
        all.push_back((id.clone(), Arc::new(thing)));
        while all.len() > self.most {
            all.pop_front();
        }
        Ok(id)
    }

    /// The result with this name.
    pub fn find(&self, id: &str) -> Option<Arc<T>> {
        self.lock().iter().find(|(known, _)| known == id).map(|(_, thing)| Arc::clone(thing))
    }

    /// The newest result that matches, with its name.
    pub fn newest(&self, is_such: impl Fn(&T) -> bool) -> Option<Named<T>> {
        self.lock().iter().rev().find(|(_, thing)| is_such(thing)).cloned()
    }

    /// Removes all results.
    pub fn clear(&self) {
        self.lock().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_gives_way() {
        let shelf = Shelf::default();
        let first = shelf.put(0).unwrap();
        let second = shelf.put(1).unwrap();
        for n in 2..=MOST {
            shelf.put(n).unwrap();
        }
        assert!(shelf.find(&first).is_none());
        assert_eq!(shelf.find(&second).as_deref(), Some(&1));
        assert_eq!(shelf.newest(|n| *n < 3).map(|(_, n)| *n), Some(2));
        shelf.clear();
        assert!(shelf.find(&second).is_none());
    }
}
