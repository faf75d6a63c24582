//! The commands of docs/find-inactive.md, as they are written there.

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
