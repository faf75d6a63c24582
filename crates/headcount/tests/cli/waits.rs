//! Waits that the site requests with any header: reported immediately, also while planning; kept by later
//! commands; limited by `--max-wait`.

use serde_json::{Value, json};

use crate::harness::World;

const PLANNING: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search";
const ADD: &str = "--json member add samples/member-add.csv --yes";

/// Refuses one request because of its rate, with these headers.
fn refuse(world: &World, method: &str, path: &str, nth: u64, status: u16, headers: &Value) {
    world.fault(json!({
        "method": method, "path": path, "nth": nth,
        "answer": { "status": status, "headers": headers },
    }));
}

#[test]
fn a_wait_while_planning_is_reported_at_once() {
    for (status, headers, reason) in [
        (429, json!({ "Retry-After": "1" }), None),
        (503, json!({ "Retry-After": "1" }), None),
        (429, json!({ "Beta-Retry-After": "1" }), None),
        (429, json!({ "RateLimit-Reset": "1", "RateLimit-Reason": "jira-burst-based" }),
            Some("jira-burst-based")),
        (429, json!({ "Beta-RateLimit": "\"tenant-app-quota\";r=0;t=1" }), None),
        (429, json!({ "Retry-After": "1", "X-Beta-RateLimit-Reason": "quota" }),
            Some("quota")),
    ] {
        let world = World::new();
        refuse(&world, "POST", PLANNING, 1, status, &headers);
        let output = world.run(ADD).exit(0).says("Waiting until");
        let events = output.events();
        assert_eq!(events.order()[..2], ["waiting", "planned"], "{headers}");
        let waiting = events.named("waiting")[0];
        let until: jiff::Timestamp = waiting["until"].as_str().unwrap().parse().unwrap();
        let at: jiff::Timestamp = waiting["at"].as_str().unwrap().parse().unwrap();
        assert!(until > at, "{waiting}");
        let why = waiting["why"].as_str().unwrap();
        assert!(why.contains("the site asked headcount to wait"), "{headers}: {why}");
        assert!(reason.is_none_or(|reason| why.contains(reason)), "{headers}: {why}");
        assert_eq!(world.log()["twice"], json!([]));
    }
}

/// A time is measured by the answer's own clock, so it is not far away.
#[test]
fn a_reset_at_a_time_is_waited_for() {
    for in_seconds in [false, true] {
        let world = World::new();
        let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(4);
        let text = if in_seconds { soon.as_second().to_string() } else { soon.to_string() };
        refuse(&world, "POST", PLANNING, 1, 429, &json!({ "X-RateLimit-Reset": text }));
        let output = world.run(ADD).exit(0).says("Waiting until");
        assert_eq!(output.events().order()[..2], ["waiting", "planned"], "{text}");
    }
}

/// A run's own waits are reported once, by the first request that gets them.
#[test]
fn a_wait_while_sending_is_reported_once() {
    let world = World::new();
    let headers = json!({ "Retry-After": "1", "RateLimit-Reason": "jira-burst-based" });
    refuse(&world, "POST", "/rest/api/3/group/user", 2, 429, &headers);
    let output = world.run(ADD).exit(0).says("jira-burst-based");
    assert_eq!(output.events().named("waiting").len(), 1);
    assert_eq!(output.stderr.matches("aiting until").count(), 1, "{}", output.stderr);
}

/// Reads wait as well, and say so.
#[test]
fn an_export_reports_its_waits() {
    let world = World::new();
    refuse(&world, "POST", "/admin/*", 1, 429, &json!({ "RateLimit-Reset": "1" }));
    world.run("user export -o users.csv").exit(0).says("Waiting until");
}

/// `--max-wait`: exit code 5, and the run can be resumed. A later command knows the wait.
#[test]
fn a_wait_that_is_too_long_ends_the_command() {
    let hour = json!({ "Retry-After": "3600" });
    let world = World::new();
    refuse(&world, "POST", PLANNING, 1, 429, &hour);
    let output = world.run(&format!("{ADD} --max-wait 60")).exit(5).says("Waiting until");
    assert_eq!(output.events().order(), ["waiting", "finished"]);
    world.nothing_sent();
    world.no_faults();
    let again = world.run(&format!("{ADD} --max-wait 60")).exit(5);
    assert_eq!(again.events().order(), ["waiting", "finished"]);

    let world = World::new();
    refuse(&world, "POST", "/rest/api/3/group/user", 2, 429, &hour);
    let output = world.run(&format!("{ADD} --max-wait 60")).exit(5).says("--max-wait");
    let last = output.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("headcount run resume"), "{last}");
    assert_eq!(output.events().last("state"), "stopped");
    assert_eq!(output.events().count("changed"), 1);
    world.no_faults();
    let again = world.run("--json run resume last --yes --max-wait 60").exit(5);
    assert_eq!(again.events().count("pending"), 2);
    world.nothing_twice();

    let world = World::new();
    refuse(&world, "POST", "/admin/*", 1, 429, &hour);
    world.run("user export -o users.csv --max-wait 60").exit(5);
}

