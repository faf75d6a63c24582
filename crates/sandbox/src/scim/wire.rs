//! Users and groups as the user provisioning API sends them. (`ScimUser`, `ScimGroup`)

use serde_json::{Map, Value, json};

use super::attributes::{ATLASSIAN, ENTERPRISE, GROUP, USER};
use crate::clock::iso;
use crate::http::Call;
use crate::org::{GroupIx, Lifecycle, Org, PersonIx, Provisioned, provisioned_id};

/// The address of a resource.
pub(super) fn location(call: &Call<'_>, kind: &str, id: &str) -> String {
    format!("{}/scim/directory/{}/{kind}/{id}", call.card.url, call.card.scim_directory_id)
}

/// A user who has a record.
pub(super) fn user(
    call: &Call<'_>,
    org: &Org,
    at: PersonIx,
    own: &Provisioned,
) -> Map<String, Value> {
    let person = org.person(at);
    let record = &person.record;
    let mut schemas = vec![json!(USER), json!(ATLASSIAN)];
    if own.attributes.contains_key(ENTERPRISE) {
        schemas.insert(1, json!(ENTERPRISE));
    }
    let mut shown = own.attributes.clone();
    shown.insert("schemas".to_owned(), schemas.into());
    shown.insert("id".to_owned(), json!(own.id));
    shown.insert("active".to_owned(), (record.lifecycle == Lifecycle::Active).into());
    let groups = person.groups.iter().filter(|group| org.group(**group).record.synced);
    let groups: Vec<_> = groups.map(|group| membership(call, org, *group)).collect();
    if !groups.is_empty() {
        shown.insert("groups".to_owned(), groups.into());
    }
    shown.insert(ATLASSIAN.to_owned(), json!({"atlassianAccountId": record.account_id}));
    let meta = json!({
        "resourceType": "User", "location": location(call, "Users", &own.id),
        "created": iso(record.added_ms), "lastModified": iso(own.changed_ms),
    });
    shown.insert("meta".to_owned(), meta);
    shown
}

fn membership(call: &Call<'_>, org: &Org, group: GroupIx) -> Value {
    let record = &org.group(group).record;
    let id = provisioned_id(&record.id);
    json!({
        "type": "Group", "value": id, "display": record.name,
        "$ref": location(call, "Groups", &id),
    })
}

/// A group with its members. Members without a record of the identity provider are not shown (assumption).
pub(super) fn group(call: &Call<'_>, org: &Org, at: GroupIx) -> Map<String, Value> {
    let group = org.group(at);
    let id = provisioned_id(&group.record.id);
    let members: Vec<_> = group
        .members
        .iter()
        .filter_map(|at| org.person(*at).record.provisioned.as_deref())
        .map(|own| {
            json!({
                "type": "User", "value": own.id, "display": own.text("userName"),
                "$ref": location(call, "Users", &own.id),
            })
        })
        .collect();
    let mut shown = Map::new();
    shown.insert("schemas".to_owned(), json!([GROUP]));
    shown.insert("id".to_owned(), json!(id));
    shown.insert("displayName".to_owned(), json!(group.record.name));
    if !group.record.external_id.is_empty() {
        shown.insert("externalId".to_owned(), json!(group.record.external_id));
    }
    if !members.is_empty() {
        shown.insert("members".to_owned(), members.into());
    }
    let meta = json!({"resourceType": "Group", "location": location(call, "Groups", &id)});
    shown.insert("meta".to_owned(), meta);
    shown
}
