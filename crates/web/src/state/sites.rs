//! Which site: the profiles, what the environment names, and the sandbox.

use headcount_app::configuration::choose::{ENVIRONMENT, SANDBOX, choose};
use headcount_app::context::Context;
use headcount_app::failure::Failure;
use headcount_app::settings;

/// What the site is called that environment variables name.
pub const OF_ENVIRONMENT: &str = "Site from environment variables";

/// A site that can be worked on.
pub struct SiteChoice {
    /// The profile's name: what addresses and forms hold.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Its address, where it has one.
    pub address: Option<String>,
    /// Where it leads; why it can't be used, if it can't.
    pub about: Result<String, String>,
    /// Nothing real is touched.
    pub is_sandbox: bool,
}

/// All sites there are, the usual one first.
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
    // The one that a command without `--profile` would take goes first.
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

/// The context of commands on this site.
pub fn context_of(context: &Context, name: &str) -> Context {
    let profile = Some(name).filter(|name| *name != ENVIRONMENT).map(str::to_owned);
    Context { profile, ..context.clone() }
}

/// The context of commands on a run: the run knows its profile.
pub fn context_of_run(context: &Context) -> Context {
    Context { profile: None, ..context.clone() }
}
