//! `profile list | show`.

use std::io::Write;

use headcount_core::profile::choose::{Chosen, KeySource, SANDBOX, choose};

use crate::args::ProfileCommand;
use crate::config;
use crate::context::Context;
use crate::failure::{Failure, OK};

/// Runs the command.
pub fn run(command: &ProfileCommand, context: &Context) -> Result<u8, Failure> {
    let config = config::read(context)?;
    let mut out = std::io::stdout().lock();
    match command {
        ProfileCommand::List => {
            for (name, profile) in &config.profiles {
                let mark = if config.default.as_ref() == Some(name) { "*" } else { " " };
                let site = profile.cloud_url.as_deref().unwrap_or("the organisation alone");
                writeln!(out, "{mark} {name}  {site}")?;
            }
            writeln!(out, "  {SANDBOX}  the built-in sandbox")?;
        }
        ProfileCommand::Show { name } => {
            let name = name.as_deref().or(context.profile.as_deref());
            show(&choose(name, &context.environment, &config)?, &mut out)?;
        }
    }
    Ok(OK)
}

fn show(chosen: &Chosen, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "profile        {}", chosen.name)?;
    if chosen.is_sandbox {
        writeln!(out, "site           the built-in sandbox, its state kept between commands")?;
        return Ok(());
    }
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
    writeln!(out, "cloud_url      {}", text(chosen.cloud_url.as_ref().map(ToString::to_string)))?;
    writeln!(out, "email          {}", text(chosen.email.clone()))?;
    writeln!(out, "API token      {}", key(chosen.api_token.as_ref()))?;
    writeln!(out, "org_id         {}", text(chosen.org_id.clone()))?;
    writeln!(out, "organisation API key  {}", key(chosen.org_api_key.as_ref()))?;
    Ok(())
}

/// Where a key comes from; never the key.
fn key(source: Option<&KeySource>) -> &'static str {
    match source {
        None => "none",
        Some(KeySource::Value(_)) => "from the environment",
        Some(KeySource::Command(_)) => "from the profile's command",
    }
}
