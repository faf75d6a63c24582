//! An outcome is reported only as far as it was seen, whatever a credential, a proxy or a renamed site answers.
//! Each kind of answer is a table of variants, sent over HTTP.

use serde_json::{Value, json};

use crate::harness::{World, table};

/// Sample users without anything special.
pub const MAILS: [&str; 5] = [
    "vdillow@banc.ly",
    "ftoten2@banc.ly",
    "amelmeth@banc.ly",
    "jfloat@banc.ly",
    "dsnapper@banc.ly",
];

/// The credentials of a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keys {
    Both,
    Token,
    Key,
}

impl Keys {
    pub fn world(self) -> World {
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
        let empty = ["old one", "old two", "old three", "old four"];
        let groups: Vec<_> = empty.iter().map(|name| json!({ "name": name })).collect();
        world.seed(json!({ "groups": groups }));
        world.file("old.csv", format!("Group\n{}\n", empty.join("\n")));
        world.file(
            "new.csv",
            "emailAddress\nnew1@banc.ly\nnew2@banc.ly\nnew3@banc.ly\nnew4@banc.ly\n",
        );
        world
    }
}

pub const REMOVE: &str = "user remove users.csv --yes --max-changes 9";
pub const DEACTIVATE: &str = "user deactivate users.csv --yes --max-changes 9";
pub const SUSPEND: &str = "user suspend users.csv --yes --max-changes 9";
pub const ADD: &str = "member add members.csv --yes";
pub const GROUPS: &str = "group create groups.csv --yes";
pub const DELETE: &str = "group delete old.csv --yes --max-changes 9";
pub const CREATE: &str = "user create new.csv --yes";
pub const INVITE: &str = "user create new.csv --by invite --yes";

/// Every job that sends changes, with its credentials.
pub const JOBS: [(&str, Keys); 15] = [
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
    (DELETE, Keys::Both),
    (DELETE, Keys::Token),
    (DELETE, Keys::Key),
];

pub fn gateway(status: u16) -> Value {
    json!({ "status": status, "body": { "code": status, "message": "No" } })
}

/// From the second change on, everything is answered with this. All invitations are in one request.
pub fn from_the_second_change(job: &str, answer: &Value) -> Value {
    let from = if job == INVITE { 1 } else { 2 };
    json!({ "from_change": from, "times": 0, "answer": answer })
}

/// The variants at the same time, because they mostly wait.
pub fn at_once<T: Sync>(variants: &[T], each: impl Fn(&T) + Sync) {
    for some in variants.chunks(6) {
        std::thread::scope(|scope| {
            for one in some {
                scope.spawn(|| each(one));
            }
        });
    }
}

/// The first answer with every job, and each other answer with a few jobs.
pub fn variants(answers: &[Value]) -> Vec<(&'static str, Keys, Value)> {
    let mut all: Vec<_> = JOBS.iter().map(|&(job, keys)| (job, keys, answers[0].clone())).collect();
    for (at, answer) in answers.iter().enumerate().skip(1) {
        let few = [at, at + 5].map(|at| JOBS[at % JOBS.len()]);
        all.extend(few.map(|(job, keys)| (job, keys, answer.clone())));
    }
    all
}

/// If the credential gets the same answer for everything, no row is reported as gone, failed or changed. The run
/// stops, and continues with a good credential.
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

/// The same if only the calls on one user get that answer, as with a token that has lost its permissions.
#[test]
fn an_account_that_no_read_shows_is_not_gone() {
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
        assert!(shown.contains("the API token is no longer accepted"), "{shown}");
    }
}

/// A change counts by the status that is described for its call, and by its data if data is described. For any
/// other 2xx the site is read; the second such answer for a row stops the run, and no row is reported as changed.
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
        let method = if [REMOVE, DELETE].contains(job) { "DELETE" } else { "POST" };
        let from = if job == &INVITE { 1 } else { 2 };
        for path in ["/rest/*", "/users/*", "/admin/v2/*"] {
            let fault = json!({ "method": method, "path": path, "from_change": from, "times": 0, "answer": answer });
            world.fault(fault);
        }
        let output = world.run(&format!("--json {job} --concurrency 1 --canary 0"));
        // If the fault also affects the reads (a search is a POST), the rows are unknown.
        let unknown = output.events().count("unknown") > 0;
        assert!(output.code == 5 || (unknown && output.code == 1), "{what}\n{}", output.stderr);
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

