//! The journal on a PostgreSQL server: the same commands, and what is said when the server can't be used.

use std::time::Duration;

use headcount_sandbox::Config;
use headcount_testkit::postgres;
use serde_json::json;

use crate::harness::{World, table};

const JOURNAL: &str = "HEADCOUNT_JOURNAL";

/// A world whose journal is on the server, with a group and a file that adds this many users to it.
fn world(rows: usize) -> World {
    let latency = Duration::from_millis(if rows > 100 { 2 } else { 0 });
    let mut world =
        World::of(Config { people: Some(rows * 5 / 4 + 100), latency, ..Config::default() });
    world.seed(json!({ "groups": [{ "name": "all-hands-new" }] }));
    let mut file = "Email,Group\n".to_owned();
    for mail in world.plain_mails().iter().take(rows) {
        file.push_str(&format!("{mail},all-hands-new\n"));
    }
    world.file("add.csv", file);
    world.set(JOURNAL, &postgres::journal());
    world
}

/// The address through the port, where the server wants a password.
fn through_the_port(userinfo: &str, rest: &str) -> String {
    format!("postgres://{userinfo}@127.0.0.1:{}/{rest}", postgres::server().port())
}

#[test]
fn a_plan_is_applied_reported_and_undone_with_its_journal_on_a_server() {
    let world = world(5);
    let status = world.run("journal status").exit(0);
    assert!(status.stdout.contains("version  none"), "{}", status.stdout);
    world.run("journal init").exit(0).says("Created the journal postgres://");
    world.run("journal init").exit(0).says("exists already");
    world.run("member add add.csv --plan").exit(0);
    world.run("run apply last --yes").exit(0);
    world.changed(5);
    let report = table(&world.run("run report last").exit(0).stdout);
    assert_eq!(report.len(), 6);
    world.run("run undo last --yes --max-changes 5").exit(0);
    assert_eq!(world.members("all-hands-new"), 0);
    let list = world.run("run list").exit(0);
    assert_eq!(list.stdout.matches("finished").count(), 2, "{}", list.stdout);
    let status = world.run("journal status").exit(0).stdout;
    assert!(status.contains("runs     2\n") && status.contains("active   0\n"), "{status}");
    world.run("journal migrate").exit(0).says("has version 3 already");
    world.nothing_twice();
    assert!(!world.journal().exists(), "nothing is in a file");
}

#[test]
fn a_killed_run_is_resumed_from_its_journal_on_a_server() {
    let world = world(300);
    let mut job = world.command("--json member add add.csv --yes").start();
    job.settled(60);
    job.kill();
    let output = world.run("--json run resume last --yes").exit(0);
    let events = output.events();
    assert_eq!(events.last("state"), "finished");
    assert_eq!(events.count("changed") + events.count("unchanged"), 300);
    assert_eq!(world.members("all-hands-new"), 300);
    world.nothing_twice();
}

/// Whatever is wrong with the server: the exit code, what is said, and never the password.
#[test]
fn a_server_that_cannot_be_used_is_reported_without_the_password() {
    let mut world = world(1);
    let server = postgres::server();
    server.execute("CREATE SCHEMA foreign_tables CREATE TABLE other (a INT)");
    server.execute("CREATE ROLE visitor LOGIN PASSWORD 'visitor-pw-77'");
    world.secret("wrong-pw-4711");
    world.secret("visitor-pw-77");
    let good = "k8-Sesame%2Fopen%3F";
    for (journal, says) in [
        ("postgres://ann:wrong-pw-4711@127.0.0.1:1/runs".to_owned(), "cannot be reached"),
        (through_the_port("headcount:wrong-pw-4711", "postgres"), "refuses the name or the password"),
        (through_the_port("headcount", "postgres"), "refuses the name or the password"),
        (through_the_port(&format!("headcount:{good}"), "none"), "no database of this name"),
        (through_the_port("visitor:visitor-pw-77", "postgres?schema=visited"), "no right"),
        (through_the_port(&format!("headcount:{good}"), "postgres?sslmode=require"), "secure connection"),
        (server.journal("foreign_tables"), "not a headcount journal"),
        ("postgres://ann:wrong-pw-4711@host/db?sslmode=never".to_owned(), "unknown sslmode"),
        ("postgres://ann:wrong-pw-4711@host/db?schema=a-b".to_owned(), "name of a schema"),
        ("postgres://ann:wrong-pw-4711@host:port/db".to_owned(), "cannot be understood"),
    ] {
        world.set(JOURNAL, &journal);
        world.run("member add add.csv --yes").exit(2).says(says);
    }
    world.nothing_sent();
}

#[test]
fn a_password_comes_from_the_address_the_environment_or_the_password_file() {
    let mut world = world(1);
    let plain = through_the_port("headcount", "postgres?schema=passwords");
    let full = plain.replace("headcount@", "headcount:k8-Sesame%2Fopen%3F@");
    world.run("journal status").exit(0);
    world.command("journal init").with(JOURNAL, &full).run().exit(0).says("Created the journal");
    world.command("journal status").with(JOURNAL, &plain).with("PGPASSWORD", postgres::PASSWORD).run().exit(0);
    world.file("passwords", format!("*:*:*:headcount:{}\n", postgres::PASSWORD));
    let file = world.path("passwords");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&file, private).expect("it is there");
    world.command("journal status").with(JOURNAL, &plain).with("PGPASSFILE", &file.display().to_string()).run().exit(0);
    std::fs::remove_file(file).expect("it is there");
    // Other users can read arguments and the profiles file.
    world.unset(JOURNAL);
    world.run(&format!("--journal {full} journal status")).exit(2).says("can be read by others");
    world.profiles(&format!("journal = \"{full}\"\n"));
    world.run("journal status").exit(2).says("can be read by others");
}

#[test]
fn another_version_of_the_journal_is_not_used() {
    let world = world(1);
    let server = postgres::server();
    world.run("journal init").exit(0);
    let schema = world.run("journal status").exit(0).stdout;
    let schema = schema.split("schema=").nth(1).and_then(|rest| rest.lines().next()).expect("a schema");
    server.execute(&format!("UPDATE {schema}.journal SET version = 99"));
    world.run("run list").exit(2).says("a newer headcount wrote the journal");
    server.execute(&format!("UPDATE {schema}.journal SET version = 0"));
    world.run("run list").exit(2).says("headcount journal migrate");
    server.execute(&format!("UPDATE {schema}.journal SET version = 3"));
    world.run("run list").exit(0);
}
