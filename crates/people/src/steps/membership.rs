//! Memberships: adding and removing users, and reading whether they are members.

use headcount_atlassian::admin::ACCESS;
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::ListedPerson;
use headcount_atlassian::{CallError, Endpoint};
use headcount_engine::Observation;
use headcount_model::door::Api;
use headcount_model::group::GroupId;
use headcount_model::reason::Reason;
use headcount_model::user::AccountId;

use super::answers::{after_change, cannot};
use super::change::{Before, Step};
use super::current::{No, Now};
use super::observation::{facts, member_or_not, some};
use super::provisioning;
use super::spec::{Means, Membership, Observing, Performing, SendError, Sends, Way};
use super::standing::home;

/// What a reading shows of a user without access to the site.
pub(crate) const NO_USER: &str = "the user is not on the site";

/// Adding. Jira changes only the intended site, so it comes first.
pub(super) const ADDS: &[Way] = &[
    Way {
        api: Api::Jira,
        call: Endpoint::JiraAddMember,
        sends: Sends::Alone(add_by_jira),
        observe: observe_by_jira,
    },
    Way {
        api: Api::Directory,
        call: Endpoint::AdminAddMember,
        sends: Sends::Alone(add_in_directory),
        observe: observe_in_directory,
    },
    provisioning::ADDS,
];

/// Removing, in the same order.
pub(super) const REMOVES: &[Way] = &[
    Way {
        api: Api::Jira,
        call: Endpoint::JiraRemoveMember,
        sends: Sends::Alone(remove_by_jira),
        observe: observe_by_jira,
    },
    Way {
        api: Api::Directory,
        call: Endpoint::AdminRemoveMember,
        sends: Sends::Alone(remove_in_directory),
        observe: observe_in_directory,
    },
    provisioning::REMOVES,
];

/// What the site shows now about a membership that is to be added or removed.
pub(super) fn now(wanted: Membership, is_member: Option<bool>) -> Result<Now, No> {
    Ok(match (wanted, is_member) {
        (Membership::Joins, Some(true)) => {
            Now::Already(Reason::AlreadyMember, "is already a member")
        }
        (Membership::Leaves, Some(false)) => {
            Now::Already(Reason::NotAMember, "is no longer a member")
        }
        (_, is_member) => Now::Before(is_member.map_or(Before::Unseen, Before::Member)),
    })
}

fn pair(step: &Step) -> Result<(&AccountId, &GroupId), SendError> {
    let target = &step.payload.target;
    target.account.as_ref().zip(target.group.as_ref()).ok_or_else(SendError::unnamed)
}

fn add_by_jira<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (jira, (account, group)) = (by.jira()?, pair(step)?);
        Ok(after_change(by.spec, step, jira.add_member(permit, group, account).await?))
    })
}

fn remove_by_jira<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (jira, (account, group)) = (by.jira()?, pair(step)?);
        Ok(after_change(by.spec, step, jira.remove_member(permit, group, account).await?))
    })
}

fn add_in_directory<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, (account, group)) = (home(by).await?, pair(step)?);
        Ok(after_change(by.spec, step, admin.add_member(permit, group, account).await?))
    })
}

fn remove_in_directory<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, (account, group)) = (home(by).await?, pair(step)?);
        Ok(after_change(by.spec, step, admin.remove_member(permit, group, account).await?))
    })
}

fn observe_by_jira<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let (Some(account), Some(jira)) = (&step.payload.target.account, &by.site.jira) else {
            return Ok(cannot("no API token"));
        };
        let Some(groups) = jira.groups_of(account).await? else {
            return Ok(not_on_the_site(by.spec.membership(), step));
        };
        let user = jira.user(account).await;
        // No total shows whether the list is complete: a user counts as no member only if the user's
        // record does not show the group either.
        let is_it = |id: &GroupId| Some(id) == step.payload.target.group.as_ref();
        let is_member = groups.iter().any(|group| is_it(&group.id))
            || user.iter().flatten().flat_map(|user| &user.groups).any(|(id, _)| is_it(id));
        // An empty list alone proves nothing: the user's record must confirm it.
        let user = match user {
            Ok(user) => user,
            Err(_) if is_member => None,
            Err(error) => return Err(error),
        };
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = match &user {
            Some(user) => facts(user),
            None => format!("groups: {}", some(&names)),
        };
        Ok(member_or_not(by.spec.membership(), step, Some(is_member), Some(&now)))
    })
}

fn observe_in_directory<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(listed) = listed(by, step).await? else {
            return Ok(not_on_the_site(by.spec.membership(), step));
        };
        let Some(groups) = &listed.groups else {
            return Ok(cannot("the directory does not show the user's groups"));
        };
        let is_member =
            groups.iter().any(|group| Some(&group.id) == step.payload.target.group.as_ref());
        let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
        let now = format!("groups: {}", some(&names));
        Ok(member_or_not(by.spec.membership(), step, Some(is_member), Some(&now)))
    })
}

async fn listed(by: Means<'_>, step: &Step) -> Result<Option<ListedPerson>, CallError> {
    let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
        return Ok(None);
    };
    let found = admin.members_by_id(&[account], ACCESS).await?;
    Ok(found.into_iter().find(|listed| listed.person.id == *account))
}

/// The membership of a user who is not on the site, and so in no group. That is the wanted state of a removal. An
/// addition had no effect (the site refuses it with 404); if it is sent again, the site says so. `Otherwise` would
/// stay unknown however often it is read.
fn not_on_the_site(wanted: Option<Membership>, step: &Step) -> Observation {
    match (wanted, &step.payload.before) {
        (Some(Membership::Leaves), _) => {
            Observation::AsWanted { found: NO_USER.into(), named: None }
        }
        (_, Before::Member(true)) => {
            Observation::Otherwise { found: "the user is no longer on the site".into() }
        }
        _ => Observation::AsBefore { found: NO_USER.into() },
    }
}
