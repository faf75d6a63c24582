//! How a run is applied.

use std::time::Duration;

/// Which changes are verified by reading the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Nothing.
    None,
    /// The canary.
    #[default]
    Canary,
    /// Every step, before it counts as changed.
    All,
}

impl Verify {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Canary, Self::All];

    /// Its word in options, and in what a run keeps of them.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Canary => "canary",
            Self::All => "all",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verify| verify.word() == word)
    }
}

/// How a plan is applied.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Rows that are applied first, before the others; 0 turns it off.
    pub canary: u64,
    /// What is verified.
    pub verify: Verify,
    /// Stop after this number of failures in a row; 0 never.
    pub max_failures: u64,
    /// The most steps that the run may send; with more of them, nothing is sent. `None`: no limit.
    pub max_changes: Option<u64>,
    /// The plan was made a while ago: each batch is read on the site again before it is sent.
    pub recheck: bool,
    /// Rows that ended unknown are read again; not where no read can decide.
    pub rereads_unknown: bool,
    /// How long to wait for the site.
    pub patience: Patience,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            canary: 1,
            verify: Verify::default(),
            max_failures: 10,
            max_changes: None,
            recheck: false,
            rereads_unknown: true,
            patience: Patience::default(),
        }
    }
}

/// The longest wait, whatever the site asks for.
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait for a site that refuses, is out of reach, or whose indexes lag. A change that an index
/// does not show within 15 seconds ends `unknown`, and `run resume` reads again; a request without an answer
/// counts as failed ten minutes later at the earliest (assumptions: Atlassian publishes no times).
#[derive(Clone, Debug)]
pub struct Patience {
    /// Stop if nothing went through for this long; waits that the site announced do not count.
    pub without_progress: Duration,
    /// Stop rather than wait for longer than this, for the site or by our own measure.
    pub longest_wait: Duration,
    /// Waits between reads of a change that the site accepted: indexes lag.
    pub looks: Vec<Duration>,
    /// Waits between reads of a step whose answer was lost, before it is sent again.
    pub looks_for_undone: Vec<Duration>,
    /// Further waits before something whose answer was lost is settled as failed or unknown: there is
    /// no sending after that which would show it.
    pub looks_before_failing: Vec<Duration>,
    /// Sendings of one step whose answers were lost although nothing was done, after which it is not
    /// sent again.
    pub sendings: u32,
    /// For this long after a sending whose answer was lost, no read proves that it did nothing: until
    /// then its row is `unknown` and not `failed`, whatever a later sending was answered.
    pub proof: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            without_progress: Duration::from_secs(5 * 60),
            longest_wait: DAY,
            looks: [250, 500, 1_000, 2_000, 4_000, 8_000].map(Duration::from_millis).to_vec(),
            looks_for_undone: [250, 750, 2_000].map(Duration::from_millis).to_vec(),
            looks_before_failing: [5, 7, 15, 30].map(Duration::from_secs).to_vec(),
            sendings: 4,
            proof: Duration::from_secs(10 * 60),
        }
    }
}
