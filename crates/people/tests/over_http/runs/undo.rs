//! An undo reverts what was changed, and only that.

use std::sync::atomic::{AtomicI64, Ordering};

use headcount_engine::{Ending, RunOptions};
use headcount_model::clock::Clock;
use headcount_model::job::Job;
use serde_json::{Value, json};

use crate::support::Keys;

use super::world::{CASES, Case, World, how};

async fn people_and_memberships(world: &World) -> Value {
    let mut state = world.play.control("GET", "state?only=people,memberships", Value::Null).await;
    for person in state["people"].as_array_mut().unwrap() {
        // The time of the last change may differ.
        person.as_object_mut().unwrap().remove("changed_ms");
    }
    json!([state["people"], state["memberships"]])
}

#[tokio::test]
async fn memberships_and_accounts_are_as_they_were_before() {
    let undoable = |case: &Case| {
        let job = case.job;
        !matches!(
            job,
            Job::CreateUsers
                | Job::RemoveUsers
                | Job::CreateGroups
                | Job::RemoveGroups
                | Job::RevokeTokens
                | Job::UnlinkUsers
        )
    };
    for Case { job, sheet, keys } in CASES.into_iter().filter(undoable) {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let before = people_and_memberships(&world).await;
        let run = world.plan(job, sheet).await;
        world.go(&run, &how()).await;
        assert_ne!(people_and_memberships(&world).await, before);
        let run = world.run(&run);
        let undo = world.plan_undo(&run, false).await;
        assert_eq!(undo.undoes, Some(run.id.clone()));
        let (ending, _) = world.go(&undo, &how()).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&undo), [rows, 0, 0, 0, 0, 0], "{:?}", world.rows(&undo));
        assert_eq!(people_and_memberships(&world).await, before, "{job}");
        // An undo is a run and can be undone.
        let redo = world.plan_undo(&world.run(&undo), false).await;
        world.go(&redo, &how()).await;
        assert_eq!(world.outcomes(&redo)[0], rows, "{:?}", world.rows(&redo));
    }
}

/// For ten minutes of the site's clock, an index that may lag does not count, whatever the computer's clock shows.
#[tokio::test]
async fn a_clock_that_is_set_makes_no_lagging_index_believed() {
    let hour = 3_600_000;
    for by in [0, hour, -hour, 87_660 * hour, -87_660 * hour] {
        let wrong: &'static AtomicI64 = Box::leak(Box::default());
        let mut world = World::with(Keys::Both).await;
        world.clock = Clock::adjusted(jiff::Timestamp::now(), wrong);
        let run = world.plan(Job::AddMembers, "Email,Group\nvdillow@banc.ly,hanoi-legal\n").await;
        let lag = json!({ "lag_ms": 24 * hour, "by_id": true });
        world.play.control("POST", "lag", lag).await;
        let once = RunOptions { canary: 0, ..how() };
        world.go(&run, &once).await;
        wrong.store(by, Ordering::Relaxed);
        world.play.reopen();
        let undo = world.plan_undo(&world.run(&run), false).await;
        assert_eq!(world.outcomes(&undo), [0, 0, 0, 0, 0, 1], "{by}, {:?}", world.rows(&undo));
        // Later it counts.
        world.play.control("POST", "clock", json!({ "step_ms": 25 * hour })).await;
        world.play.reopen();
        let again = world.plan_undo(&world.run(&run), false).await;
        assert_eq!(world.outcomes(&again), [0, 0, 0, 0, 0, 1], "{by}, {:?}", world.rows(&again));
        world.go(&again, &once).await;
        assert_eq!(world.outcomes(&again), [1, 0, 0, 0, 0, 0], "{by}, {:?}", world.rows(&again));
    }
}

#[tokio::test]
async fn rows_that_needed_no_change_are_no_part_of_an_undo() {
    let mut world = World::new().await;
    let Case { job, sheet, .. } = CASES[0];
    let first: String = sheet.lines().take(2).map(|line| format!("{line}\n")).collect();
    let earlier = world.plan(job, &first).await;
    world.go(&earlier, &how()).await;
    let run = world.plan(job, sheet).await;
    world.go(&run, &how()).await;
    assert_eq!(world.outcomes(&run)[1], 1);
    let undo = world.plan_undo(&world.run(&run), false).await;
    world.go(&undo, &how()).await;
    assert_eq!(world.outcomes(&undo), [4, 0, 0, 0, 0, 0], "{:?}", world.rows(&undo));
}

#[tokio::test]
async fn created_people_are_taken_off_only_when_asked_and_only_the_new_ones() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, CASES[1].sheet).await;
    world.go(&run, &how()).await;
    let kept = world.plan_undo(&world.run(&run), false).await;
    world.go(&kept, &how()).await;
    assert_eq!(world.outcomes(&kept), [0, 0, 0, 4, 0, 0], "{:?}", world.rows(&kept));
    let undo = world.plan_undo(&world.run(&run), true).await;
    let (ending, _) = world.go(&undo, &how()).await;
    assert_eq!(ending, Ending::Finished);
    assert_eq!(world.outcomes(&undo), [4, 0, 0, 0, 0, 0], "{:?}", world.rows(&undo));
    // The user is removed from the site and not deactivated.
    let state =
        world.play.control("GET", "state?only=people&email=a@example.com", Value::Null).await;
    assert_eq!(state["people"][0]["place"], "removed", "{state}");
}
