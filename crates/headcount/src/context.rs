//! The environment, the terminal and the paths, read in one place and passed on as a value.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use console::Term;
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use headcount_app::built_in::BuiltIn;
use headcount_app::configuration::choose::Environment;
use headcount_app::configuration::config::Config;
use headcount_app::context::{Notice, Notices};
use headcount_app::credentials::journal_password;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::journal::{Address, Place};
use headcount_app::settings::refuse_if_shared;
use headcount_app::words::{clean, quoted, time_of_day};
use headcount_atlassian::proxy::{Proxies, ProxyError};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::secret::SecretString;

use crate::args::{Args, Command};
use crate::folders::Folders;
use crate::interrupt::Interrupts;
use crate::terminal::events::Events;
use crate::terminal::talk;
use crate::terminal::waits::Waits;
use crate::terminal::{Paint, wrapped};

/// The context of a command.
#[derive(Clone, Debug)]
pub struct Context {
    /// The context of the use cases.
    pub app: headcount_app::context::Context,
    /// `--journal` as typed, for commands that are suggested.
    pub journal_flag: Option<PathBuf>,
    /// The profiles that the user named; only a worker takes several.
    pub profiles: Vec<String>,
    /// Requests to end.
    pub interrupts: Interrupts,
    /// Writes events.
    pub events: Events,
    /// The waits that were reported.
    pub waits: Waits,
    /// Whether events are written to standard output.
    pub json: bool,
    /// Whether only errors are printed.
    pub quiet: bool,
    /// Whether more detail is printed.
    pub verbose: bool,
    /// Whether standard error is a terminal, which shows progress bars.
    pub bars: bool,
    /// Whether this is the demonstration: its sandbox ends with it, so no later command can continue or undo its
    /// runs.
    pub is_demo: bool,
    /// Whether questions can be asked: standard input and error are a terminal.
    pub can_ask: bool,
    /// Colors for standard error.
    pub paint: Paint,
    /// The width of standard error, if it is a terminal.
    pub columns: Option<usize>,
    /// The width of standard output, if it is a terminal.
    pub out_columns: Option<usize>,
}

impl Context {
    /// Reads the context.
    pub fn read(args: &Args) -> Result<Self, Failure> {
        let app = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "headcount".into(),
        };
        let (folders, journal_server) = places(args, choose_app_strategy(app).ok())?;
        let error_is_terminal = std::io::stderr().is_terminal();
        let columns = columns(&Term::stderr());
        let (quiet, json) = (args.quiet, args.json);
        let (events, waits) = (Events::default(), Waits::default());
        let (told_events, told_waits) = (events.clone(), waits.clone());
        Ok(Self {
            app: headcount_app::context::Context {
                profile: match &args.command {
                    Command::Worker(_) => None,
                    _ => one(&args.profile)?,
                },
                environment: environment(),
                config: folders.config,
                config_named: args.config.is_some(),
                journal: folders.journal,
                journal_server,
                held: None,
                sandbox_state: folders.sandbox_state,
                sandbox: BuiltIn::default(),
                record: path("HEADCOUNT_RECORD"),
                clock: Clock::System,
                proxies: proxies(),
                notices: Notices::to(move |notice| {
                    if let Notice::Waiting { site, until, why, .. } = notice {
                        if !told_waits.is_news(*until, Clock::System.now()) {
                            return;
                        }
                        if json {
                            let event = Event::Waiting { until: *until, why: why.clone() };
                            told_events.write_of_run(Clock::System, site, &event);
                        }
                    }
                    if !quiet {
                        talk::line(format_args!("{}", wrapped(&notice_words(notice), columns)));
                    }
                }),
            },
            journal_flag: args.journal.clone().filter(|_| text("HEADCOUNT_JOURNAL").is_none()),
            profiles: args.profile.clone(),
            interrupts: Interrupts::default(),
            events,
            waits,
            json: args.json,
            quiet,
            verbose: args.verbose,
            bars: error_is_terminal && !args.quiet,
            is_demo: false,
            can_ask: error_is_terminal && std::io::stdin().is_terminal(),
            paint: Paint::of(error_is_terminal && wants_color()),
            columns,
            out_columns: self::columns(&Term::stdout()),
        })
    }

    /// The context of the demonstration: its own journal, its own sandbox, no questions.
    pub fn for_demo(&self, folder: &std::path::Path, card: &headcount_sandbox::Card) -> Self {
        let app = headcount_app::context::Context {
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
                scim_directory_id: Some(card.scim_directory_id.clone()),
                scim_api_key: Some(card.scim_api_key.clone().into()),
            },
            config: folder.join("no-profiles.toml"),
            config_named: false,
            journal: folder.join("journal.db"),
            journal_server: None,
            held: None,
            sandbox_state: folder.join("sandbox.state"),
            sandbox: BuiltIn::default(),
            proxies: Ok(Proxies::none()),
            ..self.app.clone()
        };
        Self {
            app,
            journal_flag: Some(folder.join("journal.db")),
            is_demo: true,
            can_ask: false,
            profiles: Vec::new(),
            interrupts: self.interrupts.clone(),
            events: Events::default(),
            waits: self.waits.clone(),
            ..*self
        }
    }

    /// The program with the options that lead to the same journal; a run knows its profile.
    pub fn command(&self) -> String {
        match &self.journal_flag {
            Some(journal) => {
                format!("headcount --journal {}", quoted(&journal.display().to_string()))
            }
            None => "headcount".into(),
        }
    }

    /// Prints a text, unless `--quiet`.
    pub fn say(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Prints a text, even with `--quiet`.
    pub fn complain(&self, text: impl AsRef<str>) {
        talk::line(format_args!("{}", wrapped(text.as_ref(), self.columns)));
    }
}

