//! The options of a run.

use std::time::Duration;

/// Which changes are verified by reading the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Nothing.
    None,
    /// The canary rows.
    #[default]
    Canary,
    /// Every step, before its row counts as changed.
    All,
}

impl Verify {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Canary, Self::All];

    /// Its word in `--verify` and in the run's stored options.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Canary => "canary",
            Self::All => "all",
        }
    }

    /// The value of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verify| verify.word() == word)
    }
}

/// The options of a run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How many rows are applied first, before the others; 0 turns the canary off.
    pub canary: u64,
    /// Which changes are verified.
    pub verify: Verify,
    /// The run stops after this many failures in a row; 0 means never.
    pub max_failures: u64,
    /// The most steps that the run may send. If it has more, nothing is sent. `None` means no limit.
    pub max_changes: Option<u64>,
    /// Whether the plan waited, so that its steps are read on the site again before they are sent.
    pub recheck: bool,
    /// Whether rows that ended `unknown` are read again. Not for work whose state no read can show.
    pub rereads_unknown: bool,
    /// How long the run waits for the site.
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

/// How long the run waits for a site that refuses requests, cannot be reached, or shows changes late. If the site does
/// not show a change within 15 seconds, the row ends `unknown`, and `run resume` reads again. A request without an
/// answer counts as failed after ten minutes at the earliest. Both times are assumptions: Atlassian publishes none.
#[derive(Clone, Debug)]
pub struct Patience {
    /// The run stops if for this long no step got an outcome other than unknown. Waits that the site announced do not count.
    pub without_progress: Duration,
    /// The run stops if a wait would be longer than this, whether the site or headcount itself asks for it.
    pub longest_wait: Duration,
    /// Waits between reads of a change that the site accepted, because the site may show it late.
    pub looks: Vec<Duration>,
    /// Waits between reads of a step whose answer was lost, before it is sent again.
    pub looks_for_undone: Vec<Duration>,
    /// Further waits before a step whose answer was lost ends `failed` or `unknown`: no later request would show its
    /// state.
    pub looks_before_failing: Vec<Duration>,
    /// How often one step is sent, if each answer is lost and the site shows no change.
    pub sendings: u32,
    /// For this long after a request whose answer was lost, by the site's own clock, no read proves that the request
    /// had no effect. Until then, the row is `unknown` and not `failed`, whatever a later request was answered. Zero:
    /// a read proves it at once.
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
