//! Keys: from the environment, from a command of the profile, or from the operating system's
//! keyring, in this order. Never from an argument.

mod command;
mod ring;

use headcount_core::profile::choose::{Chosen, KeySource};
use headcount_core::profile::place::{KeyKind, KeyPlace};
use headcount_core::values::secret::SecretString;

use crate::failure::Failure;

pub use ring::{NoRing, Ring};

/// The keys of a chosen site.
#[derive(Debug, Default)]
pub struct Keys {
    /// The API token.
    pub api_token: Option<SecretString>,
    /// The organisation's API key.
    pub org_api_key: Option<SecretString>,
    /// Why the keyring could not be asked, if a key was looked for there.
    pub no_ring: Option<NoRing>,
}

/// Gets the keys from where they come.
pub fn get(chosen: &Chosen) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    keys.api_token = keys.one(KeyKind::ApiToken, chosen.api_token.as_ref())?;
    keys.org_api_key = keys.one(KeyKind::OrgApiKey, chosen.org_api_key.as_ref())?;
    Ok(keys)
}

/// Runs a profile's command for a key.
pub fn of_command(kind: KeyKind, command: &str) -> Result<SecretString, Failure> {
    command::run(kind, command)
}

impl Keys {
    fn one(
        &mut self,
        kind: KeyKind,
        source: Option<&KeySource>,
    ) -> Result<Option<SecretString>, Failure> {
        match source {
            None => Ok(None),
            Some(KeySource::Value(key)) => Ok(Some(key.clone())),
            Some(KeySource::Command(command)) => Ok(Some(of_command(kind, command)?)),
            Some(KeySource::Keyring(place)) => Ok(self.kept(place)),
        }
    }

    /// No keyring is no key: the job says which it lacks, and why the keyring could not help.
    fn kept(&mut self, place: &KeyPlace) -> Option<SecretString> {
        if self.no_ring.is_some() {
            return None;
        }
        match Ring::open().and_then(|ring| ring.get(place)) {
            Ok(key) => key,
            Err(why) => {
                self.no_ring = Some(why);
                None
            }
        }
    }
}
