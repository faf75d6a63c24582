//! Pending steps counted by what they have in common: the totals of a plan without reading each
//! of a hundred thousand steps.

use super::steps::AFTER_UNKNOWN;
use super::store::{Journal, json};
use crate::error::JournalError;
use crate::run::RunId;
use headcount_model::group::GroupId;
use headcount_model::step::{Before, StepKind, Wanted};

/// Pending steps that differ only in their user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// What they do.
    pub kind: StepKind,
    /// What was before.
    pub before: Before,
    /// What they want.
    pub wanted: Wanted,
    /// How many they are.
    pub steps: u64,
}

impl Journal {
    /// The pending steps, those that are alike counted together.
    pub fn step_groups(&self, run: &RunId) -> Result<Vec<StepGroup>, JournalError> {
        let groups: Vec<(String, String, String, i64)> = self.list(
            "SELECT kind, before, wanted, count(*) FROM steps WHERE run = ? AND state = 'pending'
             GROUP BY kind, before, wanted",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let alike = |(word, before, wanted, steps): (String, String, String, i64)| {
            Ok(StepGroup {
                kind: kind(&word)?,
                before: read(&before)?,
                wanted: read(&wanted)?,
                steps: steps as u64,
            })
        };
        groups.into_iter().map(alike).collect()
    }

    /// The number of rows with steps that may still be sent and whose state before could not be read.
    pub fn unseen_rows(&self, run: &RunId) -> Result<u64, JournalError> {
        let sql = format!(
            "{AFTER_UNKNOWN} SELECT count(DISTINCT row) FROM steps WHERE run = ?1 AND before = ?2
               AND (state <> 'settled' OR step IN (SELECT step FROM unknown))"
        );
        let rows: Vec<i64> =
            self.list(&sql, (run.number, json(&Before::Unseen)), |row| row.get(0))?;
        Ok(rows.first().map_or(0, |rows| *rows as u64))
    }

    /// What kinds of steps are pending and on which groups, each pair once.
    pub fn pending_kinds(
        &self,
        run: &RunId,
    ) -> Result<Vec<(StepKind, Option<GroupId>)>, JournalError> {
        let kinds: Vec<(String, Option<String>)> = self.list(
            "SELECT DISTINCT kind, group_id FROM steps WHERE run = ? AND state = 'pending'",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let group = |id: Option<String>| id.map(|id| GroupId::new(&id));
        kinds.into_iter().map(|(word, id)| Ok((kind(&word)?, group(id)))).collect()
    }
}

fn kind(word: &str) -> Result<StepKind, JournalError> {
    StepKind::from_word(word)
        .ok_or_else(|| JournalError::Unreadable { what: format!("the step “{word}”") })
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, JournalError> {
    serde_json::from_str(text).map_err(|_| JournalError::Unreadable { what: text.to_owned() })
}
