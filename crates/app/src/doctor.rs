//! What a bug report needs: the profiles file, the site's settings, the journal. No credential is read, no command of
//! a profile is run, and nothing is changed.

use std::path::Path;
use std::time::Duration;

use headcount_atlassian::access::{ADMIN_URL, Address, Setting};
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{Limits, read_time};
use headcount_model::clock::SiteTime;
use headcount_model::secret::Redactor;
use jiff::{SignedDuration, Timestamp};

use crate::configuration::choose::{ChooseError, Chosen, KeySource, choose};
use crate::context::Context;
use crate::credentials::Ring;
use crate::findings::{Fact, Section};
use crate::journal::status;
use crate::settings;

/// A site that does not answer within these times is reported as such.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// Sections for the profiles file, the site and the journal. `is_offline`: no request is sent.
pub async fn sections(context: &Context, is_offline: bool) -> Vec<Section> {
    vec![profiles(context), site(context, is_offline).await, journal(context)]
}

/// Redacts the credentials of the environment: they may be in an error's words, such as a token that was pasted as an
/// address.
pub fn redactor(context: &Context) -> Redactor {
    let environment = &context.environment;
    Redactor::new(environment.api_token.iter().chain(&environment.org_api_key).cloned())
}

fn profiles(context: &Context) -> Section {
    let mut section = Section::new("profiles");
    section.text("file", context.config.display());
    let exists = context.config.exists();
    match settings::read(context) {
        Ok(_) if !exists => section.text("state", "no file"),
        Ok(config) => {
            let (many, default) = (config.profiles.len(), config.default.is_some());
            section.text("state", "readable");
            section.fact("profiles", Fact::Number(i64::try_from(many).unwrap_or(i64::MAX)));
            section.fact("default", Fact::Flag(default));
        }
        // The words of a parser may quote a value.
        Err(_) => section.text("state", "not usable; `headcount profile list` says why"),
    }
    section.some("permissions", permissions(&context.config));
    section.text(
        "keyring",
        match Ring::open() {
            Ok(_) => "answers".to_owned(),
            Err(why) => why.to_string(),
        },
    );
    section
}

async fn site(context: &Context, is_offline: bool) -> Section {
    let mut section = Section::new("site");
    // An unreadable file is reported above.
    let config = settings::read(context).unwrap_or_default();
    let chosen = match choose(context.profile.as_deref(), &context.environment, &config) {
        Ok(chosen) => chosen,
        Err(why) => {
            section.text("state", unchosen(&why));
            return section;
        }
    };
    section.text("profile", &chosen.name);
    if chosen.is_sandbox {
        section.text("address", "the built-in sandbox");
        return section;
    }
    section.some("address", chosen.cloud_url.as_ref());
    section.some("admin_address", chosen.admin_url.as_ref());
    section.text("email", if chosen.email.is_some() { "set" } else { "none" });
    section.text("api_token", source(chosen.api_token.as_ref()));
    section.text("organization_api_key", source(chosen.org_api_key.as_ref()));
    section.text("organization", if chosen.org_id.is_some() { "set" } else { "none" });
    section.text("directory", if chosen.directory_id.is_some() { "set" } else { "none" });
    let protected = chosen.protected.entries().len();
    section.fact("protected", Fact::Number(i64::try_from(protected).unwrap_or(i64::MAX)));
    section.some("approval", chosen.approval.as_ref());
    section.some("concurrency", chosen.concurrency);
    section.some("rate", chosen.rate);
    if is_offline {
        section.text("clock", "not compared: --offline");
    } else {
        compare_clocks(&chosen, context, &mut section).await;
    }
    section
}

/// An address may be anything that was pasted, so it is not repeated.
fn unchosen(why: &ChooseError) -> String {
    match why {
        ChooseError::Address(_) => {
            "an address is not valid; `headcount profile check` says why".to_owned()
        }
        ChooseError::Nothing
        | ChooseError::NoDefault { .. }
        | ChooseError::NoSuchProfile { .. }
        | ChooseError::Half { .. }
        | ChooseError::OtherSite { .. }
        | ChooseError::Product { .. } => why.to_string(),
    }
}

/// Where a credential would come from. It is not read.
fn source(source: Option<&KeySource>) -> &'static str {
    match source {
        None => "none",
        Some(KeySource::Value(_)) => "from the environment",
        Some(KeySource::Command(_)) => "from the profile's command (not run)",
        Some(KeySource::Keyring(_)) => "from the keyring, if it is there (not read)",
    }
}

