//! `profile import`: creates profiles from environments that Postman exported.
//!
//! Environments of one site become one profile: the two kinds in the knowledge base are two halves of it. No
//! existing profile changes without a message, and a file with a credential is refused if other users can read it.

use std::path::Path;

use headcount_app::configuration::config::Config;
use headcount_app::configuration::postman::PostmanEnvironment;
use headcount_app::credentials::Ring;
use headcount_app::failure::{Failure, GUARD, OK, USAGE};
use headcount_app::profile::draft::{Draft, Key, failure_of};
use headcount_app::profile::keep::{KINDS, MaybeRing, keep};
use headcount_app::settings::refuse_if_shared;
use headcount_atlassian::access::{Address, Setting};
use headcount_atlassian::place::KeyKind;

use super::add::{existing, taken, tell_of_default};
use super::given::of_environment;
use crate::args::ImportArgs;
use crate::context::Context;
use crate::show::{self, form};
use crate::terminal::talk;

/// A new profile: its site, and its environments.
struct Group {
    site: Option<Address>,
    parts: Vec<(String, PostmanEnvironment)>,
}

/// Runs the command.
pub async fn run(args: &ImportArgs, context: &Context) -> Result<u8, Failure> {
    let groups = grouped(args)?;
    if args.name.is_some() && groups.len() > 1 {
        let sites: Vec<_> = groups.iter().map(name_of).collect();
        let message =
            format!("--name is for one profile; the files are for {}", sites.join(" and "));
        return Err(Failure::new(USAGE, message));
    }
    let ring = Ring::open();
    // All profiles are made and checked before the first is saved.
    let mut drafts = Vec::new();
    for group in &groups {
        drafts.push(draft(group, args, &ring, context).await?);
    }
    for draft in &drafts {
        let config = existing(context)?;
        let old = config.profiles.get(&draft.name);
        let kept = keep(draft, old, &ring, args.keep.default, &context.app)?;
        show::profile::kept(&draft.name, &kept, context);
        if !args.keep.default {
            tell_of_default(&config, &draft.name, context);
        }
    }
    for file in holding(&groups) {
        context.say(format!(
            "{file} still contains a credential: delete the file when you no longer need it."
        ));
    }
    Ok(OK)
}

fn holding(groups: &[Group]) -> impl Iterator<Item = &str> {
    let parts = groups.iter().flat_map(|group| &group.parts);
    parts.filter(|(_, part)| part.holds_a_key()).map(|(file, _)| file.as_str())
}

/// Reads all files and groups those of one site. A file without a site belongs to the only site that is named.
fn grouped(args: &ImportArgs) -> Result<Vec<Group>, Failure> {
    let mut groups: Vec<Group> = Vec::new();
    let mut homeless = Vec::new();
    for path in &args.files {
        let (file, part) = (path.display().to_string(), read(path)?);
        let site = part.settings.cloud_url.as_deref();
        let site = site.map(|url| Address::parse(Setting::CloudUrl, url)).transpose();
        let site = site.map_err(|error| {
            Failure::new(USAGE, format!("{file} cannot be imported")).because(&error)
        })?;
        match groups.iter_mut().find(|group| group.site == site) {
            _ if site.is_none() => homeless.push((file, part)),
            Some(group) => group.parts.push((file, part)),
            None => groups.push(Group { site, parts: vec![(file, part)] }),
        }
    }
    if homeless.is_empty() {
        return Ok(groups);
    }
    match groups.as_mut_slice() {
        [] => groups.push(Group { site: None, parts: homeless }),
        [only] => only.parts.append(&mut homeless),
        _ => {
            let (file, _) = &homeless[0];
            return Err(Failure::new(USAGE, format!("{file} does not name its site"))
                .hint("import it together with its environment"));
        }
    }
    Ok(groups)
}

fn read(path: &Path) -> Result<PostmanEnvironment, Failure> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(USAGE, format!("{file} cannot be read")).because(&error))?;
    let part = PostmanEnvironment::parse(&text).map_err(|error| {
        Failure::new(USAGE, format!("{file} cannot be imported")).because(&error)
    })?;
    if part.holds_a_key() {
        refuse_if_shared(path, "contains a credential")?;
    }
    Ok(part)
}

