//! `profile add` on a terminal: each question says where to find its answer, and each credential is checked before
//! the next question.

use headcount_app::configuration::config::Config;
use headcount_app::credentials;
use headcount_app::failure::{Failure, GUARD};
use headcount_app::profile::draft::{Draft, Key, check_products};
use headcount_app::profile::keep::MaybeRing;
use headcount_app::words;
use headcount_atlassian::access::{Address, Setting};
use headcount_atlassian::place::KeyKind;
use headcount_people::check::{CheckUp, KeyReport, Standing};

use super::given::{of_environment, only_out_of_reach, settings};
use crate::args::AddArgs;
use crate::context::Context;
use crate::show::{self, form};
use crate::terminal::talk;

/// Where to find the answers.
const SITE: &str = "\
The site: the address that the browser shows when you use Jira, such as https://acme.atlassian.net
(leave it empty if you only have an organization API key)";
const EMAIL: &str = "\
Your email at Atlassian; it is at https://id.atlassian.com/manage-profile/email";
const API_TOKEN: &str = "\
Your API token, to create and remove users and to change groups. Create one at
https://id.atlassian.com/manage-profile/security/api-tokens with “Create API token”. It lasts at
most 365 days. (Leave it empty for none.)";
const ORG_KEY: &str = "\
The organization API key, to deactivate, reactivate and suspend users, and to find all users, even
with hidden emails. An organization administrator creates it at https://admin.atlassian.com: choose
the organization, then Settings > API keys > Create API key, without scopes. (Leave it empty for
none.)";
const SCIM_KEY: &str = "\
The SCIM API key, to change users and groups that an identity provider manages (`--by scim`). It was
shown once, with the directory's id, when user provisioning was set up; Atlassian can generate it
again at https://admin.atlassian.com. (Leave it empty for none.)";
const PRODUCTS: &str = "\
Products for rows without products: jira-software, jira-servicedesk,
jira-product-discovery, jira-core, separated by commas. (Leave it empty to name them in each row.)";
const PROTECTED: &str = "\
Users and groups that no job may change: emails, @domains, account ids, group names, separated by
commas. Your own account is always protected.";

/// Asks all questions. Returns whether the profile should become the default.
pub async fn ask(
    args: &AddArgs,
    draft: &mut Draft,
    config: &Config,
    ring: &MaybeRing,
    context: &Context,
) -> Result<bool, Failure> {
    if config.profiles.contains_key(&draft.name) && !args.keep.replace {
        let site = draft.profile.cloud_url.as_deref().unwrap_or("organization API key only");
        talk::line(format_args!("The profile {} already exists: {site}", draft.name));
        if !form::yes("Change it?").await? {
            return Err(Failure::new(GUARD, "nothing was changed"));
        }
        talk::line(format_args!("Enter keeps the value in brackets; - removes it."));
    }
    settings(args, &mut draft.profile)?;
    tell_where_keys_go(ring, context);
    loop {
        site(args, draft).await?;
        if draft.profile.cloud_url.is_none() || token(args, draft, ring, context).await? {
            break;
        }
    }
    org_key(args, draft, ring, context).await?;
    if draft.profile.scim_directory_id.is_some() {
        scim_key(args, draft, ring, context).await?;
    }
    if draft.api_token.value().is_none() && draft.org_api_key.value().is_none() {
        talk::line(format_args!("\nThis profile has no credentials."));
        if !form::yes("Save it anyway?").await? {
            return Err(Failure::new(GUARD, "nothing was saved"));
        }
    }
    rest(args, draft).await?;
    default(args, draft, config).await
}

fn tell_where_keys_go(ring: &MaybeRing, context: &Context) {
    let text = match ring {
        Ok(_) => "Credentials go into this computer's keyring, never into a file.".to_owned(),
        Err(why) => format!(
            "Credentials are never written into a file, and {why}. So they come from a command of \
             your password manager, or from the environment each time."
        ),
    };
    context.say(text);
}