/// Asks the site for its time, without credentials.
async fn compare_clocks(chosen: &Chosen, context: &Context, section: &mut Section) {
    let usual = || Address::parse(Setting::AdminUrl, ADMIN_URL).ok();
    let address = chosen.cloud_url.clone().or(chosen.admin_url.clone()).or_else(usual);
    let (Some(address), Ok(proxies)) = (address, context.proxies()) else {
        return section.text("clock", "not compared: the proxy's address is not valid");
    };
    section.some("proxy", proxies.shown(&address));
    let limits = Limits { connect: CONNECT, whole: WHOLE, ..Limits::default() };
    let transport = Transport::network(&limits, proxies);
    match read_time(&address, &transport).await {
        Ok(Some(time)) => {
            let seconds = ahead(time, context.clock.now()).as_secs();
            section.text(
                "clock",
                match seconds {
                    0 => "as the site's".to_owned(),
                    1.. => format!("{seconds} s ahead of the site's"),
                    _ => format!("{} s behind the site's", seconds.unsigned_abs()),
                },
            );
            section.fact("clock_seconds_ahead", Fact::Number(seconds));
        }
        Ok(None) => section.text("clock", "not compared: the site's answer has no date"),
        Err(why) => section.text("clock", format!("not compared: {why}")),
    }
}

/// How far this computer's clock is ahead of the site's, as far as that is certain. A `Date` has whole seconds, so a
/// second more is possible there.
fn ahead(site: SiteTime, here: Timestamp) -> SignedDuration {
    let latest = site.at_most + SignedDuration::from_secs(1);
    if here > latest {
        here.duration_since(latest)
    } else if here < site.at_least {
        here.duration_since(site.at_least)
    } else {
        SignedDuration::ZERO
    }
}

fn journal(context: &Context) -> Section {
    let mut section = Section::new("journal");
    let on_server = context.journal_server.is_some();
    section.text("kind", if on_server { "PostgreSQL" } else { "file" });
    match status(context) {
        Ok(status) => {
            section.text("place", &status.place);
            let known = status.version.known;
            section.text(
                "state",
                match status.version.found {
                    Some(found) if found == known => "usable",
                    Some(_) => {
                        "older: `headcount journal migrate`, or the next command, upgrades it"
                    }
                    None => "none yet; the first command that uses it creates it",
                },
            );
            if let Some(found) = status.version.found {
                section.fact("version", Fact::Number(found));
            }
            section.fact("newest_version", Fact::Number(known));
            let runs = i64::try_from(status.runs).unwrap_or(i64::MAX);
            section.fact("runs", Fact::Number(runs));
            let active = status.held.iter().map(ToString::to_string).collect();
            section.fact("active", Fact::List(active));
        }
        Err(failure) => {
            section.text("state", format!("not usable: {}", failure.message));
        }
    }
    if !on_server {
        in_file(&context.journal, &mut section);
    }
    section
}

/// What only a journal in a file has.
fn in_file(path: &Path, section: &mut Section) {
    if section.facts.iter().all(|(name, _)| *name != "place") {
        section.text("place", path.display());
    }
    let bytes = |name: std::ffi::OsString| std::fs::metadata(name).map(|file| file.len()).ok();
    if let Some(size) = bytes(path.into()) {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        section.fact("size", Fact::Bytes(size));
        section.fact("log_size", Fact::Bytes(bytes(log).unwrap_or_default()));
    }
    section.some("permissions", permissions(path));
    if let Some(volume) = headcount_journal_sqlite::volume(path) {
        let network = if volume.is_network { " (a network file system)" } else { "" };
        section.text("file_system", format!("{}{network}", volume.kind));
        section.fact("free", Fact::Bytes(volume.free));
    }
}

#[cfg(unix)]
fn permissions(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some(format!("{mode:03o}"))
}

#[cfg(not(unix))]
fn permissions(_: &Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_differ_only_as_far_as_a_date_proves_it() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let site =
            SiteTime { at_least: at("2026-11-21T10:00:00Z"), at_most: at("2026-11-21T10:00:02Z") };
        for (here, seconds) in [
            ("2026-11-21T09:59:00Z", -60),
            ("2026-11-21T10:00:00Z", 0),
            ("2026-11-21T10:00:03Z", 0),
            ("2026-11-21T10:01:03Z", 60),
        ] {
            assert_eq!(ahead(site, at(here)).as_secs(), seconds, "{here}");
        }
    }
}
