//! The organization's audit log, organizations API v1. It has every change, by whichever API.
//!
//! Assumption: the names of the actions; the description refers to `event-actions` for them.

use serde_json::{Value, json};

use super::errors::{Answer, bad_cursor, bad_parameter, error, must_be_org};
use crate::clock::iso;
use crate::http::{Call, Reply};
use crate::org::{Audit, EffectKind, Org, event_id};

/// The IP address of every change: this computer.
const IP: &str = "127.0.0.1";

/// For each kind of effect: the action, its name and its group.
const ACTIONS: [(EffectKind, &str, &str, &str); 28] = [
    (EffectKind::CreatedUser, "user_added_to_site", "Invited user", "Users"),
    (EffectKind::ReturnedUser, "user_granted_site_access", "Granted access to user", "Users"),
    (EffectKind::RemovedUser, "user_removed_from_directory", "Removed user", "Users"),
    (EffectKind::CreatedGroup, "group_created", "Created group", "Groups"),
    (EffectKind::RemovedGroup, "group_deleted", "Deleted group", "Groups"),
    (EffectKind::AddedMember, "user_added_to_group", "Added user to group", "Groups"),
    (EffectKind::RemovedMember, "user_removed_from_group", "Removed user from group", "Groups"),
    (EffectKind::Deactivated, "user_deactivated", "Deactivated account", "Managed accounts"),
    (EffectKind::Activated, "user_reactivated", "Reactivated account", "Managed accounts"),
    (
        EffectKind::ScheduledDeletion,
        "user_delete_initiated",
        "Scheduled deletion",
        "Managed accounts",
    ),
    (
        EffectKind::CancelledDeletion,
        "user_delete_cancelled",
        "Cancelled deletion",
        "Managed accounts",
    ),
    (EffectKind::Suspended, "user_suspended", "Suspended access", "Users"),
    (EffectKind::Restored, "user_restored", "Restored access", "Users"),
    (EffectKind::ChangedEmail, "user_email_changed", "Changed email", "Managed accounts"),
    (EffectKind::ChangedName, "user_profile_changed", "Changed profile", "Managed accounts"),
    (EffectKind::ChangedRole, "user_role_changed", "Changed role", "Users"),
    (EffectKind::RevokedToken, "api_token_revoked", "Revoked API token", "Managed accounts"),
    (EffectKind::Closed, "user_deleted", "Deleted account", "Managed accounts"),
    (EffectKind::GrantedProduct, "group_granted_product_access", "Granted app access", "Groups"),
    (EffectKind::RevokedProduct, "group_revoked_product_access", "Revoked app access", "Groups"),
    (EffectKind::AssignedRole, "user_granted_role", "Granted role", "Users"),
    (EffectKind::RevokedRole, "user_revoked_role", "Revoked role", "Users"),
    (EffectKind::LinkedUser, "user_linked_to_idp", "Linked user", "User provisioning"),
    (EffectKind::UnlinkedUser, "user_unlinked_from_idp", "Unlinked user", "User provisioning"),
    (EffectKind::ChangedRecord, "user_provisioning_changed", "Changed record", "User provisioning"),
    (EffectKind::CreatedPolicy, "policy_created", "Created policy", "Policies"),
    (EffectKind::ChangedPolicy, "policy_updated", "Updated policy", "Policies"),
    (EffectKind::RemovedPolicy, "policy_deleted", "Deleted policy", "Policies"),
];

fn action(kind: EffectKind) -> &'static str {
    let found = ACTIONS.iter().find(|(known, ..)| *known == kind);
    found.map_or("unknown", |(_, action, ..)| action)
}

/// An event's id. Its last twelve digits are the entry's number, disguised.
fn id_of(at: usize) -> String {
    let made = event_id(at as u64);
    format!("{}{at:012x}", &made[..24])
}

fn at_of(id: &str) -> Option<usize> {
    let at = usize::from_str_radix(id.get(24..)?, 16).ok()?;
    (id == id_of(at)).then_some(at)
}

