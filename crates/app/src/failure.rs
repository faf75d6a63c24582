//! A failure that ends a command early: a message, its causes, a hint, and the exit code.

use std::error::Error;

use headcount_journal::Run;

use crate::hint::Hint;

/// Every row changed, was unchanged, or was skipped for a harmless reason.
pub const OK: u8 = 0;
/// Finished, but some rows failed, were skipped, or are unknown.
pub const ROWS: u8 = 1;
/// Wrong usage or input; no change was sent.
pub const USAGE: u8 = 2;
/// The credentials were refused.
pub const CREDENTIAL: u8 = 3;
/// A guard, the canary row, or the user's no stopped the command.
pub const GUARD: u8 = 4;
/// The site cannot be reached or keeps refusing; resume later.
pub const UNREACHABLE: u8 = 5;

/// A failure that ends a command early.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: u8,
    /// What happened.
    pub message: String,
    /// The causes, the nearest first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hint: Option<Box<Hint>>,
    /// What is missing, if the page can ask for it instead of naming commands and variables.
    pub lacks: Option<Box<Lacks>>,
    /// The run that the last event names.
    pub run: Option<Box<str>>,
    /// The site that the last event names.
    pub site: Option<Box<str>>,
    /// Whether the last event was written already.
    pub told: bool,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// A credential of a profile.
    Key {
        /// The profile.
        profile: String,
        /// The kind of credential.
        key: &'static str,
        /// Whether the profile has the credential's address, so that it can be entered.
        has_place: bool,
        /// Set if the keyring exists and refuses to return it.
        refuses: Option<String>,
    },
    /// A keyring that stores a credential.
    Keyring,
}

impl Failure {
    /// A failure with a message.
    pub fn new(exit: u8, message: impl Into<String>) -> Self {
        let message = message.into();
        let (hint, lacks, run, site) = (None, None, None, None);
        Self { exit, message, causes: Vec::new(), hint, lacks, run, site, told: false }
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    /// Adds what is missing.
    pub fn lacks(mut self, what: Lacks) -> Self {
        self.lacks = Some(Box::new(what));
        self
    }

    /// Adds the run.
    pub fn of_run(mut self, run: &Run) -> Self {
        self.run = Some(run.id.as_str().into());
        self.of_site(&run.site)
    }

    /// Adds the site.
    pub fn of_site(mut self, site: &str) -> Self {
        self.site = Some(site.into());
        self
    }

    /// The failure of an unusable input.
    pub fn from_error(error: &dyn Error) -> Self {
        Self::of(USAGE, error)
    }

    pub(crate) fn of(exit: u8, error: &dyn Error) -> Self {
        let mut failure = Self::new(exit, error.to_string());
        if let Some(cause) = error.source() {
            failure = failure.because(cause);
        }
        failure
    }

    /// Adds a cause and its causes. A cause that only repeats the end of another is left out.
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
}
