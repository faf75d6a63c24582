//! `profile check`: whether the credentials are accepted, why not, and what each may do. Changes nothing.

use std::io::Write;

use headcount_app::configuration::choose::choose;
use headcount_app::credentials;
use headcount_app::failure::{CREDENTIAL, Failure, OK, USAGE};
use headcount_app::profile::draft::{failure_of, try_keys};
use headcount_app::settings;
use headcount_app::words;
use headcount_people::check::{Can, CheckUp};

use crate::context::Context;
use crate::show;
use crate::terminal::stdout;

/// Runs the command. The report goes to standard output, a failure to standard error.
pub async fn run(name: Option<&str>, context: &Context) -> Result<u8, Failure> {
    let config = settings::read(&context.app)?;
    let name = name.or(context.app.profile.as_deref());
    let chosen = choose(name, &context.app.environment, &config)?;
    let mut out = stdout::data();
    if chosen.is_sandbox {
        writeln!(out, "The built-in sandbox accepts its own credentials; every job works on it.")?;
        return Ok(OK);
    }
    let keys = credentials::get(&chosen, context.app.held.as_ref())?;
    let access =
        chosen.access(keys.api_token, keys.org_api_key, keys.scim_api_key).map_err(|half| {
            let failure = Failure::from(half);
            match &keys.no_ring {
                Some(why) => failure.because(why),
                None => failure,
            }
        })?;
    let found = try_keys(&access, &context.app).await?;
    writeln!(out, "{}", context.paint.bold(&format!("Profile {}", words::clean(&chosen.name))))?;
    let proxies = context.app.proxies()?;
    if let Some(proxy) = found.reports().find_map(|report| proxies.shown(&report.address)) {
        writeln!(out, "through the proxy {}", words::clean(&proxy))?;
    }
    write!(out, "{}", show::check::all(&found, context.paint))?;
    if let Some(why) = keys.no_ring {
        context.say(format!("headcount did not read the keyring: {why}."));
    }
    verdict(&found)
}

/// The exit code: 0 if every credential is accepted and some job works, else one that says what is wrong.
fn verdict(found: &CheckUp) -> Result<u8, Failure> {
    if let Some(failure) = failure_of(found) {
        return Err(failure);
    }
    if found.reports().next().is_none() {
        return Err(Failure::new(USAGE, "there is no credential to check"));
    }
    if found.abilities.iter().all(|ability| ability.can == Can::No) {
        return Err(Failure::new(
            CREDENTIAL,
            "the credentials are accepted, but no job works with them",
        ));
    }
    Ok(OK)
}
