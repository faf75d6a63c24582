//! `user unlink` with random sheets: what the site has of the identity provider's users afterwards, and what no such run
//! may touch.

use fastrand::Rng;
use headcount_journal::Run;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_people::steps::read;
use serde_json::{Value, json};

use super::company::{Asked, Books, Task, text};
use super::network::Network;
use super::process::{Keys, Machine, Tasks};
use super::provisioned;

/// The credentials of a seed: only an organization API key unlinks users.
pub fn keys(rng: &mut Rng) -> Keys {
    [Keys::Both, Keys::Org][rng.usize(..2)]
}

/// Users and groups of an identity provider, and others; a few accounts of it are not managed, or are to be deleted.
pub async fn found(net: &Network, rng: &mut Rng) {
    provisioned::found(net, rng).await;
    let people: Vec<_> = (0..rng.usize(..6))
        .map(|at| {
            json!({
                "email": format!("odd{at}@banc.ly"), "name": format!("Odd {at}"), "source": "scim",
                "managed": rng.u8(..3) != 0,
                "lifecycle": (["active", "inactive", "for-deletion"][rng.usize(..3)]),
                "place": (["here", "suspended"][rng.usize(..2)]),
            })
        })
        .collect();
    net.control("POST", "seed", json!({ "people": people })).await;
}

/// A sheet of users; an identity provider owns most of them.
pub fn task(rng: &mut Rng, books: &Books) -> Task {
    let all: Vec<_> = books.people.iter().filter(|(_, person)| person["email"] != "").collect();
    let owned: Vec<_> = all.iter().filter(|(_, person)| person.get("source").is_some()).collect();
    let by_id = rng.bool();
    let mut rows = Vec::new();
    for at in 0..rng.usize(1..=40) {
        let (account, person) = match rng.u8(..6) {
            0 => all[rng.usize(..all.len())],
            _ => *owned[rng.usize(..owned.len())],
        };
        let mail = text(&person["email"]);
        let who = match rng.u8(..30) {
            0 => format!("nobody{at}@banc.ly"),
            1 => "not what it should be".into(),
            2 if !by_id => mail.to_uppercase(),
            _ if by_id => account.clone(),
            _ => mail.clone(),
        };
        let asked = Asked { account: Some(account.clone()), mail, ..Asked::default() };
        rows.push((asked, vec![who]));
    }
    let headings = vec![if by_id { "accountId" } else { "emailAddress" }];
    Task { job: Job::UnlinkUsers, headings, invite: false, options: Value::Null, rows }
}

/// A user who was unlinked is managed by hand, keeps state and other groups, and left the provider's groups; all else is
/// as before.
pub fn only_the_owner_is_changed(machine: &Machine, run: &Run, before: &Books, end: &Books) {
    if machine.tasks != Tasks::Unlinking {
        return;
    }
    let mut expected = before.clone();
    for (step, _) in machine.journal.settled_steps(&run.id, Outcome::Changed, 0, 10_000).unwrap() {
        let account = read(step).unwrap().payload.target.account.unwrap();
        let person = expected.people.get_mut(account.as_str()).unwrap();
        for owner in ["source", "provisioned"] {
            person.as_object_mut().unwrap().remove(owner);
        }
        expected
            .memberships
            .retain(|(of, group)| of != account.as_str() || !before.synced.contains(group));
    }
    assert_eq!(*end, expected, "an unlinked user has no owner, and nothing else was touched");
}
