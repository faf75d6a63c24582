//! `sync`: the plan is the difference between a list and the site; guards, ownership, absent users, `--check`, undo.

use serde_json::json;

use crate::harness::{World, table};

/// Users in all states, and two groups.
fn world() -> World {
    let world = World::new();
    let person = |name: &str| json!({ "email": format!("{name}@banc.ly"), "name": name });
    let mut off = person("off");
    off["lifecycle"] = "inactive".into();
    let mut away = person("away");
    away["place"] = "suspended".into();
    let mut boss = person("boss");
    boss["org_admin"] = true.into();
    let outside = json!({ "email": "guest@contractor.example", "name": "guest" });
    let people = ["ann", "bob", "cem", "dee", "eve"].map(person).to_vec();
    let people = [people, vec![off, away, boss, outside]].concat();
    let member = |name: &str, group: &str| json!({ "email": format!("{name}@banc.ly"), "group": group });
    world.seed(json!({
        "people": people,
        "groups": [{ "id": "g-a", "name": "team-a" }, { "id": "g-b", "name": "team, b" }, { "id": "g-c", "name": "team-c" }],
        "memberships": [
            member("ann", "team-a"), member("bob", "team-a"), member("bob", "team, b"), member("cem", "team, b"),
            member("dee", "team-a"), member("ann", "team-c"), member("boss", "team-a"),
        ],
    }));
    world
}

const LIST: &str = "email,displayName,status,groups\n\
    ann@banc.ly,Ann,active,\"team-a; team, b\"\n\
    bob@banc.ly,Bob,active,team-a\n\
    cem@banc.ly,Cem,deactivated,\n\
    eve@banc.ly,Eve,suspended,\n\
    off@banc.ly,Off,active,team-a\n\
    away@banc.ly,Away,active,\n\
    boss@banc.ly,Boss,,team-a\n\
    new@banc.ly,New,active,team-a\n\
    nobody@banc.ly,Nobody,gone,\n";

/// The differences that `--check --format csv` writes: action, user, group or groups.
#[track_caller]
fn differences(world: &World, line: &str, exit: i32) -> Vec<String> {
    let output = world.run(line).exit(exit);
    let rows = table(&output.stdout);
    let cell = |row: &Vec<String>, heading: &str| {
        let at = rows[0].iter().position(|known| known == heading).expect("the column is there");
        row[at].clone()
    };
    let words = |row: &Vec<String>| {
        let what = [cell(row, "Group"), cell(row, "groups")].concat();
        let words = [cell(row, "Action"), cell(row, "Email"), what, cell(row, "reason")];
        words.join(" ").trim_end().to_owned()
    };
    rows[1..].iter().map(words).collect()
}

/// The whole story: what differs, the plan, applying it, the second time, and the undo.
#[test]
fn a_list_is_compared_applied_and_undone() {
    let mut world = world();
    world.file("list.csv", LIST);
    let found = differences(&world, "sync list.csv --check --format csv", 1);
    assert_eq!(
        found,
        [
            "create new@banc.ly team-a",
            "activate off@banc.ly",
            "restore away@banc.ly",
            "join ann@banc.ly team, b",
            "join off@banc.ly team-a",
            "leave bob@banc.ly team, b",
            "leave cem@banc.ly team, b",
            "suspend eve@banc.ly",
            "deactivate cem@banc.ly",
        ]
    );
    world.nothing_sent();
    assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n", "a comparison leaves no run");
    world.run("sync list.csv --plan --max-changes 50").exit(0).snap("sync_plan");
    let applied = world.run("run apply last --yes").exit(0).snap("sync_apply").run_id();
    assert!(world.is_member("new@banc.ly", "team-a") && world.is_member("ann@banc.ly", "g-b"));
    assert!(!world.is_member("bob@banc.ly", "g-b") && !world.is_member("cem@banc.ly", "g-b"));
    // What the list does not name stays: a user without a row, and a group that no row names.
    assert!(world.is_member("dee@banc.ly", "team-a") && world.is_member("ann@banc.ly", "team-c"));
    assert_eq!(differences(&world, "sync list.csv --check --format csv", 0), [""; 0]);
    let sent = world.changing();
    world.run("sync list.csv --yes").exit(0).snap("sync_again");
    assert_eq!(world.changing(), sent, "a second sync sends nothing");
    let undo = format!("run undo {applied} --yes --remove-created --max-changes 50");
    world.run(&undo).exit(0).snap("sync_undo");
    let found = differences(&world, "sync list.csv --check --format csv", 1);
    assert_eq!(found.len(), 9, "the site is as before: {found:?}");
    assert!(!world.is_member("new@banc.ly", "team-a") && world.is_member("bob@banc.ly", "g-b"));
    assert_eq!(world.person("off@banc.ly")["lifecycle"], "inactive");
    assert_ne!(world.person("cem@banc.ly")["lifecycle"], "inactive");
}

