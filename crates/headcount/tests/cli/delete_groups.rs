//! `group delete` deletes only empty groups without a guard, through either API. Nothing restores them.

use serde_json::{Value, json};

use crate::harness::{World, table};

const IN: &str = "Group,wanted\n\
    empty one,done\n\
    \"empty, two\",done\n\
    EMPTY ONE,duplicate\n\
    full,group-not-empty\n\
    jira-software-users,gives-apps\n\
    Night Admins,admin-group\n\
    jira-administrators,admin-group\n\
    kept,protected\n\
    no such group,group-not-found\n";

/// A site with groups of every kind, one of them protected by the profile, which has these credentials.
fn world(keys: &str) -> World {
    let mut world = World::new();
    let groups = ["empty one", "empty, two", "empty three", "full", "Night Admins", "kept", "late"];
    let groups: Vec<_> = groups.iter().map(|name| json!({ "name": name })).collect();
    let members = json!([{ "email": "jfloat@banc.ly", "group": "full" }]);
    world.seed(json!({ "groups": groups, "memberships": members }));
    let card = world.card().clone();
    world.unset_all();
    let token = format!(
        "cloud_url = \"{}\"\napi_token_command = \"printf %s {}\"\n",
        card.url, card.api_token
    );
    let key = format!(
        "admin_url = \"{}\"\norg_id = \"{}\"\ndirectory_id = \"{}\"\n\
         org_api_key_command = \"printf %s {}\"\n",
        card.url, card.org_id, card.directory_id, card.org_api_key
    );
    let credentials = match keys {
        "token" => token,
        "key" => key,
        _ => token + &key,
    };
    let email = &card.email;
    world.profiles(&format!(
        "[profiles.acme]\nemail = \"{email}\"\nprotected = [\"kept\"]\n{credentials}"
    ));
    world
}

fn group(world: &World, name: &str) -> Value {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("a list");
    groups.iter().find(|group| group["name"] == name).cloned().unwrap_or_default()
}

#[track_caller]
fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

const LINE: &str = "group delete in.csv --yes --max-changes 2 --report out.csv";

#[test]
fn empty_groups_alone_are_deleted() {
    for keys in ["both", "token", "key"] {
        let mut world = world(keys);
        world.file("in.csv", IN);
        let output = world.run(LINE).exit(1).says("To send");
        if keys == "both" {
            output.snap("group-delete");
        }
        let wanted = column(&world, "out.csv", "wanted");
        assert_eq!(column(&world, "out.csv", "reason"), wanted, "{keys}");
        assert_eq!(group(&world, "empty one"), Value::Null, "{keys}");
        assert_eq!(group(&world, "empty, two"), Value::Null, "{keys}");
        for kept in ["full", "Night Admins", "kept", "empty three"] {
            assert_ne!(group(&world, kept), Value::Null, "{keys}: {kept}");
        }
        world.changed(2);
        world.nothing_twice();
        world.clear_log();
        // A name that is not found may be a typing error, so it is not a success.
        world.run(LINE).exit(1).says("group-not-found");
        world.nothing_sent();
    }
}

#[test]
fn a_deletion_is_bounded_and_says_that_it_cannot_be_undone() {
    let mut world = world("both");
    world.file("in.csv", "Group\nempty one\nempty three\n");
    world.run("group delete in.csv --yes").exit(2).says("--max-changes");
    world.run("group delete in.csv --yes --max-changes 1").exit(4);
    world.nothing_sent();
    let output = world.run("--json group delete in.csv --yes --max-changes 2").exit(0);
    let events = output.events();
    assert_eq!((events.count("changed"), events.count("rows")), (2, 2));
    let run = output.run_id();
    world.clear_log();
    world
        .run(&format!("run undo {run} --yes --max-changes 2"))
        .exit(1)
        .says("not-undoable")
        .snap("group-delete-undo");
    world.nothing_sent();
}

