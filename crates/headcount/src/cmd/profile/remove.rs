//! `profile remove`: the settings out of the file, the keys out of the keyring.

use headcount_core::profile::choose::SANDBOX;
use headcount_core::profile::edit;

use super::draft::{Draft, place};
use super::keep::KINDS;
use crate::config;
use crate::context::Context;
use crate::failure::{Failure, GUARD, OK, USAGE};
use crate::keys::Ring;
use crate::show::ask::Answers;

/// Runs it.
pub fn run(name: &str, yes: bool, context: &Context) -> Result<u8, Failure> {
    let config = config::read(context)?;
    let Some(profile) = config.profiles.get(name) else {
        return Err(missing(name, context));
    };
    let site = profile.cloud_url.as_deref().unwrap_or("the organisation alone");
    if !yes {
        let answers = Answers::of(context, false);
        if answers == Answers::Nowhere {
            return Err(Failure::new(USAGE, "nobody can be asked whether to remove it")
                .hint("--yes removes it without a question"));
        }
        if !answers.yes(&format!("Remove the profile {name} ({site}) and its keys?")) {
            return Err(Failure::new(GUARD, "nothing was removed"));
        }
    }
    let draft = Draft { name: name.into(), profile: profile.clone(), ..Draft::empty() };
    // The file first: a profile without its keys would be worse than keys without a profile.
    config::change(context, |file, text| Ok(edit::take_out(file, text, name)?))?;
    context.say(format!("The profile {name} is removed from {}.", context.config.display()));
    let ring = match Ring::open() {
        Ok(ring) => ring,
        Err(why) => {
            context.say(format!("No key was looked for: {why}."));
            return Ok(OK);
        }
    };
    for kind in KINDS {
        let Some(place) = place(&draft, kind)? else { continue };
        match ring.take_out(&place) {
            Ok(true) => context.say(format!("Its {kind} is taken out of the keyring.")),
            Ok(false) => {}
            Err(why) => {
                return Err(Failure::new(USAGE, format!("its {kind} may still be in the keyring"))
                    .because(&why)
                    .hint(format!("look there for “{}” of headcount", place.name())));
            }
        }
    }
    Ok(OK)
}

fn missing(name: &str, context: &Context) -> Failure {
    if name == SANDBOX {
        return Failure::new(USAGE, "the built-in profile “sandbox” is always there");
    }
    let file = context.config.display();
    Failure::new(USAGE, format!("there is no profile “{name}” in {file}"))
        .hint("`headcount profile list` shows which there are")
}
