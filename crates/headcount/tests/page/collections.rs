//! Collections on the page: files are dropped, values typed, the first row checked, rows opened.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const GROUP: &str = "/rest/api/3/group";
const HELD: u64 = 3_600_000;

/// A cell of a password column.
const PASSWORD: &str = "correct-horse-battery";

/// A request with basic credentials; its test expects this status.
fn request(name: &str, method: &str, path: &str, body: Option<&str>, status: u16) -> Value {
    let mut request =
        json!({ "method": method, "header": [], "url": format!("{{{{cloudUrl}}}}{path}") });
    if let Some(body) = body {
        request["body"] =
            json!({ "mode": "raw", "raw": body, "options": { "raw": { "language": "json" } } });
    }
    let test = format!("pm.test('answered {status}', () => pm.response.to.have.status({status}));");
    let event = json!([{ "listen": "test", "script": { "exec": [test] } }]);
    json!({ "name": name, "request": request, "event": event })
}

fn create(status: u16) -> Value {
    request("Create", "POST", GROUP, Some(r#"{"name": "{{name}}"}"#), status)
}

fn collection(items: &[Value]) -> Value {
    json!({
        "info": { "name": "Groups <b>of</b> teams", "schema": SCHEMA },
        "auth": { "type": "basic", "basic": [
            { "key": "password", "value": "{{apiToken}}" }, { "key": "username", "value": "{{user}}" }] },
        "item": items,
    })
}

/// A world with the files. The environment contains the token only if it is wanted.
fn world(items: &[Value], rows: usize, has_token: bool) -> World {
    let mut world = World::new();
    let card = world.card().clone();
    let token = if has_token { card.api_token.as_str() } else { "" };
    let values = json!([{ "key": "cloudUrl", "value": card.url }, { "key": "user", "value": card.email },
        { "key": "apiToken", "value": token, "type": "secret" }]);
    world.file("groups.json", collection(items).to_string());
    world.file("site.json", json!({ "name": "site", "values": values }).to_string());
    let mut data = "name\n".to_owned();
    for row in 1..=rows {
        let _ = writeln!(data, "team-{row}");
    }
    world.file("teams.csv", data);
    world.clear_log();
    world
}

fn groups(world: &World) -> usize {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("groups").iter();
    let names = groups.filter_map(|group| group["name"].as_str());
    names.filter(|name| name.starts_with("team-")).count()
}

/// Chooses files of the working folder.
fn give(page: &Page, files: &[&str]) {
    let paths: Vec<_> =
        files.iter().map(|file| page.world.path(file).display().to_string()).collect();
    page.browser.write("#file", &paths.join("\n"));
}

/// From the start page to the page that shows how the files were read.
fn bring(page: &Page, files: &[&str]) {
    page.go("/");
    page.browser.click("a.job[href*='/collections/new']");
    page.browser.says("How to export from Postman");
    give(page, files);
    page.browser.says("What the files were read as");
}

const ALL: [&str; 3] = ["teams.csv", "site.json", "groups.json"];

/// From the drop to the report, with the counts of Postman's runner and each row's requests.
#[test]
fn a_collection_is_run_and_each_row_shows_its_requests() {
    let page = Page::open(world(
        &[request("Myself", "GET", "/rest/api/3/myself", None, 200), create(201)],
        5,
        true,
    ));
    page.go("/collections/new");
    page.browser.says("How to export from Postman");
    page.look("collection-1-bring");
    bring(&page, &ALL);
    page.browser.says("“Groups <b>of</b> teams”, 2 requests");
    page.browser.says("5 rows: name");
    page.look("collection-2-files");
    page.browser.press("Make the plan");
    page.browser.says("Nothing has been sent yet");
    page.browser.says("Rows can run at the same time");
    page.browser.says("POST {{cloudUrl}}/rest/api/3/group");
    page.browser.says(r#"{"name": "team-1"}"#);
    page.browser.says("headcount has a job for these requests");
    page.look("collection-3-plan");
    page.world.nothing_sent();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Row 1 was applied. Is it right?");
    page.browser.says("✓ passed answered 201");
    page.look("collection-4-first-row");
    assert_eq!(groups(&page.world), 1);
    page.browser.click("form[action$='/go-on'] button");
    page.browser.says("Every row was sent, and every test passed.");
    for (name, total) in
        [("Iterations", 5), ("Requests", 10), ("Test scripts", 10), ("Assertions", 10)]
    {
        page.browser.says(&format!("{name}\t{total}\t0"));
    }
    page.look("collection-5-report");
    assert_eq!(groups(&page.world), 5);
    page.world.nothing_twice();
    page.browser.click("table.rows a[href$='/rows/2']");
    page.browser.says("/ Row 2");
    page.browser.says("2 tests, all passed");
    page.browser.says(r#"{"name": "team-2"}"#);
    page.look("collection-6-row");
    // The files were deleted with the run.
    page.go("/");
    page.browser.lacks("Your collections");
    page.world.check_files();
}

/// A failed test is counted, and its row says which one failed and why.
#[test]
fn a_failing_assertion_is_counted_and_shown_in_its_row() {
    let page = Page::open(world(&[create(200)], 3, true));
    bring(&page, &ALL);
    page.browser.press("Make the plan");
    page.browser.says("Nothing has been sent yet");
    page.browser.click(".action-bar button[type=submit]");
    // A first row that fails stops the run, but the user can continue it.
    page.browser.says("The run has stopped");
    page.browser.says("Assertions\t1\t1");
    page.browser.click("input[name=canary]");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done, with rows to look at");
    page.browser.says("Assertions\t3\t3");
    page.browser.says("Requests\t3\t0");
    page.browser.says("3 failed");
    page.browser.click("table.rows a[href$='/rows/3']");
    page.browser.says("/ Row 3");
    page.browser.says("✗ failed answered 200");
    page.browser.says("expected response to have status code 200 but got 201");
    page.browser.says("Previous row");
    page.browser.lacks("Next row");
    page.look("collection-failed-row");
    page.world.nothing_twice();
}

/// Each wrong file has a message next to it, and nothing is planned before all files are right.
#[test]
fn wrong_files_are_reported_where_they_are() {
    let mut world = world(&[create(201)], 2, true);
    world.file("broken.json", "{\n  \"info\": {},\n  \"item\": [,]\n}");
    world.file("empty.csv", "name\n");
    world.file("other.json", collection(&[create(201)]).to_string());
    let mut vault = create(201);
    vault["event"][0]["script"]["exec"] = json!(["let a = 1;", "pm.vault.get('a');"]);
    world.file("vault.json", collection(&[vault]).to_string());
    let page = Page::open(world);
    page.go("/collections/new");
    page.browser.press("Read them");
    page.browser.says("No file was chosen.");
    give(&page, &["broken.json", "empty.csv", "site.json"]);
    page.browser.says("What the files were read as");
    page.browser.says("broken.json, line 3");
    page.browser.says("empty.csv: there is no row below the headings");
    page.browser.says("The collection is missing.");
    page.browser.lacks("Nothing is sent yet");
    page.look("collection-wrong-files");
    for name in ["broken.json", "empty.csv"] {
        page.browser.click(&format!("button[aria-label='Remove {name}']"));
        page.browser.lacks(name);
    }
    give(&page, &["groups.json", "other.json", "teams.csv"]);
    page.browser.says("There are several files of this kind");
    for name in ["groups.json", "other.json"] {
        page.browser.click(&format!("button[aria-label='Remove {name}']"));
        page.browser.lacks(name);
    }
    give(&page, &["vault.json"]);
    page.browser.says("vault.json");
    page.browser.press("Make the plan");
    page.browser.says("There is no plan yet, and nothing was sent");
    page.browser.says("\"Create\", test script, line 2: pm.vault is not supported");
    page.look("collection-problems");
    // The file of the same name, corrected.
    let mut corrected = page;
    corrected.world.file("vault.json", collection(&[create(201)]).to_string());
    give(&corrected, &["vault.json"]);
    corrected.browser.lacks("There is no plan yet");
    corrected.browser.press("Make the plan");
    corrected.browser.says("Nothing has been sent yet");
    corrected.world.nothing_sent();
}

/// A collection on the page reads no file of this computer, whatever path it names.
#[test]
fn an_uploaded_collection_reads_no_file() {
    let mut world = world(&[], 1, true);
    let path = world.path("site.json").display().to_string();
    let mut upload = create(201);
    upload["request"]["body"] = json!({ "mode": "file", "file": { "src": path } });
    world.file("groups.json", collection(&[upload]).to_string());
    let page = Page::open(world);
    bring(&page, &ALL);
    page.browser.press("Make the plan");
    page.browser.says("an uploaded collection cannot read files of this computer");
    page.world.nothing_sent();
}

/// A typed token is used, and is never in any file, page, report or journal. The same holds for a cell of a
/// password column.
#[test]
fn a_typed_token_appears_nowhere() {
    let body = r#"{"name": "{{name}}", "password": "{{Password}}"}"#;
    let create = request("Create", "POST", GROUP, Some(body), 201);
    let mut world = world(&[create], 2, false);
    world.secret(PASSWORD);
    world.file("teams.csv", format!("name,Password\nteam-1,{PASSWORD}\nteam-2,{PASSWORD}\n"));
    let page = Page::open(world);
    let has_ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watched = scope.spawn(|| {
            while !has_ended.load(Ordering::Relaxed) {
                page.world.check_files();
            }
        });
        let walked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| with_token(&page)));
        has_ended.store(true, Ordering::Relaxed);
        watched.join().expect("no file ever held a secret");
        walked.expect("the page was used to its end");
    });
    page.world.check_files();
    page.world.run("run report last --format json -o r.json").exit(0);
    page.world.run("run report last -o r.csv").exit(0);
    page.world.check_files();
}

