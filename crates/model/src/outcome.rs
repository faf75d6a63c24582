//! The outcome of a row, and counts of outcomes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a row (or a step) ended. A row of several steps has the outcome of its worst, by
/// [`Outcome::rank`] (failed, unknown, skipped, changed, unchanged).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Applied.
    Changed,
    /// Already in the wanted state; nothing was sent.
    Unchanged,
    /// Never sent: a guard, a duplicate, or no matching user or group.
    Skipped,
    /// Sent; the effect could not be determined.
    Unknown,
    /// The site refused, or it could not be completed.
    Failed,
}

impl Outcome {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 5] =
        [Self::Changed, Self::Unchanged, Self::Failed, Self::Skipped, Self::Unknown];

    /// The word in reports and events.
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// The outcome of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// Rank in the worst-of rule; the highest wins.
    pub fn rank(self) -> u8 {
        match self {
            Self::Unchanged => 0,
            Self::Changed => 1,
            Self::Skipped => 2,
            Self::Unknown => 3,
            Self::Failed => 4,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Counts of rows. `rows` is the sum of the six below `planned`; `planned` counts the rows with
/// something to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows of the sheet.
    pub rows: u64,
    /// Rows with something to send.
    pub planned: u64,
    /// See [`Outcome::Changed`].
    pub changed: u64,
    /// See [`Outcome::Unchanged`].
    pub unchanged: u64,
    /// See [`Outcome::Failed`].
    pub failed: u64,
    /// See [`Outcome::Skipped`].
    pub skipped: u64,
    /// See [`Outcome::Unknown`].
    pub unknown: u64,
    /// Rows without an outcome yet.
    pub pending: u64,
    /// Those of `skipped` that harm nothing (duplicates): they don't touch the exit code.
    #[serde(skip)]
    pub harmless: u64,
}

impl Counts {
    /// Adds `many` rows of an outcome (`None`: pending).
    pub fn add(&mut self, outcome: Option<Outcome>, many: u64) {
        self.rows += many;
        *self.of(outcome) += many;
    }

    /// Moves one row from pending to an outcome.
    pub fn settle(&mut self, outcome: Outcome) {
        self.pending = self.pending.saturating_sub(1);
        *self.of(Some(outcome)) += 1;
    }

    fn of(&mut self, outcome: Option<Outcome>) -> &mut u64 {
        match outcome {
            Some(Outcome::Changed) => &mut self.changed,
            Some(Outcome::Unchanged) => &mut self.unchanged,
            Some(Outcome::Failed) => &mut self.failed,
            Some(Outcome::Skipped) => &mut self.skipped,
            Some(Outcome::Unknown) => &mut self.unknown,
            None => &mut self.pending,
        }
    }

    /// Whether every row is changed, unchanged or a harmless skip: exit code 0.
    pub fn all_well(&self) -> bool {
        self.failed == 0 && self.unknown == 0 && self.pending == 0 && self.skipped == self.harmless
    }
}
