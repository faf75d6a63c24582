//! Roles of the organization and roles that give access to an app, organizations API v1 and v2.
//!
//! Assumptions: a role assigned to a user is `direct`, and revoking it leaves what comes through groups
//! (`group_direct`). Assigning an existing role, and revoking a missing one, is 204.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::errors::{
    Answer, bad_body, error, must_be_directory, must_be_org, no_group, no_user, object,
};
use super::page::{Ask, from_query};
use super::wire::{membership_status, product_of, resource};
use crate::http::{Call, Edit, Reply};
use crate::org::{AppRole, Change, GroupIx, Org, PersonIx, Product};

/// The user in the path. (description: `ADMIN-UAM-404-3` for an unknown one)
fn person(call: &Call<'_>, org: &Org) -> Result<PersonIx, Reply> {
    must_be_org(call)?;
    let found = org.find(call.param(1));
    found
        .filter(|at| org.person(*at).record.is_on_site())
        .ok_or_else(|| error(call, "ADMIN-UAM-404-3", "Not Found", "We couldn't find the user."))
}

fn bad(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-UAM-400-1", "Bad Request", detail)
}

/// `POST /admin/v1/orgs/{orgId}/users/{userId}/roles/assign`
pub(crate) fn assign_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product, role) = product_role(call, org)?;
    let person = org.person(at);
    if person.record.roles.get(&product).is_some_and(|held| held.contains(&role)) {
        return Ok(Reply::empty(204).already());
    }
    let takes = role.takes_seat() && person.record.is_active() && !person.has(product);
    if takes && org.is_full(product) {
        let detail = format!("You've exceeded your user limit for {}.", product.title());
        return Err(error(call, "ADMIN-UAM-409-3", "Product License Limit Exceeded", &detail));
    }
    let account = person.record.account_id.clone();
    org.apply(Change::AssignedRole { account, product, role });
    Ok(Reply::empty(204))
}

/// `POST /admin/v1/orgs/{orgId}/users/{userId}/roles/revoke`
pub(crate) fn revoke_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product, role) = product_role(call, org)?;
    let account = org.person(at).record.account_id.clone();
    Ok(match org.apply(Change::RevokedRole { account, product, role }) {
        Some(_) => Reply::empty(204),
        None => Reply::empty(204).already(),
    })
}

fn product_role(call: &Call<'_>, org: &Edit<'_>) -> Result<(PersonIx, Product, AppRole), Reply> {
    let at = person(call, org)?;
    let body = object(call, false)?;
    let role = body.get("role").and_then(Value::as_str).and_then(AppRole::from_id);
    // The description lists `viewer` for groups only.
    let role = role.filter(|role| *role != AppRole::Viewer);
    let role = role.ok_or_else(|| bad(call, "'role' must be a product role."))?;
    let product = body.get("resource").and_then(Value::as_str).and_then(product_of);
    let wrong = || {
        let title = "Invalid Role for Resource";
        error(call, "ADMIN-UAM-400-3", title, "'resource' must name one of the site's apps.")
    };
    Ok((at, product.ok_or_else(wrong)?, role))
}

/// `POST …/users/{userId}/role-assignments/assign`: organization administrator.
pub(crate) fn assign_org_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    set_org_role(call, org, true)
}

/// `POST …/users/{userId}/role-assignments/revoke`
pub(crate) fn revoke_org_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    set_org_role(call, org, false)
}

fn set_org_role(call: &Call<'_>, org: &mut Edit<'_>, org_admin: bool) -> Answer {
    let at = person(call, org)?;
    let body = object(call, false)?;
    if body.get("role").and_then(Value::as_str) != Some("atlassian/org-admin") {
        return Err(bad(call, "'role' must be 'atlassian/org-admin'."));
    }
    let account = org.person(at).record.account_id.clone();
    let changed = org.apply(Change::ChangedRole { account, org_admin });
    Ok(match changed {
        Some(_) => Reply::empty(204),
        None => Reply::empty(204).already(),
    })
}

/// `GET …/users/{accountId}/role-assignments`
pub(crate) fn user_roles(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let found = org.find(call.param(2));
    let at = found.ok_or_else(|| no_user(call))?;
    let person = org.person(at);
    let ask = Ask::read(call, from_query(call, &["roleIds", "resourceIds"], &[]), 20)?;
    let wanted = ask.list(call, "resourceIds", 20)?;
    let one = |resource: String, owner: &str, assignments: &[Assigned], directory: Option<&str>| {
        let roles: Vec<_> = assignments.iter().map(|(role, _)| *role).collect();
        let of =
            |(role, methods): &Assigned| json!({"role": role, "roleAssignmentMethods": methods});
        json!({
            "resourceId": resource, "resourceOwner": owner, "directoryId": directory,
            "userDirectoryStatus": directory.map(|_| membership_status(&person.record)),
            "roles": roles, "roleAssignments": assignments.iter().map(of).collect::<Vec<_>>(),
        })
    };
    let directory = Some(call.card.directory_id.as_str());
    let products = Product::ALL.into_iter().filter_map(|product| {
        let assignments = assigned(org, at, product);
        let row = || one(resource(product), product.key(), &assignments, directory);
        (!assignments.is_empty()).then(row)
    });
    let platform = format!("ari:cloud:platform::org/{}", call.card.org_id);
    let admin = [("atlassian/org-admin", vec!["direct"])];
    let platform = person.record.org_admin.then(|| one(platform, "platform", &admin, None));
    let data: Vec<_> = platform
        .into_iter()
        .chain(products)
        .filter(|row| {
            let id = row["resourceId"].as_str().unwrap_or_default();
            wanted.as_ref().is_none_or(|wanted| wanted.contains(&id))
        })
        .skip(ask.from)
        .collect();
    Ok(ask.page(&data, None))
}

