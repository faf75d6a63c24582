//! The list and the commands of docs/roster.md, as they are written there.

use crate::harness::{Output, World};

/// The blocks of the page in this language.
fn blocks(language: &str) -> Vec<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/roster.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let begin = format!("```{language}\n");
    let parts = page.split(&begin).skip(1);
    parts.map(|part| part.split("```").next().expect("an end").to_owned()).collect()
}

/// Runs a block as a script that stops at its first failure, on the site of the test.
fn run(world: &World, block: &str) -> Output {
    let block = block.replace("headcount --profile sandbox", "headcount");
    let script = format!("program=$0\nheadcount() {{ \"$program\" \"$@\"; }}\nset -e\n{block}");
    world.command("").under(&["sh", "-c", &script]).run()
}

#[test]
fn the_walk_makes_the_site_match_the_list_and_returns() {
    let mut world = World::new();
    world.file("roster.csv", &blocks("csv")[0]);
    let is_new = |world: &World| world.is_member("new.colleague@banc.ly", "hanoi-legal");
    let blocks = blocks("sh");
    assert_eq!(blocks.len(), 3, "the page has its steps");
    run(&world, &blocks[0]).exit(0).says("differences");
    world.nothing_sent();
    run(&world, &blocks[1]).exit(0);
    assert!(is_new(&world) && world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert_eq!(world.person("amelmeth@banc.ly")["lifecycle"], "inactive");
    run(&world, &blocks[2]).exit(0);
    assert!(!is_new(&world) && !world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert_ne!(world.person("amelmeth@banc.ly")["lifecycle"], "inactive");
}

#[test]
fn the_file_of_actions_is_one_plan() {
    let mut world = World::new();
    world.file("actions.csv", &blocks("csv")[1]);
    world.run("sync actions.csv --yes --max-changes 10").exit(0).says("4 changed, 1 unchanged");
    assert!(world.is_member("new.colleague@banc.ly", "hanoi-legal"));
    assert!(world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert_eq!(world.person("amelmeth@banc.ly")["lifecycle"], "inactive");
}
