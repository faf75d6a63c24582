//! User management: what may be changed on a managed account, and its profile. [user management description]

use serde_json::{Map, Value, json};

use super::errors::Answer;
use super::wire::{account_status, nickname, picture};
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Lifecycle, Org, PersonIx, PersonRecord, Source, is_mail};

const PRIVILEGES: [&str; 8] = [
    "profile",
    "profile.write",
    "profile.read",
    "email.set",
    "lifecycle.enablement",
    "lifecycle.delete",
    "apiToken.read",
    "apiToken.delete",
];
/// The fields to which `profile.write` applies.
const FIELDS: [&str; 8] = [
    "name",
    "nickname",
    "zoneinfo",
    "locale",
    "extended_profile.department",
    "extended_profile.job_title",
    "extended_profile.location",
    "extended_profile.organization",
];

/// The account in the path, if the organization manages it.
///
/// An unknown account is 404 `accountNotFound`, and so is a deleted one (assumption). An account that is not
/// claimed is 403 `forbidden`; an account of a claimed domain whose email was never confirmed is 403
/// `forbidden.targetUnverified` (the description names both; which is for which is an assumption).
pub(super) fn managed(call: &Call<'_>, org: &Org) -> Result<PersonIx, Reply> {
    let there = |at: &PersonIx| org.person(*at).record.lifecycle != Lifecycle::Closed;
    let Some(at) = org.find(call.param(0)).filter(there) else {
        return Err(Reply::json(404, &json!({"key": "accountNotFound"})));
    };
    let record = &org.person(at).record;
    let refused = |key: &str| Err(Reply::json(403, &json!({"key": key})));
    match (record.managed, record.verified) {
        (false, _) => refused("forbidden"),
        (true, false) => refused("forbidden.targetUnverified"),
        (true, true) => Ok(at),
    }
}

/// The reason why an account cannot be changed here, if there is one.
pub(super) fn restriction(record: &PersonRecord) -> Option<&'static str> {
    match record.source {
        Source::Invited => None,
        Source::Scim => Some("externalDirectory.scim"),
        Source::Google => Some("externalDirectory.google"),
    }
}

/// 403 `forbidden.action`, with the two duplicate fields that a real answer had. [KB AX-201]
pub(super) fn forbidden_action(reason: &str) -> Reply {
    let context = json!({"allowed": false, "reason": {"key": reason}});
    Reply::json(
        403,
        &json!({
            "key": "forbidden.action", "context": context,
            "errorKey": "forbidden.action", "errorDetail": context,
        }),
    )
}

fn rule(restriction: Option<&str>) -> Value {
    match restriction {
        None => json!({"allowed": true}),
        Some(key) => json!({"allowed": false, "reason": {"key": key}}),
    }
}

/// `GET /users/{id}/manage`: the requested privileges, or all. Unknown names are left out (assumption).
pub(crate) fn manage(call: &Call<'_>, org: &Org) -> Answer {
    let at = managed(call, org)?;
    let restriction = restriction(&org.person(at).record);
    let asked: Vec<_> = call.query.list("privileges").collect();
    let mut rules = Map::new();
    for name in PRIVILEGES {
        if !asked.is_empty() && !asked.contains(&name) {
            continue;
        }
        let value = match name {
            "profile" | "profile.write" => {
                let fields = FIELDS.iter().map(|field| ((*field).to_owned(), rule(restriction)));
                Value::Object(fields.collect())
            }
            // An identity provider owns the profile and the lifecycle of its accounts.
            "profile.read" | "apiToken.read" | "apiToken.delete" => rule(None),
            _ => rule(restriction),
        };
        rules.insert(name.to_owned(), value);
    }
    Ok(Reply::json(200, &rules))
}

/// `GET /users/{id}/manage/profile`
pub(crate) fn profile(call: &Call<'_>, org: &Org) -> Answer {
    let at = managed(call, org)?;
    Ok(Reply::json(200, &account(&org.person(at).record)))
}

fn account(record: &PersonRecord) -> Value {
    json!({"account": {
        "account_id": record.account_id, "name": record.name, "nickname": nickname(record),
        "zoneinfo": "Etc/UTC", "locale": "en-US", "email": record.email,
        "picture": picture(record), "account_type": record.kind.word(),
        "account_status": account_status(record),
        "characteristics": {"not_mentionable": false}, "extended_profile": {},
    }})
}

/// The object in a body. (`Response.BadRequest.BodyParseFailure`)
pub(super) fn body_object(call: &Call<'_>) -> Result<Map<String, Value>, Reply> {
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Reply::json(400, &json!({"key": "bodyParseFailure"}))),
    }
}

fn violated(field: &str, constraint: &str) -> Reply {
    Reply::json(
        400,
        &json!({"key": "fieldConstraintsViolated", "context": {
            "fieldViolations": [{"field": field, "violations": [{"key": constraint}]}],
        }}),
    )
}

/// `PATCH /users/{id}/manage/profile`. The sandbox stores the name; it accepts the other described fields and does
/// not store them.
pub(crate) fn patch_profile(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = managed(call, org)?;
    let body = body_object(call)?;
    let record = &org.person(at).record;
    if let Some(reason) = restriction(record) {
        let fields = body.keys().map(|field| (field.clone(), rule(Some(reason))));
        let context: Map<String, Value> = fields.collect();
        return Err(Reply::json(
            403,
            &json!({"key": "forbidden.fieldMutation", "context": context}),
        ));
    }
    if let Some(name) = body.get("name") {
        let name = name.as_str().filter(|name| !name.chars().any(char::is_control));
        let name = name.ok_or_else(|| violated("name", "validCharacters"))?;
        if name.chars().count() > 100 {
            return Err(violated("name", "maxLength"));
        }
        let account = record.account_id.clone();
        if *record.name != *name {
            org.apply(Change::ChangedName { account, name: name.into() });
        }
    }
    Ok(Reply::json(200, &account(&org.person(at).record)))
}

/// `PUT /users/{id}/manage/email`: the new domain must be claimed.
pub(crate) fn set_email(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = managed(call, org)?;
    let body = body_object(call)?;
    let record = &org.person(at).record;
    if let Some(reason) = restriction(record) {
        return Err(forbidden_action(reason));
    }
    let email = body.get("email").and_then(Value::as_str).unwrap_or_default();
    if !is_mail(email) {
        return Err(violated("email", "validCharacters"));
    }
    if !org.is_claimed(email) {
        let domain = email.rsplit('@').next().unwrap_or_default();
        return Err(Reply::json(
            403,
            &json!({
                "key": "forbidden.unclaimedDomain", "context": {"domain": domain},
            }),
        ));
    }
    if org.find_email(email).is_some_and(|other| other != at) {
        return Err(violated("email", "unique"));
    }
    let account = record.account_id.clone();
    if *record.email != *email {
        org.apply(Change::ChangedEmail { account, email: email.into() });
    }
    Ok(Reply::empty(204))
}
