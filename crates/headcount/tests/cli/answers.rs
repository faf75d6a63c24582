//! An outcome is told only as far as it was seen: what a credential, a proxy or a renamed site makes of
//! a run. Each kind in a table of variants, over HTTP.

use serde_json::{Value, json};

use crate::harness::World;

/// The sample people who have nothing odd about them.
const MAILS: [&str; 5] = [
    "vdillow@banc.ly",
    "ftoten2@banc.ly",
    "amelmeth@banc.ly",
    "jfloat@banc.ly",
    "dsnapper@banc.ly",
];

/// Which credentials a command has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Keys {
    Both,
    Token,
    Key,
}

impl Keys {
    fn world(self) -> World {
        let mut world = match self {
            Self::Both => World::new(),
            Self::Token => World::new().token_alone(),
            Self::Key => World::new().key_alone(),
        };
        let rows = |heading: &str, more: &str| {
            MAILS.iter().fold(format!("{heading}\n"), |file, mail| file + mail + more + "\n")
        };
        world.file("users.csv", rows("Email", ""));
        world.file("members.csv", rows("Email,Group", ",hanoi-legal"));
        world.file("groups.csv", "name\nnew one\nnew two\nnew three\nnew four\n");
        world.file(
            "new.csv",
            "emailAddress\nnew1@banc.ly\nnew2@banc.ly\nnew3@banc.ly\nnew4@banc.ly\n",
        );
        world
    }
}

const REMOVE: &str = "user remove users.csv --yes --max-changes 9";
const DEACTIVATE: &str = "user deactivate users.csv --yes --max-changes 9";
const SUSPEND: &str = "user suspend users.csv --yes --max-changes 9";
const ADD: &str = "member add members.csv --yes";
const GROUPS: &str = "group create groups.csv --yes";
const CREATE: &str = "user create new.csv --yes";
const INVITE: &str = "user create new.csv --by invite --yes";

/// Every job that sends, with the credentials that carry it.
const JOBS: [(&str, Keys); 12] = [
    (REMOVE, Keys::Both),
    (REMOVE, Keys::Token),
    (REMOVE, Keys::Key),
    (DEACTIVATE, Keys::Both),
    (DEACTIVATE, Keys::Key),
    (SUSPEND, Keys::Key),
    (ADD, Keys::Token),
    (ADD, Keys::Key),
    (GROUPS, Keys::Both),
    (GROUPS, Keys::Token),
    (CREATE, Keys::Both),
    (INVITE, Keys::Key),
];

fn gateway(status: u16) -> Value {
    json!({ "status": status, "body": { "code": status, "message": "No" } })
}

/// From the second change on everything is answered with this. All that are invited travel in one request.
fn from_the_second_change(job: &str, answer: &Value) -> Value {
    let from = if job == INVITE { 1 } else { 2 };
    json!({ "from_change": from, "times": 0, "answer": answer })
}

/// The variants side by side: most of their time is waiting.
fn at_once<T: Sync>(variants: &[T], each: impl Fn(&T) + Sync) {
    for some in variants.chunks(6) {
        std::thread::scope(|scope| {
            for one in some {
                scope.spawn(|| each(one));
            }
        });
    }
}

/// Every job with the first answer, and each of the other answers with a few jobs.
fn variants(answers: &[Value]) -> Vec<(&'static str, Keys, Value)> {
    let mut all: Vec<_> = JOBS.iter().map(|&(job, keys)| (job, keys, answers[0].clone())).collect();
    for (at, answer) in answers.iter().enumerate().skip(1) {
        let few = [at, at + 5].map(|at| JOBS[at % JOBS.len()]);
        all.extend(few.map(|(job, keys)| (job, keys, answer.clone())));
    }
    all
}

/// No row is told as gone, failed or done by an answer that the credential gets for everything: the run
/// stops, and goes on with a good credential.
#[test]
fn a_credential_that_ends_stops_the_run_whatever_it_is_answered() {
    let answers = [
        gateway(404),
        gateway(403),
        json!({ "status": 401, "body": { "code": 401, "message": "Unauthorized" } }),
        json!({ "status": 403, "body": "<html><title>Blocked</title></html>" }),
        json!({ "status": 404 }),
        json!({ "status": 404, "body": { "key": "notFound" } }),
    ];
    at_once(&variants(&answers), |(job, keys, answer)| {
        let what = format!("{job} with {keys:?}, {answer}");
        let world = keys.world();
        world.fault(from_the_second_change(job, answer));
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        assert_eq!(output.code, 3, "{what}\n{}", output.stderr);
        let told = output.events();
        let wrong = told.count("failed") + told.count("unknown") + told.count("unchanged");
        assert_eq!(wrong, 0, "{what}\n{}", output.stderr);
        assert!(told.count("pending") > 0, "{what}\n{}", output.stderr);
        world.no_faults();
        let resumed = world.run("--json run resume last --yes --max-changes 9");
        assert_eq!(resumed.code, 0, "{what}\n{}", resumed.stderr);
        assert_eq!(resumed.events().count("changed"), resumed.events().count("rows"), "{what}");
        world.nothing_twice();
    });
}

