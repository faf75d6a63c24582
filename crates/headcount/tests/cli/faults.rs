//! Faults of the network and the site: nothing is lost, and nothing is done twice.

use serde_json::{Value, json};

use crate::harness::{World, table};

const CALL: &str = "/rest/api/3/group/user";

/// A fault of the call that adds a member.
fn adding(mut fault: Value) -> Value {
    fault["method"] = json!("POST");
    fault["path"] = json!(CALL);
    fault
}

/// The sample users with the ids printed in the article.
const PEOPLE: [&str; 5] = [
    "6155833c071axxx071ff5b24",
    "7a4b625f3fd5xxx24d741ac7",
    "e2345d51eaa4xxx984e377ce",
    "3c5e0172a629xxx061259ed9",
    "982bfd68520fxxx71daccb32",
];

/// A world with a file that adds each sample user to two groups.
fn world() -> World {
    let mut world = World::new();
    let mut file = "accountId,Group\n".to_owned();
    for group in ["oslo-engineering", "hanoi-legal"] {
        for person in PEOPLE {
            file.push_str(&format!("{person},{group}\n"));
        }
    }
    world.file("add.csv", file);
    world
}

/// The two groups' ids, as requests contain them.
const OSLO: &str = "d6750b14-1aa8-4ab2-xxxx-a6d44016da32";

/// Each row has another fault. All of them are settled, and none is applied twice.
#[test]
fn lost_answers_and_refusals() {
    let world = world();
    let unwell = |status: u16, when: &str| {
        json!({ "answer": { "status": status, "when": when, "body": "<html>unwell</html>" } })
    };
    let faults = [
        unwell(503, "before"),
        unwell(503, "after"),
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "half_body": true }),
    ];
    for (mut fault, person) in faults.into_iter().zip(PEOPLE) {
        fault["account"] = json!(person);
        fault["mentions"] = json!(OSLO);
        world.fault(adding(fault));
    }
    let output = world.run("--json member add add.csv --yes --report out.csv").exit(0);
    let events = output.events();
    assert_eq!((events.count("changed"), events.count("rows")), (10, 10));
    world.nothing_twice();
    assert_eq!(world.members("oslo-engineering"), 5);
    let report = table(&world.read("out.csv"));
    let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
    let reasons: Vec<_> = report[1..=5].iter().map(|row| row[reason].as_str()).collect();
    assert_eq!(reasons, ["done", "done-no-response", "done", "done-no-response", "done"]);
    let again = world.run("--json member add add.csv --yes").exit(0).events();
    assert_eq!(again.count("unchanged"), 10);
}

/// The number of members never equals the list: the plan names the group, and reads the sheet's users one by one.
#[test]
fn a_group_whose_list_does_not_add_up() {
    let world = world();
    let stranger = json!({"accountId": "712020:11111111-2222-4333-8444-555555555555",
                          "accountType": "atlassian", "active": true});
    let page = json!({"startAt": 0, "maxResults": 50, "total": 2, "isLast": true,
                      "values": [stranger]});
    world.fault(json!({"method": "GET", "path": "/rest/api/3/group/member", "times": 0,
                       "answer": {"status": 200, "body": page}}));
    let output = world.run("member add add.csv --yes").exit(0);
    let words = &output.stderr;
    assert!(words.contains("the member list of hanoi-legal is not reliable"), "{words}");
    assert!(words.contains("it has 2 members, but the site listed 1"), "{words}");
    assert_eq!(world.members("oslo-engineering"), 5);
}

/// The answers of creations are lost: the created users are known and can be undone.
#[test]
fn lost_answers_of_creating() {
    let mut world = World::new();
    world.file("create.csv", "emailAddress\na@banc.ly\nb@banc.ly\nc@banc.ly\nd@banc.ly\n");
    let faults = [
        json!({ "mentions": "b@banc.ly", "drop": "after" }),
        json!({ "mentions": "c@banc.ly", "drop": "before" }),
        json!({ "mentions": "d@banc.ly", "answer": { "status": 500, "when": "after" } }),
    ];
    for mut fault in faults {
        fault["method"] = json!("POST");
        fault["path"] = json!("/rest/api/3/user");
        world.fault(fault);
    }
    let output = world.run("--json user create create.csv --yes --report out.csv").exit(0);
    assert_eq!(output.events().count("changed"), 4);
    world.nothing_twice();
    let undone = world.run("--json run undo last --remove-created --yes --max-changes 4").exit(0);
    assert_eq!(undone.events().count("changed"), 4, "{}", undone.stderr);
    assert_eq!(world.person("b@banc.ly")["place"], "removed");
}

