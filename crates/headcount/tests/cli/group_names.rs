//! A name never leads to another group: old exports, renamed groups, names that look the same.

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

/// Two groups were renamed since the export.
#[test]
fn an_export_of_groups_is_compared_with_the_site() {
    let mut world = world(&["temp c", "temp d"]);
    world.run("group export -o g.csv").exit(0);
    let old = world.read("g.csv").replace("temp c", "~").replace("temp d", "temp c");
    world.file("old.csv", old.replace('~', "temp d"));
    world.file("add.csv", "Email,Group\nvdillow@banc.ly,temp c\n");
    for job in ["member add add.csv", "member remove add.csv"] {
        let output = world.run(&format!("{job} --groups old.csv --yes")).exit(2);
        output.says("the export of groups does not match the site");
    }
    world.nothing_sent();
    world.run("member add add.csv --groups g.csv --yes").exit(0);
}

/// A group is renamed while the plan waits.
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

/// A name with invisible characters does not match another group; the name without them is that group's own.
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

/// A list that may be incomplete shows no group as empty.
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

fn id(world: &World, name: &str) -> String {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("a list");
    let group = groups.iter().find(|group| group["name"] == name).expect("the group is there");
    group["id"].as_str().expect("an id").to_owned()
}

/// A group's id, and a second group with this id as its name, in each spelling.
fn called_like_an_id(
    unset: Option<&str>,
    spelling: impl Fn(&str) -> String,
) -> (World, String, String) {
    let mut world = world(&["temp e"]);
    if let Some(name) = unset {
        world.unset(name);
    }
    let first = id(&world, "temp e");
    let name = spelling(&first);
    world.seed(json!({ "groups": [{ "name": &name }] }));
    world.clear_log();
    let second = id(&world, &name);
    (world, first, second)
}

/// A cell that is one group's id and another group's name: both are named, and nothing is sent.
#[test]
fn an_id_that_is_another_groups_name_is_ambiguous() {
    let keys = [None, Some("HEADCOUNT_API_TOKEN"), Some("HEADCOUNT_ORG_API_KEY")];
    let spellings = [str::to_owned, str::to_ascii_uppercase, |id: &str| format!("\u{a0}{id} ")];
    for unset in keys {
        for (at, spelling) in spellings.into_iter().enumerate() {
            let named = if at == 1 { str::to_ascii_uppercase } else { str::to_owned };
            let (mut world, first, second) = called_like_an_id(unset, named);
            let cell = spelling(&first);
            world.file("delete.csv", format!("Group\n{cell}\n"));
            world.file("member.csv", format!("Email,Group\nvdillow@banc.ly,{cell}\n"));
            let jobs = ["group delete delete.csv", "member add member.csv", "member remove member.csv"];
            for job in jobs {
                let removes = if job.starts_with("member add") { "" } else { "--max-changes 1" };
                let output = world.run(&format!("{job} --yes {removes}")).exit(1);
                output.says("group-ambiguous").says("temp e").says(&second);
            }
            world.nothing_sent();
            // Under the heading of ids it is an id.
            world.file("delete.csv", format!("Group id\n{first}\n"));
            world.run("group delete delete.csv --yes --max-changes 1").exit(0);
            assert!(!names(&world).contains(&"temp e".to_owned()), "{unset:?}");
            world.clear_log();
            // The same list again: the group with this name is not the deleted group.
            world.file("delete.csv", format!("Group\n{cell}\n"));
            let output = world.run("group delete delete.csv --yes --max-changes 1").exit(1);
            output.says("group-not-found").says(&second);
            world.nothing_sent();
        }
    }
}

/// The same with exports, old and new ones, offline, and in a list of groups.
#[test]
fn an_id_that_is_another_groups_name_is_ambiguous_in_exports_and_lists() {
    let (mut world, first, second) = called_like_an_id(None, str::to_owned);
    world.run("user export -o u.csv").exit(0);
    world.run("group export -o g.csv").exit(0);
    let all = world.read("g.csv");
    let old: String = all.lines().filter(|line| !line.contains(&second)).map(|line| format!("{line}\n")).collect();
    world.file("old.csv", old);
    world.file("in.csv", format!("Email,Group\nvdillow@banc.ly,{first}\n"));
    for export in ["g.csv", "old.csv"] {
        for job in ["member add in.csv", "member remove in.csv --max-changes 1"] {
            let line = format!("{job} --users u.csv --groups {export} --yes");
            world.run(&line).exit(1).says("group-ambiguous").says("temp e").says(&second);
        }
    }
    world.nothing_sent();
    let output = world.run("member map in.csv --users u.csv --groups g.csv -o map.csv").exit(1);
    output.says("temp e");
    assert!(world.read("map.csv").lines().nth(1).is_some_and(|row| row.ends_with(',')));
    world.file("new.csv", format!("Email,groups\nnew@banc.ly,{first}\n"));
    world.run("user create new.csv --yes").exit(1).says("group-ambiguous").says("temp e");
    world.nothing_sent();
}