fn model(call: &Call<'_>, org: &Org, at: usize, audit: &Audit, polling: bool) -> Value {
    let id = id_of(at);
    let base = format!("{}/admin/v1/orgs/{}/events", call.card.url, call.card.org_id);
    let actor = match audit.actor {
        Some(person) => {
            let record = &org.person(person).record;
            json!({
                "id": record.account_id, "name": record.name, "email": record.email,
                "auth": {"authType": "api-token", "tokenLabel": "sandbox"},
                "links": {"self": format!("{}/users/{}/manage/profile", call.card.url, record.account_id)},
            })
        }
        None => json!({
            "id": call.card.org_id, "name": "Organization API key",
            "auth": {"authType": "container-token", "tokenLabel": "sandbox"},
        }),
    };
    let mut context = Vec::new();
    if let Some(person) = audit.effect.person {
        let record = &org.person(person).record;
        context.push(json!({
            "id": record.account_id, "type": "users",
            "attributes": {"name": record.name, "email": record.email},
        }));
    }
    if let Some(group) = audit.effect.group {
        let record = &org.group(group).record;
        context.push(json!({
            "id": record.id, "type": "groups", "attributes": {"name": record.name},
        }));
    }
    let mut event = json!({
        "id": id, "type": "events", "links": {"self": format!("{base}/{id}")},
        "attributes": {
            "time": iso(audit.at_ms), "action": action(audit.effect.kind), "actor": actor,
            "context": context,
            "container": [{"id": call.card.org_id, "type": "orgs", "attributes": {}}],
            "location": {"ip": IP},
        },
        "message": {"content": action(audit.effect.kind), "format": "simple"},
    });
    if polling {
        event["attributes"]["processedAt"] = json!(iso(audit.at_ms));
    }
    event
}

fn millis(call: &Call<'_>, name: &str, default: i64) -> Result<i64, Reply> {
    call.query.number(name, default).map_err(|text| {
        let detail = format!("'{name}' must be milliseconds since 1970, not '{text}'.");
        error(call, "ADMIN-400-3", "Invalid time date", &detail)
    })
}

fn limit(call: &Call<'_>, default: i64) -> Result<usize, Reply> {
    let limit = call.query.number("limit", default).ok();
    limit
        .filter(|limit| (1..=500).contains(limit))
        .and_then(|limit| usize::try_from(limit).ok())
        .ok_or_else(|| bad_parameter(call, "'limit' must be a number from 1 to 500."))
}

/// The position at which a cursor continues: `d` goes to older entries, `a` to newer ones.
fn cursor(call: &Call<'_>) -> Result<Option<(bool, usize)>, Reply> {
    let Some(cursor) = call.query.filled("cursor") else {
        return Ok(None);
    };
    let read = |text: &str| text.parse::<usize>().ok();
    let (up, rest) = match (cursor.strip_prefix('a'), cursor.strip_prefix('d')) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Err(bad_cursor(call)),
    };
    let from = read(rest).ok_or_else(|| bad_cursor(call))?;
    Ok(Some((up, from)))
}

/// The values of `product` (description).
const PRODUCTS: [&str; 5] = ["bitbucket", "confluence", "guard_detect", "jira", "loom"];

/// The filters of a list of events. All of them must match.
struct Wanted<'c> {
    from: i64,
    to: i64,
    action: Option<&'c str>,
    actors: Vec<&'c str>,
    /// In lower case.
    term: Option<String>,
    /// A filter by an address, a product or a location that no event here has.
    nothing: bool,
}

impl<'c> Wanted<'c> {
    /// Reads the query. Assumptions: an address is compared as a whole; an organization's own events belong to no
    /// product; a `location` that is not a list is 400.
    fn read(call: &'c Call<'_>) -> Result<Self, Reply> {
        let products: Vec<_> = call.query.list("product").collect();
        if let Some(odd) = products.iter().find(|product| !PRODUCTS.contains(product)) {
            return Err(bad_parameter(call, &format!("'product' cannot be '{odd}'.")));
        }
        let place = call.query.filled("location");
        if place.is_some_and(|text| serde_json::from_str::<Vec<Value>>(text).is_err()) {
            return Err(bad_parameter(call, "'location' must be a list of places."));
        }
        let ips: Vec<_> = call.query.list("ip").collect();
        let elsewhere = !ips.is_empty() && !ips.contains(&IP);
        Ok(Self {
            from: millis(call, "from", 0)?,
            to: millis(call, "to", i64::MAX)?,
            action: call.query.filled("action"),
            actors: call.query.list("actor").collect(),
            term: call.query.filled("q").map(str::to_lowercase),
            nothing: elsewhere || !products.is_empty() || place.is_some(),
        })
    }

