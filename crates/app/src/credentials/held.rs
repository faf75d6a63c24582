//! Keys that live as long as this process: given on the page where there is no keyring to keep them.
//!
//! They lie in memory alone, each under the name that it would have in the keyring, and so for one
//! profile and one address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_atlassian::place::KeyPlace;
use headcount_model::secret::SecretString;

/// All of them; every copy is the same.
#[derive(Clone, Debug, Default)]
pub struct Held(Arc<Mutex<HashMap<String, SecretString>>>);

impl Held {
    /// The key of this place.
    pub fn get(&self, place: &KeyPlace) -> Option<SecretString> {
        self.lock().get(&place.name()).cloned()
    }

    /// Holds a key, in place of an older one.
    pub fn hold(&self, place: &KeyPlace, key: SecretString) {
        self.lock().insert(place.name(), key);
    }

    /// Forgets the key of this place: a newer one is kept elsewhere.
    pub fn forget(&self, place: &KeyPlace) {
        self.lock().remove(&place.name());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
