//! Removes a profile: its settings from the file, its credentials from the keyring.

use crate::configuration::choose::SANDBOX;
use crate::configuration::config::Profile;
use crate::configuration::edit;
use headcount_atlassian::place::KeyKind;

use super::draft::{Draft, place};
use super::keep::KINDS;
use crate::context::Context;
use crate::credentials::{NoRing, Ring};
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;
use crate::settings;

/// What was removed.
#[derive(Debug)]
pub struct Removed {
    /// The credentials that were in the keyring; or why it could not be read.
    pub from_keyring: Result<Vec<KeyKind>, NoRing>,
}

/// The profile with this name.
///
/// # Errors
/// There is none, or it is the built-in one.
pub fn find(name: &str, context: &Context) -> Result<Profile, Failure> {
    match settings::read(context)?.profiles.remove(name) {
        Some(profile) => Ok(profile),
        None => Err(missing(name, context)),
    }
}

/// Removes a profile. The file is changed first: a profile without its credentials would be worse than credentials
/// without a profile.
///
/// # Errors
/// No profile has this name, the file cannot be written, or the keyring refuses.
pub fn remove(name: &str, context: &Context) -> Result<Removed, Failure> {
    let profile = find(name, context)?;
    let draft = Draft { name: name.into(), profile, ..Draft::empty() };
    settings::change(context, |file, text| Ok(edit::take_out(file, text, name)?))?;
    let ring = match Ring::open() {
        Ok(ring) => ring,
        Err(why) => return Ok(Removed { from_keyring: Err(why) }),
    };
    let mut removed = Vec::new();
    for kind in KINDS {
        let Some(place) = place(&draft, kind)? else { continue };
        if let Some(held) = &context.held {
            held.forget(&place);
        }
        match ring.take_out(&place) {
            Ok(true) => removed.push(kind),
            Ok(false) => {}
            Err(why) => {
                return Err(Failure::new(USAGE, format!("its {kind} may still be in the keyring"))
                    .because(&why)
                    .hint(format!("look in the keyring for “{}” of headcount", place.name())));
            }
        }
    }
    Ok(Removed { from_keyring: Ok(removed) })
}

fn missing(name: &str, context: &Context) -> Failure {
    if name == SANDBOX {
        return Failure::new(USAGE, "the built-in profile “sandbox” is always there");
    }
    let file = context.config.display();
    Failure::new(USAGE, format!("there is no profile “{name}” in {file}")).hint(Hint::ListProfiles)
}
