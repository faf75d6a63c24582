//! Files and answers of a site as users reported them about this kind of program, each with the result that it must
//! have. The inputs are in `field/`; the variants of each kind are in the tests of their own kind.

use std::path::PathBuf;
use std::{fs, path};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::answers::at_once;
use crate::harness::{Output, World, table};

const SECRET: &str = "Winter-2031!";

fn folder(case: &str) -> PathBuf {
    let field = path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/field");
    field.join(case)
}

/// A site with the case's faults, and its files in the working folder.
fn world(case: &str) -> World {
    let mut world = World::new();
    for entry in fs::read_dir(folder(case)).expect("the case has a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a file of the case");
        match name.as_str() {
            "faults.json" => {
                let faults: Value = serde_json::from_slice(&bytes).expect("faults are JSON");
                world.ask("POST", "/_sandbox/faults", Some(&faults));
            }
            _ => world.file(&name, bytes),
        }
    }
    world
}

/// One command on one file: the exit code, the number of changes that are sent, and what is said.
struct Case {
    folder: &'static str,
    line: &'static str,
    exit: i32,
    sent: u64,
    says: &'static [&'static str],
}

const SHEETS: &[Case] = &[
    Case {
        folder: "sheets/01-hidden-rows",
        line: "user deactivate leavers.xlsx --yes --max-changes 10",
        exit: 2,
        sent: 0,
        says: &["hidden", "3 to 4", "--hidden-rows"],
    },
    Case {
        folder: "sheets/02-create-group-heading",
        line: "user create group.csv --plan",
        exit: 2,
        sent: 0,
        says: &["`Group`", "--map groups=Group", "--map -=Group"],
    },
    Case {
        folder: "sheets/02-create-group-heading",
        line: "user create importer.csv --plan",
        exit: 2,
        sent: 0,
        says: &["`Group Name`", "`Product access`"],
    },
    Case {
        folder: "sheets/03-missing-quote",
        line: "member add adds.csv --yes",
        exit: 2,
        sent: 0,
        says: &["line 2", "line 4", "quote"],
    },
    Case {
        folder: "sheets/06-formula-no-value",
        line: "user create new.xlsx --plan",
        exit: 2,
        sent: 0,
        says: &["line 2", "formula"],
    },
    Case {
        folder: "sheets/06-formula-no-value",
        line: "member add adds.xlsx --plan",
        exit: 2,
        sent: 0,
        says: &["line 2", "formula"],
    },
    Case {
        folder: "sheets/08-hidden-sheet",
        line: "user deactivate empty-visible.xlsx --plan",
        exit: 2,
        sent: 0,
        says: &["Old leavers", "hidden", "--sheet"],
    },
    Case {
        folder: "sheets/08-hidden-sheet",
        line: "member add lists.xlsx --plan",
        exit: 0,
        sent: 0,
        says: &["People"],
    },
    Case {
        folder: "sheets/09-decomposed-letters",
        line: "user create new.csv --yes",
        exit: 0,
        sent: 0,
        says: &["already"],
    },
    Case {
        folder: "sheets/09-decomposed-letters",
        line: "member add adds.csv --yes",
        exit: 0,
        sent: 2,
        says: &[],
    },
    Case {
        folder: "sheets/11-short-rows",
        line: "member add adds.csv --yes",
        exit: 0,
        sent: 3,
        says: &[],
    },
    Case {
        folder: "sheets/12-empty-rows-between",
        line: "member add adds.csv --yes",
        exit: 0,
        sent: 2,
        says: &[],
    },
    Case {
        folder: "sheets/12-empty-rows-between",
        line: "member add adds.xlsx --yes",
        exit: 0,
        sent: 2,
        says: &[],
    },
    Case {
        folder: "sheets/13-lines-above-heading",
        line: "user deactivate title.xlsx --plan",
        exit: 2,
        sent: 0,
        says: &["line 3", "`E-Mail`", "--heading 3"],
    },
    Case {
        folder: "sheets/13-lines-above-heading",
        line: "user deactivate entra.csv --plan",
        exit: 2,
        sent: 0,
        says: &["line 2", "--heading 2"],
    },
    Case {
        folder: "sheets/13-lines-above-heading",
        line: "member add powershell.csv --yes",
        exit: 0,
        sent: 1,
        says: &[],
    },
    Case {
        folder: "sheets/13-lines-above-heading",
        line: "member add sep.csv --yes",
        exit: 0,
        sent: 1,
        says: &[],
    },
    Case {
        folder: "sheets/15-two-mail-columns",
        line: "user create new.csv --yes",
        exit: 2,
        sent: 0,
        says: &["`Email`", "`Company email`", "--map -=Email"],
    },
    Case {
        folder: "sheets/17-mail-messages",
        line: "member add adds.csv --yes",
        exit: 2,
        sent: 0,
        says: &["line 3", "＠"],
    },
    Case {
        folder: "sheets/17-mail-messages",
        line: "member add adds.csv --yes --bad-rows skip",
        exit: 1,
        sent: 3,
        says: &[],
    },
];