fn with_token(page: &Page) {
    bring(page, &ALL);
    page.browser.says("apiToken");
    page.browser.press("Make the plan");
    page.browser.says("the password {{apiToken}} is empty");
    page.browser.says("The files have no value for these variables.");
    page.browser.write("#value0", "abc");
    page.browser.press("Make the plan");
    page.browser.says("The value of apiToken is too short to be masked");
    page.browser.write("#value0", &page.world.card().api_token);
    page.look("collection-values");
    page.browser.press("Make the plan");
    page.browser.says("Values that you gave, which are not stored: apiToken");
    page.look("collection-with-token");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Row 1 was applied. Is it right?");
    page.look("collection-token-first-row");
    page.browser.click("form[action$='/go-on'] button");
    page.browser.says("Every row was sent, and every test passed.");
    page.browser.click("table.rows a[href$='/rows/2']");
    page.browser.says("/ Row 2");
    page.look("collection-token-row");
    assert_eq!(groups(&page.world), 2);
}

/// A folder, a number of iterations and a stop at the first failed row are chosen with the values.
#[test]
fn a_folder_iterations_and_a_stop_are_chosen() {
    let mut world = world(&[], 3, true);
    let folder = |name: &str, items: &[Value]| json!({"name": name, "item": items});
    let failing = request("Fails", "GET", "/rest/api/3/myself", None, 299);
    let items = [
        folder("Teams", &[create(201), folder("Reading", &[failing])]),
        folder("Others", &[request("Other", "DELETE", "/rest/api/3/none", None, 404)]),
    ];
    world.file("groups.json", collection(&items).to_string());
    let page = Page::open(world);
    bring(&page, &ALL);
    page.browser.click("#values details summary");
    page.browser.says("Teams / Reading: 1 request");
    page.look("collection-choice");
    page.browser.click("#folder option[value=Reading]");
    page.browser.write("#iterations", "0");
    page.browser.click("input[name=bail]");
    page.browser.press("Make the plan");
    page.browser.says("The number of iterations must be a whole number from 1 to 1,000,000.");
    page.browser.write("#iterations", "5");
    page.browser.press("Make the plan");
    page.browser
        .says("Only “Reading” is run. Iterations: 5. The run stops at the first failed row.");
    page.browser.says("GET {{cloudUrl}}/rest/api/3/myself");
    page.browser.lacks("POST {{cloudUrl}}");
    page.world.nothing_sent();
    let shown =
        page.browser.script("return document.querySelector('#concurrency').placeholder", &[]);
    assert_eq!(shown, headcount_collections::CONCURRENCY.to_string());
    page.browser.click("input[name=canary]");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("1 of 5 rows done.");
    assert_eq!(groups(&page.world), 0);
    assert_eq!(page.world.changing(), 0);
}

