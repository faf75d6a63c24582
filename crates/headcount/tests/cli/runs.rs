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
    insta::assert_snapshot!(world.run("run show last --rows").exit(0).transcript(), @r"
    $ headcount run show last --rows
    ─── stdout
    1	pending		add vdillow@banc.ly to oslo-engineering
    2	pending		add ftoten2@banc.ly to hanoi-legal
    3	pending		add amelmeth@banc.ly to houston-sales
    ─── exit 0
    ");
    insta::assert_snapshot!(world.run("run list").exit(0).transcript(), @r"
    $ headcount run list
    ─── stdout
    20260101-1  planned      member add       http://127.0.0.1:PORT  samples/member-add.csv: 3 pending; planned by admin@banc.ly
    ─── exit 0
    ");
    insta::assert_snapshot!(world.run("run report last").exit(0).transcript(), @r"
    $ headcount run report last
    ─── stdout
    Email,Group,row,site,outcome,reason,detail,http_status,attempts,account_id,group_id,at
    vdillow@banc.ly,oslo-engineering,1,http://127.0.0.1:PORT,pending,,,,0,e2345d51eaa4xxx984e377ce,d6750b14-1aa8-4ab2-xxxx-a6d44016da32,
    ftoten2@banc.ly,hanoi-legal,2,http://127.0.0.1:PORT,pending,,,,0,982bfd68520fxxx71daccb32,0b200647-b447-4eaf-xxxx-55ec31a7d4c9,
    amelmeth@banc.ly,houston-sales,3,http://127.0.0.1:PORT,pending,,,,0,7a4b625f3fd5xxx24d741ac7,396fae73-650c-4265-xxxx-9c840897fc68,
    ─── exit 0
    ");
    world.nothing_sent();
    world.run("run apply last --yes").exit(0).snap("apply");
    assert_eq!(world.changing(), 3);
    world.run("run show last").exit(0).snap("applied-show");
    insta::assert_snapshot!(world.run("run show 1 --rows").exit(0).transcript(), @r"
    $ headcount run show 1 --rows
    ─── stdout
    1	changed	done	added vdillow@banc.ly to oslo-engineering
    2	changed	done	added ftoten2@banc.ly to hanoi-legal
    3	changed	done	added amelmeth@banc.ly to houston-sales
    ─── exit 0
    ");
    insta::assert_snapshot!(world.run("run apply last --yes").exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: run 20260101-1 is finished; only a waiting plan can be applied
    hint: `headcount run list` shows all runs
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run("run cancel last").exit(0).transcript(), @r"
    $ headcount run cancel last
    ─── stderr
    Run 20260101-1 is canceled: 3 pending
    ─── exit 0
    ");
    insta::assert_snapshot!(world.run("run apply last --yes").exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: run 20260101-1 is canceled; only a waiting plan can be applied
    hint: `headcount run list` shows all runs
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("run cancel last").exit(2).transcript(), @r"
    $ headcount run cancel last
    ─── stderr
    error: run 20260101-1 is canceled; there is nothing to cancel
    hint: `headcount run list` shows all runs
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("run list").exit(0).transcript(), @r"
    $ headcount run list
    ─── stdout
    20260101-1  canceled     member add       http://127.0.0.1:PORT  samples/member-add.csv: 3 pending; planned by admin@banc.ly
    ─── exit 0
    ");
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
    insta::assert_snapshot!(world.run("run show 7").exit(2).transcript(), @r"
    $ headcount run show 7
    ─── stderr
    error: there is no run “7”
    hint: `headcount run list` shows all runs
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("run resume last --yes").exit(2).transcript(), @r"
    $ headcount run resume last --yes
    ─── stderr
    error: run 20260101-1 is planned; it waits to be applied
    hint: to apply it: headcount run apply 20260101-1
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run("run list").exit(0).transcript(), @r"
    $ headcount run list
    ─── stdout
    20260101-2  finished     member remove    http://127.0.0.1:PORT  undo of 20260101-1: 2 changed; planned by admin@banc.ly
    20260101-1  finished     member add       http://127.0.0.1:PORT  samples/member-add.csv: 2 changed, 1 unchanged; 2 undone later; planned by admin@banc.ly
    ─── exit 0
    ");
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
    insta::assert_snapshot!(world.run("run report last").exit(0).transcript(), @r"
    $ headcount run report last
    ─── stdout
    Email,Group,Outcome,at,row,site,headcount_outcome,reason,detail,http_status,attempts,account_id,group_id,headcount_at
    jfloat@banc.ly,hanoi-legal,good,noon,1,http://127.0.0.1:PORT,changed,done,added jfloat@banc.ly to hanoi-legal,201,1,6155833c071axxx071ff5b24,0b200647-b447-4eaf-xxxx-55ec31a7d4c9,2026-01-01T00:00:00Z
    nobody@banc.ly,hanoi-legal,,,2,http://127.0.0.1:PORT,skipped,user-not-found,no user has the email nobody@banc.ly,,0,,,
    ─── exit 0
    ");
    let json = world.run("run report last --format json").exit(0);
    assert_eq!(json.stdout, world.read("out.json"));
    let value: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert!(value.is_object());
    insta::assert_snapshot!(json.transcript(), @r#"
    $ headcount run report last --format json
    ─── stdout
    {"acts":[{"account_id":"712020:AN-ID","at":"2026-01-01T00:00:00Z","by":"admin@banc.ly","did":"planned","why":null},{"account_id":"712020:AN-ID","at":"2026-01-01T00:00:00Z","by":"admin@banc.ly","did":"started","why":null}],"approvals_needed":0,"counts":{"changed":1,"failed":0,"pending":0,"planned":1,"rows":2,"skipped":1,"unchanged":0,"unknown":0},"ended_at":"2026-01-01T00:00:00Z","headings":["Email","Group","Outcome","at"],"input":"add.csv","job":"member add","planned_at":"2026-01-01T00:00:00Z","profile":"environment","run":"20260101-1","site":"http://127.0.0.1:PORT","started_at":"2026-01-01T00:00:00Z","state":"finished","stop":null,"taken_back":[],"undoes":null,"v":1,"rows":[
    {"account_id":"6155833c071axxx071ff5b24","at":"2026-01-01T00:00:00Z","attempts":1,"detail":"added jfloat@banc.ly to hanoi-legal","group_id":"0b200647-b447-4eaf-xxxx-55ec31a7d4c9","http_status":201,"input":["jfloat@banc.ly","hanoi-legal","good","noon"],"outcome":"changed","reason":"done","row":1,"site":"http://127.0.0.1:PORT"},
    {"account_id":null,"at":null,"attempts":0,"detail":"no user has the email nobody@banc.ly","group_id":null,"http_status":null,"input":["nobody@banc.ly","hanoi-legal","",""],"outcome":"skipped","reason":"user-not-found","row":2,"site":"http://127.0.0.1:PORT"}
    ]}
    ─── exit 0
    "#);
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
    insta::assert_snapshot!(world.run("member add samples/member-add.csv --yes --report nowhere/out.csv").exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes --report nowhere/out.csv
    ─── stderr
    error: nowhere/out.csv cannot be written
      because: the folder nowhere does not exist
    hint: make the folder, or name a file in one that exists
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run("--journal not.db run list").exit(2).transcript(), @r"
    $ headcount --journal not.db run list
    ─── stderr
    error: not.db is not a headcount journal, or is damaged
    hint: name another file with --journal; this one was not changed
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("--journal samples run list").exit(2).transcript(), @"
    $ headcount --journal samples run list
    ─── stderr
    error: samples is not a file, so it cannot be a journal
    hint: name another file with --journal
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run("run undo 1 --rows 3,9 --yes").exit(2).transcript(), @r"
    $ headcount run undo 1 --rows 3,9 --yes
    ─── stderr
    error: run 20260101-1 has no row 9
    hint: the report's column `row` has the numbers
    ─── exit 2
    ");
    world.run("run undo 1 --rows 3- --yes").exit(2).says("is not a list of rows");
    world.nothing_sent();
    world.run("run undo 1 --rows 3,1 --yes").exit(0).snap("undo-rows");
    assert_eq!(world.changing(), 2);
    assert!(world.is_member("ftoten2@banc.ly", "hanoi-legal"), "row 2 was not chosen");
    world.run("run show 1").exit(0).snap("undo-rows-show");
    insta::assert_snapshot!(world.run("run list").exit(0).transcript(), @r"
    $ headcount run list
    ─── stdout
    20260101-2  finished     member remove    http://127.0.0.1:PORT  undo of 20260101-1: 2 changed; planned by admin@banc.ly
    20260101-1  finished     member add       http://127.0.0.1:PORT  samples/member-add.csv: 3 changed; 2 undone later; planned by admin@banc.ly
    ─── exit 0
    ");
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
    insta::assert_snapshot!(world.run("run undo last --rows 2 --yes").exit(2).transcript(), @r"
    $ headcount run undo last --rows 2 --yes
    ─── stderr
    error: of run 20260101-4, row 2 changed nothing
    hint: only rows that ended `changed` can be undone
    ─── exit 2
    ");
}
