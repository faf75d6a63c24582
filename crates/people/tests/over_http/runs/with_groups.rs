//! Rows of several steps: users are created and put into groups. Each request fails deliberately, the run is
//! interrupted after each event, and it is undone.

use headcount_engine::{Ending, StopKind};
use headcount_journal::{Count, Run};
use headcount_model::event::Event;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome::{self, Changed, Failed, Skipped, Unchanged};
use serde_json::{Value, json};

use super::world::{World, how};

/// A new user in two groups, one in none, one in one; an existing user who is not in the group; and the first one
/// again, for another group.
const SHEET: &str = "emailAddress,groups\na@example.com,oslo-engineering;hanoi-legal\n\
                     b@example.com,\nc@example.com,houston-sales\n\
                     vdillow@banc.ly,oslo-engineering\na@example.com,houston-sales\n";

/// Three creations and five memberships.
const EFFECTS: u64 = 8;

const CREATE: &str = "/rest/api/3/user";
const ADD: &str = "/rest/api/3/group/user";

fn fault(path: &str, what: Value) -> Value {
    let mut fault = json!({ "method": "POST", "path": path, "times": 1 });
    for (name, value) in what.as_object().unwrap() {
        fault[name] = value.clone();
    }
    fault
}

fn outcomes(world: &World, run: &Run) -> Vec<Outcome> {
    world.rows(run).into_iter().map(|(outcome, _)| outcome.unwrap()).collect()
}

/// What was sent, in order: the address of a creation, or `+`.
async fn sent(world: &World) -> Vec<String> {
    let log = world.play.control("GET", "log?limit=1000&changed=true", Value::Null).await;
    let entries = log["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_is_created_then_added_and_the_first_row_is_done_wholly_before_the_others() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    let (ending, events) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished);
    assert_eq!(outcomes(&world, &run), [Changed; 5], "{:?}", world.rows(&run));
    assert_eq!(world.effects().await, EFFECTS);
    // First the first row's user and its two groups.
    let sent = sent(&world).await;
    let first: Vec<_> = sent.iter().take(3).map(|path| path.contains("group")).collect();
    assert_eq!(first, [false, true, true], "{sent:?}");
    let told: Vec<&Event> = events.iter().take(2).collect();
    let [Event::Settled { row: 1, detail, .. }, Event::Canary { row: 1, ok, wanted, found }] =
        told.as_slice()
    else {
        panic!("{told:?}")
    };
    let words = "created a@example.com; added a@example.com to oslo-engineering; \
                 added a@example.com to hanoi-legal";
    assert_eq!(detail, words);
    assert!(*ok);
    assert_eq!(
        wanted,
        "a@example.com on the site, with jira-software; in oslo-engineering; in hanoi-legal"
    );
    assert!(found.contains("oslo-engineering") && found.contains("hanoi-legal"), "{found}");
}

#[tokio::test]
async fn the_same_sheet_again_sends_nothing() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    world.go(&run, &how()).await;
    let again = world.plan(Job::CreateUsers, SHEET).await;
    world.go(&again, &how()).await;
    assert_eq!(outcomes(&world, &again), [Unchanged; 5], "{:?}", world.rows(&again));
    assert_eq!(world.effects().await, EFFECTS);
}

#[tokio::test]
async fn whatever_becomes_of_an_answer_each_step_is_done_once() {
    let lost = [
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "answer": { "status": 500, "body": {}, "when": "after" } }),
        json!({ "half_body": true }),
        json!({ "answer": { "status": 429, "headers": { "Retry-After": "0" } } }),
    ];
    for what in lost {
        for (path, many) in [(CREATE, 3), (ADD, 5)] {
            for nth in 1..=many {
                let mut world = World::new().await;
                let run = world.plan(Job::CreateUsers, SHEET).await;
                let mut fault = fault(path, what.clone());
                fault["nth"] = json!(nth);
                world.play.fault(fault).await;
                let (ending, _) = world.go(&run, &how()).await;
                let at = format!("{path} {nth}, {what}: {:?}", world.rows(&run));
                assert_eq!(ending, Ending::Finished, "{at}");
                assert_eq!(outcomes(&world, &run), [Changed; 5], "{at}");
                assert_eq!(world.effects().await, EFFECTS, "{at}");
            }
        }
    }
}

