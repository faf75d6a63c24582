//! Credentials: from the environment, from a command of the profile, or from the operating system's keyring, in
//! this order; never from an argument. Without a keyring, credentials that were entered on the page replace it.

mod command;
mod held;
pub mod journal_password;
mod keyring;

use crate::configuration::choose::{Chosen, KeySource};
use headcount_atlassian::place::{KeyKind, KeyPlace};
use headcount_model::secret::SecretString;

use crate::failure::Failure;

pub use held::Held;
pub use keyring::{NoRing, Ring};

/// The credentials of a chosen site.
#[derive(Debug, Default)]
pub struct Keys {
    /// The API token.
    pub api_token: Option<SecretString>,
    /// The organization's API key.
    pub org_api_key: Option<SecretString>,
    /// The key of the identity provider's directory.
    pub scim_api_key: Option<SecretString>,
    /// Why the keyring could not be read, if a credential was looked for there.
    pub no_ring: Option<NoRing>,
}

/// How long a site's credentials last.
#[derive(Clone, Debug)]
pub enum Lasting {
    /// Their sources are permanent, as far as is known without reading them.
    Kept,
    /// Some are only in the memory of this process.
    Held {
        /// The credentials in memory.
        held: Vec<KeyKind>,
        /// The credentials without any source.
        none: Vec<KeyKind>,
    },
    /// There is no credential, and no keyring that could have one.
    Missing(NoRing),
}

/// Reads the credentials from their sources.
pub fn get(chosen: &Chosen, held: Option<&Held>) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    keys.api_token = keys.one(KeyKind::ApiToken, chosen.api_token.as_ref(), held)?;
    keys.org_api_key = keys.one(KeyKind::OrgApiKey, chosen.org_api_key.as_ref(), held)?;
    keys.scim_api_key = keys.one(KeyKind::ScimApiKey, chosen.scim_api_key.as_ref(), held)?;
    Ok(keys)
}

/// How long the credentials of a site last. No credential is read.
pub fn lasting(chosen: &Chosen, held: Option<&Held>) -> Lasting {
    let sources: Vec<_> =
        chosen.api_token.iter().chain(&chosen.org_api_key).chain(&chosen.scim_api_key).collect();
    let place = |source: &&KeySource| match source {
        KeySource::Keyring(place) => Some(place.clone()),
        KeySource::Value(_) | KeySource::Command(_) => None,
    };
    let places: Vec<_> = sources.iter().filter_map(place).collect();
    let is_held = |place: &&KeyPlace| held.is_some_and(|held| held.get(place).is_some());
    let (held, not): (Vec<_>, Vec<_>) = places.iter().partition(is_held);
    let kinds = |places: Vec<&KeyPlace>| places.into_iter().map(|place| place.kind).collect();
    if !held.is_empty() {
        return Lasting::Held { held: kinds(held), none: kinds(not) };
    }
    match Ring::open() {
        Err(why) if places.len() == sources.len() => Lasting::Missing(why),
        _ => Lasting::Kept,
    }
}

/// Runs a profile's command for a credential.
pub fn of_command(kind: KeyKind, command: &str) -> Result<SecretString, Failure> {
    command::run(kind, command)
}

impl Keys {
    fn one(
        &mut self,
        kind: KeyKind,
        source: Option<&KeySource>,
        held: Option<&Held>,
    ) -> Result<Option<SecretString>, Failure> {
        match source {
            None => Ok(None),
            Some(KeySource::Value(key)) => Ok(Some(key.clone())),
            Some(KeySource::Command(command)) => Ok(Some(of_command(kind, command)?)),
            Some(KeySource::Keyring(place)) => {
                Ok(held.and_then(|held| held.get(place)).or_else(|| self.kept(place)))
            }
        }
    }

    /// A missing keyring is no error: the job reports which credential it lacks, and why the keyring could not
    /// help.
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
