//! The hands in the organisation's directory: people suspended, restored and removed, groups made
//! and deleted; and memberships where Jira's key is not there.

use super::answer::{after_change, cannot, no_key, not_read};
use super::hands::{Performed, Sight};
use super::people::PeopleHands;
use super::settle::already;
use super::sight::{created_sight, group_sight, membership_sight, standing_sight};
use headcount_atlassian::admin::ACCESS;
use headcount_atlassian::endpoint::Host;
use headcount_atlassian::facts::{Change, GroupMade, ListedPerson, UserFacts};
use headcount_atlassian::pace::Permit;
use headcount_atlassian::{CallError, CallErrorKind};
use headcount_model::group::GroupId;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, StepKind, Verdict};
use headcount_model::user::{AccountId, Standing};

impl PeopleHands {
    /// Sends a step through the directory, or a group through Jira.
    pub(super) async fn send_in_directory(
        &self,
        step: &Step,
        permit: Permit,
    ) -> Result<Performed, CallError> {
        let target = &step.target;
        let done = |change| after_change(step, change);
        let Some(admin) = &self.site.admin else { return self.send_group(step, permit).await };
        // Read once in the life of a client; while it cannot be read, nothing is sent.
        let by_directory = self.site.endpoint(step.kind).host() == Host::Admin;
        if let (true, Err(error)) = (by_directory, admin.find_home().await) {
            let not_sent =
                matches!(error.kind, CallErrorKind::Credential | CallErrorKind::Redirected);
            return match not_sent || error.passes_by_itself() {
                true => Ok(Performed::NotSent(not_read(&error))),
                false => Err(error),
            };
        }
        Ok(match (step.kind, &target.account, &target.group) {
            (StepKind::Suspend, Some(account), _) => done(admin.suspend(permit, account).await?),
            (StepKind::Restore, Some(account), _) => done(admin.restore(permit, account).await?),
            (StepKind::RemoveUser, Some(account), _) => {
                done(admin.remove_user(permit, account).await?)
            }
            (StepKind::AddMember, Some(account), Some(group)) => {
                match admin.add_member(permit, group, account).await {
                    // One code for “already a member” and “no seat left”: only reading tells.
                    Err(error) if error.status == Some(409) => {
                        self.unless_so(step, error, true).await?
                    }
                    change => done(change?),
                }
            }
            (StepKind::RemoveMember, Some(account), Some(group)) => {
                match admin.remove_member(permit, group, account).await {
                    // Neither group nor user, or no membership.
                    Err(error) if error.kind == CallErrorKind::NotFound => {
                        self.unless_so(step, error, false).await?
                    }
                    change => done(change?),
                }
            }
            (StepKind::CreateGroup | StepKind::RemoveGroup, ..) => {
                return self.send_group(step, permit).await;
            }
            _ => Performed::Settled(no_key(self.site.endpoint(step.kind))),
        })
    }

    /// A refusal that may mean “already so”: the site is read, and the refusal stands where it shows
    /// otherwise.
    async fn unless_so(
        &self,
        step: &Step,
        error: CallError,
        member: bool,
    ) -> Result<Performed, CallError> {
        match self.is_member_in_directory(step).await? {
            Some(is) if is == member => {
                let status = error.status.unwrap_or_default();
                Ok(after_change(step, Change::AlreadySo { status }))
            }
            _ => Err(error),
        }
    }

    async fn send_group(&self, step: &Step, permit: Permit) -> Result<Performed, CallError> {
        let name = step.target.group_name.as_deref().unwrap_or_default();
        let in_directory = self.site.admin.as_ref().filter(|admin| admin.knows_home());
        let description = step.wanted.description.as_deref();
        Ok(match (step.kind, &step.target.group, in_directory, &self.site.jira) {
            (StepKind::CreateGroup, _, Some(admin), _) => {
                let made = admin.create_group(permit, name, description).await?;
                let id = match &made {
                    GroupMade::Done { id: None, .. } => self.group_named(name).await,
                    _ => None,
                };
                after_made(step, made, id)
            }
            (StepKind::CreateGroup, _, None, Some(jira)) => {
                after_made(step, jira.create_group(permit, name).await?, None)
            }
            (StepKind::RemoveGroup, Some(id), ..) => {
                // The place is given back while it is read: if every place were held by a step that
                // waits to read, none would ever get to.
                drop(permit);
                if let Some(verdict) = self.occupied(id).await? {
                    return Ok(Performed::Settled(verdict));
                }
                let permit = self.site.pacer.ready(self.site.endpoint(step.kind)).await;
                let change = match (in_directory, &self.site.jira) {
                    (Some(admin), _) => admin.remove_group(permit, id).await?,
                    (None, Some(jira)) => jira.remove_group(permit, id).await?,
                    (None, None) => {
                        return Ok(Performed::Settled(no_key(self.site.endpoint(step.kind))));
                    }
                };
                after_change(step, change)
            }
            _ => Performed::Settled(no_key(self.site.endpoint(step.kind))),
        })
    }

    /// The id of a group that was just made, where the answer did not name it. Indexes lag: if it is
    /// not shown, the step goes without, and an undo leaves the group alone.
    async fn group_named(&self, name: &str) -> Option<GroupId> {
        let found = self.site.admin.as_ref()?.groups_by_name(&[name]).await.ok()?;
        let mut same = found.into_iter().filter(|group| &*group.name == name);
        let only = same.next()?;
        same.next().is_none().then_some(only.id)
    }

