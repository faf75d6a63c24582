//! Leases: a process that was stopped for longer than its lease sends nothing more.

use std::time::Duration;

use headcount_sandbox::Config;
use headcount_testkit::postgres;
use rustix::process::Signal;
use serde_json::json;

use crate::harness::World;

/// A world whose journal is the schema of this name on the server, and a file that adds this many users to a group.
pub fn world(schema: &str, rows: usize, latency: u64) -> World {
    let latency = Duration::from_millis(latency);
    let mut world =
        World::of(Config { people: Some(rows * 5 / 4 + 100), latency, ..Config::default() });
    world.seed(json!({ "groups": [{ "name": "all-hands-new" }] }));
    let mut file = "Email,Group\n".to_owned();
    for mail in world.plain_mails().iter().take(rows) {
        file.push_str(&format!("{mail},all-hands-new\n"));
    }
    world.file("add.csv", file);
    let journal = format!("{}&lease=1", postgres::server().journal(schema));
    world.set("HEADCOUNT_JOURNAL", &journal);
    world
}

/// Waits until no lease of a journal counts any more.
pub fn leases_end(schema: &str) {
    let ask = format!("SELECT count(*) FROM {schema}.leases WHERE until > clock_timestamp()");
    while postgres::server().execute(&ask) != "0" {}
}

/// A process is stopped while steps are `started` and wait for their places in the pace. Another one takes the run
/// after the lease. When the first one wakes, it sends none of them, and nothing is done twice.
#[test]
fn a_stopped_process_sends_nothing_after_it_wakes() {
    for is_taken in [false, true] {
        let schema = format!("stopped_{is_taken}");
        let world = world(&schema, 120, 5);
        let add = "--json member add add.csv --yes --rate 20 --canary 0";
        let mut job = world.command(add).start();
        job.settled(10);
        job.signal(Signal::STOP);
        leases_end(&schema);
        if is_taken {
            world.run("--json run resume last --yes --rate 100000").exit(0);
        }
        let sent = world.changing();
        job.signal(Signal::CONT);
        job.end().exit(4).says("no longer carries run");
        assert_eq!(world.changing(), sent, "it sent something after it woke");
        if !is_taken {
            world.run("--json run resume last --yes --rate 100000").exit(0);
        }
        assert_eq!(world.members("all-hands-new"), 120);
        world.nothing_twice();
    }
}

/// While a process carries a run, another one is refused, and shows who carries it.
#[test]
fn a_run_that_is_carried_is_not_applied_by_another_process() {
    let world = world("carried", 60, 5);
    let mut job = world.command("--json member add add.csv --yes --rate 20").start();
    job.settled(5);
    world.run("run resume last --yes").exit(2).says("its lease ends in");
    job.end().exit(0);
    world.nothing_twice();
}
