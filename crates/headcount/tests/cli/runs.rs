//! The life of a run: planned, shown, applied, resumed, undone, canceled, reported.

use serde_json::{Value, json};

use crate::harness::{World, table};

const PLAN: &str = "member add samples/member-add.csv --plan";

#[test]
fn planned_then_applied() {
    let world = World::new();
    let planned = world.run(PLAN).exit(0).snap("plan");
    assert_eq!(planned.stdout.trim(), planned.run_id());
    world.nothing_sent();
    world.run("run show last").exit(0).snap("plan-show");
    world.run("run show last --rows").exit(0).snap("plan-show-rows");
    world.run("run list").exit(0).snap("plan-list");
    world.run("run report last").exit(0).snap("plan-report");
    world.nothing_sent();
    world.run("run apply last --yes").exit(0).snap("apply");
    assert_eq!(world.changing(), 3);
    world.run("run show last").exit(0).snap("applied-show");
    world.run("run show 1 --rows").exit(0).snap("applied-show-rows");
    world.run("run apply last --yes").exit(2).snap("apply-again");
    let events = World::new().run(&format!("--json {PLAN}")).exit(0).events();
    assert_eq!(events.order(), ["planned", "finished"]);
    assert_eq!((events.last("state"), events.count("pending")), (&json!("planned"), 3));
}

/// What has changed since the plan is reported for each step, and only what was shown is applied.
#[test]
fn changed_since_the_plan() {
    let mut world = World::new();
    world.run(PLAN).exit(0);
    world.seed(json!({ "memberships": [{ "email": "vdillow@banc.ly", "group": "oslo-engineering" }] }));
    world.clear_log();
    world.run("run apply last --yes").exit(0).snap("changed-since-plan-already");
    assert_eq!(world.changing(), 2);
    // The user has left the site.
    world.file("add.csv", "Email,Group\nftoten2@banc.ly,oslo-engineering\n");
    world.run("member add add.csv --plan").exit(0);
    world.by_hand("DELETE", "/rest/api/3/user?accountId=982bfd68520fxxx71daccb32", None);
    world.clear_log();
    world.run("run apply last --yes").exit(1).snap("changed-since-plan-person");
    world.nothing_sent();
}

/// An address that has moved to another account may mean either account, so neither is changed.
#[test]
fn an_address_that_moved_since_the_plan() {
    for (job, sheet, prepare) in [
        ("member add", "Email,Group\nvdillow@banc.ly,oslo-engineering\n", "both"),
        ("member add", "Email,Group\nvdillow@banc.ly,oslo-engineering\n", "token"),
        ("user deactivate", "Email\nvdillow@banc.ly\n", "both"),
        ("user suspend", "Email\nvdillow@banc.ly\n", "both"),
        ("user remove", "Email\nvdillow@banc.ly\n", "both"),
        ("user remove", "Email\nvdillow@banc.ly\n", "token"),
    ] {
        let mut world = World::new();
        if prepare == "token" {
            world = world.token_alone();
        }
        world.file("in.csv", sheet);
        world.run(&format!("{job} in.csv --plan")).exit(0);
        let account = |mail: &str| world.person(mail)["account_id"].as_str().expect("an id").to_owned();
        let (first, second) = (account("vdillow@banc.ly"), account("ftoten2@banc.ly"));
        for (account, mail) in [(&first, "verna@banc.ly"), (&second, "vdillow@banc.ly")] {
            let path = format!("/users/{account}/manage/email");
            world.by_hand("PUT", &path, Some(&json!({ "email": mail })));
        }
        world.clear_log();
        let output = world.run("run apply last --yes --max-changes 1").exit(1);
        output.says("now has verna@banc.ly").says("changed-since-plan");
        world.nothing_sent();
    }
}

#[test]
fn accounts_changed_since_the_plan() {
    let world = World::new();
    world.run("user deactivate samples/deactivate.csv --plan").exit(0);
    let disable = "/users/3c5e0172a629xxx061259ed9/manage/lifecycle/disable";
    world.by_hand("POST", disable, Some(&json!({ "message": "by hand" })));
    world.clear_log();
    let events =
        world.run("--json run apply last --yes --max-changes 2").exit(0).events();
    assert_eq!((events.count("changed"), events.count("unchanged")), (1, 1));
    assert_eq!(world.changing(), 1);
}

#[test]
fn cancelled() {
    let world = World::new();
    world.run(PLAN).exit(0);
    world.run("run cancel last").exit(0).snap("cancel");
    world.run("run apply last --yes").exit(2).snap("cancel-apply");
    world.run("run cancel last").exit(2).snap("cancel-again");
    world.run("run list").exit(0).snap("cancel-list");
    world.nothing_sent();
}

