//! What the guards could not see: without the organization's key (or where its directory is closed)
//! it is not known which users and groups an identity provider owns, and who administers the organization. The
//! site refuses such changes or it does not; the plan says beforehand that it does not know.

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::error::PlanError;
use crate::steps::{self, About, NewStep, Note};
use headcount_journal::{Journal, Run};

/// Rows whose guards could not be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unverified {
    /// Rows about groups of which it is not known whether an identity provider owns them.
    #[serde(default)]
    pub groups: u64,
    /// Rows that take something away from people of whom it is not known whether they administer
    /// the organization.
    #[serde(default)]
    pub administrators: u64,
    /// Rows that remove users of whom it is not known whether an identity provider owns them.
    #[serde(default)]
    pub people: u64,
    /// Rows that delete groups of which it is not known whether they give access to an app.
    #[serde(default)]
    pub apps: u64,
}

/// Where it is among a run's options.
const OPTION: &str = "not_known";

impl Unverified {
    /// What the plan of a run noted.
    pub fn of(run: &Run) -> Self {
        let noted = run.options.get(OPTION).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }
}

/// Where it is among a run's options that a mail which no user showed surely belonged to no user.
const EVERY_MAIL: &str = "saw_every_mail";

/// Whether the look-up of a run's plan saw every address, so that a step whose person was absent
/// then is about no user who was there. A plan that does not say so did not.
pub fn saw_every_mail(run: &Run) -> bool {
    run.options[EVERY_MAIL] == true
}

/// Notes in the draft of a job that creates users what absence means in it.
pub(super) fn note_absence(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
) -> Result<(), PlanError> {
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ EVERY_MAIL: directory.sees_every_mail }))?;
    Ok(batch.commit()?)
}

/// What the guards of a plan could not see, counted while its steps are written.
pub(super) struct Planned<'a> {
    directory: &'a Directory,
    unverified: Unverified,
    /// The row that was counted last for its groups.
    last: u64,
}

impl<'a> Planned<'a> {
    pub(super) fn new(directory: &'a Directory) -> Self {
        Self { directory, unverified: Unverified::default(), last: 0 }
    }

    /// The counts.
    pub(super) fn unverified(self) -> Unverified {
        self.unverified
    }

    /// Adds a step that the plan will send for a row; rows come in their order.
    pub(super) fn add(&mut self, row: u64, step: &NewStep) {
        let directory = self.directory;
        let owner = |id| directory.group_by_id(id).and_then(|at| directory.group(at).synced);
        if step.target.group.as_ref().is_some_and(|id| owner(id).is_none()) {
            self.unverified.groups += u64::from(std::mem::replace(&mut self.last, row) != row);
        }
        let kind = steps::of(step.kind);
        let unseen = step.wanted.notes.contains(&Note::AppsUnseen);
        self.unverified.apps += u64::from(kind.about == About::Group && unseen);
        if !kind.takes_away {
            return;
        }
        let person = step.target.account.as_ref().and_then(|id| directory.person_by_id(id));
        let person = person.map(|at| directory.person(at));
        let is_unknown = |known: Option<bool>| u64::from(known.is_none());
        self.unverified.administrators += is_unknown(person.and_then(|person| person.org_admin));
        if !kind.is_announced {
            self.unverified.people += is_unknown(person.and_then(|person| person.synced));
        }
    }
}

/// A group whose list of members could not be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubted {
    /// The group's name.
    pub group: String,
    /// What can't be true, or what came instead of the list.
    pub why: String,
}

/// Where they are among a run's options.
const DOUBTED: &str = "doubted_lists";

/// Groups that are named at most.
const DOUBTED_SHOWN: usize = 20;

impl Doubted {
    /// What the plan of a run noted; its first groups.
    pub fn of(run: &Run) -> Vec<Self> {
        let noted = run.options.get(DOUBTED).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }
}

/// Notes in the draft which groups' lists could not be believed.
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

/// Notes in the draft what its steps' guards could not see.
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
