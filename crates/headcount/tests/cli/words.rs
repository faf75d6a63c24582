//! The texts of the command line itself: help, usage errors, the demonstration, completions.

use crate::harness::{World, snap};

/// The help of every command, with its command line.
#[test]
fn helps() {
    let world = World::new();
    let mut pages = String::new();
    for command in [
        "",
        "user",
        "user create",
        "user deactivate",
        "user activate",
        "user suspend",
        "user restore",
        "user remove",
        "user export",
        "group",
        "group create",
        "group delete",
        "group export",
        "member",
        "member add",
        "member remove",
        "member map",
        "run",
        "run list",
        "run show",
        "run apply",
        "run resume",
        "run undo",
        "run cancel",
        "run report",
        "run failed",
        "profile",
        "profile add",
        "profile import",
        "profile list",
        "profile show",
        "profile check",
        "profile remove",
        "postman",
        "postman run",
        "postman export",
        "sandbox",
        "ui",
        "demo",
        "doctor",
        "completions",
        "man",
    ] {
        let output = world.run(&format!("{command} --help")).exit(0);
        assert!(output.stderr.is_empty());
        pages.push_str(output.transcript());
        pages.push('\n');
    }
    snap("helps", &pages);
}

#[test]
fn usage_errors() {
    let world = World::new();
    world.run("").exit(2);
    insta::assert_snapshot!(world.run("user frobnicate").exit(2).transcript(), @r"
    $ headcount user frobnicate
    ─── stderr
    error: unrecognized subcommand 'frobnicate'

    Usage: headcount user [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ─── exit 2
    ");
    world.run("member add").exit(2).snap("usage-no-file");
    world.run("member add a.csv --concurency 3").exit(2).snap("usage-misspelt");
    insta::assert_snapshot!(world.run("member add a.csv --rate 0").exit(2).transcript(), @r"
    $ headcount member add a.csv --rate 0
    ─── stderr
    error: invalid value '0' for '--rate <N>': a number above 0

    For more information, try '--help'.
    ─── exit 2
    ");
    let events = world.run("--json member add").exit(2).events();
    assert_eq!(events.order(), ["finished"]);
}

/// `--quiet` prints only problems; data and exit codes are the same.
#[test]
fn quiet() {
    let world = World::new();
    let output = world.run("--quiet member add samples/member-add.csv --yes").exit(0);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("", ""));
    world.run("--quiet member add nowhere.csv --yes").exit(2).says("no such file");
    let output = world.run("--quiet member add samples/member-add.csv --plan").exit(0);
    assert!(output.stdout.ends_with("-2\n") && output.stderr.is_empty());
    let output = world.run("--quiet --json member add samples/member-add.csv --yes").exit(0);
    assert_eq!(output.events().count("unchanged"), 3);
    world.run("--quiet --verbose run list").exit(2);
}

#[test]
fn completions_and_manual() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = world.run(&format!("completions {shell}")).exit(0);
        assert!(output.stdout.contains("headcount"));
        // Jobs are commands that the code makes from a table.
        assert!(output.stdout.contains("deactivate"), "{shell}");
    }
    assert!(world.run("man").exit(0).stdout.contains(".TH"));
    // A page for each command, as `man headcount-member-add` looks for it.
    world.run("man --pages pages/man1").exit(0).says("pages/man1");
    let page = world.read("pages/man1/headcount-member-add.1");
    assert!(page.contains(".TH headcount-member-add") && page.contains("\\-\\-plan"), "{page}");
    world.run("man --pages samples/users.csv").exit(2).says("cannot be written");
}

/// All three jobs and an undo in its own sandbox, without a terminal and without a site.
#[test]
fn the_demonstration() {
    let mut world = World::new();
    world.unset_all();
    world.run("demo").exit(0).snap("demo");
    world.nothing_sent();
}

/// `headcount sandbox` prints one JSON line with address and credentials, and runs until Ctrl-C.
#[test]
fn the_sandbox_as_a_program() {
    let mut host = World::new();
    host.unset_all();
    let mut sandbox = host.command("sandbox --port 0").start();
    let card = sandbox.wait_for(1, |_| true);
    let mut world = World::new();
    for (variable, field) in [
        ("HEADCOUNT_CLOUD_URL", "url"),
        ("HEADCOUNT_ADMIN_URL", "url"),
        ("HEADCOUNT_EMAIL", "email"),
        ("HEADCOUNT_API_TOKEN", "api_token"),
        ("HEADCOUNT_ORG_ID", "org_id"),
        ("HEADCOUNT_DIRECTORY_ID", "directory_id"),
        ("HEADCOUNT_ORG_API_KEY", "org_api_key"),
    ] {
        world.set(variable, card[field].as_str().expect("a text"));
    }
    let job = "--json user deactivate samples/deactivate.csv --yes --max-changes 2";
    assert_eq!(world.run(job).exit(0).events().count("changed"), 2);
    // It was that sandbox and not the test's.
    world.nothing_sent();
    sandbox.interrupt();
    assert_eq!(sandbox.gone(), 0);
    world.run(job).exit(5);
}

/// The sandbox keeps its state in a file; seeds, faults and a port that is taken.
#[test]
fn the_sandboxs_options() {
    let mut world = World::new();
    world.file("faults.json", "{\"faults\":[{\"time\":3}]}");
    insta::assert_snapshot!(world.run("sandbox --faults faults.json").exit(2).transcript(), @r"
    $ headcount sandbox --faults faults.json
    ─── stderr
    error: the sandbox cannot be started
      because: the fault file faults.json cannot be used: unknown field `time`, expected one of `method`, `path`, `account`, `mentions`, `nth`, `from_change`, `times`, `delay_ms`, `delay_after_ms`, `answer`, `drop`, `half_body`, `garbage`, `replace`, `headers`, `changes`, `matched`, `struck` at line 1 column 18
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("sandbox --state nowhere/state").exit(2).transcript(), @r"
    $ headcount sandbox --state nowhere/state
    ─── stderr
    error: the sandbox cannot be started
      because: cannot write the state file nowhere/state.lock
      because: No such file or directory (os error 2)
    ─── exit 2
    ");
    let port = world.card().url.rsplit(':').next().expect("a port").to_owned();
    world.run(&format!("sandbox --port {port}")).exit(2);
    let mut sandbox = world.command("sandbox --state my.state --people 50").start();
    sandbox.wait_for(1, |_| true);
    sandbox.interrupt();
    assert_eq!(sandbox.gone(), 0);
    assert!(world.path("my.state").exists());
}