#[test]
fn reported_spreadsheets_have_their_results() {
    for case in SHEETS {
        let world = world(case.folder);
        let mut output = world.run(case.line).exit(case.exit);
        for words in case.says {
            output = output.says(words);
        }
        assert_eq!(world.changing(), case.sent, "{}: {}", case.folder, case.line);
    }
}

#[test]
fn reported_passwords_are_kept_nowhere() {
    for file in ["google.csv", "entra.csv", "german.csv"] {
        let mut world = world("sheets/05-password-headings");
        world.secret(SECRET);
        world.run(&format!("user create {file} --yes --report report.csv")).exit(0);
        assert!(world.read("report.csv").contains("[masked]"), "{file}");
        world.run("run failed last -o failed.csv").exit(0);
        world.check_files();
    }
}

fn outcomes(output: &Output) -> [u64; 5] {
    let events = output.events();
    ["changed", "unchanged", "failed", "unknown", "pending"].map(|name| events.count(name))
}

/// Expired tokens answer 404 for everything: no row is reported as gone.
#[test]
fn reported_404s_of_an_expired_token_are_no_absence() {
    let world = world("api/01-gone-by-404");
    let line = "--json user remove leavers.csv --yes --max-changes 10 --verify all";
    let output = world.run(line).exit(3);
    assert_eq!(outcomes(&output)[1..3], [0, 0], "{}", output.stderr);
    assert_ne!(world.person("ftoten2@banc.ly")["place"], "removed");
}

/// A sign-in page with 200 is no success.
#[test]
fn reported_pages_with_200_are_not_done() {
    let world = world("api/02-any-2xx-is-done");
    for line in [
        "--json member add adds.csv --yes --concurrency 1",
        "--json user deactivate leavers.csv --yes --max-changes 10 --concurrency 1",
    ] {
        let output = world.run(line);
        assert_ne!(output.code, 0, "{}", output.stderr);
        let output = output.says("a web page instead of data: Web access: please sign in again");
        assert_eq!(outcomes(&output)[0], 1, "{}", output.stderr);
    }
}

#[test]
fn a_reported_wrong_organization_plans_nothing() {
    let mut world = World::new();
    world.seed(json!({ "people": [
        { "email": "boss@banc.ly", "name": "Org Boss", "org_admin": true },
    ] }));
    world.file("leavers.csv", "Email\nvdillow@banc.ly\nboss@banc.ly\n");
    world.unset("HEADCOUNT_DIRECTORY_ID");
    world.set("HEADCOUNT_ORG_ID", "00000000-1111-2222-3333-444444444444");
    world.run("user deactivate leavers.csv --yes --max-changes 10").exit(2).says("is for banc");
    world.nothing_sent();
}

/// 201 for a user who exists is no proof that the user got the app.
#[test]
fn a_reported_201_is_no_proof_of_an_app() {
    let world = world("api/05-given-by-201");
    let output = world.run("--json user create new.csv --yes");
    assert_ne!(output.code, 0, "{}", output.stderr);
    let [changed, .., failed, unknown, _] = outcomes(&output);
    assert_eq!((changed, failed + unknown), (1, 1), "{}", output.stderr);
}

