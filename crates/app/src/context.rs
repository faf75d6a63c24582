//! The context of a use case: settings from outside, paths, the clock. Each face reads them once and passes them
//! on as a value; no code in this crate reads the environment.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::configuration::choose::Environment;
use headcount_atlassian::proxy::{Proxies, ProxyError};
use headcount_journal_postgres::Address;
use headcount_model::clock::Clock;
use jiff::Timestamp;

use crate::built_in::BuiltIn;
use crate::credentials::Held;

/// The context of a use case.
#[derive(Clone, Debug)]
pub struct Context {
    /// The profile that the user named.
    pub profile: Option<String>,
    /// The environment variables for the site.
    pub environment: Environment,
    /// The profiles file.
    pub config: PathBuf,
    /// Whether the user named that file; then it has to exist.
    pub config_named: bool,
    /// The journal file. If the journal is on a server, only its folder counts: other files of headcount are there.
    pub journal: PathBuf,
    /// The server of the journal; `None`: the journal is the file.
    pub journal_server: Option<Address>,
    /// Credentials in the memory of this process, for a long-running process: the page.
    pub held: Option<Held>,
    /// The state file of the built-in sandbox.
    pub sandbox_state: PathBuf,
    /// The built-in sandbox of this process.
    pub sandbox: BuiltIn,
    /// The folder in which every sandbox of this process records its requests and responses.
    pub record: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
    /// The proxy in the environment, or why its value is invalid.
    pub proxies: Result<Proxies, ProxyError>,
    /// Receives notices of use cases.
    pub notices: Notices,
}

impl Context {
    /// The configuration with which every sandbox of this process starts, including the folder for recorded
    /// requests.
    pub fn sandbox_config(&self) -> headcount_sandbox::Config {
        headcount_sandbox::Config {
            record: self.record.clone(),
            ..headcount_sandbox::Config::default()
        }
    }

    /// The proxies by address.
    ///
    /// # Errors
    /// The environment names a proxy that cannot be used.
    pub fn proxies(&self) -> Result<&Proxies, ProxyError> {
        self.proxies.as_ref().map_err(Clone::clone)
    }
}

/// A notice of a use case. Each face puts it into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The profiles file can't be read, and the environment names the site.
    ProfilesUnread {
        /// The file.
        file: String,
        /// The reason.
        why: String,
    },
    /// The site asked for a wait, now or in an earlier command, or headcount waits on its own.
    Waiting {
        /// The name of the site, if known.
        site: String,
        /// The end of the wait.
        until: Timestamp,
        /// The requests that wait.
        call: String,
        /// The reason.
        why: String,
    },
}

/// Receives notices.
#[derive(Clone)]
pub struct Notices(Arc<dyn Fn(&Notice) + Send + Sync>);

impl Notices {
    /// Passes each notice to a function.
    pub fn to(receive: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Ignores notices.
    pub fn dropped() -> Self {
        Self::to(|_| {})
    }

    pub(crate) fn send(&self, notice: &Notice) {
        (self.0)(notice);
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notices")
    }
}
