//! Where headcount runs: settings from outside, paths, the clock. Each face reads them once and hands
//! them on as a value; nothing in this crate reads the environment.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::configuration::choose::Environment;
use headcount_atlassian::proxy::{Proxies, ProxyError};
use headcount_model::clock::Clock;
use jiff::Timestamp;

use crate::built_in::BuiltIn;
use crate::credentials::Held;

/// Everything a use case needs to know of where it runs.
#[derive(Clone, Debug)]
pub struct Context {
    /// The profile that was named.
    pub profile: Option<String>,
    /// What the environment says of the site.
    pub environment: Environment,
    /// The profiles' file.
    pub config: PathBuf,
    /// Whether that file was named: then it has to exist.
    pub config_named: bool,
    /// The journal's file.
    pub journal: PathBuf,
    /// Credentials that this process holds, where it lasts long enough to hold some: the page.
    pub held: Option<Held>,
    /// Where the built-in sandbox keeps its state.
    pub sandbox_state: PathBuf,
    /// The built-in sandbox of this process.
    pub sandbox: BuiltIn,
    /// The folder in which every sandbox of this process records its requests and responses.
    pub record: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
    /// The proxy that the environment names, or why it names none.
    pub proxies: Result<Proxies, ProxyError>,
    /// Receives what a use case reports while it works.
    pub notices: Notices,
}

impl Context {
    /// What every sandbox of this process begins with: recorded exchanges, where they are wanted.
    pub fn sandbox_config(&self) -> headcount_sandbox::Config {
        headcount_sandbox::Config {
            record: self.record.clone(),
            ..headcount_sandbox::Config::default()
        }
    }

    /// Which proxy each address is reached through.
    ///
    /// # Errors
    /// The environment names a proxy that cannot be used.
    pub fn proxies(&self) -> Result<&Proxies, ProxyError> {
        self.proxies.as_ref().map_err(Clone::clone)
    }
}

/// What a use case reports while it works, worded by each face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The profiles file can't be read, and the environment names the site.
    ProfilesUnread {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// The site asked for a wait, now or in an earlier command, or headcount waits by itself.
    Waiting {
        /// The site, by its name, as far as it is known.
        site: String,
        /// When it is over.
        until: Timestamp,
        /// Which requests wait.
        call: String,
        /// Why.
        why: String,
    },
}

/// Receives notices.
#[derive(Clone)]
pub struct Notices(Arc<dyn Fn(&Notice) + Send + Sync>);

impl Notices {
    /// Hands each notice to a function.
    pub fn to(receive: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Drops them.
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
