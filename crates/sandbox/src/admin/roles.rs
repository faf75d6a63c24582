//! Roles of the organization and roles that give access to an app, organizations API v1 and v2.
//!
//! Assumptions: an app's role is given by membership in the app's default group, and revoked by leaving every
//! group that gives access to the app. Assigning an existing role, and revoking a missing one, is 204.

use serde_json::{Value, json};

use super::errors::{
    Answer, bad_body, error, must_be_directory, must_be_org, no_group, no_user, object,
};
use super::page::{Ask, from_query};
use super::wire::{membership_status, product_of, resource};
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, GroupIx, Org, PersonIx, Product};

const PRODUCT_ROLES: [&str; 8] = [
    "atlassian/user",
    "atlassian/user-access-admin",
    "atlassian/admin",
    "atlassian/guest",
    "atlassian/contributor",
    "atlassian/customer",
    "atlassian/basic",
    "atlassian/stakeholder",
];

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
    let (at, product) = product_role(call, org)?;
    if org.person(at).has(product) {
        return Ok(Reply::empty(204).already());
    }
    if org.is_full(product) {
        let detail = format!("You've exceeded your user limit for {}.", product.title());
        return Err(error(call, "ADMIN-UAM-409-3", "Product License Limit Exceeded", &detail));
    }
    let group = org.default_group(product).ok_or_else(|| bad(call, "The app is not here."))?;
    let account = org.person(at).record.account_id.clone();
    let group = org.group(group).record.id.clone();
    org.apply(Change::AddedMember { account, group });
    Ok(Reply::empty(204))
}

/// `POST /admin/v1/orgs/{orgId}/users/{userId}/roles/revoke`
pub(crate) fn revoke_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product) = product_role(call, org)?;
    let groups = org.person(at).groups.iter().map(|at| &org.group(*at).record);
    let giving = groups.filter(|record| record.grants == Some(product));
    let giving: Vec<_> = giving.map(|record| record.id.clone()).collect();
    let account = org.person(at).record.account_id.clone();
    let reply = match giving.is_empty() {
        true => Reply::empty(204).already(),
        false => Reply::empty(204),
    };
    for group in giving {
        org.apply(Change::RemovedMember { account: account.clone(), group });
    }
    Ok(reply)
}

fn product_role(call: &Call<'_>, org: &Edit<'_>) -> Result<(PersonIx, Product), Reply> {
    let at = person(call, org)?;
    let body = object(call, false)?;
    let role = body.get("role").and_then(Value::as_str);
    if role.is_none_or(|role| !PRODUCT_ROLES.contains(&role)) {
        return Err(bad(call, "'role' must be a product role."));
    }
    let product = body.get("resource").and_then(Value::as_str).and_then(product_of);
    let wrong = || {
        let title = "Invalid Role for Resource";
        error(call, "ADMIN-UAM-400-3", title, "'resource' must name one of the site's apps.")
    };
    Ok((at, product.ok_or_else(wrong)?))
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
    let one = |resource: String, owner: &str, role: &str, directory: Option<&str>, method: &str| {
        json!({
            "resourceId": resource, "resourceOwner": owner, "directoryId": directory,
            "userDirectoryStatus": directory.map(|_| membership_status(&person.record)),
            "roles": [role],
            "roleAssignments": [{"role": role, "roleAssignmentMethods": [method]}],
        })
    };
    let directory = Some(call.card.directory_id.as_str());
    let products = Product::ALL.into_iter().filter(|product| person.has(*product));
    let products = products.map(|product| {
        one(resource(product), product.key(), "atlassian/user", directory, "group_direct")
    });
    let platform = format!("ari:cloud:platform::org/{}", call.card.org_id);
    let platform = person
        .record
        .org_admin
        .then(|| one(platform, "platform", "atlassian/org-admin", None, "direct"));
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

/// `POST …/groups/{groupId}/role-assignments/assign`: every member gets access to the app.
pub(crate) fn assign_group_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product) = group_role(call, org)?;
    let group = org.group(at);
    match group.record.grants {
        Some(given) if given == product => return Ok(Reply::empty(200).already()),
        Some(_) => return Err(bad_body(call, "Here a group can give one app only.")),
        None => {}
    }
    let newcomers = group.members.iter().map(|at| org.person(*at));
    let newcomers = newcomers.filter(|one| one.record.is_active() && !one.has(product)).count();
    let seats = org.seats(product);
    let needed = seats.used.saturating_add(u32::try_from(newcomers).unwrap_or(u32::MAX));
    if seats.limit.is_some_and(|limit| needed > limit) {
        let detail = "You've exceeded your user limit for the app.";
        return Err(error(call, "ADMIN-409-3", "License limit exceeded", detail));
    }
    let group = group.record.id.clone();
    org.apply(Change::SetGrant { group, product: Some(product) });
    Ok(Reply::empty(200))
}

/// `POST …/groups/{groupId}/role-assignments/revoke`
pub(crate) fn revoke_group_role(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (at, product) = group_role(call, org)?;
    let record = &org.group(at).record;
    if record.grants != Some(product) {
        return Ok(Reply::empty(204).already());
    }
    let group = record.id.clone();
    org.apply(Change::SetGrant { group, product: None });
    Ok(Reply::empty(204))
}

fn group_role(call: &Call<'_>, org: &Edit<'_>) -> Result<(GroupIx, Product), Reply> {
    must_be_directory(call, false)?;
    let at = org.find_group(call.param(2)).ok_or_else(|| no_group(call))?;
    let body = object(call, false)?;
    let role = body.get("roleId").and_then(Value::as_str);
    if !role.is_some_and(|role| PRODUCT_ROLES.contains(&role) || role == "atlassian/viewer") {
        return Err(bad_body(call, "'roleId' must be a product role."));
    }
    let product = body.get("resourceId").and_then(Value::as_str).and_then(product_of);
    let wrong = || bad_body(call, "'resourceId' must name one of the site's apps.");
    Ok((at, product.ok_or_else(wrong)?))
}

/// `GET …/groups/{groupId}/role-assignments`
pub(crate) fn group_roles(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let at = org.find_group(call.param(2)).ok_or_else(|| no_group(call))?;
    let ask = Ask::read(call, from_query(call, &["roleIds", "resourceIds"], &[]), 20)?;
    let grants = org.group(at).record.grants.filter(|_| ask.from == 0);
    let data: Vec<_> = grants
        .map(|product| {
            json!({
                "resourceId": resource(product), "resourceOwner": product.key(),
                "roles": ["atlassian/user"], "defaultRole": "atlassian/user",
            })
        })
        .into_iter()
        .collect();
    Ok(ask.page(&data, None))
}
