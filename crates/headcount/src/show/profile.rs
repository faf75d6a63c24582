//! The result of saving a profile, in words.

use headcount_app::profile::keep::{Kept, KeptIn};
use headcount_app::words::quoted;

use crate::context::Context;

/// Reports that a profile is saved, and the sources of its credentials.
pub fn kept(name: &str, kept: &Kept, context: &Context) {
    context.say(format!("The profile {name} is saved in {}.", context.app.config.display()));
    for (kind, place) in &kept.0 {
        let from = match place {
            KeptIn::None => {
                let option = kind.command_setting();
                format!("none yet: set {} or {option}", kind.variable())
            }
            KeptIn::Keyring => "in the keyring".into(),
            KeptIn::KeyringAsBefore => "in the keyring, as before".into(),
            KeptIn::NotShown => "as before; headcount could not read it from the keyring".into(),
            KeptIn::Command => "from the profile's command".into(),
            KeptIn::Nowhere => {
                let variable = kind.variable();
                format!("not saved, because headcount found no keyring: set {variable} each time")
            }
        };
        context.say(format!("  {kind}: {from}"));
    }
    context.say(format!("Use it: headcount --profile {} …", quoted(name)));
}