/// Between the plan and its application one group gets a member, one gets a guard, and one is deleted.
#[test]
fn a_plan_that_waited_is_checked_again() {
    let mut world = world("both");
    world.file("in.csv", "Group\nempty one\nlate\n\"empty, two\"\nempty three\n");
    world.run("group delete in.csv --plan").exit(0).says("4 to send");
    world.nothing_sent();
    world.seed(json!({ "memberships": [{ "email": "jfloat@banc.ly", "group": "late" }] }));
    let two = group(&world, "empty, two")["id"].as_str().expect("an id").to_owned();
    world.by_hand("DELETE", &format!("/rest/api/3/group?groupId={two}"), None);
    world.clear_log();
    world.run("run apply last --yes --max-changes 4 --report out.csv").exit(1);
    let reasons = ["done", "changed-since-plan", "already-gone", "done"];
    assert_eq!(column(&world, "out.csv", "reason"), reasons);
    assert_ne!(group(&world, "late"), Value::Null);
    world.changed(2);
}

/// A refusal, or a 404 for a group that is still there, deletes nothing and does not count as deleted.
#[test]
fn a_404_alone_does_not_show_that_a_group_is_gone() {
    for token in [false, true] {
        let mut world = world(if token { "token" } else { "both" });
        world.file("in.csv", "Group\nempty one\n");
        let path = match token {
            true => "/rest/api/3/group",
            false => "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
        };
        let answer = json!({ "status": 404, "body": {} });
        world.fault(json!({ "method": "DELETE", "path": path, "times": 0, "answer": answer }));
        let line = "group delete in.csv --yes --max-changes 1 --report out.csv";
        world.run(line).exit(1);
        assert_ne!(column(&world, "out.csv", "outcome"), ["unchanged"], "{token}");
        assert_ne!(group(&world, "empty one"), Value::Null);
    }
}

/// Possible answers of `applicationrole` other than the groups that give apps.
fn no_roles() -> Vec<Value> {
    let answer = |status: u16, body: Value| json!({ "status": status, "body": body });
    vec![
        answer(403, json!({ "errorMessages": ["No"], "errors": {} })),
        answer(404, json!({ "errorMessages": ["No"], "errors": {} })),
        answer(200, json!([])),
        answer(200, json!([{ "key": "jira-software", "name": "Jira" }])),
        answer(200, json!([{ "key": "jira-software", "groupDetails": null }])),
        answer(200, json!([{ "key": "jira-software", "groupDetails": [{ "name": "x" }] }])),
    ]
}

/// If the site does not show which groups give apps, `--yes` deletes no group, and neither does an undo. A user
/// who has checked can allow it.
#[test]
fn a_group_that_may_give_an_app_is_not_deleted_unseen() {
    for answer in no_roles() {
        let mut world = world("token");
        world.file("in.csv", "Group\nempty one\n");
        world.file("new.csv", "name\nbrand new\n");
        world.run("group create new.csv --yes").exit(0);
        let fault = json!({ "path": "/rest/api/3/applicationrole", "times": 0, "answer": answer });
        world.fault(fault);
        world.clear_log();
        let lines = [
            "group delete in.csv --yes --max-changes 1",
            "run undo 20260101-1 --remove-created --yes --max-changes 1",
        ];
        for line in lines {
            let id = world.run("run list").stdout;
            let first = id.lines().find(|line| line.contains("group create")).expect("the run");
            let first = first.split_whitespace().next().expect("its id");
            let output = world.run(&line.replace("20260101-1", first)).exit(2);
            output.says("whether the group gives access to an app").says("--allow-unverified");
            world.nothing_sent();
        }
        world.run("group delete in.csv --yes --max-changes 1 --allow-unverified").exit(0);
        assert_eq!(group(&world, "empty one"), Value::Null, "{answer}");
    }
}

/// A group stays if it gives an app by the time of the deletion, or if that can't be read any more. A group is
/// deleted if the user agreed without that information.
#[test]
fn whether_a_group_gives_an_app_is_read_again_before_it_is_deleted() {
    for keys in ["token", "both"] {
        let mut world = world(keys);
        world.file("in.csv", "Group\nempty one\n");
        world.run("group delete in.csv --plan").exit(0);
        let id = group(&world, "empty one")["id"].clone();
        let gives = json!([{ "key": "jira-software", "groupDetails": [{ "name": "empty one", "groupId": id }] }]);
        let answer = json!({ "status": 200, "body": gives });
        world.fault(json!({ "path": "/rest/api/3/applicationrole", "times": 0, "answer": answer }));
        let apply = "run apply last --yes --max-changes 1 --report out.csv";
        world.run(apply).exit(1);
        assert_eq!(column(&world, "out.csv", "reason"), ["gives-apps"], "{keys}");
        assert_ne!(group(&world, "empty one"), Value::Null, "{keys}");
    }
    for answer in no_roles() {
        let mut world = world("token");
        world.file("in.csv", "Group\nempty one\n");
        world.run("group delete in.csv --plan").exit(0);
        world.fault(json!({ "path": "/rest/api/3/applicationrole", "times": 0, "answer": answer }));
        world.run("run apply last --yes --max-changes 1 --report out.csv").exit(1);
        assert_eq!(column(&world, "out.csv", "reason"), ["not-sent"], "{answer}");
        assert_ne!(group(&world, "empty one"), Value::Null, "{answer}");
    }
}

