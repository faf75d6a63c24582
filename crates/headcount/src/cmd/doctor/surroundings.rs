//! The operating system, the terminal, and the variables that decide how headcount reaches the network.

use std::io::IsTerminal;
use std::path::Path;

use headcount_app::findings::{Fact, Section};
use headcount_atlassian::access::{ADMIN_URL, Address, Setting};
use headcount_atlassian::proxy::Proxies;

use crate::context::Context;

/// The variables that name a proxy.
const PROXIES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The variables of headcount and of the journal's server. Only their names are shown.
const SETTINGS: [&str; 16] = [
    "HEADCOUNT_PROFILE",
    "HEADCOUNT_CONFIG",
    "HEADCOUNT_JOURNAL",
    "HEADCOUNT_CLOUD_URL",
    "HEADCOUNT_ADMIN_URL",
    "HEADCOUNT_EMAIL",
    "HEADCOUNT_API_TOKEN",
    "HEADCOUNT_ORG_ID",
    "HEADCOUNT_DIRECTORY_ID",
    "HEADCOUNT_ORG_API_KEY",
    "HEADCOUNT_RECORD",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGUSER",
    "PGHOST",
    "PGSSLMODE",
];

/// Where Linux systems keep the certificates that they trust.
const CERTIFICATES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The operating system.
pub fn system() -> Section {
    let mut section = Section::new("system");
    section.text("platform", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH));
    section.some("kernel", kernel());
    section.some("distribution", distribution());
    let cores = std::thread::available_parallelism().map(usize::from).unwrap_or_default();
    section.fact("cores", Fact::Number(i64::try_from(cores).unwrap_or_default()));
    section
}

#[cfg(unix)]
fn kernel() -> Option<String> {
    let system = rustix::system::uname();
    let [name, release] = [system.sysname(), system.release()].map(|text| text.to_string_lossy());
    Some(format!("{name} {release}"))
}

#[cfg(not(unix))]
fn kernel() -> Option<String> {
    None
}

/// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>.
fn distribution() -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches('"').to_owned())
}

/// The terminal.
pub fn terminal(context: &Context) -> Section {
    let mut section = Section::new("terminal");
    section.fact("input", Fact::Flag(std::io::stdin().is_terminal()));
    section.fact("output", Fact::Flag(std::io::stdout().is_terminal()));
    section.fact("error", Fact::Flag(std::io::stderr().is_terminal()));
    section.some("columns", context.columns.or(context.out_columns));
    section.some("type", text("TERM"));
    section.fact("no_color", Fact::Flag(text("NO_COLOR").is_some()));
    section.some("language", ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text));
    section
}

/// The variables of the network, without user names and passwords.
pub fn network(context: &Context) -> Section {
    let mut section = Section::new("network");
    let set = PROXIES.iter().filter_map(|name| text(name).map(|value| proxy(name, &value)));
    section.fact("proxies", Fact::List(set.collect()));
    let direct = text("NO_PROXY").or_else(|| text("no_proxy")).unwrap_or_default();
    let direct = direct.split(',').filter(|host| !host.trim().is_empty()).count();
    section.fact("hosts_without_proxy", Fact::Number(i64::try_from(direct).unwrap_or(i64::MAX)));
    if let Err(why) = context.app.proxies() {
        section.text("proxy_problem", why);
    }
    certificates(&mut section);
    let set = SETTINGS.iter().filter(|name| text(name).is_some());
    section.fact("variables", Fact::List(set.map(|name| (*name).to_owned()).collect()));
    section
}

/// A proxy's host and port; a value that names none is not repeated, because it may hold a password.
fn proxy(name: &str, value: &str) -> String {
    let address = Address::parse(Setting::AdminUrl, ADMIN_URL).ok();
    let shown = Proxies::read(name, value, "")
        .map(|proxies| address.and_then(|address| proxies.shown(&address)).unwrap_or_default());
    match shown {
        Ok(host) if value.contains('@') => format!("{name}={host} (with a user name)"),
        Ok(host) => format!("{name}={host}"),
        Err(_) => format!("{name} is not valid"),
    }
}

fn certificates(section: &mut Section) {
    let state = |path: &str| match std::fs::metadata(path) {
        Ok(_) => path.to_owned(),
        Err(error) => format!("{path} ({error})"),
    };
    for (name, fact) in
        [("SSL_CERT_FILE", "certificates_file"), ("SSL_CERT_DIR", "certificates_folder")]
    {
        section.some(fact, text(name).map(|path| state(&path)));
    }
    let usual = CERTIFICATES.into_iter().find(|path| Path::new(path).exists());
    match usual {
        Some(path) => section.text("certificates", path),
        None if cfg!(target_os = "linux") => {
            section.text("certificates", "none; install the package ca-certificates");
        }
        None => section.text("certificates", "the operating system's"),
    }
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
