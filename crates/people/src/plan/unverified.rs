//! What the guards could not check. Without the organization API key (or if its directory is closed), it is unknown
//! which users and groups an identity provider owns, and who is an organization administrator. The site may refuse such
//! changes; the plan says beforehand that headcount does not know.

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::error::PlanError;
use headcount_journal::{Journal, Run};

/// How many rows the guards could not check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unverified {
    /// Rows with groups that an identity provider may own.
    #[serde(default)]
    pub groups: u64,
    /// Rows that take something away from users who may be organization administrators.
    #[serde(default)]
    pub administrators: u64,
    /// Rows that remove users that an identity provider may own.
    #[serde(default)]
    pub people: u64,
    /// Rows that delete groups that may give access to an app.
    #[serde(default)]
    pub apps: u64,
}

/// The key of the counts in a run's options.
const OPTION: &str = "not_known";

impl Unverified {
    /// The counts of a run's plan.
    pub fn of(run: &Run) -> Self {
        let noted = run.options.get(OPTION).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }
}

/// The key in a run's options of whether an email that no user showed certainly belonged to no user.
const EVERY_MAIL: &str = "saw_every_mail";

/// Whether the lookups of a run's plan saw every email, so that a user who was absent in the plan did not exist. False
/// for a plan that does not say it.
pub fn saw_every_mail(run: &Run) -> bool {
    run.options[EVERY_MAIL] == true
}

/// Notes in the draft of a job that creates users whether an absent email certainly belonged to no user.
pub(super) fn note_absence(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
) -> Result<(), PlanError> {
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ EVERY_MAIL: directory.sees_every_mail }))?;
    Ok(batch.commit()?)
}

/// A group whose list of members contradicted itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubted {
    /// The group's name.
    pub group: String,
    /// The contradiction, or the answer instead of the list.
    pub why: String,
}

/// The key of these groups in a run's options.
const DOUBTED: &str = "doubted_lists";

/// The most groups that are listed.
const DOUBTED_SHOWN: usize = 20;

impl Doubted {
    /// The first of these groups in a run's plan.
    pub fn of(run: &Run) -> Vec<Self> {
        let noted = run.options.get(DOUBTED).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }
}

/// Notes in the draft which groups' lists contradicted themselves.
pub(super) fn note_doubts(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
) -> Result<(), PlanError> {
    let doubted = directory.doubts().take(DOUBTED_SHOWN);
    let doubted: Vec<_> = doubted
        .map(|(group, why)| Doubted { group: group.name.to_string(), why: why.to_owned() })
        .collect();
    if doubted.is_empty() {
        return Ok(());
    }
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ DOUBTED: doubted }))?;
    Ok(batch.commit()?)
}

/// Notes the counts in the draft.
pub(super) fn note_unverified(
    journal: &mut Journal,
    run: &Run,
    unverified: Unverified,
) -> Result<(), PlanError> {
    if unverified == Unverified::default() {
        return Ok(());
    }
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: unverified }))?;
    Ok(batch.commit()?)
}