/// `acme` for `https://acme.atlassian.net`; for another address, its whole host.
fn name_of(group: &Group) -> String {
    let Some(site) = &group.site else { return "organization".into() };
    let host = site.host().to_lowercase();
    let own = [".atlassian.net", ".jira.com"].iter().find_map(|end| host.strip_suffix(end));
    own.unwrap_or(&host).replace(|c: char| !c.is_alphanumeric() && c != '-', "-")
}

async fn draft(
    group: &Group,
    args: &ImportArgs,
    ring: &MaybeRing,
    context: &Context,
) -> Result<Draft, Failure> {
    let config = existing(context)?;
    let name = args.name.clone().unwrap_or_else(|| name_of(group));
    may_change(&name, group, args, &config, context).await?;
    let mut draft = Draft::new(&name, config.profiles.get(&name))?;
    for (file, part) in &group.parts {
        lay(&mut draft, file, part, group)?;
    }
    draft.profile.cloud_url = group.site.as_ref().map(ToString::to_string);
    for kind in KINDS {
        if draft.key(kind).value().is_some() {
            *draft.command(kind) = None;
        } else {
            missing_key(kind, group, &mut draft, ring, context).await?;
        }
    }
    draft.fetch(ring.as_ref().ok())?;
    if !args.keep.no_check {
        let found = draft.check(&context.app).await?;
        for report in found.reports() {
            context.say(show::check::key(report, context.paint).trim_end());
        }
        if let Some(failure) = failure_of(&found) {
            return Err(failure.hint("nothing was saved; --no-check saves it anyway"));
        }
    }
    Ok(draft)
}

async fn may_change(
    name: &str,
    group: &Group,
    args: &ImportArgs,
    config: &Config,
    context: &Context,
) -> Result<(), Failure> {
    let Some(old) = config.profiles.get(name).filter(|_| !args.keep.replace) else {
        return Ok(());
    };
    if !context.can_ask {
        return Err(taken(name));
    }
    let of = |site: Option<&str>| site.unwrap_or("organization API key only").to_owned();
    let (was, is) = (of(old.cloud_url.as_deref()), group.site.as_ref().map(ToString::to_string));
    talk::line(format_args!(
        "The profile {name} already exists ({was}); the import is for {}.",
        of(is.as_deref())
    ));
    match form::fill(&context.interrupts, form::yes("Change it?")).await? {
        true => Ok(()),
        false => Err(Failure::new(GUARD, "nothing was changed")),
    }
}

/// Adds one environment to the draft. Two that contradict each other are not one profile.
fn lay(
    draft: &mut Draft,
    file: &str,
    part: &PostmanEnvironment,
    group: &Group,
) -> Result<(), Failure> {
    let differs = |what: &str, of: fn(&PostmanEnvironment) -> Option<String>| {
        let here = of(part);
        let other = group.parts.iter().find(|(other, part)| {
            let there = of(part);
            other != file && there.is_some() && here.is_some() && there != here
        });
        match other {
            Some((other, _)) => {
                Err(Failure::new(USAGE, format!("{file} and {other} name different {what}"))
                    .hint("import them one by one, each with its own --name"))
            }
            None => Ok(()),
        }
    };
    differs("emails", |part| part.settings.email.clone())?;
    differs("organizations", |part| part.settings.org_id.clone())?;
    if let Some(email) = &part.settings.email {
        draft.profile.email = Some(email.clone());
    }
    if let Some(org) = &part.settings.org_id {
        draft.profile.org_id = Some(org.clone());
    }
    if let Some(key) = &part.api_token {
        draft.api_token = Key::Elsewhere(key.clone());
    }
    if let Some(key) = &part.org_api_key {
        draft.org_api_key = Key::Elsewhere(key.clone());
    }
    Ok(())
}

/// A credential whose variable is empty: Postman does not export secrets.
async fn missing_key(
    kind: KeyKind,
    group: &Group,
    draft: &mut Draft,
    ring: &MaybeRing,
    context: &Context,
) -> Result<(), Failure> {
    if !group.parts.iter().any(|(_, part)| part.empty.contains(&kind)) {
        return Ok(());
    }
    if let Some(key) = of_environment(kind, draft, context)? {
        draft.set(kind, key);
        return Ok(());
    }
    context.say(format!("The {kind} has no value: Postman leaves secrets out of its exports."));
    if context.can_ask && ring.is_ok() {
        let question = format!("{kind} (not shown; empty for none)");
        let key = form::fill(&context.interrupts, form::key(&question)).await?;
        if !key.is_empty() {
            draft.set(kind, Key::New(key.into()));
        }
    }
    Ok(())
}
