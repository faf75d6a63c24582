//! Groups are created once, and deleted again only if they are unchanged.

use headcount_engine::Ending;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use serde_json::{Value, json};

use super::world::{World, how};
use crate::support::Keys;

const SHEET: &str = "name,description\nnew-1,one\nnew-2,two\nnew-3,\n";

async fn group(world: &World, name: &str) -> Value {
    let state = world.play.control("GET", "state?only=groups", Value::Null).await;
    let groups = state["groups"].as_array().unwrap();
    groups.iter().find(|group| group["name"] == name).cloned().unwrap_or_default()
}

#[tokio::test]
async fn only_what_is_still_empty_is_deleted_and_only_when_asked() {
    for keys in [Keys::Both, Keys::Jira, Keys::Org] {
        let mut world = World::with(keys).await;
        let run = world.plan(Job::CreateGroups, SHEET).await;
        world.go(&run, &how()).await;
        assert_eq!(world.outcomes(&run), [3, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        let described = if keys == Keys::Jira { Value::Null } else { json!("one") };
        assert_eq!(group(&world, "new-1").await["description"], described, "{keys:?}");
        let kept = world.plan_undo(&world.run(&run), false).await;
        world.go(&kept, &how()).await;
        assert_eq!(world.outcomes(&kept), [0, 0, 0, 3, 0, 0], "{:?}", world.rows(&kept));
        // A user is put into one of them. Another gets a member after the plan was made.
        let member = |group: &str| json!({"email": "jfloat@banc.ly", "group": group});
        let more = json!({"memberships": [member("new-2")]});
        world.play.control("POST", "seed", more).await;
        let undo = world.plan_undo(&world.run(&run), true).await;
        let more = json!({"memberships": [member("new-3")]});
        world.play.control("POST", "seed", more).await;
        let (ending, _) = world.go(&undo, &how()).await;
        assert_eq!(ending, Ending::Finished);
        let outcomes: Vec<_> = world.rows(&undo).into_iter().map(|row| row.0).collect();
        let skipped = Some(Outcome::Skipped);
        assert_eq!(outcomes, [Some(Outcome::Changed), skipped, skipped], "{:?}", world.rows(&undo));
        assert_eq!(group(&world, "new-1").await, Value::Null);
        assert_ne!(group(&world, "new-3").await, Value::Null);
    }
}

/// If another user creates a group of the same name between plan and request, the group is not ours.
#[tokio::test]
async fn a_name_that_is_taken_meanwhile_is_unchanged_and_never_taken_back() {
    for keys in [Keys::Both, Keys::Jira, Keys::Org] {
        let mut world = World::with(keys).await;
        let run = world.plan(Job::CreateGroups, SHEET).await;
        let more = json!({"groups": [{"id": "theirs", "name": "New-2"}]});
        world.play.control("POST", "seed", more).await;
        world.go(&run, &how()).await;
        assert_eq!(world.outcomes(&run), [2, 1, 0, 0, 0, 0], "{:?}", world.rows(&run));
        let undo = world.plan_undo(&world.run(&run), true).await;
        world.go(&undo, &how()).await;
        assert_eq!(world.outcomes(&undo), [2, 0, 0, 0, 0, 0], "{:?}", world.rows(&undo));
        assert_eq!(group(&world, "New-2").await["id"], "theirs");
    }
}

/// One status for two causes: an existing member is unchanged, a full license is a failure.
#[tokio::test]
async fn a_conflict_of_the_directory_is_read_before_it_is_believed() {
    let mut world = World::with(Keys::Org).await;
    let sheet = "email,group\njfloat@banc.ly,hanoi-legal\nvdillow@banc.ly,hanoi-legal\n\
                 mwaiting@banc.ly,hanoi-legal\n";
    let run = world.plan(Job::AddMembers, sheet).await;
    let more = json!({"memberships": [{"email": "jfloat@banc.ly", "group": "hanoi-legal"}]});
    world.play.control("POST", "seed", more).await;
    let path = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships";
    let full = json!({"errors": [{"code": "ADMIN-409-3", "title": "License limit exceeded"}]});
    world
        .play
        .fault(json!({"method": "POST", "path": path, "nth": 2,
                      "answer": {"status": 409, "body": full}}))
        .await;
    world.go(&run, &how()).await;
    let rows = world.rows(&run);
    assert_eq!(world.outcomes(&run), [0, 1, 1, 1, 0, 0], "{rows:?}");
    let reasons: Vec<_> = world.journal.rows(&run.id, 0, 9).unwrap();
    let reasons: Vec<_> = reasons.iter().map(|row| row.reason.unwrap().word()).collect();
    assert_eq!(reasons, ["already-member", "licence-limit", "not-in-directory"]);
}

/// Only empty groups are deleted; a group that gets a member after the plan stays.
#[tokio::test]
async fn a_group_that_gets_a_member_after_the_plan_is_not_deleted() {
    for keys in [Keys::Both, Keys::Jira, Keys::Org] {
        let mut world = World::with(keys).await;
        let run =
            world.plan(Job::RemoveGroups, "Group\nempty-1\ng-empty-2\noslo-engineering\n").await;
        let reasons = |world: &World, run| {
            let rows = world.journal.rows(run, 0, 9).unwrap();
            rows.iter().map(|row| row.reason.map(Reason::word)).collect::<Vec<_>>()
        };
        // An id that is not a UUID counts as a name.
        let planned = [None, Some("group-not-found"), Some("group-not-empty")];
        assert_eq!(reasons(&world, &run.id), planned, "{keys:?}");
        let run = world.plan(Job::RemoveGroups, "Group\nempty-1\nempty-2\n").await;
        let more = json!({"memberships": [{"email": "jfloat@banc.ly", "group": "empty-2"}]});
        world.play.control("POST", "seed", more).await;
        world.go(&run, &how()).await;
        let ended = [Some("done"), Some("changed-since-plan")];
        assert_eq!(reasons(&world, &run.id), ended, "{keys:?}: {:?}", world.rows(&run));
        assert_eq!(group(&world, "empty-1").await, Value::Null);
        assert_ne!(group(&world, "empty-2").await, Value::Null);
        assert_eq!(world.effects().await, 1, "{keys:?}");
    }
}

/// One page with a total of 1 and no member, or the reverse, may be a chance, while planning and just before the
/// deletion. (In seed 3760 of the simulation, the group was missing in the plan.)
#[tokio::test]
async fn one_page_of_members_that_contradicts_itself_leaves_no_group_out() {
    let user = json!({"accountId": "712020:x", "accountType": "atlassian", "active": true});
    for body in [
        json!({"values": [], "total": 1, "isLast": true}),
        json!({"values": [], "total": 1}),
        json!({"values": [user], "total": 0, "isLast": true}),
    ] {
        let mut world = World::with(Keys::Jira).await;
        let lie = json!({"method": "GET", "path": "/rest/api/3/group/member", "nth": 1, "times": 1,
            "answer": {"status": 200, "body": body}});
        world.play.fault(lie.clone()).await;
        let run = world.plan(Job::RemoveGroups, "Group\nempty-1\n").await;
        assert_eq!(world.journal.rows(&run.id, 0, 9).unwrap()[0].reason, None, "{body}");
        world.play.fault(lie).await;
        world.go(&run, &how()).await;
        assert_eq!(world.effects().await, 1, "{body}: {:?}", world.rows(&run));
    }
}

/// If the site can't show whether a group is empty, nothing is sent. If the index may not show a new member yet,
/// Jira is read, too, if there is a token.
#[tokio::test]
async fn a_group_whose_members_cannot_be_read_is_not_deleted() {
    let search = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search";
    let uncounted = json!({"data": [{"id": "g-empty-1", "name": "empty-1", "externalSynced": false}],
        "links": {}});
    let no_list = json!({"values": [], "total": 3, "isLast": true});
    for (keys, method, path, body) in [
        (Keys::Org, "POST", search, uncounted),
        (Keys::Jira, "GET", "/rest/api/3/group/member", no_list),
    ] {
        let mut world = World::with(keys).await;
        let run = world.plan(Job::RemoveGroups, "Group\nempty-1\n").await;
        world
            .play
            .fault(json!({"method": method, "path": path, "times": 0,
                          "answer": {"status": 200, "body": body}}))
            .await;
        world.go(&run, &how()).await;
        assert_eq!(world.effects().await, 0, "{keys:?}: {:?}", world.rows(&run));
        assert_eq!(world.outcomes(&run)[0], 0, "{keys:?}");
    }
    let mut world = World::with(Keys::Both).await;
    let run = world.plan(Job::RemoveGroups, "Group\nempty-1\n").await;
    let empty = json!({"data": [{"id": "g-empty-1", "name": "empty-1", "externalSynced": false,
        "counts": {"users": 0, "resources": 0}}], "links": {}});
    world
        .play
        .fault(json!({"method": "POST", "path": search, "times": 0,
                      "answer": {"status": 200, "body": empty}}))
        .await;
    let more = json!({"memberships": [{"email": "jfloat@banc.ly", "group": "empty-1"}]});
    world.play.control("POST", "seed", more).await;
    world.go(&run, &how()).await;
    assert_eq!(world.effects().await, 0, "{:?}", world.rows(&run));
}
