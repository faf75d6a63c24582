//! Groups of the identity provider's directory. They are synced: the other APIs show them and refuse to change them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::attributes::{OF_GROUP, settable};
use super::errors::{Answer, error, invalid, must_be_directory, no_group, object, reply};
use super::patch::patch;
use super::{query, wire};
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, GroupIx, GroupRecord, Org, PersonIx, provisioned_id};

/// `GET …/Groups`: a filter of `displayName`, by `eq` only (description). Assumption: its case does not matter.
pub(crate) fn list_groups(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call)?;
    let filter = query::filter(call, &["displayName"])?;
    let named = |name: &str| {
        filter.as_ref().is_none_or(|(_, wanted)| name.to_lowercase() == wanted.to_lowercase())
    };
    let synced = org.groups().filter(|(_, group)| group.record.synced && named(&group.record.name));
    let all: Vec<_> = synced.map(|(at, _)| at).collect();
    Ok(reply(200, &query::page(call, &all, |at| shown(call, org, *at))?))
}

fn shown(call: &Call<'_>, org: &Org, at: GroupIx) -> Value {
    query::chosen(call, wire::group(call, org, at))
}

/// The group in the path.
fn found(call: &Call<'_>, org: &Org) -> Result<GroupIx, Reply> {
    must_be_directory(call)?;
    org.find_provisioned_group(call.param(1)).ok_or_else(no_group)
}

/// `GET …/Groups/{id}`
pub(crate) fn get_group(call: &Call<'_>, org: &Org) -> Answer {
    let at = found(call, org)?;
    Ok(reply(200, &shown(call, org, at)))
}

/// `POST …/Groups`: 409 for a name that any group of the organization has (description).
pub(crate) fn create_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call)?;
    let body = settable(OF_GROUP, &object(call)?)?;
    let name = name_of(&body).to_owned();
    if name.is_empty() || name.chars().count() > 255 {
        return Err(invalid("'displayName' must have 1 to 255 characters."));
    }
    if org.groups_named(&name).next().is_some() {
        let detail = "A group with the same name exists.";
        return Err(error(409, "uniqueness", detail).already());
    }
    // The description has a 400 for unknown users.
    let members = members_of(org, &body).map_err(|()| invalid("A member does not exist."))?;
    let mut group = GroupRecord::new(&org.next_group_id(), &name);
    group.synced = true;
    group.external_id = external_id(&body).into();
    let id = group.id.clone();
    org.apply(Change::CreatedGroup { group });
    for member in &members {
        let account = org.person(*member).record.account_id.clone();
        org.consequence(Change::AddedMember { account, group: id.clone() });
    }
    let at = org.find_group(&id).ok_or_else(no_group)?;
    let location = wire::location(call, "Groups", &provisioned_id(&id));
    Ok(reply(201, &shown(call, org, at)).header("Location", location))
}

fn name_of(body: &Map<String, Value>) -> &str {
    body.get("displayName").and_then(Value::as_str).unwrap_or_default().trim()
}

fn external_id(body: &Map<String, Value>) -> &str {
    body.get("externalId").and_then(Value::as_str).unwrap_or_default()
}

/// The users that the members name; an error if one is not in the directory.
fn members_of(org: &Org, body: &Map<String, Value>) -> Result<BTreeSet<PersonIx>, ()> {
    let members = body.get("members").and_then(Value::as_array);
    let ids = members.into_iter().flatten().map(|member| member["value"].as_str());
    ids.map(|id| id.and_then(|id| org.find_provisioned(id)).ok_or(())).collect()
}

/// The attributes of a group that a client can set.
fn attributes(org: &Org, at: GroupIx) -> Map<String, Value> {
    let group = org.group(at);
    let people = group.members.iter().map(|at| &org.person(*at).record);
    let members: Vec<_> = people
        .filter_map(|record| record.provisioned.as_deref())
        .map(|own| json!({"value": own.id}))
        .collect();
    let mut all = Map::new();
    all.insert("displayName".to_owned(), json!(group.record.name));
    if !group.record.external_id.is_empty() {
        all.insert("externalId".to_owned(), json!(group.record.external_id));
    }
    if !members.is_empty() {
        all.insert("members".to_owned(), members.into());
    }
    all
}

/// Makes a group have these attributes. `missing` is the refusal for a member who does not exist.
fn write(
    call: &Call<'_>,
    org: &mut Edit<'_>,
    at: GroupIx,
    new: &Map<String, Value>,
    missing: Reply,
) -> Answer {
    let record = &org.group(at).record;
    if name_of(new) != record.name.trim() {
        return Err(error(400, "mutability", "The name of a group cannot be changed."));
    }
    let group = record.id.clone();
    let wanted = members_of(org, new).map_err(|()| missing)?;
    let before = org.effects.len();
    let has_record = |at: &PersonIx| org.person(*at).record.provisioned.is_some();
    let old: BTreeSet<_> = org.group(at).members.iter().copied().filter(has_record).collect();
    for (people, joins) in [(wanted.difference(&old), true), (old.difference(&wanted), false)] {
        for person in people {
            let account = org.person(*person).record.account_id.clone();
            let group = group.clone();
            org.apply(match joins {
                true => Change::AddedMember { account, group },
                false => Change::RemovedMember { account, group },
            });
        }
    }
    org.apply(Change::SetExternalId { group, external_id: external_id(new).into() });
    let reply = reply(200, &shown(call, org, at));
    Ok(if org.effects.len() > before { reply } else { reply.already() })
}

/// `PUT …/Groups/{id}`: 400 for users who do not exist (description).
pub(crate) fn replace_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let new = settable(OF_GROUP, &object(call)?)?;
    write(call, org, at, &new, invalid("A member does not exist."))
}

/// `PATCH …/Groups/{id}`: 404 for users who do not exist (description). Assumption: adding a member again, and removing
/// a user who is no member, change nothing and are 200.
pub(crate) fn patch_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let body = object(call)?;
    let mut new = attributes(org, at);
    patch(OF_GROUP, &mut new, &body)?;
    let missing = error(404, "", "A member does not exist in the directory.");
    write(call, org, at, &new, missing)
}

/// `DELETE …/Groups/{id}`
pub(crate) fn delete_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let group = org.group(at).record.id.clone();
    org.apply(Change::RemovedGroup { group });
    Ok(Reply::empty(204))
}
