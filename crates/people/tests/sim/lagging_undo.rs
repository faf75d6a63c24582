//! An undo right after its run, while the site's index still shows the state from before that run: no answer and no
//! reading makes the row seem undone.

use std::time::Duration;

use headcount_atlassian::pace::PaceSettings;
use headcount_engine::{Ending, Patience, RunOptions};
use headcount_model::event::Event;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_sandbox::Config;
use serde_json::{Value, json};

use super::company::Books;
use super::process::{Death, Keys, Machine, Stretch};
use super::weather::Weather;

const MEMBER: &str = "Email,Group\nvdillow@banc.ly,hanoi-legal\n";

/// How a removal is answered, for how long the index lags, and how the row of the undo ends.
struct Case {
    what: &'static str,
    faults: Value,
    lag_ms: u64,
    canary: u64,
    end: (Outcome, Reason),
}

fn removal(fault: Value) -> Value {
    let mut fault = fault;
    fault["method"] = json!("DELETE");
    fault["path"] = json!("/rest/api/3/group/user");
    fault
}

fn answered(nth: u64, status: u16, body: &Value) -> Value {
    removal(json!({ "nth": nth, "times": 0, "answer": { "status": status, "body": body } }))
}

fn cases() -> Vec<Case> {
    let no = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
    let denied =
        json!({ "errorMessages": ["You do not have the required permissions."], "errors": {} });
    let lost = removal(json!({ "nth": 1, "times": 1, "answer": { "status": 503, "body": {} } }));
    let open = (Outcome::Unknown, Reason::NoResponse);
    let unseen = (Outcome::Unknown, Reason::NotVerified);
    vec![
        Case {
            what: "400 without a reason",
            faults: json!([answered(1, 400, &no)]),
            lag_ms: 60_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "400 for a missing right",
            faults: json!([answered(1, 400, &denied)]),
            lag_ms: 60_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "422",
            faults: json!([answered(1, 422, &no)]),
            lag_ms: 60_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "403",
            faults: json!([answered(1, 403, &no)]),
            lag_ms: 60_000,
            canary: 0,
            end: (Outcome::Failed, Reason::Forbidden),
        },
        Case {
            what: "lost, then 400",
            faults: json!([lost, answered(2, 400, &no)]),
            lag_ms: 200_000,
            canary: 0,
            end: open,
        },
        Case {
            what: "lost, then 403",
            faults: json!([lost, answered(2, 403, &no)]),
            lag_ms: 200_000,
            canary: 0,
            end: open,
        },
        Case {
            what: "404 for a missing right",
            faults: json!([answered(1, 404, &denied)]),
            lag_ms: 2_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "409 of another state",
            faults: json!([answered(1, 409, &no)]),
            lag_ms: 2_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "404 for a missing right, and a long lag",
            faults: json!([answered(1, 404, &denied)]),
            lag_ms: 300_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "409 of another state, and a long lag",
            faults: json!([answered(1, 409, &no)]),
            lag_ms: 300_000,
            canary: 0,
            end: unseen,
        },
        Case {
            what: "accepted and not done",
            faults: json!([answered(1, 200, &json!({}))]),
            lag_ms: 2_000,
            canary: 1,
            end: unseen,
        },
    ]
}

