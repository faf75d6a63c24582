//! Each step fails deliberately, in each way, and each is repeated deliberately.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use headcount_atlassian::Limits;
use headcount_engine::{Ending, StopKind, Verify};
use headcount_model::clock::Clock;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use serde_json::{Value, json};

use super::world::{CASES, Case, World, how};
use crate::support::Keys;

const UNLINK: &str = "/admin/user-provisioning/v1/org/{orgId}/user/{accountId}/onlyDeleteUserInDB";

/// The call that a job's steps make: method and path template.
fn call(job: Job, keys: Keys) -> (&'static str, String) {
    let home = |rest: &str| format!("/admin/v2/orgs/{{orgId}}/directories/{{directoryId}}/{rest}");
    let jira = |rest: &str| format!("/rest/api/3/{rest}");
    let by_jira = keys != Keys::Org;
    match job {
        Job::RunCollection => panic!("no job on users or groups"),
        Job::AddMembers if by_jira => ("POST", jira("group/user")),
        Job::AddMembers => ("POST", home("groups/{groupId}/memberships")),
        Job::RemoveMembers => ("DELETE", home("groups/{groupId}/memberships/{accountId}")),
        Job::CreateUsers => ("POST", jira("user")),
        Job::RemoveUsers if by_jira => ("DELETE", jira("user")),
        Job::RemoveUsers => ("DELETE", home("users/{accountId}")),
        Job::SuspendUsers => ("POST", home("users/{accountId}/suspend")),
        Job::RestoreUsers => ("POST", home("users/{accountId}/restore")),
        Job::GrantAccess => ("POST", "/admin/v1/orgs/{orgId}/users/{userId}/roles/assign".into()),
        Job::RevokeAccess => ("POST", "/admin/v1/orgs/{orgId}/users/{userId}/roles/revoke".into()),
        Job::RevokeTokens => ("DELETE", "/users/{account_id}/manage/api-tokens/{tokenId}".into()),
        Job::CreateGroups if keys == Keys::Jira => ("POST", jira("group")),
        Job::CreateGroups => ("POST", home("groups")),
        Job::RemoveGroups if keys == Keys::Jira => ("DELETE", jira("group")),
        Job::RemoveGroups => ("DELETE", home("groups/{groupId}")),
        Job::DeleteUsers => ("POST", "/users/{account_id}/manage/lifecycle/delete".into()),
        Job::CancelDeleteUsers => {
            ("POST", "/users/{account_id}/manage/lifecycle/cancel-delete".into())
        }
        Job::ChangeEmails => ("PUT", "/users/{account_id}/manage/email".into()),
        Job::UnlinkUsers => ("DELETE", UNLINK.into()),
        _ => ("POST", "/users/{account_id}/manage/lifecycle/disable".into()),
    }
}

fn fault((job, keys): (Job, Keys), nth: u64, what: &Value) -> Value {
    let (method, path) = call(job, keys);
    let mut fault = json!({ "method": method, "path": path, "nth": nth, "times": 1 });
    for (name, value) in what.as_object().unwrap() {
        fault[name] = value.clone();
    }
    fault
}

/// Ways in which an answer is lost or shows nothing: the step may have been applied or not.
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

/// A refusal because of the rate is in the journal with its status, so that reports count it.
#[tokio::test]
async fn a_refusal_for_rate_is_in_the_journal() {
    let Case { job, sheet, keys } = CASES[0];
    let mut world = World::with(keys).await;
    let run = world.plan(job, sheet).await;
    let refused = json!({ "answer": { "status": 429, "headers": { "Retry-After": "0" } } });
    world.play.fault(fault((job, keys), 2, &refused)).await;
    let (ending, _) = world.go(&run, &how()).await;
    assert_eq!(ending, Ending::Finished);
    let mut statuses = Vec::new();
    world.journal.each_request(&run.id, u32::MAX, |sent| statuses.push(sent.status)).unwrap();
    assert_eq!(statuses.iter().filter(|status| **status == Some(429)).count(), 1, "{statuses:?}");
    let course = world.journal.course(&run.id).unwrap();
    assert_eq!(course.calls.iter().map(|call| call.refused).sum::<u64>(), 1);
    let done: u64 = course.settled.values().flatten().sum();
    assert_eq!(done, sheet.lines().count() as u64 - 1);
}