#[test]
fn runs_that_are_none() {
    let world = World::new();
    world.run("run show last").exit(2);
    world.run(PLAN).exit(0);
    for run in ["7", "20200101-1", "lst", "-"] {
        world.run(&format!("run show {run}")).exit(2);
    }
    world.run("run show 7").exit(2).snap("run-none");
    world.run("run resume last --yes").exit(2).snap("resume-planned");
}

/// Undo of memberships, and undo of the undo.
#[test]
fn undo_of_memberships() {
    let world = World::new();
    // One of the three was a member before: the run changes nothing there, and neither does its undo.
    world.seed(json!({ "memberships": [{ "email": "vdillow@banc.ly", "group": "oslo-engineering" }] }));
    world.run("member add samples/member-add.csv --yes").exit(0);
    world.run("run undo last --yes").exit(0).snap("undo");
    assert!(world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert!(!world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    world.run("run list").exit(0).snap("undo-list");
    // Nothing of the first run is left to undo. So soon after it the index does not count: the site itself says
    // that it is already in the wanted state.
    world.run("run undo 1 --yes").exit(0).snap("undo-again");
    assert!(!world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    world.clear_log();
    world.run("run undo 2 --yes").exit(0);
    assert!(world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    world.nothing_twice();
}

#[test]
fn undo_of_a_deactivation_and_back() {
    let world = World::new();
    world.run("user deactivate samples/deactivate.csv --yes --max-changes 2").exit(0);
    world.run("run undo last --yes").exit(0).snap("undo-deactivate");
    assert_eq!(world.person("dsnapper@banc.ly").get("lifecycle"), None);
    // Its undo takes something away again, and needs a maximum.
    world.run("run undo last --yes").exit(2);
    world.run("run undo last --yes --max-changes 1").exit(4);
    world.run("run undo 2 --yes --max-changes 2").exit(0);
    assert_eq!(world.person("dsnapper@banc.ly")["lifecycle"], "inactive");
}

/// Created users are removed from the site only on request, and never deactivated.
#[test]
fn undo_of_created_people() {
    let mut world = World::new();
    world.file("create.csv", "emailAddress\nnew@banc.ly\nvdillow@banc.ly\n");
    world.run("user create create.csv --yes").exit(0);
    world.clear_log();
    world.run("run undo last --yes --max-changes 5").exit(1).snap("undo-create-kept");
    world.nothing_sent();
    world.run("run undo 1 --yes --max-changes 5 --remove-created").exit(0).snap("undo-create");
    let person = world.person("new@banc.ly");
    assert_eq!((person["place"].as_str(), person.get("lifecycle")), (Some("removed"), None));
    assert_eq!(world.person("vdillow@banc.ly").get("place"), None);
    assert_eq!(world.log()["changed"], 1);
}

#[test]
fn an_undo_can_be_planned() {
    let world = World::new();
    world.run("member add samples/member-add.csv --yes").exit(0);
    world.clear_log();
    world.run("run undo last --plan").exit(0).snap("undo-plan");
    world.nothing_sent();
    world.run("run apply last --yes").exit(0);
    assert_eq!(world.log()["changed"], 3);
}

/// A column of the input with a name of the report's own gets a prefix.
#[test]
fn reports() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group,Outcome,at\njfloat@banc.ly,hanoi-legal,good,noon\nnobody@banc.ly,hanoi-legal,,\n");
    world.run("member add add.csv --yes --report out.json").exit(1);
    world.run("run report last").exit(0).snap("report-csv");
    let json = world.run("run report last --format json").exit(0);
    assert_eq!(json.stdout, world.read("out.json"));
    let value: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert!(value.is_object());
    json.snap("report-json");
    world.run("run report last -o out.csv").exit(0);
    let table = table(&world.read("out.csv"));
    assert_eq!(table[0][..4], ["Email", "Group", "Outcome", "at"]);
    assert!(table[0].contains(&"headcount_outcome".to_owned()));
    for (file, format) in [("out.html", "html"), ("out.xml", "junit")] {
        world.run(&format!("run report last -o {file}")).exit(0);
        let by_name = world.read(file);
        let by_option = world.run(&format!("run report last --format {format}")).exit(0);
        assert_eq!(by_name, by_option.stdout);
    }
    assert!(world.read("out.html").starts_with("<!DOCTYPE html>\n"));
    assert!(world.read("out.html").contains("2 rows: 1 changed, 1 skipped."));
    world.run("run report last --format junit").exit(0).snap("report-junit");
}

/// The path of the report is checked before anything is sent.
#[test]
fn a_report_that_cannot_be_written() {
    let mut world = World::new();
    world.run("member add samples/member-add.csv --yes --report nowhere/out.csv").exit(2).snap("report-nowhere");
    world.run("member add samples/member-add.csv --yes --report samples").exit(2);
    world.nothing_sent();
    world
        .run("--json member add samples/member-add.csv --yes --report -")
        .exit(2)
        .says("standard output");
    world.nothing_sent();
    world.file("out.csv", "what was there before");
    world.run("member add samples/member-add.csv --plan --report out.csv").exit(0);
    assert_eq!(world.read("out.csv"), "what was there before");
}

/// Only the rows to correct, unchanged: after the correction they are applied.
#[test]
fn failed_rows_are_fed_back() {
    let mut world = World::new();
    world.file(
        "add.csv",
        "Email;Group;note\n\
         jfloat@banc.ly;hanoi-legal;fine\n\
         nobody@banc.ly;hanoi-legal;\"a; semicolon, a comma\"\n\
         vdillow@banc.ly;Finance, Europe;refused at first\n\
         jfloat@banc.ly;hanoi-legal;the same again\n",
    );
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "account": "e2345d51eaa4xxx984e377ce",
        "answer": { "status": 403, "body": { "errorMessages": ["Not today."], "errors": {} } },
    }));
    world.run("member add add.csv --yes").exit(1).snap("failed-rows");
    world.run("run failed last -o again.csv").exit(0).says("2 rows to correct or try again");
    assert_eq!(
        world.read("again.csv"),
        "Email;Group;note\r\n\
         nobody@banc.ly;hanoi-legal;\"a; semicolon, a comma\"\r\n\
         vdillow@banc.ly;Finance, Europe;refused at first\r\n",
        "with the separator of the file"
    );
    let corrected = world.read("again.csv").replace("nobody@", "ftoten2@");
    world.file("again.csv", corrected);
    let events = world.run("--json member add again.csv --yes").exit(0).events();
    assert_eq!(events.count("changed"), 2);
}