/// One odd answer does not stop the run: the site is read, and the step is sent again if it was not applied, or
/// reported as changed if it was.
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

/// A redirected request was not processed: the run stops at the first one, and nothing is sent again.
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
    // Before the plan, a redirect means a wrong address in the profile.
    let world = Keys::Token.world();
    let answer = json!({ "status": 302, "headers": { "Location": "https://acme-new.atlassian.net" } });
    world.fault(json!({ "path": "/rest/*", "times": 0, "answer": answer }));
    world.run(ADD).exit(2).says("https://acme-new.atlassian.net");
    world.nothing_sent();
}

/// An organization or directory that does not answer for its id is reported before the plan.
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
        (DELETE, Keys::Both),
        (DELETE, Keys::Key),
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
            let words = if variable == "HEADCOUNT_ORG_ID" { "the organization API key is for banc" } else { "the organization has" };
            assert!(output.stderr.contains(words), "{variable}: {job}\n{}", output.stderr);
            assert!(output.stderr.contains(wrong), "{variable}: {job}\n{}", output.stderr);
            world.nothing_sent();
            let checked = world.run("profile check");
            assert!(checked.stdout.contains(wrong), "{variable}\n{}{}", checked.stdout, checked.stderr);
        }
    }
}

/// The same if the directory must be read first.
#[test]
fn a_wrong_organization_id_is_reported_without_a_directory_id() {
    let wrong = "00000000-1111-2222-3333-444444444444";
    let jobs = [
        (SUSPEND, Keys::Both),
        (SUSPEND, Keys::Key),
        ("user restore users.csv --yes", Keys::Key),
        (GROUPS, Keys::Both),
        (GROUPS, Keys::Key),
        (DELETE, Keys::Key),
        (ADD, Keys::Key),
        (INVITE, Keys::Key),
    ];
    at_once(&jobs, |(job, keys)| {
        let mut world = keys.world();
        world.unset("HEADCOUNT_DIRECTORY_ID");
        world.set("HEADCOUNT_ORG_ID", wrong);
        let output = world.run(job);
        assert_eq!(output.code, 2, "{job} with {keys:?}\n{}", output.stderr);
        for words in ["the organization API key is for banc", wrong, "correct org_id"] {
            assert!(output.stderr.contains(words), "{job} with {keys:?}\n{}", output.stderr);
        }
        world.nothing_sent();
    });
}

