//! The jobs that finish a leaver, with random sheets: roles in apps, API tokens, addresses, groups with their
//! members. What the site holds of them, and what an undo gives back.

use std::collections::BTreeSet;

use fastrand::Rng;
use headcount_model::job::Job;
use headcount_people::jobs::{MEMBERS_FILE, REVOKE_TOKENS};
use serde_json::{Value, json};

use super::company::{Asked, Books, Task, text};
use super::network::Network;
use super::process::Keys;

/// Apps without a limit of seats.
const APPS: [&str; 2] = ["jira-core", "jira-servicedesk"];
/// In the sandbox's order.
const ROLES: [&str; 3] = ["user", "user-access-admin", "admin"];

/// Users with roles and tokens, and groups of them, some of which give an app.
pub async fn found(net: &Network, rng: &mut Rng) {
    let many = rng.usize(6..20);
    let person = |at: usize, rng: &mut Rng| {
        let token = |n| json!({ "id": format!("t{at}-{n}"), "label": "ci", "made_ms": 1_700_000_000_000_u64 });
        let mut roles = json!({});
        for app in APPS {
            let held: Vec<_> = ROLES.into_iter().filter(|_| rng.u8(..3) == 0).collect();
            if !held.is_empty() {
                roles[app] = json!(held);
            }
        }
        json!({
            "account_id": format!("leaver-{at}"), "email": format!("leaver{at}@banc.ly"),
            "name": format!("Leaver {at}"), "roles": roles,
            "tokens": (0..rng.usize(..4)).map(token).collect::<Vec<_>>(),
            "lifecycle": (["active", "active", "active", "active", "inactive", "for-deletion"][rng.usize(..6)]),
            "managed": rng.u8(..12) != 0,
            "org_admin": rng.u8(..12) == 0,
            "source": (["invited", "invited", "invited", "invited", "scim"][rng.usize(..5)]),
        })
    };
    let people: Vec<_> = (0..many).map(|at| person(at, rng)).collect();
    let group = |at: usize, rng: &mut Rng| {
        let mut group =
            json!({ "id": format!("id-of-leavers-{at}"), "name": format!("leavers {at}") });
        if rng.u8(..3) == 0 {
            group["grants"] = json!(APPS[rng.usize(..2)]);
        }
        group
    };
    let groups: Vec<_> = (0..8).map(|at| group(at, rng)).collect();
    let mut members = Vec::new();
    for (at, person) in people.iter().enumerate() {
        for group in 0..8 {
            if rng.u8(..5) == 0 && at != group {
                members
                    .push(json!({ "email": person["email"], "group": format!("leavers {group}") }));
            }
        }
    }
    let seed = json!({ "people": people, "groups": groups, "memberships": members });
    net.control("POST", "seed", seed).await;
}

/// A random sheet.
pub fn task(rng: &mut Rng, books: &Books, keys: Keys) -> Task {
    // Jira's token alone can only delete groups.
    match if keys == Keys::Jira { 7 } else { rng.u8(..8) } {
        0 | 1 => emails(rng, books),
        2 => roles(rng, books, Job::GrantAccess),
        3 => roles(rng, books, Job::RevokeAccess),
        4 => group_roles(rng, books),
        5 => tokens(rng, books),
        6 => deactivations(rng, books),
        _ => groups(rng, books),
    }
}

fn of_leavers(books: &Books) -> Vec<(String, String)> {
    let people = books.people.iter().filter(|(id, _)| id.starts_with("leaver-"));
    people.map(|(id, person)| (id.clone(), text(&person["email"]))).collect()
}

/// A user of the sheet: by id or by address, and now and then one that is not there.
fn who(rng: &mut Rng, (id, mail): &(String, String), by_id: bool) -> String {
    match rng.u8(..30) {
        0 => "no-body@banc.ly".to_owned(),
        1 if !by_id => mail.to_uppercase(),
        _ if by_id => id.clone(),
        _ => mail.clone(),
    }
}

fn heading(by_id: bool) -> &'static str {
    if by_id { "Account id" } else { "Email" }
}

fn task_of(job: Job, headings: Vec<&'static str>, rows: Vec<(Asked, Vec<String>)>) -> Task {
    Task { job, headings, invite: false, options: Value::Null, rows }
}