#[test]
fn lost_answers_of_deactivating() {
    let mut world = World::new();
    world.file(
        "leavers.csv",
        format!("User id\n{}\n", PEOPLE.join("\n")),
    );
    let faults = [
        json!({ "account": PEOPLE[1], "drop": "after" }),
        json!({ "account": PEOPLE[2], "drop": "before" }),
        json!({ "account": PEOPLE[3], "answer": { "status": 502, "when": "after" } }),
        json!({ "account": PEOPLE[4], "answer": { "status": 429, "headers": { "Retry-After": "1" } } }),
    ];
    for mut fault in faults {
        fault["method"] = json!("POST");
        fault["path"] = json!("/users/{account_id}/manage/lifecycle/disable");
        world.fault(fault);
    }
    let job = "--json user deactivate leavers.csv --yes --max-changes 5";
    assert_eq!(world.run(job).exit(0).events().count("changed"), 5);
    world.nothing_twice();
    assert_eq!(world.run(job).exit(0).events().count("unchanged"), 5);
    assert_eq!(world.run("--json run undo 1 --yes").exit(0).events().count("changed"), 5);
}

/// Refused because of the rate: the program waits as requested, reports it, and continues.
#[test]
fn rate_limits() {
    let world = world();
    for (nth, headers) in [(2, json!({ "Retry-After": "1" })), (4, json!({}))] {
        world.fault(adding(json!({ "nth": nth, "answer": { "status": 429, "headers": headers } })));
    }
    let output = world.run("--json member add add.csv --yes").exit(0);
    let events = output.events();
    assert_eq!(events.count("changed"), 10);
    assert!(!events.named("waiting").is_empty());
    for waiting in events.named("waiting") {
        assert!(waiting["until"].is_string() && waiting["why"].is_string(), "{waiting}");
    }
    assert!(output.stderr.to_lowercase().contains("waiting until"), "{}", output.stderr);
    world.nothing_twice();
}

/// Only refusals, for longer than the limit: the run stops and can be resumed.
#[test]
fn only_refused() {
    let world = world();
    world.fault(adding(json!({ "nth": 4, "times": 0, "answer": { "status": 429 } })));
    // The default limit of five minutes is set to zero: the first refusal stops the run.
    let output = world.run("--json member add add.csv --yes --concurrency 1 --patience 0").exit(5);
    let events = output.events();
    assert_eq!((events.count("changed"), events.count("pending")), (3, 7), "{}", output.stderr);
    let why = events.named("stopped")[0]["why"].to_string();
    assert!(why.contains("keeps refusing requests"), "{why}");
    world.no_faults();
    let output = world.run("--json run resume last --yes").exit(0);
    assert_eq!(output.events().count("changed"), 10, "{}", output.stderr);
    world.nothing_twice();
}

/// Odd answers: HTML with a success status, and a body that is not JSON.
#[test]
fn odd_answers() {
    let world = world();
    world.fault(adding(json!({ "nth": 3, "garbage": true })));
    world.fault(adding(json!({
        "nth": 6, "answer": { "status": 200, "body": "<html>Log in</html>" },
    })));
    let output = world.run("--json member add add.csv --yes --report out.csv").exit(0);
    assert_eq!(output.events().count("changed"), 10, "{}", world.read("out.csv"));
    world.nothing_twice();
}