/// If a guard could not read what it needs, `--yes` sends nothing without the option that allows it.
#[test]
fn a_guard_that_could_not_look_needs_a_word() {
    for job in ["deactivate", "remove"] {
        for keys in [Keys::Both, Keys::Key] {
            if (job, keys) == ("remove", Keys::Key) {
                continue;
            }
            let mut world = keys.world();
            // The key may not read who administers the organization.
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
    // With the API token alone, no call shows it: the plan says so, and the maximum applies.
    let world = Keys::Token.world();
    world.run(REMOVE).exit(0).says("whether the user is an organization administrator");
}

/// The outcome and reason of each row in a report.
pub fn ends(world: &World) -> Vec<String> {
    let report = table(&world.read("out.csv"));
    let column = |name: &str| report[0].iter().position(|heading| heading == name).expect("there");
    let (outcome, reason) = (column("outcome"), column("reason"));
    report[1..].iter().map(|row| format!("{} {}", row[outcome], row[reason])).collect()
}

/// A colleague makes the same change between plan and request, and the site answers with an error: the site is
/// read, and the row is reported as already in the wanted state. So is the canary.
#[test]
fn a_refusal_in_the_wanted_state_is_unchanged() {
    let one = |heading: &str, row: &str| format!("{heading}\n{row}\n");
    let variants: [(&str, Keys, String, &str, &str); 12] = [
        ("user deactivate in.csv --max-changes 5", Keys::Key, one("Email", MAILS[0]), "/users/*", "already-inactive"),
        ("user deactivate in.csv --max-changes 5", Keys::Both, one("Email", MAILS[0]), "/users/*", "already-inactive"),
        ("user activate in.csv", Keys::Key, one("Email", "dnkosi@banc.ly"), "/users/*", "already-active"),
        ("user suspend in.csv --max-changes 5", Keys::Key, one("Email", MAILS[0]), "/admin/v2/*", "already-suspended"),
        ("user remove in.csv --max-changes 5", Keys::Token, one("Email", MAILS[0]), "/rest/*", "already-gone"),
        ("user remove in.csv --max-changes 5", Keys::Key, one("Email", MAILS[0]), "/admin/v2/*", "already-gone"),
        ("member add in.csv", Keys::Token, one("Email,Group", "vdillow@banc.ly,hanoi-legal"), "/rest/*", "already-member"),
        ("member add in.csv", Keys::Key, one("Email,Group", "vdillow@banc.ly,hanoi-legal"), "/admin/v2/*", "already-member"),
        ("group create in.csv", Keys::Both, one("name", "brand new"), "/admin/v2/*", "group-exists"),
        ("group delete in.csv --max-changes 5", Keys::Both, one("Group", "old one"), "/admin/v2/*", "already-gone"),
        ("group delete in.csv --max-changes 5", Keys::Key, one("Group", "old one"), "/admin/v2/*", "already-gone"),
        ("group delete in.csv --max-changes 5", Keys::Token, one("Group", "old one"), "/rest/*", "already-gone"),
    ];
    for status in [400, 404, 409] {
        at_once(&variants, |(job, keys, sheet, path, reason)| {
            if (status == 400 && job.starts_with("user remove")) || (status == 404 && *path == "/users/*") {
                return;
            }
            let what = format!("{job} with {keys:?}, {status}");
            let mut world = keys.world();
            world.file("in.csv", sheet);
            let body = json!({ "key": "conflict.lifecycleErrors", "context": { "message": "This account isn't eligible for the requested action" } });
            let answer = json!({ "status": status, "when": "after", "body": body });
            let removes = ["user remove", "group delete"].iter().any(|one| job.starts_with(one));
            let method = if removes { "DELETE" } else { "POST" };
            world.fault(json!({ "method": method, "path": path, "from_change": 1, "answer": answer }));
            let output = world.run(&format!("{job} --yes --report out.csv"));
            assert_eq!(output.code, 0, "{what}\n{}", output.stderr);
            assert_eq!(ends(&world), [format!("unchanged {reason}")], "{what}\n{}", output.stderr);
            assert_eq!(world.changing(), 1, "{what}");
        });
    }
}

/// An undo of a user who was removed by hand meanwhile, and an undo that is made twice.
#[test]
fn an_undo_of_a_user_who_is_gone_is_unchanged() {
    for keys in [Keys::Both, Keys::Token] {
        let mut world = keys.world();
        world.file(
            "new.csv",
            "emailAddress,products,groups\nnew1@banc.ly,,hanoi-legal\nnew2@banc.ly,,hanoi-legal\n",
        );
        world.run(CREATE).exit(0);
        let id = world.person("new1@banc.ly")["account_id"].as_str().expect("an id").to_owned();
        world.by_hand("DELETE", &format!("/rest/api/3/user?accountId={id}"), None);
        let undo = "run undo last --remove-created --yes --max-changes 5 --report out.csv";
        let output = world.run(undo);
        assert_eq!(output.code, 0, "{keys:?}\n{}", output.stderr);
        let ended = ends(&world);
        assert!(ended[0].starts_with("unchanged"), "{keys:?}: {ended:?}");
        assert!(ended[1].starts_with("changed"), "{keys:?}: {ended:?}");
        assert_eq!(world.person("new2@banc.ly")["place"], "removed");
    }
}

/// Atlassian's message for a missing license, with any status.
#[test]
fn a_missing_seat_is_reported_as_one() {
    let words = [
        "Action could not be performed because you've reached the maximum number of users for your plan. Upgrade to grow your team.",
        "You've reached the maximum number of users for one of your products. To add this user, upgrade your plan.",
        "Licence exceeded: LicenceCheckHardLimitFailure{…}",
        "Not enough licenses available.",
        "Not enough licences available.",
    ];
    let bodies = words.map(|words| json!({ "errorMessages": [words], "errors": {} })).into_iter();
    let keyed = json!({ "key": "licenceExceeded", "context": { "message": "No", "reason": "[jira-product-discovery]" } });
    let bodies: Vec<_> = bodies.chain([keyed]).collect();
    let jobs = [(ADD, Keys::Token), (ADD, Keys::Key), ("user restore in.csv --yes", Keys::Key), (CREATE, Keys::Both), (INVITE, Keys::Key)];
    let mut variants = Vec::new();
    for (at, status) in [400, 402, 403, 404, 409, 413, 422, 500].into_iter().enumerate() {
        for (job, keys) in jobs {
            variants.push((job, keys, status, bodies[at % bodies.len()].clone()));
            variants.push((job, keys, status, bodies[3 + at % 2].clone()));
        }
    }
    at_once(&variants, |(job, keys, status, body)| {
        let what = format!("{job} with {keys:?}, {status}, {body}");
        let mut world = keys.world();
        world.file("in.csv", "Email\nvdillow@banc.ly\n");
        if job.starts_with("user restore") {
            world.run("user suspend in.csv --yes --max-changes 1").exit(0);
        }
        let answer = json!({ "status": status, "body": body });
        for path in [
            "/rest/*",
            "/admin/v2/orgs/{orgId}/users/invite",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
            "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
        ] {
            world.fault(json!({ "times": 0, "method": "POST", "path": path, "answer": answer }));
        }
        let output = world.run(&format!("{job} --canary 0 --report out.csv"));
        assert_eq!(output.code, 1, "{what}\n{}", output.stderr);
        assert!(ends(&world).iter().all(|end| end == "failed licence-limit"), "{what}\n{}", output.stderr);
    });
}

/// For a creation, the state of the site after the answer decides, whether the answer is a success or an error.
#[test]
fn a_creation_is_judged_by_what_is_there() {
    let new = "emailAddress,products\nnew1@banc.ly,jira-software\n";
    let there = "emailAddress,products\nnnoaccess@banc.ly,jira-software\n";
    let there_with = "emailAddress,products\nvdillow@banc.ly,jira-servicedesk\n";
    let made_up = json!({ "accountId": "712020:11111111-2222-4333-8444-555555555555", "accountType": "atlassian", "displayName": "N", "active": true });
    let no = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
    let variants = [
        (new, json!({ "status": 400, "when": "after", "body": no }), 0, "changed created"),
        (new, json!({ "status": 409, "when": "after", "body": no }), 0, "changed created"),
        (new, json!({ "status": 400, "body": no }), 1, "failed refused"),
        (there, json!({ "status": 201, "body": made_up }), 1, "failed exists-without-access"),
        (there_with, json!({ "status": 201, "body": made_up }), 1, "failed exists-without-access"),
        (there_with, json!({ "status": 201, "when": "after", "body": made_up }), 0, "changed done"),
    ];
    at_once(&variants, |(sheet, answer, exit, end)| {
        for canary in [1, 0] {
            let mut world = Keys::Both.world();
            world.file("in.csv", sheet);
            world.fault(json!({ "method": "POST", "path": "/rest/api/3/user", "times": 0, "answer": answer }));
            let line = format!("user create in.csv --yes --canary {canary} --report out.csv");
            let output = world.run(&line);
            assert_eq!(output.code, *exit, "{answer}\n{}", output.stderr);
            assert_eq!(ends(&world), [*end], "{answer}\n{}", output.stderr);
            if *end == "changed created" {
                world.no_faults();
                world.run("run undo last --remove-created --yes --max-changes 1").exit(0);
                assert_eq!(world.person("new1@banc.ly")["place"], "removed");
            }
        }
    });
    // A site that adds an app by default, although none was wanted. And a size without a list counts as not known.
    for (roles, exit, word) in [
        (json!({ "size": 1, "items": [{ "key": "jira-software", "name": "Jira" }] }), 1, "takes a seat"),
        (json!({ "size": 1 }), 0, "not shown"),
    ] {
        let mut world = Keys::Both.world();
        world.file("in.csv", "emailAddress,products\nnew1@banc.ly,none\n");
        let shown = json!({
            "accountId": "712020:11111111-2222-4333-8444-555555555555", "displayName": "N",
            "emailAddress": "new1@banc.ly", "active": true, "groups": { "size": 0, "items": [] },
            "applicationRoles": roles,
        });
        // The account in the answer is the account that the site shows.
        let named = json!({ "status": 201, "when": "after", "body": made_up });
        world.fault(json!({ "method": "POST", "path": "/rest/api/3/user", "times": 0, "answer": named }));
        world.fault(json!({ "method": "GET", "path": "/rest/api/3/user", "times": 0, "answer": { "status": 200, "body": shown } }));
        let output = world.run("user create in.csv --yes");
        assert_eq!(output.code, exit, "{roles}\n{}", output.stderr);
        assert!(output.stderr.contains(word), "{roles}\n{}", output.stderr);
    }
}

/// A good credential is not called wrong or expired. The message names what it lacks, and what to do.
#[test]
fn a_credential_is_explained_as_it_is() {
    let scope = json!({ "status": 401, "body": { "code": 401, "message": "Unauthorized; scope does not match" } });
    let captcha = |status: u16| {
        let headers = json!({ "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://acme.atlassian.net/login" });
        json!({ "status": status, "headers": headers, "body": "" })
    };
    let seraph = json!({ "status": 401, "headers": { "X-Seraph-LoginReason": "AUTHENTICATION_DENIED" }, "body": "" });
    let page = json!({ "status": 200, "body": "<html><title>Sign in to Acme</title></html>" });
    for (answer, word, exit) in [
        (scope, "lacks a scope", 3),
        (captcha(401), "CAPTCHA", 3),
        (captcha(403), "CAPTCHA", 3),
        (seraph, "CAPTCHA", 3),
        (page, "a web page instead of data: Sign in to Acme", 2),
    ] {
        // In the job, at sign-in, and in `profile check`.
        let world = Keys::Token.world();
        if exit == 3 {
            world.fault(json!({ "method": "POST", "path": "/rest/*", "times": 0, "answer": answer }));
            let output = world.run(&format!("--json {ADD}"));
            assert_eq!(output.code, 3, "{answer}\n{}", output.stderr);
            assert!(output.stderr.contains(word), "{answer}\n{}", output.stderr);
            assert_eq!(world.changing(), 1, "{answer}");
            assert_eq!(output.events().count("pending"), 5, "{answer}");
            world.no_faults();
        }
        world.fault(json!({ "path": "/rest/*", "times": 0, "answer": answer }));
        let output = world.run(ADD);
        assert_eq!(output.code, exit, "{answer}\n{}", output.stderr);
        for text in [output.stderr, world.run("profile check").stdout] {
            assert!(text.contains(word), "{answer}\n{text}");
            assert!(!text.contains("expired") && !text.contains("revoked"), "{answer}\n{text}");
        }
    }
}

/// If a credential lacks a scope, `profile check` lists which jobs work and which do not. A job that needs the
/// scope stops with the same reason and a link to create a better credential.
#[test]
fn a_scope_that_does_not_match_lists_the_jobs_that_work() {
    let members = "user remove, member add, member remove";
    let (groups, suspend) = ("group create, group delete", "user suspend, user restore, access grant, access revoke");
    let lifecycle = "user deactivate, user activate, user delete, user cancel-delete, user email, user unlink, token revoke";
    let directory = "/admin/v2/*";
    let (token_page, key_page) = ("https://id.atlassian.com", "https://admin.atlassian.com under");
    for (keys, paths, job, page, no, yes) in [
        (Keys::Token, vec!["/rest/api/3/applicationrole", "/rest/api/3/group/user"], ADD, token_page,
            vec!["user create", members, groups], vec!["look up users and groups"]),
        (Keys::Both, vec!["/rest/api/3/applicationrole", "/rest/api/3/group/user"], ADD, token_page,
            vec!["user create", members], vec![groups, suspend, lifecycle]),
        (Keys::Token, vec!["/rest/*"], ADD, token_page, vec!["user create", members, groups], vec![]),
        (Keys::Both, vec!["/users/*"], DEACTIVATE, key_page, vec![lifecycle],
            vec!["user create", members, groups, suspend]),
        (Keys::Both, vec![directory], SUSPEND, key_page, vec![groups, suspend],
            vec![members, lifecycle]),
        (Keys::Key, vec![directory], SUSPEND, key_page, vec![members, groups, suspend], vec![]),
    ] {
        {
            let world = keys.world();
            let body = json!({ "code": 401, "message": "Unauthorized; scope does not match" });
            for path in &paths {
                let answer = json!({ "status": 401, "body": body });
                world.fault(json!({ "path": path, "times": 0, "answer": answer }));
            }
            let checked = world.run("profile check").stdout;
            assert!(checked.contains("lacks a scope"), "{paths:?} with {keys:?}\n{checked}");
            let can = |job: &str, word: &str| {
                let mut lines = checked.lines().filter_map(|line| line.strip_prefix(job));
                lines.any(|rest| rest.starts_with("  ") && rest.trim_start().starts_with(word))
            };
            for job in &no {
                assert!(can(job, "no "), "{job}: {paths:?} with {keys:?}\n{checked}");
            }
            for job in &yes {
                assert!(can(job, "yes "), "{job}: {paths:?} with {keys:?}\n{checked}");
            }
            let output = world.run(job);
            assert_eq!(output.code, 3, "{paths:?} with {keys:?}\n{}", output.stderr);
            for words in ["lacks a scope", page, "profile check"] {
                assert!(output.stderr.contains(words), "{words}: {paths:?}\n{}", output.stderr);
            }
        }
    }
}

/// If there are two directories, their ids and names are shown, and the organization is not asked for.
#[test]
fn two_directories_are_listed_to_choose_from() {
    for keys in [Keys::Both, Keys::Key] {
        let mut world = keys.world();
        world.unset("HEADCOUNT_DIRECTORY_ID");
        let rows = json!([{ "directoryId": "d-1", "name": "Staff" }, { "directoryId": "d-2", "name": "Guests" }]);
        let answer = json!({ "status": 200, "body": { "data": rows, "links": {} } });
        let path = "/admin/v2/orgs/{orgId}/directories";
        world.fault(json!({ "path": path, "times": 0, "answer": answer }));
        let checked = world.run("profile check").exit(2);
        let all = format!("{}{}", checked.stdout, checked.stderr);
        for words in ["Staff (d-1), Guests (d-2)", "directory_id in the profile", "for which directory",
            "does not name the organization's directory"]
        {
            assert!(all.contains(words), "{words} with {keys:?}\n{all}");
        }
        assert!(!all.contains("which organization"), "{all}");
        let output = world.run(SUSPEND).exit(2);
        for words in ["d-1", "Guests", "directory_id"] {
            assert!(output.stderr.contains(words), "{words} with {keys:?}\n{}", output.stderr);
        }
        world.nothing_sent();
    }
}

/// Addresses that are not a site's, and addresses copied with spaces.
#[test]
fn addresses_and_blanks_are_explained() {
    let mut world = Keys::Token.world();
    let site = world.card().url.clone();
    for (address, word) in [
        ("https://api.atlassian.com", "Atlassian's gateway for all sites"),
        ("https://api.atlassian.com/", "Atlassian's gateway for all sites"),
        ("https://api.atlassian.com/ex", "Atlassian's gateway for all sites"),
        ("https://api.atlassian.com/ex/confluence/1-2-3", "https://api.atlassian.com/ex/jira/1-2-3"),
        ("https://api.atlassian.com/ex/confluence/1-2-3/wiki", "gateway's address of confluence"),
        ("https://admin.atlassian.com/o/1", "is a page, not a site"),
    ] {
        world.set("HEADCOUNT_CLOUD_URL", address);
        world.run(ADD).exit(2).says(word);
    }
    world.set("HEADCOUNT_CLOUD_URL", &site);
    let email = world.card().email.clone();
    for around in [" {} ", "{}\n", "{}\r\n", "\t{}", "{}\u{a0}"] {
        world.set("HEADCOUNT_EMAIL", &around.replace("{}", &email));
        world.run("member add members.csv --plan").exit(0);
    }
}

/// One 401 is checked before it stops a run: if the credential is good, the row is sent again.
#[test]
fn a_single_401_stops_no_run() {
    let unauthorized = json!({ "status": 401, "body": { "code": 401, "message": "Unauthorized" } });
    at_once(&variants(&[unauthorized]), |(job, keys, answer)| {
        let world = keys.world();
        world.fault(json!({ "from_change": 1, "answer": answer }));
        let output = world.run(&format!("--json {job}"));
        assert_eq!(output.code, 0, "{job} with {keys:?}\n{}", output.stderr);
        let told = output.events();
        assert_eq!(told.count("changed"), told.count("rows"), "{job} with {keys:?}");
        world.nothing_twice();
    });
}

/// Answers the job's change with this, and no other request.
pub fn answer_change(world: &World, job: &str, keys: Keys, answer: &Value) {
    let user = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}";
    let groups = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups";
    let suspend = format!("{user}/suspend");
    let (method, path) = match (job.split(" in.csv").next().expect("words"), keys) {
        ("member add", _) => ("POST", "/rest/api/3/group/user"),
        ("member remove", _) => ("DELETE", "/rest/api/3/group/user"),
        ("group create", Keys::Token) => ("POST", "/rest/api/3/group"),
        ("group create", _) => ("POST", groups),
        ("user create", _) => ("POST", "/rest/api/3/user"),
        ("group delete", Keys::Token) => ("DELETE", "/rest/api/3/group"),
        ("group delete", _) => ("DELETE", "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}"),
        ("user remove", Keys::Token) => ("DELETE", "/rest/api/3/user"),
        ("user remove", _) => ("DELETE", user),
        ("user suspend", _) => ("POST", &*suspend),
        ("user deactivate", _) => ("POST", "/users/*"),
        other => panic!("{other:?}"),
    };
    world.fault(json!({ "method": method, "path": path, "times": 0, "answer": answer }));
}

/// A change is not confirmed if the verifying read returns a list, another account, or no account.
#[test]
fn a_reading_that_is_not_of_the_account_shows_nothing() {
    let other = json!({ "accountId": "712020:11111111-2222-4333-8444-555555555555", "active": false,
        "groups": { "size": 0, "items": [] }, "applicationRoles": { "size": 0, "items": [] } });
    let profile = json!({ "account": { "account_id": "712020:other", "account_status": "inactive" } });
    let user = json!({ "data": { "accountId": "712020:other", "status": "suspended" } });
    let remove = "member remove in.csv";
    let deactivate = "user deactivate in.csv --max-changes 5";
    let suspend = "user suspend in.csv --max-changes 5";
    let (jira, manage) = ("/rest/api/3/user*", "/users/*");
    let directory = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}";
    let member = "Email,Group\nvdillow@banc.ly,hanoi-legal\n";
    let one = "Email\nvdillow@banc.ly\n";
    let variants = [
        (remove, Keys::Token, member, jira, json!([])),
        (remove, Keys::Token, member, "/rest/api/3/user/groups", json!([])),
        (remove, Keys::Token, member, jira, other.clone()),
        ("user remove in.csv --max-changes 5", Keys::Token, one, jira, json!([])),
        ("user remove in.csv --max-changes 5", Keys::Token, one, jira, json!({})),
        ("user remove in.csv --max-changes 5", Keys::Token, one, jira, other),
        (deactivate, Keys::Key, one, manage, json!([])),
        (deactivate, Keys::Key, one, manage, json!({ "account": [] })),
        (deactivate, Keys::Key, one, manage, json!({ "account": { "account_status": "inactive" } })),
        (deactivate, Keys::Key, one, manage, profile),
        (suspend, Keys::Key, one, directory, json!({ "data": [] })),
        (suspend, Keys::Key, one, directory, json!({ "data": { "status": "suspended" } })),
        (suspend, Keys::Key, one, directory, user),
        ("user remove in.csv --max-changes 5", Keys::Key, one, directory, json!({ "data": [] })),
    ];
    at_once(&variants, |(job, keys, sheet, path, body)| {
        let what = format!("{job} with {keys:?}, {path}: {body}");
        let mut world = keys.world();
        world.file("in.csv", sheet);
        if job.starts_with("member") {
            world.run("member add in.csv --yes").exit(0);
        }
        world.run(&format!("{job} --plan")).exit(0);
        // The site answers with a success and changes nothing.
        let status = if path.starts_with("/rest/api/3/user") && job.starts_with("member") { 200 } else { 204 };
        answer_change(&world, job, *keys, &json!({ "status": status }));
        world.fault(json!({ "method": "GET", "path": path, "times": 0, "answer": { "status": 200, "body": body } }));
        let line = "run resume last --yes --max-changes 5";
        let told = world.run(&format!("--json {line}"));
        assert_ne!(told.code, 0, "{what}\n{}", told.stderr);
        let done = told.events().count("changed") + told.events().count("unchanged");
        assert_eq!(done, 0, "{what}\n{}", told.stderr);
    });
}

