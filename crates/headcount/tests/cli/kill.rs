//! Whatever stops a run, one command resumes it, and nothing is done twice.

use std::time::Duration;

use headcount_sandbox::Config;
use serde_json::json;

use crate::harness::{World, table};

/// Users who can be added to a group, as `(account id, email)`.
fn people(world: &World, many: usize) -> Vec<(String, String)> {
    let state = world.ask("GET", "/_sandbox/state?only=people", None);
    let people = state["people"].as_array().expect("people");
    let here = people.iter().filter(|person| {
        // Default fields are left out; here an active user with an email address that all users see.
        person.get("place").is_none()
            && person.get("org_admin").is_none()
            && person.get("lifecycle").is_none()
            && person.get("kind").is_none()
            && person["email"].as_str().is_some_and(|mail| mail.contains("@banc."))
    });
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let people: Vec<_> =
        here.map(|person| (text(&person["account_id"]), text(&person["email"]))).take(many).collect();
    assert_eq!(people.len(), many, "too few people");
    people
}

/// A world with a file that adds this many users to a new group.
fn world_with_rows(rows: usize, latency: Duration) -> World {
    let mut world =
        World::of(Config { people: Some(rows * 5 / 4 + 100), latency, ..Config::default() });
    world.seed(json!({ "groups": [{ "name": "all-hands-new" }] }));
    let people = people(&world, rows);
    let mut file = "Email,Group\n".to_owned();
    for (_, mail) in people {
        file.push_str(&format!("{mail},all-hands-new\n"));
    }
    world.file("add.csv", file);
    world
}

const ADD: &str = "--json member add add.csv --yes";
const RESUME: &str = "--json run resume last --yes --report out.csv";

/// Resumes, and asserts that every row has an outcome and nothing was done twice.
#[track_caller]
fn resumed(world: &World, rows: usize) {
    let output = world.run(RESUME).exit(0);
    let events = output.events();
    assert_eq!(events.last("state"), "finished");
    assert_eq!(events.count("rows"), rows as u64);
    assert_eq!(events.count("changed") + events.count("unchanged"), rows as u64);
    let report = table(&world.read("out.csv"));
    assert_eq!(report.len(), rows + 1);
    let outcome = report[0].iter().position(|heading| heading == "outcome").expect("a column");
    assert!(report[1..].iter().all(|row| matches!(row[outcome].as_str(), "changed" | "unchanged")));
    world.nothing_twice();
}

#[test]
fn kill_9_in_the_middle_of_2_000_rows() {
    let world = world_with_rows(2_000, Duration::from_millis(2));
    let mut job = world.command(ADD).start();
    job.settled(700);
    job.kill();
    let list = world.run("run list").exit(0);
    assert!(list.stdout.contains("interrupted"), "{}", list.stdout);
    let before = world.log()["changed"].as_u64().expect("a number");
    assert!((700..2_000).contains(&before), "{before} changes were made before the kill");
    resumed(&world, 2_000);
    assert_eq!(world.members("all-hands-new"), 2_000);
    // A finished run exits as before.
    world.run("run resume last --yes").exit(0);
}

#[test]
fn kill_9_again_and_again() {
    let world = world_with_rows(400, Duration::from_millis(2));
    let mut job = world.command(ADD).start();
    job.settled(60);
    job.kill();
    for _ in 0..3 {
        let mut job = world.command("--json run resume last --yes").start();
        job.settled(60);
        job.kill();
    }
    resumed(&world, 400);
    assert_eq!(world.members("all-hands-new"), 400);
}

/// The canary's request took effect; its answer has not arrived, or was not verified.
#[test]
fn kill_9_in_the_canary() {
    let world = world_with_rows(5, Duration::from_millis(200));
    let job = world.command(ADD).start();
    world.changed(1);
    job.kill();
    assert_eq!(world.members("all-hands-new"), 1);
    resumed(&world, 5);
    assert_eq!(world.members("all-hands-new"), 5);
}

