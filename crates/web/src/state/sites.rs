//! The sites: the profiles, the site in the environment variables, and the sandbox.

use headcount_app::configuration::choose::{ENVIRONMENT, SANDBOX, choose};
use headcount_app::context::Context;
use headcount_app::failure::Failure;
use headcount_app::settings;

/// The title of the site in the environment variables.
pub const OF_ENVIRONMENT: &str = "Site from environment variables";

/// A site that can be chosen.
pub struct SiteChoice {
    /// The profile's name, as addresses and forms have it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its address, if it has one.
    pub address: Option<String>,
    /// Its description, or why it cannot be used.
    pub about: Result<String, String>,
    /// Whether it is a sandbox.
    pub is_sandbox: bool,
}

/// All sites, the default first.
pub fn all(context: &Context) -> Result<Vec<SiteChoice>, Failure> {
    let config = settings::read(context)?;
    let mut sites = Vec::new();
    let usual = choose(context.profile.as_deref(), &context.environment, &config);
    let usual = usual.map_or_else(|_| SANDBOX.to_owned(), |chosen| chosen.name);
    if usual == ENVIRONMENT {
        sites.push(choice(context, &config, ENVIRONMENT));
    }
    for name in config.profiles.keys() {
        sites.push(choice(context, &config, name));
    }
    if !config.profiles.contains_key(SANDBOX) {
        sites.push(choice(context, &config, SANDBOX));
    }
    // The site that a command without `--profile` uses comes first.
    sites.sort_by_key(|site| site.name != usual);
    Ok(sites)
}

fn choice(
    context: &Context,
    config: &headcount_app::configuration::config::Config,
    name: &str,
) -> SiteChoice {
    let named = Some(name).filter(|name| *name != ENVIRONMENT);
    let chosen = choose(named, &context.environment, config);
    let is_sandbox = chosen.as_ref().is_ok_and(|chosen| chosen.is_sandbox);
    let address = chosen.as_ref().ok().filter(|chosen| !chosen.is_sandbox);
    let address = address.and_then(|chosen| Some(chosen.cloud_url.as_ref()?.to_string()));
    let about = match chosen {
        Ok(chosen) if chosen.is_sandbox => {
            Ok("A made-up company for trying headcount. Nothing real is changed.".into())
        }
        Ok(chosen) => Ok(match (&chosen.cloud_url, &chosen.email) {
            (Some(url), Some(email)) => format!("{url}, as {email}"),
            (Some(url), None) => url.to_string(),
            (None, _) => "organization API key only".into(),
        }),
        Err(error) => Err(error.to_string()),
    };
    let title = match name {
        SANDBOX if is_sandbox => "Sandbox".into(),
        ENVIRONMENT => OF_ENVIRONMENT.into(),
        name => name.to_owned(),
    };
    SiteChoice { name: name.to_owned(), title, address, about, is_sandbox }
}

/// The context for use cases on this site.
pub fn context_of(context: &Context, name: &str) -> Context {
    let profile = Some(name).filter(|name| *name != ENVIRONMENT).map(str::to_owned);
    Context { profile, ..context.clone() }
}

/// The context for use cases on a run, which knows its profile.
pub fn context_of_run(context: &Context) -> Context {
    Context { profile: None, ..context.clone() }
}
