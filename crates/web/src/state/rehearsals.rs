//! Rehearsals that can be looked at for a while.

use headcount_app::failure::Failure;
use headcount_journal::{Journal, Run};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::state::summary_cache::Facts;

/// What a rehearsal came to. Its folder goes with its last holder.
pub struct Rehearsal {
    /// The plan that was rehearsed.
    pub of: Run,
    /// What was applied to the copy.
    pub run: Run,
    /// What it came to.
    pub facts: Facts,
    /// What the copy was made from, in words.
    pub made_from: &'static str,
    /// When it was done.
    pub at: Timestamp,
    /// Where its files are.
    pub folder: TempDir,
}

impl Rehearsal {
    /// Its journal.
    pub fn journal(&self) -> Result<Journal, Failure> {
        Ok(headcount_app::journal::open_file(&self.folder.path().join(JOURNAL))?)
    }
}

/// Its journal's file.
pub const JOURNAL: &str = "journal.db";
