//! Creates and deletes groups, and reads whether they exist.

use headcount_atlassian::CallError;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::records::GroupRecord;
use headcount_engine::Observation;
use headcount_model::group::GroupId;

use super::answers::cannot;
use super::change::Step;
use super::record::named_group;
use super::spec::Means;

/// The key for looking up a group.
pub(super) enum GroupKey<'s> {
    Id(&'s GroupId),
    Name(&'s str),
}

impl<'s> GroupKey<'s> {
    /// A group to be created, of which only the name is known.
    pub(super) fn name(step: &'s Step) -> Option<Self> {
        step.payload.target.group_name.as_deref().map(Self::Name)
    }

    /// An existing group.
    pub(super) fn id(step: &'s Step) -> Option<Self> {
        step.payload.target.group.as_ref().map(Self::Id).or_else(|| Self::name(step))
    }
}

/// The wanted state of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    There,
    Gone,
}

/// Whether Jira has a group.
pub(super) async fn observe_by_jira(
    by: Means<'_>,
    step: &Step,
    key: Option<GroupKey<'_>>,
    wanted: Wanted,
) -> Result<Observation, CallError> {
    let Some(jira) = &by.site.jira else { return Ok(cannot("no API token")) };
    let found = match key {
        Some(GroupKey::Id(id)) => jira.groups_by_id(&[id]).await?,
        Some(GroupKey::Name(name)) => jira.groups_by_name(&[name]).await?,
        None => Vec::new(),
    };
    Ok(there_or_not(step, found.first(), wanted))
}

/// Whether the directory has a group.
pub(super) async fn observe_in_directory(
    by: Means<'_>,
    step: &Step,
    key: Option<GroupKey<'_>>,
    wanted: Wanted,
) -> Result<Observation, CallError> {
    let Some(admin) = &by.site.admin else { return Ok(cannot("no organization API key")) };
    let found = match key {
        Some(GroupKey::Id(id)) => admin.groups_by_id(&[id]).await?,
        Some(GroupKey::Name(name)) => admin.groups_by_name(&[name]).await?,
        None => Vec::new(),
    };
    Ok(there_or_not(step, found.first(), wanted))
}

fn there_or_not(step: &Step, group: Option<&GroupRecord>, wanted: Wanted) -> Observation {
    let found = match group {
        Some(group) => format!("the group {} ({})", group.name, group.id),
        None => format!("no group {}", step.payload.target.which()),
    };
    match (group, wanted) {
        // The id that an earlier answer named, never one that only a read shows: another person may have
        // created a group with this name.
        (Some(_), Wanted::There) => {
            let named = step.payload.target.group.as_ref().map(named_group);
            Observation::AsWanted { found, named }
        }
        (None, Wanted::Gone) => Observation::AsWanted { found, named: None },
        (Some(_), Wanted::Gone) | (None, Wanted::There) => Observation::AsBefore { found },
    }
}

/// The id of a group that was just created, if the answer did not name it. Indexes lag: a group that is not
/// shown yet stays without an id, and an undo leaves it alone.
pub(super) async fn group_named(admin: &Admin, name: &str) -> Option<GroupId> {
    let found = admin.groups_by_name(&[name]).await.ok()?;
    let mut same = found.into_iter().filter(|group| &*group.name == name);
    let only = same.next()?;
    same.next().is_none().then_some(only.id)
}
