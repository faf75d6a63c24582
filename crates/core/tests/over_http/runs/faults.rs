//! Each step is failed on purpose, in each way; and each is repeated on purpose.

use std::time::Duration;

use headcount_core::report::Timeline;
use headcount_core::run::{Ending, StopKind};
use headcount_core::site::Limits;
use headcount_core::values::job::Job;
use serde_json::{Value, json};

use super::world::{JOBS, World, how};

/// The call that a job's steps are.
fn call(job: Job) -> (&'static str, &'static str) {
    match job {
        Job::AddMembers => ("POST", "/rest/api/3/group/user"),
        Job::CreateUsers => ("POST", "/rest/api/3/user"),
        _ => ("POST", "/users/{account_id}/manage/lifecycle/disable"),
    }
}

fn fault(job: Job, nth: u64, what: &Value) -> Value {
    let (method, path) = call(job);
    let mut fault = json!({ "method": method, "path": path, "nth": nth, "times": 1 });
    for (name, value) in what.as_object().unwrap() {
        fault[name] = value.clone();
    }
    fault
}

/// Ways in which an answer is lost or says nothing: the step may have been done or not.
fn lost() -> Vec<Value> {
    vec![
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "answer": { "status": 503, "body": "<html>down</html>" } }),
        json!({ "answer": { "status": 500, "body": {}, "when": "after" } }),
        json!({ "half_body": true }),
        json!({ "garbage": true }),
        json!({ "answer": { "status": 429, "headers": { "Retry-After": "0" } } }),
    ]
}

/// A refusal for rate stands in the journal with its status: reports count them.
#[tokio::test]
async fn a_refusal_for_rate_is_in_the_journal() {
    let mut world = World::new().await;
    let (job, sheet) = JOBS[0];
    let run = world.plan(job, sheet).await;
    let refused = json!({ "answer": { "status": 429, "headers": { "Retry-After": "0" } } });
    world.play.fault(fault(job, 2, &refused)).await;
    let (ending, _) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished);
    let mut statuses = Vec::new();
    world.journal.each_request(&run.id, |sent| statuses.push(sent.status)).unwrap();
    assert_eq!(statuses.iter().filter(|status| **status == Some(429)).count(), 1, "{statuses:?}");
    let line = Timeline::of(&world.journal, &world.run(&run)).unwrap().unwrap();
    assert_eq!(line.calls.values().map(|call| call.refused).sum::<u64>(), 1);
    let done: u32 = line.slots.iter().map(|slot| slot.done()).sum();
    assert_eq!(u64::from(done), sheet.lines().count() as u64 - 1);
}

#[tokio::test]
async fn whatever_becomes_of_an_answer_each_row_is_done_once() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        for what in lost() {
            // The canary, and one among the others.
            for nth in [1, 3] {
                let mut world = World::new().await;
                let run = world.plan(job, sheet).await;
                world.play.fault(fault(job, nth, &what)).await;
                let (ending, _) = world.go(&run, &how()).await;
                let at = format!("{job}, request {nth}, {what}: {:?}", world.rows(&run));
                assert_eq!(ending, Ending::Finished, "{at}");
                assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{at}");
                assert_eq!(world.effects().await, rows, "{at}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_stays_away_is_given_up_as_failed_once_reading_shows_nothing() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        // Every request about the second row's person.
        let who =
            if job == Job::CreateUsers { "b@example.com" } else { "982bfd68520fxxx71daccb32" };
        let mut fault = fault(job, 1, &json!({ "answer": { "status": 500, "body": {} } }));
        fault["times"] = json!(0);
        fault["mentions"] = json!(who);
        world.play.fault(fault).await;
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&run), [rows - 1, 0, 1, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows - 1);
    }
}

#[tokio::test]
async fn an_outage_stops_the_run_and_it_goes_on_afterwards() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        // Nothing is answered any more, to changes or to reads.
        let outage = json!({ "path": "*", "nth": 2, "times": 0, "answer": { "status": 503, "body": "<html>" } });
        world.play.fault(outage).await;
        world.play.reopen_with(Limits { read_attempts: 1, ..Limits::default() });
        let mut impatient = how();
        impatient.patience.without_progress = Duration::ZERO;
        let (ending, _) = world.go(&run, &impatient).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!(stop.kind.exit_code(), 5, "{job}: {}", stop.why);
        world.play.control("DELETE", "faults", Value::Null).await;
        world.play.reopen();
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{job}");
        assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows, "{job}");
    }
}

#[tokio::test]
async fn a_refused_key_stops_at_once_and_the_run_goes_on_with_a_good_one() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        world.play.fault(fault(job, 2, &json!({ "answer": { "status": 401, "body": {} } }))).await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!((stop.kind, stop.kind.exit_code()), (StopKind::Credential, 3));
        assert_eq!(world.outcomes(&run)[5] + world.outcomes(&run)[0], rows);
        world.play.reopen();
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{job}");
        assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows);
    }
}

#[tokio::test]
async fn a_canary_that_is_refused_stops_before_the_others() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        let refused = json!({ "answer": { "status": 403, "body": { "key": "forbidden" } } });
        world.play.fault(fault(job, 1, &refused)).await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!((stop.kind, stop.kind.exit_code()), (StopKind::Canary, 4));
        assert_eq!(world.outcomes(&run), [0, 0, 1, 0, 0, rows - 1]);
        assert_eq!(world.effects().await, 0);
    }
}

#[tokio::test]
async fn a_canary_the_site_only_claims_to_have_done_stops_and_is_unknown() {
    for (job, sheet) in JOBS {
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        // The answer of a success, without its effect.
        let status = if job == Job::DeactivateUsers { 204 } else { 201 };
        let claimed = json!({ "answer": { "status": status, "body": {} } });
        world.play.fault(fault(job, 1, &claimed)).await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!(stop.kind, StopKind::Canary, "{job}");
        assert_eq!(world.outcomes(&run)[4], 1, "{job}: {:?}", world.rows(&run));
        // Looked at again, it shows undone, and is done.
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{job}: {:?}", world.rows(&run));
        assert_eq!(world.outcomes(&run)[0], world.effects().await, "{job}");
    }
}

#[tokio::test]
async fn a_canary_nobody_can_look_at_stops_before_the_others() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        // The answer is lost after its effect, and nothing can be read any more.
        world.play.fault(fault(job, 1, &json!({ "drop": "after" }))).await;
        let down = json!({ "status": 503, "body": "<html>" });
        for read in [json!({ "method": "GET" }), json!({ "mentions": "emails" })] {
            let mut outage = read;
            outage["times"] = json!(0);
            outage["answer"] = down.clone();
            world.play.fault(outage).await;
        }
        world.play.reopen_with(Limits { read_attempts: 1, ..Limits::default() });
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!(stop.kind, StopKind::Canary, "{job}: {}", stop.why);
        assert_eq!(world.effects().await, 1, "{job}");
        assert_eq!(world.outcomes(&run)[5], rows - 1, "{job}");
    }
}

#[tokio::test]
async fn a_second_plan_of_the_same_sheet_sends_nothing() {
    for (job, sheet) in JOBS {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::new().await;
        let run = world.plan(job, sheet).await;
        world.go(&run, &how()).await;
        world.play.control("DELETE", "log", Value::Null).await;
        let again = world.plan(job, sheet).await;
        let (ending, _) = world.go(&again, &how()).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&again), [0, rows, 0, 0, 0, 0], "{:?}", world.rows(&again));
        let summary = world.play.control("GET", "log/summary", Value::Null).await;
        assert_eq!(summary["changing"], 0, "{job}: {summary}");
    }
}
