//! Answers that do not have the described shape, during a run and at sign-in: how many are accepted, and what is
//! reported.

use serde_json::{Value, json};

use crate::answers::{
    ADD, CREATE, DEACTIVATE, DELETE, GROUPS, JOBS, Keys, REMOVE, SUSPEND, at_once, ends,
};

/// The undescribed answers had no effect: after the second one nothing more is sent.
#[test]
fn the_second_answer_of_another_shape_stops_the_run() {
    let activate = "user activate in.csv --yes";
    let restore = "user restore in.csv --yes";
    let jobs = [
        (CREATE, Keys::Both),
        (CREATE, Keys::Token),
        (DEACTIVATE, Keys::Both),
        (activate, Keys::Key),
        (SUSPEND, Keys::Key),
        (restore, Keys::Key),
        (GROUPS, Keys::Token),
        (GROUPS, Keys::Both),
        (ADD, Keys::Token),
        (REMOVE, Keys::Token),
    ];
    let bodies = [
        (200, json!({})),
        (201, json!({})),
        (201, json!({ "ok": true })),
        (204, Value::Null),
        (200, json!({ "data": [] })),
        (202, json!({ "taskId": "1" })),
    ];
    let all = jobs.iter().enumerate().flat_map(|(at, job)| {
        // Each job with a few of the shapes, never with the one that is described for it.
        (0..3).map(move |more| (*job, (at + 2 * more) % 6))
    });
    let variants: Vec<_> = all.map(|(job, at)| (job, bodies[at].clone())).collect();
    at_once(&variants, |((job, keys), (status, body))| {
        let what = format!("{job} with {keys:?}, {status} {body}");
        let is_described = match *job {
            CREATE => false,
            GROUPS if *keys == Keys::Token => false,
            GROUPS => *status == 201 && body.is_null(),
            ADD => false,
            _ => *status == 204,
        };
        if is_described {
            return;
        }
        let mut world = keys.world();
        world.file("in.csv", "Email\nvdillow@banc.ly\nftoten2@banc.ly\namelmeth@banc.ly\njfloat@banc.ly\n");
        let before = match *job {
            "user activate in.csv --yes" => Some("user deactivate in.csv --yes --max-changes 9"),
            "user restore in.csv --yes" => Some("user suspend in.csv --yes --max-changes 9"),
            _ => None,
        };
        if let Some(before) = before {
            world.run(before).exit(0);
        }
        let method = if *job == REMOVE { "DELETE" } else { "POST" };
        let sent = world.changing();
        let answer = json!({ "status": status, "body": body });
        for path in ["/rest/*", "/users/*", "/admin/v2/*"] {
            world.fault(json!({ "method": method, "path": path, "from_change": 2, "times": 0, "answer": answer }));
        }
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        let told = output.events();
        assert_eq!(told.count("changed"), 1, "{what}\n{}", output.stderr);
        assert_eq!(told.count("failed") + told.count("unchanged"), 0, "{what}\n{}", output.stderr);
        assert!(output.code == 5 || told.count("unknown") > 0, "{what}\n{}", output.stderr);
        // Another request may be open when the first such answer arrives.
        assert!(world.changing() - sent <= 4, "{what}: {} sent", world.changing() - sent);
        assert!(told.count("pending") + told.count("unknown") > 0, "{what}\n{}", output.stderr);
        world.no_faults();
        let resumed = world.run("--json run resume last --yes --max-changes 9");
        assert_eq!(resumed.code, 0, "{what}\n{}", resumed.stderr);
        world.nothing_twice();
    });
}

/// A web page instead of a refusal is not from the site: the run stops, and no row is reported as forbidden or
/// gone.
#[test]
fn a_page_with_403_is_no_refusal() {
    let page = "<!DOCTYPE html><html><head><title>Access denied</title></head></html>";
    let answers = [
        json!({ "status": 403, "body": page }),
        json!({ "status": 403, "headers": { "content-type": "text/html" }, "body": "Blocked" }),
        json!({ "status": 403, "body": "  <html><body>Request blocked (WAF)</body></html>" }),
        json!({ "status": 404, "body": page }),
        json!({ "status": 403, "headers": { "content-type": "text/html; charset=utf-8" }, "body": page }),
    ];
    let variants: Vec<_> =
        JOBS.iter().enumerate().map(|(at, job)| (*job, answers[at % 5].clone())).collect();
    at_once(&variants, |((job, keys), answer)| {
        let what = format!("{job} with {keys:?}, {answer}");
        let world = keys.world();
        let method = if [REMOVE, DELETE].contains(job) { "DELETE" } else { "POST" };
        let from = if job.contains("--by invite") { 1 } else { 2 };
        for path in [
            "/rest/*",
            "/users/*",
            "/admin/v2/orgs/{orgId}/users/invite",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend",
        ] {
            world.fault(json!({ "method": method, "path": path, "from_change": from, "times": 0, "answer": answer }));
        }
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        assert_eq!(output.code, 5, "{what}\n{}", output.stderr);
        assert!(output.stderr.contains("a web page instead of data"), "{what}\n{}", output.stderr);
        let told = output.events();
        assert_eq!(told.count("changed") + told.count("pending"), told.count("rows"), "{what}");
        world.no_faults();
        let resumed = world.run("--json run resume last --yes --max-changes 9");
        assert_eq!(resumed.code, 0, "{what}\n{}", resumed.stderr);
        world.nothing_twice();
    });
}

