//! The operating system's keyring: Keychain on macOS, Credential Manager on Windows, the Secret Service (GNOME
//! Keyring, KWallet, KeePassXC) elsewhere.
//!
//! Linux's kernel keyring (keyutils) is not used, because it forgets its entries at the next start: a profile
//! would work today and not tomorrow. The Secret Service's client is pure Rust, without libdbus, so that it builds
//! on any computer. If no service runs (a server, CI), every call says so, and the credential comes from the
//! environment or a command.

use std::sync::Arc;

use headcount_atlassian::place::{KeyPlace, SERVICE};
use headcount_model::secret::{ExposeSecret, SecretString};
use keyring_core::{CredentialStore, Entry, Error};

/// An available keyring.
#[derive(Debug)]
pub struct Ring {
    store: Arc<CredentialStore>,
}

/// Why there is no keyring, or why it returns nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoRing {
    /// No keyring runs here.
    #[error("this machine has no keyring that answers ({0})")]
    Absent(String),
    /// The keyring refuses: it is locked, or the user declined.
    #[error("the keyring refuses ({0})")]
    Refuses(String),
}

impl Ring {
    /// Opens the operating system's keyring.
    pub fn open() -> Result<Self, NoRing> {
        let store = native().map_err(|error| NoRing::Absent(innermost(&error)))?;
        Ok(Self { store })
    }

    /// Another kind of keyring, for tests.
    #[cfg(test)]
    fn of(store: Arc<CredentialStore>) -> Self {
        Self { store }
    }

    /// The credential of this entry, if there is one.
    pub fn get(&self, place: &KeyPlace) -> Result<Option<SecretString>, NoRing> {
        self.named(&place.name())
    }

    /// The secret of the entry with this name, if there is one.
    pub fn named(&self, name: &str) -> Result<Option<SecretString>, NoRing> {
        match self.entry(name)?.get_password() {
            Ok(key) => Ok(Some(key.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refuses(&error)),
        }
    }

    /// Stores a credential, replacing an older one, and reads it again: some keyrings cut off long values.
    pub fn put(&self, place: &KeyPlace, key: &SecretString) -> Result<(), NoRing> {
        self.put_named(&place.name(), key)
    }

    /// The same for the entry with this name.
    pub fn put_named(&self, name: &str, key: &SecretString) -> Result<(), NoRing> {
        let entry = self.entry(name)?;
        entry.set_password(key.expose_secret()).map_err(|error| refuses(&error))?;
        match entry.get_password() {
            Ok(kept) if kept == key.expose_secret() => Ok(()),
            Ok(_) => {
                Err(NoRing::Refuses("it returns a different credential than it was given".into()))
            }
            Err(error) => Err(refuses(&error)),
        }
    }

    /// Removes the credential. Returns whether there was one.
    pub fn take_out(&self, place: &KeyPlace) -> Result<bool, NoRing> {
        match self.entry(&place.name())?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(refuses(&error)),
        }
    }

    fn entry(&self, name: &str) -> Result<Entry, NoRing> {
        self.store.build(SERVICE, name, None).map_err(|error| refuses(&error))
    }
}

#[cfg(target_os = "macos")]
fn native() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn native() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn native() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

fn refuses(error: &Error) -> NoRing {
    NoRing::Refuses(innermost(error))
}

/// The innermost cause, which says most. Only two variants of the error contain a credential's bytes; for these,
/// the variant's own text is used.
fn innermost(error: &Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use headcount_atlassian::access::{Address, Setting};
    use headcount_atlassian::place::KeyKind;

    use super::*;

    fn place(profile: &str, site: &str) -> KeyPlace {
        let address = Address::parse(Setting::CloudUrl, site).unwrap();
        KeyPlace { kind: KeyKind::ApiToken, profile: profile.into(), address }
    }

    fn ring() -> Ring {
        Ring::of(keyring_core::mock::Store::new().unwrap())
    }

    #[test]
    fn what_is_put_there_is_found_and_goes() {
        let ring = ring();
        let acme = place("acme", "https://acme.atlassian.net");
        assert!(ring.get(&acme).unwrap().is_none());
        ring.put(&acme, &"tok-1".to_owned().into()).unwrap();
        ring.put(&acme, &"tok-2".to_owned().into()).unwrap();
        assert_eq!(ring.get(&acme).unwrap().unwrap().expose_secret(), "tok-2");
        assert!(ring.take_out(&acme).unwrap());
        assert!(!ring.take_out(&acme).unwrap());
        assert!(ring.get(&acme).unwrap().is_none());
    }

    /// A credential belongs to one address: a profile whose address changed does not find it.
    #[test]
    fn a_key_is_not_found_for_another_address() {
        let ring = ring();
        ring.put(&place("acme", "https://acme.atlassian.net"), &"tok".to_owned().into()).unwrap();
        assert!(ring.get(&place("acme", "https://evil.example")).unwrap().is_none());
        assert!(ring.get(&place("globex", "https://acme.atlassian.net")).unwrap().is_none());
    }

    #[test]
    fn a_keyring_that_refuses_says_so() {
        let ring = ring();
        let acme = place("acme", "https://acme.atlassian.net");
        let entry = ring.entry(&acme.name()).unwrap();
        let locked = || Error::NoStorageAccess(Box::from("it is locked"));
        let fail = || {
            let cred: &keyring_core::mock::Cred = entry.as_any().downcast_ref().unwrap();
            cred.set_error(locked());
        };
        fail();
        let told = ring.get(&acme).unwrap_err().to_string();
        assert_eq!(told, "the keyring refuses (it is locked)");
        fail();
        assert!(ring.put(&acme, &"tok".to_owned().into()).is_err());
        fail();
        assert!(ring.take_out(&acme).is_err());
    }
}