/// The same where only calls on one user are answered so (a token that lost its rights).
#[test]
fn an_account_that_nobody_is_shown_is_not_gone() {
    let answer = || gateway(404);
    let faults: [(Keys, [&str; 2]); 2] = [
        (Keys::Both, ["/rest/api/3/user", "/rest/api/3/user"]),
        (Keys::Token, ["/rest/api/3/user", "/rest/api/3/user"]),
    ];
    for (keys, [change, read]) in faults {
        let world = keys.world();
        world.fault(json!({ "method": "DELETE", "path": change, "nth": 2, "times": 0, "answer": answer() }));
        world.fault(json!({ "method": "GET", "path": read, "times": 0, "answer": answer() }));
        for line in [REMOVE, "run resume last --yes --max-changes 9 --verify all"] {
            let output = world.run(&format!("--json {line}")).exit(3);
            assert_eq!(output.events().count("unchanged"), 0, "{keys:?}\n{}", output.stderr);
        }
        let shown = world.run("run show last").exit(0).stdout;
        assert!(shown.contains("the API token is not accepted any more"), "{shown}");
    }
}

/// A change is done by the status that is described for its call, and by data where data is described.
/// Anything else in 2xx is read: the second such answer to a row stops the run, and no row is told done.
#[test]
fn a_yes_that_is_not_the_described_one_is_read_before_it_counts() {
    let page = "<!DOCTYPE html><html><head><title>Please sign\u{1b} in</title></head></html>";
    let answers = [
        json!({ "status": 200, "body": page }),
        json!({ "status": 201, "body": page }),
        json!({ "status": 200, "headers": { "content-type": "text/html" }, "body": "Log in" }),
        json!({ "status": 202, "body": {} }),
        json!({ "status": 203, "body": "all is well" }),
        json!({ "status": 201, "body": [] }),
        json!({ "status": 200, "body": "null" }),
    ];
    at_once(&variants(&answers), |(job, keys, answer)| {
        let what = format!("{job} with {keys:?}, {answer}");
        let world = keys.world();
        let method = if job == &REMOVE { "DELETE" } else { "POST" };
        let from = if job == &INVITE { 1 } else { 2 };
        for path in ["/rest/*", "/users/*", "/admin/v2/*"] {
            let fault = json!({ "method": method, "path": path, "from_change": from, "times": 0, "answer": answer });
            world.fault(fault);
        }
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        assert_eq!(output.code, 5, "{what}\n{}", output.stderr);
        let told = output.events();
        assert_eq!(told.count("changed"), u64::from(job != &INVITE), "{what}\n{}", output.stderr);
        assert_eq!(told.count("failed") + told.count("unchanged"), 0, "{what}");
        assert!(!output.stderr.contains('\u{1b}'), "{what}");
        if answer["body"].as_str() == Some(page) {
            let words = "a web page instead of data: Please sign in";
            assert!(output.stderr.contains(words), "{what}\n{}", output.stderr);
        }
        world.no_faults();
        let resumed = world.run("--json run resume last --yes --max-changes 9");
        assert_eq!(resumed.code, 0, "{what}\n{}", resumed.stderr);
        world.nothing_twice();
    });
}

/// One odd answer is no reason to stop: it is read, sent again where nothing was done, and told as done
/// where it was.
#[test]
fn one_odd_yes_is_read_and_settled() {
    let both = ["before", "after"].map(|when| json!(when));
    at_once(&variants(&both), |(job, keys, when)| {
        let world = keys.world();
        let answer = json!({ "status": 200, "when": when, "body": "<html>Log in</html>" });
        let from = if job == &INVITE { 1 } else { 2 };
        world.fault(json!({ "from_change": from, "answer": answer }));
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        assert_eq!(output.code, 0, "{job} with {keys:?}, {when}\n{}", output.stderr);
        let told = output.events();
        assert_eq!(told.count("changed"), told.count("rows"), "{job} with {keys:?}, {when}");
        world.nothing_twice();
    });
}