#[test]
fn a_reported_reader_that_goes_away_stops_no_run() {
    let world = world("api/07-stderr-gone");
    let under = ["sh", "-c", r#"exec "$0" "$@" 2>/dev/full"#];
    let output = world.command("--json member add adds.csv --yes").under(&under).run().exit(0);
    assert_eq!(output.events().last("state"), "finished");
    assert_eq!(world.members("hanoi-legal"), world.changing() as usize);
}

/// A group whose list and number do not agree stops no row.
#[test]
fn a_reported_list_that_does_not_add_up_stops_no_row() {
    let world = world("api/08-members-that-move");
    let output = world.run("--json member add adds.csv --yes").exit(0);
    assert_eq!(outcomes(&output)[0], 4, "{}", output.stderr);
}

#[test]
fn reported_words_for_no_seat_are_that_reason() {
    let world = world("api/11-seats-words");
    let line = "member add adds.csv --yes --concurrency 1 --max-failures 0 --report r.csv";
    world.run(line).exit(1);
    let report = table(&world.read("r.csv"));
    let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
    let limits = report.iter().filter(|row| row[reason] == "licence-limit").count();
    assert_eq!(limits, 3, "{report:?}");
}

#[test]
fn a_reported_missing_scope_is_explained() {
    let world = world("api/12-scope-does-not-match");
    for _ in 0..2 {
        let output = world.run("member add adds.csv --yes").exit(3).says("scope");
        assert!(!output.stderr.contains("expired"), "{}", output.stderr);
    }
    let output = world.run("profile check");
    assert!((output.stdout + &output.stderr).contains("scope"));
}

#[test]
fn a_reported_redirect_stops_the_run_at_once() {
    let world = world("api/14-redirect-in-mid-run");
    let output = world.run("--json member add adds.csv --yes --concurrency 1");
    assert!(matches!(output.code, 2 | 5), "{}: {}", output.code, output.stderr);
    let output = output.says("https://acme-new.atlassian.net");
    assert_eq!(outcomes(&output), [1, 0, 0, 0, 3], "{}", output.stderr);
    assert_eq!(world.changing(), 2, "the first one, and the one that was redirected");
}

#[test]
fn a_reported_sigterm_ends_the_run_in_order() {
    let world = world("api/16-sigterm");
    let line = "--json member add adds.csv --yes --concurrency 1 --report r.csv";
    let mut job = world.command(line).start();
    job.settled(1);
    world.struck(1);
    job.signal(Signal::TERM);
    let output = job.end().exit(130).says("headcount run resume");
    assert_eq!(output.events().last("state"), "stopped");
    assert_eq!(table(&world.read("r.csv")).len(), 5);
}

/// Half of a surrogate pair in a display name does not stop the job; the answer has no account of the user's own.
#[test]
fn a_reported_half_of_a_pair_stops_nothing_by_itself() {
    let world = world("api/19-lone-surrogate").token_alone();
    let output = world.run("user create new.csv --yes");
    assert!(!output.stderr.contains("fits no description"), "{}", output.stderr);
    assert!(!output.stderr.contains("hex escape"), "{}", output.stderr);
}

/// Headers that announce a limit and never move, while nothing is refused, do not hold up a run: 100 rows took seven
/// minutes.
#[test]
fn reported_headers_that_never_move_hold_nothing_up() {
    let variants = [
        json!({ "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "1" }),
        json!({ "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0" }),
        json!({ "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "1", "X-RateLimit-FillRate": "5" }),
        json!({ "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "20" }),
        json!({ "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "1", "X-RateLimit-NearLimit": "true" }),
    ];
    at_once(&variants, |headers| {
        let mut world = World::of_people(300);
        let mails = world.plain_mails();
        let rows = mails.iter().take(100).map(|mail| format!("{mail},hanoi-legal\n"));
        world.file("adds.csv", format!("Email,Group\n{}", rows.collect::<String>()));
        world.fault(json!({ "times": 0, "headers": headers }));
        // Interrupted, it exits with 130.
        let slow = ["timeout", "-s", "INT", "120"];
        let output = world.command("--json member add adds.csv --yes").under(&slow).run().exit(0);
        assert_eq!(outcomes(&output)[..2].iter().sum::<u64>(), 100, "{headers}");
    });
}

/// A colleague deactivated the user between plan and sending: 409.
#[test]
fn a_reported_409_is_read_and_unchanged() {
    let world = world("api/24-409-already-so");
    let output = world.run("--json user deactivate leavers.csv --yes --max-changes 5").exit(0);
    let [changed, unchanged, ..] = outcomes(&output);
    assert_eq!(changed + unchanged, 2, "{}", output.stderr);
}

/// A colleague removed one of the created users before the undo.
#[test]
fn a_reported_undo_of_a_user_who_is_gone_is_unchanged() {
    let world = world("api/25-undo-somebody-gone");
    world.run("user create new.csv --yes -q").exit(0);
    let id = world.person("new1@banc.ly")["account_id"].as_str().expect("an id").to_owned();
    world.by_hand("DELETE", &format!("/rest/api/3/user?accountId={id}"), None);
    let undo = "--json run undo last --remove-created --yes --max-changes 5";
    let output = world.run(undo).exit(0);
    assert_eq!(outcomes(&output)[2..], [0, 0, 0], "{}", output.stderr);
    assert_eq!(world.person("new2@banc.ly")["place"], "removed");
}
