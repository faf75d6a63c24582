//! How steps go through the identity provider's directory (SCIM): its users and groups have records of their own.
//!
//! A plan records the ids of the records. A user that an earlier step of the run created has none in the plan and is
//! found by the email, which is the name that the creation gave the record.

use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::{Created, GroupMade, ProvisionedUser};
use headcount_atlassian::scim::{Membership as Sent, Scim};
use headcount_atlassian::{CallError, CallErrorKind, Endpoint};
use headcount_engine::{Observation, Performed};
use headcount_model::door::Api;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::mail_key;

use super::answers::{after_change, after_created, after_made, cannot};
use super::change::Step;
use super::group::group_named;
use super::observation::member_or_not;
use super::record::named_account;
use super::spec::{Means, Observing, Performing, SendError, Sends, Way};

const NO_KEY: &str = "there is no SCIM API key";
const NO_RECORD: &str = "the identity provider's directory does not show the user";

/// Deactivating.
pub(super) const DEACTIVATES: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimPatchUser,
    sends: Sends::Alone(|by, step, permit| set_active(by, step, permit, false)),
    observe: |by, step| Box::pin(observe_active(by, step, false)),
};

/// Reactivating.
pub(super) const ACTIVATES: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimPatchUser,
    sends: Sends::Alone(|by, step, permit| set_active(by, step, permit, true)),
    observe: |by, step| Box::pin(observe_active(by, step, true)),
};

/// Adding a member.
pub(super) const ADDS: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimPatchGroup,
    sends: Sends::Alone(|by, step, permit| set_member(by, step, permit, Sent::Add)),
    observe: observe_member,
};

/// Removing a member.
pub(super) const REMOVES: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimPatchGroup,
    sends: Sends::Alone(|by, step, permit| set_member(by, step, permit, Sent::Remove)),
    observe: observe_member,
};

/// Creating a user.
pub(super) const CREATES: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimCreateUser,
    sends: Sends::Alone(create_user),
    observe: observe_user,
};

/// Creating a group.
pub(super) const CREATES_GROUP: Way = Way {
    api: Api::Provisioning,
    call: Endpoint::ScimCreateGroup,
    sends: Sends::Alone(create_group),
    observe: observe_group,
};

fn scim<'a>(by: Means<'a>) -> Result<&'a Scim, SendError> {
    by.site.scim.as_ref().ok_or(SendError::Impossible(NO_KEY))
}

/// The record of a step's user: the planned one, else the one with the user's email and account.
async fn record(scim: &Scim, step: &Step) -> Result<Option<ProvisionedUser>, CallError> {
    let target = &step.payload.target;
    if let Some(record) = &target.record {
        return scim.user(record).await;
    }
    let Some(mail) = target.mail.as_deref() else { return Ok(None) };
    let is_it = |user: &ProvisionedUser| match (&target.account, &user.account) {
        (Some(wanted), Some(shown)) => wanted == shown,
        (Some(_) | None, _) => user.mail.as_deref().map(mail_key) == Some(mail_key(mail)),
    };
    Ok(scim.users_named(mail).await?.into_iter().find(is_it))
}

/// The id of the record, without a read if the plan has it.
async fn record_id(scim: &Scim, step: &Step) -> Result<String, SendError> {
    if let Some(record) = &step.payload.target.record {
        return Ok(record.clone());
    }
    let found = record(scim, step).await?;
    found.map(|user| user.id).ok_or(SendError::Impossible(NO_RECORD))
}

fn set_active<'a>(by: Means<'a>, step: &'a Step, permit: Permit, active: bool) -> Performing<'a> {
    Box::pin(async move {
        let scim = scim(by)?;
        let record = record_id(scim, step).await?;
        Ok(after_change(by.spec, step, scim.set_active(permit, &record, active).await?))
    })
}

