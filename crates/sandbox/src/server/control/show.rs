//! The control calls that read: state, log, time.

use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::shared::Shared;
use crate::clock::iso;
use crate::http::{Filter, Reply};
use crate::org::{Lifecycle, Org, Product};
use crate::routes;

/// Method, template, and whether the call can change something, for a line of the log.
fn names(route: u16) -> (&'static str, &'static str, bool) {
    let route = routes::route(route);
    (route.method, route.template, route.changes())
}

pub(super) fn clock(shared: &Shared) -> Reply {
    let now = shared.clock.now_ms();
    Reply::json(200, &json!({"now_ms": now, "now": iso(now)}))
}

pub(super) fn log(shared: &Shared, asked: &Asked) -> Reply {
    let query = &asked.query;
    let number = |name: &str, default: i64| {
        let number = query.number(name, default).ok();
        number.and_then(|number| usize::try_from(number).ok())
    };
    let (Some(from), Some(limit)) = (number("from", 0), number("limit", 1000)) else {
        return Reply::json(400, &json!({"error": "from and limit must be numbers"}));
    };
    let filter = Filter {
        from,
        limit,
        changed: query.get("changed").map(|changed| changed == "true"),
        template: query.get("template").map(str::to_owned),
        method: query.get("method").map(str::to_owned),
    };
    let org = shared.org();
    let page = shared.log().page(&filter, &names, &org);
    Reply::json(200, &page)
}

pub(super) fn summary(shared: &Shared) -> Reply {
    let org = shared.org();
    let summary = shared.log().summary(&names, &org);
    Reply::json(200, &summary)
}

/// The organization, complete or only the requested parts.
pub(super) fn state(shared: &Shared, asked: &Asked) -> Reply {
    let query = &asked.query;
    let only: Vec<_> = query.list("only").collect();
    let wants = |part: &str| only.is_empty() || only.contains(&part);
    let org = shared.org();
    let account = match (query.get("account"), query.get("email")) {
        (Some(account), _) => Some(org.find(account)),
        (None, Some(email)) => Some(org.find_email(email)),
        (None, None) => None,
    };
    let group = query
        .get("group")
        .map(|group| org.find_group(group).or_else(|| org.find_group_name(group)));
    let is_person = |at| account.is_none_or(|wanted| wanted == Some(at));
    let is_group = |at| group.is_none_or(|wanted| wanted == Some(at));
    let mut state = json!({});
    if wants("counts") {
        state["counts"] = counts(&org);
    }
    if wants("people") {
        let people = org.people().filter(|(at, _)| is_person(*at));
        let people = people.map(|(_, person)| {
            let mut record = person.record.clone();
            record.tokens.retain(|token| !org.is_revoked(&token.id));
            json!(record)
        });
        state["people"] = people.collect::<Vec<Value>>().into();
    }
    if wants("groups") {
        let groups = org.groups().filter(|(at, _)| is_group(*at));
        let groups = groups.map(|(_, group)| json!(group.record));
        state["groups"] = groups.collect::<Vec<Value>>().into();
    }
    if wants("memberships") {
        let people = org.people().filter(|(at, _)| is_person(*at));
        let memberships = people.flat_map(|(_, person)| {
            let groups = person.groups.iter().filter(|at| is_group(**at));
            groups.map(|at| {
                json!({"account": person.record.account_id, "group": org.group(*at).record.id})
            })
        });
        state["memberships"] = memberships.collect::<Vec<Value>>().into();
    }
    Reply::json(200, &state)
}

fn counts(org: &Org) -> Value {
    let (mut active, mut inactive, mut on_site, mut memberships) = (0_u64, 0_u64, 0_u64, 0_usize);
    for (_, person) in org.people() {
        active += u64::from(person.record.is_active());
        inactive += u64::from(person.record.lifecycle != Lifecycle::Active);
        on_site += u64::from(person.record.is_on_site());
        memberships += person.groups.len();
    }
    let seats: serde_json::Map<String, Value> = Product::ALL
        .into_iter()
        .map(|product| {
            let seats = org.seats(product);
            (product.key().to_owned(), json!({"used": seats.used, "limit": seats.limit}))
        })
        .collect();
    json!({
        "people": org.people_count(), "on_site": on_site, "active": active,
        "deactivated": inactive, "groups": org.groups().count(), "memberships": memberships,
        "seats": seats, "events": org.audits().len(),
    })
}