/// A run that the command line planned with a value is continued on the page: its files are named, and
/// the value is asked for.
#[test]
fn a_run_of_the_command_line_with_a_value_goes_on_here() {
    let mut noted = create(201);
    noted["request"]["header"] = json!([{"key": "X-Note", "value": "{{note}}"}]);
    let page = Page::open(world(&[noted], 2, true));
    let line = "postman run groups.json -e site.json -d teams.csv --env-var note=checked --plan";
    let run = page.world.run(line).exit(0).stdout.trim().to_owned();
    page.go(&format!("/runs/{run}"));
    page.browser.says("The files are needed again");
    page.browser
        .says("planned on the command line with values that headcount does not store: note.");
    page.browser.says("give the same files again: groups.json, site.json, teams.csv.");
    page.look("collection-of-the-command-line");
    give(&page, &ALL);
    page.browser.says("What the files were read as");
    page.browser.press("Check them");
    page.browser.says("A value is missing: --env-var note=….");
    page.browser.write("#value0", "checked");
    page.browser.press("Check them");
    page.browser.says("Nothing has been sent yet");
    page.browser.lacks("The files are needed again");
    page.browser.click("input[name=canary]");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Every row was sent, and every test passed.");
    assert_eq!(groups(&page.world), 2);
    page.world.check_files();
}

