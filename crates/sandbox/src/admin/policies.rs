//! Policies, organizations API v1: stored and shown as described. The sandbox does not play the effects of a
//! policy, because no job depends on them.
//!
//! Assumptions: 20 on a page; changes take effect at once (202 says that they may take longer), so a resource is
//! already `applied` in the answer; an update leaves unnamed fields unchanged.

use serde_json::{Map, Value, json};

use super::errors::{Answer, bad_cursor, error, must_be_org, object};
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Org, Policy, event_id};

const PAGE: usize = 20;

fn model(policy: &Policy) -> Value {
    json!({"id": policy.id, "type": "policy", "attributes": policy.attributes})
}

fn one(status: u16, policy: &Policy) -> Reply {
    Reply::json(status, &json!({"data": model(policy)}))
}

/// `GET /admin/v1/orgs/{orgId}/policies`
pub(crate) fn policies(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let from: usize = match call.query.filled("cursor") {
        None => 0,
        Some(cursor) => cursor
            .strip_prefix('c')
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| bad_cursor(call))?,
    };
    let kind = call.query.filled("type");
    let of_kind = |policy: &&Policy| kind.is_none_or(|kind| policy.attributes["type"] == kind);
    let found: Vec<_> = org.policies().iter().filter(of_kind).skip(from).collect();
    let data: Vec<_> = found.iter().take(PAGE).map(|policy| model(policy)).collect();
    let base = format!("{}{}", call.card.url, call.path);
    let next = (found.len() > PAGE).then(|| format!("c{}", from + PAGE));
    let mut links = json!({"self": base});
    if let Some(next) = &next {
        links["next"] = json!(format!("{base}?cursor={next}"));
    }
    let meta = json!({"next": next, "page_size": data.len()});
    Ok(Reply::json(200, &json!({"data": data, "links": links, "meta": meta})))
}

/// The policy in the path.
fn found<'a>(call: &Call<'_>, org: &'a Org) -> Result<&'a Policy, Reply> {
    must_be_org(call)?;
    let mut all = org.policies().iter();
    let found = all.find(|policy| *policy.id == *call.param(1));
    let missing = || error(call, "ADMIN-404-5", "Policy not found", "We couldn't find the policy.");
    found.ok_or_else(missing)
}

/// `GET /admin/v1/orgs/{orgId}/policies/{policyId}`
pub(crate) fn policy(call: &Call<'_>, org: &Org) -> Answer {
    Ok(one(200, found(call, org)?))
}

fn invalid(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-400-4", "Invalid resource", detail)
}

/// The attributes of a policy in a body, checked as described.
fn attributes(call: &Call<'_>) -> Result<Map<String, Value>, Reply> {
    let body = object(call, false).map_err(|_| invalid(call, "The body must be a policy."))?;
    let data = body.get("data").and_then(Value::as_object);
    let data = data.ok_or_else(|| invalid(call, "'data' is missing."))?;
    if data.get("type").and_then(Value::as_str) != Some("policy") {
        return Err(invalid(call, "'type' must be 'policy'."));
    }
    let mut attributes = data.get("attributes").and_then(Value::as_object).cloned();
    let attributes = attributes.as_mut().ok_or_else(|| invalid(call, "No 'attributes'."))?;
    let word = |name: &str, words: &[&str]| match attributes.get(name) {
        None => Ok(false),
        Some(Value::String(text)) if words.contains(&text.as_str()) => Ok(true),
        Some(_) => Err(invalid(call, &format!("'{name}' must be one of {}.", words.join(", ")))),
    };
    if !word("type", &["ip-allowlist", "data-residency"])? {
        return Err(invalid(call, "'type' is missing among the attributes."));
    }
    word("status", &["enabled", "disabled"])?;
    let is_text = |name: &str| attributes.get(name).is_none_or(Value::is_string);
    let texts =
        |value: &Value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string));
    let rule = attributes.get("rule").is_none_or(|rule| rule.get("in").is_some_and(texts));
    if !is_text("name") || !rule {
        return Err(invalid(call, "'name' must be a string, 'rule' a list 'in' of strings."));
    }
    if let Some(resources) = attributes.get_mut("resources") {
        let all = resources.as_array().map(|all| all.iter().map(|one| resource(call, one)));
        let all = all.ok_or_else(|| invalid(call, "'resources' must be a list."))?;
        *resources = Value::Array(all.collect::<Result<_, _>>()?);
    }
    Ok(std::mem::take(attributes))
}

