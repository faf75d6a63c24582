//! The hands in the organization's directory: people suspended, restored and removed, groups made
//! and deleted; and memberships where Jira's key is not there.

use super::classify::{after_change, after_made, cannot, not_read, not_sent};
use super::observation::{created_sight, group_sight, membership_sight, standing_sight};
use super::people::PeopleExecutor;
use crate::steps::{Step, StepKind};
use headcount_atlassian::admin::{ACCESS, Admin};
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::{GroupMade, ListedPerson, UserRecord};
use headcount_atlassian::{CallError, CallErrorKind};
use headcount_engine::{Observation, Performed};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Standing};

impl PeopleExecutor {
    /// Sends a step through the directory.
    pub(super) async fn send_to_directory(
        &self,
        step: &Step,
        permit: Permit,
    ) -> Result<Performed, CallError> {
        let target = &step.payload.target;
        let done = |change| after_change(step, change);
        let Some(admin) = &self.site.admin else {
            return Ok(not_sent("there is no organization API key"));
        };
        if let Some(not_sent) = without_home(admin).await? {
            return Ok(not_sent);
        }
        Ok(match (step.payload.kind, &target.account, &target.group) {
            (StepKind::Suspend, Some(account), _) => done(admin.suspend(permit, account).await?),
            (StepKind::Restore, Some(account), _) => done(admin.restore(permit, account).await?),
            (StepKind::RemoveUser, Some(account), _) => {
                done(admin.remove_user(permit, account).await?)
            }
            (StepKind::AddMember, Some(account), Some(group)) => {
                done(admin.add_member(permit, group, account).await?)
            }
            (StepKind::RemoveMember, Some(account), Some(group)) => {
                done(admin.remove_member(permit, group, account).await?)
            }
            (StepKind::CreateGroup, ..) => self.make_group(admin, step, permit).await?,
            (StepKind::RemoveGroup, _, Some(group)) => {
                done(admin.remove_group(permit, group).await?)
            }
            (
                StepKind::Suspend
                | StepKind::Restore
                | StepKind::RemoveUser
                | StepKind::AddMember
                | StepKind::RemoveMember
                | StepKind::RemoveGroup,
                ..,
            ) => not_sent("the plan does not name the account or the group"),
            (
                StepKind::CreateUser
                | StepKind::InviteUser
                | StepKind::Deactivate
                | StepKind::Activate,
                ..,
            ) => not_sent("the directory has no call for it"),
        })
    }

    async fn make_group(
        &self,
        admin: &Admin,
        step: &Step,
        permit: Permit,
    ) -> Result<Performed, CallError> {
        let name = step.payload.target.group_name.as_deref().unwrap_or_default();
        let description = step.payload.wanted.description.as_deref();
        let made = admin.create_group(permit, name, description).await?;
        let id = match &made {
            GroupMade::Done { id: None, .. } => self.group_named(name).await,
            GroupMade::Done { id: Some(_), .. } | GroupMade::InUse { .. } => None,
        };
        Ok(after_made(step, made, id))
    }

    /// The id of a group that was just made, where the answer did not name it. Indexes lag: if it is
    /// not shown, the step goes without, and an undo leaves the group alone.
    async fn group_named(&self, name: &str) -> Option<GroupId> {
        let found = self.site.admin.as_ref()?.groups_by_name(&[name]).await.ok()?;
        let mut same = found.into_iter().filter(|group| &*group.name == name);
        let only = same.next()?;
        same.next().is_none().then_some(only.id)
    }

    /// Where the person of a step stands in the directory.
    pub(super) async fn standing(&self, step: &Step) -> Result<Observation, CallError> {
        let (Some(account), Some(admin)) = (&step.payload.target.account, &self.site.admin) else {
            return Ok(cannot("no organization key"));
        };
        let user = admin.user(account).await?;
        Ok(standing_sight(step, user.as_ref()))
    }

    /// Whether the directory has a group of the step's name, or id.
    pub(super) async fn group_in_directory(&self, step: &Step) -> Result<Observation, CallError> {
        let Some(admin) = &self.site.admin else { return Ok(cannot("no organization API key")) };
        let found = match GroupKey::of(step) {
            Some(GroupKey::Id(id)) => admin.groups_by_id(&[id]).await?,
            Some(GroupKey::Name(name)) => admin.groups_by_name(&[name]).await?,
            None => Vec::new(),
        };
        Ok(group_sight(step, found.first()))
    }

