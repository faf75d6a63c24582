//! What ends a command early: a message, its causes, a hint, and the exit code of the contract.

use std::error::Error;
use std::process::ExitCode;

use headcount_core::directory::lookup::LookupError;
use headcount_core::export::ExportError;
use headcount_core::journal::{JournalError, Run};
use headcount_core::plan::PlanError;
use headcount_core::profile::access::AddressError;
use headcount_core::profile::choose::ChooseError;
use headcount_core::profile::config::ConfigError;
use headcount_core::report::ReportError;
use headcount_core::run::RunError;
use headcount_core::sheet::SheetError;
use headcount_core::site::proxy::ProxyError;
use headcount_core::site::{CallError, CallErrorKind, OpenError};

use crate::context::Context;
use crate::show;

/// Every row changed, unchanged or a harmless skip.
pub const OK: u8 = 0;
/// Finished, and some rows failed, were skipped or are unknown.
pub const ROWS: u8 = 1;
/// Usage or input; no changing request was sent.
pub const USAGE: u8 = 2;
/// Credentials refused.
pub const CREDENTIAL: u8 = 3;
/// Stopped by a guard, by the canary or by a no.
pub const GUARD: u8 = 4;
/// The site is out of reach or keeps refusing; resume later.
pub const UNREACHABLE: u8 = 5;
/// What ends a command early.
#[derive(Debug)]
pub struct Failure {
    pub exit: u8,
    pub message: String,
    pub causes: Vec<String>,
    pub hint: Option<Box<str>>,
    /// What is missing, where the page asks for it instead of naming commands and variables.
    pub lacks: Option<Box<Lacks>>,
    /// The run it is about, for the last event.
    pub run: Option<Box<str>>,
    /// The site it is about, for the last event.
    pub site: Option<Box<str>>,
    /// The last event has been written.
    pub told: bool,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// A key of a profile.
    Key {
        /// The profile.
        profile: String,
        /// Which key.
        key: &'static str,
        /// The profile says where the key is for: it can be given.
        has_place: bool,
        /// The keyring is there and does not give it.
        refuses: Option<String>,
    },
    /// A keyring that takes a key.
    Keyring,
}

impl Failure {
    /// A failure in our own words.
    pub fn new(exit: u8, message: impl Into<String>) -> Self {
        let message = message.into();
        let (hint, lacks, run, site) = (None, None, None, None);
        Self { exit, message, causes: Vec::new(), hint, lacks, run, site, told: false }
    }

    /// With what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }

    /// With what is missing.
    pub fn lacks(mut self, what: Lacks) -> Self {
        self.lacks = Some(Box::new(what));
        self
    }

    /// About this run.
    pub fn of_run(mut self, run: &Run) -> Self {
        self.run = Some(run.id.as_str().into());
        self.of_site(&run.site)
    }

    /// About this site.
    pub fn of_site(mut self, site: &str) -> Self {
        self.site = Some(site.into());
        self
    }

    /// Of an input that cannot be used.
    pub fn from_error(error: &dyn Error) -> Self {
        Self::of(USAGE, error)
    }

    fn of(exit: u8, error: &dyn Error) -> Self {
        let mut failure = Self::new(exit, error.to_string());
        if let Some(cause) = error.source() {
            failure = failure.because(cause);
        }
        failure
    }

    /// With a cause and the causes of that; one that only repeats the end of another is left out.
    pub fn because(mut self, error: &dyn Error) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let words = error.to_string();
            if !self.causes.last().unwrap_or(&self.message).ends_with(&words) {
                self.causes.push(words);
            }
            cause = error.source();
        }
        self
    }

    /// Prints it to standard error and gives the exit code.
    pub fn tell(&self, context: Option<&Context>) -> ExitCode {
        let paint = context.map_or(show::Paint::plain(), |context| context.paint);
        let columns = context.and_then(|context| context.columns);
        let say = |text: String| eprintln!("{}", show::wrapped(&text, columns));
        say(format!("{} {}", paint.red("error:"), show::clean(&self.message)));
        for cause in &self.causes {
            say(format!("  {} {}", paint.dim("because:"), show::clean(cause)));
        }
        if let Some(hint) = &self.hint {
            say(format!("{} {}", paint.cyan("hint:"), show::clean(hint)));
        }
        if let Some(context) = context.filter(|context| context.json && !self.told) {
            show::events::last_of_failure(context, self);
        }
        ExitCode::from(self.exit)
    }
}

