//! Credentials in the memory of this process: entered on the page if there is no keyring to store them.
//!
//! Each has the name that it would have in the keyring, so it belongs to one profile and one address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_atlassian::place::KeyPlace;
use headcount_model::secret::SecretString;

/// The credentials; all clones share them.
#[derive(Clone, Debug, Default)]
pub struct Held(Arc<Mutex<HashMap<String, SecretString>>>);

impl Held {
    /// The credential of this entry.
    pub fn get(&self, place: &KeyPlace) -> Option<SecretString> {
        self.lock().get(&place.name()).cloned()
    }

    /// Holds a credential, replacing an older one.
    pub fn hold(&self, place: &KeyPlace, key: SecretString) {
        self.lock().insert(place.name(), key);
    }

    /// Forgets the credential of this entry, because a newer one is stored elsewhere.
    pub fn forget(&self, place: &KeyPlace) {
        self.lock().remove(&place.name());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
