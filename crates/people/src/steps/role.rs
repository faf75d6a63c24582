//! Roles in apps: granting and revoking them, of users and of groups, and reading whether they are held.

use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::{AssignedRole, AssignmentMethods};
use headcount_atlassian::{CallError, Endpoint};
use headcount_engine::Observation;
use headcount_model::app_role::AppRole;
use headcount_model::door::Api;

use super::answers::{after_change, cannot};
use super::change::{Step, Target};
use super::spec::{Means, Observing, Performing, Send, SendError, Sends, Way};
use super::standing::home;
use crate::directory::Apps;

const fn way(
    call: Endpoint,
    send: Send,
    observe: for<'a> fn(Means<'a>, &'a Step) -> Observing<'a>,
) -> Way {
    Way { api: Api::Directory, call, sends: Sends::Alone(send), observe }
}

/// Granting to a user.
pub(super) static GRANTS: &[Way] = &[way(Endpoint::AdminAssignRole, grant, observe_grant)];
/// Revoking from a user.
pub(super) static REVOKES: &[Way] = &[way(Endpoint::AdminRevokeRole, revoke, observe_revoke)];
/// Granting to a group.
pub(super) static GROUP_GRANTS: &[Way] =
    &[way(Endpoint::AdminAssignGroupRole, grant_group, observe_group_grant)];
/// Revoking from a group.
pub(super) static GROUP_REVOKES: &[Way] =
    &[way(Endpoint::AdminRevokeGroupRole, revoke_group, observe_group_revoke)];

/// The app and the role of a step.
fn role(target: &Target) -> Result<(&str, AppRole), SendError> {
    let role = target.app.as_deref().zip(target.role);
    role.ok_or(SendError::Impossible("the plan does not name the app or the role"))
}

fn grant<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let target = &step.payload.target;
        let (app, role) = role(target)?;
        let account = target.account.as_ref().ok_or_else(SendError::unnamed)?;
        let change = home(by).await?.assign_role(permit, account, app, role).await?;
        Ok(after_change(by.spec, step, change))
    })
}

fn revoke<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let target = &step.payload.target;
        let (app, role) = role(target)?;
        let account = target.account.as_ref().ok_or_else(SendError::unnamed)?;
        let change = home(by).await?.revoke_role(permit, account, app, role).await?;
        Ok(after_change(by.spec, step, change))
    })
}

fn grant_group<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let target = &step.payload.target;
        let (app, role) = role(target)?;
        let group = target.group.as_ref().ok_or_else(SendError::unnamed)?;
        let change = home(by).await?.assign_group_role(permit, group, app, role).await?;
        Ok(after_change(by.spec, step, change))
    })
}

fn revoke_group<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let target = &step.payload.target;
        let (app, role) = role(target)?;
        let group = target.group.as_ref().ok_or_else(SendError::unnamed)?;
        let change = home(by).await?.revoke_group_role(permit, group, app, role).await?;
        Ok(after_change(by.spec, step, change))
    })
}

fn observe_grant<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(held) = held_by_user(by, step).await? else {
            return Ok(cannot("no organization API key"));
        };
        Ok(granted_or_not(&held))
    })
}

fn observe_revoke<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(held) = held_by_user(by, step).await? else {
            return Ok(cannot("no organization API key"));
        };
        Ok(revoked_or_not(&held))
    })
}

fn observe_group_grant<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(held) = held_by_group(by, step).await? else {
            return Ok(cannot("no organization API key"));
        };
        Ok(granted_or_not(&held))
    })
}

fn observe_group_revoke<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let Some(held) = held_by_group(by, step).await? else {
            return Ok(cannot("no organization API key"));
        };
        Ok(match held.as_slice() {
            [] => Observation::AsWanted {
                found: "the group does not have the role".into(),
                named: None,
            },
            _ => Observation::AsBefore { found: "the group has the role".into() },
        })
    })
}

/// The role of a step as the user has it now; empty if the user does not.
async fn held_by_user(by: Means<'_>, step: &Step) -> Result<Option<Vec<AssignedRole>>, CallError> {
    let target = &step.payload.target;
    let (Some(account), Some(admin)) = (&target.account, &by.site.admin) else { return Ok(None) };
    Ok(Some(of_step(target, admin.roles_of_user(account).await?)))
}

async fn held_by_group(by: Means<'_>, step: &Step) -> Result<Option<Vec<AssignedRole>>, CallError> {
    let target = &step.payload.target;
    let (Some(group), Some(admin)) = (&target.group, &by.site.admin) else { return Ok(None) };
    Ok(Some(of_step(target, admin.roles_of_group(group).await?)))
}

fn of_step(target: &Target, roles: Vec<AssignedRole>) -> Vec<AssignedRole> {
    let is_it = |one: &AssignedRole| {
        let same_app = target.app.as_deref().is_some_and(|app| Apps::same_id(app, &one.app));
        same_app && AppRole::read(&one.role) == target.role
    };
    roles.into_iter().filter(is_it).collect()
}

fn granted_or_not(held: &[AssignedRole]) -> Observation {
    match held.first() {
        Some(one) => {
            Observation::AsWanted { found: format!("has the role{}", how(one)), named: None }
        }
        None => Observation::AsBefore { found: "does not have the role".into() },
    }
}

/// A role of the user's own is gone. What comes through a group stays, and is no failure.
fn revoked_or_not(held: &[AssignedRole]) -> Observation {
    let Some(one) = held.first() else {
        return Observation::AsWanted { found: "does not have the role".into(), named: None };
    };
    match one.methods {
        None => cannot("the site shows the role, but not how it was assigned"),
        Some(AssignmentMethods { direct: true, .. }) => {
            Observation::AsBefore { found: format!("has the role{}", how(one)) }
        }
        Some(AssignmentMethods { direct: false, .. }) => Observation::AsWanted {
            found: format!("has the role no longer directly, but{}", how(one)),
            named: None,
        },
    }
}

/// How a role is held, to follow a word.
fn how(one: &AssignedRole) -> String {
    let Some(methods) = one.methods else { return String::new() };
    let words = [
        (methods.direct, "directly"),
        (methods.by_group, "through a group"),
        (methods.other, "in another way"),
    ];
    let words: Vec<_> = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    match words.as_slice() {
        [] => String::new(),
        words => format!(" {}", words.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(methods: Option<AssignmentMethods>) -> Vec<AssignedRole> {
        vec![AssignedRole { app: "a".into(), role: "atlassian/user".into(), methods }]
    }

    /// Only what the site shows as not direct counts as revoked; without the methods nothing is certain.
    #[test]
    fn a_role_counts_as_revoked_only_if_the_site_says_so() {
        let direct = AssignmentMethods { direct: true, ..AssignmentMethods::default() };
        let both = AssignmentMethods { by_group: true, ..direct };
        let group = AssignmentMethods { direct: false, ..both };
        assert!(matches!(revoked_or_not(&[]), Observation::AsWanted { .. }));
        assert!(matches!(revoked_or_not(&held(Some(direct))), Observation::AsBefore { .. }));
        assert!(matches!(revoked_or_not(&held(Some(both))), Observation::AsBefore { .. }));
        assert!(matches!(revoked_or_not(&held(Some(group))), Observation::AsWanted { .. }));
        assert!(matches!(revoked_or_not(&held(None)), Observation::CannotTell { .. }));
        assert!(matches!(granted_or_not(&held(None)), Observation::AsWanted { .. }));
        assert!(matches!(granted_or_not(&[]), Observation::AsBefore { .. }));
    }
}
