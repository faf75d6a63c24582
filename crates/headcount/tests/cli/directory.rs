//! The jobs of the organization's directory: suspend, restore, remove, groups, and memberships with
//! the organization API key alone.

use serde_json::json;

use crate::harness::{World, table};

/// Only the organization API key, and the account that runs it.
fn key_alone() -> World {
    World::new().key_alone()
}

#[track_caller]
fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

/// Asserts that each row's outcome equals its own column `wanted`.
#[track_caller]
fn as_wanted(world: &World) {
    assert_eq!(column(world, "out.csv", "reason"), column(world, "out.csv", "wanted"));
}

/// The same file again sends nothing.
#[track_caller]
fn again(world: &World, line: &str) {
    world.clear_log();
    world.run(line);
    world.nothing_sent();
}

const PEOPLE: &str = "email,wanted\n\
    vdillow@banc.ly,done\n\
    ftoten2@banc.ly,done\n\
    sferreira@banc.ly,already-suspended\n\
    dnkosi@banc.ly,account-inactive\n\
    mwaiting@banc.ly,not-in-directory\n\
    gabiola@banc.ly,identity-provider\n\
    nobody@banc.ly,user-not-found\n\
    admin@banc.ly,own-account\n\
    VDillow@banc.ly,duplicate\n";

#[test]
fn suspend_and_restore() {
    let mut world = World::new();
    world.file("in.csv", PEOPLE);
    let line = "user suspend in.csv --yes --max-changes 2 --report out.csv";
    world.run(line).exit(1).snap("suspend");
    as_wanted(&world);
    assert_eq!(world.person("vdillow@banc.ly")["place"], "suspended");
    assert_eq!(world.changing(), 2);
    again(&world, line);
    world.nothing_twice();
    world.run("run undo 1 --yes").exit(0).snap("suspend-undo");
    assert_eq!(world.person("vdillow@banc.ly").get("place"), None);
    assert_eq!(world.person("sferreira@banc.ly")["place"], "suspended");
    world.file("back.csv", "email,wanted\nsferreira@banc.ly,done\nvdillow@banc.ly,not-suspended\n");
    let line = "user restore back.csv --yes --report out.csv";
    world.run(line).exit(0).snap("restore");
    as_wanted(&world);
    again(&world, line);
}

#[test]
fn suspending_is_bounded_and_never_own_account() {
    let mut world = World::new();
    world.file("in.csv", "email\nvdillow@banc.ly\nftoten2@banc.ly\n");
    world.run("user suspend in.csv --yes").exit(2).says("--max-changes");
    world.run("user remove in.csv --yes").exit(2).says("--max-changes");
    world.run("user suspend in.csv --yes --max-changes 1").exit(4);
    world.run("user suspend in.csv --yes --max-changes 1%").exit(4);
    let token = World::new().token_alone();
    insta::assert_snapshot!(token.run("user suspend samples/deactivate.csv --plan").exit(2).transcript(), @r"
    $ headcount user suspend samples/deactivate.csv --plan
    ─── stderr
    error: this job needs an organization API key, and the profile “environment” has none
    hint: `headcount profile add NAME` asks for it; or set HEADCOUNT_ORG_API_KEY, or org_api_key_command in the profile; create a key at admin.atlassian.com under Settings > API keys
    ─── exit 2
    ");
    let mut nobody = key_alone();
    nobody.unset("HEADCOUNT_EMAIL");
    nobody.run("user suspend samples/deactivate.csv --plan").exit(2).says("which account is yours");
    // A protected user, and an administrator who is not the own account.
    world.seed(json!({"people": [
        {"account_id": "712020:boss", "email": "boss@banc.ly", "name": "Boss", "org_admin": true},
    ]}));
    world.file("in.csv", "email\nboss@banc.ly\n");
    world.run("user suspend in.csv --yes --max-changes 1").exit(1).says("org-admin");
    world.run("user remove in.csv --yes --max-changes 1").exit(1).says("org-admin");
    world.nothing_sent();
}

#[test]
fn suspending_survives_a_lost_answer_and_stops_at_a_refusal() {
    let mut world = World::new();
    world.file("in.csv", "email\nvdillow@banc.ly\nftoten2@banc.ly\namelmeth@banc.ly\n");
    let path = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend";
    world.fault(json!({"path": path, "nth": 2, "drop": "after"}));
    let line = "user suspend in.csv --yes --max-changes 3 --report out.csv";
    world.run(line).exit(0);
    // Which of the two requests gets the fault is not certain, because both are open at the same time.
    let mut reasons = column(&world, "out.csv", "reason");
    reasons.sort();
    assert_eq!(reasons, ["done", "done", "done-no-response"]);
    world.nothing_twice();
    let mut world = World::new();
    world.file("in.csv", "email\nvdillow@banc.ly\nftoten2@banc.ly\n");
    let body = json!({"errors": [{"code": "ADMIN-403-3", "title": "No", "detail": "Not allowed."}]});
    world.fault(json!({"path": path, "answer": {"status": 403, "body": body}}));
    world.run(line).exit(4).snap("suspend-refused");
    assert_eq!(world.log()["changed"], 0);
}

#[test]
fn remove_by_the_token() {
    let mut world = World::new().token_alone();
    world.file(
        "in.csv",
        "email,accountId,wanted\n\
         vdillow@banc.ly,,done\n\
         ,982bfd68520fxxx71daccb32,done\n\
         nobody@banc.ly,,user-not-found\n\
         admin@banc.ly,,own-account\n",
    );
    let line = "user remove in.csv --yes --max-changes 2 --report out.csv";
    world.run(line).exit(1).snap("remove-token");
    as_wanted(&world);
    assert_eq!(world.person("vdillow@banc.ly")["place"], "removed");
    again(&world, line);
    world.run("run undo 1 --yes").exit(1).snap("remove-undo");
}

#[test]
fn remove_by_the_key() {
    let mut world = key_alone();
    world.file("in.csv", "email,wanted\nvdillow@banc.ly,done\nmwaiting@banc.ly,already-gone\n");
    let line = "user remove in.csv --yes --max-changes 2 --report out.csv";
    world.run(line).exit(0).snap("remove-key");
    as_wanted(&world);
    assert_eq!(world.person("vdillow@banc.ly")["place"], "removed");
    world.nothing_twice();
    again(&world, line);
}

#[test]
fn groups() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Group name,Description,wanted\n\
         new one,first,done\n\
         \"new, two\",,done\n\
         Oslo-Engineering,,group-exists\n\
         NEW ONE,first,duplicate\n\
         new one,another,mismatch\n",
    );
    let line = "group create in.csv --yes --report out.csv";
    world.run(line).exit(1).snap("group-create");
    as_wanted(&world);
    assert!(column(&world, "out.csv", "group_id")[0].len() > 30);
    again(&world, line);
    // Users can be added to the new groups immediately.
    world.file("add.csv", "Email,Group\njfloat@banc.ly,\"new, two\"\n");
    world.run("member add add.csv --yes").exit(0);
    world.run("run undo 1 --yes --max-changes 2").exit(1).says("--remove-created");
    world
        .run("run undo 1 --yes --max-changes 2 --remove-created")
        .exit(1)
        .snap("group-create-undo");
    let exported = world.run("group export").exit(0).stdout;
    assert!(!exported.contains("new one") && exported.contains("new, two"));
}

