//! What a face says of sending, as values.

use std::fmt;
use std::str::FromStr;

use headcount_engine::{RunOptions, Verify};

/// Where a run's options keep the limits it was given, each in the words of its option: they count again
/// when it is applied or resumed, unless they are given again.
pub const LIMITS: &str = "limits";

/// How a plan is to be applied. `Default` holds what counts where a user chooses nothing: both faces, their
/// help and their forms take it from here.
#[derive(Clone, Debug, PartialEq)]
pub struct SendOptions {
    /// Rows applied and verified before the others; 0: none.
    pub canary: u64,
    /// The largest number of changes that is allowed.
    pub max_changes: Option<MaxChanges>,
    /// Failures in a row after which the run stops; 0: never.
    pub max_failures: u64,
    /// Seconds without progress after which the run stops, without waits that the site announced.
    pub patience: u64,
    /// The longest wait that the site may ask for, in seconds; longer ones stop the run.
    pub max_wait: Option<u64>,
    /// Requests in flight at most.
    pub concurrency: Option<u32>,
    /// Requests a second at most.
    pub rate: Option<f64>,
    /// What is verified by reading the site.
    pub verify: Verify,
}

impl Default for SendOptions {
    fn default() -> Self {
        let RunOptions { canary, verify, max_failures, patience, .. } = RunOptions::default();
        Self {
            canary,
            max_changes: None,
            max_failures,
            patience: patience.without_progress.as_secs(),
            max_wait: None,
            concurrency: None,
            rate: None,
            verify,
        }
    }
}

/// A bound on changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxChanges {
    /// A number of changes.
    Number(u64),
    /// A share of the users on the site, in percent.
    Share(f64),
}

impl fmt::Display for MaxChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Share(share) => write!(f, "{share}%"),
        }
    }
}

impl FromStr for MaxChanges {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a whole number, or a share such as 5%".to_owned();
        match text.strip_suffix('%') {
            Some(share) => match share.trim().parse::<f64>() {
                Ok(share) if (0.0..=100.0).contains(&share) => Ok(Self::Share(share)),
                _ => Err(wrong()),
            },
            None => text.parse().map(Self::Number).map_err(|_| wrong()),
        }
    }
}
