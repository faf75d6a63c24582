//! Turns: an undo and its run are not applied at the same time, nor two runs of one site with a journal that
//! several machines share.

use headcount_testkit::postgres;
use rustix::process::Signal;
use serde_json::json;

use crate::collection_runs;
use crate::harness::{Live, World};
use crate::leases::{self, leases_end};

/// A world whose processes keep their leases, however slow the computer is.
fn world(schema: &str) -> World {
    let mut world = leases::world(schema, 60, 5);
    world.set("HEADCOUNT_JOURNAL", &postgres::server().journal(schema));
    world
}

/// Applies some rows, and is stopped.
fn begun(world: &World) -> String {
    let mut job = world.command("--json member add add.csv --yes --rate 20 --canary 0").start();
    job.settled(10);
    job.interrupt();
    let list = job.end();
    assert_ne!(list.code, 0, "{}", list.stderr);
    world.run("run list").exit(0).stdout.lines().next().expect("a run").split(' ').next().expect("an id").to_owned()
}

/// Stops a slow command, and continues its run at once.
fn ended(world: &World, slow: Live<'_>, resume: &str) {
    slow.interrupt();
    slow.end();
    world.run(&format!("{resume} --rate 100000")).exit(0);
}

/// The process that carries a run may send its next row at any moment: an undo of it does not begin then. While the undo is
/// applied, its run is not continued.
#[test]
fn an_undo_is_not_applied_while_its_run_is_and_the_other_way_round() {
    for is_on_a_server in [false, true] {
        let mut world = world("undo_meanwhile");
        if !is_on_a_server {
            world.unset("HEADCOUNT_JOURNAL");
        }
        let run = begun(&world);
        let undo = world.run(&format!("run undo {run} --plan")).exit(0).stdout.trim().to_owned();
        let resume = format!("--json run resume {run} --yes");
        let mut job = world.command(&format!("{resume} --rate 2")).start();
        job.settled(2);
        let apply = format!("run apply {undo} --yes --max-changes 60");
        let refused = world.run(&apply).exit(2);
        let words = format!("another headcount is already working on run {run}");
        let turn = format!("run {run} of the same site or organization is being applied");
        assert!(refused.stderr.contains(&words) || refused.stderr.contains(&turn), "{}", refused.stderr);
        ended(&world, job, &resume);
        assert_eq!(world.members("all-hands-new"), 60, "the undo took nothing away");
        let mut undoing = world.command(&format!("--json {apply} --rate 1 --canary 0")).start();
        undoing.settled(2);
        world.run(&format!("run undo {run} --yes --max-changes 60")).exit(2);
        if is_on_a_server {
            world.run(&format!("run queue {run} --yes")).exit(2);
        }
        ended(&world, undoing, &format!("run resume {undo} --yes --max-changes 60"));
        assert!(world.members("all-hands-new") < 60);
        world.nothing_twice();
    }
}

/// The limits of a site are met by one pace: a command waits for its turn as a worker does.
#[test]
fn two_runs_of_one_site_are_not_applied_at_the_same_time() {
    let mut world = world("turns");
    let two = world.plain_mails().iter().rev().take(2).fold("Email,Group\n".to_owned(), |file, mail| {
        file + mail + ",all-hands-new\n"
    });
    world.file("two.csv", two);
    let mut job = world.command("--json member add add.csv --yes --rate 2").start();
    job.settled(2);
    let sent = "SELECT count(*) FROM turns.requests WHERE run = 2";
    world.run("member add two.csv --yes").exit(2).says("of the same site or organization").says("run queue");
    world.run("run apply last --yes").exit(2).says("of the same site or organization");
    assert_eq!(postgres::server().execute(sent), "0");
    // A worker waits for it.
    world.run("run queue last --yes").exit(0);
    world.run("worker --all --once").exit(0);
    assert_eq!(postgres::server().execute(sent), "0");
    ended(&world, job, "run resume 1 --yes");
    let mut worker = world.command("--json worker --all").start();
    worker.says(" finished run ");
    worker.interrupt();
    worker.end().exit(0);
    world.changed(62);
    // And a command for a worker.
    world.file("three.csv", world.read("add.csv").replace("all-hands-new", "oslo-engineering"));
    world.run("member add three.csv --plan").exit(0);
    world.run("run queue last --yes --rate 3").exit(0);
    let mut worker = world.command("--json worker --all --once").start();
    worker.settled(2);
    world.run("member remove two.csv --yes --max-changes 9").exit(2).says("of the same site or organization");
    worker.kill();
    // A process that is known to be dead holds no turn.
    world.run("run apply last --yes --max-changes 9").exit(0);
    assert_eq!(world.members("all-hands-new"), 60);
    world.nothing_twice();
}