/// An abandoned draft is removed; nothing was sent.
#[test]
fn kill_9_while_planning() {
    let world = world_with_rows(5, Duration::ZERO);
    world.fault(json!({
        "method": "POST", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        "delay_ms": 600_000,
    }));
    let job = world.command(ADD).start();
    world.struck(1);
    job.kill();
    insta::assert_snapshot!(world.run("run list").exit(0).transcript(), @r"
    $ headcount run list
    ─── stdout
    no runs yet
    ─── exit 0
    ");
    insta::assert_snapshot!(world.run("run resume last --yes").exit(2).transcript(), @r"
    $ headcount run resume last --yes
    ─── stderr
    error: there are no runs yet
    hint: a job creates one: headcount member add FILE
    ─── exit 2
    ");
    world.nothing_sent();
    world.no_faults();
    assert_eq!(world.run(ADD).exit(0).events().count("changed"), 5);
}

/// Before the plan is agreed to, Ctrl-C ends the program immediately, and the draft is removed.
#[test]
fn ctrl_c_while_planning() {
    let world = world_with_rows(5, Duration::ZERO);
    world.fault(json!({
        "method": "POST", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        "delay_ms": 600_000,
    }));
    let job = world.command(ADD).start();
    world.struck(1);
    job.interrupt();
    job.end().exit(130);
    world.nothing_sent();
    assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n");
}

#[test]
fn kill_9_in_an_undo() {
    let world = world_with_rows(300, Duration::from_millis(2));
    world.run(ADD).exit(0);
    assert_eq!(world.members("all-hands-new"), 300);
    let mut undo = world.command("--json run undo last --yes --max-changes 300").start();
    undo.settled(100);
    undo.kill();
    let output = world.run("--json run resume last --yes --max-changes 300").exit(0);
    assert_eq!(output.events().count("rows"), 300);
    assert_eq!(world.members("all-hands-new"), 0);
    world.nothing_twice();
}

/// The built-in sandbox ends with the program that contains it, and keeps its state.
#[test]
fn kill_9_of_program_and_embedded_sandbox() {
    let mut world = World::new();
    let groups = ["oslo-engineering", "houston-sales", "hanoi-legal", "Team #7", "R&D", "Größe/Maß"];
    let people = people(&world, 10);
    let mut file = "Email,Group\n".to_owned();
    for (_, mail) in &people {
        for group in groups {
            file.push_str(&format!("{mail},{group}\n"));
        }
    }
    world.unset_all();
    world.file("add.csv", file);
    let mut job = world.command(&format!("--profile sandbox {ADD}")).start();
    job.settled(20);
    job.kill();
    let events = world.run(RESUME).exit(0).events();
    assert_eq!(events.count("changed"), 60);
    let again = world.run(&format!("--profile sandbox {ADD}")).exit(0).events();
    assert_eq!(again.count("unchanged"), 60);
    world.nothing_sent();
}

/// Ctrl-C once: open requests are finished, and the rest waits.
#[test]
fn ctrl_c_once() {
    let world = world_with_rows(1_000, Duration::from_millis(2));
    let mut job = world.command(ADD).start();
    job.settled(100);
    job.interrupt();
    let output = job.end().exit(130).says("Stopping").says("run resume");
    let events = output.events();
    assert_eq!(events.last("state"), "stopped");
    assert_eq!(events.named("stopped").len(), 1);
    let (changed, pending) = (events.count("changed"), events.count("pending"));
    assert!(changed >= 100 && pending > 0, "{changed} changed, {pending} pending");
    // Everything that was sent has an outcome.
    assert_eq!(world.log()["changed"], changed);
    let last = output.stderr.lines().last().expect("a line");
    assert!(last.contains("headcount run resume"), "the last line names the command: {last}");
    resumed(&world, 1_000);
}

/// Ctrl-C twice: the program ends immediately, and the next command settles open requests.
#[test]
fn ctrl_c_twice() {
    let world = world_with_rows(60, Duration::ZERO);
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 11, "times": 0,
        "delay_ms": 600_000,
    }));
    let mut job = world.command(ADD).start();
    job.settled(10);
    world.struck(1);
    job.interrupt();
    job.says("Stopping");
    job.interrupt();
    let output = job.end().exit(130).says("Exiting at once");
    assert_eq!(output.events().last("state"), "stopped");
    world.no_faults();
    resumed(&world, 60);
    assert_eq!(world.members("all-hands-new"), 60);
}

#[test]
fn an_active_run_belongs_to_one_process() {
    let world = world_with_rows(20, Duration::ZERO);
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 5, "times": 0,
        "delay_ms": 600_000,
    }));
    let mut job = world.command(ADD).start();
    job.settled(4);
    insta::assert_snapshot!(world.run("run resume last --yes").exit(2).transcript(), @r"
    $ headcount run resume last --yes
    ─── stderr
    error: another headcount is already working on run 20260101-1 (process PID)
    hint: wait until that process ends, or stop it first
    ─── exit 2
    ");
    world.run("run cancel last").exit(2);
    insta::assert_snapshot!(world.run("run undo last --yes --max-changes 20").exit(2).transcript(), @r"
    $ headcount run undo last --yes --max-changes 20
    ─── stderr
    error: run 20260101-1 is still active
    hint: wait until the run ends, or stop it with Ctrl-C first
    ─── exit 2
    ");
    let list = world.run("run list").exit(0);
    assert!(list.stdout.contains("running"), "{}", list.stdout);
    job.kill();
    world.no_faults();
    resumed(&world, 20);
}
