//! Standard output or standard error disappears: a reader that has ended, a full disk, a closed descriptor.
//! Messages are lost; changes, the exit code and the report stay.

use serde_json::json;

use crate::answers::Keys;
use crate::harness::{Command, World, table};

/// Ways in which standard error disappears.
const NO_ERROR: [&str; 3] = [
    r#"exec "$0" "$@" 2>/dev/full"#,
    r#"exec "$0" "$@" 2>&-"#,
    // The reader of the pipe has ended before the first word. `$code` is the program's exit code.
    r#"exec 3>&1; code=$( { { "$0" "$@" 2>&1 >&3; echo $? >&4; } | :; } 4>&1 ); exit $code"#,
];

/// A way in which the reader of standard output disappears.
const NO_READER: &str =
    r#"exec 3>&2; code=$( { { "$0" "$@" 2>&3; echo $? >&4; } | :; } 4>&1 ); exit $code"#;

fn under<'w>(world: &'w World, line: &str, shell: &'static str) -> Command<'w> {
    world.command(line).under(&["sh", "-c", shell])
}

/// Every command writes to standard error, and no command stops because that fails.
#[test]
fn standard_error_that_goes_away_stops_nothing() {
    for shell in NO_ERROR {
        let mut world = World::new();
        world.file("odd.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\nnobody@banc.ly,x\n,\n,y\n");
        let commands = [
            ("member add samples/member-add.csv --plan", 0),
            ("run apply last --yes --report r.csv", 0),
            ("--verbose member add samples/member-add.csv --yes", 0),
            ("run undo last --yes --max-changes 9 --canary 0", 0),
            ("member add odd.csv --yes", 2),
            ("member add odd.csv --yes --bad-rows skip --report odd-report.csv", 1),
            ("run failed last -o failed.csv", 0),
            ("run resume last --yes", 1),
            ("run cancel last", 2),
            ("member add nowhere.csv --yes", 2),
            ("user export -o users.csv", 0),
            ("group export --members -o groups.csv", 0),
            ("member map samples/member-add.csv --users users.csv --groups groups.csv -o m.csv", 0),
            ("user deactivate samples/deactivate.csv --rehearse --report reh.csv --max-changes 5", 0),
            ("profile check", 0),
            ("profile add acme --cloud-url https://acme.atlassian.net", 2),
            ("run list --no-such-option", 2),
        ];
        for (line, code) in commands {
            under(&world, line, shell).run().exit(code);
        }
        let report = table(&world.read("r.csv"));
        assert_eq!(report.len(), 4, "{shell}");
        world.nothing_twice();
    }
}

/// The reader of both outputs stops after some lines, at any moment of a job. The job still finishes, makes each
/// change once, and has every row in the journal.
#[test]
fn a_reader_that_leaves_in_the_middle_stops_nothing() {
    const LEAVES: &str = r#"code=$( { { "$0" "$@" 2>&1; echo $? >&4; } | head -n "$LINES" >/dev/null; } 4>&1 ); exit $code"#;
    let jobs = [
        "--json member add members.csv --yes",
        "--json --verbose user deactivate users.csv --yes --max-changes 9",
        "user suspend users.csv --yes --max-changes 9 --verify all",
        "--verbose user remove users.csv --yes --max-changes 9",
        "--json user create new.csv --yes --canary 0",
        "--json group create groups.csv --yes --concurrency 1",
        "group delete old.csv --yes --max-changes 9",
    ];
    for (at, job) in jobs.into_iter().enumerate() {
        let world = Keys::Both.world();
        for lines in [1, 2, 3 + at, 11] {
            let line = match lines {
                1 => format!("{job} --report r1.csv"),
                // Reverted rows are applied again, with another reader.
                _ => format!("{job} --report r{lines}.csv"),
            };
            let lines = lines.to_string();
            under(&world, &line, LEAVES).with("LINES", &lines).run().exit(if lines == "1" || !job.starts_with("group delete") { 0 } else { 1 });
        }
        let reports = table(&world.read("r1.csv"));
        let outcome = reports[0].iter().position(|heading| heading == "outcome").expect("there");
        assert!(reports[1..].iter().all(|row| row[outcome] == "changed"), "{job}: {reports:?}");
        world.nothing_twice();
    }
}