/// The journal's path can be set, and suggested commands use the same one.
#[test]
fn a_journal_of_ones_own() {
    let mut world = World::new();
    world.run("--journal \"my runs.db\" member add samples/member-add.csv --plan").exit(0).snap("journal-own");
    assert!(!world.journal().exists());
    world.command("run list").with("HEADCOUNT_JOURNAL", "my runs.db").run().exit(0);
    world.file("not.db", "this is no journal, only a text that is long enough to be one, by far");
    world.run("--journal not.db run list").exit(2).snap("journal-none");
    world.run("--journal samples run list").exit(2).snap("journal-folder");
}

/// The journal contains users' names, so only its owner can read it.
#[test]
fn the_journal_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    world.run(PLAN).exit(0);
    let folder = world.journal().parent().expect("a folder").to_owned();
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others", path.display());
    }
    let mode = std::fs::metadata(&folder).expect("a folder").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{} is open to others", folder.display());
}

/// Only some rows are undone. The run, the list and the reports say which ones, and by which run.
#[test]
fn some_rows_are_taken_back_and_everything_says_so() {
    let world = World::new();
    world.run("member add samples/member-add.csv --yes").exit(0);
    world.clear_log();
    world.run("run undo 1 --rows 3,9 --yes").exit(2).snap("undo-rows-beyond");
    world.run("run undo 1 --rows 3- --yes").exit(2).says("is not a list of rows");
    world.nothing_sent();
    world.run("run undo 1 --rows 3,1 --yes").exit(0).snap("undo-rows");
    assert_eq!(world.changing(), 2);
    assert!(world.is_member("ftoten2@banc.ly", "hanoi-legal"), "row 2 was not chosen");
    world.run("run show 1").exit(0).snap("undo-rows-show");
    world.run("run list").exit(0).snap("undo-rows-list");
    let report = world.run("run report 1").exit(0).stdout;
    let of = |row: usize| report.lines().nth(row).expect("a row").contains("undone later by run");
    assert_eq!([of(1), of(2), of(3)], [true, false, true], "{report}");
    let html = world.run("run report 1 --format html").exit(0).stdout;
    assert!(html.contains("Undone later: 2 rows"), "{html}");
    let json: Value = serde_json::from_str(&world.run("run report 1 --format json").exit(0).stdout)
        .expect("JSON");
    assert_eq!(json["taken_back"][0]["rows"], 2);
    // A row that is applied again does not count as undone, and a row that changed nothing can't be undone.
    world.run("run undo 2 --rows 3 --yes").exit(0);
    let shown = world.run("run show 1").exit(0).stdout;
    assert!(shown.contains("undone     1 row, by run"), "{shown}");
    world.run("member add samples/member-add.csv --yes").exit(0);
    world.run("run undo last --rows 2 --yes").exit(2).snap("undo-rows-nothing");
}