    fn passes(&self, call: &Call<'_>, org: &Org, audit: &Audit) -> bool {
        let actor = audit.actor.map(|at| &*org.person(at).record.account_id);
        let actor = actor.unwrap_or(&call.card.org_id);
        !self.nothing
            && (self.from..=self.to).contains(&audit.at_ms)
            && self.action.is_none_or(|wanted| wanted == action(audit.effect.kind))
            && (self.actors.is_empty() || self.actors.contains(&actor))
    }

    fn says(&self, event: &Value) -> bool {
        let text = || event["attributes"].to_string().to_lowercase();
        self.term.as_ref().is_none_or(|term| text().contains(term))
    }
}

/// `GET /admin/v1/orgs/{orgId}/events`: the newest first; 30 a page (description).
pub(crate) fn events(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let limit = limit(call, 30)?;
    let wanted = Wanted::read(call)?;
    let end = cursor(call)?.map_or(org.audits().len(), |(_, from)| from);
    let mut data = Vec::new();
    let mut next = None;
    for (at, audit) in org.audits().iter().enumerate().take(end).rev() {
        if !wanted.passes(call, org, audit) {
            continue;
        }
        let event = model(call, org, at, audit, false);
        if !wanted.says(&event) {
            continue;
        }
        if data.len() == limit {
            next = Some(format!("d{}", at + 1));
            break;
        }
        data.push(event);
    }
    Ok(page(call, data, next))
}

/// `GET /admin/v1/orgs/{orgId}/events-stream`: in order of processing, 200 a page; the cursor of
/// the last page polls for what comes later (description).
pub(crate) fn events_stream(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let limit = limit(call, 200)?;
    let (from, to) = (millis(call, "from", 0)?, millis(call, "to", i64::MAX)?);
    let up = match call.query.filled("sortOrder") {
        None | Some("asc") => true,
        Some("desc") => false,
        Some(_) => return Err(bad_parameter(call, "'sortOrder' must be 'asc' or 'desc'.")),
    };
    let all = org.audits();
    let (up, start) = cursor(call)?.unwrap_or((up, if up { 0 } else { all.len() }));
    let start = start.min(all.len());
    let in_time = |(_, audit): &(usize, &Audit)| (from..=to).contains(&audit.at_ms);
    let numbered = all.iter().enumerate();
    let found: Vec<_> = match up {
        true => numbered.skip(start).filter(in_time).take(limit).collect(),
        false => numbered.take(start).rev().filter(in_time).take(limit).collect(),
    };
    let next = match (up, found.last()) {
        (true, Some((at, _))) => Some(format!("a{}", at + 1)),
        (true, None) => Some(format!("a{start}")),
        (false, Some((at, _))) if *at > 0 => Some(format!("d{at}")),
        (false, _) => None,
    };
    let data = found.iter().map(|(at, audit)| model(call, org, *at, audit, true)).collect();
    Ok(page(call, data, next))
}

/// A page. The link to the next page has the same filters and limit.
fn page(call: &Call<'_>, data: Vec<Value>, next: Option<String>) -> Reply {
    let size = data.len();
    let base = format!("{}{}", call.card.url, call.path);
    let filters: String = call
        .raw_query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("cursor"))
        .flat_map(|pair| [pair, "&"])
        .collect();
    let mut body = json!({
        "data": data, "links": {"self": base}, "meta": {"page_size": size},
    });
    if let Some(next) = next {
        body["links"]["next"] = json!(format!("{base}?{filters}cursor={next}"));
        body["meta"]["next"] = json!(next);
    }
    Reply::json(200, &body)
}

/// `GET /admin/v1/orgs/{orgId}/events/{eventId}`
pub(crate) fn event(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let found = at_of(call.param(1)).and_then(|at| Some((at, org.audits().get(at)?)));
    let (at, audit) = found.ok_or_else(|| {
        error(call, "ADMIN-404-4", "Event not found", "We couldn't find the event.")
    })?;
    Ok(Reply::json(200, &json!({"data": model(call, org, at, audit, false)})))
}

/// `GET /admin/v1/orgs/{orgId}/event-actions`
pub(crate) fn event_actions(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_org(call)?;
    let data: Vec<_> = ACTIONS
        .iter()
        .map(|(_, id, name, family)| {
            json!({
                "id": id, "type": "event-actions",
                "attributes": {"displayName": name, "groupDisplayName": family},
            })
        })
        .collect();
    Ok(Reply::json(200, &json!({"data": data})))
}