/// The three forms of `--check`, for people and for programs.
#[test]
fn differences_are_a_table_csv_or_json() {
    let mut world = world();
    world.file("list.csv", "email,status,groups\nann@banc.ly,,team-a\nnew@banc.ly,active,team-a\nboss@banc.ly,gone,\nnobody@banc.ly,suspended,\n");
    world.run("sync list.csv --check").exit(1).snap("sync_check_table");
    world.run("sync list.csv --check --format csv").exit(1).snap("sync_check_csv");
    let json = world.run("sync list.csv --check --format json").exit(1);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((value["agrees"].as_bool(), value["listed"].as_u64()), (Some(false), Some(4)));
    let found = value["differences"].as_array().expect("a list");
    assert_eq!(found[0], json!({
        "action": "create", "email": "new@banc.ly", "groups": "team-a", "list": "line 3", "outcome": "planned",
    }));
    assert_eq!(found.last().expect("the last")["reason"], "org-admin");
    world.file("same.csv", "email,groups\nann@banc.ly,team-a;team-c\n");
    world.run("sync same.csv --check").exit(0).snap("sync_check_agrees");
    world.nothing_sent();
}

/// Lists that stop before anything is planned, with the reason and what to do.
#[test]
fn a_list_that_may_be_wrong_is_refused() {
    let mut world = world();
    world.file("twice.csv", "email,groups\nann@banc.ly,team-a\nbob@banc.ly,\nAnn@banc.ly,\n");
    world.run("sync twice.csv --yes").exit(2).says("line 4: the row names the same user as line 2").snap("sync_twice");
    world.file("odd.csv", "email,status,groups\nann@banc.ly,retired,\nbob@banc.ly,gone,team-a\n");
    world.run("sync odd.csv --check").exit(2).snap("sync_odd");
    world.file("keep.csv", "email,groups,Keep?\nann@banc.ly,team-a,no\n");
    world.run("sync keep.csv --check").exit(2);
    world.file("half.csv", "email,groups\nann@banc.ly,team-a\n");
    world.run("sync half.csv --own-group team-a --yes").exit(4).says("fewer than half").snap("sync_half");
    world.run("sync half.csv --own-group team-x --yes").exit(2).says("team-x");
    world.run("sync half.csv --absent deactivate --yes").exit(2).says("--own-domain");
    world.file("empty.csv", "email,groups\n");
    assert_ne!(world.run("sync empty.csv --yes").code, 0);
    world.run("sync half.csv --users half.csv --yes").exit(2);
    world.run("sync half.csv").exit(2).says("no terminal");
    let card = world.card().clone();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\nemail = \"{}\"\nprotected = [\"dee@banc.ly\"]\nadmin_url = \"{}\"\norg_id = \"{}\"\n\
         directory_id = \"{}\"\norg_api_key_command = \"printf %s {}\"\n",
        card.email, card.url, card.org_id, card.directory_id, card.org_api_key
    ));
    world.file("without.csv", "email,groups\nann@banc.ly,team-a\nbob@banc.ly,team-a\nboss@banc.ly,team-a\n");
    world.run("sync without.csv --yes").exit(4).says("does not name dee@banc.ly").snap("sync_protected");
    world.nothing_sent();
}

/// More changes than a tenth of the users that the list names or owns are not sent, unless the command allows them.
#[test]
fn a_list_changes_at_most_a_tenth_of_its_users() {
    let mut world = World::new();
    let people: Vec<_> = (0..40).map(|n| json!({ "email": format!("p{n}@banc.ly"), "name": format!("P {n}") })).collect();
    world.seed(json!({ "people": people, "groups": [{ "name": "crew" }] }));
    let list = |many: usize| {
        let row = |n: usize| format!("p{n}@banc.ly,{}\n", if n < many { "crew" } else { "" });
        format!("email,groups\n{}", (0..40).map(row).collect::<String>())
    };
    world.file("six.csv", list(6));
    world.run("sync six.csv --yes").exit(4).says("the maximum is 5").says("--max-changes 6");
    world.nothing_sent();
    world.file("five.csv", list(5));
    world.run("sync five.csv --yes").exit(0);
    assert_eq!(world.members("crew"), 5);
    world.run("sync six.csv --yes --max-changes 0%").exit(4);
    world.run("sync six.csv --yes").exit(0);
    assert_eq!(world.members("crew"), 6);
}

