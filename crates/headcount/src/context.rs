//! The environment, the terminal and the paths, read in one place and handed on as a value.

use std::io::IsTerminal;
use std::path::PathBuf;

use console::Term;
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use headcount_core::profile::choose::Environment;
use headcount_core::site::proxy::{Proxies, ProxyError};
use headcount_core::values::clock::Clock;
use headcount_core::values::secret::SecretString;

use crate::args::Args;
use crate::failure::{Failure, USAGE};
use crate::keys::Held;
use crate::show::{Paint, wrapped};
use crate::site::BuiltIn;

/// Everything a command needs to know of where it runs.
#[derive(Clone, Debug)]
pub struct Context {
    /// `--profile`.
    pub profile: Option<String>,
    /// What the environment says of the site.
    pub environment: Environment,
    /// The profiles' file.
    pub config: PathBuf,
    /// Whether somebody named that file: then it has to be there.
    pub config_named: bool,
    /// The journal's file.
    pub journal: PathBuf,
    /// `--journal` as typed, to name it in commands that are suggested.
    pub journal_flag: Option<PathBuf>,
    /// Keys that this process holds, where it lasts long enough to hold some: the page.
    pub held: Option<Held>,
    /// Where the built-in sandbox keeps its state.
    pub sandbox_state: PathBuf,
    /// The built-in sandbox of this process.
    pub sandbox: BuiltIn,
    /// The folder in which every sandbox of this process keeps what it is asked and answers.
    pub record: Option<PathBuf>,
    /// Events on standard output.
    pub json: bool,
    /// Only what is wrong.
    pub quiet: bool,
    /// More.
    pub verbose: bool,
    /// Standard error is a terminal: bars.
    pub bars: bool,
    /// Somebody can be asked: standard input and error are a terminal.
    pub can_ask: bool,
    /// Colours for standard error.
    pub paint: Paint,
    /// How wide standard error is, where it is a terminal.
    pub columns: Option<usize>,
    /// The same of standard output.
    pub out_columns: Option<usize>,
    /// The clock.
    pub clock: Clock,
    /// The proxy that the environment names, or why it names none.
    pub proxies: Result<Proxies, ProxyError>,
}

impl Context {
    /// Reads it all.
    pub fn read(args: &Args) -> Result<Self, Failure> {
        let app = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "headcount".into(),
        };
        let strategy = choose_app_strategy(app).map_err(|_| {
            Failure::new(USAGE, "there is no home folder")
                .hint("set HOME, or name --journal and --config")
        })?;
        let error_is_terminal = std::io::stderr().is_terminal();
        Ok(Self {
            profile: args.profile.clone(),
            environment: environment(),
            config: args.config.clone().unwrap_or_else(|| strategy.in_config_dir("config.toml")),
            config_named: args.config.is_some(),
            journal: args.journal.clone().unwrap_or_else(|| strategy.in_data_dir("journal.db")),
            journal_flag: args.journal.clone().filter(|_| text("HEADCOUNT_JOURNAL").is_none()),
            held: None,
            sandbox_state: strategy.in_data_dir("sandbox.state"),
            sandbox: BuiltIn::default(),
            record: path("HEADCOUNT_RECORD"),
            json: args.json,
            quiet: args.quiet,
            verbose: args.verbose,
            bars: error_is_terminal && !args.quiet,
            can_ask: error_is_terminal && std::io::stdin().is_terminal(),
            paint: Paint::of(error_is_terminal && wants_colour()),
            columns: columns(&Term::stderr()),
            out_columns: columns(&Term::stdout()),
            clock: Clock::System,
            proxies: proxies(),
        })
    }

    /// The same for the demonstration: its own journal, its own sandbox, nobody to ask.
    pub fn for_demo(&self, folder: &std::path::Path, card: &headcount_sandbox::Card) -> Self {
        Self {
            profile: None,
            environment: Environment {
                profile: None,
                cloud_url: Some(card.url.clone()),
                admin_url: Some(card.url.clone()),
                email: Some(card.email.clone()),
                api_token: Some(card.api_token.clone().into()),
                org_id: Some(card.org_id.clone()),
                directory_id: Some(card.directory_id.clone()),
                org_api_key: Some(card.org_api_key.clone().into()),
            },
            config: folder.join("no-profiles.toml"),
            config_named: false,
            journal: folder.join("journal.db"),
            journal_flag: Some(folder.join("journal.db")),
            held: None,
            sandbox_state: folder.join("sandbox.state"),
            sandbox: BuiltIn::default(),
            record: self.record.clone(),
            can_ask: false,
            proxies: Ok(Proxies::none()),
            ..*self
        }
    }

    /// What every sandbox of this process begins with: kept exchanges, where they are wanted.
    pub fn sandbox_config(&self) -> headcount_sandbox::Config {
        headcount_sandbox::Config {
            record: self.record.clone(),
            ..headcount_sandbox::Config::default()
        }
    }

    /// By which proxy which address is reached.
    pub fn proxies(&self) -> Result<&Proxies, ProxyError> {
        self.proxies.as_ref().map_err(Clone::clone)
    }

    /// Says something, unless `--quiet`.
    pub fn say(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Says something, `--quiet` or not.
    pub fn complain(&self, text: impl AsRef<str>) {
        eprintln!("{}", wrapped(text.as_ref(), self.columns));
    }
}

fn columns(term: &Term) -> Option<usize> {
    term.size_checked().map(|(_, columns)| usize::from(columns))
}

/// <https://no-color.org>: set and not empty means no colour.
fn wants_colour() -> bool {
    text("NO_COLOR").is_none() && text("TERM").is_none_or(|term| term != "dumb")
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// As curl reads them. Only https leaves this machine, so `HTTP_PROXY` is for nobody here.
fn proxies() -> Result<Proxies, ProxyError> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| text(name).map(|value| (*name, value)))
    };
    let no_proxy = first(&["NO_PROXY", "no_proxy"]).map(|(_, value)| value).unwrap_or_default();
    match first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
        Some((name, value)) => Proxies::read(name, &value, &no_proxy),
        None => Ok(Proxies::none()),
    }
}

fn environment() -> Environment {
    let secret = |name| text(name).map(|value| SecretString::from(value.trim().to_owned()));
    Environment {
        profile: text("HEADCOUNT_PROFILE"),
        cloud_url: text("HEADCOUNT_CLOUD_URL"),
        admin_url: text("HEADCOUNT_ADMIN_URL"),
        email: text("HEADCOUNT_EMAIL"),
        api_token: secret("HEADCOUNT_API_TOKEN"),
        org_id: text("HEADCOUNT_ORG_ID"),
        directory_id: text("HEADCOUNT_DIRECTORY_ID"),
        org_api_key: secret("HEADCOUNT_ORG_API_KEY"),
    }
}
