//! The options of applying a plan, as values.

use std::fmt;
use std::str::FromStr;

use headcount_engine::{RunOptions, Verify};

/// The key of the limits in a run's options. Each has the name of its option. They apply again when the run is
/// applied or resumed, unless the command sets them.
pub const LIMITS: &str = "limits";

/// The options of applying a plan. `Default` has the values that apply if the user chooses nothing; both faces
/// take their help and their forms from it.
#[derive(Clone, Debug, PartialEq)]
pub struct SendOptions {
    /// How many rows are applied and verified before the others; 0 means none.
    pub canary: u64,
    /// The largest allowed number of changes.
    pub max_changes: Option<MaxChanges>,
    /// After how many failures in a row the run stops; 0 means never.
    pub max_failures: u64,
    /// After how many seconds without progress the run stops, not counting waits that the site announced.
    pub patience: u64,
    /// The longest wait that the site may ask for, in seconds; a longer one stops the run.
    pub max_wait: Option<u64>,
    /// The most open requests.
    pub concurrency: Option<u32>,
    /// The most requests per second.
    pub rate: Option<f64>,
    /// Which changes are verified by reading the site.
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

/// A limit on changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxChanges {
    /// A number of changes.
    Number(u64),
    /// A percentage of the site's users.
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
