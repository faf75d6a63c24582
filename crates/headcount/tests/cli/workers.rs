//! Workers: runs are handed over, applied, taken over, and nothing is done twice.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use headcount_testkit::postgres;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::collection_runs;
use crate::harness::World;
use crate::leases::{leases_end, world};

/// Plans the file and hands the plan over.
fn queued(world: &World, options: &str) -> String {
    world.run("member add add.csv --plan").exit(0);
    world.run(&format!("run queue last --yes {options}")).exit(0).says("waits for a worker").run_id()
}

#[test]
fn a_run_is_handed_over_and_applied() {
    let world = world("handed_over", 30, 0);
    let run = queued(&world, "");
    world.nothing_sent();
    let list = world.run("run list").exit(0).stdout;
    assert!(list.contains("queued"), "{list}");
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("no workers") && status.contains("waiting  1 run"), "{status}");
    let worker = world.run("worker --all --once --log json").exit(0);
    let log: Vec<Value> =
        worker.stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let events: Vec<_> = log.iter().map(|line| line["event"].as_str().expect("a text")).collect();
    assert_eq!(events, ["started", "taken", "canary", "finished", "ended"], "{}", worker.stderr);
    assert_eq!(log[1]["run"], run.as_str());
    world.changed(30);
    assert!(world.run("run list").exit(0).stdout.contains("finished"));
    world.run("worker --all --once").exit(0);
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("waiting  0 runs"), "{status}");
    world.nothing_twice();
}

#[test]
fn a_run_is_taken_out_of_the_queue() {
    let world = world("taken_out", 3, 0);
    queued(&world, "");
    world.run("run queue last --remove").exit(0).says("was taken out of the queue");
    world.run("run queue last --remove").exit(0).says("is not in the queue");
    world.run("worker --all --once").exit(0);
    world.nothing_sent();
    // Who applies a queued run takes it out, too.
    world.run("run queue last --yes").exit(0);
    world.run("run apply last --yes").exit(0).says("taken out of the queue");
    world.changed(3);
    world.run("run queue last --yes").exit(2).says("there is nothing to continue");
}

/// What is agreed to is asked for before the run is handed over, and the limit counts for the worker.
#[test]
fn a_run_is_handed_over_only_when_it_is_agreed_to() {
    let world = world("agreed", 8, 0);
    world.run("member add add.csv --plan").exit(0);
    world.run("run queue last").exit(2).says("no terminal to ask on");
    world.run("run queue last --yes --max-changes 5").exit(4).says("the maximum is 5");
    world.run("worker --all --once").exit(0);
    world.nothing_sent();
    world.run("run queue last --yes --max-changes 8").exit(0);
    world.run("worker --all --once").exit(0);
    world.changed(8);
}

#[test]
fn a_worker_without_the_credentials_leaves_the_run() {
    let world = world("left", 3, 0);
    queued(&world, "");
    let left = world
        .command("worker --all --once")
        .with("HEADCOUNT_API_TOKEN", "")
        .with("HEADCOUNT_ORG_API_KEY", "")
        .run();
    assert_ne!(left.code, 0, "{}", left.stderr);
    assert!(left.stderr.contains(" left run "), "{}", left.stderr);
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("left: "), "{status}");
    world.run("worker --profile other --once").exit(0);
    world.nothing_sent();
    world.run("worker --all --once").exit(0);
    world.changed(3);
}

#[test]
fn a_worker_that_dies_is_replaced() {
    let world = world("replaced", 150, 2);
    queued(&world, "");
    let mut worker = world.command("--json worker --all").start();
    worker.settled(40);
    worker.kill();
    world.run("worker --all --once").exit(0);
    assert_eq!(world.members("all-hands-new"), 150);
    world.nothing_twice();
}

#[test]
fn a_worker_that_was_stopped_is_replaced_and_sends_nothing_more() {
    let world = world("still", 120, 2);
    queued(&world, "--rate 20 --canary 0");
    let mut worker = world.command("--json worker --all --once").start();
    worker.settled(10);
    worker.signal(Signal::STOP);
    leases_end("still");
    world.run("run resume last --yes --rate 100000").exit(0);
    let sent = world.changing();
    worker.signal(Signal::CONT);
    worker.end().exit(0).says(" lost run ");
    assert_eq!(world.changing(), sent);
    assert_eq!(world.members("all-hands-new"), 120);
    world.nothing_twice();
}