/// Asks for the site and the account.
async fn site(args: &AddArgs, draft: &mut Draft) -> Result<(), Failure> {
    if args.cloud_url.is_none() || draft.profile.cloud_url.is_none() {
        talk::line(format_args!("\n{SITE}"));
        draft.profile.cloud_url = loop {
            let answer = form::line("Site", draft.profile.cloud_url.as_deref()).await?;
            if answer.is_empty() {
                break None;
            }
            match Address::parse(Setting::CloudUrl, &answer) {
                Ok(address) => break Some(address.to_string()),
                Err(error) => talk::line(format_args!("  {error}")),
            }
        };
    }
    if draft.profile.cloud_url.is_some() && args.email.is_none() {
        talk::line(format_args!("\n{EMAIL}"));
        draft.profile.email = loop {
            let answer = form::line("Email", draft.profile.email.as_deref()).await?;
            if answer.contains('@') && !answer.contains(char::is_whitespace) {
                break Some(answer);
            }
            talk::line(format_args!("  “{answer}” is not an email"));
        };
    }
    Ok(())
}

/// Asks for the API token. Returns `false` if the site or the email has to be asked again.
async fn token(
    args: &AddArgs,
    draft: &mut Draft,
    ring: &MaybeRing,
    context: &Context,
) -> Result<bool, Failure> {
    talk::line(format_args!("\n{API_TOKEN}"));
    loop {
        if !one_key(KeyKind::ApiToken, args.token.api_token_command.is_some(), draft, ring, context)
            .await?
        {
            return Ok(true);
        }
        let found = trying(draft, context, args).await?;
        let Some(report) = found.as_ref().and_then(|found| found.jira.as_ref()) else {
            return Ok(true);
        };
        talk::part(format_args!("{}", show::check::key(report, context.paint)));
        if let Some(address) = report.why.first().and_then(|why| why.gateway.as_ref())
            && form::yes("Use this address for the profile?").await?
        {
            draft.profile.cloud_url = Some(address.to_string());
            return Ok(true);
        }
        match decide(report).await? {
            Next::On => return Ok(true),
            Next::Again if report.standing == Standing::WrongAddress => return Ok(false),
            Next::Again => {}
        }
    }
}

/// Asks for the organization API key, and for the organization.
async fn org_key(
    args: &AddArgs,
    draft: &mut Draft,
    ring: &MaybeRing,
    context: &Context,
) -> Result<(), Failure> {
    talk::line(format_args!("\n{ORG_KEY}"));
    loop {
        let command = args.org_key.org_api_key_command.is_some();
        if !one_key(KeyKind::OrgApiKey, command, draft, ring, context).await? {
            return Ok(());
        }
        loop {
            let found = trying(draft, context, args).await?;
            let Some(report) = found.as_ref().and_then(|found| found.org.as_ref()) else {
                return Ok(());
            };
            talk::part(format_args!("{}", show::check::key(report, context.paint)));
            if report.standing == Standing::Undecided {
                let question = format!("Id of the {}", report.undecided());
                let answer = form::line(&question, None).await?;
                let id = Some(answer).filter(|id| !id.is_empty());
                match report.lacks_directory() {
                    true => draft.profile.directory_id = id,
                    false => draft.profile.org_id = id,
                }
                continue;
            }
            match decide(report).await? {
                Next::On => return Ok(()),
                Next::Again => break,
            }
        }
    }
}

/// Asks for the key of the identity provider's directory, if an option or the profile names the directory.
async fn scim_key(
    args: &AddArgs,
    draft: &mut Draft,
    ring: &MaybeRing,
    context: &Context,
) -> Result<(), Failure> {
    talk::line(format_args!("\n{SCIM_KEY}"));
    loop {
        let command = args.provisioning.scim_api_key_command.is_some();
        if !one_key(KeyKind::ScimApiKey, command, draft, ring, context).await? {
            return Ok(());
        }
        let found = trying(draft, context, args).await?;
        let Some(report) = found.as_ref().and_then(|found| found.scim.as_ref()) else {
            return Ok(());
        };
        talk::part(format_args!("{}", show::check::key(report, context.paint)));
        match decide(report).await? {
            Next::On => return Ok(()),
            Next::Again => {}
        }
    }
}

/// What follows after a credential was checked.
enum Next {
    /// The next question.
    On,
    /// The same question again.
    Again,
}

async fn decide(report: &KeyReport) -> Result<Next, Failure> {
    if report.standing == Standing::Accepted {
        return Ok(Next::On);
    }
    if only_out_of_reach(report.standing) && form::yes("Save it without checking it?").await? {
        return Ok(Next::On);
    }
    talk::line(format_args!(
        "Try again, or leave the field empty to continue without this credential."
    ));
    Ok(Next::Again)
}

