//! `profile list` and `profile show`.

use std::io::Write;

use headcount_app::configuration::choose::{Chosen, KeySource, SANDBOX, choose};
use headcount_app::credentials::Ring;
use headcount_app::failure::{Failure, OK};
use headcount_app::settings;
use headcount_atlassian::access::Address;
use headcount_people::steps::list as listed;

use crate::context::Context;
use crate::terminal::stdout;

/// `profile list`.
pub fn list(context: &Context) -> Result<u8, Failure> {
    let config = settings::read(&context.app)?;
    let mut out = stdout::data();
    let longest = config.profiles.keys().map(String::len).fold(SANDBOX.len(), usize::max);
    for (name, profile) in &config.profiles {
        let mark = if config.default.as_ref() == Some(name) { "*" } else { " " };
        let site = profile.cloud_url.as_deref().unwrap_or("organization API key only");
        writeln!(out, "{mark} {name:<longest$}  {site}")?;
    }
    if !config.profiles.contains_key(SANDBOX) {
        writeln!(out, "  {SANDBOX:<longest$}  the built-in sandbox")?;
    }
    Ok(OK)
}

/// `profile show`.
pub fn show(name: Option<&str>, context: &Context) -> Result<u8, Failure> {
    let config = settings::read(&context.app)?;
    let name = name.or(context.app.profile.as_deref());
    let chosen = choose(name, &context.app.environment, &config)?;
    tell(&chosen, &mut stdout::data())?;
    Ok(OK)
}

fn tell(chosen: &Chosen, out: &mut impl Write) -> Result<(), Failure> {
    let mut line = |what: &str, value: &str| writeln!(out, "{what:<20}  {value}");
    line("profile", &chosen.name)?;
    if chosen.is_sandbox {
        return Ok(line("site", "the built-in sandbox; its state is kept between commands")?);
    }
    let address = |address: &Option<Address>| address.as_ref().map(ToString::to_string);
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".into());
    line("site", &or_none(address(&chosen.cloud_url)))?;
    line("email", &or_none(chosen.email.clone()))?;
    line("API token", &key(chosen.api_token.as_ref()))?;
    line("organization", &or_none(chosen.org_id.clone()))?;
    line("directory", &or_none(chosen.directory_id.clone()))?;
    line("organization API key", &key(chosen.org_api_key.as_ref()))?;
    if let Some(directory) = &chosen.scim_directory_id {
        line("SCIM directory", directory)?;
        line("SCIM API key", &key(chosen.scim_api_key.as_ref()))?;
    }
    if let Some(admin) = address(&chosen.admin_url) {
        line("admin APIs", &admin)?;
    }
    if let Some(approval) = &chosen.approval {
        line("approval", &approval.to_string())?;
    }
    if let Some(products) = &chosen.default_products {
        line("products", &listed(products))?;
    }
    Ok(())
}

/// The source of a credential; never its value.
fn key(source: Option<&KeySource>) -> String {
    match source {
        None => "none".into(),
        Some(KeySource::Value(_)) => "from the environment".into(),
        Some(KeySource::Command(_)) => "from the profile's command".into(),
        Some(KeySource::Keyring(place)) => match Ring::open().and_then(|ring| ring.get(place)) {
            Ok(Some(_)) => "from the keyring".into(),
            Ok(None) => "none".into(),
            Err(why) => format!("none: {why}"),
        },
    }
}