/// A run that was undone leaves the queue, and a worker that finds it there all the same sends nothing of it.
#[test]
fn a_run_that_was_undone_is_not_continued_by_a_worker() {
    let world = world("undone", 60, 5);
    let run = queued(&world, "--rate 20");
    let mut worker = world.command("--json worker --all").start();
    worker.settled(5);
    worker.signal(Signal::TERM);
    worker.end().exit(0).says(" lost run ");
    let queue = "SELECT run, queued_at, how FROM undone.queue";
    let row = postgres::server().execute(queue);
    assert!(!row.is_empty(), "a drained run stays in the queue");
    world.run(&format!("run undo {run} --yes --max-changes 60")).exit(0);
    assert_eq!(postgres::server().execute(queue), "", "it left the queue");
    assert_eq!(world.members("all-hands-new"), 0);
    let again = "INSERT INTO undone.queue (run, queued_at, how)
        SELECT run, created_at, '{}' FROM undone.runs WHERE undoes IS NULL";
    postgres::server().execute(again);
    world.run("worker --all --once").exit(2).says("was undone by run");
    assert_eq!(postgres::server().execute(queue), "", "the worker took it out");
    assert_eq!(world.members("all-hands-new"), 0);
}

/// A run that is lost each time is not taken again and again.
#[test]
fn a_run_that_is_always_lost_is_left() {
    let world = world("always_lost", 3, 0);
    queued(&world, "");
    postgres::server().execute("UPDATE always_lost.steps SET payload = '{'");
    world.run("worker --all --once").exit(4).says(" left run ");
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("was lost 3 times"), "{status}");
    world.nothing_sent();
}

/// Credentials in the environment are for one site, and a worker for all profiles has several.
#[test]
fn a_worker_for_all_profiles_sends_no_credential_of_the_environment_to_a_profile() {
    let mut world = world("profiles", 3, 0);
    queued(&world, "");
    let site = postgres::server().execute("UPDATE profiles.runs SET profile = 'acme' RETURNING site");
    let site = site.lines().next().expect("a run");
    world.profiles(&format!("[profiles.acme]\ncloud_url = \"{site}\"\n"));
    let left = world.run("worker --all --once");
    assert!(left.code != 0 && left.stderr.contains(" left run "), "{}", left.stderr);
    world.nothing_sent();
    let one = world.run("worker --profile acme --once");
    assert!(one.stderr.contains(" taken run "), "{}", one.stderr);
    world.changed(3);
}

#[test]
fn two_workers_never_apply_the_same_run() {
    let world = world("two", 60, 1);
    queued(&world, "");
    let one = world.command("--json worker --all --once").start();
    let two = world.command("--json worker --all --once").start();
    let (one, two) = (one.end().exit(0), two.end().exit(0));
    let changed = |output: &crate::harness::Output| output.stdout.matches("\"changed\"").count();
    assert_eq!(changed(&one) + changed(&two), 60);
    world.changed(60);
    world.nothing_twice();
}

#[test]
fn a_worker_that_is_asked_to_end_finishes_its_requests() {
    let world = world("drained", 60, 5);
    queued(&world, "--rate 20");
    let mut worker = world.command("--json worker --all").start();
    worker.settled(5);
    worker.signal(Signal::TERM);
    worker.end().exit(0).says("draining").says(" lost run ");
    let list = world.run("run list").exit(0).stdout;
    assert!(list.contains("queued"), "{list}");
    let open = "SELECT count(*) FROM drained.steps WHERE state = 'started'";
    assert_eq!(postgres::server().execute(open), "0");
    world.run("worker --all --once").exit(0);
    assert_eq!(world.members("all-hands-new"), 60);
    world.nothing_twice();
}

#[test]
fn a_worker_that_waits_is_woken_and_shows_its_numbers() {
    let world = world("woken", 5, 0);
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let line = format!("--json worker --all --metrics 127.0.0.1:{port}");
    let mut worker = world.command(&line).start();
    worker.says("started");
    queued(&world, "");
    worker.says(" finished run ");
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("all profiles"), "{status}");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it is served");
    let ask = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).expect("it can be asked");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers");
    for line in [
        "headcount_rows_total{outcome=\"changed\"} 5\n",
        "headcount_ended_runs_total{end=\"over\"} 1\n",
        "headcount_active_runs 0\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    worker.interrupt();
    worker.end().exit(0);
    assert!(world.run("worker status").exit(0).stdout.contains("no workers"));
}

#[test]
fn a_journal_in_a_file_has_no_workers() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group\n");
    world.run("member add samples/member-add.csv --plan").exit(0);
    for line in ["run queue last --yes", "worker --all", "worker status", "run queue last --remove"] {
        world.run(line).exit(2).says("this journal is in a file, which workers cannot share");
    }
    world.run("worker").exit(2);
    world.nothing_sent();
}

