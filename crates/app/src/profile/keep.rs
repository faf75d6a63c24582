//! Saves a profile: its credentials in the keyring and its settings in the file, both or neither. Without a
//! keyring, a long-running process (the page) keeps the credentials in memory.
//!
//! Concurrent changes are not overwritten: unchanged settings are not written at all, and changed ones only if the
//! old values are still the expected ones.

use crate::configuration::config::{Config, Profile};
use crate::configuration::edit::{self, Default};
use headcount_atlassian::place::{KeyKind, KeyPlace};
use headcount_model::secret::SecretString;

use super::draft::{Draft, Key, place};
use crate::context::Context;
use crate::credentials::{Held, NoRing, Ring};
use crate::failure::{Failure, Lacks, USAGE};
use crate::hint::Hint;
use crate::settings;

/// All kinds of credentials.
pub const KINDS: [KeyKind; 3] = [KeyKind::ApiToken, KeyKind::OrgApiKey, KeyKind::ScimApiKey];

/// The keyring, or why there is none.
pub type MaybeRing = Result<Ring, NoRing>;

/// Saves the profile. The credentials are stored first, so that a profile in the file always has its credentials.
/// If the file then can't be written, the keyring is restored.
pub fn keep(
    draft: &Draft,
    old: Option<&Profile>,
    ring: &MaybeRing,
    default: bool,
    context: &Context,
) -> Result<Kept, Failure> {
    let held = context.held.as_ref();
    let mut put = Put { ring, held, done: Vec::new(), to_hold: Vec::new() };
    for kind in KINDS {
        if let Some(place) = place(draft, kind)? {
            put.key(place, draft.key(kind))?;
        }
    }
    if let Err(failure) = write(draft, old, default, context) {
        put.undo();
        return Err(failure);
    }
    put.hold();
    clear_old(draft, old, ring);
    Ok(Kept::of(draft, &put))
}

/// Writes the settings if any of them changed.
fn write(
    draft: &Draft,
    old: Option<&Profile>,
    default: bool,
    context: &Context,
) -> Result<(), Failure> {
    if old == Some(&draft.profile) && !default {
        return Ok(());
    }
    let becomes = if default { Default::Becomes } else { Default::Stays };
    settings::change(context, |file, text| {
        if Config::parse(file, text)?.profiles.get(&draft.name) != old {
            let message = format!(
                "the profile {} was changed in the meantime; nothing was saved",
                draft.name
            );
            return Err(Failure::new(USAGE, message).hint("look at it and try again"));
        }
        Ok(edit::put(file, text, &draft.name, &draft.profile, becomes)?)
    })
}

/// What was stored in the keyring, with the earlier entries.
struct Put<'a> {
    ring: &'a MaybeRing,
    held: Option<&'a Held>,
    done: Vec<(KeyPlace, Option<SecretString>)>,
    /// What the keyring did not take, to be kept in memory instead.
    to_hold: Vec<(KeyPlace, SecretString)>,
}

impl Put<'_> {
    /// Stores a credential. One that was entered for this profile must be stored; one from elsewhere can be read
    /// again.
    fn key(&mut self, place: KeyPlace, key: &Key) -> Result<(), Failure> {
        let (key, needed) = match key {
            Key::New(key) => (key, true),
            Key::Elsewhere(key) => (key, false),
            Key::None | Key::Printed(_) | Key::Kept(_) | Key::Unread => return Ok(()),
        };
        match self.try_key(&place, key) {
            Ok(before) => self.done.push((place, before)),
            // A keyring that exists and refuses may return an older credential the next time.
            Err(NoRing::Absent(_)) if needed && self.held.is_some() => {
                self.to_hold.push((place, key.clone()));
            }
            Err(why) if needed => {
                self.undo();
                return Err(nowhere(place.kind, &why));
            }
            Err(_) => {}
        }
        Ok(())
    }

    fn try_key(
        &self,
        place: &KeyPlace,
        key: &SecretString,
    ) -> Result<Option<SecretString>, NoRing> {
        let ring = self.ring.as_ref().map_err(Clone::clone)?;
        let before = ring.get(place)?;
        if let Err(why) = ring.put(place, key) {
            put_back(ring, place, before.as_ref());
            return Err(why);
        }
        Ok(before)
    }

    /// Keeps in memory what the keyring did not take, and forgets older values of what it took.
    fn hold(&mut self) {
        let Some(held) = self.held else { return };
        self.done.iter().for_each(|(place, _)| held.forget(place));
        self.to_hold.drain(..).for_each(|(place, key)| held.hold(&place, key));
    }

    fn undo(&self) {
        let Ok(ring) = self.ring else { return };
        self.done.iter().for_each(|(place, before)| put_back(ring, place, before.as_ref()));
    }

    fn has(&self, kind: KeyKind) -> bool {
        self.done.iter().any(|(place, _)| place.kind == kind)
    }
}

/// Best effort: the failure that led here is reported.
fn put_back(ring: &Ring, place: &KeyPlace, before: Option<&SecretString>) {
    let _ = match before {
        Some(key) => ring.put(place, key),
        None => ring.take_out(place).map(drop),
    };
}

fn nowhere(kind: KeyKind, why: &NoRing) -> Failure {
    let message = format!("headcount has no place to save the {kind}; nothing was saved");
    Failure::new(USAGE, message).because(why).hint(Hint::PrintOrSet(kind)).lacks(Lacks::Keyring)
}

/// Removes credentials of the earlier profile from entries that no command reads any more.
fn clear_old(draft: &Draft, old: Option<&Profile>, ring: &MaybeRing) {
    let (Some(old), Ok(ring)) = (old, ring) else { return };
    let Ok(before) = Draft::new(&draft.name, Some(old)) else { return };
    for kind in KINDS {
        let (Ok(was), Ok(is)) = (place(&before, kind), place(draft, kind)) else { continue };
        let has_command = match kind {
            KeyKind::ApiToken => draft.profile.api_token_command.is_some(),
            KeyKind::OrgApiKey => draft.profile.org_api_key_command.is_some(),
            KeyKind::ScimApiKey => draft.profile.scim_api_key_command.is_some(),
        };
        let none = matches!(draft.key(kind), Key::None);
        if let Some(was) = was.filter(|was| none || has_command || is.as_ref() != Some(was)) {
            let _ = ring.take_out(&was);
        }
    }
}

/// The sources of a saved profile's credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept(pub Vec<(KeyKind, KeptIn)>);

/// The source of a saved profile's credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// There is none yet.
    None,
    /// It was stored in the keyring now.
    Keyring,
    /// It was in the keyring before.
    KeyringAsBefore,
    /// The keyring did not show whether it has one.
    NotShown,
    /// The profile's command prints it.
    Command,
    /// It was given, and there is no keyring.
    Nowhere,
}

impl Kept {
    fn of(draft: &Draft, put: &Put<'_>) -> Self {
        let mut kept = Vec::new();
        for kind in KINDS {
            let place = match draft.key(kind) {
                Key::None if draft.profile.email.is_none() && kind == KeyKind::ApiToken => continue,
                Key::None
                    if draft.profile.scim_directory_id.is_none() && kind == KeyKind::ScimApiKey =>
                {
                    continue;
                }
                Key::None => KeptIn::None,
                _ if put.has(kind) => KeptIn::Keyring,
                Key::Kept(_) => KeptIn::KeyringAsBefore,
                Key::Unread => KeptIn::NotShown,
                Key::Printed(_) => KeptIn::Command,
                Key::New(_) | Key::Elsewhere(_) => KeptIn::Nowhere,
            };
            kept.push((kind, place));
        }
        Self(kept)
    }
}
