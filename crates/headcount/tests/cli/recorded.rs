//! Every sandbox that the program starts records its requests and answers if `HEADCOUNT_RECORD` names a folder.
//! The conformance check reads them. The tests of the page check the page's sandboxes.

use crate::harness::{Recorded, World};

const ADD: &str = "member add samples/member-add.csv --yes";
const ADDS: &str = "POST /rest/api/3/group/user";

#[test]
fn the_built_in_one() {
    let mut world = World::new();
    world.unset_all();
    let recorded = Recorded::of(&mut world);
    world.run(&format!("--profile sandbox {ADD}")).exit(0);
    recorded.has(ADDS);
    world.run("--profile sandbox run undo last --yes --max-changes 3").exit(0);
    recorded.has("DELETE /rest/api/3/group/user");
    assert_eq!(recorded.sandboxes().len(), 2, "one a command");
}

#[test]
fn the_double_of_a_rehearsal() {
    let mut world = World::new();
    let recorded = Recorded::of(&mut world);
    world.run("member add samples/member-add.csv --rehearse").exit(0);
    recorded.has(ADDS);
    // The site itself is not a sandbox of the program.
    assert_eq!(recorded.sandboxes().len(), 1);
    world.nothing_sent();
}

#[test]
fn the_demonstrations() {
    let mut world = World::new();
    world.unset_all();
    let recorded = Recorded::of(&mut world);
    world.run("demo").exit(0);
    recorded.has("POST /rest/api/3/user");
    recorded.has("POST /users/{account_id}/manage/lifecycle/enable");
}

/// `headcount sandbox` as a process, killed while it runs.
#[test]
fn the_one_that_is_served() {
    let mut host = World::new();
    host.unset_all();
    let recorded = Recorded::of(&mut host);
    let mut sandbox = host.command("sandbox").start();
    let card = sandbox.wait_for(1, |_| true);
    let mut world = World::new();
    for variable in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_ADMIN_URL"] {
        world.set(variable, card["url"].as_str().expect("a text"));
    }
    world.run(ADD).exit(0);
    sandbox.kill();
    recorded.has(ADDS);
    world.nothing_sent();
}

/// A folder that can't be used is reported before anything is sent. `--record` does the same.
#[test]
fn where_nothing_can_be_kept() {
    let mut world = World::new();
    world.set("HEADCOUNT_RECORD", "samples/member-add.csv");
    let told = "cannot keep exchanges in samples/member-add.csv";
    world.run("member add samples/member-add.csv --rehearse").exit(2).says(told);
    world.run(&format!("--profile sandbox {ADD}")).exit(5).says(told);
    world.run("demo").exit(2).says(told);
    world.unset("HEADCOUNT_RECORD");
    world.run("sandbox --record samples/member-add.csv").exit(2).says(told);
    world.nothing_sent();
}