    /// The same, by Jira.
    pub(super) async fn group_in_jira(&self, step: &Step) -> Result<Observation, CallError> {
        let Some(jira) = &self.site.jira else { return Ok(cannot("no API token")) };
        let found = match GroupKey::of(step) {
            Some(GroupKey::Id(id)) => jira.groups_by_id(&[id]).await?,
            Some(GroupKey::Name(name)) => jira.groups_by_name(&[name]).await?,
            None => Vec::new(),
        };
        Ok(group_sight(step, found.first()))
    }

    /// Somebody who was to be created, by the directory.
    pub(super) async fn created_in_directory(
        &self,
        step: &Step,
        account: &AccountId,
    ) -> Result<Observation, CallError> {
        let Some(admin) = &self.site.admin else { return Ok(cannot("no organization key")) };
        let found = admin.members_by_id(&[account], ACCESS).await?;
        let listed = found.into_iter().find(|listed| listed.person.id == *account);
        let there =
            |listed: &ListedPerson| !matches!(listed.person.standing, Some(Standing::NotInvited));
        let Some(listed) = listed.filter(there) else {
            return Ok(Observation::AsBefore { found: "in no directory".into() });
        };
        let groups = listed.groups.unwrap_or_default();
        let user = UserRecord {
            person: listed.person,
            groups: groups.into_iter().map(|group| (group.id, group.name.into())).collect(),
            groups_complete: true,
            products: listed.products,
        };
        Ok(created_sight(step, Some(&user), &self.known))
    }

    pub(super) async fn listed(&self, step: &Step) -> Result<Option<ListedPerson>, CallError> {
        let (Some(account), Some(admin)) = (&step.payload.target.account, &self.site.admin) else {
            return Ok(None);
        };
        let found = admin.members_by_id(&[account], ACCESS).await?;
        Ok(found.into_iter().find(|listed| listed.person.id == *account))
    }

    /// The membership of a step, by the directory.
    pub(super) async fn membership_in_directory(
        &self,
        step: &Step,
    ) -> Result<Observation, CallError> {
        let Some(listed) = self.listed(step).await? else {
            return Ok(super::people::not_on_the_site(step));
        };
        let Some(groups) = &listed.groups else {
            return Ok(cannot("the directory does not show the person's groups"));
        };
        let is_member =
            groups.iter().any(|group| Some(&group.id) == step.payload.target.group.as_ref());
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = format!("groups: {}", super::observation::some(&names));
        Ok(membership_sight(step, Some(is_member), Some(&now)))
    }
}

/// By what a step's group is looked for.
enum GroupKey<'s> {
    Id(&'s GroupId),
    Name(&'s str),
}

impl<'s> GroupKey<'s> {
    /// A group that was to be deleted by its id, one that was to be made by its name.
    fn of(step: &'s Step) -> Option<Self> {
        let name = || step.payload.target.group_name.as_deref().map(Self::Name);
        match step.payload.kind {
            StepKind::RemoveGroup => step.payload.target.group.as_ref().map(Self::Id).or_else(name),
            StepKind::CreateGroup
            | StepKind::CreateUser
            | StepKind::InviteUser
            | StepKind::RemoveUser
            | StepKind::AddMember
            | StepKind::RemoveMember
            | StepKind::Deactivate
            | StepKind::Activate
            | StepKind::Suspend
            | StepKind::Restore => name(),
        }
    }
}

/// The directory that is written to is read once in the life of a client; while it cannot be read,
/// nothing is sent.
async fn without_home(admin: &Admin) -> Result<Option<Performed>, CallError> {
    let Err(error) = admin.find_home().await else { return Ok(None) };
    let not_sent = matches!(error.kind, CallErrorKind::Credential | CallErrorKind::Redirected);
    match not_sent || error.passes_by_itself() {
        true => Ok(Some(Performed::NotSent(not_read(&error)))),
        false => Err(error),
    }
}
