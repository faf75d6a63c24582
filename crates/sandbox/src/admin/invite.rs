//! `POST /admin/v2/orgs/{orgId}/users/invite`: at most 25 users, with app roles and groups.
//!
//! 200 if every assignment succeeded, 206 if at least one did not (description); the answer reports the failures
//! with each user. Assumptions: invalid emails, and the texts of `statusReason`; that 402 (no paid subscription,
//! set through `/_sandbox/seed`) is for invitations that give access to an app.

use serde_json::{Map, Value, json};

use super::errors::{Answer, error, must_be_org, object};
use super::wire::product_of;
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, GroupIx, Lifecycle, PersonIx, Product, is_mail};

/// An invitation's body, read strictly.
struct Invitation {
    emails: Vec<String>,
    groups: Vec<(String, GroupIx)>,
    rules: Vec<(String, String, Product)>,
}

pub(crate) fn invite(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_org(call)?;
    let body = object(call, false)?;
    let invitation = read(call, org, &body)?;
    if !org.is_paid() && !invitation.rules.is_empty() {
        let detail = "The organization has no paid subscription.";
        return Err(error(call, "ADMIN-UAM-402-1", "Payment Required", detail));
    }
    for (_, _, product) in &invitation.rules {
        let seats = org.seats(*product);
        let new = invitation.emails.iter().filter(|email| {
            let known = org.find_email(email);
            known.is_none_or(|at| !org.person(at).has(*product))
        });
        let needed = u32::try_from(new.count()).unwrap_or(u32::MAX);
        if needed > 0 && seats.limit.is_some_and(|limit| seats.used + needed > limit) {
            let detail = format!("You've exceeded your user limit for {}.", product.title());
            return Err(error(call, "ADMIN-UAM-409-3", "Product License Limit Exceeded", &detail));
        }
    }
    let mut data = Vec::new();
    let mut all_well = true;
    for email in &invitation.emails {
        let (one, well) = invite_one(call, org, &invitation, email)?;
        data.push(one);
        all_well &= well;
    }
    let status = if all_well { 200 } else { 206 };
    Ok(Reply::json(status, &json!({"data": data})))
}

fn bad(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-UAM-400-1", "Bad Request", detail)
}

fn texts(call: &Call<'_>, body: &Map<String, Value>, name: &str) -> Result<Vec<String>, Reply> {
    let wrong = || bad(call, &format!("'{name}' must be a list of strings."));
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}

fn read(call: &Call<'_>, org: &Edit<'_>, body: &Map<String, Value>) -> Result<Invitation, Reply> {
    let emails = texts(call, body, "emails")?;
    if emails.is_empty() || emails.len() > 25 {
        return Err(bad(call, "'emails' must have 1 to 25 items."));
    }
    if let Some(odd) = emails.iter().find(|email| !is_mail(email)) {
        return Err(bad(call, &format!("'{odd}' is not an email address.")));
    }
    let mut groups = Vec::new();
    for id in texts(call, body, "additionalGroups")? {
        let Some(at) = org.find_group(&id) else {
            let detail = format!("We couldn't find the group '{id}'.");
            return Err(error(call, "ADMIN-UAM-404-3", "Group Not Found", &detail));
        };
        groups.push((id, at));
    }
    let mut rules = Vec::new();
    let listed = match body.get("permissionRules") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(rules)) => rules.as_slice(),
        Some(_) => return Err(bad(call, "'permissionRules' must be a list.")),
    };
    for rule in listed {
        let part = |name: &str| rule.get(name).and_then(Value::as_str);
        let (Some(resource), Some(role)) = (part("resource"), part("role")) else {
            return Err(bad(call, "A permission rule needs 'resource' and 'role'."));
        };
        let Some(product) = product_of(resource) else {
            let detail = format!("We couldn't find the resource '{resource}'.");
            return Err(error(call, "ADMIN-UAM-404-1", "Unknown Resource", &detail));
        };
        if !role.starts_with("atlassian/") {
            let detail = format!("'{role}' is not a role of '{resource}'.");
            return Err(error(call, "ADMIN-UAM-400-3", "Invalid Role for Resource", &detail));
        }
        rules.push((resource.to_owned(), role.to_owned(), product));
    }
    let text = body.get("notificationText");
    let send = body.get("sendNotification");
    if text.is_some_and(|text| !text.is_string()) || send.is_some_and(|send| !send.is_boolean()) {
        return Err(bad(
            call,
            "'notificationText' must be a string, 'sendNotification' a boolean.",
        ));
    }
    Ok(Invitation { emails, groups, rules })
}

/// One user's part of the answer, and whether everything succeeded.
fn invite_one(
    call: &Call<'_>,
    org: &mut Edit<'_>,
    invitation: &Invitation,
    email: &str,
) -> Result<(Value, bool), Reply> {
    let known = org.find_email(email);
    let at = match known {
        Some(at) => at,
        None => org
            .create_person(email)
            .ok_or_else(|| error(call, "ADMIN-UAM-500-1", "Internal Error", email))?,
    };
    let record = &org.person(at).record;
    let account = record.account_id.clone();
    let inactive = record.lifecycle != Lifecycle::Active;
    let returns = !record.is_on_site() && !inactive;
    if returns {
        org.apply(Change::ReturnedUser { account: account.clone() });
    }
    let refused = inactive.then_some("The account is deactivated.");
    let mut well = true;
    let mut roles = Vec::new();
    for (resource, role, product) in &invitation.rules {
        if refused.is_none() && !org.person(at).has(*product) {
            org.give(at, &[*product], known.is_none() || returns);
        }
        well &= refused.is_none();
        roles.push(result("resource", resource, refused, Some(role)));
    }
    let mut groups = Vec::new();
    for (id, group) in &invitation.groups {
        let reason = refused.or_else(|| join(org, at, *group, &account, id));
        well &= reason.is_none();
        groups.push(result("group", id, reason, None));
    }
    let results = json!([{"roleAssignmentResult": roles, "groupAssignmentResult": groups}]);
    Ok((json!({"id": account, "email": email, "results": results}), well && refused.is_none()))
}

fn result(what: &str, id: &str, reason: Option<&str>, role: Option<&String>) -> Value {
    let status = if reason.is_none() { "INVITED" } else { "ERROR" };
    let mut one = json!({what: id, "status": status, "statusReason": reason});
    if let Some(role) = role {
        one["role"] = json!(role);
    }
    one
}

/// Adds the user to a group. Returns the reason if this is refused. An existing membership counts as success.
fn join(
    org: &mut Edit<'_>,
    at: PersonIx,
    group: GroupIx,
    account: &str,
    id: &str,
) -> Option<&'static str> {
    let record = &org.group(group).record;
    if record.synced {
        return Some("The group is synced from an identity provider.");
    }
    let has = |product| org.person(at).has(product);
    if record.gives().is_some_and(|product| !has(product) && org.is_full(product)) {
        return Some("The user limit of an app that the group grants access to is exceeded.");
    }
    org.apply(Change::AddedMember { account: account.into(), group: id.into() });
    None
}
