//! Memberships: add, remove, list.

use serde_json::{Value, json};

use super::errors::{error, must_administer, no_user, object};
use super::groups::queried_group;
use super::search::{page_of, range};
use super::users::on_site;
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, GroupIx, Org, PersonIx, Product};

type Answer = Result<Reply, Reply>;

/// `POST /group/user`.
///
/// An existing membership is a 400 with the text of [KB AX-17], which shows the group's id. A group's app without
/// a free seat is 400, and a group of an identity provider 403 (assumptions, both status and text). Deactivated
/// users can be added (assumption).
pub(crate) fn add_member(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let body = object(call)?;
    let account = match body.get("accountId") {
        Some(Value::String(account)) => account,
        Some(Value::Null) | None => {
            return Err(error(400, "The 'accountId' of the user is missing."));
        }
        Some(_) => return Err(error(400, "The 'accountId' must be a string.")),
    };
    if account.chars().count() > 128 {
        return Err(error(400, "The 'accountId' must not exceed 128 characters."));
    }
    let group = queried_group(call, org)?;
    if account.is_empty() {
        return Err(no_user());
    }
    let person = on_site(org, account)?;
    must_be_ours(org, group)?;
    let record = &org.group(group).record;
    let id = record.id.clone();
    if org.is_member(person, group) {
        let text = format!("Cannot add user. User is already a member of '{id}'");
        return Err(error(400, &text).already());
    }
    if let Some(product) = full_product(org, person, group) {
        let text = format!(
            "Cannot add user. The number of licensed users for {} is exceeded.",
            product.title()
        );
        return Err(error(400, &text));
    }
    org.apply(Change::AddedMember { account: account.as_str().into(), group: id });
    Ok(Reply::json(201, &wire::group(call, org, group, 0..0)))
}

/// The group's app that has no seat left, if the user does not have this app yet.
fn full_product(org: &Org, person: PersonIx, group: GroupIx) -> Option<Product> {
    let grants = org.group(group).record.gives()?;
    (!org.person(person).has(grants) && org.is_full(grants)).then_some(grants)
}

/// `POST /wiki/rest/api/group/userByGroupId`: Confluence's call for the same change. If no seat is left, it fails
/// instead of refusing. [CONFCLOUD-84635] Assumptions: 201 without a body, for an existing member too; other
/// refusals as Jira's.
pub(crate) fn add_wiki_member(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let account = object(call)?.get("accountId").and_then(Value::as_str).map(str::to_owned);
    let person = account.and_then(|account| on_site(org, &account).ok());
    let group = queried_group(call, org).ok();
    let full = person.zip(group).and_then(|(person, group)| full_product(org, person, group));
    if full.is_some() {
        let message = "com.netflix.hystrix.exception.HystrixRuntimeException: licence exceeded";
        return Err(Reply::json(500, &json!({"statusCode": 500, "message": message})));
    }
    let done = add_member(call, org);
    match done {
        Err(reply) if reply.already => Ok(Reply::empty(201).already()),
        done => done.map(|_| Reply::empty(201)),
    }
}

/// `DELETE /group/user`. Assumption: a user who is not a member is a 400, with the text of Jira's server edition.
pub(crate) fn remove_member(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let account = match call.query.get("accountId") {
        None => return Err(error(400, "The query parameter 'accountId' is required.")),
        Some("") => return Err(no_user()),
        Some(account) => account,
    };
    let group = queried_group(call, org)?;
    let person = on_site(org, account)?;
    must_be_ours(org, group)?;
    let record = &org.group(group).record;
    if !org.is_member(person, group) {
        let name = &record.name;
        let text = format!(
            "Cannot remove user '{account}' from group '{name}' since user is not a member of '{name}'"
        );
        return Err(error(400, &text).already());
    }
    let change = Change::RemovedMember { account: account.into(), group: record.id.clone() };
    org.apply(change);
    Ok(Reply::empty(200))
}

/// `GET /group/member`: pages of at most 50; inactive users only if requested. Assumption: in the order in which
/// users were added (the description says "ordered by username", which is not shown).
pub(crate) fn group_members(call: &Call<'_>, org: &Org) -> Answer {
    let group = queried_group(call, org)?;
    let (start, results) = range(call, 50, 50)?;
    let all = call.query.is_set("includeInactiveUsers");
    let found = org.group(group);
    let members = if all { &found.members } else { &found.active };
    let page = page_of(members, start, results).iter();
    let users = page.map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &wire::page(call, start, results, members.len(), users)))
}

/// Refuses groups that an identity provider owns.
fn must_be_ours(org: &Org, group: GroupIx) -> Result<(), Reply> {
    let record = &org.group(group).record;
    match record.synced {
        true => {
            let text = format!(
                "The group '{}' is managed by an external directory and cannot be modified.",
                record.name
            );
            Err(error(403, &text))
        }
        false => Ok(()),
    }
}
