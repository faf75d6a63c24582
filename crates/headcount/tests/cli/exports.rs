//! `user export` and `group export`: the files' content, every job accepts them, and a failed export leaves
//! nothing.

use serde_json::{Value, json};

use crate::harness::{World, table};

const SEARCH: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search";
const GROUPS: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search";

/// Every file of the working folder except the samples.
fn files(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(world.path("")).expect("a folder");
    let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<_> = entries.map(|entry| name(entry.expect("a file"))).collect();
    names.retain(|name| name != "samples");
    names.sort();
    names
}

fn column(table: &[Vec<String>], heading: &str) -> Vec<String> {
    let at = table[0].iter().position(|name| name == heading).expect("the column is there");
    table[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn users() {
    let world = World::new();
    world.run("user export").exit(0).snap("export-users");
    let output = world.run("--json user export -o users.csv").exit(0);
    assert_eq!(output.events().order(), ["finished"]);
    assert_eq!(world.read("users.csv"), world.run("--quiet user export -o -").exit(0).stdout);
    world.run("--json user export").exit(2).says("-o FILE");
    world.nothing_sent();
}

#[test]
fn groups() {
    let world = World::new();
    world.run("group export").exit(0).snap("export-groups");
    insta::assert_snapshot!(world.run("group export --members -o members.csv").exit(0).transcript(), @r"
    $ headcount group export --members -o members.csv
    ─── stderr
    Note: 14 groups have no members, so they are missing here; the list of groups (`headcount group export`) has them
    Exported 21 groups with 17 users in them from http://127.0.0.1:PORT in members.csv
    ─── exit 0
    ");
    let members = table(&world.read("members.csv"));
    let legal: Vec<_> = members.iter().filter(|row| row[1] == "hanoi-legal").collect();
    assert_eq!(legal.len(), world.members("hanoi-legal"), "{legal:?}");
    let memberships = world.ask("GET", "/_sandbox/state?only=memberships", None);
    let many = memberships["memberships"].as_array().expect("a list").len();
    assert_eq!(members[1..].len(), many);
    world.nothing_sent();
}

/// With Jira's token alone, the export says what is missing.
#[test]
fn with_the_token_alone() {
    let world = World::new().token_alone();
    world.seed(json!({"people": [
        {"account_id": "712020:h", "email": "hidden@elsewhere.example", "name": "Hidden",
         "hidden_email": true, "managed": false},
    ]}));
    world.run("user export").exit(0).snap("export-users-token");
    let plain = table(&world.run("group export").exit(0).stdout);
    insta::assert_snapshot!(world.run("group export --members -o members.csv").exit(0).transcript(), @r"
    $ headcount group export --members -o members.csv
    ─── stderr
    Note: read from Jira, which shows only whether a user is active, and lists no managed account that was never invited to the site; with an organization API key, the file also has these accounts, suspensions, join dates and organization roles
    Note: the email of 1 user is hidden from these credentials; the cell is empty
    Note: 14 groups have no members, so they are missing here; the list of groups (`headcount group export`) has them
    Exported 21 groups with 17 users in them from http://127.0.0.1:PORT in members.csv
    ─── exit 0
    ");
    let members = table(&world.read("members.csv"));
    let names = column(&plain, "Group name");
    assert!(column(&members, "Group name").iter().all(|name| names.contains(name)));
    let memberships = world.ask("GET", "/_sandbox/state?only=memberships", None);
    let many = memberships["memberships"].as_array().expect("a list").len();
    assert_eq!(members[1..].len(), many);
}

/// Every job accepts the files, as exports and as its sheet.
#[test]
fn every_job_takes_them() {
    let mut world = World::of_people(1_234);
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o groups.csv").exit(0);
    let users = table(&world.read("users.csv"));
    let mails: Vec<_> = column(&users, "email").into_iter().filter(|mail| !mail.is_empty()).collect();
    assert!(mails.len() > 1_000, "{} mails", mails.len());
    // Each email address and each group is found again, whatever its name.
    let groups = column(&table(&world.read("groups.csv")), "Group name");
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut sheet = String::from("Email,Group\n");
    for (at, mail) in mails.iter().enumerate() {
        let group = quoted(&groups[at % groups.len()]);
        sheet.push_str(&format!("{},{group}\n", quoted(mail)));
    }
    world.file("all.csv", sheet);
    world.run("member map all.csv --users users.csv --groups groups.csv -o mapped.csv").exit(0);
    // The members' file is an export of users and a sheet at the same time.
    world.clear_log();
    world
        .run("member add groups.csv --users groups.csv --groups groups.csv --yes")
        .exit(0)
        .says("unchanged");
    world.nothing_sent();
    world.run("user activate users.csv --plan").exit(0).says("already-active");
}

#[test]
fn a_short_or_broken_listing_leaves_no_file() {
    for (name, fault) in [
        ("export-short-page", json!({"path": SEARCH, "nth": 2, "times": 0, "answer": {"status": 200, "body": {"data": []}}})),
        ("export-empty", json!({"path": SEARCH, "times": 0, "answer": {"status": 200, "body": {"data": [], "links": {}}}})),
        ("export-server-error", json!({"path": SEARCH, "nth": 3, "times": 0, "answer": {"status": 400, "body": {"errors": [{"detail": "no such cursor"}]}}})),
    ] {
        let world = World::of_people(420);
        world.fault(fault);
        let output = world.run("user export -o users.csv");
        assert_ne!(output.code, 0);
        output.snap(name);
        assert_eq!(files(&world), Vec::<String>::new(), "{name}");
        assert_eq!(world.run("user export").stdout, "", "{name}");
    }
    // The existing file stays.
    let mut world = World::of_people(420);
    world.file("users.csv", "older");
    world.fault(json!({"path": SEARCH, "nth": 2, "answer": {"status": 200, "body": {"data": []}}}));
    world.run("user export -o users.csv").exit(5);
    assert_eq!((world.read("users.csv").as_str(), files(&world).len()), ("older", 1));
    world.run("user export -o users.csv").exit(0);
    assert!(world.read("users.csv").starts_with("User id,"));
    insta::assert_snapshot!(world.run("user export -o nowhere/users.csv").exit(2).transcript(), @r"
    $ headcount user export -o nowhere/users.csv
    ─── stderr
    error: nowhere/users.csv cannot be written
      because: the folder nowhere does not exist
    hint: make the folder, or name a file in one that exists
    ─── exit 2
    ");
    world.run("user export -o samples").exit(2).says("samples cannot be written");
    // A full disk is named, too.
    for command in ["user export", "group export", "run report last"] {
        if command.starts_with("run") {
            world.run("member add samples/member-add.csv --plan").exit(0);
        }
        let full = world.run(&format!("{command} -o /dev/full")).exit(2);
        full.says("/dev/full cannot be written: its disk is full; make room");
    }
}

#[test]
fn members_that_are_not_shown_are_no_export() {
    let world = World::new();
    let person = json!({"accountId": "712020:x", "accountStatus": "active", "status": "active", "name": "X"});
    world.fault(json!({"path": SEARCH, "times": 0, "answer": {"status": 200,
        "body": {"data": [person], "links": {}}}}));
    world.fault(json!({"path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count",
        "times": 0, "answer": {"status": 200, "body": {"count": 1}}}));
    insta::assert_snapshot!(world.run("group export --members -o groups.csv").exit(5).transcript(), @r"
    $ headcount group export --members -o groups.csv
    ─── stderr
    error: the list of members is incomplete: the site counts 24 members and shows none; no file was written. Try again
    ─── exit 5
    ");
    world.no_faults();
    world.fault(json!({"path": GROUPS, "answer": {"status": 503, "body": "<html>busy</html>"}}));
    world.run("group export -o groups.csv").exit(0);
}

/// An older user management has no v2: Jira is read, or the list of managed accounts.
#[test]
fn an_organization_without_the_directory_api() {
    let closed = |world: &World| {
        let fault = |path: &str| {
            let body: Value = json!({"code": 404, "message": "HTTP 404 Not Found"});
            json!({"path": path, "times": 0, "answer": {"status": 404, "body": body}})
        };
        world.fault(fault("/admin/v2/*"));
    };
    let world = World::new();
    closed(&world);
    insta::assert_snapshot!(world.run("user export -o users.csv").exit(0).transcript(), @r"
    $ headcount user export -o users.csv
    ─── stderr
    Note: the organization's directory could not be read with these credentials (not available in Atlassian's older user management)
    Note: read from Jira, which shows only whether a user is active, and lists no managed account that was never invited to the site; with an organization API key, the file also has these accounts, suspensions, join dates and organization roles
    Note: the email of 1 user is hidden from these credentials; the cell is empty
    Exported 18 users from http://127.0.0.1:PORT in users.csv
    ─── exit 0
    ");
    world.run("group export --members -o groups.csv").exit(0).says("could not be read with these credentials");
    let mut world = World::new();
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_EMAIL", "HEADCOUNT_API_TOKEN"] {
        world.unset(name);
    }
    closed(&world);
    world.run("user export").exit(0).snap("export-older-key");
    insta::assert_snapshot!(world.run("group export -o groups.csv").exit(2).transcript(), @r"
    $ headcount group export -o groups.csv
    ─── stderr
    error: the site could not be read to the end; no file was written
      because: could not find the directory: the organization answered 404: the organization can be read, but its directories are answered with 404 (GET /admin/v2/orgs/{org}/directories)
    hint: organizations on the older user management have no directory API, and an organization API key with scopes may not allow it; with an API token headcount can read the site itself
    ─── exit 2
    ");
    assert_eq!(files(&world), Vec::<String>::new());
}

/// Cells that a spreadsheet would run as formulas are defused, and are restored when they are read.
#[test]
fn names_that_are_formulas() {
    let mut world = World::new();
    world.seed(json!({
        "people": [{"account_id": "712020:f", "email": "f@banc.ly", "name": "=1+1"}],
        "groups": [{"id": "g-formula", "name": "@all, \"really\""}],
        "memberships": [{"account": "712020:f", "group": "g-formula"}],
    }));
    let people = table(&world.run("user export").exit(0).stdout);
    assert!(people.iter().any(|row| row[1] == "'=1+1"), "{people:?}");
    world.run("group export -o groups.csv").exit(0);
    world.file("in.csv", "Email,Group\nf@banc.ly,\"@all, \"\"really\"\"\"\n");
    let line = "member add in.csv --groups groups.csv --plan";
    world.run(line).exit(0).says("already-member");
}