#[test]
fn a_worker_says_whose_runs_it_takes() {
    let world = world("whose", 1, 0);
    for line in ["worker", "worker --all --profile acme"] {
        world.run(line).exit(2).says("name the profiles whose runs this worker takes");
    }
    world.run("--profile a --profile b run list").exit(2).says("--profile is given more than once");
}

/// The files and values of a collection are on one computer, so workers take none of its runs, whatever its state is.
#[test]
fn a_run_of_a_collection_is_not_handed_over() {
    let mut world = collection_runs::two_changes_in_a_row(3);
    let journal = postgres::server().journal("collection_queue");
    world.set("HEADCOUNT_JOURNAL", &journal);
    let refused = |world: &World, advice: &str| {
        let output = world.run("run queue last --yes").exit(2).says("is a Postman collection's, which workers do not take");
        output.says("are on this computer only").says(advice);
        assert_eq!(postgres::server().execute("SELECT count(*) FROM collection_queue.queue"), "0");
        world.run("worker --all --once").exit(0);
    };
    world.run("postman run c.json -e e.json -d d.csv --plan").exit(0);
    refused(&world, "headcount run apply ");
    world.nothing_sent();
    world.run("run queue last --remove").exit(0).says("is not in the queue");
    // A run that was interrupted is resumed on this computer, too.
    let answer = json!({ "status": 429, "headers": { "retry-after": "60" } });
    world.fault(json!({ "nth": 2, "times": 1, "method": "POST", "answer": answer }));
    let mut job = world.command("--json run apply last --yes --concurrency 1").start();
    job.held();
    job.kill();
    world.no_faults();
    refused(&world, "headcount run resume ");
}

/// A worker applies runs of several sites at the same time, up to the number of `--jobs`: a site that does not answer holds
/// up no other. When the worker dies, the next one continues.
#[test]
fn a_worker_applies_runs_of_several_sites_at_once() {
    let (mut world, slow) = (world("several", 5, 0), World::new());
    let profile = |name: &str, card: &headcount_sandbox::Card| {
        let (url, email) = (&card.url, &card.email);
        format!("[profiles.{name}]\ncloud_url = \"{url}\"\nemail = \"{email}\"\napi_token_command = \"echo {}\"\n", card.api_token)
    };
    let profiles = profile("slow", slow.card()) + &profile("quick", world.card());
    let journal = postgres::server().journal("several");
    world.unset_all();
    world.set("HEADCOUNT_JOURNAL", &journal);
    world.profiles(&profiles);
    for (name, file) in [("slow", "samples/member-add.csv"), ("quick", "add.csv")] {
        world.run(&format!("--profile {name} member add {file} --plan")).exit(0);
        world.run(&format!("--profile {name} run queue last --yes")).exit(0);
    }
    let call = json!({ "method": "POST", "path": "/rest/api/3/group/user" });
    let mut held = call.clone();
    held["delay_ms"] = 3_600_000.into();
    slow.fault(held);
    let mut worker = world.command("--json worker --all --jobs 2").start();
    worker.says(" finished run ");
    assert_eq!(world.members("all-hands-new"), 5);
    assert_eq!(slow.changing(), 0, "the first change is held");
    let status = world.run("worker status").exit(0).stdout;
    assert!(status.contains("up to 2 at once") && status.contains("waiting  0 runs"), "{status}");
    worker.kill();
    slow.no_faults();
    world.run("worker --all --once").exit(0);
    assert!(world.run("run list").exit(0).stdout.matches("finished").count() == 2);
    slow.nothing_twice();
    world.nothing_twice();
}

/// While a site or an organization asks for a wait, the workers' status shows until when.
#[test]
fn the_status_shows_what_a_run_waits_for() {
    let suspend = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend";
    for (schema, job, path) in [
        ("waits_of_site", "member add add.csv", "/rest/api/3/group/user"),
        ("waits_of_organization", "user suspend suspend.csv", suspend),
    ] {
        let mut world = world(schema, 5, 0);
        world.file("suspend.csv", world.read("add.csv").replace(",Group", "").replace(",all-hands-new", ""));
        world.run(&format!("{job} --plan")).exit(0);
        world.run("run queue last --yes --max-changes 5").exit(0);
        let answer = json!({ "status": 429, "headers": { "retry-after": "600" } });
        world.fault(json!({ "method": "POST", "path": path, "answer": answer }));
        let mut worker = world.command("worker --all --log json").start();
        worker.held();
        // The wait is in the journal as soon as its answer is read.
        let asked = format!("SELECT count(*) FROM {schema}.waits");
        while postgres::server().execute(&asked) == "0" {}
        let status = world.run("worker status").exit(0).stdout;
        let has_all = ["waits until", "seen ", "a minute"].iter().all(|words| status.contains(words));
        assert!(has_all, "{job}: {status}");
        worker.kill();
    }
}