/// The credential is refused in the middle: exit code 3, nothing more is sent, and the run can be resumed.
#[test]
fn the_key_is_refused_in_the_middle() {
    let world = world();
    world.fault(adding(json!({
        "nth": 4, "times": 0, "answer": { "status": 401, "body": { "code": 401, "message": "Unauthorized" } },
    })));
    let output = world.run("--json member add add.csv --yes --concurrency 1").exit(3);
    let events = output.events();
    assert_eq!(events.last("state"), "stopped");
    assert_eq!((events.count("changed"), events.count("pending")), (3, 7));
    // One 401 may be a chance if `myself` is answered; the second one of the same call counts.
    assert_eq!(world.changing(), 5);
    // The test does not say which rows are left, because their order is not promised.
    world
        .run("run resume last --yes --concurrency 1")
        .exit(3)
        .says("rows       10: 7 to send, 3 changed")
        .says("Stopped: the credential was refused: could not add the member: Jira answered 401: Unauthorized")
        .says("stopped: 3 changed, 7 pending")
        .says("Correct the credentials, then continue: headcount run resume");
    world.no_faults();
    let events = world.run("--json run resume last --yes").exit(0).events();
    assert_eq!(events.count("changed"), 10);
    world.nothing_twice();
}

/// The canary fails: exit code 4, nothing else is sent, and `resume` starts with a new canary.
#[test]
fn the_canary_fails() {
    let world = world();
    world.fault(adding(json!({
        "answer": { "status": 400, "body": { "errorMessages": ["The group is on strike."], "errors": {} } },
    })));
    world.run("member add add.csv --yes").exit(4).snap("canary-fails");
    world.run("run show last").exit(0).snap("canary-fails-show");
    assert_eq!(world.changing(), 1);
    let events = world.run("--json run resume last --yes").exit(1).events();
    assert_eq!(events.named("canary").len(), 1);
    assert_eq!((events.count("changed"), events.count("failed")), (9, 1));
}

/// The site answers with a success, but the verifying read does not show the change: the run stops.
#[test]
fn the_canary_is_not_found_as_wanted() {
    let world = world();
    let claimed = json!({ "status": 201, "body": { "name": "a group" } });
    world.fault(json!({ "method": "POST", "path": CALL, "answer": claimed }));
    let output = world.run("member add add.csv --yes").exit(4).snap("canary-not-found");
    assert!(output.stdout.is_empty());
    assert_eq!(world.changing(), 1);
    // It is read again, was not applied, and is applied.
    let events = world.run("--json run resume last --yes").exit(0).events();
    assert_eq!(events.count("changed"), 10);
    world.nothing_twice();
}

/// A canary of several rows, and none.
#[test]
fn a_canary_of_three_and_of_none() {
    let world = world();
    let events = world.run("--json member add add.csv --yes --canary 3").exit(0).events();
    assert_eq!(events.named("canary").len(), 3);
    assert_eq!(events.order(), ["planned", "settled", "canary", "settled", "finished"]);
    let undo = "--json run undo last --yes --max-changes 10 --canary 0";
    let events = world.run(undo).exit(0).events();
    assert_eq!(events.order(), ["planned", "settled", "finished"]);
}

/// `--verify all` verifies every row before it counts.
#[test]
fn every_row_is_read_back() {
    let world = world();
    world.run("member add add.csv --yes --verify all").exit(0);
    let log = world.log();
    let reads = log["by"].as_array().expect("a list").iter().find(|count| {
        count["template"] == "/rest/api/3/user/groups" && count["method"] == "GET"
    });
    assert!(reads.is_some_and(|count| count["count"].as_u64() >= Some(10)), "{log:#}");
}

/// The site fails while it is read: nothing was sent, exit code 5.
#[test]
fn the_site_fails_while_planning() {
    let world = world();
    world.fault(json!({
        "method": "GET", "path": "/rest/api/3/myself", "times": 0,
        "answer": { "status": 503, "body": "<html>unwell</html>" },
    }));
    insta::assert_snapshot!(world.run("member add add.csv --yes").exit(5).transcript(), @r"
    $ headcount member add add.csv --yes
    ─── stderr
    Waiting until THEN before any GET /rest/api/3/myself: the site fails or cannot be reached; headcount tries again a little later
    Waiting until THEN before any GET /rest/api/3/myself: the site fails or cannot be reached; headcount tries again a little later
    error: could not sign in: Jira answered 503: a web page instead of data
    hint: nothing was sent; try again later
    ─── exit 5
    ");
    world.nothing_sent();
}
