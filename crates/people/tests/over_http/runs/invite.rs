//! Invitations: many users in one request, each with a part of the answer.

use headcount_engine::Ending;
use headcount_model::job::Job;
use serde_json::{Value, json};

use super::world::{World, how};
use crate::support::Keys;

const INVITE: &str = "/admin/v2/orgs/{orgId}/users/invite";

async fn world(keys: Keys) -> World {
    let mut world = World::with(keys).await;
    world.invite = true;
    world
}

fn sheet(people: usize) -> String {
    let rows = (0..people).map(|at| format!("new{at}@example.com,\n"));
    std::iter::once("emailAddress,groups\n".to_owned()).chain(rows).collect()
}

/// The invitations that reached the site.
async fn requests(world: &World) -> u64 {
    world.play.asked("/users/invite").await as u64
}

#[tokio::test]
async fn twenty_five_people_share_a_request() {
    for keys in [Keys::Both, Keys::Org] {
        let mut world = world(keys).await;
        let run = world.plan(Job::CreateUsers, &sheet(101)).await;
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&run), [101, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, 101);
        // The canary alone, then packs. Their size depends on timing.
        let requests = requests(&world).await;
        assert!((5..=12).contains(&requests), "{requests} requests");
        // The same sheet again sends nothing.
        world.play.control("DELETE", "log", Value::Null).await;
        let again = world.plan(Job::CreateUsers, &sheet(101)).await;
        world.go(&again, &how()).await;
        assert_eq!(world.outcomes(&again), [0, 101, 0, 0, 0, 0], "{:?}", world.rows(&again));
        let summary = world.play.control("GET", "log/summary", Value::Null).await;
        assert_eq!(summary["changing"], 0);
        // An undo removes users who were certainly new, if it is asked to.
        let undo = world.plan_undo(&world.run(&run), true).await;
        world.go(&undo, &how()).await;
        assert_eq!(world.outcomes(&undo)[0], 101, "{:?}", world.rows(&undo));
    }
}

#[tokio::test]
async fn each_user_is_invited_once_whatever_the_answer_is() {
    for what in [
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "answer": { "status": 500, "body": {}, "when": "after" } }),
        json!({ "half_body": true }),
        json!({ "garbage": true }),
        json!({ "answer": { "status": 429, "headers": { "Retry-After": "0" } } }),
    ] {
        for nth in [1, 2] {
            let mut world = world(Keys::Both).await;
            let run = world.plan(Job::CreateUsers, &sheet(40)).await;
            let mut fault = what.clone();
            fault["path"] = json!(INVITE);
            fault["nth"] = json!(nth);
            world.play.fault(fault).await;
            let (ending, _) = world.go(&run, &how()).await;
            assert_eq!(ending, Ending::Finished, "{what}: {:?}", world.rows(&run));
            assert_eq!(world.outcomes(&run), [40, 0, 0, 0, 0, 0], "{what}: {:?}", world.rows(&run));
            assert_eq!(world.effects().await, 40, "{what}");
        }
    }
}

/// After a 206, each row has an answer of its own; a refused user does not affect the others.
#[tokio::test]
async fn an_answer_is_taken_apart_person_by_person() {
    let mut world = world(Keys::Both).await;
    let more = json!({"groups": [{"id": "g-late", "name": "late"}]});
    world.play.control("POST", "seed", more).await;
    let sheet = "emailAddress,groups\na@example.com,\nb@example.com,late;hanoi-legal\n\
                 c@example.com,late\nd@example.com,\nodd@example.com,\ne@example.com,nowhere\n\
                 f@example.com,idp-everyone\nvdillow@banc.ly,\njfloat@banc.ly,late\n";
    let run = world.plan(Job::CreateUsers, sheet).await;
    // One of them is always refused; a request that contains that user fails.
    let bad =
        json!({"errors": [{"code": "ADMIN-UAM-400-1", "title": "Bad Request", "detail": "No."}]});
    world
        .play
        .fault(json!({"path": INVITE, "mentions": "odd@example.com", "times": 0,
                      "answer": {"status": 400, "body": bad}}))
        .await;
    world.go(&run, &how()).await;
    let rows = world.journal.rows(&run.id, 0, 20).unwrap();
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.unwrap().word()).collect();
    let wanted = [
        "created",
        "created",
        "created",
        "created",
        "refused",
        "group-not-found",
        "identity-provider",
        "already-there",
        "done",
    ];
    assert_eq!(reasons, wanted, "{:?}", world.rows(&run));
    let state = world.play.control("GET", "state?only=memberships&group=g-late", Value::Null).await;
    assert_eq!(state["memberships"].as_array().unwrap().len(), 3, "{state}");
}

#[tokio::test]
async fn a_refusal_for_one_user_is_reported_in_their_row() {
    let mut world = world(Keys::Both).await;
    let run = world.plan(Job::CreateUsers, &sheet(3)).await;
    let one = |mail: &str, status: &str, why: Value| {
        json!({"id": format!("712020:{}", &mail[..4]), "email": mail, "results": [{
            "roleAssignmentResult": [{"resource": "ari:cloud:jira-software::site/x",
                "status": status, "statusReason": why}],
            "groupAssignmentResult": []}]})
    };
    let data = json!([
        one("new1@example.com", "ERROR", json!("The user limit is exceeded.")),
        one("NEW2@example.com", "ERROR", json!("Not now.")),
    ]);
    world
        .play
        .fault(json!({"path": INVITE, "nth": 2, "answer": {"status": 206, "body": {"data": data}}}))
        .await;
    world.go(&run, &how()).await;
    let rows = world.journal.rows(&run.id, 0, 20).unwrap();
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.unwrap().word()).collect();
    assert_eq!(reasons, ["created", "licence-limit", "refused"], "{:?}", world.rows(&run));
    assert!(rows[2].detail.contains("Not now."), "{}", rows[2].detail);
}