    /// Looked at last thing before it is deleted: somebody may have got into it meanwhile.
    async fn occupied(&self, id: &GroupId) -> Result<Option<Verdict>, CallError> {
        let in_directory = self.site.admin.as_ref().filter(|admin| admin.knows_home());
        let members = match (in_directory, &self.site.jira) {
            (Some(admin), _) => {
                let found = admin.groups_counted(&[id]).await?;
                found.into_iter().find(|listed| listed.group.id == *id).and_then(|one| one.members)
            }
            (None, Some(jira)) => match jira.members(id, 0).await {
                Err(error) if error.kind == CallErrorKind::NotFound => None,
                page => Some(page?.members.len() as u64),
            },
            (None, None) => None,
        };
        Ok(members.filter(|members| *members > 0).map(|members| {
            let detail = format!("somebody is in the group by now ({members}); it was not deleted");
            Verdict::new(Outcome::Skipped, Reason::ChangedSincePlan, detail)
        }))
    }

    /// Where the person of a step stands in the directory.
    pub(super) async fn standing(&self, step: &Step) -> Result<Sight, CallError> {
        let (Some(account), Some(admin)) = (&step.target.account, &self.site.admin) else {
            return Ok(cannot("no organisation key"));
        };
        let user = admin.user(account).await?;
        Ok(standing_sight(step, user.as_ref()))
    }

    /// Whether there is a group of the step's name, or id.
    pub(super) async fn group(&self, step: &Step) -> Result<Sight, CallError> {
        let name = step.target.group_name.as_deref().unwrap_or_default();
        let in_directory = self.site.admin.as_ref().filter(|admin| admin.knows_home());
        let by_id = step.target.group.as_ref().filter(|_| step.kind == StepKind::RemoveGroup);
        let found = match (in_directory, &self.site.jira, by_id) {
            (Some(admin), _, Some(id)) => admin.groups_by_id(&[id]).await?,
            (Some(admin), _, None) => admin.groups_by_name(&[name]).await?,
            (None, Some(jira), Some(id)) => jira.groups_by_id(&[id]).await?,
            (None, Some(jira), None) => jira.groups_by_name(&[name]).await?,
            (None, None, _) => return Ok(cannot("no key for groups")),
        };
        Ok(group_sight(step, found.first()))
    }

    /// Somebody who was to be created, by the directory.
    pub(super) async fn created_in_directory(
        &self,
        step: &Step,
        account: &AccountId,
    ) -> Result<Sight, CallError> {
        let Some(admin) = &self.site.admin else { return Ok(cannot("no organisation key")) };
        let found = admin.members_by_id(&[account], ACCESS).await?;
        let listed = found.into_iter().find(|listed| listed.person.id == *account);
        let there =
            |listed: &ListedPerson| !matches!(listed.person.standing, Some(Standing::NotInvited));
        let Some(listed) = listed.filter(there) else {
            return Ok(Sight::AsBefore { found: "in no directory".into() });
        };
        let groups = listed.groups.unwrap_or_default();
        let user = UserFacts {
            person: listed.person,
            groups: groups.into_iter().map(|group| (group.id, group.name.into())).collect(),
            groups_complete: true,
            products: listed.products.unwrap_or_default(),
        };
        Ok(created_sight(step, Some(&user), &self.known))
    }

    pub(super) async fn listed(&self, step: &Step) -> Result<Option<ListedPerson>, CallError> {
        let (Some(account), Some(admin)) = (&step.target.account, &self.site.admin) else {
            return Ok(None);
        };
        let found = admin.members_by_id(&[account], ACCESS).await?;
        Ok(found.into_iter().find(|listed| listed.person.id == *account))
    }

    async fn is_member_in_directory(&self, step: &Step) -> Result<Option<bool>, CallError> {
        let groups = self.listed(step).await?.and_then(|listed| listed.groups);
        let wanted = step.target.group.as_ref();
        Ok(groups.map(|groups| groups.iter().any(|group| Some(&group.id) == wanted)))
    }

    /// The membership of a step, by the directory.
    pub(super) async fn membership_in_directory(&self, step: &Step) -> Result<Sight, CallError> {
        let Some(listed) = self.listed(step).await? else {
            return Ok(super::people::not_on_the_site(step));
        };
        let Some(groups) = &listed.groups else {
            return Ok(cannot("the directory does not show the person's groups"));
        };
        let is_member = groups.iter().any(|group| Some(&group.id) == step.target.group.as_ref());
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = format!("groups: {}", super::sight::some(&names));
        Ok(membership_sight(step, Some(is_member), Some(&now)))
    }
}

/// A 201 is proof: a name that is in use is refused.
fn after_made(step: &Step, made: GroupMade, id: Option<GroupId>) -> Performed {
    let which = step.target.which();
    match made {
        GroupMade::Done { id: named, status } => {
            let verdict = Verdict::new(Outcome::Changed, Reason::Done, format!("created {which}"));
            let group = named.or(id);
            Performed::Settled(Verdict { group, ..verdict.with_status(Some(status)) })
        }
        GroupMade::InUse { status } => {
            let detail = "the site says that the name is in use";
            let verdict = Verdict::new(Outcome::Unchanged, already(step.kind), detail);
            Performed::AlreadySo(verdict.with_status(Some(status)))
        }
    }
}