/// What happens to users that the list owns and does not name.
#[test]
fn absent_users_are_changed_only_within_what_the_list_owns() {
    let mut world = world();
    world.file("list.csv", "email\nann@banc.ly\nboss@banc.ly\n");
    let of = |absent: &str| format!("sync list.csv --check --format csv --own-group team-a --absent {absent}");
    assert_eq!(differences(&world, &of("keep"), 0), [""; 0]);
    assert_eq!(differences(&world, &of("leave-groups"), 1), ["leave bob@banc.ly team-a", "leave dee@banc.ly team-a"]);
    world.run("sync list.csv --own-group team-a --absent leave-groups --yes").exit(0);
    assert!(!world.is_member("dee@banc.ly", "team-a") && world.is_member("bob@banc.ly", "g-b"));
    // A domain of its own: guests of others stay.
    let person = |mail: &str| json!({ "email": mail, "name": mail, "managed": true });
    world.seed(json!({ "people": [person("a@own.banc.ly"), person("b@own.banc.ly"), person("c@own.banc.ly")] }));
    world.file("own.csv", "email\na@own.banc.ly\nb@own.banc.ly\n");
    for (absent, action) in [("suspend", "suspend"), ("deactivate", "deactivate"), ("remove", "remove")] {
        let line = format!("sync own.csv --check --format csv --own-domain own.banc.ly --absent {absent}");
        assert_eq!(differences(&world, &line, 1), [format!("{action} c@own.banc.ly")]);
    }
    world.run("sync own.csv --own-domain own.banc.ly --absent deactivate --yes").exit(0);
    assert_eq!(world.person("c@own.banc.ly")["lifecycle"], "inactive");
    world.run("sync own.csv --own-domain own.banc.ly --absent deactivate --check").exit(0);
}

/// A step whose forerunner failed is not sent.
#[test]
fn a_user_who_does_not_come_back_joins_no_group() {
    let mut world = world();
    world.file("list.csv", "email,status,groups\naway@banc.ly,active,team-a\ndee@banc.ly,,team-a\n");
    world.fault(json!({
        "method": "POST", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
        "times": 0, "answer": { "status": 403, "body": {} },
    }));
    world.run("sync list.csv --yes --canary 0 --report report.csv").exit(1);
    let report = table(&world.read("report.csv"));
    let at = |name: &str| report[0].iter().position(|heading| heading == name).expect("the column");
    let ends: Vec<_> = report[1..].iter().map(|row| [row[0].as_str(), &row[at("outcome")], &row[at("reason")]].join(" ")).collect();
    assert_eq!(ends, ["restore failed forbidden", "join skipped earlier-step-not-done"]);
    assert!(!world.is_member("away@banc.ly", "team-a"));
}

/// With an API token alone: the list of all users; what only the organization can do is skipped with the reason.
#[test]
fn a_token_alone_and_a_key_alone_are_enough_for_what_they_can_do() {
    let mut token = world().token_alone();
    let list = "email,status,groups\nann@banc.ly,,team-a\nbob@banc.ly,deactivated,team-a\nnew@banc.ly,active,team-a\n";
    token.file("list.csv", list);
    let found = differences(&token, "sync list.csv --check --format csv", 1);
    assert_eq!(found, ["create new@banc.ly team-a", "deactivate bob@banc.ly  not-allowed"]);
    let mut key = world().key_alone();
    key.file("list.csv", list);
    assert_eq!(differences(&key, "sync list.csv --check --format csv", 1), ["create new@banc.ly team-a", "deactivate bob@banc.ly"]);
    key.run("sync list.csv --yes").exit(0);
    assert_eq!(differences(&key, "sync list.csv --check --format csv", 0), [""; 0]);
}

/// What this journal's runs changed a moment ago is not sent again, although searches and lists still show the state
/// before; an undo in between counts.
#[test]
fn a_second_sync_sends_nothing_while_the_index_lags() {
    let mut world = world();
    world.file("list.csv", LIST);
    world.ask("POST", "/_sandbox/lag", Some(&json!({ "lag_ms": 3_600_000, "by_id": false })));
    let run = world.run("sync list.csv --yes --max-changes 50 --canary 0 --verify none").exit(0).run_id();
    let sent = world.changing();
    assert!(sent > 8, "{sent}");
    assert_eq!(differences(&world, "sync list.csv --check --format csv", 0), [""; 0]);
    world.run("sync list.csv --yes --canary 0 --verify none").exit(0).snap("sync_lagging");
    assert_eq!(world.changing(), sent, "a second sync sends nothing");
    world.run(&format!("run undo {run} --yes --remove-created --max-changes 50 --canary 0 --verify none --allow-unverified")).exit(0);
    assert_ne!(differences(&world, "sync list.csv --check --format csv", 1).len(), 0);
}

/// A suspended member leaves the groups, too: Jira shows the member like a deactivated one, but the organization shows
/// the difference.
#[test]
fn an_absent_suspended_member_leaves_the_groups() {
    let mut world = world();
    world.seed(json!({ "people": [], "memberships": [
        { "email": "away@banc.ly", "group": "team-a" }, { "email": "off@banc.ly", "group": "team-a" },
    ] }));
    world.file("list.csv", "email\nann@banc.ly\nbob@banc.ly\nboss@banc.ly\n");
    let line = "sync list.csv --check --format csv --own-group team-a --absent leave-groups";
    assert_eq!(differences(&world, line, 1), ["leave dee@banc.ly team-a", "leave away@banc.ly team-a"]);
}
