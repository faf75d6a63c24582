//! The address of a journal: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?NAME=VALUE`, as psql has it, with
//! `schema=NAME` for a database that has several journals, and `lease=SECONDS`.
//!
//! What the address does not say is taken from the variables that psql reads
//! (<https://www.postgresql.org/docs/current/libpq-envars.html>), and a password from the password file
//! (<https://www.postgresql.org/docs/current/libpq-pgpass.html>). The password is never shown.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::address_error::AddressError;
use super::passwords;
use super::tls::Security;

/// The schema of a journal whose address names none.
const SCHEMA: &str = "headcount";

/// The folder of the server's socket where neither the address nor the environment names a host: Debian's, and that of
/// most systems.
const SOCKETS: &str = "/var/run/postgresql";

/// How long a lease counts if the address does not say so.
const LEASE: Duration = Duration::from_secs(30);

/// How long a connection may take if neither the address nor the environment says so.
const CONNECTING: Duration = Duration::from_secs(10);

/// The address of a journal on a server.
#[derive(Clone)]
pub struct Address {
    config: Config,
    security: Security,
    schema: String,
    lease: Duration,
}

impl Address {
    /// Whether a text is meant as an address, not as a file.
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim_start().to_ascii_lowercase();
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// The address of a text; `variable` has the environment's variables.
    ///
    /// # Errors
    /// The text is no address, or a value cannot be used.
    pub fn parse(
        text: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, AddressError> {
        let (text, mut own) = split(text.trim());
        let mut config = Config::from_str(&text).map_err(unclear)?;
        let schema = own.remove("schema").map_or(Ok(SCHEMA.to_owned()), checked)?;
        let lease = own.remove("lease").map_or(Ok(LEASE), |seconds| term(&seconds))?;
        complete(&mut config, variable)?;
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut security =
            |name: &str, variable: &str| own.remove(name).or_else(|| given(variable));
        let mode = security("sslmode", "PGSSLMODE");
        let files = [
            security("sslrootcert", "PGSSLROOTCERT"),
            security("sslcert", "PGSSLCERT"),
            security("sslkey", "PGSSLKEY"),
        ];
        let home = given("HOME").map(PathBuf::from);
        let security = Security::of(mode.as_deref(), files, home.as_deref())?;
        config.ssl_mode(if is_local(&config) { SslMode::Disable } else { security.mode() });
        if config.get_password().is_none()
            && let Some(password) = passwords::find(&config, &given, home.as_deref())
        {
            config.password(password);
        }
        Ok(Self { config, security, schema, lease })
    }

    /// Whether a text has a password.
    ///
    /// # Errors
    /// The text is no address.
    pub fn has_password(text: &str) -> Result<bool, AddressError> {
        let config = Config::from_str(&split(text.trim()).0).map_err(unclear)?;
        Ok(config.get_password().is_some())
    }

    /// Whether a password could be needed, and none is known: on a socket of this machine, the server knows its users.
    pub fn lacks_password(&self) -> bool {
        self.config.get_password().is_none() && !is_local(&self.config)
    }

    /// The same address with a password.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.config.password(password);
        self
    }

    /// How connections are encrypted.
    pub(crate) fn security(&self) -> &Security {
        &self.security
    }

    /// The schema of the journal.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// How long a lease of a run counts without a renewal.
    pub(crate) fn lease(&self) -> Duration {
        self.lease
    }

    /// The channel on which workers are woken.
    pub(crate) fn channel(&self) -> String {
        // A channel's name may have 63 bytes, as the schema's.
        self.schema.clone()
    }

