//! `user export` with filters and `user seats`: who is listed, from the site and from a file, what is
//! said of the others, and that seats come free as promised.

use serde_json::{Value, json};

use crate::harness::{World, table};

const SEARCH: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A managed user with Jira, added and last seen this number of days ago.
fn user(n: u32, added: i64, seen: Option<f64>) -> Value {
    let ms = |days: f64| now_ms() - (days * DAY_MS as f64) as i64;
    let seen = seen.map(|days| json!({"jira-software": ms(days)})).unwrap_or(json!({}));
    json!({"account_id": format!("712020:c{n}"), "email": format!("c{n}@banc.ly"),
        "name": format!("Chosen {n}"), "added_ms": ms(added as f64), "seen": seen})
}

/// A world with users who differ in what the filters ask about.
fn world() -> World {
    let world = World::new();
    let people: Vec<Value> = vec![
        user(1, 400, Some(200.0)),
        user(2, 400, Some(91.1)),
        user(3, 400, Some(90.5)),
        user(4, 400, Some(1.5)),
        user(5, 400, Some(0.5)),
        user(6, 400, None),
        user(7, 10, None),
    ];
    let memberships: Vec<Value> = (1..=7)
        .map(|n| json!({"email": format!("c{n}@banc.ly"), "group": "jira-software-users"}))
        .collect();
    world.seed(json!({"people": people, "memberships": memberships}));
    world
}

/// The listed ones of `c1` to `c7`.
fn listed(world: &World, filters: &str) -> Vec<u32> {
    numbers(&world.run(&format!("user export --domain banc.ly {filters}")).exit(0).stdout)
}

fn numbers(list: &str) -> Vec<u32> {
    let rows = table(list);
    let ids = rows[1..].iter().filter_map(|row| row[0].strip_prefix("712020:c")?.parse().ok());
    ids.collect()
}

