//! What the guards could not see: without the organization's key (or where its directory is closed)
//! it is not known which users and groups an identity provider owns, and who administers the organization. The
//! site refuses such changes or it does not; the plan says beforehand that it does not know.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::error::PlanError;
use crate::steps::{self, NewStep, Step};
use headcount_journal::{Journal, Run};
use headcount_model::group::GroupId;
use headcount_model::step::StepState;

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
}

/// Where it is among a run's options.
const OPTION: &str = "not_known";

impl Unverified {
    /// What the plan of a run noted.
    pub fn of(run: &Run) -> Self {
        let noted = run.options.get(OPTION).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }

    /// Adds a step; `last` is the row that was counted last for its groups.
    fn add(&mut self, step: &Step, directory: &Directory, last: &mut u64) {
        let group = step.payload.target.group.as_ref().and_then(|id| directory.group_by_id(id));
        let unknown_owner = group.is_none_or(|at| directory.group(at).synced.is_none());
        if step.payload.target.group.is_some() && unknown_owner {
            self.groups += u64::from(std::mem::replace(last, step.row) != step.row);
        }
        if !steps::of(step.payload.kind).takes_away {
            return;
        }
        let person = step.payload.target.account.as_ref().and_then(|id| directory.person_by_id(id));
        let person = person.map(|at| directory.person(at));
        self.administrators += u64::from(person.is_none_or(|person| person.org_admin.is_none()));
        let unknown = person.is_none_or(|person| person.synced.is_none());
        let is_announced = steps::of(step.payload.kind).is_announced;
        self.people += u64::from(!is_announced && unknown);
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

/// What the steps of a plan are about, as far as guards ask.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// The groups.
    groups: HashSet<GroupId>,
    /// Something is taken away.
    takes_away: bool,
}

impl Planned {
    /// Adds a step of the plan.
    pub(super) fn add(&mut self, step: &NewStep) {
        self.takes_away |= steps::of(step.kind).takes_away;
        if let Some(group) = step.target.group.as_ref().filter(|id| !self.groups.contains(id)) {
            self.groups.insert(group.clone());
        }
    }

    /// Whether the guards see all that they ask: who owns the groups, and nothing of people.
    fn is_seen(&self, directory: &Directory) -> bool {
        let is_owner_known =
            |id| directory.group_by_id(id).is_some_and(|at| directory.group(at).synced.is_some());
        !self.takes_away && self.groups.iter().all(is_owner_known)
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
    directory: &Directory,
    planned: &Planned,
) -> Result<(), PlanError> {
    let mut blind = Unverified::default();
    // Mostly everything is known, and a hundred thousand steps need not be read to see it.
    if planned.is_seen(directory) {
        return Ok(());
    }
    let (mut after, mut counted) = (0, 0);
    loop {
        let page = journal.steps(&run.id, StepState::Pending, after, 2_000)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        let page = steps::read_all(page)?;
        page.iter().for_each(|step| blind.add(step, directory, &mut counted));
    }
    if blind == Unverified::default() {
        return Ok(());
    }
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: blind }))?;
    Ok(batch.commit()?)
}