/// A created group is already deleted when its creation is undone, by a run of this journal or by hand.
#[test]
fn an_undo_of_a_group_that_is_gone_is_unchanged() {
    for (keys, by_hand) in [("token", false), ("both", false), ("key", false), ("both", true), ("key", true)] {
        let mut world = world(keys);
        world.file("new.csv", "name\nbrand new\n");
        let created = world.run("--json group create new.csv --yes").exit(0).run_id();
        match by_hand {
            true => {
                let id = group(&world, "brand new")["id"].as_str().expect("an id").to_owned();
                world.by_hand("DELETE", &format!("/rest/api/3/group?groupId={id}"), None);
            }
            false => {
                world.file("in.csv", "Group\nbrand new\n");
                world.run("group delete in.csv --yes --max-changes 1").exit(0);
            }
        }
        let undo = format!("run undo {created} --remove-created --yes --max-changes 1 --report out.csv");
        for _ in 0..2 {
            world.clear_log();
            world.run(&undo).exit(0);
            let reasons = column(&world, "out.csv", "reason");
            assert_eq!(reasons, ["already-gone"], "{keys}, by hand: {by_hand}");
            world.nothing_sent();
        }
    }
}

/// The groups of [`world`], and two more with members.
fn with_members(keys: &str) -> World {
    let world = world(keys);
    let groups = json!([{ "name": "team-one" }, { "name": "=team-two" }]);
    let members = json!([
        { "email": "jfloat@banc.ly", "group": "team-one" },
        { "email": "vdillow@banc.ly", "group": "team-one" },
        { "email": "dnkosi@banc.ly", "group": "=team-two" },
    ]);
    world.seed(json!({ "groups": groups, "memberships": members }));
    world.clear_log();
    world
}

const TWO: &str = "Group\nteam-one\n\"'=team-two\"\njira-software-users\nNight Admins\nkept\n";

/// The members are written first; `member add` restores them after the groups are created again.
#[test]
fn groups_are_deleted_with_their_members_after_these_are_written() {
    for keys in ["both", "token", "key"] {
        let mut world = with_members(keys);
        world.file("in.csv", TWO);
        let line = "group delete in.csv --with-members=saved.csv --yes --max-changes 2 --report out.csv";
        world.run("group delete in.csv --yes --max-changes 2 --report out.csv").exit(1);
        assert_eq!(column(&world, "out.csv", "reason")[0], "group-not-empty", "{keys}");
        world.nothing_sent();
        world.run(line).exit(1).says("cannot be undone").says("3 memberships in");
        let reasons = ["done", "done", "gives-apps", "admin-group", "protected"];
        assert_eq!(column(&world, "out.csv", "reason"), reasons, "{keys}");
        assert_eq!(group(&world, "team-one"), Value::Null);
        let saved = table(&world.read("saved.csv"));
        assert_eq!(saved.len(), 4, "{keys}: {saved:?}");
        // It is never overwritten.
        world.run(line).exit(2).says("exists already");
        world.run("group create in.csv --yes").exit(0);
        world.run("member add saved.csv --yes").exit(0);
        for (mail, of) in
            [("jfloat@banc.ly", "team-one"), ("vdillow@banc.ly", "team-one"), ("dnkosi@banc.ly", "=team-two")]
        {
            assert!(world.is_member(mail, of), "{keys}: {mail} in {of}");
        }
    }
}

