//! `profile add`: asks on a terminal, takes options otherwise; saves nothing that was not checked.

use std::io::BufRead;

use headcount_app::configuration::config::Config;
use headcount_app::credentials::{self, Ring};
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_app::profile::draft::{Draft, Key, failure_of};
use headcount_app::profile::keep::keep;
use headcount_app::settings;
use headcount_atlassian::place::KeyKind;

use super::given::{of_environment, settings};
use super::questions;
use crate::args::AddArgs;
use crate::context::Context;
use crate::show::{self, form};

/// Runs the command.
pub async fn run(args: &AddArgs, context: &Context) -> Result<u8, Failure> {
    let config = existing(context)?;
    let old = config.profiles.get(&args.name);
    let mut draft = Draft::new(&args.name, old)?;
    let ring = Ring::open();
    let default = if context.can_ask {
        form::fill(&context.interrupts, questions::ask(args, &mut draft, &config, &ring, context))
            .await?
    } else {
        given(args, &mut draft, old.is_some(), context)?;
        draft.fetch(ring.as_ref().ok())?;
        if !args.keep.no_check {
            let found = draft.check(&context.app).await?;
            for report in found.reports() {
                context.say(show::check::key(report, context.paint).trim_end());
            }
            if let Some(failure) = failure_of(&found) {
                return Err(failure.hint("nothing was saved"));
            }
        }
        args.keep.default
    };
    let kept = keep(&draft, old, &ring, default, &context.app)?;
    show::profile::kept(&draft.name, &kept, context);
    if !default {
        tell_of_default(&config, &draft.name, context);
    }
    Ok(OK)
}

/// The existing profiles. A file that the user names need not exist yet.
pub fn existing(context: &Context) -> Result<Config, Failure> {
    if context.app.config.exists() { settings::read(&context.app) } else { Ok(Config::default()) }
}

/// Without a terminal: from options, the environment and standard input.
fn given(
    args: &AddArgs,
    draft: &mut Draft,
    is_there: bool,
    context: &Context,
) -> Result<(), Failure> {
    if is_there && !args.keep.replace {
        return Err(taken(&args.name));
    }
    settings(args, &mut draft.profile)?;
    let profile = &draft.profile;
    let lines = std::io::stdin().lock().lines();
    let mut lines = lines.map(|line| line.unwrap_or_default());
    let site = profile.cloud_url.is_some() && profile.email.is_some();
    for (kind, from_input) in [
        (KeyKind::ApiToken, args.token.api_token_stdin),
        (KeyKind::OrgApiKey, args.org_key.org_api_key_stdin),
        (KeyKind::ScimApiKey, args.provisioning.scim_api_key_stdin),
    ] {
        if from_input {
            let key = lines.next().unwrap_or_default().trim().to_owned();
            if key.is_empty() {
                let message = format!("standard input has no line with the {kind}");
                return Err(Failure::new(USAGE, message));
            }
            *draft.command(kind) = None;
            draft.set(kind, Key::New(key.into()));
        } else if let Some(command) = draft.command(kind).clone() {
            draft.set(kind, Key::Printed(credentials::of_command(kind, &command)?));
        } else if let Some(key) = of_environment(kind, draft, context)? {
            draft.set(kind, key);
        }
    }
    let org = draft.org_api_key.value().is_some();
    if site || org {
        return Ok(());
    }
    Err(Failure::new(USAGE, "a profile needs a site and an email, or an organization API key")
        .hint("give --cloud-url and --email; on a terminal headcount asks for them"))
}

/// The failure if the name is in use.
pub fn taken(name: &str) -> Failure {
    Failure::new(USAGE, format!("the profile “{name}” already exists"))
        .hint("--replace changes it; a different name adds another")
}

/// With a second profile, the first is no longer used unless it is named.
pub fn tell_of_default(before: &Config, name: &str, context: &Context) {
    let others = before.profiles.keys().filter(|other| *other != name).count();
    if before.default.is_none() && others > 0 {
        context.say(format!(
            "There are now {} profiles without a default: name one each time, or choose \
             one with `default = \"NAME\"` in the file.",
            others + 1
        ));
    }
}
