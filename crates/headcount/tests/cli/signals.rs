//! SIGTERM (`timeout`, `docker stop`, a service manager) and SIGHUP (a closed terminal) end a
//! command as Ctrl-C does.

use rustix::process::Signal;
use serde_json::json;

use crate::harness::{World, table};

const ADD: &str = "--json member add samples/member-add.csv --yes --concurrency 1";

/// A world whose site holds the second change for a moment after the signal.
fn held() -> World {
    let world = World::new();
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 1,
        "delay_ms": 1_500,
    }));
    world
}

/// The open change is finished, and the rest waits. Two signals have the same effect.
#[test]
fn a_run_ends_in_order() {
    for (signal, times) in [(Signal::TERM, 1), (Signal::HUP, 1), (Signal::TERM, 2), (Signal::HUP, 3)]
    {
        let world = held();
        let mut job = world.command(&format!("{ADD} --report r.csv")).start();
        job.settled(1);
        world.struck(1);
        for _ in 0..times {
            job.signal(signal);
        }
        let output = job.end().exit(130).says("Stopping").says("headcount run resume");
        let events = output.events();
        assert_eq!(events.last("state"), "stopped");
        assert_eq!((events.count("changed"), events.count("pending")), (2, 1), "{signal:?}");
        assert_eq!(table(&world.read("r.csv")).len(), 4);
        world.run("run resume last --yes").exit(0);
        world.nothing_twice();
    }
}

/// The same for an undo, a resume and an apply.
#[test]
fn what_follows_a_plan_ends_in_order() {
    for line in [
        "--json run undo last --yes --max-changes 9 --concurrency 1",
        "--json run apply last --yes --concurrency 1",
    ] {
        let world = World::new();
        let plan = if line.contains("apply") { "--plan" } else { "--yes" };
        world.run(&format!("member add samples/member-add.csv {plan}")).exit(0);
        let method = if line.contains("apply") { "POST" } else { "DELETE" };
        world.fault(json!({
            "method": method, "path": "/rest/api/3/group/user", "nth": 2, "times": 1,
            "delay_ms": 1_500,
        }));
        let mut job = world.command(line).start();
        job.settled(1);
        world.struck(1);
        job.signal(Signal::TERM);
        let output = job.end().exit(130).says("headcount run resume");
        assert_eq!(output.events().last("state"), "stopped");
        assert_eq!(output.events().count("pending"), 1);
        world.run("run resume last --yes --max-changes 9").exit(0);
        world.nothing_twice();
    }
}

/// A plan, a lookup or an export ends: nothing was sent, and no incomplete file is left.
#[test]
fn what_only_reads_is_broken_off() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for (line, path) in [
            (ADD, "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search"),
            ("--json user export -o users.csv", "/admin/*"),
            ("--json user deactivate samples/deactivate.csv --rehearse --max-changes 9", "/admin/*"),
        ] {
            let world = World::new();
            world.fault(json!({ "path": path, "delay_ms": 600_000 }));
            let job = world.command(line).start();
            world.struck(1);
            job.signal(signal);
            let output = job.end().exit(130).says("interrupted; no change was sent");
            assert_eq!(output.events().named("finished").len(), 1, "{line}");
            world.nothing_sent();
            assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n", "{line}");
            let left = std::fs::read_dir(world.path(".")).expect("the folder").count();
            assert_eq!(left, 1, "{line} left a file in the working folder");
        }
    }
}

/// `nohup` means that the hang-up is ignored.
#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let world = held();
    let shell = r#"trap '' HUP; exec "$0" "$@""#;
    let mut job = world.command(ADD).under(&["sh", "-c", shell]).start();
    job.settled(1);
    world.struck(1);
    job.signal(Signal::HUP);
    assert_eq!(job.end().exit(0).events().count("changed"), 3);
}

/// `timeout` sends its signal to the program and then to its process group.
#[test]
fn timeout_ends_a_run_in_order() {
    let world = World::new();
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 0,
        "delay_ms": 3_000,
    }));
    let output = world.command(ADD).under(&["timeout", "2"]).run().exit(124);
    assert_eq!(output.stdout.lines().last().map(|line| line.contains("\"finished\"")), Some(true));
    assert!(output.stderr.contains("run resume"), "{}", output.stderr);
    world.no_faults();
    world.run("run resume last --yes").exit(0);
    world.nothing_twice();
}
