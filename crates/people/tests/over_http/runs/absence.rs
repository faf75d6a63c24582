//! A user counts as new only if the site has shown that the account did not exist.

use headcount_engine::Ending;
use headcount_model::job::Job;
use headcount_model::step::StepState;
use headcount_people::steps::{Before, read_all};
use serde_json::{Value, json};

use super::world::{World, how};

const SHEET: &str = "emailAddress\nnew@example.com\nodd@example.com\nnnoaccess@banc.ly\n";

/// The search refuses one of several addresses. Then it is not known of any user in the sheet whether the account
/// existed, so an undo removes no user from the site.
#[tokio::test]
async fn a_create_without_proof_of_absence_is_not_taken_back() {
    let mut world = World::new().await;
    world
        .play
        .fault(json!({
            "path": "/admin/v2/*", "mentions": "odd@example.com", "times": 0,
            "answer": {"status": 400, "body": {}},
        }))
        .await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    let steps = world.journal.steps(&run.id, StepState::Pending, 0, 10).unwrap();
    let steps = read_all(steps).unwrap();
    assert!(steps.iter().all(|step| step.payload.before != Before::Absent), "{steps:?}");
    let (ending, _) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished);
    let undo = world.plan_undo(&world.run(&run), true).await;
    world.go(&undo, &how()).await;
    assert_eq!(world.outcomes(&undo)[0], 0, "{:?}", world.rows(&undo));
    for mail in ["new@example.com", "odd@example.com", "nnoaccess@banc.ly"] {
        let path = format!("state?only=people&email={mail}");
        let state = world.play.control("GET", &path, Value::Null).await;
        assert_ne!(state["people"][0]["place"], "removed", "{state}");
    }
}