/// A success status with an error in its body, or with the answer to another request, counts only after a read.
#[test]
fn a_good_status_with_the_wrong_body_is_not_done() {
    let error = json!({ "errorMessages": ["The user cannot be removed."], "errors": {} });
    let coded = json!({ "code": 500, "message": "Something went wrong" });
    let group = json!({ "name": "another", "groupId": "11111111-2222-4333-8444-555555555555" });
    let user = json!({ "accountId": "712020:11111111-2222-4333-8444-555555555555", "emailAddress": "else@banc.ly" });
    let member = "Email,Group\nvdillow@banc.ly,hanoi-legal\n";
    let (name, new) = ("name\nbrand new\n", "emailAddress\nnew1@banc.ly\n");
    let old = "Group\nold one\n";
    let variants = [
        ("member remove in.csv", Keys::Token, member, 200, error.clone()),
        ("member remove in.csv", Keys::Token, member, 200, coded.clone()),
        ("member add in.csv", Keys::Token, member, 201, error.clone()),
        ("member add in.csv", Keys::Token, member, 201, group.clone()),
        ("group create in.csv", Keys::Token, name, 201, coded.clone()),
        ("group create in.csv", Keys::Token, name, 201, group.clone()),
        ("group create in.csv", Keys::Both, name, 201, error.clone()),
        ("group create in.csv", Keys::Both, name, 201, json!({ "name": "another", "id": "1" })),
        ("user create in.csv", Keys::Both, new, 201, error.clone()),
        ("group delete in.csv --max-changes 5", Keys::Token, old, 200, error.clone()),
        ("group delete in.csv --max-changes 5", Keys::Token, old, 204, coded.clone()),
        ("group delete in.csv --max-changes 5", Keys::Key, old, 200, coded.clone()),
        ("user create in.csv", Keys::Both, new, 201, user),
    ];
    at_once(&variants, |(job, keys, sheet, status, body)| {
        let what = format!("{job} with {keys:?}, {status}: {body}");
        let mut world = keys.world();
        world.file("in.csv", sheet);
        if job.starts_with("member remove") {
            world.run("member add in.csv --yes").exit(0);
        }
        let answer = json!({ "status": status, "body": body });
        answer_change(&world, job, *keys, &answer);
        let told = world.run(&format!("--json {job} --yes --canary 0"));
        assert_ne!(told.code, 0, "{what}\n{}", told.stderr);
        let done = told.events().count("changed") + told.events().count("unchanged");
        assert_eq!(done, 0, "{what}\n{}", told.stderr);
    });
}