/// A reader that ends has read what it wanted.
#[test]
fn a_reader_of_standard_output_that_goes_away_stops_nothing() {
    let world = World::new();
    world.run("user export -o users.csv").exit(0);
    for line in [
        "--json member add samples/member-add.csv --yes --report r.csv",
        "member add samples/member-add.csv --plan",
        "run apply last --yes",
        "run list",
        "run show last",
        "run show last --rows",
        "run report last",
        "run report last --format json",
        "run report last --format html",
        "run report last --format junit",
        "run failed last",
        "user export",
        "group export --members",
        "profile list",
        "profile show",
        "profile check",
        "completions bash",
        "man",
        "--help",
    ] {
        under(&world, line, NO_READER).run().exit(0);
    }
    assert_eq!(table(&world.read("r.csv")).len(), 4);
}

/// Data that did not arrive counts as not written.
#[test]
fn a_full_disk_behind_standard_output_is_reported() {
    let world = World::new();
    world.run("member add samples/member-add.csv --yes").exit(0);
    let full = r#"exec "$0" "$@" >/dev/full"#;
    for line in ["run list", "run report last", "user export"] {
        under(&world, line, full).run().exit(2).says("No space left on device");
    }
    // The journal and the report contain everything that events contain. Their loss is reported once.
    let world = World::new();
    for line in [
        "--json member add samples/member-add.csv --yes --report r.csv",
        "--json member add samples/member-add.csv --plan",
        "--json user export -o users.csv",
    ] {
        let output = under(&world, line, full).run().exit(1).says("later events are missing");
        let said = output.stderr.matches("No space left on device").count();
        assert_eq!(said, 1, "{line}: {}", output.stderr);
    }
    assert_eq!(table(&world.read("r.csv")).len(), 4);
}

/// The last event of a failed command contains what is known by then: the site, the run, its rows.
#[test]
fn the_last_event_of_a_failure_says_what_is_known() {
    let refused = json!({ "status": 401, "body": { "code": 401, "message": "Unauthorized" } });
    let add = "--json member add samples/member-add.csv --yes";
    let planned = || {
        let world = World::new();
        world.run("member add samples/member-add.csv --plan").exit(0);
        world
    };
    let (fresh, waiting, later) = (World::new(), planned(), planned());
    for world in [&fresh, &waiting] {
        world.fault(json!({ "path": "/*", "times": 0, "answer": refused }));
    }
    let late = json!({ "method": "GET", "path": "/rest/api/3/group/*", "times": 0, "answer": refused });
    for (world, line, exit, rows) in [
        (&fresh, add, 3, 0),
        (&waiting, "--json run apply last --yes", 3, 3),
        (&later, "--json run apply last --yes --max-changes 1", 4, 3),
        (&later, "--json run apply last", 2, 3),
    ] {
        let events = world.run(line).exit(exit).events();
        let last = events.named("finished")[0].clone();
        assert_eq!(last["counts"]["rows"], rows, "{line}: {last}");
        assert_eq!(last["counts"]["pending"], rows, "{line}: {last}");
        assert_eq!(last["run"].as_str().is_some_and(|run| !run.is_empty()), rows > 0, "{line}: {last}");
        assert_eq!(last["site"], json!(world.card().url), "{line}: {last}");
    }
    let world = World::new();
    world.fault(late);
    let last = world.run(add).events().named("finished")[0].clone();
    assert_eq!(last["site"], json!(world.card().url), "{last}");
}

/// The address and the card come first; later messages may have no reader.
#[test]
fn page_and_sandbox_live_on_without_a_reader() {
    let world = World::new();
    for (line, shell) in [
        ("sandbox --port 0", r#"exec "$0" "$@" 2>/dev/full"#),
        ("ui --port 0 --no-open", r#"exec "$0" "$@" 2>/dev/full"#),
    ] {
        let mut command = under(&world, line, shell).spawn();
        let mut first = String::new();
        let out = command.stdout.as_mut().expect("a pipe");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut first).expect("a line");
        assert!(first.contains("http://127.0.0.1:"), "{line}: {first}");
        let pid = rustix::process::Pid::from_child(&command);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it lives");
        assert_eq!(command.wait().expect("it ends").code(), Some(0), "{line}");
    }
}
