//! Jobs through the identity provider's directory (SCIM), with random sheets: what the site has of it, and what no such
//! run may touch.

use fastrand::Rng;
use headcount_atlassian::Endpoint;
use headcount_model::user::AccountId;
use serde_json::{Value, json};

use super::company::{self, Asked, Books, Task, text};
use super::hold::endpoint;
use super::network::{Line, Network};
use super::process::{Keys, Machine};

/// Users and groups of an identity provider, and others, who are members of both.
pub async fn found(net: &Network, rng: &mut Rng) {
    let many = rng.usize(6..25);
    let people: Vec<_> = (0..many)
        .map(|at| {
            json!({
                "email": format!("synced{at}@banc.ly"), "name": format!("Synced {at}"),
                "source": (["scim", "scim", "scim", "invited", "google"][rng.usize(..5)]),
                "lifecycle": (["active", "active", "active", "inactive"][rng.usize(..4)]),
                "hidden_email": rng.u8(..12) == 0,
                "org_admin": rng.u8(..12) == 0,
            })
        })
        .collect();
    let group = |at: usize| json!({ "name": format!("Synced, {at}"), "synced": true });
    let groups: Vec<_> = (0..6).map(group).collect();
    // A group is never empty, so that there is a membership to remove.
    let mut members = vec![json!({ "email": "synced0@banc.ly", "group": "Synced, 0" })];
    for person in &people {
        for name in groups.iter().map(|group| &group["name"]) {
            if rng.u8(..4) == 0
                && (&person["email"], name) != (&members[0]["email"], &members[0]["group"])
            {
                members.push(json!({ "email": person["email"], "group": name }));
            }
        }
    }
    let seed = json!({ "people": people, "groups": groups, "memberships": members });
    net.control("POST", "seed", seed).await;
}

/// A random job, mostly on users and groups that the directory has.
pub fn task(rng: &mut Rng, books: &Books) -> Task {
    let mut mostly = books.clone();
    let Books { people, groups, memberships, synced, .. } = &mut mostly;
    people.retain(|_, person| is_synced(person) || rng.u8(..6) == 0);
    groups.retain(|(id, _)| synced.contains(id) || rng.u8(..8) == 0);
    memberships.retain(|(account, group)| {
        people.contains_key(account) && groups.iter().any(|(id, _)| id == group)
    });
    Task { options: json!({ "by": "scim" }), ..company::task(rng, &mostly, Keys::Scim) }
}

fn is_synced(person: &Value) -> bool {
    person["source"] == "scim"
}

/// Whether a created user is in the directory, and in the groups.
pub fn is_created(books: &Books, asked: &Asked) -> bool {
    books.by_mail(&asked.mail).is_some_and(|(account, person)| {
        let is_in = |group: &String| books.memberships.contains(&(account.clone(), group.clone()));
        is_synced(person) && asked.groups.iter().all(is_in)
    })
}

/// A run through the directory changes nothing by any other way, and touches no user and no group that the identity
/// provider does not own.
pub fn only_the_directory_is_changed(machine: &Machine, before: &Books, end: &Books) {
    if machine.keys != Keys::Scim {
        return;
    }
    for line in machine.net.lines().iter().filter(|line| line.changes()) {
        assert!(line.path.starts_with("/scim/directory/"), "another way: {line:?}");
    }
    for (account, person) in before.people.iter().filter(|(_, person)| !is_synced(person)) {
        assert_eq!(end.people.get(account), Some(person), "a user that the provider does not own");
    }
    let others = |books: &Books| -> Vec<_> {
        let is_other = |(_, group): &&(String, String)| !end.synced.contains(group);
        books.memberships.iter().filter(is_other).cloned().collect()
    };
    assert_eq!(others(end), others(before), "members of groups that the provider does not own");
}

/// No user was touched who must not be, by what was sent through the directory.
pub fn guards_are_obeyed(lines: &[Line], machine: &Machine, books: &Books) {
    for line in lines.iter().filter(|line| line.changes()) {
        let operation = &line.body["Operations"][0];
        let (records, takes_away) = match endpoint(line) {
            Some(Endpoint::ScimPatchUser) => {
                let record = line.path.rsplit('/').next().unwrap_or_default().to_owned();
                (vec![record], operation["value"] == false)
            }
            Some(Endpoint::ScimPatchGroup) => {
                let members = operation["value"].as_array().into_iter().flatten();
                (
                    members.map(|member| text(&member["value"])).collect(),
                    operation["op"] == "remove",
                )
            }
            _ => continue,
        };
        let protected = machine.protections.get(&line.process).unwrap_or(&machine.protected);
        for record in records {
            let has_it = |(_, person): &(&String, &Value)| person["provisioned"]["id"] == *record;
            // A user who was created meanwhile is not in the books.
            let Some((account, person)) = books.people.iter().find(has_it) else { continue };
            let id = AccountId::parse(account).unwrap();
            assert_eq!(protected.person(&id, person["email"].as_str()), None, "{line:?}");
            assert!(is_synced(person), "no user of the provider: {line:?} {person}");
            let is_own = person["email"] == "admin@banc.ly";
            assert!(!(takes_away && is_own), "own account: {line:?}");
            let deactivates = takes_away && endpoint(line) == Some(Endpoint::ScimPatchUser);
            assert!(!(deactivates && person["org_admin"] == true), "an administrator: {line:?}");
        }
    }
}