/// The profile of `--profile`. Only a worker takes several, and that each run has its own.
fn one(profiles: &[String]) -> Result<Option<String>, Failure> {
    match profiles {
        [] => Ok(None),
        [profile] => Ok(Some(profile.clone())),
        [_, _, ..] => Err(Failure::new(USAGE, "--profile is given more than once")),
    }
}

/// A notice of a use case in words.
fn notice_words(notice: &Notice) -> String {
    match notice {
        Notice::ProfilesUnread { file, why } => format!(
            "The profiles file {} cannot be read ({}); the environment names the site. Protected users \
             of a profile are not known.",
            clean(file),
            clean(why)
        ),
        Notice::Waiting { until, call, why, .. } => {
            let until = time_of_day(*until, Clock::System.now());
            format!("Waiting until {until} before any {}: {}", clean(call), clean(why))
        }
    }
}

fn columns(term: &Term) -> Option<usize> {
    term.size_checked().map(|(_, columns)| usize::from(columns))
}

/// <https://no-color.org>: set and not empty means no color.
fn wants_color() -> bool {
    text("NO_COLOR").is_none() && text("TERM").is_none_or(|term| term != "dumb")
}

/// The files of the command, and the server of the journal if the journal is on one. The command line and the
/// environment win over the profiles file.
fn places(
    args: &Args,
    usual: Option<impl AppStrategy>,
) -> Result<(Folders, Option<Address>), Failure> {
    let given = args.journal.as_deref().and_then(Path::to_str);
    let is_from_environment = given.map(ToOwned::to_owned) == text("HEADCOUNT_JOURNAL");
    let server = given.filter(|given| Address::is_meant(given));
    let file = args.journal.as_deref().filter(|_| server.is_none());
    let folders = Folders::find(args.config.as_deref(), file, server.is_some(), usual)?;
    let (address, is_readable_by_others) = match (server, &args.journal) {
        (Some(server), _) => (server.to_owned(), !is_from_environment),
        (None, Some(_)) => return Ok((folders, None)),
        (None, None) => match settings_of(&folders.config)?.and_then(|config| config.journal) {
            Some(place) if Address::is_meant(&place) => (place, true),
            Some(place) => return Ok((Folders { journal: place.into(), ..folders }, None)),
            None => return Ok((folders, None)),
        },
    };
    if is_readable_by_others {
        check_no_password(&address)?;
    }
    let address = with_password(Address::parse(&address, &text)?, &folders.config)?;
    Ok((folders, Some(address)))
}

/// The place of a journal that an argument names; `config` is the profiles file.
pub fn journal_place(given: &str, config: &Path) -> Result<Place, Failure> {
    if !Address::is_meant(given) {
        return Ok(Place::File(given.into()));
    }
    check_no_password(given)?;
    Ok(Place::Server(Box::new(with_password(Address::parse(given, &text)?, config)?)))
}

/// The address with the password that the profiles file or the keyring has, if it has none.
fn with_password(address: Address, config: &Path) -> Result<Address, Failure> {
    if !address.lacks_password() {
        return Ok(address);
    }
    let command = settings_of(config)?.and_then(|config| config.journal_password_command);
    journal_password::supply(address, command.as_deref())
}

/// Refuses an address with a password where others can read it.
fn check_no_password(address: &str) -> Result<(), Failure> {
    if !Address::has_password(address)? {
        return Ok(());
    }
    let why = "a password in an argument or in the profiles file can be read by others";
    Err(Failure::new(USAGE, why).hint(
        "leave it out of the address; set PGPASSWORD, use the password file (~/.pgpass), or put \
         the whole address into HEADCOUNT_JOURNAL",
    ))
}

/// The profiles file, for what it says of the journal. A file that can't be read is reported where its profiles are
/// needed.
fn settings_of(config: &Path) -> Result<Option<Config>, Failure> {
    let Ok(content) = std::fs::read_to_string(config) else { return Ok(None) };
    match Config::parse(&config.display().to_string(), &content) {
        Ok(parsed) => {
            if parsed.holds_a_key() {
                refuse_if_shared(config, "has a command that contains a credential")?;
            }
            Ok(Some(parsed))
        }
        // Another journal than the one that it names would be used.
        Err(error) if content.lines().any(|line| line.trim_start().starts_with("journal")) => {
            Err(error.into())
        }
        Err(_) => Ok(None),
    }
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The variables are read as curl reads them, and `HTTP_PROXY` in capitals, too, as Newman does. Only
/// collections have http addresses.
fn proxies() -> Result<Proxies, ProxyError> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| text(name).map(|value| (*name, value)))
    };
    let no_proxy = first(&["NO_PROXY", "no_proxy"]).map(|(_, value)| value).unwrap_or_default();
    let https = match first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
        Some((name, value)) => Proxies::read(name, &value, &no_proxy)?,
        None => Proxies::none(),
    };
    Ok(match first(&["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]) {
        Some((name, value)) => https.with_http(name, &value, &no_proxy),
        None => https,
    })
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
        scim_directory_id: text("HEADCOUNT_SCIM_DIRECTORY_ID"),
        scim_api_key: secret("HEADCOUNT_SCIM_API_KEY"),
    }
}