/// A role, and how it was assigned.
type Assigned = (&'static str, Vec<&'static str>);

/// The roles of a user in an app.
fn assigned(org: &Org, at: PersonIx, product: Product) -> Vec<Assigned> {
    let person = org.person(at);
    let own = person.record.roles.get(&product).cloned().unwrap_or_default();
    let groups = person.groups.iter().map(|at| &org.group(*at).record);
    let groups = groups.filter(|record| record.grants == Some(product));
    let of_groups: BTreeSet<AppRole> = groups.map(|record| record.grants_role).collect();
    let all: BTreeSet<AppRole> = own.union(&of_groups).copied().collect();
    all.into_iter()
        .map(|role| {
            let direct = own.contains(&role).then_some("direct");
            let by_group = of_groups.contains(&role).then_some("group_direct");
            (role.id(), direct.into_iter().chain(by_group).collect())
        })
        .collect()
}

/// `POST …/groups/{groupId}/role-assignments/assign`: every member gets access to the app.
pub(crate) fn assign_group_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product, role) = group_role(call, org)?;
    let group = org.group(at);
    match (group.record.grants, group.record.grants_role) {
        (Some(given), now) if (given, now) == (product, role) => {
            return Ok(Reply::empty(200).already());
        }
        (Some(_), _) => return Err(bad_body(call, "Here a group can give one role in one app.")),
        (None, _) => {}
    }
    let newcomers = group.members.iter().map(|at| org.person(*at));
    let newcomers = newcomers.filter(|one| one.record.is_active() && !one.has(product)).count();
    let newcomers = if role.takes_seat() { newcomers } else { 0 };
    let seats = org.seats(product);
    let needed = seats.used.saturating_add(u32::try_from(newcomers).unwrap_or(u32::MAX));
    if newcomers > 0 && seats.limit.is_some_and(|limit| needed > limit) {
        let detail = "You've exceeded your user limit for the app.";
        return Err(error(call, "ADMIN-409-3", "License limit exceeded", detail));
    }
    let group = group.record.id.clone();
    org.apply(Change::SetGrant { group, product: Some(product), role });
    Ok(Reply::empty(200))
}

/// `POST …/groups/{groupId}/role-assignments/revoke`
pub(crate) fn revoke_group_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product, role) = group_role(call, org)?;
    let record = &org.group(at).record;
    if (record.grants, record.grants_role) != (Some(product), role) {
        return Ok(Reply::empty(204).already());
    }
    let group = record.id.clone();
    org.apply(Change::SetGrant { group, product: None, role });
    Ok(Reply::empty(204))
}

fn group_role(call: &Call<'_>, org: &Edit<'_>) -> Result<(GroupIx, Product, AppRole), Reply> {
    must_be_directory(call, false)?;
    let at = org.find_group(call.param(2)).ok_or_else(|| no_group(call))?;
    let body = object(call, false)?;
    let role = body.get("roleId").and_then(Value::as_str).and_then(AppRole::from_id);
    let role = role.ok_or_else(|| bad_body(call, "'roleId' must be a product role."))?;
    let product = body.get("resourceId").and_then(Value::as_str).and_then(product_of);
    let wrong = || bad_body(call, "'resourceId' must name one of the site's apps.");
    Ok((at, product.ok_or_else(wrong)?, role))
}

/// `GET …/groups/{groupId}/role-assignments`
pub(crate) fn group_roles(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let at = org.find_group(call.param(2)).ok_or_else(|| no_group(call))?;
    let ask = Ask::read(call, from_query(call, &["roleIds", "resourceIds"], &[]), 20)?;
    let record = &org.group(at).record;
    let wanted = ask.list(call, "resourceIds", 20)?;
    let data: Vec<_> = record
        .grants
        .filter(|_| ask.from == 0)
        .filter(|product| wanted.as_ref().is_none_or(|ids| ids.contains(&&*resource(*product))))
        .map(|product| {
            let role = record.grants_role.id();
            json!({
                "resourceId": resource(product), "resourceOwner": product.key(),
                "roles": [role], "defaultRole": role,
            })
        })
        .into_iter()
        .collect();
    Ok(ask.page(&data, None))
}
