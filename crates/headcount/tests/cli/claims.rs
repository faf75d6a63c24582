//! A run reports exactly its own changes: none of another run, none without effect, and each that took effect.

use serde_json::{Value, json};

use crate::answers::{ADD, CREATE, DEACTIVATE, DELETE, GROUPS, Keys, REMOVE, SUSPEND, at_once};
use crate::harness::{World, table};

/// Each row's outcome and reason.
fn told(world: &World, run: &str) -> Vec<(String, String)> {
    let report = world.run(&format!("run report {run} --format csv")).exit(0);
    let report = table(&report.stdout);
    let at = |name: &str| report[0].iter().position(|heading| heading == name).expect("a column");
    let (outcome, reason) = (at("outcome"), at("reason"));
    report[1..].iter().map(|row| (row[outcome].clone(), row[reason].clone())).collect()
}

/// A run was interrupted after a request whose answer was lost, and another run applied the same rows.
#[test]
fn a_resumed_run_claims_nothing_that_another_run_made() {
    let all = [
        (CREATE, Keys::Both),
        (ADD, Keys::Token),
        (ADD, Keys::Key),
        (DEACTIVATE, Keys::Key),
        (SUSPEND, Keys::Key),
        (GROUPS, Keys::Both),
        (REMOVE, Keys::Token),
    ];
    at_once(&all, |(job, keys)| {
        let world = keys.world();
        world.fault(json!({ "from_change": 1, "times": 1, "drop": "before" }));
        let no = json!({ "status": 401, "body": {} });
        world.fault(json!({ "from_change": 2, "times": 0, "answer": no }));
        world.run(&format!("{job} --canary 0 --concurrency 1")).exit(3);
        world.no_faults();
        world.run(job).exit(0);
        let changes = world.changing();
        world.run("run resume 1 --yes --max-changes 9").exit(0);
        assert_eq!(world.changing(), changes, "{job}");
        for (outcome, reason) in told(&world, "1") {
            assert_eq!(outcome, "unchanged", "{job} with {keys:?}: {reason}");
        }
        // The changes stay with the run that made them.
        assert!(told(&world, "2").iter().all(|(outcome, _)| outcome == "changed"), "{job}");
    });
}

/// Jira answers 201 for an existing user, too. Of two runs at the same time, at most one reports that it created
/// the user.
#[test]
fn two_runs_at_once_do_not_both_say_that_they_created_a_user() {
    let options = ["", " --canary 0", " --concurrency 1", " --verify all", " --canary 0 --verify none"];
    at_once(&options, |options| {
        let world = Keys::Token.world();
        world.fault(json!({ "method": "POST", "path": "/rest/api/3/user", "nth": 1, "times": 0,
            "delay_ms": 1500 }));
        let job = format!("{CREATE}{options}");
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| world.run(&job).exit(0));
            }
        });
        world.no_faults();
        let (one, two) = (told(&world, "1"), told(&world, "2"));
        for (at, (one, two)) in one.iter().zip(&two).enumerate() {
            let created = [one, two].iter().filter(|(_, reason)| reason == "created").count();
            assert!(created <= 1, "row {} with{options}: {one:?}, {two:?}", at + 1);
        }
    });
}

/// A proxy or a firewall may replace the answer after the site has made the change.
#[test]
fn a_403_after_the_effect_is_no_failure() {
    let bodies = [
        json!({ "key": "forbidden" }),
        json!({ "errorMessages": ["Your IP address is not on the allowlist."] }),
        json!("<html><title>Blocked by policy</title></html>"),
        json!(""),
        json!({ "message": "No", "code": 403 }),
    ];
    let jobs = [(ADD, Keys::Token), (CREATE, Keys::Both), (DEACTIVATE, Keys::Key), (SUSPEND, Keys::Key),
        (REMOVE, Keys::Token)];
    let all: Vec<(&str, Keys, Value)> =
        jobs.into_iter().zip(bodies).map(|((job, keys), body)| (job, keys, body)).collect();
    at_once(&all, |(job, keys, body)| {
        let world = keys.world();
        let answer = json!({ "status": 403, "body": body, "when": "after" });
        world.fault(json!({ "from_change": 2, "times": 1, "answer": answer }));
        world.run(job).exit(0);
        for (outcome, reason) in told(&world, "1") {
            assert_eq!(outcome, "changed", "{job} {body}: {reason}");
        }
    });
}

/// A removal cannot be undone, so each one is verified.
#[test]
fn a_removal_without_effect_is_not_reported_as_done() {
    let users = ["/rest/api/3/user", "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}"];
    let all = [
        (Keys::Token, users[0], 2, 204),
        (Keys::Token, users[0], 5, 204),
        (Keys::Both, users[0], 3, 204),
        (Keys::Key, users[1], 2, 204),
        (Keys::Key, users[1], 4, 204),
    ];
    at_once(&all, |&(keys, path, nth, status)| {
        let world = keys.world();
        let answer = json!({ "status": status });
        world.fault(json!({ "method": "DELETE", "path": path, "nth": nth, "times": 1, "answer": answer }));
        world.run(REMOVE).exit(1);
        let told = told(&world, "1");
        let other: Vec<_> = told.iter().filter(|(outcome, _)| outcome != "changed").collect();
        assert_eq!(other, [&("unknown".to_owned(), "not-verified".to_owned())], "{keys:?} {nth}");
        // A later read shows that nothing was changed.
        world.run("run resume 1 --yes --max-changes 9");
        world.nothing_twice();
    });
}

