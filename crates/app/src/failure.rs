//! What ends a command early: a message, its causes, a hint, and the exit code of the contract.

use std::error::Error;

use headcount_journal::Run;

use crate::hint::Hint;

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
    /// The exit code.
    pub exit: u8,
    /// What happened.
    pub message: String,
    /// Because of what, the nearest cause first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hint: Option<Box<Hint>>,
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
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(Box::new(hint.into()));
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

    pub(crate) fn of(exit: u8, error: &dyn Error) -> Self {
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
}
