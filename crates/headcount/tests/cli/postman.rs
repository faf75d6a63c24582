//! `postman run`: collections against the sandbox, with Newman's options.

use serde_json::{Value, json};

use crate::harness::{World, table};

/// The knowledge base's collection for creating users; `user` is the login.
fn create(user: &str, body: &str) -> Value {
    let test = "pm.test(\"Request successful\", function () {\n    pm.expect(pm.response.code).to.be.oneOf([200, 201, 202, 204]);\n});";
    json!({
        "info": {"name": "User Management", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "auth": {"type": "basic", "basic": [{"key": "password", "value": "{{apiToken}}"}, {"key": "username", "value": user}]},
        "event": [{"listen": "test", "script": {"exec": test.lines().collect::<Vec<_>>()}}],
        "item": [{"name": "Create User", "request": {"method": "POST", "header": [],
            "url": {"raw": "x", "host": ["{{cloudUrl}}"], "path": ["rest", "api", "3", "user"]},
            "body": {"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}}}}],
    })
}

const PRODUCTS: &str = r#"{"emailAddress": "{{emailAddress}}", "products": ["{{products}}"]}"#;

/// A world with a collection, the environment of its sandbox, and a data file.
fn world(collection: &Value, data: &str) -> World {
    let mut world = World::new();
    let card = world.card().clone();
    let values = json!([{"key": "cloudUrl", "value": card.url}, {"key": "apiTokenEmailAddress", "value": card.email},
        {"key": "apiToken", "value": card.api_token, "type": "secret"}]);
    world.file("c.json", collection.to_string());
    world.file("e.json", json!({"name": "e", "values": values}).to_string());
    world.file("d.csv", data);
    world
}

/// Asserts that a text was written to standard output or standard error.
#[track_caller]
fn shows(transcript: &str, text: &str) {
    assert!(transcript.contains(text), "it does not show \"{text}\"\n{transcript}");
}

#[test]
fn the_articles_collection_creates_a_user_for_each_row_with_reports() {
    let data = "emailAddress,products\nann.new@banc.ly,jira-software\nbo.new@banc.ly,jira-software\n";
    let world = world(&create("{{apiTokenEmailAddress}}", PRODUCTS), data);
    let run = world.run(
        "postman run c.json -e e.json -d d.csv -r cli,json,junit --reporter-json-export r.json \
         --reporter-junit-export r.xml --report rows.csv --export-environment out.json",
    );
    shows(run.exit(0).transcript(), "rows: 2 done, 0 failed");
    assert_eq!(world.changing(), 2);
    let rows = table(&world.read("rows.csv"));
    let head = ["emailAddress", "products", "row", "site", "outcome", "reason", "detail", "http_status"];
    assert_eq!(rows[0][..8], head);
    let url = world.card().url.as_str();
    let row = ["ann.new@banc.ly", "jira-software", "1", url, "changed", "done", "1 request, 1 test passed", "201"];
    assert_eq!(rows[1][..8], row);
    let report: Value = serde_json::from_str(&world.read("r.json")).unwrap();
    assert_eq!(report["run"]["stats"]["assertions"], json!({"total": 2, "pending": 0, "failed": 0}));
    assert_eq!(report["run"]["executions"][1]["response"]["code"], 201);
    assert_eq!(report["run"]["failures"], json!([]));
    assert!(world.read("r.xml").contains("<testcase name=\"Request successful\""));
    world.nothing_twice();
}

#[test]
fn a_column_in_place_of_the_credentials_sends_nothing_and_newman_is_refused_with_401() {
    let collection = create("{{emailAddress}}", r#"{"emailAddress": "{{emailAddress}}"}"#);
    let world = world(&collection, "emailAddress\nann.new@banc.ly\n");
    let run = world.run("postman run c.json -e e.json -d d.csv");
    run.exit(2).says("the column \"emailAddress\" of the data file takes the place");
    world.nothing_sent();
    let run = world.run("postman run c.json -e e.json -d d.csv --as-newman");
    shows(run.exit(1).transcript(), "[401 Unauthorized");
    world.run("postman run c.json -e e.json -d d.csv --as-newman -x").exit(0);
}

#[test]
fn a_plan_sends_nothing_and_a_failed_canary_row_stops_the_others() {
    let data = "emailAddress,products\nann.new@banc.ly,no-such\nbo.new@banc.ly,jira-software\n";
    let world = world(&create("{{apiTokenEmailAddress}}", PRODUCTS), data);
    let run = world.run("postman run c.json -e e.json -d d.csv --plan");
    let run = run.exit(0);
    shows(run.transcript(), "2 pending, 1 request each");
    shows(run.transcript(), "\"ann.new@banc.ly\", \"products\": [\"no-such\"]");
    world.nothing_sent();
    let run = world.run("postman run c.json -e e.json -d d.csv --canary 1");
    run.exit(4).says("the canary (row 1, ann.new@banc.ly) ended failed").says("the next row is row 2 (bo.new@banc.ly)");
}

#[test]
fn what_can_not_be_run_says_where_and_sends_nothing() {
    let data = "EmailAddress,products\nann.new@banc.ly,jira-software\n";
    let mut world = world(&create("{{apiTokenEmailAddress}}", PRODUCTS), data);
    world.file("broken.json", "{\n  \"info\": }");
    let cases = [
        ("c.json -e e.json -d d.csv", "\"Create User\": no value for {{emailAddress}}; \"EmailAddress\" differs only in case"),
        ("broken.json", "broken.json, line 2, column 11: the file is not valid JSON"),
        ("e.json", "this file is an environment, not a collection"),
        ("none.json", "none.json can't be read"),
        ("c.json --folder none", "the collection has no folder or request \"none\""),
        ("c.json -e e.json -d d.csv --map x=None", "--map: the data file has no column \"None\""),
    ];
    for (options, wanted) in cases {
        let run = world.run(&format!("postman run {options}"));
        run.exit(2).says(wanted);
    }
    world.nothing_sent();
    world.run("postman run c.json -e e.json -d d.csv --map emailAddress=EmailAddress").exit(0);
    assert_eq!(world.changing(), 1);
}

/// The articles' requests have a job, which the command names; other requests have none.
#[test]
fn the_articles_requests_are_recognized() {
    let data = "emailAddress,products\nann.new@banc.ly,jira-software\n";
    let mut world = world(&create("{{apiTokenEmailAddress}}", PRODUCTS), data);
    let run = world.run("postman run c.json -e e.json -d d.csv --plan").exit(0);
    run.says("headcount user create d.csv");
    let articles = [
        ("POST", "/rest/api/3/group/user?groupId={{groupId}}", Some("headcount member add d.csv")),
        ("POST", "/users/{{account}}/manage/lifecycle/disable", Some("headcount user deactivate d.csv")),
        ("GET", "/rest/api/3/myself", None),
        ("POST", "/rest/api/3/issue", None),
    ];
    for (method, path, job) in articles {
        let mut collection = create("{{apiTokenEmailAddress}}", "{}");
        collection["item"][0]["request"] =
            json!({"method": method, "header": [], "url": format!("{{{{cloudUrl}}}}{path}")});
        world.file("c.json", collection.to_string());
        world.file("d.csv", "groupId,account\n1,2\n");
        let run = world.run("postman run c.json -e e.json -d d.csv --plan").exit(0);
        assert_eq!(run.stderr.contains("headcount has a job for"), job.is_some(), "{path}");
        shows(run.transcript(), job.unwrap_or(method));
    }
}

#[test]
fn the_html_report_is_that_of_every_run() {
    let data = "emailAddress,products\nann.new@banc.ly,jira-software\n";
    let world = world(&create("{{apiTokenEmailAddress}}", PRODUCTS), data);
    let line = "postman run c.json -e e.json -d d.csv -r html --reporter-html-export r.html";
    world.run(line).exit(0);
    let report = world.read("r.html");
    assert!(report.contains("Rows of a Postman collection") && report.contains("ann.new@banc.ly"));
    world.run(&format!("{line} --as-newman")).exit(1).says("--as-newman has none");
}

/// Names, console lines and messages of a collection or a response cannot control the terminal, or begin a line.
#[test]
fn no_text_of_a_collection_controls_the_terminal() {
    let evil = "\u{1b}[2J\u{7}\u{202e}x\nRun 1 finished";
    let test = format!(
        "const evil = {};\nconsole.log(evil);\npm.test(evil, () => {{ throw new Error(evil) }});\npm.test(evil, () => {{}});\nthrow new Error(evil);",
        json!(evil)
    );
    let item = json!({"name": evil, "item": [{"name": evil, "request": {"method": "GET",
        "url": "{{cloudUrl}}/rest/api/3/myself"}, "event": [{"listen": "test",
        "script": {"exec": test.lines().collect::<Vec<_>>()}}]}]});
    let collection = json!({"info": {"name": evil}, "item": [item]});
    let world = world(&collection, "name\na\n");
    for options in ["", " --as-newman", " --plan"] {
        let run = world.run(&format!("postman run c.json -e e.json -d d.csv{options}"));
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{options}: {text:?}");
        }
        let forged = run.stdout.lines().find(|line| line.starts_with("Run 1 finished"));
        assert_eq!(forged, None, "{options}");
    }
}