/// The program is killed during a row. The files are chosen again, files that differ are refused, and the
/// rest is sent. The row without a response is unknown and shows what it had sent.
#[test]
fn an_interrupted_run_goes_on_with_the_files_given_again() {
    let mut world = world(&[create(201)], 4, false);
    world.file("others.csv", "name\nanother\n");
    let token = world.card().api_token.clone();
    let mut page = Page::open(world);
    bring(&page, &ALL);
    page.browser.write("#value0", &token);
    page.browser.press("Make the plan");
    page.browser.says("Nothing has been sent yet");
    let run = page.run();
    page.browser.click("#send details summary");
    page.browser.write("#concurrency", "1");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Row 1 was applied. Is it right?");
    page.world.fault(json!({ "method": "POST", "path": GROUP, "nth": 2, "delay_after_ms": HELD }));
    page.browser.click("form[action$='/go-on'] button");
    page.browser.says("2 of 4 rows done.");
    page.browser.wait("the site holds row 3", || groups(&page.world) == 3);
    page.kill_and_start_again();
    page.world.no_faults();
    // The command line does not have the files to continue.
    page.world.run("run resume last --yes").exit(2).says("were uploaded and are not kept");
    page.go(&format!("/runs/{run}"));
    page.browser.says("The run was interrupted");
    page.browser.says("The files are needed again");
    page.look("collection-files-again");
    give(&page, &["groups.json", "site.json", "others.csv"]);
    page.browser.says("What the files were read as");
    page.browser.write("#value0", &token);
    page.browser.press("Check them");
    page.browser.says("the data file has changed since run");
    page.look("collection-other-files");
    page.browser.click("button[aria-label='Remove others.csv']");
    page.browser.lacks("others.csv");
    give(&page, &["teams.csv"]);
    page.browser.says("4 rows: name");
    page.browser.press("Check them");
    page.browser.says("The run was interrupted");
    page.browser.lacks("The files are needed again");
    page.look("collection-continue");
    page.browser.click("input[name=canary]");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done, with rows to look at");
    page.browser.says("3 changed");
    page.browser.says("Iterations\t3\t0");
    assert_eq!(groups(&page.world), 4);
    page.world.nothing_twice();
    page.browser.click("table.rows a[href$='/rows/3']");
    page.browser.says("There is no recorded response to it");
    page.look("collection-unknown-row");
    page.world.check_files();
}
