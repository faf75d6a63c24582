//! Reads before a resumed plan is sent: once for each group, whatever this run changes meanwhile and whatever
//! can't be read.

use headcount_engine::{Ending, RunOptions};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use serde_json::{Value, json};

use super::world::{World, how};
use crate::support::{Keys, impatient};

const MEMBER: &str = "/rest/api/3/group/member";
const PEOPLE: usize = 450;
const MEMBERS_A_PAGE: usize = 50;

fn later() -> RunOptions {
    RunOptions { recheck: true, ..how() }
}

/// A site with many users and one group, and the sheet that adds all of them.
async fn crowd() -> (World, String) {
    let world = World::new().await;
    let mail = |n: usize| format!("c{n}@banc.ly");
    let people: Vec<Value> =
        (0..PEOPLE).map(|n| json!({"email": mail(n), "name": format!("C {n}")})).collect();
    let seed = json!({"people": people, "groups": [{"name": "crowd"}]});
    world.play.control("POST", "seed", seed).await;
    let rows = (0..PEOPLE).map(|n| format!("{},crowd\n", mail(n)));
    (world, "Email,Group\n".chars().chain(rows.collect::<String>().chars()).collect())
}

/// How often the group's list was read since `before`, and the maximum for one reading.
async fn lists(world: &World, before: usize) -> (usize, usize) {
    (world.play.asked(MEMBER).await - before, PEOPLE.div_ceil(MEMBERS_A_PAGE))
}

/// This run's own additions change the group while its later rows are read.
#[tokio::test]
async fn a_resumed_run_reads_a_group_once_and_goes_on_through_its_own_changes() {
    for job in [Job::AddMembers, Job::RemoveMembers] {
        let (mut world, sheet) = crowd().await;
        let mut run = world.plan(Job::AddMembers, &sheet).await;
        if job == Job::RemoveMembers {
            world.go(&run, &how()).await;
            run = world.plan_undo(&run, false).await;
        }
        world.go_until(&run, &how(), Some(100)).await;
        world.play.reopen();
        let before = world.play.asked(MEMBER).await;
        let (ending, _) = world.go(&run, &later()).await;
        assert_eq!(ending, Ending::Finished, "{job}");
        let rows = PEOPLE as u64;
        assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{job}");
        let (lists, most) = lists(&world, before).await;
        assert!(lists <= most, "{job}: {lists} of {most}");
    }
}

/// Others change the group while its list is read, or the list is wrong: the run continues, and the list is not
/// read again.
#[tokio::test]
async fn a_list_that_moves_or_fails_stops_no_resume() {
    let page = |total: usize| json!({"startAt": 50, "maxResults": 50, "total": total, "isLast": false, "values": []});
    for odd in [
        json!({"nth": 2, "answer": {"status": 200, "body": page(77)}}),
        json!({"nth": 2, "times": 0, "answer": {"status": 500, "body": {}}}),
        json!({"times": 0, "answer": {"status": 500, "body": {}}}),
        json!({"times": 0, "answer": {"status": 200, "body": "<html>Sign in</html>"}}),
    ] {
        let (mut world, sheet) = crowd().await;
        let run = world.plan(Job::AddMembers, &sheet).await;
        world.go_until(&run, &how(), Some(120)).await;
        world.play.reopen_with(impatient());
        let before = world.play.asked(MEMBER).await;
        let mut fault = odd.clone();
        fault["path"] = json!(MEMBER);
        world.play.fault(fault).await;
        let (ending, _) = world.go(&run, &later()).await;
        assert_eq!(ending, Ending::Finished, "{odd}");
        assert_eq!(world.outcomes(&run), [PEOPLE as u64, 0, 0, 0, 0, 0], "{odd}");
        assert_eq!(world.effects().await, PEOPLE as u64, "{odd}");
        let (lists, most) = lists(&world, before).await;
        assert!(lists <= most, "{odd}: {lists} of {most}");
    }
}

/// The site fails at one account each time: its step is not sent, and its row says so.
#[tokio::test]
async fn an_account_that_cannot_be_looked_at_is_not_sent_and_the_others_are() {
    for (job, path) in [
        (Job::DeactivateUsers, "/users/{account_id}/manage"),
        (Job::DeactivateUsers, "/users/{account_id}/manage/profile"),
        (Job::RemoveUsers, "/rest/api/3/user"),
    ] {
        for planned in [true, false] {
            let mut world = World::with(Keys::Both).await;
            world.play.reopen_with(impatient());
            let sheet = "email\nvdillow@banc.ly\nftoten2@banc.ly\namelmeth@banc.ly\n";
            let who = world.account("ftoten2@banc.ly").await;
            let fault = json!({"method": "GET", "path": path, "mentions": who, "times": 0,
                               "answer": {"status": 500, "body": {}}});
            if !planned {
                world.play.fault(fault.clone()).await;
            }
            let run = world.plan(job, sheet).await;
            world.play.fault(fault).await;
            let (ending, _) = world.go(&run, &later()).await;
            let rows = world.rows(&run);
            assert_eq!(ending, Ending::Finished, "{job} {path}: {rows:?}");
            assert_eq!(world.outcomes(&run), [2, 0, 0, 1, 0, 0], "{job} {path}: {rows:?}");
            assert_eq!(world.effects().await, 2, "{job} {path}");
            let reasons = world.journal.reasons(&run.id).unwrap();
            assert!(reasons.iter().any(|one| one.reason == Reason::NotSent), "{job} {path}");
        }
    }
}

/// A step without an answer that can't be read either ends unknown; the run continues.
#[tokio::test]
async fn a_user_who_cannot_be_read_stops_no_resume() {
    let (mut world, sheet) = crowd().await;
    world.play.reopen_with(impatient());
    let run = world.plan(Job::AddMembers, &sheet).await;
    let who = world.account("c1@banc.ly").await;
    let add = json!({"method": "POST", "path": "/rest/api/3/group/user", "mentions": who,
                     "times": 0, "answer": {"status": 500, "body": {}, "when": "after"}});
    let read = json!({"method": "GET", "mentions": who, "times": 0,
                      "answer": {"status": 500, "body": {}}});
    world.play.control("POST", "faults", json!({ "faults": [add, read] })).await;
    for _ in 0..2 {
        let (ending, _) = world.go(&run, &later()).await;
        assert_eq!(ending, Ending::Finished);
        let rows = PEOPLE as u64;
        assert_eq!(world.outcomes(&run), [rows - 1, 0, 0, 0, 1, 0]);
        let (outcome, detail) = &world.rows(&run)[1];
        assert_eq!(*outcome, Some(Outcome::Unknown), "{detail}");
    }
}