#[tokio::test]
async fn whatever_becomes_of_an_answer_each_row_is_done_once() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        for what in lost() {
            // For the canary, and for a later row (if the effect is the question).
            let after = what.to_string().contains("after");
            for nth in [1, 3].into_iter().take(1 + usize::from(after)) {
                let mut world = World::with(keys).await;
                let run = world.plan(job, sheet).await;
                world.play.fault(fault((job, keys), nth, &what)).await;
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
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        // Every request about the user of the second row.
        let second = sheet.lines().nth(2).unwrap().split(',').next().unwrap();
        let who = match job {
            Job::CreateUsers | Job::CreateGroups | Job::ChangeEmails => second.to_owned(),
            Job::RemoveGroups => format!("g-{second}"),
            _ => world.account(second).await,
        };
        let mut fault = fault((job, keys), 1, &json!({ "answer": { "status": 500, "body": {} } }));
        fault["times"] = json!(0);
        fault["mentions"] = json!(who);
        world.play.fault(fault).await;
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&run), [rows - 1, 0, 1, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows - 1);
    }
}

/// The first request was applied and its answer lost, the index does not show it yet, and the second request is
/// refused. The refusal shows nothing about the first one.
#[tokio::test]
async fn a_refusal_while_the_index_may_lag_fails_no_row_whose_earlier_answer_was_lost() {
    let lost = json!({ "drop": "after" });
    let forbidden = json!({ "answer": { "status": 403, "body": { "key": "forbidden" } } });
    let down = json!({ "answer": { "status": 500, "body": {} }, "times": 3 });
    for second in [forbidden, down] {
        let add = (Job::AddMembers, Keys::Both);
        let mut world = World::with(add.1).await;
        let run = world.plan(add.0, "Email,Group\nvdillow@banc.ly,hanoi-legal\n").await;
        let hour = json!({ "lag_ms": 3_600_000, "by_id": true });
        world.play.control("POST", "lag", hour).await;
        world.play.fault(fault(add, 1, &lost)).await;
        world.play.fault(fault(add, 2, &second)).await;
        let mut patient = how();
        patient.canary = 0;
        patient.patience.proof = Duration::from_secs(600);
        let (ending, _) = world.go(&run, &patient).await;
        assert_eq!(ending, Ending::Finished);
        assert_eq!(world.outcomes(&run), [0, 0, 0, 0, 1, 0], "{:?}", world.rows(&run));
        world.play.control("POST", "lag", json!({ "lag_ms": 0 })).await;
        world.go(&run, &patient).await;
        assert_eq!(world.outcomes(&run), [1, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, 1);
    }
}

/// The age of a request is measured by the site's clock. The computer's clock may be set ahead or back between two
/// processes, so it proves nothing.
#[tokio::test]
async fn a_clock_that_is_set_makes_nothing_that_was_sent_older_or_younger() {
    let lost = json!({ "drop": "before", "times": 4 });
    let hour = 3_600_000;
    for by in [0, hour, -hour, 87_660 * hour, -87_660 * hour] {
        for is_done in [false, true] {
            let wrong: &'static AtomicI64 = Box::leak(Box::default());
            let remove = (Job::RemoveMembers, Keys::Org);
            let mut world = World::with(remove.1).await;
            world.clock = Clock::adjusted(jiff::Timestamp::now(), wrong);
            let run = world.plan(remove.0, "Email,Group\ns1@banc.ly,oslo-engineering\n").await;
            let mut patient = how();
            (patient.canary, patient.verify) = (0, Verify::All);
            patient.patience.proof = Duration::from_secs(600);
            match is_done {
                // The request is accepted, and the index does not show it.
                true => {
                    let lag = json!({ "lag_ms": 24 * hour, "by_id": true });
                    drop(world.play.control("POST", "lag", lag).await);
                }
                false => world.play.fault(fault(remove, 1, &lost)).await,
            }
            let outcome = |world: &World| world.rows(&run)[0].0;
            world.go(&run, &patient).await;
            assert_eq!(outcome(&world), Some(Outcome::Unknown), "{by}, {:?}", world.rows(&run));
            wrong.store(by, Ordering::Relaxed);
            for _ in 0..2 {
                world.play.reopen();
                world.go(&run, &patient).await;
                assert_eq!(outcome(&world), Some(Outcome::Unknown), "{by}, {:?}", world.rows(&run));
            }
            world.play.control("POST", "clock", json!({ "step_ms": 25 * hour })).await;
            world.play.reopen();
            world.go(&run, &patient).await;
            let end = if is_done { Outcome::Changed } else { Outcome::Failed };
            assert_eq!(outcome(&world), Some(end), "{by}, {:?}", world.rows(&run));
            assert_eq!(world.effects().await, u64::from(is_done));
        }
    }
}

#[tokio::test]
async fn an_outage_stops_the_run_and_it_goes_on_afterwards() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        // From now on nothing is answered, neither changes nor reads.
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
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        world
            .play
            .fault(fault(
                (job, keys),
                2,
                &json!({ "times": 0, "answer": { "status": 401, "body": {} } }),
            ))
            .await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!((stop.kind, stop.kind.exit_code()), (StopKind::Credential, 3));
        assert_eq!(world.outcomes(&run)[5] + world.outcomes(&run)[0], rows);
        world.play.control("DELETE", "faults", Value::Null).await;
        world.play.reopen();
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{job}");
        assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows);
    }
}

