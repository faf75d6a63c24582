//! `user unlink`: what it changes, what it leaves alone, and what becomes of lost answers.

use serde_json::{Value, json};

use crate::harness::{World, table};

const UNLINK: &str = "/admin/user-provisioning/v1/org/{orgId}/user/{accountId}/onlyDeleteUserInDB";

/// Users of identity providers and others, in all states. The profile protects one of them.
fn world() -> World {
    let mut world = World::new();
    let person = |mail: &str, source: &str, more: Value| {
        let mut person = json!({ "email": mail, "name": mail, "source": source });
        for (key, value) in more.as_object().cloned().unwrap_or_default() {
            person[key] = value;
        }
        person
    };
    let people = [
        person("one@banc.ly", "scim", json!({})),
        person("two@banc.ly", "scim", json!({ "lifecycle": "inactive" })),
        person("hand@banc.ly", "invited", json!({})),
        person("google@banc.ly", "google", json!({})),
        person("boss@banc.ly", "scim", json!({ "org_admin": true })),
        person("kept@banc.ly", "scim", json!({})),
        person("outside@example.org", "invited", json!({ "managed": false })),
    ];
    let member = |mail: &str, group: &str| json!({ "email": mail, "group": group });
    world.seed(json!({
        "people": people, "groups": [{ "name": "synced", "synced": true }],
        "memberships": [member("one@banc.ly", "synced"), member("one@banc.ly", "oslo-engineering")],
    }));
    let card = world.card().clone();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\nemail = \"{}\"\nadmin_url = \"{}\"\norg_id = \"{}\"\ndirectory_id = \"{}\"\n\
         org_api_key_command = \"printf %s {}\"\nprotected = [\"kept@banc.ly\"]\n",
        card.email, card.url, card.org_id, card.directory_id, card.org_api_key
    ));
    world.clear_log();
    world
}

const IN: &str = "Email,wanted\n\
    one@banc.ly,done\n\
    two@banc.ly,done\n\
    one@banc.ly,duplicate\n\
    hand@banc.ly,not-synced\n\
    google@banc.ly,identity-provider\n\
    boss@banc.ly,org-admin\n\
    kept@banc.ly,protected\n\
    outside@example.org,unmanaged\n\
    nobody@banc.ly,user-not-found\n";

fn column(world: &World, name: &str) -> Vec<String> {
    let report = table(&world.read("out.csv"));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn accounts_of_an_identity_provider_are_managed_by_hand_afterwards() {
    let mut world = world();
    world.file("in.csv", IN);
    world.run("user unlink in.csv --yes").exit(2).says("--max-changes");
    world.nothing_sent();
    let line = "user unlink in.csv --yes --max-changes 2 --report out.csv";
    world.run(line).exit(1).snap("unlink");
    assert_eq!(column(&world, "reason"), column(&world, "wanted"));
    world.nothing_twice();
    assert!(!world.is_member("one@banc.ly", "synced"));
    assert!(world.is_member("one@banc.ly", "oslo-engineering"));
    assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive");
    // A second run has nothing to do.
    world.clear_log();
    world.run(line);
    assert_eq!(column(&world, "reason")[..2], ["not-synced", "not-synced"]);
    world.nothing_sent();
    // No undo links an account again, and it says so.
    let output = world.run("run undo 1 --yes --max-changes 9 --report out.csv").exit(1);
    output.says("provision the user");
    assert_eq!(column(&world, "reason"), ["not-undoable", "not-undoable"]);
    world.nothing_sent();
    // From now on the other jobs change the account.
    world.file("off.csv", "Email\none@banc.ly\n");
    world.run("user deactivate off.csv --yes --max-changes 1").exit(0);
    world.check_files();
}

/// While a plan waited, a colleague unlinked one of its users.
#[test]
fn a_plan_that_waited_reads_the_owner_again() {
    let mut world = world();
    world.file("in.csv", "Email\none@banc.ly\ntwo@banc.ly\n");
    world.run("user unlink in.csv --plan").exit(0);
    let account = world.person("one@banc.ly")["account_id"].as_str().expect("an id").to_owned();
    let org = world.card().org_id.clone();
    let path = format!("/admin/user-provisioning/v1/org/{org}/user/{account}/onlyDeleteUserInDB");
    world.by_hand("DELETE", &path, None);
    world.clear_log();
    world.run("run apply last --yes --max-changes 9 --report out.csv").exit(0);
    assert_eq!(column(&world, "reason"), ["not-synced", "done"]);
    world.changed(1);
}

/// Each answer that is lost or shows nothing: the account is unlinked once, and each row has its outcome. A refusal is
/// verified by reading.
#[test]
fn lost_answers_and_refusals_are_settled_by_reading() {
    let answer = |status: u16, when: &str| json!({ "answer": { "status": status, "when": when, "body": {} } });
    for (fault, outcome, reason) in [
        (answer(503, "before"), "changed", "done"),
        (answer(503, "after"), "changed", "done-no-response"),
        (json!({ "drop": "before" }), "changed", "done"),
        (json!({ "drop": "after" }), "changed", "done-no-response"),
        (json!({ "half_body": true }), "changed", "done-no-response"),
        (answer(202, "after"), "changed", "done"),
        (answer(429, "before"), "changed", "done"),
        (answer(404, "after"), "unchanged", "not-synced"),
        (answer(404, "before"), "failed", "not-found"),
        (answer(403, "before"), "failed", "forbidden"),
    ] {
        let mut world = world();
        world.file("in.csv", "Email\none@banc.ly\n");
        let mut sent = fault.clone();
        sent["method"] = "DELETE".into();
        sent["path"] = UNLINK.into();
        sent["times"] = 1.into();
        world.fault(sent);
        let output = world.run("user unlink in.csv --yes --max-changes 1 --report out.csv");
        let row = (column(&world, "outcome").remove(0), column(&world, "reason").remove(0));
        assert_eq!(row, (outcome.to_owned(), reason.to_owned()), "{fault}\n{}", output.stderr);
        world.nothing_twice();
        let is_linked = world.person("one@banc.ly")["source"] == "scim";
        assert_eq!(is_linked, outcome == "failed", "{fault}");
    }
}

/// A rehearsal's copy has no identity provider, so its result would be wrong.
#[test]
fn an_unlinking_cannot_be_rehearsed() {
    let mut world = world();
    world.file("in.csv", "Email\none@banc.ly\n");
    world.run("user unlink in.csv --rehearse").exit(2).says("identity provider").says("--plan");
    world.nothing_sent();
}