/// Plans the undo of a membership that the index does not show yet, and sends it with these faults.
async fn undo(case: &Case) {
    let pace = PaceSettings { concurrency: Some(1), rate: None, seed: 1 };
    let rng = fastrand::Rng::with_seed(1);
    let mut machine = Machine::with(Config::default(), pace, rng, Keys::Jira).await;
    machine.net.control("POST", "lag", json!({ "lag_ms": case.lag_ms, "by_id": true })).await;
    let run = machine.plan(Job::AddMembers, MEMBER).await.unwrap();
    let how = RunOptions { canary: 0, ..RunOptions::default() };
    let stretch = machine.stretch(&run, &how, Death::Never).await;
    assert!(matches!(stretch, Stretch::Ended(Ending::Finished)), "{}: {stretch:?}", case.what);
    let added = Books::read(&machine.net).await;
    let undo = machine.plan_undo(&machine.run(&run), false).await.unwrap();
    machine.net.control("POST", "faults", json!({ "faults": case.faults })).await;
    let how = RunOptions { canary: case.canary, ..RunOptions::default() };
    machine.stretch(&undo, &how, Death::Never).await;
    let rows = machine.journal.rows(&undo.id, 0, 10).unwrap();
    let end = rows[0].outcome.zip(rows[0].reason);
    assert_eq!(end, Some(case.end), "{}: {rows:?}", case.what);
    assert_eq!(Books::read(&machine.net).await, added, "{}: nothing was removed", case.what);
    // Later the index shows what is so, and the site accepts the removal.
    machine.net.control("DELETE", "faults", Value::Null).await;
    tokio::time::sleep(Duration::from_secs(700)).await;
    machine.net.control("POST", "lag", json!({ "lag_ms": 0, "by_id": true })).await;
    let again = match case.end.0 {
        Outcome::Unknown => undo,
        _ => machine.plan_undo(&machine.run(&run), false).await.unwrap(),
    };
    let how = RunOptions { recheck: true, ..RunOptions::default() };
    machine.stretch(&again, &how, Death::Never).await;
    let rows = machine.journal.rows(&again.id, 0, 10).unwrap();
    assert_eq!(rows[0].outcome, Some(Outcome::Changed), "{}: {rows:?}", case.what);
}

/// A user who was created a moment ago is not shown yet, and the removal from a group is refused with a 404 that says
/// nothing: the user is not gone. (Seed 4197.)
#[test]
fn a_new_user_who_is_not_shown_yet_is_not_gone() {
    super::clock().block_on(async {
        let no = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
        let pace = PaceSettings { concurrency: Some(1), rate: None, seed: 1 };
        let rng = fastrand::Rng::with_seed(1);
        let mut machine = Machine::with(Config::default(), pace, rng, Keys::Jira).await;
        machine.begin(Weather::calm());
        machine.net.control("POST", "lag", json!({ "lag_ms": 95_000, "by_id": false })).await;
        let sheet = "Email,Groups\nnew1@banc.ly,hanoi-legal\n";
        let run = machine.plan(Job::CreateUsers, sheet).await.unwrap();
        let how = RunOptions { canary: 0, ..RunOptions::default() };
        machine.stretch(&run, &how, Death::Never).await;
        let undo = machine.plan_undo(&machine.run(&run), false).await.unwrap();
        let added = Books::read(&machine.net).await;
        let faults = json!({ "faults": [answered(1, 404, &no)] });
        machine.net.control("POST", "faults", faults).await;
        machine.stretch(&undo, &how, Death::Never).await;
        assert_eq!(Books::read(&machine.net).await, added, "nothing was removed");
        let effects = machine.journal.effects(&undo.id, 0, 10).unwrap();
        assert_eq!(effects[0].outcome, Outcome::Unknown, "{effects:?}");
        machine.net.control("DELETE", "faults", Value::Null).await;
        tokio::time::sleep(Duration::from_secs(700)).await;
        machine.net.control("POST", "lag", json!({ "lag_ms": 0, "by_id": false })).await;
        machine.begin(Weather::calm());
        machine.stretch(&undo, &RunOptions { recheck: true, ..how }, Death::Never).await;
        let rows = machine.journal.rows(&undo.id, 0, 10).unwrap();
        let memberships = Books::read(&machine.net).await.memberships;
        assert_eq!(memberships.len() + 1, added.memberships.len(), "taken out later: {rows:?}");
    });
}

#[test]
fn no_answer_to_an_undo_is_confirmed_by_an_index_that_lags() {
    super::clock().block_on(async {
        for case in cases() {
            undo(&case).await;
        }
    });
}