/// The site's own address and the gateway's address are one site: one run is applied at a time, and the site's wait is
/// obeyed through both.
#[test]
fn the_two_addresses_of_a_site_have_one_turn_and_one_wait() {
    let mut world = world("two_addresses").token_alone();
    let own = world.card().url.clone();
    let gateway = format!("{own}/ex/jira/70ef3a32-d0da-4e09-b35e-0109f91969c3");
    let profile = |name: &str, url: &str, token: &str| {
        format!("[profiles.{name}]\ncloud_url = \"{url}\"\nemail = \"admin@banc.ly\"\napi_token_command = \"echo {token}\"\n")
    };
    world.profiles(&(profile("own", &own, "sandbox-api-token") + &profile("gateway", &gateway, "sandbox-scoped-token")));
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_EMAIL", "HEADCOUNT_API_TOKEN", "HEADCOUNT_ADMIN_URL"] {
        world.unset(name);
    }
    let two = world.plain_mails().iter().rev().take(2).fold("Email,Group\n".to_owned(), |file, mail| {
        file + mail + ",all-hands-new\n"
    });
    world.file("two.csv", two);
    let mut job = world.command("--profile own --json member add add.csv --yes --rate 2").start();
    job.settled(2);
    let add = "--profile gateway member add two.csv --yes";
    world.run(add).exit(2).says("of the same site or organization").says("run queue");
    world.run("--profile gateway run queue last --yes").exit(0);
    world.run("worker --profile gateway --once").exit(0);
    let sent = "SELECT count(*) FROM two_addresses.requests WHERE run = 2";
    assert_eq!(postgres::server().execute(sent), "0");
    job.interrupt();
    job.end();
    // Some users hide their addresses from the token.
    world.run("--profile own run resume 1 --yes --rate 100000").exit(1);
    // A wait that one address was asked for holds back the other.
    let answer = json!({ "status": 429, "headers": { "retry-after": "3600" } });
    world.fault(json!({ "path": "/rest/api/3/group/user", "method": "POST", "times": 1, "answer": answer }));
    world.file("three.csv", world.read("two.csv").replace("all-hands-new", "oslo-engineering"));
    world.run("--profile own member add three.csv --yes --max-wait 1").exit(5);
    world.no_faults();
    world.file("four.csv", world.read("two.csv").replace("all-hands-new", "houston-sales"));
    world.run("--profile gateway member add four.csv --yes --max-wait 1").exit(5);
    let sent = "SELECT count(*) FROM two_addresses.requests WHERE run = 4";
    assert_eq!(postgres::server().execute(sent), "0");
    world.nothing_twice();
}

/// A row of a collection waits for the site in the middle of its requests, for longer than the lease: it sends nothing
/// after that, although its note is in the journal.
#[test]
fn a_stopped_process_sends_no_request_of_a_collection_after_it_wakes() {
    let mut world = collection_runs::two_changes_in_a_row(3);
    let journal = format!("{}&lease=1", postgres::server().journal("collection_lease"));
    world.set("HEADCOUNT_JOURNAL", &journal);
    let answer = json!({ "status": 429, "headers": { "retry-after": "1" } });
    world.fault(json!({ "nth": 2, "times": 1, "method": "POST", "answer": answer }));
    let mut job = world.command(collection_runs::RUN).start();
    job.held();
    job.signal(Signal::STOP);
    leases_end("collection_lease");
    let sent = world.changing();
    job.signal(Signal::CONT);
    job.end().exit(4).says("no longer carries run");
    assert_eq!(world.changing(), sent, "it sent something after it woke");
    world.no_faults();
    world.run("--json run resume last --yes --concurrency 1").exit(1);
    world.nothing_twice();
}
