//! `profile remove`: removes the settings from the file and the credentials from the keyring.

use headcount_app::failure::{Failure, GUARD, OK, USAGE};
use headcount_app::profile::remove::{find, remove};

use crate::context::Context;
use crate::show::ask::Answers;

/// Runs the command.
pub fn run(name: &str, yes: bool, context: &Context) -> Result<u8, Failure> {
    let profile = find(name, &context.app)?;
    let site = profile.cloud_url.as_deref().unwrap_or("organization API key only");
    if !yes {
        let answers = Answers::of(context, false);
        if answers == Answers::Nowhere {
            return Err(Failure::new(USAGE, "there is no terminal to ask whether to remove it")
                .hint("--yes removes it without asking"));
        }
        if !answers.yes(&format!("Remove the profile {name} ({site}) and its credentials?")) {
            return Err(Failure::new(GUARD, "nothing was removed"));
        }
    }
    let removed = remove(name, &context.app)?;
    context.say(format!("Removed the profile {name} from {}.", context.app.config.display()));
    match removed.from_keyring {
        Ok(kinds) => {
            for kind in kinds {
                context.say(format!("Removed its {kind} from the keyring."));
            }
        }
        Err(why) => context.say(format!("Did not look for credentials: {why}.")),
    }
    Ok(OK)
}
