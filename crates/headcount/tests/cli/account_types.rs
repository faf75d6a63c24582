//! Accounts that are not people: nothing is taken away from an app or a help-desk customer, recognized by the
//! site's own `accountType`. Other jobs report what these accounts are.

use serde_json::json;

use crate::harness::{World, table};

fn world() -> World {
    let world = World::new();
    world.seed(json!({ "people": [
        { "account_id": "557058:robot", "email": "robot@banc.ly", "name": "Robot", "kind": "app" },
        { "account_id": "qm:desk:customer", "email": "cu@client.example", "name": "Cu", "kind": "customer" },
        // Its id looks like an app's, but it belongs to a person.
        { "account_id": "557058:person", "email": "person@banc.ly", "name": "Pat Person" },
    ]}));
    world
}

const PEOPLE: &str = "User id\n557058:robot\nqm:desk:customer\n557058:person\n";

#[test]
fn nothing_is_taken_away_from_what_is_no_person() {
    for (job, app) in [
        ("user remove", "not-a-person"),
        // No directory contains apps.
        ("user suspend", "not-in-directory"),
        ("user deactivate", "not-a-person"),
    ] {
        let mut world = world();
        world.file("in.csv", PEOPLE);
        let line = format!("{job} in.csv --yes --max-changes 3 --report out.csv");
        world.run(&line).exit(1).says("cu@client.example is a help desk customer, not a person");
        assert!(world.changing() <= 1, "{job}");
        let report = table(&world.read("out.csv"));
        let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
        let reasons: Vec<_> = report[1..].iter().map(|row| row[reason].as_str()).collect();
        assert_eq!(reasons[..2], [app, "not-a-person"], "{job}");
    }
}

#[test]
fn other_jobs_show_it_and_their_undo_takes_back_what_they_gave() {
    let mut world = world();
    world.file("in.csv", "User id,Group\n557058:robot,hanoi-legal\n557058:person,hanoi-legal\n");
    world.run("member add in.csv --yes").exit(0).says("the account is an app, not a person");
    assert!(world.is_member("robot@banc.ly", "hanoi-legal"));
    world.run("run undo last --yes --max-changes 2").exit(0);
    assert!(!world.is_member("robot@banc.ly", "hanoi-legal"));
    world.run("member add in.csv --yes").exit(0);
    world.run("member remove in.csv --yes").exit(1).says("is an app, not a person");
    assert!(world.is_member("robot@banc.ly", "hanoi-legal"));
    assert!(!world.is_member("person@banc.ly", "hanoi-legal"));
}

/// By email, with either credential alone.
#[test]
fn it_is_known_with_either_key() {
    for (world, job) in
        [(world().token_alone(), "user remove"), (world().key_alone(), "user suspend")]
    {
        let mut world = world;
        world.file("in.csv", "User id\nqm:desk:customer\n");
        world.run(&format!("{job} in.csv --yes --max-changes 1")).exit(1).says("not a person");
        world.nothing_sent();
    }
}