/// Prints what is wrong with the command line, or the help that was asked for. A reader of events
/// gets the last one all the same.
pub fn of_usage(error: &clap::Error) -> ExitCode {
    // Nothing can be done about an output that is gone.
    let _ = error.print();
    if error.use_stderr() && std::env::args_os().any(|word| word == "--json") {
        show::events::last_of_usage();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<SheetError> for Failure {
    fn from(error: SheetError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::of(USAGE, &error).hint(error.hint())
    }
}

impl From<ChooseError> for Failure {
    fn from(error: ChooseError) -> Self {
        Self::of(USAGE, &error).hint(error.hint())
    }
}

impl From<AddressError> for Failure {
    fn from(error: AddressError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::of(USAGE, &error)
            .hint("keys never stand in this file; name a command with api_token_command instead")
    }
}

impl From<ProxyError> for Failure {
    fn from(error: ProxyError) -> Self {
        Self::of(USAGE, &error)
            .hint("unset it if there is no proxy; hosts that need none are named in NO_PROXY")
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Self::of(USAGE, &error)
            .hint("the run itself is in the journal: `headcount run report` writes it again")
    }
}

impl From<LookupError> for Failure {
    fn from(error: LookupError) -> Self {
        let exit = error.call().map_or(USAGE, call_exit);
        let failure = Self::of(exit, &error);
        if matches!(error, LookupError::NamesClosed(_)) {
            return failure.hint(
                "the key's account needs more rights on the site; or give Atlassian's exports for who is \
                 who (--users, --groups)",
            );
        }
        if matches!(error, LookupError::Contradicted { .. }) {
            return failure.hint(
                "export the users again. If the file was edited: was one column sorted without the others?",
            );
        }
        match error.call() {
            Some(call) => failure.hint(call_hint(call)),
            None => failure,
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let exit = match &error {
            ExportError::NotWhole { .. } => UNREACHABLE,
            error => error.call().map_or(USAGE, call_exit),
        };
        let failure = Self::of(exit, &error);
        match error.call() {
            Some(call) => failure.hint(read_hint(call)),
            None => failure,
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::of(call_exit(&error), &error).hint(call_hint(&error))
    }
}

fn call_exit(error: &CallError) -> u8 {
    match error.kind {
        CallErrorKind::Credential => CREDENTIAL,
        _ if error.passes_by_itself() => UNREACHABLE,
        _ => USAGE,
    }
}

fn call_hint(error: &CallError) -> &'static str {
    match error.kind {
        CallErrorKind::Credential => {
            "the key is wrong, has expired (keys last a year at most), or is of the other kind: an \
             API token with its account's e-mail for the site, an organisation API key for the \
             organisation"
        }
        CallErrorKind::Untrusted => {
            "nothing was sent, the key neither. Is the address right? Where a company's proxy opens \
             TLS connections, the operating system has to trust its certificate"
        }
        CallErrorKind::Forbidden { .. } => "the key's account needs more rights on the site",
        _ if error.passes_by_itself() => "nothing was sent; try again later",
        _ => "nothing was sent",
    }
}

/// The same where nothing was to be sent at all.
fn read_hint(error: &CallError) -> &'static str {
    match error.kind {
        _ if error.passes_by_itself() => "try again later",
        CallErrorKind::Credential | CallErrorKind::Forbidden { .. } => call_hint(error),
        _ => "try again; if it stays, look at what the site says",
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::LookUp(error) => error.into(),
            PlanError::Journal(error) => error.into(),
            PlanError::Sheet(error) => error.into(),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Journal(error) => Self { exit: GUARD, ..error.into() },
            error @ RunError::Worker { .. } => Self::of(GUARD, &error),
        }
    }
}