/// A wait of years: the command ends immediately, and neither it nor a later command sends a request seconds
/// later.
#[test]
fn a_wait_of_years_ends_the_command_at_once() {
    for headers in [
        json!({ "Retry-After": "100000000" }),
        json!({ "Retry-After": "86401" }),
        json!({ "Retry-After": "99999999999999999999999" }),
        json!({ "Retry-After": "Sat, 21 Nov 2099 10:00:00 GMT" }),
        json!({ "Retry-After": "Wed, 21 Nov 2099 10:00:00 GMT" }),
        json!({ "Retry-After": "Saturday, 21-Nov-99 10:00:00 GMT" }),
        json!({ "Retry-After": "Sat Nov 21 10:00:00 2099" }),
        json!({ "Retry-After": "2099-11-21T10:00:00Z" }),
        json!({ "Retry-After": "100000000, 5" }),
        json!({ "Date": "Sat, 21 Nov 2026 10:00:00 GMT", "Retry-After": "Sun, 21 Nov 2027 10:00:00 GMT" }),
        json!({ "X-RateLimit-Reset": "2099-11-21T10:00:00Z" }),
    ] {
        let is_plain = headers["Retry-After"] == "100000000";
        let limits = ["", " --max-wait 60", " --max-wait 4000000000"];
        for limit in limits.into_iter().take(if is_plain { 3 } else { 1 }) {
            let world = World::new();
            refuse(&world, "POST", "/rest/api/3/group/user", 2, 429, &headers);
            let output = world.run(&format!("{ADD}{limit}")).exit(5).says("the site asks headcount to wait");
            let last = output.stderr.lines().last().unwrap_or_default();
            assert!(last.contains("headcount run resume"), "{headers}: {last}");
            let events = output.events();
            if headers["Retry-After"].as_str().is_some_and(|value| value.contains("Nov 2099")) {
                let why = events.named("stopped")[0]["why"].as_str().unwrap_or_default().to_owned();
                assert!(why.contains("until 2099-11-21 10:0"), "{why}");
                assert!(output.stderr.contains("Waiting until 2099-11-2"), "{}", output.stderr);
            }
            let counts = ["changed", "pending"].map(|name| events.count(name));
            assert_eq!((counts, world.changing()), ([1, 2], 2), "{headers}");
            world.no_faults();
            let again = world.run("--json run resume last --yes").exit(5);
            assert_eq!((again.events().count("pending"), world.changing()), (2, 2), "{headers}");

            let world = World::new();
            refuse(&world, "POST", PLANNING, 1, 429, &headers);
            world.run(&format!("{ADD}{limit}")).exit(5).says("longer than a day");
            world.nothing_sent();
        }
        let world = World::new();
        refuse(&world, "POST", "/admin/*", 1, 429, &headers);
        world.run("user export -o users.csv").exit(5).says("longer than a day");
    }
}

/// A wait in the past, a negative one or nonsense does not count. A wrong clock on either side does not make a
/// short wait long.
#[test]
fn an_invalid_wait_holds_nothing_up() {
    for headers in [
        json!({ "Retry-After": "-100000000" }),
        json!({ "Retry-After": "Wed, 21 Nov 1990 10:00:00 GMT" }),
        json!({ "Retry-After": "in a while" }),
        json!({ "Retry-After": "" }),
        json!({ "Retry-After": "1e9" }),
        json!({ "Date": "Sat, 21 Nov 2099 10:00:00 GMT", "Retry-After": "Sat, 21 Nov 2099 10:00:01 GMT" }),
        json!({ "Date": "Wed, 21 Nov 1990 10:00:00 GMT", "Retry-After": "Wed, 21 Nov 1990 10:00:01 GMT" }),
    ] {
        let world = World::new();
        refuse(&world, "POST", PLANNING, 1, 429, &headers);
        refuse(&world, "POST", "/rest/api/3/group/user", 2, 429, &headers);
        let output = world.run(ADD);
        assert_eq!(output.code, 0, "{headers}\n{}", output.stderr);
        world.nothing_twice();
    }
}

/// `--max-wait` also limits headcount's own waits: after refusals without a time, and for a failing site.
#[test]
fn own_waits_are_limited_too() {
    for (status, headers) in [(429, json!({})), (429, json!({ "Retry-After": "soon" })), (503, json!({}))] {
        let answer = json!({ "status": status, "headers": headers });
        let world = World::new();
        world.fault(json!({ "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 0, "answer": answer }));
        let output = world.run(&format!("{ADD} --max-wait 2")).exit(5).says("--max-wait");
        assert_eq!(output.events().count("changed"), 1, "{answer}");
        world.no_faults();
        let again = world.run("--json run resume last --yes").exit(0);
        assert_eq!(again.events().count("changed"), 3, "{answer}");
        world.nothing_twice();

        let world = World::new();
        world.fault(json!({ "method": "POST", "path": PLANNING, "times": 0, "answer": answer }));
        world.run(&format!("{ADD} --max-wait 2")).exit(5);
        world.nothing_sent();
    }
}