async fn trying(
    draft: &Draft,
    context: &Context,
    args: &AddArgs,
) -> Result<Option<CheckUp>, Failure> {
    match args.keep.no_check {
        true => Ok(None),
        false => Ok(Some(draft.check(&context.app).await?)),
    }
}

/// Asks for one credential: the environment's, a new one, or a command. Returns whether there is one now.
async fn one_key(
    kind: KeyKind,
    of_option: bool,
    draft: &mut Draft,
    ring: &MaybeRing,
    context: &Context,
) -> Result<bool, Failure> {
    let again = draft.key(kind).value().is_some();
    if of_option && !again {
        let command = draft.command(kind).clone().unwrap_or_default();
        draft.set(kind, Key::Printed(credentials::of_command(kind, &command)?));
        return Ok(true);
    }
    draft.set(kind, Key::None);
    if !again
        && let Some(key) = of_environment(kind, draft, context)?
        && form::yes(&format!("{} is set. Use it?", kind.variable())).await?
    {
        *draft.command(kind) = None;
        draft.set(kind, key);
        return Ok(true);
    }
    if !again {
        draft.fetch_one(kind, ring.as_ref().ok())?;
        let from = match draft.key(kind) {
            Key::Kept(_) => Some("the keyring has a credential"),
            Key::Printed(_) => Some("the profile's command prints a credential"),
            _ => None,
        };
        if let Some(from) = from
            && form::yes(&format!("For this profile {from}. Keep it?")).await?
        {
            return Ok(true);
        }
        // A credential that the keyring did not show stays, unless another one is given.
        if !matches!(draft.key(kind), Key::Unread) {
            draft.set(kind, Key::None);
        }
    }
    match ring {
        Ok(_) => typed(kind, draft).await,
        Err(_) => printed(kind, draft).await,
    }
}

async fn typed(kind: KeyKind, draft: &mut Draft) -> Result<bool, Failure> {
    let key = form::key(title(kind)).await?;
    *draft.command(kind) = None;
    if key.is_empty() {
        return Ok(false);
    }
    talk::line(format_args!("  ({})", words::many(key.chars().count() as u64, "character")));
    draft.set(kind, Key::New(key.into()));
    Ok(true)
}

async fn printed(kind: KeyKind, draft: &mut Draft) -> Result<bool, Failure> {
    loop {
        let question = format!("Command that prints the {kind}");
        let command = form::line(&question, None).await?;
        if command.is_empty() {
            *draft.command(kind) = None;
            return Ok(false);
        }
        match credentials::of_command(kind, &command) {
            Ok(key) => {
                *draft.command(kind) = Some(command);
                draft.set(kind, Key::Printed(key));
                return Ok(true);
            }
            Err(failure) => talk::line(format_args!("  {}", failure.message)),
        }
    }
}

fn title(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::ApiToken => "API token (it is not shown)",
        KeyKind::OrgApiKey => "Organization API key (it is not shown)",
        KeyKind::ScimApiKey => "SCIM API key (it is not shown)",
    }
}

/// Asks for the settings that are not credentials.
async fn rest(args: &AddArgs, draft: &mut Draft) -> Result<(), Failure> {
    if draft.api_token.value().is_some() && args.default_products.is_empty() {
        let old = draft.profile.default_products.as_ref().map(|list| list.join(","));
        talk::line(format_args!("\n{PRODUCTS}"));
        draft.profile.default_products = loop {
            let list = listed(&form::line("Products", old.as_deref()).await?);
            match check_products(&list) {
                Ok(()) => break Some(list).filter(|list| !list.is_empty()),
                Err(failure) => talk::line(format_args!("  {}", failure.message)),
            }
        };
    }
    if args.protected.is_empty() {
        let old = Some(draft.profile.protected.join(",")).filter(|old| !old.is_empty());
        talk::line(format_args!("\n{PROTECTED}"));
        draft.profile.protected = listed(&form::line("Protected", old.as_deref()).await?);
    }
    talk::line("");
    Ok(())
}

fn listed(answer: &str) -> Vec<String> {
    let words = answer.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

async fn default(args: &AddArgs, draft: &Draft, config: &Config) -> Result<bool, Failure> {
    let others = config.profiles.keys().any(|name| *name != draft.name);
    if args.keep.default || !others || config.default.as_ref() == Some(&draft.name) {
        return Ok(args.keep.default);
    }
    form::yes(&format!("Use {} when no profile is named?", draft.name)).await
}