/// A redirect was not processed: the run stops at the first one, with nothing sent a second time.
#[test]
fn a_redirect_stops_the_run_and_names_the_address() {
    let to = "https://acme-new.atlassian.net/elsewhere";
    let answers = [301, 302, 303, 307, 308]
        .map(|status| json!({ "status": status, "headers": { "Location": to }, "body": "" }));
    at_once(&variants(&answers), |(job, keys, answer)| {
        let what = format!("{job} with {keys:?}, {answer}");
        let world = keys.world();
        world.fault(from_the_second_change(job, answer));
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        assert_eq!(output.code, 5, "{what}\n{}", output.stderr);
        assert!(output.stderr.contains(to), "{what}\n{}", output.stderr);
        assert!(output.stderr.contains("Correct the address"), "{what}\n{}", output.stderr);
        let told = output.events();
        assert_eq!(told.count("changed") + told.count("pending"), told.count("rows"), "{what}");
        assert_eq!(world.changing(), if job == &INVITE { 1 } else { 2 }, "{what}");
    });
    // Before anything was planned it is a wrong address in the profile.
    let world = Keys::Token.world();
    let answer = json!({ "status": 302, "headers": { "Location": "https://acme-new.atlassian.net" } });
    world.fault(json!({ "path": "/rest/*", "times": 0, "answer": answer }));
    world.run(ADD).exit(2).says("https://acme-new.atlassian.net");
    world.nothing_sent();
}

/// An organization or a directory that does not answer for its id is told before anything is planned.
#[test]
fn a_wrong_organization_or_directory_id_plans_nothing() {
    let wrong = "00000000-1111-2222-3333-444444444444";
    let jobs = [
        (REMOVE, Keys::Both),
        (REMOVE, Keys::Key),
        (DEACTIVATE, Keys::Both),
        (DEACTIVATE, Keys::Key),
        (SUSPEND, Keys::Both),
        ("user activate users.csv --yes", Keys::Key),
        ("user restore users.csv --yes", Keys::Key),
        (ADD, Keys::Both),
        (ADD, Keys::Key),
        ("member remove members.csv --yes", Keys::Both),
        (GROUPS, Keys::Both),
        (CREATE, Keys::Both),
        (INVITE, Keys::Key),
        ("user export -o out.csv", Keys::Both),
        ("group export -o out.csv", Keys::Key),
    ];
    for (job, keys) in jobs {
        for variable in ["HEADCOUNT_ORG_ID", "HEADCOUNT_DIRECTORY_ID"] {
            let mut world = keys.world();
            world.set(variable, wrong);
            let output = world.run(job);
            assert_eq!(output.code, 2, "{variable}: {job} with {keys:?}\n{}", output.stderr);
            let words = if variable == "HEADCOUNT_ORG_ID" { "the key is for banc" } else { "the organization has" };
            assert!(output.stderr.contains(words), "{variable}: {job}\n{}", output.stderr);
            assert!(output.stderr.contains(wrong), "{variable}: {job}\n{}", output.stderr);
            world.nothing_sent();
            let checked = world.run("profile check");
            assert!(checked.stdout.contains(wrong), "{variable}\n{}{}", checked.stdout, checked.stderr);
        }
    }
}

/// A guard that could look and did not see lets no `--yes` through, unless that is said.
#[test]
fn a_guard_that_could_not_look_needs_a_word() {
    for job in ["deactivate", "remove"] {
        for keys in [Keys::Both, Keys::Key] {
            if (job, keys) == ("remove", Keys::Key) {
                continue;
            }
            let mut world = keys.world();
            // The directory that says who administers the organization is closed to the key.
            world.unset("HEADCOUNT_DIRECTORY_ID");
            let closed = json!({ "path": "/admin/v2/*", "times": 0, "answer": gateway(404) });
            world.fault(closed);
            world.file("ids.csv", "accountId\ne2345d51eaa4xxx984e377ce\n982bfd68520fxxx71daccb32\n");
            let line = format!("user {job} ids.csv --yes --max-changes 9");
            world.run(&line).exit(2).says("--allow-unverified").says("organization administrator");
            world.nothing_sent();
            let allowed = world.run(&format!("{line} --allow-unverified"));
            assert_eq!(allowed.code, 0, "{job} with {keys:?}\n{}", allowed.stderr);
            let stopped = world.run("run list").exit(0).stdout;
            assert!(stopped.contains("planned"), "the plan waits: {stopped}");
        }
    }
    // With the API token alone no call shows it: the plan says so, and the bound counts.
    let world = Keys::Token.world();
    world.run(REMOVE).exit(0).says("whether it is an administrator of the organisation");
}
