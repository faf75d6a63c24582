//! The commands of docs/find-inactive.md, as they are written there.

use serde_json::json;

use crate::harness::{Output, World};

/// The blocks of the page that a shell runs.
fn blocks() -> Vec<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/find-inactive.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let parts = page.split("```sh\n").skip(1);
    parts.map(|part| part.split("```").next().expect("an end").to_owned()).collect()
}

/// Runs a block as a script.
fn run(world: &World, block: &str) -> Output {
    let script = format!("program=$0\nheadcount() {{ \"$program\" \"$@\"; }}\n{block}");
    world.command("").under(&["sh", "-c", &script]).run()
}

/// The seats of all apps that are taken.
fn taken(world: &World) -> i64 {
    let seats = world.run("--json user seats").exit(0);
    let apps = seats.events().named("seats")[0]["apps"].as_array().expect("apps").clone();
    apps.iter().map(|app| app["taken"].as_i64().expect("a number")).sum()
}

#[test]
fn the_walk_takes_licenses_back_and_returns_them() {
    let world = World::of_people(400);
    let before = taken(&world);
    let blocks = blocks();
    let (nightly, walk) = blocks.split_last().expect("blocks");
    let mut freed = false;
    for block in walk {
        // A step stops at its first failure.
        run(&world, &format!("set -e\n{block}")).exit(0);
        freed |= taken(&world) < before;
    }
    assert!(freed, "no seat came free");
    assert_eq!(taken(&world), before, "the undo returns the seats");
    assert!(walk.len() >= 8, "the page has its steps");
    // The nightly script, twice: the second night finds no user who can be suspended.
    run(&world, nightly).exit(0);
    let after = taken(&world);
    assert!(after < before);
    run(&world, nightly).exit(0);
    assert_eq!(taken(&world), after);
}

/// The nightly script ends as its comments say: with a refused credential, with too many users, and where the site asks for
/// a long wait in the middle.
#[test]
fn the_nightly_script_ends_by_its_exit_codes() {
    let blocks = blocks();
    let nightly = blocks.last().expect("the script");
    let mut refused = World::of_people(400);
    refused.set("HEADCOUNT_ORG_API_KEY", "not-the-key");
    run(&refused, nightly).exit(3);
    refused.nothing_sent();

    let many = World::of_people(4_000);
    run(&many, nightly).exit(4).says("the maximum is 250");
    many.nothing_sent();

    // A wait of two days: the second try ends as the first, and the rows that were sent stay.
    let waits = World::of_people(400);
    let before = taken(&waits);
    let answer = json!({ "status": 429, "headers": { "retry-after": "172800" } });
    let path = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend";
    waits.fault(json!({ "method": "POST", "path": path, "nth": 9, "times": 0, "answer": answer }));
    run(&waits, &format!("sleep() {{ echo slept; }}\n{nightly}")).exit(5).says("Retry-After");
    assert!(taken(&waits) < before);
    waits.nothing_twice();
    let list = waits.run("run list").exit(0).stdout;
    assert!(list.lines().count() == 1 && list.contains("stopped"), "{list}");
}
