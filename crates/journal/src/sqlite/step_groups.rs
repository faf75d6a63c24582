//! Pending steps counted by what they have in common: the totals of a plan without reading each
//! of a hundred thousand steps.

use super::steps::AFTER_UNKNOWN;
use super::store::Journal;
use crate::error::JournalError;
use crate::run::RunId;

/// Pending steps that differ only in what each alone is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// What they do: a word of their executor.
    pub kind: Box<str>,
    /// What they have in common: [`Payload::common`](headcount_model::step::Payload).
    pub common: Box<str>,
    /// How it was before is not known.
    pub unseen: bool,
    /// How many they are.
    pub steps: u64,
}

impl Journal {
    /// The pending steps, those that are alike counted together.
    pub fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        self.list(
            "SELECT kind, common, unseen, count(*) FROM steps WHERE run = ? AND state = 'pending'
             GROUP BY kind, common, unseen",
            [run.number],
            |row| {
                Ok(StepGroup {
                    kind: row.get(0)?,
                    common: row.get(1)?,
                    unseen: row.get(2)?,
                    steps: row.get::<_, i64>(3)? as u64,
                })
            },
        )
    }

    /// The number of rows with steps that may still be sent and whose state before is not known.
    pub fn unseen_rows(&self, run: &RunId) -> Result<u64, JournalError> {
        let sql = format!(
            "{AFTER_UNKNOWN} SELECT count(DISTINCT row) FROM steps WHERE run = ?1 AND unseen
               AND (state <> 'settled' OR step IN (SELECT step FROM unknown))"
        );
        self.number(&sql, run)
    }
}