/// A site where some servers do not know a user yet who was just created.
#[tokio::test]
async fn who_was_created_a_moment_ago_may_not_be_known_yet() {
    let not_yet = json!({ "answer": { "status": 404, "body": { "errorMessages": ["no user"] } } });
    for times in [1, 3] {
        let mut world = World::new().await;
        let run = world.plan(Job::CreateUsers, SHEET).await;
        let mut fault = fault(ADD, not_yet.clone());
        fault["times"] = json!(times);
        world.play.fault(fault).await;
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{times}: {:?}", world.rows(&run));
        assert_eq!(outcomes(&world, &run), [Changed; 5], "{times}: {:?}", world.rows(&run));
        assert_eq!(world.effects().await, EFFECTS, "{times}");
    }
}

#[tokio::test]
async fn who_is_not_created_is_added_to_nothing_and_the_others_go_on() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    let no = json!({ "answer": { "status": 403, "body": { "key": "no" } }, "times": 0,
                     "mentions": "a@example.com" });
    world.play.fault(fault(CREATE, no)).await;
    let (ending, _) = world.go(&run, &how()).await;
    let Ending::Stopped(stop) = ending else { panic!("it went on") };
    assert_eq!(stop.kind, StopKind::Canary);
    world.go(&run, &how()).await;
    assert_eq!(outcomes(&world, &run), [Failed, Changed, Changed, Changed, Failed]);
    assert_eq!(world.effects().await, EFFECTS - 4);
    let (_, detail) = &world.rows(&run)[0];
    assert!(detail.starts_with("a@example.com failed: "), "{detail}");
    let part = "hanoi-legal skipped: not sent: the step that it needs failed";
    assert!(detail.contains(part), "{detail}");
}

#[tokio::test]
async fn one_group_that_is_refused_fails_its_row_and_the_detail_shows_the_parts() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    let no = json!({ "answer": { "status": 403, "body": { "key": "no" } }, "nth": 2 });
    world.play.fault(fault(ADD, no)).await;
    let mut at_once = how();
    at_once.canary = 0;
    world.go(&run, &at_once).await;
    let failed: Vec<_> = world.rows(&run).into_iter().filter(|row| row.0 == Some(Failed)).collect();
    assert_eq!(failed.len(), 1, "{:?}", world.rows(&run));
    assert_eq!(world.effects().await, EFFECTS - 1);
    assert!(failed[0].1.contains(" failed: "), "{failed:?}");
}

/// A step that waits for a creation with an unknown outcome is sent by the resume that settles it.
#[tokio::test]
async fn an_unknown_creation_is_settled_by_a_resume_and_then_the_groups_follow() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    // The answer of a success, without its effect.
    let claimed = json!({ "answer": { "status": 201, "body": { "accountId": "nobody-1" } } });
    world.play.fault(fault(CREATE, claimed)).await;
    let (ending, _) = world.go(&run, &how()).await;
    let Ending::Stopped(stop) = ending else { panic!("it went on") };
    assert_eq!(stop.kind, StopKind::Canary, "{}", stop.why);
    assert_eq!(world.effects().await, 0);
    let (outcome, detail) = &world.rows(&run)[0];
    assert_eq!(*outcome, Some(Outcome::Unknown));
    assert!(detail.contains("hanoi-legal skipped: not sent: it is not known yet"), "{detail}");
    // All steps that may still be sent count against the maximum.
    let mut bound = how();
    bound.max_changes = Some(EFFECTS - 1);
    let (ending, _) = world.go(&run, &bound).await;
    let Ending::Stopped(stop) = ending else { panic!("it went on") };
    assert_eq!(stop.kind, StopKind::Bound, "{}", stop.why);
    let (ending, _) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished, "{:?}", world.rows(&run));
    assert_eq!(outcomes(&world, &run), [Changed; 5], "{:?}", world.rows(&run));
    assert_eq!(world.effects().await, EFFECTS);
}

#[tokio::test]
async fn broken_off_after_each_event_and_resumed_each_step_is_done_once() {
    for recheck in [false, true] {
        for after in 1..=6 {
            let mut world = World::new().await;
            let run = world.plan(Job::CreateUsers, SHEET).await;
            world.go_until(&run, &how(), Some(after)).await;
            let mut again = how();
            again.recheck = recheck;
            let (ending, _) = world.go(&run, &again).await;
            assert_eq!(ending, Ending::Finished, "after {after}");
            assert_eq!(outcomes(&world, &run), [Changed; 5], "{after}: {:?}", world.rows(&run));
            assert_eq!(world.effects().await, EFFECTS, "after {after}");
        }
    }
}