/// A message alone does not prove that the user was already in the wanted state.
#[test]
fn an_answer_already_so_is_read_first() {
    let member = "Email,Group\nvdillow@banc.ly,hanoi-legal\n";
    let name = "name\nbrand new\n";
    let variants = [
        ("member add in.csv", Keys::Token, member, 400, "User is already a member of 'hanoi-legal'"),
        ("member remove in.csv", Keys::Token, member, 400, "User is not a member of the group"),
        ("member remove in.csv", Keys::Token, member, 404, "User is not a member of the group"),
        ("group create in.csv", Keys::Token, name, 400, "The name is in use"),
        ("group create in.csv", Keys::Both, name, 409, "A group with this name already exists"),
        ("user deactivate in.csv --max-changes 5", Keys::Key, "Email\nvdillow@banc.ly\n", 409, "already deactivated"),
    ];
    at_once(&variants, |(job, keys, sheet, status, words)| {
        let mut world = keys.world();
        world.file("in.csv", sheet);
        if job.starts_with("member remove") {
            world.run("member add in.csv --yes").exit(0);
        }
        let answer = json!({ "status": status, "body": { "errorMessages": [words], "errors": {} } });
        answer_change(&world, job, *keys, &answer);
        let told = world.run(&format!("--json {job} --yes --canary 0"));
        assert_eq!(told.code, 1, "{job}: {words}\n{}", told.stderr);
        let done = told.events().count("changed") + told.events().count("unchanged");
        assert_eq!(done, 0, "{job}: {words}\n{}", told.stderr);
    });
}