async fn observe_active(
    by: Means<'_>,
    step: &Step,
    wanted: bool,
) -> Result<Observation, CallError> {
    let Some(scim) = &by.site.scim else { return Ok(cannot(NO_KEY)) };
    let shown = record(scim, step).await?.and_then(|user| user.active);
    let found = match shown {
        Some(true) => "active in the identity provider's directory".to_owned(),
        Some(false) => "deactivated in the identity provider's directory".to_owned(),
        None => return Ok(cannot(NO_RECORD)),
    };
    Ok(match shown == Some(wanted) {
        true => Observation::AsWanted { found, named: None },
        false => Observation::AsBefore { found },
    })
}

fn set_member<'a>(
    by: Means<'a>,
    step: &'a Step,
    permit: Permit,
    membership: Sent,
) -> Performing<'a> {
    Box::pin(async move {
        let scim = scim(by)?;
        let group = step.payload.target.group_record.as_deref().ok_or_else(SendError::unnamed)?;
        let user = record_id(scim, step).await?;
        let change = scim.set_member(permit, group, &user, membership).await?;
        Ok(after_change(by.spec, step, change))
    })
}

/// The user's record has the groups; a record without any may not show them, and then the group has the members.
fn observe_member<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(scim) = &by.site.scim else { return Ok(cannot(NO_KEY)) };
        let Some(group) = step.payload.target.group_record.as_deref() else {
            return Ok(cannot("the plan does not name the group's record"));
        };
        let Some(user) = record(scim, step).await? else { return Ok(cannot(NO_RECORD)) };
        let is_member = match user.groups.iter().any(|id| id == group) {
            true => Some(true),
            false => scim.group(group).await?.map(|group| group.members.contains(&user.id)),
        };
        Ok(member_or_not(by.spec.membership(), step, is_member, None))
    })
}

fn create_user<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let scim = scim(by)?;
        let target = &step.payload.target;
        let mail = target.mail.as_deref().unwrap_or_default();
        match scim.create_user(permit, mail, target.name.as_deref()).await {
            Ok(made) => {
                let created = Created { account: made.account, status: 201 };
                Ok(after_created(step, created, by.known))
            }
            // "An attempt to create an existing user fails with a 409" (user provisioning description).
            Err(error) if error.kind == CallErrorKind::Conflict => {
                let detail = "the identity provider's directory has a user with this email";
                let verdict = Verdict::new(Outcome::Unchanged, Reason::AlreadyThere, detail);
                Ok(Performed::AlreadySo(verdict.with_status(error.status)))
            }
            Err(error) => Err(error.into()),
        }
    })
}

fn observe_user<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(scim) = &by.site.scim else { return Ok(cannot(NO_KEY)) };
        Ok(match record(scim, step).await? {
            Some(user) => Observation::AsWanted {
                found: "in the identity provider's directory".to_owned(),
                named: user.account.as_ref().map(named_account),
            },
            None => Observation::AsBefore {
                found: "not in the identity provider's directory".to_owned(),
            },
        })
    })
}

fn group_name(step: &Step) -> &str {
    step.payload.target.group_name.as_deref().unwrap_or_default()
}

fn create_group<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let scim = scim(by)?;
        let name = group_name(step);
        match scim.create_group(permit, name).await {
            Ok((_, status)) => {
                // The answer names the record; the organization's id is that of the same name.
                let id = match &by.site.admin {
                    Some(admin) => group_named(admin, name).await,
                    None => None,
                };
                Ok(after_made(by.spec, step, GroupMade::Done { id: None, status }, id))
            }
            Err(error) if error.kind == CallErrorKind::Conflict => {
                let status = error.status.unwrap_or_default();
                Ok(after_made(by.spec, step, GroupMade::InUse { status }, None))
            }
            Err(error) => Err(error.into()),
        }
    })
}

fn observe_group<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(scim) = &by.site.scim else { return Ok(cannot(NO_KEY)) };
        let found = scim.groups_named(group_name(step)).await?;
        Ok(match found.first() {
            Some(group) => Observation::AsWanted {
                found: format!("the group {} in the identity provider's directory", group.name),
                named: None,
            },
            None => Observation::AsBefore {
                found: format!(
                    "no group {} in the identity provider's directory",
                    group_name(step)
                ),
            },
        })
    })
}