/// A resource as it is shown, with its state.
fn resource(call: &Call<'_>, given: &Value) -> Result<Value, Reply> {
    if !given.get("id").is_some_and(Value::is_string) {
        return Err(invalid(call, "A resource needs an 'id'."));
    }
    let mut shown = json!({"id": given["id"], "applicationStatus": "applied"});
    for part in ["meta", "links"] {
        if let Some(value) = given.get(part) {
            shown[part] = value.clone();
        }
    }
    Ok(shown)
}

fn keep(org: &mut Edit<'_>, policy: Policy) -> Reply {
    let reply = one(202, &policy);
    org.apply(Change::SetPolicy { policy });
    reply
}

/// `POST /admin/v1/orgs/{orgId}/policies`
pub(crate) fn create_policy(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_org(call)?;
    let attributes = Value::Object(attributes(call)?);
    let id = event_id(0x90_0000_0000 + call.number).into();
    Ok(keep(org, Policy { id, attributes }))
}

/// `PUT /admin/v1/orgs/{orgId}/policies/{policyId}`
pub(crate) fn update_policy(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let mut policy = found(call, org)?.clone();
    for (name, value) in attributes(call)? {
        policy.attributes[name.as_str()] = value;
    }
    Ok(keep(org, policy))
}

/// `DELETE /admin/v1/orgs/{orgId}/policies/{policyId}`
pub(crate) fn delete_policy(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let id = found(call, org)?.id.clone();
    org.apply(Change::RemovedPolicy { id });
    Ok(Reply::empty(202))
}

/// `GET …/policies/{policyId}/validate`: for an unknown policy, the answer only says that it failed (description:
/// 400 with the code of a 500).
pub(crate) fn validate_policy(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    if found(call, org).is_ok() {
        return Ok(Reply::empty(202));
    }
    let one = json!({
        "id": event_id(call.number), "status": "400", "code": "ADMIN-500-2",
        "title": "CDEN policy validation failed", "detail": "The policy could not be validated.",
    });
    Err(Reply::json(400, &json!({"errors": [one]})))
}

fn resources(policy: &mut Policy) -> Vec<Value> {
    match policy.attributes["resources"].take() {
        Value::Array(all) => all,
        _ => Vec::new(),
    }
}

/// `POST …/policies/{policyId}/resources`
pub(crate) fn add_policy_resource(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let mut policy = found(call, org)?.clone();
    let given = resource(call, &Value::Object(object(call, false)?))?;
    let mut all = resources(&mut policy);
    all.retain(|known| known["id"] != given["id"]);
    all.push(given);
    policy.attributes["resources"] = Value::Array(all);
    Ok(keep(org, policy))
}

/// `PUT …/policies/{policyId}/resources/{resourceId}`
pub(crate) fn update_policy_resource(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (mut policy, mut all, at) = found_resource(call, org)?;
    for (name, value) in object(call, true)? {
        if matches!(name.as_str(), "meta" | "links") {
            all[at][name.as_str()] = value;
        }
    }
    policy.attributes["resources"] = Value::Array(all);
    Ok(keep(org, policy))
}

/// `DELETE …/policies/{policyId}/resources/{resourceId}`
pub(crate) fn delete_policy_resource(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (mut policy, mut all, at) = found_resource(call, org)?;
    all.remove(at);
    policy.attributes["resources"] = Value::Array(all);
    org.apply(Change::SetPolicy { policy });
    Ok(Reply::empty(204))
}

/// The policy in the path, its resources, and the index of the resource that the path names.
fn found_resource(call: &Call<'_>, org: &Org) -> Result<(Policy, Vec<Value>, usize), Reply> {
    let mut policy = found(call, org)?.clone();
    let all = resources(&mut policy);
    let at = all.iter().position(|one| one["id"] == *call.param(2)).ok_or_else(|| {
        let title = "Policy resource not found";
        error(call, "ADMIN-404-6", title, "We couldn't find the resource of the policy.")
    })?;
    Ok((policy, all, at))
}