/// A 400 after the change was made: it is reported as changed, and an undo reverts it.
#[test]
fn a_400_after_the_effect_is_reported_as_changed() {
    let no = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
    let plain = json!({ "code": 400, "message": "Bad Request" });
    let one = |heading: &str, row: &str| format!("{heading}\n{row}\n");
    let variants = [
        ("user deactivate in.csv --max-changes 5", Keys::Key, one("Email", "vdillow@banc.ly"), "POST", "/users/*", &no),
        ("user activate in.csv", Keys::Key, one("Email", "dnkosi@banc.ly"), "POST", "/users/*", &plain),
        ("user suspend in.csv --max-changes 5", Keys::Key, one("Email", "vdillow@banc.ly"), "POST", "/admin/v2/*", &no),
        ("member add in.csv", Keys::Token, one("Email,Group", "vdillow@banc.ly,hanoi-legal"), "POST", "/rest/*", &no),
        ("member add in.csv", Keys::Key, one("Email,Group", "vdillow@banc.ly,hanoi-legal"), "POST", "/admin/v2/*", &plain),
        ("member remove in.csv", Keys::Token, one("Email,Group", "vdillow@banc.ly,hanoi-legal"), "DELETE", "/rest/*", &plain),
        ("group create in.csv", Keys::Token, one("name", "brand new"), "POST", "/rest/*", &no),
        ("group create in.csv", Keys::Both, one("name", "brand new"), "POST", "/admin/v2/*", &no),
        ("user remove in.csv --max-changes 5", Keys::Token, one("Email", "vdillow@banc.ly"), "DELETE", "/rest/*", &no),
    ];
    at_once(&variants, |(job, keys, sheet, method, path, body)| {
        let what = format!("{job} with {keys:?}, {body}");
        let mut world = keys.world();
        world.file("in.csv", sheet);
        if job.starts_with("member remove") {
            world.run("member add in.csv --yes").exit(0);
        }
        let answer = json!({ "status": 400, "when": "after", "body": body });
        world.fault(json!({ "method": method, "path": path, "from_change": 1, "answer": answer }));
        let output = world.run(&format!("{job} --yes --report out.csv"));
        assert_eq!(output.code, 0, "{what}\n{}", output.stderr);
        assert_eq!(ends(&world), ["changed done-no-response"], "{what}\n{}", output.stderr);
        if !job.starts_with("user remove") {
            let undo = world.run("--json run undo last --remove-created --yes --max-changes 5");
            // A group that another user may have created at the same moment is listed and kept.
            let wanted = if job.starts_with("group") { (1, 0, 1) } else { (0, 1, 0) };
            let told = (undo.code, undo.events().count("changed"), undo.events().count("skipped"));
            assert_eq!(told, wanted, "{what}\n{}", undo.stderr);
        }
    });
}

/// A change is refused, and the site then shows the wanted state. Without a reason, nothing shows whether the request or a
/// colleague made the change, also in an undo: the row says so. With a reason, the request did not.
#[test]
fn a_refusal_without_a_reason_leaves_open_who_made_the_change() {
    let vague = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
    let no_seat = json!({ "errorMessages": ["Not enough licenses available."], "errors": {} });
    let page = json!("<html><title>Blocked by policy</title></html>");
    let (open, user, member) = ("changed done-no-response", "Email\nvdillow@banc.ly\n", "Email,Group\nvdillow@banc.ly,hanoi-legal\n");
    let deactivate = "user deactivate in.csv --max-changes 5";
    let suspend = "user suspend in.csv --max-changes 5";
    let variants = [
        (deactivate, Keys::Key, user, 400, &vague, false, open),
        (deactivate, Keys::Key, user, 400, &vague, true, open),
        (deactivate, Keys::Both, user, 403, &page, true, open),
        (suspend, Keys::Key, user, 400, &vague, true, open),
        ("member add in.csv", Keys::Token, member, 400, &vague, true, open),
        ("member add in.csv", Keys::Key, member, 400, &vague, false, open),
        ("member add in.csv", Keys::Token, member, 400, &no_seat, false, "unchanged already-member"),
        ("member add in.csv", Keys::Key, member, 403, &no_seat, false, "unchanged already-member"),
        (suspend, Keys::Key, user, 400, &no_seat, true, "unchanged not-suspended"),
    ];
    at_once(&variants, |(job, keys, sheet, status, body, in_undo, wanted)| {
        let what = format!("{job} with {keys:?}, {status} {body}, {in_undo}");
        let mut world = keys.world();
        world.file("in.csv", sheet);
        let mut line = format!("{job} --yes");
        if *in_undo {
            world.run(&line).exit(0);
            // Within ten minutes, an index that lags may still show the state before the run.
            world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": 11 * 60_000 })));
            line = "run undo last --yes --max-changes 5".to_owned();
        }
        let answer = json!({ "status": status, "when": "after", "body": body });
        world.fault(json!({ "from_change": 1, "answer": answer }));
        let output = world.run(&format!("{line} --report out.csv"));
        assert_eq!(ends(&world), [*wanted], "{what}\n{}", output.stderr);
        let is_open = world.read("out.csv").contains("this request or another user made the change");
        assert_eq!(is_open, *wanted == open, "{what}\n{}", world.read("out.csv"));
        assert_eq!(output.code, 0, "{what}\n{}", output.stderr);
    });
}