/// A plan that waited: what another user has changed meanwhile is unchanged, and the rest is applied.
#[tokio::test]
async fn who_was_created_meanwhile_is_only_added_to_their_groups() {
    let mut world = World::new().await;
    let run = world.plan(Job::CreateUsers, SHEET).await;
    let others = "emailAddress,groups\na@example.com,hanoi-legal\n";
    let other = world.plan(Job::CreateUsers, others).await;
    world.go(&other, &how()).await;
    let mut later = how();
    later.recheck = true;
    let (ending, _) = world.go(&run, &later).await;
    assert_eq!(ending, Ending::Finished, "{:?}", world.rows(&run));
    assert_eq!(outcomes(&world, &run), [Changed; 5], "{:?}", world.rows(&run));
    let (_, detail) = &world.rows(&run)[0];
    assert!(detail.contains("hanoi-legal unchanged: "), "{detail}");
    assert_eq!(world.effects().await, EFFECTS);
    // What existed before is not undone.
    let undo = world.plan_undo(&run, true).await;
    world.go(&undo, &how()).await;
    let books =
        world.play.control("GET", "state?only=people&email=a@example.com", Value::Null).await;
    assert_ne!(books["people"][0]["place"], "removed", "{books}");
}

#[tokio::test]
async fn rows_alike_are_duplicates_and_one_group_that_is_not_there_stops_its_row() {
    let mut world = World::new().await;
    let sheet = "emailAddress,groups,products\n\
                 a@example.com,oslo-engineering;hanoi-legal,\na@example.com,hanoi-legal,\n\
                 a@example.com,,none\na@example.com,,\nb@example.com,hanoi-legal;hanoi-legl,\n";
    let run = world.plan(Job::CreateUsers, sheet).await;
    let (ending, _) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished);
    let outcomes = outcomes(&world, &run);
    assert_eq!(outcomes, [Changed, Skipped, Skipped, Skipped, Skipped], "{:?}", world.rows(&run));
    let counts = world.journal.counts(&run.id).unwrap();
    assert_eq!((counts.planned, counts.harmless), (1, 2));
    assert!(world.rows(&run)[4].1.contains("nearest: hanoi-legal"), "{:?}", world.rows(&run));
    assert_eq!(world.effects().await, 3);
}

#[tokio::test]
async fn an_undo_takes_people_out_of_groups_and_only_if_asked_off_the_site() {
    for remove_created in [false, true] {
        let mut world = World::new().await;
        let run = world.plan(Job::CreateUsers, SHEET).await;
        world.go(&run, &how()).await;
        let undo = world.plan_undo(&run, remove_created).await;
        let (ending, _) = world.go(&undo, &how()).await;
        assert_eq!(ending, Ending::Finished, "{:?}", world.rows(&undo));
        let rows = world.rows(&undo);
        let outcomes = outcomes(&world, &undo);
        let wanted = match remove_created {
            // The first row's step also removes the user from the last row's group.
            true => [Changed, Changed, Changed, Changed, Skipped],
            false => [Skipped, Skipped, Skipped, Changed, Changed],
        };
        assert_eq!(outcomes, wanted, "{rows:?}");
        let removed = if remove_created { 3 } else { 0 };
        assert_eq!(world.effects().await, EFFECTS + 5 + removed, "{rows:?}");
        let counts = world.journal.counts(&undo.id).unwrap();
        assert_eq!(counts.harmless, u64::from(remove_created));
        if remove_created {
            // A second undo a moment later has nothing to do.
            let again = world.plan_undo(&run, true).await;
            assert_eq!(world.journal.count(&again.id, Count::OpenSteps).unwrap(), 0);
            let rows = world.rows(&again);
            assert!(rows.iter().all(|(outcome, _)| *outcome == Some(Unchanged)), "{rows:?}");
            continue;
        }
        // With the other option it can be undone again: users who are already out of the groups are removed from
        // the site.
        let again = world.plan_undo(&run, true).await;
        let (ending, _) = world.go(&again, &how()).await;
        assert_eq!(ending, Ending::Finished, "{:?}", world.rows(&again));
        assert_eq!(world.effects().await, EFFECTS + 5 + 3, "{:?}", world.rows(&again));
    }
}
