//! `user create --by invite`: through the organization, 25 users in a request, with apps and groups.

use headcount_sandbox::Config;
use serde_json::{Value, json};

use crate::harness::{World, table};

const LINE: &str = "user create in.csv --by invite --yes --report out.csv";

#[test]
fn by_both_keys_and_by_the_key_alone() {
    for alone in [false, true] {
        let mut world = World::new();
        if alone {
            world.unset("HEADCOUNT_CLOUD_URL");
            world.unset("HEADCOUNT_API_TOKEN");
        }
        world.file(
            "in.csv",
            "emailAddress,products,groups\n\
             one@example.com,,oslo-engineering;Größe/Maß\n\
             two@example.com,jira-software;jira-servicedesk,\n\
             three@example.com,none,\n\
             four@example.com,,nowhere\n\
             vdillow@banc.ly,,\n",
        );
        let name = if alone { "invite-key" } else { "invite" };
        world.run(LINE).exit(1).snap(name);
        assert!(world.is_member("one@example.com", "oslo-engineering"));
        assert!(!world.person("three@example.com").is_null());
        assert!(world.person("four@example.com").is_null());
        world.clear_log();
        world.run(LINE).exit(1);
        world.nothing_sent();
        // A plan that waits is applied with the credentials that it was made with.
        world.file("in.csv", "emailAddress\nfive@example.com\n");
        world.run("user create in.csv --by invite --plan").exit(0);
        world.run("run apply last --yes").exit(0);
        assert!(!world.person("five@example.com").is_null());
        // So is its undo, although another call removes users from the site.
        world.run("run undo 1 --remove-created --plan").exit(0);
        world.run("run apply last --yes --max-changes 3").exit(0);
        assert_eq!(world.person("one@example.com")["place"], "removed");
        world.nothing_twice();
    }
}

#[test]
fn without_the_key_or_a_subscription() {
    let mut world = World::new();
    world.file("in.csv", "emailAddress\none@example.com\ntwo@example.com\n");
    let body = json!({"errors": [{"code": "ADMIN-UAM-402-1", "title": "Payment Required"}]});
    world.fault(json!({"path": "/admin/v2/orgs/{orgId}/users/invite",
        "answer": {"status": 402, "body": body}}));
    world.run(LINE).exit(4).snap("invite-unpaid");
    let mut world = World::new().token_alone();
    world.file("in.csv", "emailAddress\none@example.com\n");
    world.run(LINE).exit(2).says("organization API key");
    world.nothing_sent();
}

/// The bodies of the invitations that the sandbox received.
fn invitations(folder: &std::path::Path) -> Vec<Value> {
    let file = std::fs::read_dir(folder).expect("a folder").next().expect("a file").expect("a file");
    let text = std::fs::read_to_string(file.path()).expect("requests");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let sent = lines.filter(|line| line["path"].as_str().is_some_and(|path| path.ends_with("/users/invite")));
    sent.map(|line| serde_json::from_str(line["request"].as_str().expect("a body")).expect("JSON")).collect()
}

/// No email by default; with a text, one to each user, which the plan says before.
#[test]
fn an_invitation_is_mailed_only_with_a_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config { record: Some(folder.path().to_owned()), ..Config::default() };
    let mut world = World::of(config);
    world.file("in.csv", "emailAddress\none@example.com\n");
    world.run(LINE).exit(0);
    let silent = &invitations(folder.path())[0];
    assert!(silent.get("sendNotification").is_none() && silent.get("notificationText").is_none(), "{silent}");
    world.file("in.csv", "emailAddress\ntwo@example.com\nthree@example.com\n");
    let words = "Welcome! Your manager asked for this account.";
    let plan = world.run(&format!("user create in.csv --by invite --message \"{words}\" --plan")).exit(0);
    plan.says("each new user gets an invitation: up to 2");
    world.run("run apply last --yes").exit(0);
    for mailed in &invitations(folder.path())[1..] {
        assert_eq!((&mailed["sendNotification"], &mailed["notificationText"]), (&json!(true), &json!(words)));
    }
    world.clear_log();
    world.run("user create in.csv --message hello --plan").exit(2).says("only with --by invite");
    world.run("user create in.csv --by invite --message \" \" --plan").exit(2).says("no text");
    world.nothing_sent();
}

/// No call shows who has accepted an invitation. The nearest list: users who were invited, and have never used an app.
#[test]
fn users_who_were_invited_and_never_came_are_listed_a_day_later() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "emailAddress,products\ncame@example.com,\nlate@example.com,\nno-app@example.com,none\n",
    );
    world.run(LINE).exit(0);
    let line = "user export --never-seen --status active --domain example.com";
    let listed = |world: &World, more: &str| -> Vec<String> {
        let rows = table(&world.run(&format!("{line} {more}")).exit(0).stdout);
        let at = rows[0].iter().position(|heading| heading == "email").expect("a column");
        rows[1..].iter().map(|row| row[at].clone()).collect()
    };
    let soon = world.run(line).exit(0);
    assert_eq!(table(&soon.stdout).len(), 1, "{}", soon.transcript());
    soon.says("2: never used an app, but added too recently: dates can be 24 hours late").says("1: no access to any app");
    world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": 3 * 24 * 3_600_000 })));
    let now = world.ask("GET", "/_sandbox/clock", None)["now_ms"].as_i64().expect("a time");
    // One of them has used an app since; the other two have done nothing that a call shows.
    world.seed(json!({ "people": [{ "email": "came@example.com", "seen": { "jira-software": now } }] }));
    assert_eq!(listed(&world, ""), ["late@example.com"]);
    assert_eq!(listed(&world, "--added-before 2001-01-01"), [""; 0]);
    // The organization does not show the source of accounts that it does not manage.
    assert_eq!(listed(&world, "--source invited"), [""; 0]);
    let help = world.run("user export --help").exit(0).stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("This is the nearest to invitations that were not accepted, which no call shows"), "{help}");
    world.nothing_twice();
}