/// After a canary whose state is not known, the message says which row comes next.
#[test]
fn after_the_canary_the_next_row_is_named() {
    let nothing = json!({ "status": 204 });
    let forbidden = json!({ "status": 403, "body": { "errorMessages": ["No"], "errors": {} } });
    let made = json!({ "status": 201, "body": { "name": "hanoi-legal" } });
    let variants = [
        (DEACTIVATE, Keys::Both, "POST", "/users/*", &nothing, "headcount checks row 1 first"),
        (SUSPEND, Keys::Key, "POST", "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend", &nothing, "headcount checks row 1 first"),
        (REMOVE, Keys::Token, "DELETE", "/rest/*", &nothing, "headcount checks row 1 first"),
        (ADD, Keys::Token, "POST", "/rest/api/3/group/user", &forbidden, "ended failed"),
        (ADD, Keys::Token, "POST", "/rest/api/3/group/user", &made, "headcount checks row 1 first"),
    ];
    at_once(&variants, |(job, keys, method, path, answer, words)| {
        let what = format!("{job} with {keys:?}, {answer}");
        let world = keys.world();
        world.fault(json!({ "method": method, "path": path, "from_change": 1, "answer": answer }));
        let output = world.run(job);
        assert_eq!(output.code, 4, "{what}\n{}", output.stderr);
        for words in [words, "the next row is row 2 (ftoten2@banc.ly)"] {
            assert!(output.stderr.contains(words), "{what}\n{}", output.stderr);
        }
        world.no_faults();
        let resumed = world.run("--json run resume last --yes --max-changes 9");
        assert!(resumed.code <= 1, "{what}\n{}", resumed.stderr);
        assert_eq!(resumed.events().named("canary")[0]["row"], if *words == "ended failed" { 2 } else { 1 });
    });
}

/// One 401 at sign-in may be a chance; the second one ends the command.
#[test]
fn a_single_401_at_sign_in_is_confirmed() {
    let refused = json!({ "status": 401, "body": { "code": 401, "message": "Unauthorized" } });
    let commands = [
        (ADD, Keys::Token, "/rest/api/3/myself"),
        (ADD, Keys::Both, "/rest/api/3/myself"),
        (GROUPS, Keys::Key, "/admin/v1/orgs"),
        (DEACTIVATE, Keys::Both, "/admin/v1/orgs"),
        (CREATE, Keys::Token, "/rest/api/3/myself"),
        (SUSPEND, Keys::Key, "/admin/v1/orgs"),
        ("user export -o out.csv", Keys::Both, "/admin/v1/orgs"),
    ];
    at_once(&commands, |(job, keys, path)| {
        for (times, exit) in [(1, 0), (0, 3)] {
            let world = keys.world();
            world.fault(json!({ "method": "GET", "path": path, "nth": 1, "times": times, "answer": refused }));
            let output = world.run(job);
            assert_eq!(output.code, exit, "{job} with {keys:?}, {times}\n{}", output.stderr);
            if exit == 3 {
                world.nothing_sent();
            }
        }
    });
}

/// A creation whose answer names another user's account is not taken as done, and nothing more is sent to that account.
#[test]
fn an_answer_that_names_another_users_account_is_not_believed() {
    let mut world = crate::harness::World::new();
    let other = world.person("vdillow@banc.ly")["account_id"].clone();
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/user", "times": 0,
        "answer": { "status": 201, "when": "after", "body": { "accountId": other } },
    }));
    world.file("in.csv", "Email,groups\nnora.new@banc.ly,\nnora.two@banc.ly,hanoi-legal\n");
    world
        .run("user create in.csv --yes")
        .exit(4)
        .says("row 1 not as wanted")
        .says("the site named the account of vdillow@banc.ly");
    assert!(!world.is_member("vdillow@banc.ly", "hanoi-legal"));
}