    /// What the client connects with.
    pub(crate) fn config(&self) -> Config {
        self.config.clone()
    }
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let hosts = self.config.get_hosts().iter().enumerate().map(|(at, host)| {
            let port = self.config.get_ports();
            let port = port.get(at).or(port.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) if name.contains(':') => format!("[{name}]:{port}"),
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(folder) => format!("{}:{port}", folder.display()),
            }
        });
        f.write_str(&hosts.collect::<Vec<_>>().join(","))?;
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())?;
        if self.schema != SCHEMA {
            write!(f, "?schema={}", self.schema)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether all hosts are sockets of this machine, which are never encrypted.
fn is_local(config: &Config) -> bool {
    #[cfg(unix)]
    return config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
    #[cfg(not(unix))]
    false
}

/// The settings that the client does not know, or not all values of, and the address without them.
const OWN: [&str; 6] = ["schema", "lease", "sslmode", "sslrootcert", "sslcert", "sslkey"];

fn split(text: &str) -> (String, BTreeMap<String, String>) {
    let Some((address, settings)) = text.split_once('?') else {
        return (text.to_owned(), BTreeMap::new());
    };
    let (mut kept, mut own) = (Vec::new(), BTreeMap::new());
    for setting in settings.split('&') {
        match setting.split_once('=') {
            Some((name, value)) if OWN.contains(&name) => {
                let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
                own.insert(name.to_owned(), value);
            }
            Some(_) | None => kept.push(setting),
        }
    }
    let settings = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    (format!("{address}{settings}"), own)
}

fn unclear(error: tokio_postgres::Error) -> AddressError {
    let why = std::error::Error::source(&error).map(ToString::to_string);
    AddressError::Unclear(why.unwrap_or_else(|| error.to_string()))
}

fn term(seconds: &str) -> Result<Duration, AddressError> {
    let seconds = seconds.parse().ok().filter(|seconds| (1..=3_600).contains(seconds));
    let unclear = || AddressError::Unclear("lease is no number of seconds from 1 to 3600".into());
    seconds.map(Duration::from_secs).ok_or_else(unclear)
}

fn checked(schema: String) -> Result<String, AddressError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = schema.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    // PostgreSQL keeps names that begin so to itself, and `public` is for every program.
    let is_taken = schema.starts_with("pg_") || schema == "information_schema";
    match starts && schema.len() <= 63 && schema.chars().all(is_name) && !is_taken {
        true => Ok(schema),
        false => Err(AddressError::Schema(schema)),
    }
}

/// Fills in what the address does not say.
fn complete(
    config: &mut Config,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(), AddressError> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let number = |name: &str, value: &str| {
        value.parse().map_err(|_| AddressError::Unclear(format!("{name} is no number")))
    };
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match given("PGHOST") {
            Some(hosts) => {
                for host in hosts.split(',') {
                    config.host(host);
                }
            }
            None => {
                let has_socket = Path::new(SOCKETS).is_dir();
                config.host(if has_socket { SOCKETS } else { "localhost" });
            }
        }
    }
    if let (true, Some(ports)) = (config.get_ports().is_empty(), given("PGPORT")) {
        for port in ports.split(',') {
            config.port(number("PGPORT", port)?);
        }
    }
    if config.get_user().is_none() {
        let user = ["PGUSER", "USER", "LOGNAME", "USERNAME"].into_iter().find_map(given);
        config.user(user.unwrap_or_else(|| "postgres".to_owned()));
    }
    if config.get_dbname().is_none() {
        let user = config.get_user().unwrap_or_default().to_owned();
        config.dbname(given("PGDATABASE").unwrap_or(user));
    }
    if let (None, Some(options)) = (config.get_options(), given("PGOPTIONS")) {
        config.options(options);
    }
    if config.get_connect_timeout().is_none() {
        let seconds = given("PGCONNECT_TIMEOUT").map(|value| number("PGCONNECT_TIMEOUT", &value));
        let seconds = seconds.transpose()?.map(|seconds: u16| Duration::from_secs(seconds.into()));
        config.connect_timeout(seconds.unwrap_or(CONNECTING));
    }
    // A machine that is gone is noticed after about a minute.
    config.keepalives_idle(Duration::from_secs(20)).keepalives_interval(Duration::from_secs(10));
    config.keepalives_retries(4).tcp_user_timeout(Duration::from_secs(60));
    Ok(())
}