#[tokio::test]
async fn a_canary_that_is_refused_stops_before_the_others() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        let refused = json!({ "answer": { "status": 403, "body": { "key": "forbidden" } } });
        world.play.fault(fault((job, keys), 1, &refused)).await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!((stop.kind, stop.kind.exit_code()), (StopKind::Canary, 4));
        assert_eq!(world.outcomes(&run), [0, 0, 1, 0, 0, rows - 1]);
        assert_eq!(world.effects().await, 0);
    }
}

#[tokio::test]
async fn a_canary_the_site_only_claims_to_have_done_stops_and_is_unknown() {
    for Case { job, sheet, keys } in CASES {
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        // The answer of a success, without its effect.
        let (method, path) = call(job, keys);
        let status = match (method, path.starts_with("/rest/")) {
            ("POST", true) => 201,
            ("DELETE", true) if path == "/rest/api/3/user" => 204,
            ("DELETE", true) => 200,
            _ if path.ends_with("/groups") => 201,
            _ => 204,
        };
        // For something created, the described answer contains the id.
        let id = "11111111-2222-4333-8444-555555555555";
        let body = match job {
            Job::CreateUsers => json!({ "accountId": format!("712020:{id}") }),
            Job::CreateGroups => json!({ "groupId": id, "id": id }),
            _ => json!({ "name": "a group" }),
        };
        let claimed = json!({ "answer": { "status": status, "body": body } });
        world.play.fault(fault((job, keys), 1, &claimed)).await;
        let (ending, _) = world.go(&run, &how()).await;
        let Ending::Stopped(stop) = ending else { panic!("{job} went on") };
        assert_eq!(stop.kind, StopKind::Canary, "{job}");
        assert_eq!(world.outcomes(&run)[4], 1, "{job}: {:?}", world.rows(&run));
        // The next read shows that it was not applied, and it is applied.
        let (ending, _) = world.go(&run, &how()).await;
        assert_eq!(ending, Ending::Finished, "{job}: {:?}", world.rows(&run));
        assert_eq!(world.outcomes(&run)[0], world.effects().await, "{job}");
    }
}

#[tokio::test]
async fn a_canary_that_cannot_be_read_stops_before_the_others() {
    // A group is read before it is deleted. If it can't be read, nothing is sent.
    let cases = CASES.into_iter().filter(|case| case.job != Job::RemoveGroups);
    for Case { job, sheet, keys } in cases {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        // The answer is lost after the effect, and from then on nothing can be read.
        world.play.fault(fault((job, keys), 1, &json!({ "drop": "after" }))).await;
        let down = json!({ "status": 503, "body": "<html>" });
        let searches = ["emails", "accountIds", "groupNames"];
        let searches = searches.map(|what| json!({ "path": "/admin/v2/*", "mentions": what }));
        for mut outage in [json!({ "method": "GET" })].into_iter().chain(searches) {
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
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        world.go(&run, &how()).await;
        world.play.control("DELETE", "log", Value::Null).await;
        let again = world.plan(job, sheet).await;
        let (ending, _) = world.go(&again, &how()).await;
        assert_eq!(ending, Ending::Finished);
        // A group or a token that is not found may be a typing error.
        let is_unclear = matches!(job, Job::RemoveGroups | Job::RevokeTokens);
        let (unchanged, skipped) = if is_unclear { (0, rows) } else { (rows, 0) };
        let wanted = [0, unchanged, 0, skipped, 0, 0];
        assert_eq!(world.outcomes(&again), wanted, "{:?}", world.rows(&again));
        let summary = world.play.control("GET", "log/summary", Value::Null).await;
        assert_eq!(summary["changing"], 0, "{job}: {summary}");
    }
}