/// Chains of addresses: each user takes a new address, or that of the user before, who takes another one.
fn emails(rng: &mut Rng, books: &Books) -> Task {
    let mut people = of_leavers(books);
    rng.shuffle(&mut people);
    let by_id = rng.bool();
    let mut rows = Vec::new();
    let mut freed: Option<String> = None;
    for (at, person) in people.iter().enumerate() {
        let new = match freed.take().filter(|_| rng.u8(..3) != 0) {
            Some(freed) => freed,
            None if rng.u8(..8) == 0 => format!("new{at}@elsewhere.example"),
            None => format!("new{at}@banc.ly"),
        };
        let cell = match rng.u8(..8) {
            0 => new.to_uppercase(),
            _ => new.clone(),
        };
        freed = Some(person.1.clone());
        let new_mail = Some(new);
        let asked = Asked { account: Some(person.0.clone()), new_mail, ..Asked::default() };
        rows.push((asked, vec![who(rng, person, by_id), cell]));
    }
    rng.shuffle(&mut rows);
    if rng.bool() {
        let again = rows[rng.usize(..rows.len())].clone();
        rows.push(again);
    }
    task_of(Job::ChangeEmails, vec![heading(by_id), "New email"], rows)
}

fn role(rng: &mut Rng) -> (String, String) {
    (APPS[rng.usize(..2)].to_owned(), ROLES[rng.usize(..3)].to_owned())
}

fn roles(rng: &mut Rng, books: &Books, job: Job) -> Task {
    let (people, by_id) = (of_leavers(books), rng.bool());
    let row = |rng: &mut Rng| {
        let person = &people[rng.usize(..people.len())];
        let (app, role) = role(rng);
        let cells = vec![who(rng, person, by_id), app.clone(), role.clone()];
        let account = Some(person.0.clone());
        (Asked { account, role: Some((app, role)), ..Asked::default() }, cells)
    };
    let rows = (0..rng.usize(1..40)).map(|_| row(rng)).collect();
    task_of(job, vec![heading(by_id), "Product", "Role"], rows)
}

fn group_roles(rng: &mut Rng, books: &Books) -> Task {
    let job = [Job::GrantAccess, Job::RevokeAccess][rng.usize(..2)];
    let groups: Vec<_> = books.groups.iter().filter(|(id, _)| id.starts_with("id-of-")).collect();
    let mut rows = Vec::new();
    for (id, name) in &groups {
        if rng.u8(..4) == 0 {
            continue;
        }
        // A group of the sandbox gives one app at most.
        let given = books.roles.get(id).cloned();
        let (app, role) = match (job, given) {
            (Job::RevokeAccess, Some(given)) if rng.u8(..4) != 0 => given,
            (_, Some((_, role))) => (APPS[rng.usize(..2)].to_owned(), role),
            _ => (APPS[rng.usize(..2)].to_owned(), "user".to_owned()),
        };
        let asked = Asked {
            group: Some((*id).clone()),
            role: Some((app.clone(), role.clone())),
            ..Asked::default()
        };
        let name = if rng.u8(..8) == 0 { name.to_uppercase() } else { name.clone() };
        rows.push((asked, vec![name, app, role]));
    }
    if rows.is_empty() {
        return roles(rng, books, job);
    }
    rng.shuffle(&mut rows);
    task_of(job, vec!["Group", "Product", "Role"], rows)
}

fn ids_of_tokens(books: &Books, account: &str) -> Vec<String> {
    let tokens = books.people.get(account).map(|person| &person["tokens"]);
    let tokens = tokens.and_then(Value::as_array).into_iter().flatten();
    tokens.map(|token| text(&token["id"])).collect()
}

/// Whether a user has API tokens.
pub fn has_tokens(books: &Books, account: &str) -> bool {
    !ids_of_tokens(books, account).is_empty()
}

fn tokens(rng: &mut Rng, books: &Books) -> Task {
    let by_id = rng.bool();
    let mut rows = Vec::new();
    for person in of_leavers(books) {
        for id in ids_of_tokens(books, &person.0).into_iter().chain(["no-token".to_owned()]) {
            if id == "no-token" && rng.u8(..8) != 0 {
                continue;
            }
            let cells = vec![who(rng, &person, by_id), id.clone()];
            let account = Some(person.0.clone());
            rows.push((Asked { account, token: Some(id), ..Asked::default() }, cells));
        }
    }
    if rows.is_empty() {
        return roles(rng, books, Job::RevokeAccess);
    }
    rng.shuffle(&mut rows);
    task_of(Job::RevokeTokens, vec![heading(by_id), "Token id"], rows)
}