/// Between plan and deletion a group gets another member, or the file is gone: then nothing is lost.
#[test]
fn a_group_is_deleted_only_with_the_members_that_were_written() {
    let mut world = with_members("both");
    world.file("in.csv", "Group\n\"'=team-two\"\nteam-one\n");
    world.run("group delete in.csv --with-members=saved.csv --plan").exit(0).says("2 members");
    let saved = world.read("saved.csv");
    std::fs::remove_file(world.path("saved.csv")).expect("the file is there");
    world.run("run apply last --yes --max-changes 2").exit(2).says("saved.csv");
    world.nothing_sent();
    world.file("saved.csv", saved);
    world.seed(json!({ "memberships": [{ "email": "amelmeth@banc.ly", "group": "team-one" }] }));
    world.run("run apply last --yes --max-changes 2 --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), ["done", "changed-since-plan"]);
    assert_ne!(group(&world, "team-one"), Value::Null);
    world.changed(1);
}

/// A lost answer is settled by reading the site, and the file is on the disk before the first deletion is sent.
#[test]
fn a_deletion_with_members_survives_kill_9_and_a_lost_answer() {
    let mut world = with_members("both");
    world.file("in.csv", "Group\nteam-one\n\"'=team-two\"\n");
    let path = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}";
    world.fault(json!({ "method": "DELETE", "path": path, "times": 1, "delay_after_ms": 3_600_000 }));
    let line = "--json group delete in.csv --with-members=saved.csv --yes --max-changes 2 --concurrency 1";
    let mut command = world.command(line).start();
    command.held();
    assert_eq!(table(&world.read("saved.csv")).len(), 4);
    command.kill();
    world.no_faults();
    let events = world.run("--json run resume last --yes --max-changes 2").exit(0).events();
    assert_eq!(events.count("changed"), 2);
    world.nothing_twice();
}

/// The members' file names its groups. Where another group's name differs only in case, a restore from the file would
/// add the members to the other group.
#[test]
fn a_group_whose_members_could_not_be_restored_is_kept() {
    for keys in ["both", "token", "key"] {
        let mut world = world(keys);
        let groups = json!([{ "id": "id-upper", "name": "Twins" }, { "name": "tWINS" }, { "name": "team-one" }]);
        let member = |group: &str| json!({ "email": "jfloat@banc.ly", "group": group });
        let members = json!([member("Twins"), member("team-one")]);
        world.seed(json!({ "groups": groups, "memberships": members }));
        for sheet in ["Group\nTwins\nteam-one\n", "Group id,Group\nid-upper,\n,team-one\n"] {
            world.file("in.csv", sheet);
            let plan = world.run("group delete in.csv --with-members=saved.csv --plan").exit(0);
            plan.says("1 skipped: group-ambiguous").says("tWINS").says("could not be restored");
            let saved = world.read("saved.csv");
            assert!(saved.contains("team-one") && !saved.contains("Twins"), "{keys}: {saved}");
            std::fs::remove_file(world.path("saved.csv")).expect("the file is there");
        }
        // Without members there is nothing to restore.
        world.file("in.csv", "Group\ntWINS\n");
        world.run("group delete in.csv --with-members=saved.csv --yes --max-changes 1").exit(0);
        assert_ne!(group(&world, "Twins"), Value::Null, "{keys}");
        assert_eq!(group(&world, "tWINS"), Value::Null, "{keys}");
    }
}

#[test]
fn the_members_are_not_written_to_standard_output() {
    let mut world = with_members("both");
    world.file("in.csv", "Group\nteam-one\n");
    world.run("group delete in.csv --with-members=- --plan").exit(2).says("--with-members=members.csv");
    world.nothing_sent();
    assert!(!world.path("-").exists());
}

/// A group whose members the site does not all show is kept, with the number that the site counts.
#[test]
fn a_group_with_a_member_that_is_not_shown_is_kept() {
    let mut world = World::new();
    let app = json!({ "email": "bot@banc.ly", "name": "Bot", "kind": "app" });
    let members = json!([{ "email": "bot@banc.ly", "group": "bots" }]);
    world.seed(json!({ "people": [app], "groups": [{ "name": "bots" }], "memberships": members }));
    world.clear_log();
    world.file("in.csv", "Group\nbots\n");
    let run = world.run("group delete in.csv --with-members=saved.csv --yes --max-changes 1").exit(1);
    run.says("could not read all members of “bots” (1)").says("may not show apps");
    world.nothing_sent();
}
