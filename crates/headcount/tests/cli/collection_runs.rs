//! The rows of a collection are the steps of a run. Whatever stops it, no row is lost, no changing request is sent
//! twice, limits are kept, and no secret is written.

use std::fmt::Write as _;
use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{Events, World, table};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const HELD: u64 = 3_600_000;
const GROUP: &str = "/rest/api/3/group";
const ROWS: usize = 6;

fn request(name: &str, method: &str, path: &str, body: Option<&str>, test: &str) -> Value {
    let url = format!("{{{{cloudUrl}}}}{path}");
    let mut request = json!({"method": method, "header": [], "url": url});
    if let Some(body) = body {
        request["body"] =
            json!({"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}});
    }
    let event = json!([{"listen": "test", "script": {"exec": test.lines().collect::<Vec<_>>()}}]);
    json!({"name": name, "request": request, "event": event})
}

fn collection(items: &[Value]) -> Value {
    json!({
        "info": {"name": "Groups", "schema": SCHEMA},
        "auth": {"type": "basic", "basic": [{"key": "password", "value": "{{apiToken}}"},
            {"key": "username", "value": "{{user}}"}]},
        "item": items,
    })
}

fn read() -> Value {
    request("Myself", "GET", "/rest/api/3/myself", None, "pm.test('known', () => pm.response.to.have.status(200));")
}

fn create() -> Value {
    let body = r#"{"name": "{{name}}"}"#;
    request("Create", "POST", GROUP, Some(body), "pm.test('created', () => pm.response.to.have.status(201));")
}

/// A second change in the same row.
fn create_another() -> Value {
    let body = r#"{"name": "{{name}}-too"}"#;
    request("Another", "POST", GROUP, Some(body), "pm.test('created', () => pm.response.to.have.status(201));")
}

fn world(items: &[Value], rows: usize) -> World {
    let mut world = World::new();
    let card = world.card().clone();
    let values = json!([{"key": "cloudUrl", "value": card.url}, {"key": "user", "value": card.email},
        {"key": "apiToken", "value": card.api_token, "type": "secret"}]);
    world.file("c.json", collection(items).to_string());
    world.file("e.json", json!({"name": "site", "values": values}).to_string());
    let mut data = "name\n".to_owned();
    for row in 1..=rows {
        let _ = writeln!(data, "team-{row}");
    }
    world.file("d.csv", data);
    world.clear_log();
    world
}

pub const RUN: &str = "--json postman run c.json -e e.json -d d.csv --concurrency 1";
const RESUME: &str = "--json run resume last --yes --concurrency 1 --report out.csv";

/// A world with a collection that makes two groups for each row.
pub fn two_changes_in_a_row(rows: usize) -> World {
    world(&[create(), create_another()], rows)
}

/// The outcome of each row, from the report.
fn outcomes(world: &World) -> Vec<String> {
    world.run("run report last -o out.csv").exit(0);
    let report = table(&world.read("out.csv"));
    let column = report[0].iter().position(|heading| heading == "outcome").expect("a column");
    report[1..].iter().map(|row| row[column].clone()).collect()
}

/// How many requests with this text in their body have arrived, answered or not.
fn groups(world: &World) -> Vec<String> {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("groups").iter();
    let mut names: Vec<_> = groups
        .filter_map(|group| group["name"].as_str())
        .filter(|name| name.starts_with("team-"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

/// Starts a command, and kills it when the site has received the `nth` such request.
#[track_caller]
fn kill(world: &World, line: &str, method: &str, nth: u64, when: &str) {
    let mut fault = json!({ "nth": nth, "times": 1, "method": method });
    fault[when] = HELD.into();
    world.fault(fault);
    let mut command = world.command(line).start();
    command.held();
    command.kill();
    world.no_faults();
}

#[track_caller]
fn ends(events: &Events, changed: u64, unknown: u64) {
    assert_eq!(events.last("state"), "finished");
    assert_eq!((events.count("changed"), events.count("unknown")), (changed, unknown));
    assert_eq!(events.count("rows"), changed + unknown);
}

/// Killed at each request of each row, before and after the site has applied it: the row with the open changing
/// request is unknown, and every other row is applied once.
#[test]
fn killed_at_every_changing_request() {
    for (nth, when) in [(1, "delay_ms"), (1, "delay_after_ms"), (3, "delay_ms"), (6, "delay_after_ms")] {
        let world = world(&[read(), create()], ROWS);
        kill(&world, RUN, "POST", nth, when);
        let applied = when == "delay_after_ms";
        let run = world.run(RESUME);
        ends(&run.exit(1).events(), ROWS as u64 - 1, 1);
        let mut wanted = vec!["changed"; ROWS];
        wanted[nth as usize - 1] = "unknown";
        assert_eq!(outcomes(&world), wanted, "request {nth}, {when}");
        assert_eq!(groups(&world).len(), if applied { ROWS } else { ROWS - 1 });
        world.nothing_twice();
        // The open request is in the journal, and nothing sends it again.
        world.run("run report last --format json -o r.json").exit(0);
        let report: Value = serde_json::from_str(&world.read("r.json")).expect("JSON");
        let record = &report["rows"][nth as usize - 1]["record"];
        assert_eq!(record["sending"]["method"], "POST");
        assert_eq!(record["before"][0]["status"], 200);
        let again = world.run("--json run resume last --yes").exit(1);
        assert_eq!(again.events().count("unknown"), 1);
        assert_eq!(groups(&world).len(), if applied { ROWS } else { ROWS - 1 });
    }
}

/// Killed while a row only reads: nothing was changed, so the row is sent again.
#[test]
fn killed_at_every_reading_request() {
    for nth in [1, 4] {
        let world = world(&[read(), create()], ROWS);
        kill(&world, RUN, "GET", nth, "delay_ms");
        ends(&world.run(RESUME).exit(0).events(), ROWS as u64, 0);
        assert_eq!(groups(&world).len(), ROWS);
        world.nothing_twice();
    }
}

/// Killed between two changes of a row: the first one is not sent again.
#[test]
fn killed_between_two_changes_of_a_row() {
    let world = world(&[create(), create_another()], 3);
    kill(&world, RUN, "POST", 4, "delay_ms");
    let run = world.run(RESUME).exit(1);
    ends(&run.events(), 2, 1);
    assert_eq!(outcomes(&world), ["changed", "unknown", "changed"]);
    assert_eq!(groups(&world), ["team-1", "team-1-too", "team-2", "team-3", "team-3-too"]);
    world.nothing_twice();
}

/// Killed again and again with many open rows: none is lost, and none is applied twice.
#[test]
fn killed_again_and_again() {
    let world = world(&[read(), create()], 120);
    let line = "--json postman run c.json -e e.json -d d.csv --concurrency 8";
    let mut run = world.command(line).start();
    run.settled(20);
    run.kill();
    for _ in 0..2 {
        let mut run = world.command("--json run resume last --yes").start();
        run.settled(20);
        run.kill();
    }
    let run = world.run("--json run resume last --yes");
    let events = run.events();
    let (changed, unknown) = (events.count("changed"), events.count("unknown"));
    assert_eq!((events.last("state"), changed + unknown), (&json!("finished"), 120));
    assert!(unknown <= 24, "{unknown} rows are unknown, and at most 8 were under way at each kill");
    let there = groups(&world).len() as u64;
    assert!((changed..=changed + unknown).contains(&there), "{there} groups, {changed} changed");
    world.nothing_twice();
}

/// Each request of a row fails once: a change that may have been applied is unknown, and nothing is repeated.
#[test]
fn each_request_fails_once() {
    let cases = [
        ("POST", json!({"drop": "before"}), "unknown", 5),
        ("POST", json!({"drop": "after"}), "unknown", 6),
        ("POST", json!({"half_body": true}), "unknown", 6),
        ("POST", json!({"answer": {"status": 500}}), "failed", 5),
        ("POST", json!({"answer": {"status": 503, "when": "after"}}), "failed", 6),
        ("GET", json!({"drop": "before"}), "failed", 6),
        ("GET", json!({"answer": {"status": 401}}), "failed", 6),
    ];
    for (method, mut fault, outcome, there) in cases {
        let world = world(&[read(), create()], ROWS);
        let what = format!("{method} {fault}");
        fault["method"] = method.into();
        fault["nth"] = 3.into();
        world.fault(fault);
        let run = world.run(RUN).exit(1);
        assert_eq!(run.events().count(outcome), 1, "{what}");
        assert_eq!(outcomes(&world)[2], outcome, "{what}");
        assert_eq!(groups(&world).len(), there, "{what}");
        world.no_faults();
        let failed = world.run("run failed last");
        assert_eq!(failed.exit(0).stdout, "name\r\nteam-3\r\n", "{what}");
        world.run("run resume last --yes").exit(1);
        assert_eq!(groups(&world).len(), there, "{what}: something was sent again");
        world.nothing_twice();
    }
}

/// Refused because of the rate at any request of a row: the row is applied once, after the announced wait.
#[test]
fn refusals_for_rate_lose_no_row_and_send_nothing_early() {
    for (method, nth) in [("GET", 1), ("POST", 2), ("POST", 6)] {
        let world = world(&[read(), create()], ROWS);
        let answer = json!({"status": 429, "headers": {"retry-after": "2"}});
        world.fault(json!({"method": method, "nth": nth, "times": 1, "answer": answer}));
        let start = Instant::now();
        let run = world.run(RUN).exit(0);
        assert!(start.elapsed().as_secs_f64() >= 2.0, "Retry-After was not kept");
        ends(&run.events(), ROWS as u64, 0);
        assert_eq!(groups(&world).len(), ROWS);
        world.nothing_twice();
    }
}

/// A long wait ends the run with 5 and is in the journal: the next command sends nothing before it is over.
#[test]
fn a_wait_that_is_too_long_ends_the_run_and_binds_the_next_command() {
    let world = world(&[create()], ROWS);
    let answer = json!({"status": 429, "headers": {"retry-after": "3000"}});
    world.fault(json!({"method": "POST", "nth": 3, "times": 1, "answer": answer}));
    let run = world.run(&format!("{RUN} --max-wait 60")).exit(5);
    let events = run.events();
    assert_eq!((events.count("changed"), events.count("pending")), (2, 4));
    world.no_faults();
    world.run("--json run resume last --yes --max-wait 60").exit(5);
    assert_eq!(groups(&world).len(), 2);
}

/// Rows at once: those that had not sent anything when the wait began are pending, and none is unknown.
#[test]
fn a_wait_gives_back_the_rows_that_wait_for_their_turn() {
    let rows = 60;
    let world = world(&[create()], rows);
    let answer = json!({"status": 429, "headers": {"retry-after": "3000"}});
    world.fault(json!({"method": "POST", "nth": 20, "times": 1, "answer": answer}));
    let line = "--json postman run c.json -e e.json -d d.csv --concurrency 4 --max-wait 60";
    let events = world.run(line).exit(5).events();
    let made = groups(&world).len();
    assert!((19..rows).contains(&made), "{made} were made");
    assert_eq!((events.count("changed"), events.count("unknown")), (made as u64, 0));
    assert_eq!(events.count("pending"), (rows - made) as u64);
    world.nothing_twice();
}

/// Killed during such a wait: the row was refused, so it is pending and not unknown.
#[test]
fn killed_in_a_wait_nothing_is_unknown() {
    let world = world(&[create()], 3);
    let answer = json!({"status": 429, "headers": {"retry-after": "3000"}});
    world.fault(json!({"method": "POST", "nth": 2, "times": 1, "answer": answer}));
    let mut run = world.command(RUN).start();
    run.wait_for(1, |event| event["event"] == "waiting");
    run.kill();
    world.run("--json run resume last --yes --max-wait 60").exit(5);
    assert_eq!(outcomes(&world), ["changed", "pending", "pending"]);
}

#[test]
fn a_plan_waits_as_a_run_and_is_applied_with_the_files_it_was_made_with() {
    let mut world = world(&[read(), create()], 3);
    let plan = world.run("postman run c.json -e e.json -d d.csv --plan").exit(0);
    let id = plan.stdout.trim().to_owned();
    world.nothing_sent();
    let show = world.run(&format!("run show {id}")).exit(0);
    assert!(show.stdout.contains("POST ") && show.stdout.contains("team-1"), "{}", show.stdout);
    assert!(world.run("run list").exit(0).stdout.contains("postman run"));
    let collection = world.read("c.json");
    world.file("c.json", collection.replace("Another", "Other").replace("Create", "Make"));
    world.run(&format!("run apply {id} --yes")).exit(2).says("the collection has changed since run");
    world.file("c.json", collection);
    let data = world.read("d.csv");
    world.file("d.csv", data.replace("team-3", "team-9"));
    world.run(&format!("run apply {id} --yes")).exit(2).says("the data file has changed since run");
    world.nothing_sent();
    world.file("d.csv", data);
    world.run(&format!("run apply {id} --yes")).exit(0);
    assert_eq!(groups(&world), ["team-1", "team-2", "team-3"]);
    world.run(&format!("run undo {id} --yes")).exit(2).says("does not know what undoes its requests");
}

/// A variable is passed from row to row: the rows run one after the other, and a later process continues with the
/// last row's variables.
#[test]
fn rows_in_turn_resume_with_the_variables_of_the_row_before() {
    let count = "const n = Number(pm.environment.get('count') || 0) + 1;\npm.environment.set('count', n);";
    let body = r#"{"name": "{{name}}-{{count}}"}"#;
    let mut create = request("Create", "POST", GROUP, Some(body), "");
    create["event"] = json!([{"listen": "prerequest", "script": {"exec": count.lines().collect::<Vec<_>>()}}]);
    let world = world(&[read(), create], 4);
    kill(&world, RUN, "GET", 3, "delay_ms");
    ends(&world.run(RESUME).exit(0).events(), 4, 0);
    assert_eq!(groups(&world), ["team-1-1", "team-2-2", "team-3-3", "team-4-4"]);
}

/// If the row before did not finish, its variables are not known: nothing is sent, and the message says so.
#[test]
fn rows_in_turn_after_an_unknown_row_are_not_resumed() {
    let count = "pm.environment.set('count', Number(pm.environment.get('count') || 0) + 1);";
    let body = r#"{"name": "{{name}}-{{count}}"}"#;
    let mut create = request("Create", "POST", GROUP, Some(body), "");
    create["event"] = json!([{"listen": "prerequest", "script": {"exec": [count]}}]);
    let world = world(&[create], 4);
    kill(&world, RUN, "POST", 2, "delay_ms");
    let run = world.run("run resume last --yes").exit(2);
    run.says("those before row 3 cannot be restored").says("begins with row 3");
    assert_eq!(outcomes(&world), ["changed", "unknown", "pending", "pending"]);
    assert_eq!(groups(&world), ["team-1-1"]);
}

/// A message names files, addresses, hosts and ports. Secrets in them are masked.
#[test]
fn no_problem_shows_a_secret() {
    let secret = "hidden-part-8812";
    let with = |request: Value| json!({"name": "r", "request": request});
    let body = |body: Value| with(json!({"method": "POST", "url": "http://127.0.0.1:9/x", "body": body}));
    let file = json!({"key": "f", "type": "file", "src": "./{{part}}/none.txt"});
    for (item, is_refused) in [
        (body(json!({"mode": "file", "file": {"src": "./{{part}}.txt"}})), true),
        (body(json!({"mode": "formdata", "formdata": [file]})), true),
        (with(json!("http://{{part}} x/y")), false),
        (with(json!("http://127.0.0.1:{{part}}/y")), true),
        (with(json!("ftp://127.0.0.1/{{part}}")), true),
        (with(json!("http://{{part}}.invalid/y")), false),
        (with(json!({"method": "GET {{part}}", "url": "http://127.0.0.1:9/{{part}}"})), true),
        (with(json!({"url": "http://127.0.0.1:9/", "header": [{"key": "a b{{part}}", "value": "x"}]})), true),
        (body(json!({"mode": "raw", "raw": "{\"a\": {{cell}}{{part}}}", "options": {"raw": {"language": "json"}}})), true),
    ] {
        let mut world = World::new();
        world.file("c.json", json!({"info": {"name": "c"}, "item": [item.clone()]}).to_string());
        let values = json!([{"key": "part", "value": secret, "type": "secret"}]);
        world.file("e.json", json!({"name": "e", "values": values}).to_string());
        world.file("d.csv", "cell\nx\n");
        world.secret(secret);
        // Each run searches its output and every file for the secrets of the test.
        let run = world.run("postman run c.json -e e.json -d d.csv --plan");
        assert_eq!(run.code, if is_refused { 2 } else { 0 }, "{item}\n{}", run.transcript());
        world.run("postman run c.json -e e.json -d d.csv --report out.csv -r cli,json --reporter-json-export r.json");
        let line = "postman run c.json -e e.json -d d.csv --as-newman -r cli,json,junit --reporter-json-export r.json --reporter-junit-export r.xml";
        world.run(line);
        for name in ["r.json", "r.xml"] {
            assert!(!world.read(name).contains(secret), "{item}: {name}");
        }
    }
}

/// Secrets from the environment, `--env-var`, a login's answer and a password column are in no file.
#[test]
fn no_secret_is_written() {
    let login = "pm.environment.set('accessToken', 'tok-from-login-8811');\nconsole.log(pm.environment.get('apiToken'));";
    let mut login = request("Login", "GET", "/rest/api/3/myself?expand={{sessionToken}}", None, login);
    login["request"]["header"] = json!([{"key": "X-Api-Key", "value": "{{plainKey}}"}]);
    let body = r#"{"name": "{{name}}", "description": "{{accessToken}} {{password}}"}"#;
    let mut world = world(&[login, request("Create", "POST", GROUP, Some(body), "")], 2);
    world.file("d.csv", "name,password\nteam-1,cell-secret-17\nteam-2,cell-secret-18\n");
    let options = ["session-from-option-42", "plain-key-3177"];
    for secret in ["tok-from-login-8811", "cell-secret-17", "cell-secret-18"] {
        world.secret(secret);
    }
    let token = world.card().api_token.clone();
    world.secret(&token);
    let line = "postman run c.json -e e.json -d d.csv --env-var sessionToken=session-from-option-42 \
                --env-var plainKey=plain-key-3177 -r cli,json,junit --reporter-json-export r.json \
                --reporter-junit-export r.xml --report out.csv";
    // Each run searches every file that the program has written for the secrets of the test.
    let run = world.run(line).exit(0);
    for form in ["json", "html", "junit", "csv"] {
        world.run(&format!("run report last --format {form} -o report.{form}")).exit(0);
    }
    let mut texts = vec![run.stdout.clone(), run.stderr.clone()];
    for name in ["r.json", "r.xml", "out.csv", "report.json", "report.html", "report.junit"] {
        texts.push(world.read(name));
    }
    let log = format!("{}-wal", world.journal().display());
    for file in [world.journal(), log.into()] {
        let bytes = std::fs::read(file).unwrap_or_default();
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    for secret in options {
        assert!(!texts.iter().any(|text| text.contains(secret)), "{secret} was written");
    }
    world.run("postman run c.json -e e.json -d d.csv --env-var sessionToken=session-from-option-42 --env-var plainKey=plain-key-3177 --plan").exit(0);
    let resumed = world.run("run apply last --yes").exit(2);
    resumed.says("--env-var sessionToken=…").says("whose values are not kept");
}

#[test]
fn bail_ends_the_run_at_the_first_failed_row() {
    let world = world(&[create()], ROWS);
    world.fault(json!({"method": "POST", "nth": 2, "times": 1, "answer": {"status": 500}}));
    // Without --concurrency 1: no other row is under way when one fails.
    let run = world.run("--json postman run c.json -e e.json -d d.csv --bail").exit(1);
    let events = run.events();
    assert_eq!((events.count("changed"), events.count("failed"), events.count("pending")), (1, 1, 4));
    assert_eq!(events.last("state"), "stopped");
    world.no_faults();
    let run = world.run(RESUME).exit(1);
    assert_eq!(run.events().count("changed"), 5);
    assert_eq!(groups(&world).len(), 5);
    world.nothing_twice();
}
