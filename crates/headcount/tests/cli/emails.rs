//! `user email`: guards, chains and circles of addresses, undo. No address is ever lost.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{World, table};

const EMAIL: &str = "/users/{account_id}/manage/email";

fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

fn seeded(people: &[Value]) -> World {
    let world = World::new();
    world.seed(json!({ "people": people }));
    world.clear_log();
    world
}

fn person(id: &str, mail: &str) -> Value {
    json!({ "account_id": id, "email": mail, "name": id })
}

/// The addresses of all users whose id begins with `u-`.
fn addresses(world: &World) -> BTreeMap<String, String> {
    let state = world.ask("GET", "/_sandbox/state?only=people", None);
    let people = state["people"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = people.iter().map(|one| (text(&one["account_id"]), text(&one["email"])));
    all.filter(|(id, _)| id.starts_with("u-")).collect()
}

#[test]
fn addresses_are_changed_and_what_the_site_would_refuse_is_not_sent() {
    let mut world = seeded(&[
        person("u-1", "one@banc.ly"),
        person("u-2", "two@banc.ly"),
        json!({ "account_id": "u-3", "email": "three@banc.ly", "name": "3", "source": "scim" }),
        json!({ "account_id": "u-4", "email": "four@example.org", "name": "4", "managed": false }),
        person("u-5", "five@banc.ly"),
        person("u-6", "six@banc.ly"),
    ]);
    world.file(
        "in.csv",
        "Email,New email,wanted\n\
         one@banc.ly,uno@banc.ly,done\n\
         one@banc.ly,UNO@banc.ly,duplicate\n\
         two@banc.ly,two@elsewhere.example,domain-not-verified\n\
         three@banc.ly,tre@banc.ly,identity-provider\n\
         four@example.org,four@banc.ly,unmanaged\n\
         five@banc.ly,vdillow@banc.ly,address-taken\n\
         six@banc.ly,Six@banc.ly,already-address\n\
         admin@banc.ly,chief@banc.ly,own-account\n\
         nobody@banc.ly,body@banc.ly,user-not-found\n",
    );
    world
        .run("user email in.csv --yes --report out.csv")
        .exit(1)
        .says("all sessions of each user end");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    assert_eq!(addresses(&world)["u-1"], "uno@banc.ly");
    world.changed(1);
    world.nothing_twice();
    world.run("run undo last --yes").exit(0);
    assert_eq!(addresses(&world)["u-1"], "one@banc.ly");
    world.run("run undo last --yes").exit(0);
    assert_eq!(addresses(&world)["u-1"], "uno@banc.ly");
}

#[test]
fn circles_and_collisions_are_refused_whole_with_their_rows() {
    for (rows, says) in [
        ("u-1,b@banc.ly\nu-2,a@banc.ly\n", "rows 1 and 2 exchange addresses in a circle"),
        ("u-1,b@banc.ly\nu-9,z@banc.ly\nu-2,c@banc.ly\nu-3,a@banc.ly\n", "rows 1, 3 and 4"),
        ("u-1,z@banc.ly\nu-2,z@banc.ly\n", "rows 1 and 2 give two users the address"),
        ("u-1,y@banc.ly\nu-1,z@banc.ly\n", "rows 1 and 2 give a@banc.ly two new addresses"),
    ] {
        let people = [("u-1", "a"), ("u-2", "b"), ("u-3", "c"), ("u-9", "i")];
        let people = people.map(|(id, mail)| person(id, &format!("{mail}@banc.ly")));
        let mut world = seeded(&people);
        world.file("in.csv", format!("accountId,New email\n{rows}"));
        world.run("user email in.csv --yes").exit(2).says(says).says("nothing was sent");
        world.nothing_sent();
    }
}

#[test]
fn a_chain_is_sent_from_its_end_and_undone_from_its_beginning() {
    let people = ["a", "b", "c"].map(|mail| person(&format!("u-{mail}"), &format!("{mail}@banc.ly")));
    let mut world = seeded(&people);
    world.file("in.csv", "accountId,New email\nu-a,b@banc.ly\nu-b,c@banc.ly\nu-c,d@banc.ly\n");
    let before = addresses(&world);
    world.run("user email in.csv --yes").exit(0);
    let after: Vec<_> = addresses(&world).into_values().collect();
    assert_eq!(after, ["b@banc.ly", "c@banc.ly", "d@banc.ly"]);
    world.changed(3);
    world.nothing_twice();
    world.clear_log();
    world.run("run undo last --yes").exit(0);
    assert_eq!(addresses(&world), before);
    world.changed(3);
    world.nothing_twice();
}

/// The site refuses the second of three; the first of the chain is never sent.
#[test]
fn what_waits_for_a_refused_change_is_skipped() {
    let people = ["a", "b", "c"].map(|mail| person(&format!("u-{mail}"), &format!("{mail}@banc.ly")));
    let mut world = seeded(&people);
    world.file("in.csv", "accountId,New email\nu-a,b@banc.ly\nu-b,c@banc.ly\nu-c,d@banc.ly\n");
    world.fault(json!({
        "method": "PUT", "path": EMAIL, "account": "u-b", "times": 0,
        "answer": { "status": 403, "body": { "key": "forbidden" } },
    }));
    world.run("user email in.csv --yes --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "outcome"), ["skipped", "failed", "changed"]);
    assert_eq!(column(&world, "out.csv", "reason")[0], "earlier-step-not-done");
    let now: Vec<_> = addresses(&world).into_values().collect();
    assert_eq!(now, ["a@banc.ly", "b@banc.ly", "d@banc.ly"]);
    world.changed(1);
}

/// Lost answers and errors after the change: nothing is sent twice, and no chain goes on before its address is free.
#[test]
fn a_chain_survives_lost_answers() {
    for fault in [
        json!({ "drop": "after" }),
        json!({ "drop": "before" }),
        json!({ "answer": { "status": 500, "when": "after", "body": "unwell" } }),
    ] {
        let people =
            ["a", "b", "c"].map(|mail| person(&format!("u-{mail}"), &format!("{mail}@banc.ly")));
        let mut world = seeded(&people);
        world.file("in.csv", "accountId,New email\nu-a,b@banc.ly\nu-b,c@banc.ly\nu-c,d@banc.ly\n");
        let mut fault = fault;
        fault["method"] = json!("PUT");
        fault["path"] = json!(EMAIL);
        fault["account"] = json!("u-b");
        world.fault(fault);
        let events = world.run("--json user email in.csv --yes").exit(0).events();
        assert_eq!(events.count("changed"), 3);
        let now: Vec<_> = addresses(&world).into_values().collect();
        assert_eq!(now, ["b@banc.ly", "c@banc.ly", "d@banc.ly"]);
        world.nothing_twice();
    }
}

/// Numbers from a seed (a linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// Random tables: the end is as the sheet says, or nothing was sent; and an undo restores every address.
#[test]
fn random_tables_end_as_the_sheet_says_or_nothing_is_sent() {
    let (mut sent, mut refused) = (0, 0);
    for seed in 0..24 {
        let mut numbers = Numbers(seed);
        let many = 3 + numbers.below(5);
        let mail = |number: usize| format!("m{number}@banc.ly");
        let people: Vec<_> = (0..many).map(|at| person(&format!("u-{at}"), &mail(at))).collect();
        let mut world = seeded(&people);
        // Mostly chains: each user gets the next one's address, or a random one of a pool that is a little larger.
        let shift = 1 + numbers.below(2);
        let mut sheet = "accountId,New email\n".to_owned();
        let mut wanted = addresses(&world);
        let mut rows: Vec<usize> = (0..many).collect();
        for at in (1..many).rev() {
            rows.swap(at, numbers.below(at + 1));
        }
        for at in rows {
            let new = match numbers.below(12) {
                0 => mail(numbers.below(many + 2)),
                _ => mail(at + shift),
            };
            sheet += &format!("u-{at},{new}\n");
            wanted.insert(format!("u-{at}"), new);
        }
        world.file("in.csv", &sheet);
        let before = addresses(&world);
        let output = world.run("user email in.csv --yes");
        let now = addresses(&world);
        let mut each: Vec<_> = now.values().collect();
        each.sort();
        each.dedup();
        assert_eq!(each.len(), many, "an address is lost: {sheet}");
        if output.code == 2 {
            assert_eq!(now, before, "{sheet}");
            refused += 1;
            continue;
        }
        assert_eq!(output.code, 0, "{sheet}\n{}", output.stderr);
        assert_eq!(now, wanted, "{sheet}");
        world.nothing_twice();
        world.run("run undo last --yes").exit(0);
        assert_eq!(addresses(&world), before, "{sheet}");
        sent += 1;
    }
    assert!(sent > 5 && refused > 2, "{sent} sent, {refused} refused");
}

#[test]
fn the_own_account_must_be_known() {
    let mut world = seeded(&[person("u-1", "one@banc.ly")]);
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN", "HEADCOUNT_EMAIL"] {
        world.unset(name);
    }
    world.file("in.csv", "Email,New email\nadmin@banc.ly,boss@banc.ly\none@banc.ly,uno@banc.ly\n");
    world.run("user email in.csv --yes").exit(2).says("cannot tell which account is yours");
    world.nothing_sent();
    // The profile's email is enough.
    world.set("HEADCOUNT_EMAIL", "Admin@banc.ly");
    world.run("user email in.csv --yes --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), ["own-account", "done"]);
}

#[test]
fn a_protected_address_is_given_to_no_user() {
    let mut world =
        seeded(&[person("u-1", "one@banc.ly"), person("u-2", "two@banc.ly"), person("u-3", "three@banc.ly")]);
    world.seed(json!({ "domains": ["board.banc.ly"] }));
    let card = world.card().clone();
    world.unset_all();
    let profile = |protected: &str| {
        format!(
            "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\nemail = \"{}\"\n\
             api_token_command = \"printf %s {}\"\norg_api_key_command = \"printf %s {}\"\n\
             protected = [{protected}]\n",
            card.email, card.api_token, card.org_api_key, url = card.url
        )
    };
    world.profiles(&profile("'new@banc.ly', '@board.banc.ly'"));
    world.file(
        "in.csv",
        "Email,New email\none@banc.ly,NEW@banc.ly\ntwo@banc.ly,two@board.banc.ly\nthree@banc.ly,tre@banc.ly\n",
    );
    let run = |rest: &str| format!("user email in.csv {rest}");
    world.run(&run("--yes --report out.csv")).exit(1).says("the new address");
    assert_eq!(column(&world, "out.csv", "reason"), ["protected", "protected", "done"]);
    // A plan that waited obeys the list of now.
    world.file("in.csv", "Email,New email\none@banc.ly,uno@banc.ly\n");
    world.run(&run("--plan")).exit(0);
    world.profiles(&profile("'uno@banc.ly'"));
    world.run("run apply last --yes --report late.csv").exit(1);
    assert_eq!(column(&world, "late.csv", "reason"), ["protected"]);
    assert_eq!(addresses(&world)["u-1"], "one@banc.ly");
}

/// An account that is scheduled for deletion keeps its address: in 14 days it is gone, and with it the address.
#[test]
fn the_address_of_an_account_that_is_scheduled_for_deletion_stays() {
    let mut world = seeded(&[
        json!({ "account_id": "u-1", "email": "one@banc.ly", "name": "1", "lifecycle": "for-deletion" }),
        json!({ "account_id": "u-2", "email": "two@banc.ly", "name": "2", "lifecycle": "inactive" }),
        person("u-3", "three@banc.ly"),
        person("u-4", "four@banc.ly"),
    ]);
    world.file(
        "in.csv",
        "Email,New email\none@banc.ly,uno@banc.ly\ntwo@banc.ly,due@banc.ly\nthree@banc.ly,one@banc.ly\n\
         four@banc.ly,quattro@banc.ly\n",
    );
    world.run("user email in.csv --yes --report out.csv").exit(1).says("user cancel-delete");
    let reasons = ["account-inactive", "done", "address-taken", "done"];
    assert_eq!(column(&world, "out.csv", "reason"), reasons);
    world.by_hand("POST", "/users/u-4/manage/lifecycle/delete", None);
    world.clear_log();
    world.run("run undo last --yes --report undo.csv").exit(1);
    assert_eq!(column(&world, "undo.csv", "reason"), ["done", "account-inactive"]);
    assert_eq!(addresses(&world)["u-4"], "quattro@banc.ly");
    world.changed(1);
}

/// Every spelling of a verified domain is sent as the organization spells it.
#[test]
fn a_new_domain_is_sent_as_the_organization_spells_it() {
    let mut world = seeded(&[
        person("u-1", "one@banc.ly"),
        person("u-2", "two@banc.ly"),
        person("u-3", "three@banc.ly"),
        person("u-4", "four@banc.ly"),
    ]);
    world.seed(json!({ "domains": ["bücher.example", "xn--strae-oqa.example"] }));
    world.file(
        "in.csv",
        "Email,New email\none@banc.ly,Uno@xn--bcher-kva.example\ntwo@banc.ly,due@BÜCHER.example\n\
         three@banc.ly,tre@straße.example\nfour@banc.ly,quattro@BANC.ly\n",
    );
    world.run("user email in.csv --yes").exit(0).says("4 changed");
    let now = addresses(&world);
    let wanted = ["Uno@bücher.example", "due@bücher.example", "tre@xn--strae-oqa.example", "quattro@banc.ly"];
    assert_eq!(["u-1", "u-2", "u-3", "u-4"].map(|id| now[id].as_str()), wanted);
    world.nothing_twice();
}
