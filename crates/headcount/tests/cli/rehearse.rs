//! `--rehearse` reports what would happen, and nothing happens.

use serde_json::json;

use crate::harness::{World, table};

/// Asserts that the site got only reads, and that the journal has no run.
#[track_caller]
pub fn untouched(world: &World) {
    world.nothing_sent();
    assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n");
}

const SHEET: &str = "Email,Group\n\
    jfloat@banc.ly,oslo-engineering\n\
    vdillow@banc.ly,\"Finance, Europe\"\n\
    nobody@banc.ly,oslo-engineering\n";

#[test]
fn on_a_double_of_what_the_site_shows() {
    let mut world = World::new();
    world.seed(json!({"groups": [{"id": "g-formula", "name": "=empty"}]}));
    world.file("in.csv", format!("{SHEET}ftoten2@banc.ly,=empty\n"));
    let output = world.run("member add in.csv --rehearse").exit(1).snap("rehearse");
    let report = table(&output.stdout);
    let outcomes: Vec<_> = report[1..].iter().map(|row| row[4].as_str()).collect();
    assert_eq!(outcomes, ["changed", "changed", "skipped", "changed"]);
    untouched(&world);
    assert!(!world.is_member("jfloat@banc.ly", "oslo-engineering"));
    // The run itself then has the same results.
    world.run("member add in.csv --yes --report out.csv").exit(1);
    let real = table(&world.read("out.csv"));
    let outcomes_of = |table: &[Vec<String>]| -> Vec<String> {
        table[1..].iter().map(|row| format!("{} {}", row[4], row[5])).collect()
    };
    assert_eq!(outcomes_of(&real), outcomes_of(&report));
}

#[test]
fn on_a_double_of_exports() {
    let mut world = World::new();
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o groups.csv").exit(0);
    world.file("in.csv", SHEET);
    world.clear_log();
    let line = "member add in.csv --users users.csv --groups groups.csv --rehearse --report r.csv";
    world.run(line).exit(1).snap("rehearse-exports");
    assert_eq!(table(&world.read("r.csv")).len(), 4);
    // Only the own account was read.
    assert!(world.log()["requests"].as_u64() <= Some(2), "{}", world.log());
    untouched(&world);
}

#[test]
fn what_takes_away_and_guards() {
    let mut world = World::new();
    world.file("in.csv", "email\nvdillow@banc.ly\nftoten2@banc.ly\nadmin@banc.ly\n");
    for job in ["deactivate", "suspend", "remove"] {
        let line = format!("--json user {job} in.csv --rehearse");
        let events = world.run(&line).exit(1).events();
        assert_eq!((events.count("changed"), events.count("skipped")), (2, 1), "{job}");
        world.run(&format!("user {job} in.csv --rehearse --max-changes 1")).exit(4);
    }
    world.run("user suspend in.csv --rehearse --plan").exit(2);
    world.file("new.csv", "emailAddress,groups\na@example.com,oslo-engineering\n");
    world.run("user create new.csv --by invite --rehearse").exit(0);
    untouched(&world);
}

/// With the token alone, the copy is used with the token alone.
#[test]
fn with_the_token_alone() {
    let mut world = World::new().token_alone();
    world.file("in.csv", SHEET);
    world.run("member add in.csv --rehearse").exit(1).says("This was a rehearsal.");
    world.run("user suspend in.csv --rehearse").exit(2);
    untouched(&world);
}

/// The outcome and the reason of each row of a report.
fn ends(report: &str) -> Vec<String> {
    let report = table(report);
    let at = |name: &str| report[0].iter().position(|heading| heading == name).expect("the column");
    let (outcome, reason) = (at("outcome"), at("reason"));
    report[1..].iter().map(|row| format!("{} {}", row[outcome], row[reason])).collect()
}

/// A list and a sheet of several jobs end on the copy as they then end on the site.
#[test]
fn of_a_list_and_of_several_jobs() {
    let mut world = World::new();
    world.file(
        "list.csv",
        "email,status,groups\nvdillow@banc.ly,active,oslo-engineering\n\
         new.one@example.com,active,oslo-engineering\njfloat@banc.ly,deactivated,\n",
    );
    world.file(
        "actions.csv",
        "Action,Email,Group\nadd,dnkosi@banc.ly,oslo-engineering\nadd,ftoten2@banc.ly,hanoi-legal\n\
         create,new.two@example.com,oslo-engineering\ndeactivate,amelmeth@banc.ly,\n\
         user remove,nobody@banc.ly,\n",
    );
    for file in ["list.csv", "actions.csv"] {
        let rehearsal = world.run(&format!("sync {file} --rehearse")).says("This was a rehearsal.");
        let told = ends(&rehearsal.stdout);
        assert!(told.iter().any(|end| end.starts_with("changed")), "{told:?}");
        assert!(!told.iter().any(|end| end.starts_with("failed")), "{told:?}");
        world.nothing_sent();
        let run = world.run(&format!("sync {file} --yes --max-changes 20 --report out.csv"));
        assert_eq!((ends(&world.read("out.csv")), run.code), (told, rehearsal.code), "{file}");
        world.clear_log();
    }
    world.run("sync list.csv --rehearse --plan").exit(2);
    world.run("sync list.csv --rehearse --check").exit(2);
}

/// What a copy lacks is refused, with what to do instead.
#[test]
fn products_and_access_are_refused() {
    let mut world = World::new();
    world.file("list.csv", "email,products\nvdillow@banc.ly,jira-core\n");
    world.file("actions.csv", "Action,Email,Product\ngrant,vdillow@banc.ly,jira-core\n");
    let refused = world.run("sync list.csv --rehearse").exit(2);
    refused.says("a list with products cannot be rehearsed").says("--check");
    let refused = world.run("sync actions.csv --rehearse").exit(2);
    refused.says("rows of `access grant` cannot be rehearsed").says("--plan");
    world.run("sync list.csv --rehearse --map -=products");
    untouched(&world);
}
