//! The control calls that change something: seed, faults, limits, clock, reset.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::asked::Asked;
use super::super::shared::Shared;
use crate::http::{Caller, Edit, LimitChange, Limits, Reply, parse_faults};
use crate::org::{Change, GroupRecord, Lifecycle, PersonRecord, Product};
use crate::routes::{self, chosen};
use crate::seed;

fn body<T: DeserializeOwned>(asked: &Asked) -> Result<T, Reply> {
    serde_json::from_slice(&asked.body)
        .map_err(|error| Reply::json(400, &json!({"error": error.to_string()})))
}

fn done() -> Reply {
    Reply::empty(204)
}

pub(super) fn clear_log(shared: &Shared) -> Reply {
    shared.log().clear();
    done()
}

pub(super) fn add_faults(shared: &Shared, asked: &Asked) -> Reply {
    match parse_faults(&asked.body) {
        Ok(set) => {
            shared.faults().add(set);
            done()
        }
        Err(why) => Reply::json(400, &json!({"error": why})),
    }
}

pub(super) fn clear_faults(shared: &Shared) -> Reply {
    shared.faults().clear();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step_ms: i64,
}

pub(super) fn step_clock(shared: &Shared, asked: &Asked) -> Reply {
    match body::<Step>(asked) {
        Ok(step) => {
            shared.clock.step(step.step_ms);
            super::show::clock(shared)
        }
        Err(reply) => reply,
    }
}

pub(super) fn set_rate(shared: &Shared, asked: &Asked) -> Reply {
    let change: LimitChange = match body(asked) {
        Ok(change) => change,
        Err(reply) => return reply,
    };
    let routes: Vec<_> = chosen(change.method.as_deref(), change.path.as_deref()).collect();
    if routes.is_empty() {
        return Reply::json(400, &json!({"error": "no call has this method and path"}));
    }
    let count = routes.len();
    let set = shared.limits().set(routes.into_iter(), &change);
    match set {
        Ok(()) => Reply::json(200, &json!({"calls": count})),
        Err(error) => Reply::json(400, &json!({"error": error})),
    }
}

/// The body of `POST /_sandbox/seed`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    #[serde(default)]
    domains: Vec<Box<str>>,
    #[serde(default)]
    people: Vec<PersonRecord>,
    #[serde(default)]
    groups: Vec<GroupRecord>,
    #[serde(default)]
    memberships: Vec<Member>,
    #[serde(default)]
    seats: Vec<Seats>,
    /// Whether the organization pays for its apps.
    #[serde(default)]
    paid: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    email: Option<String>,
    /// Id or name.
    group: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seats {
    product: Product,
    seats: Option<u32>,
}

/// Adds what is missing. Returns the ids of the named users and groups, in order.
pub(super) async fn seed(shared: &Shared, asked: &Asked) -> Reply {
    let more: More = match body(asked) {
        Ok(more) => more,
        Err(reply) => return reply,
    };
    let (reply, ticket) = {
        let mut org = shared.org_mut();
        let mut edit = Edit::new(&mut org, Caller::Nobody, shared.clock.now_ms());
        let reply = add(&mut edit, more);
        let stored = edit.stored;
        // After seeding, no change waits for the index.
        shared.index().settle(&org);
        (reply, shared.store().map_or(0, |store| store.append(&stored)))
    };
    if let Some(store) = shared.store() {
        store.wait(ticket).await;
    }
    reply
}

fn add(org: &mut Edit<'_>, more: More) -> Reply {
    for domain in more.domains {
        org.seed(Change::ClaimedDomain { domain });
    }
    let people = more.people.into_iter();
    let accounts: Vec<_> = people.map(|person| add_person(org, person)).collect();
    let groups = more.groups.into_iter();
    let groups: Vec<_> = groups.map(|group| add_group(org, group)).collect();
    let mut added = 0_u64;
    for member in &more.memberships {
        match add_member(org, member) {
            Ok(new) => added += u64::from(new),
            Err(error) => return Reply::json(400, &json!({"error": error})),
        }
    }
    for seats in more.seats {
        org.seed(Change::SetSeats { product: seats.product, seats: seats.seats });
    }
    if let Some(paid) = more.paid {
        org.seed(Change::SetSubscription { paid });
    }
    Reply::json(200, &json!({"accounts": accounts, "groups": groups, "memberships": added}))
}

/// The account's id, whether it is new or not.
fn add_person(org: &mut Edit<'_>, mut person: PersonRecord) -> Box<str> {
    let known = org.find_email(&person.email);
    if let Some(at) = known.filter(|_| !person.email.is_empty()) {
        let account = org.person(at).record.account_id.clone();
        for (product, at_ms) in person.seen {
            org.seed(Change::Used { account: account.clone(), product, at_ms });
        }
        return account;
    }
    if person.account_id.is_empty() {
        person.account_id = org.next_account_id();
    }
    if person.name.is_empty() {
        person.name = person.email.clone();
    }
    // Without a time, the 14 days of a deletion begin now.
    if person.lifecycle == Lifecycle::ForDeletion && person.changed_ms == 0 {
        person.changed_ms = org.now_ms();
    }
    let account = person.account_id.clone();
    org.seed(Change::CreatedUser { person });
    account
}

/// The group's id, whether it is new or not.
fn add_group(org: &mut Edit<'_>, mut group: GroupRecord) -> Box<str> {
    if let Some(at) = org.find_group_name(&group.name) {
        return org.group(at).record.id.clone();
    }
    if group.id.is_empty() {
        group.id = org.next_group_id();
    }
    let id = group.id.clone();
    org.seed(Change::CreatedGroup { group });
    id
}

/// Returns whether the membership is new.
fn add_member(org: &mut Edit<'_>, member: &Member) -> Result<bool, String> {
    let person = match (&member.account, &member.email) {
        (Some(account), _) => org.find(account),
        (None, Some(email)) => org.find_email(email),
        (None, None) => None,
    };
    let name = &member.group;
    let group = org.find_group(name).or_else(|| org.find_group_name(name));
    let (Some(person), Some(group)) = (person, group) else {
        let who = member.account.as_ref().or(member.email.as_ref());
        let who = who.map_or("", String::as_str);
        return Err(format!("no membership of '{who}' in '{name}': unknown"));
    };
    let account = org.person(person).record.account_id.clone();
    let group = org.group(group).record.id.clone();
    Ok(org.seed(Change::AddedMember { account, group }))
}

/// Resets the organization, the log, the faults and the limits to their start; the clock keeps its time, and the
/// index its lag.
pub(super) async fn reset(shared: &Shared) -> Reply {
    let fresh = match seed::load(&shared.config, shared.clock.now_ms()) {
        Ok(fresh) => fresh,
        Err(error) => return Reply::json(500, &json!({"error": error.to_string()})),
    };
    let ticket = {
        let mut org = shared.org_mut();
        let ticket = shared.store().map_or(0, |store| store.restart(&fresh));
        *org = fresh;
        shared.index().settle(&org);
        shared.log().clear();
        ticket
    };
    shared.faults().clear();
    *shared.limits() = Limits::new(routes::published_limits(), shared.config.rate);
    match shared.store() {
        Some(store) if !store.wait(ticket).await => {
            Reply::json(500, &json!({"error": "the state file cannot be written"}))
        }
        _ => done(),
    }
}