/// A 404 does not confirm a removal: if the user is still there, the change was not accepted.
#[test]
fn a_404_for_what_is_still_there_is_reported_as_it_was() {
    let all = [(DELETE, Keys::Token), (DELETE, Keys::Key), (REMOVE, Keys::Token), (REMOVE, Keys::Key)];
    at_once(&all, |(job, keys)| {
        let world = keys.world();
        let body = json!({ "errorMessages": ["Not found."] });
        let answer = json!({ "status": 404, "body": body });
        world.fault(json!({ "from_change": 2, "times": 1, "answer": answer }));
        let output = world.run(job).exit(1);
        assert!(!output.stderr.contains("accepted"), "{job} with {keys:?}\n{}", output.stderr);
        let report = world.run("run report 1 --format csv").exit(0).stdout;
        assert!(report.contains("Not found"), "{job} with {keys:?}\n{report}");
    });
}

/// The site's message for an address that is not on the organization's allowlist; Atlassian describes none.
const NOT_ALLOWED: [&str; 5] = [
    "Your IP address is not on the allowlist.",
    "Access denied: IP allowlisting is enabled for this organization",
    "The IP address has been rejected because it is not included in the allow list",
    "IP restriction: 203.0.113.7",
    "<html><title>IP address not allowed</title><body>Contact your admin</body></html>",
];

/// The credential is not blamed for the network.
#[test]
fn an_ip_allowlist_is_named_where_it_is_met() {
    let jobs = [(ADD, Keys::Token), (DEACTIVATE, Keys::Key), (CREATE, Keys::Both), (SUSPEND, Keys::Key),
        (GROUPS, Keys::Both)];
    let all: Vec<_> = jobs.into_iter().zip(NOT_ALLOWED).collect();
    at_once(&all, |((job, keys), words)| {
        let body = if words.starts_with('<') { json!(words) } else { json!({ "errorMessages": [words] }) };
        let answer = json!({ "status": 403, "body": body });
        // Everything is refused.
        let world = keys.world();
        world.fault(json!({ "path": "*", "times": 0, "answer": answer }));
        let output = world.run(job).exit(3);
        for says in ["IP allowlist", "allowed network"] {
            assert!(output.stderr.contains(says), "{job} {words}\n{}", output.stderr);
        }
        assert!(!output.stderr.contains("no longer accepted"), "{job}\n{}", output.stderr);
        let checked = world.run("profile check");
        let all = format!("{}{}", checked.stdout, checked.stderr);
        assert!(all.contains("IP allowlist"), "{job} {words}\n{all}");
        assert_ne!(checked.code, 0);
        world.nothing_sent();
        // Only changes are refused.
        let world = keys.world();
        let path = json!({ "from_change": 2, "times": 0, "answer": answer });
        world.fault(path);
        let output = world.run(job).exit(3);
        for says in ["IP allowlist", "allowed network", "run resume"] {
            assert!(output.stderr.contains(says), "{job} {words}\n{}", output.stderr);
        }
        world.no_faults();
        world.run("run resume 1 --yes --max-changes 9").exit(0);
        world.nothing_twice();
    });
}

const TWO_DIRECTORIES: &str = "two directories, and none is named";

/// `profile check` lists a job as working only if it can be planned with these credentials.
#[test]
fn profile_check_lists_what_the_jobs_can_do() {
    let jobs = [CREATE, ADD, REMOVE, GROUPS, DELETE, SUSPEND, DEACTIVATE];
    let all = [
        (Keys::Both, "HEADCOUNT_API_TOKEN", [false; 7]),
        (Keys::Token, "HEADCOUNT_API_TOKEN", [false; 7]),
        (Keys::Both, "HEADCOUNT_ORG_API_KEY", [false; 7]),
        (Keys::Key, "HEADCOUNT_ORG_API_KEY", [false; 7]),
        (Keys::Both, "HEADCOUNT_ORG_ID", [false; 7]),
        (Keys::Both, "HEADCOUNT_DIRECTORY_ID", [false; 7]),
        (Keys::Both, TWO_DIRECTORIES, [true, true, true, false, false, false, true]),
    ];
    at_once(&all, |&(keys, variable, works)| {
        let mut world = keys.world();
        match variable {
            TWO_DIRECTORIES => {
                world.unset("HEADCOUNT_DIRECTORY_ID");
                let rows = json!([{ "directoryId": "d-1", "name": "Staff" }, { "directoryId": "d-2" }]);
                let answer = json!({ "status": 200, "body": { "data": rows, "links": {} } });
                let path = "/admin/v2/orgs/{orgId}/directories";
                world.fault(json!({ "path": path, "times": 0, "answer": answer }));
            }
            variable => world.set(variable, "not-the-right-one-of-this-site"),
        }
        let checked = world.run("profile check").stdout;
        for (job, works) in jobs.into_iter().zip(works) {
            let command: Vec<&str> = job.split(' ').take(2).collect();
            let command = command.join(" ");
            let mut lines = checked.lines().filter(|line| line.contains("  "));
            let line = lines.find(|line| line.split("  ").next().is_some_and(|jobs| jobs.contains(&command)));
            let line = line.unwrap_or_else(|| panic!("{command}\n{checked}"));
            assert_eq!(line.contains("  no "), !works, "{line}");
            let plan = world.run(&job.replace("--yes", "--plan"));
            assert_eq!(plan.code == 0, works, "{command} with {variable}\n{}", plan.stderr);
        }
    });
}
