//! Finished rehearsals, kept for some time.

use headcount_app::failure::Failure;
use headcount_journal::{Journal, Run};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::state::summary_cache::Facts;

/// The result of a rehearsal. Its folder is removed together with it.
pub struct Rehearsal {
    /// The plan that was rehearsed.
    pub of: Run,
    /// The run on the copy.
    pub run: Run,
    /// The summary of that run.
    pub facts: Facts,
    /// The sources of the copy, in words.
    pub made_from: &'static str,
    /// When it ended.
    pub at: Timestamp,
    /// The folder with its files.
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