#[test]
fn inactive_counts_from_the_last_use_and_never_from_the_day_added() {
    let world = world();
    for (filters, expected) in [
        ("--inactive-days 90", vec![1, 2]),
        ("--inactive-days 0", vec![1, 2, 3, 4]),
        ("--inactive-days 90 --never-seen", vec![1, 2, 6]),
        ("--never-seen", vec![6, 7]),
        ("--inactive-days 5 --never-seen", vec![1, 2, 3, 6, 7]),
        ("--never-seen --added-before 2001-01-01", vec![]),
        ("--inactive-days 90 --product Jira", vec![1, 2]),
        ("--inactive-days 90 --product jira-servicedesk", vec![]),
        ("--product jira-software", vec![1, 2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(listed(&world, filters), expected, "{filters}");
    }
    world.nothing_sent();
}

#[test]
fn a_list_says_at_its_head_who_was_looked_at_and_why_others_are_left_out() {
    let world = world();
    world.run("user export --inactive-days 90 --never-seen --not-group idp-everyone").exit(0)
        .says("Looked at 26 users: 6 listed, 20 left out:")
        .says("2: in one of the excluded groups (--not-group)")
        .says("2: no access to any app")
        .says("15: used an app in the last 90 days, or maybe did: dates can be 24 hours late")
        .says("1: never used an app, but added in the last 90 days");
    world.run("user export --product Confluence").exit(2).says("no app is called “Confluence”; there are");
    world.run("user export --not-group idp-everone").exit(2).says("no group is called “idp-everone”");
    world.run("user export --group ALPHA").exit(2).says("means several groups: Alpha (");
    world.run("user export --added-before 3/4/2026").exit(2).says("write the day as 2026-01-31");
    world.run("--json user export --inactive-days 90 -o users.csv").exit(0);
    assert_eq!(table(&world.read("users.csv")).len() - 1, 4);
}

#[test]
fn every_other_filter() {
    let world = World::new();
    let names = |filters: &str| {
        let list = table(&world.run(&format!("user export {filters}")).exit(0).stdout);
        list[1..].iter().map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("--status deactivated"), ["Dumisani Nkosi"]);
    assert_eq!(names("--status suspended,not-invited"), ["Sabina Ferreira", "Miro Waiting"]);
    assert_eq!(names("--managed no"), ["Uche Adeyemi"]);
    assert_eq!(names("--domain @CONTRACTOR.example"), ["Uche Adeyemi"]);
    assert_eq!(names("--source synced"), ["Signe Solheim", "Gorka Abiola"]);
    assert_eq!(names("--role org-admin"), ["Odile Marchand"]);
    assert_eq!(names("--role \"Organization admin\""), ["Odile Marchand"]);
    assert_eq!(names("--group idp-everyone"), ["Signe Solheim", "Alex Kim"]);
    assert_eq!(names("--group idp-everyone --not-group idp-everyone"), Vec::<String>::new());
    assert_eq!(names("--product \"Jira Product Discovery\""), ["Lena Room"]);
    assert_eq!(names("--accounts apps"), ["Automation for Jira"]);
    // Of both listings: Jira's has no user who was never invited (Miro Waiting), the other no app.
    let all = names("--accounts all");
    assert!(all.contains(&"Miro Waiting".to_owned()), "{all:?}");
    assert!(all.contains(&"Automation for Jira".to_owned()), "{all:?}");
    assert_eq!(all.len(), names("").len() + 1, "each account once: {all:?}");
    let seen = names("--accounts all --inactive-days 1 --never-seen");
    assert!(!seen.contains(&"Automation for Jira".to_owned()), "an unknown last use lists no user: {seen:?}");
    let others = names("--not-group idp-everyone");
    assert!(others.len() == 17 && !others.contains(&"Signe Solheim".to_owned()), "{others:?}");
}

/// A word that a closed list does not have, a group or an app that is not there: never an empty list with exit 0.
#[test]
fn a_filter_that_means_nothing_is_refused_with_the_nearest_value() {
    let mut world = World::new();
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o members.csv").exit(0);
    world.clear_log();
    let words = [
        ("--role nonsense", "org-admin, site-admin, user-access-admin, ai-access"),
        ("--role org-admni", "nearest: org-admin"),
        ("--role org-admin,nonsense", "choose one of"),
        ("--status nonsense", "active, suspended, deactivated, not-invited, deleted, inactive"),
        ("--status deactivatd", "nearest: deactivated"),
        ("--source sync", "synced"),
        ("--managed maybe", "yes, no"),
        ("--accounts robots", "people, apps, customers, all"),
        ("--domain \"\"", "write a whole domain"),
        ("--domain *.ly", "write a whole domain"),
        ("--domain ly", "write a whole domain"),
        ("--domain ann@banc.ly", "write a whole domain"),
    ];
    for (filter, says) in words {
        for command in ["user export", "user export --users users.csv", "user seats", "user access", "--json user export"] {
            let output = world.run(&format!("{command} {filter}")).exit(2).says(says);
            assert!(!output.stdout.contains('@'), "{command} {filter}: {}", output.stdout);
        }
    }
    assert_eq!(world.log()["requests"], 0, "refused before the site is read");
    let names = [
        ("--product Jirra", "nearest: Jira"),
        ("--product nonsense", "no app is called “nonsense”; there are"),
        ("--group idp-everyon", "nearest: idp-everyone"),
        ("--not-group idp-everyon", "nearest: idp-everyone"),
        ("--group nonsense", "no group"),
    ];
    for keys in ["both", "key"] {
        for (filter, says) in names {
            for command in ["user export", "user seats", "user access", "--json user export -o out.csv"] {
                world.run(&format!("{command} {filter}")).exit(2).says(says);
            }
        }
        if keys == "both" {
            world = world.key_alone();
        }
    }
    world.run("user export --users users.csv --product Jirra").exit(2).says("nearest: Jira");
    world.run("user export --users users.csv --role nonsense").exit(2).says("choose one of");
}

#[test]
fn what_is_not_known_lists_no_user() {
    let world = World::new();
    let mut person = json!({"accountId": "712020:x", "accountStatus": "active", "status": "active",
        "accountType": "atlassian", "name": "X", "email": "x@banc.ly", "claimStatus": "managed",
        "addedToOrg": "2020-01-01T00:00:00Z", "platformRoles": []});
    let old = "2020-01-01T00:00:00Z";
    let app = "ari:cloud:confluence::site/elsewhere";
    for (access, filters, is_listed) in [
        (json!([{"id": app, "lastActiveTimestamp": old}]), "--inactive-days 90", true),
        (json!([{"id": app, "lastActiveTimestamp": "soon"}]), "--inactive-days 90", false),
        (json!([{"id": app, "lastActiveTimestamp": old}, {"id": "ari:b", "lastActiveTimestamp": "?"}]), "--inactive-days 90", false),
        (json!([{"id": app, "lastActiveTimestamp": "1970-01-01T00:00:00Z"}]), "--inactive-days 90", false),
        (json!([{"id": app}]), "--inactive-days 90", false),
        (json!([{"id": app}]), "--inactive-days 90 --never-seen", true),
        (json!([{"id": app, "lastActiveTimestamp": null}]), "--never-seen", true),
        (json!([]), "--inactive-days 90 --never-seen", false),
        (Value::Null, "--inactive-days 90 --never-seen", false),
    ] {
        let own = json!({"accountId": world.person("admin@banc.ly")["account_id"], "accountType": "atlassian",
            "status": "active", "email": "admin@banc.ly", "productAccess": []});
        let count = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/count";
        world.fault(json!({"path": count, "times": 0, "answer": {"status": 200, "body": {"count": 1}}}));
        person["productAccess"] = access.clone();
        world.fault(json!({"path": SEARCH, "times": 1, "answer": {"status": 200,
            "body": {"data": [person, own], "links": {}}}}));
        let output = world.run(&format!("user export {filters}")).exit(0);
        assert_eq!(table(&output.stdout).len() == 2, is_listed, "{access} {filters}\n{}", output.stderr);
        world.no_faults();
    }
}

#[test]
fn a_file_is_filtered_like_the_site() {
    let mut world = world();
    world.run("user export -o users.csv").exit(0);
    for filters in [
        "--inactive-days 85", "--inactive-days 3", "--inactive-days 120 --never-seen", "--never-seen",
        "--status suspended", "--managed no", "--source synced", "--role org-admin",
        "--product \"Jira Product Discovery\"", "--domain contractor.example",
        "--added-before 2020-01-01",
    ] {
        let of_site = world.run(&format!("user export {filters}")).exit(0).stdout;
        let of_file = world.run(&format!("user export --users users.csv {filters}")).exit(0).stdout;
        assert_eq!(of_site, of_file, "{filters}");
    }
    // Atlassian's own export: no access columns, and dates by day.
    world.file("atlassian.csv", "User id,User name,email,User status,Added to org,Org role,Last seen in Jira - acme,Last seen in Confluence - acme\r\n\
        1a,A,a@b.example,Active,3 Jan 2024,,Never accessed,28 Apr 2024\r\n\
        2a,B,b@b.example,Active,3 Jan 2024,,1 Feb 2024,2 Feb 2099\r\n\
        3a,C,c@b.example,Active,3 Jan 2024,,Never accessed,Never accessed\r\n\
        4a,D,d@b.example,Active,,,Never accessed,Never accessed\r\n\
        5a,E,e@b.example,Active,3 Jan 2024,,,28 Apr 2024\r\n\
        6a,F,f@b.example,Active,3 Jan 2024,,28 Apr 2024,13/14/2024\r\n");
    world.run("user export --users atlassian.csv --inactive-days 90 --never-seen").exit(0).says("1: unknown: the day the user was added");
    world.run("user export --users atlassian.csv --inactive-days 90 --product Jira").exit(0).says("2 listed, 4 left out");
    world.run("user export --users atlassian.csv --managed yes").exit(2).says("no column “Managed”");
    world.run("user export --users atlassian.csv --product Trello").exit(2).says("Trello");
    world.run("user export --users atlassian.csv --group x").exit(2);
    world.run("user export --users atlassian.csv -o atlassian.csv --never-seen").exit(2).says("is not replaced");
    world.run("group export --members -o members.csv").exit(0);
    let of = world.run("user export --users members.csv --group idp-everyone --not-group jira-software-users").exit(0);
    assert_eq!(table(&of.stdout).len(), 1, "{}", of.stdout);
    world.run("user export --users members.csv --not-group idp-evryone").exit(2).says("idp-evryone");
    let of = world.run("user export --users members.csv --group idp-everyone").exit(0);
    of.says("Looked at").says("2 listed");
}

#[test]
fn without_an_organization_key_only_jira_is_asked() {
    let world = World::new().token_alone();
    world.run("user export --inactive-days 90").exit(2).says("organization API key");
    world.run("user export --status inactive").exit(0).says("2 listed");
    world.run("user seats").exit(2).says("organization API key");
    world.run("user export --accounts all").exit(0).says("never invited to the site");
}

#[test]
fn without_an_api_token_a_list_of_all_accounts_says_that_apps_are_missing() {
    let list = World::new().key_alone().run("user export --accounts all").exit(0);
    let list = list.says("apps and customers of help desks are not in the list");
    assert!(list.stdout.contains("Miro Waiting"), "{}", list.stdout);
}

#[test]
fn seats_come_free_as_promised() {
    let world = World::of_people(1_234);
    let seats = |world: &World, filters: &str| {
        let output = world.run(&format!("--json user seats {filters}")).exit(0);
        output.events().named("seats")[0]["apps"].as_array().expect("apps").clone()
    };
    for (filters, job) in [
        ("--inactive-days 30 --never-seen --status active", "user suspend"),
        ("--product jira-servicedesk --managed yes", "user suspend"),
        ("--inactive-days 10 --managed yes", "user deactivate"),
    ] {
        let before = seats(&world, filters);
        world.run(&format!("user export {filters} -o chosen.csv")).exit(0);
        let run = world.run(&format!("{job} chosen.csv --yes --max-changes 5000"));
        assert!(run.code == 0 || run.code == 1, "{}", run.stderr);
        let after = seats(&world, "");
        for (before, after) in before.iter().zip(&after) {
            let number = |of: &Value, name: &str| of[name].as_i64().expect("a number");
            assert_eq!(
                number(before, "taken") - number(before, "would_free"),
                number(after, "taken"),
                "{filters}: {before} {after}"
            );
        }
        assert!(before.iter().any(|app| app["would_free"].as_i64() > Some(0)), "{filters}");
    }
}

#[test]
fn seats_are_a_table() {
    let world = world();
    world.seed(json!({"seats": [{"product": "jira-software", "seats": 50}]}));
    let seats = |filters: &str| {
        let table = world.run(&format!("user seats {filters}")).exit(0).stdout;
        let of_jira = table.lines().find(|line| line.starts_with("Jira Software - banc"));
        let cells = of_jira.expect("a line").trim_start_matches("Jira Software - banc");
        cells.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(seats(""), ["22", "50", "28"]);
    assert_eq!(seats("--inactive-days 90"), ["22", "50", "28", "4"]);
    let output = world.run("--json user seats --inactive-days 90").exit(0);
    assert_eq!(output.events().order(), ["seats", "finished"]);
    let apps = output.events().named("seats")[0]["apps"].clone();
    let jira = apps.as_array().and_then(|apps| apps.iter().find(|app| app["capacity"] == 50));
    assert_eq!(jira.expect("the app")["would_free"], 4);
    world.nothing_sent();
}

#[test]
fn one_value_for_all_rows() {
    let mut world = World::new();
    world.file("people.csv", "Email,Team lead\njfloat@banc.ly,x\nvdillow@banc.ly,y\n");
    let run = world.run("member add people.csv --set group=hanoi-legal --yes").exit(0);
    assert!(world.is_member("jfloat@banc.ly", "hanoi-legal"));
    assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"));
    let report = world.run(&format!("run report {}", run.run_id())).exit(0);
    assert!(table(&report.stdout)[1].contains(&"hanoi-legal".to_owned()), "{}", report.stdout);
    // A column of the field is an error that names both.
    world.file("both.csv", "Email,Group\njfloat@banc.ly,oslo-engineering\n");
    world.file("ids.csv", "Email,Group id\njfloat@banc.ly,396fae73-650c-4265-xxxx-9c840897fc68\n");
    world.clear_log();
    world.run("member remove both.csv --set group=hanoi-legal --plan").exit(2).says("the column “Group” of the file");
    world.run("member remove ids.csv --set group=hanoi-legal --plan").exit(2).says("Group id");
    world.run("member remove both.csv --map group=Group --set group=hanoi-legal --plan").exit(2).says("--set");
    world.run("member remove both.csv --map -=Group --set group=hanoi-legal --plan").exit(0).says("hanoi-legal");
    world.run("member add people.csv --set team=hanoi-legal --plan").exit(2).says("--set team=hanoi-legal");
    world.run("member add people.csv --set group= --plan").exit(2).says("field=value");
    world.run("member add people.csv --set group=a --set groupName=b --plan").exit(2).says("the same field");
    // Too many cells stay too many: none of them becomes the value.
    world.file("long.csv", "Email\njfloat@banc.ly,oslo-engineering\n");
    world.run("member add long.csv --set group=hanoi-legal --plan").exit(2);
    world.file("plain.csv", "jfloat@banc.ly\n");
    world.run("member add plain.csv --no-headings --map \"email=Column A\" --set group=hanoi-legal --plan").exit(0);
    world.nothing_sent();
    // Names of groups may have commas.
    world.run("member add people.csv --set \"group=Finance, Europe\" --yes").exit(0);
    assert!(world.is_member("jfloat@banc.ly", "Finance,%20Europe"));
}