fn deactivations(rng: &mut Rng, books: &Books) -> Task {
    let (mut people, by_id) = (of_leavers(books), rng.bool());
    rng.shuffle(&mut people);
    let rows = people.iter().map(|person| {
        let account = Some(person.0.clone());
        (Asked { account, ..Asked::default() }, vec![who(rng, person, by_id)])
    });
    let rows = rows.collect();
    let options = json!({ REVOKE_TOKENS: true });
    Task { options, ..task_of(Job::DeactivateUsers, vec![heading(by_id)], rows) }
}

fn groups(rng: &mut Rng, books: &Books) -> Task {
    let mut rows = Vec::new();
    for (id, name) in books.groups.iter().filter(|(_, name)| name.starts_with("leavers")) {
        let cell = if rng.u8(..6) == 0 { name.to_uppercase() } else { name.clone() };
        let asked = Asked { group: Some(id.clone()), made: Some(name.clone()), ..Asked::default() };
        rows.push((asked, vec![cell]));
    }
    rng.shuffle(&mut rows);
    let options = json!({ MEMBERS_FILE: "members.csv" });
    Task { options, ..task_of(Job::RemoveGroups, vec!["Group"], rows) }
}

/// Whether the site is as a row wants it.
pub fn holds(job: Job, asked: &Asked, books: &Books) -> bool {
    let account = asked.account.clone().unwrap_or_default();
    let person = &books.people.get(&account).cloned().unwrap_or_default();
    if let Some(token) = &asked.token {
        return !ids_of_tokens(books, &account).contains(token);
    }
    if let Some(new) = &asked.new_mail {
        return text(&person["email"]).eq_ignore_ascii_case(new);
    }
    let wanted = asked.role.clone().unwrap_or_default();
    if let Some(group) = &asked.group {
        return (books.roles.get(group) == Some(&wanted)) == (job == Job::GrantAccess);
    }
    let held = person["roles"][&wanted.0].as_array().cloned().unwrap_or_default();
    let is_direct = held.contains(&json!(wanted.1));
    let gives =
        |(of, group): &(String, String)| *of == account && books.roles.get(group) == Some(&wanted);
    match job {
        Job::GrantAccess => is_direct || books.memberships.iter().any(gives),
        _ => !is_direct,
    }
}

/// Gives back what the undo of a row gives back. False: another job's row.
pub fn take_back(
    books: &mut Books,
    job: Job,
    (asked, is_changed): (&Asked, bool),
    before: &Books,
) -> bool {
    let account = asked.account.clone().unwrap_or_default();
    let was = before.people.get(&account).cloned().unwrap_or_default();
    if let (Some(group), Some(_)) = (&asked.group, &asked.role) {
        match before.roles.get(group) {
            Some(role) => books.roles.insert(group.clone(), role.clone()),
            None => books.roles.remove(group),
        };
        return true;
    }
    let gives = |(of, group): &(String, String)| {
        *of == account
            && books.roles.get(group).is_some_and(|role| asked.role.as_ref() == Some(role))
    };
    let through_group = books.memberships.iter().any(gives);
    let Some(person) = books.people.get_mut(&account) else { return false };
    match (job, &asked.role) {
        (Job::ChangeEmails, _) => person["email"] = was["email"].clone(),
        (Job::DeactivateUsers, _) => match was["lifecycle"].is_null() {
            true => drop(person.as_object_mut().unwrap().remove("lifecycle")),
            false => person["lifecycle"] = was["lifecycle"].clone(),
        },
        (Job::GrantAccess | Job::RevokeAccess, Some((app, role))) => {
            let list = |of: &Value| -> BTreeSet<String> {
                of["roles"][app].as_array().into_iter().flatten().map(text).collect()
            };
            let (mut now, had) = (list(person), list(&was).contains(role));
            match had {
                // A user who has the role through a group keeps it so, unless the undo did not trust that read.
                true if through_group && !is_changed => {}
                true => drop(now.insert(role.clone())),
                false => drop(now.remove(role)),
            }
            set_roles(person, app, &now);
        }
        _ => return false,
    }
    true
}

/// As the sandbox writes them: an app without roles is not there.
fn set_roles(person: &mut Value, app: &str, roles: &BTreeSet<String>) {
    let mut all = person["roles"].as_object().cloned().unwrap_or_default();
    match roles.is_empty() {
        true => drop(all.remove(app)),
        false => {
            let in_order: Vec<_> = ROLES.iter().filter(|role| roles.contains(**role)).collect();
            all.insert(app.to_owned(), json!(in_order));
        }
    }
    match all.is_empty() {
        true => drop(person.as_object_mut().unwrap().remove("roles")),
        false => person["roles"] = Value::Object(all),
    }
}