/// Jira's call has no description; the program reports that.
#[test]
fn groups_by_the_token() {
    let mut world = World::new().token_alone();
    world.file("in.csv", "name,description\nnew one,first\n");
    world.run("group create in.csv --yes").exit(0).snap("group-create-token");
    world.clear_log();
    world.run("group create in.csv --yes").exit(0).says("group-exists");
    world.nothing_sent();
}

/// An export of groups creates the same groups in another organization.
#[test]
fn exported_groups_are_created_elsewhere() {
    let world = World::of_people(300);
    world.run("group export -o groups.csv").exit(0);
    let mut other = World::new();
    other.file("groups.csv", world.read("groups.csv"));
    other.run("group create groups.csv --yes").exit(0);
    other.clear_log();
    other.run("group create groups.csv --yes").exit(0);
    other.nothing_sent();
}

#[test]
fn members_by_the_key() {
    let mut world = key_alone();
    world.file(
        "in.csv",
        "Email,Group,wanted\n\
         jfloat@banc.ly,oslo-engineering,done\n\
         vdillow@banc.ly,\"Finance, Europe\",done\n\
         vdillow@banc.ly,jira-software-users,already-member\n\
         mwaiting@banc.ly,hanoi-legal,not-in-directory\n\
         jfloat@banc.ly,idp-everyone,identity-provider\n\
         jfloat@banc.ly,nowhere,group-not-found\n",
    );
    let line = "member add in.csv --yes --report out.csv";
    world.run(line).exit(1).snap("member-add-key");
    as_wanted(&world);
    assert!(world.is_member("jfloat@banc.ly", "oslo-engineering"));
    again(&world, line);
    // A plan that waited is read again, through the directory too.
    world.file("off.csv", "Email,Group\njfloat@banc.ly,oslo-engineering\nvdillow@banc.ly,\"Finance, Europe\"\n");
    world.run("member remove off.csv --plan").exit(0);
    world.seed(json!({"memberships": []}));
    world.run("run apply last --yes").exit(0);
    assert!(!world.is_member("jfloat@banc.ly", "oslo-engineering"));
    world.run("run undo last --yes").exit(0);
    assert!(world.is_member("jfloat@banc.ly", "oslo-engineering"));
    world.nothing_twice();
}

/// There are several directories, and none is selected.
#[test]
fn which_directory_is_never_guessed() {
    let mut world = key_alone();
    world.unset("HEADCOUNT_DIRECTORY_ID");
    let two = json!({"data": [{"directoryId": "d-1"}, {"directoryId": "d-2"}], "links": {}});
    world.fault(json!({"path": "/admin/v2/orgs/{orgId}/directories", "times": 0,
        "answer": {"status": 200, "body": two}}));
    insta::assert_snapshot!(world.run("user suspend samples/deactivate.csv --plan").exit(2).transcript(), @r"
    $ headcount user suspend samples/deactivate.csv --plan
    ─── stderr
    error: could not find the directory: the organization has 2 directories: d-1, d-2; set directory_id to the right one
    hint: nothing was sent
    ─── exit 2
    ");
    world.nothing_sent();
}
