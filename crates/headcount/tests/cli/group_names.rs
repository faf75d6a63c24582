//! A name never leads to another group: exports that are old, groups that are renamed, names that look
//! the same.

use serde_json::{Value, json};

use crate::harness::World;

fn world(groups: &[&str]) -> World {
    let world = World::new();
    let groups: Vec<_> = groups.iter().map(|name| json!({ "name": name })).collect();
    world.seed(json!({ "groups": groups }));
    world
}

fn names(world: &World) -> Vec<String> {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("a list");
    groups.iter().filter_map(|group| group["name"].as_str().map(str::to_owned)).collect()
}

/// Two groups have changed their names since the export.
#[test]
fn an_export_of_groups_is_compared_with_the_site() {
    let mut world = world(&["temp c", "temp d"]);
    world.run("group export -o g.csv").exit(0);
    let old = world.read("g.csv").replace("temp c", "~").replace("temp d", "temp c");
    world.file("old.csv", old.replace('~', "temp d"));
    world.file("delete.csv", "Group\ntemp c\n");
    world.file("add.csv", "Email,Group\nvdillow@banc.ly,temp c\n");
    for job in
        ["group delete delete.csv --max-changes 1", "member add add.csv", "member remove add.csv"]
    {
        let output = world.run(&format!("{job} --groups old.csv --yes")).exit(2);
        output.says("the export of groups does not fit the site");
    }
    world.nothing_sent();
    world.run("member add add.csv --groups g.csv --yes").exit(0);
}

/// A group gets another name while the plan waits.
#[test]
fn a_group_that_was_renamed_is_not_deleted() {
    for unset in [None, Some("HEADCOUNT_API_TOKEN"), Some("HEADCOUNT_ORG_API_KEY")] {
        let mut world = world(&["old a"]);
        if let Some(name) = unset {
            world.unset(name);
        }
        world.file("delete.csv", "Group\nold a\n");
        world.run("group delete delete.csv --plan").exit(0);
        world.fault(json!({ "path": "*", "times": 0, "replace": { "old a": "site-admins" } }));
        world.run("run apply last --yes --max-changes 1").says("changed-since-plan");
        assert!(names(&world).contains(&"old a".to_owned()), "{unset:?}");
    }
}

/// A name with marks that a person cannot see is not taken for another group's; the name without them is
/// that group's own.
#[test]
fn names_that_look_the_same_are_ambiguous() {
    for (odd, plain) in [("a  b", "a b"), ("z\u{200b}w", "zw"), ("R&D\u{a0}Y", "R&D Y")] {
        let mut world = world(&[odd, plain]);
        world.file("in.csv", format!("Group\n{odd}\n"));
        let output = world.run("group delete in.csv --yes --max-changes 1").exit(1);
        output.says("group-ambiguous");
        world.nothing_sent();
        world.file("in.csv", format!("Group\n{plain}\n"));
        world.run("group delete in.csv --yes --max-changes 1").exit(0);
        let left = names(&world);
        assert!(left.contains(&odd.to_owned()) && !left.contains(&plain.to_owned()), "{left:?}");
    }
}

/// A list that does not say that it is whole shows no empty group.
#[test]
fn an_answer_that_shows_no_member_is_no_empty_group() {
    let bodies = [json!({ "values": [] }), json!({ "total": 0, "isLast": false, "values": [] })];
    for body in bodies {
        let mut world = world(&["iz"]);
        world.unset("HEADCOUNT_ORG_API_KEY");
        world.file("add.csv", "Email,Group\nvdillow@banc.ly,iz\n");
        world.run("member add add.csv --yes").exit(0);
        world.file("in.csv", "Group\niz\n");
        let answer = json!({ "status": 200, "body": body });
        world.fault(json!({ "path": "/rest/api/3/group/member", "times": 0, "answer": answer }));
        let before: Value = json!(names(&world));
        world.run("group delete in.csv --yes --max-changes 1");
        assert_eq!(json!(names(&world)), before, "{body}");
    }
}