/// A colleague has taken the change back already, and the site refuses the undo without a reason. Nothing shows yet
/// whether the index is late, so the row is `unknown`; a resume ten minutes later believes what it reads.
#[test]
fn an_undo_that_a_colleague_made_is_decided_later() {
    super::clock().block_on(async {
        for status in [400, 404, 409, 422] {
            let pace = PaceSettings { concurrency: Some(1), rate: None, seed: 1 };
            let rng = fastrand::Rng::with_seed(1);
            let mut machine = Machine::with(Config::default(), pace, rng, Keys::Jira).await;
            machine.begin(Weather::calm());
            let how = RunOptions { canary: 0, ..RunOptions::default() };
            let run = machine.plan(Job::AddMembers, MEMBER).await.unwrap();
            machine.stretch(&run, &how, Death::Never).await;
            let mut colleague = machine.beside(true);
            colleague.begin(Weather::calm());
            let removal = colleague.plan(Job::RemoveMembers, MEMBER).await.unwrap();
            colleague.stretch(&removal, &how, Death::Never).await;
            let end = |machine: &Machine, run: &headcount_journal::RunId| {
                let rows = machine.journal.rows(run, 0, 1).unwrap();
                rows[0].outcome.zip(rows[0].reason)
            };
            assert_eq!(end(&colleague, &removal.id), Some((Outcome::Changed, Reason::Done)));
            machine.begin(Weather::calm());
            let undo = machine.plan_undo(&machine.run(&run), false).await.unwrap();
            let no = json!({ "errorMessages": ["Something went wrong."], "errors": {} });
            let faults = json!({ "faults": [answered(1, status, &no)] });
            machine.net.control("POST", "faults", faults).await;
            machine.stretch(&undo, &how, Death::Never).await;
            let open = Some((Outcome::Unknown, Reason::NotVerified));
            assert_eq!(end(&machine, &undo.id), open, "{status}");
            tokio::time::sleep(Duration::from_secs(700)).await;
            machine.begin(Weather::calm());
            machine.stretch(&undo, &RunOptions { recheck: true, ..how }, Death::Never).await;
            let done = Some((Outcome::Changed, Reason::DoneNoResponse));
            assert_eq!(end(&machine, &undo.id), done, "{status}");
        }
    });
}

/// A site without a `Date` in its answers: each answer to a change is lost, and the change is not made. No clock shows how
/// old the requests are, so a resume counts ten minutes itself, says so, and settles the row; not before.
#[test]
fn without_a_date_a_resume_counts_the_minutes_itself() {
    super::clock().block_on(async {
        let pace = PaceSettings { concurrency: Some(1), rate: None, seed: 1 };
        let rng = fastrand::Rng::with_seed(1);
        let mut machine = Machine::with(Config::default(), pace, rng, Keys::Jira).await;
        machine.net.without_dates();
        machine.begin(Weather::calm());
        let run = machine.plan(Job::AddMembers, MEMBER).await.unwrap();
        let down = json!({ "status": 503, "body": {} });
        let fault = json!({ "method": "POST", "path": "/rest/api/3/group/user", "times": 0, "answer": down });
        machine.net.control("POST", "faults", json!({ "faults": [fault] })).await;
        let how = RunOptions { canary: 0, ..RunOptions::default() };
        machine.stretch(&run, &how, Death::Never).await;
        let end = |machine: &Machine| machine.journal.rows(&run.id, 0, 1).unwrap()[0].reason;
        assert_eq!(end(&machine), Some(Reason::NoResponse));
        // A process that may not wait for so long, and one that is interrupted, decide nothing.
        for (longest_wait, death) in [(60, Death::Never), (86_400, Death::Drain(300_000))] {
            let longest_wait = Duration::from_secs(longest_wait);
            let patience = Patience { longest_wait, ..Patience::default() };
            machine.begin(Weather::calm());
            let how = RunOptions { recheck: true, patience, ..how.clone() };
            machine.stretch(&run, &how, death).await;
            assert_eq!(end(&machine), Some(Reason::NoResponse), "{longest_wait:?}");
        }
        machine.begin(Weather::calm());
        let (begun, told) = (machine.net.now(), machine.events.len());
        machine.stretch(&run, &RunOptions { recheck: true, ..how }, Death::Never).await;
        assert_eq!(end(&machine), Some(Reason::ServerError));
        assert!(machine.net.now() - begun >= 600_000, "too early");
        let waits = |event: &Event| matches!(event, Event::Waiting { why, .. } if why.contains("`Date`"));
        assert!(machine.events[told..].iter().any(waits), "it is told");
    });
}
