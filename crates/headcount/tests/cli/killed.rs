//! `kill -9` of the real binary at each kind of point, for each job: while planning, in the canary, in a later
//! row, before and after the site has applied a change, while resuming, while undoing.
//!
//! The sandbox holds one request, so the test knows what the program is doing; then it is killed. Nothing sleeps.
//! (`crates/people/tests/sim/crash.rs` simulates every single point.)

use serde_json::{Value, json};

use crate::harness::World;

/// A job for the users `k1` to `k4`.
struct Job {
    line: &'static str,
    sheet: &'static str,
    undo: &'static str,
    /// The calls of the job and of its undo.
    call: (&'static str, &'static str),
    inverse: (&'static str, &'static str),
    /// The call that settles a lost answer.
    look: (&'static str, &'static str),
    /// Whether a user is in the wanted state.
    is_done: fn(&World, &str) -> bool,
}

const HELD: u64 = 3_600_000;
const PEOPLE: usize = 4;
const DISABLE: &str = "/users/{account_id}/manage/lifecycle/disable";
const ENABLE: &str = "/users/{account_id}/manage/lifecycle/enable";
const DELETE: &str = "/users/{account_id}/manage/lifecycle/delete";
const CANCEL: &str = "/users/{account_id}/manage/lifecycle/cancel-delete";
const MEMBER: &str = "/rest/api/3/group/user";
const USER: &str = "/rest/api/3/user";

fn mail(number: usize) -> String {
    format!("k{number}@banc.ly")
}

fn is_member(world: &World, mail: &str) -> bool {
    world.is_member(mail, "houston-sales")
}

fn is_inactive(world: &World, mail: &str) -> bool {
    world.person(mail)["lifecycle"] == "inactive"
}

fn is_for_deletion(world: &World, mail: &str) -> bool {
    world.person(mail)["lifecycle"] == "for-deletion"
}

impl Job {
    /// Four users, none of them in the wanted state yet.
    fn world(&self, people: Value, memberships: bool) -> World {
        let mut world = World::new();
        let members = |group: &str| -> Vec<Value> {
            (1..=PEOPLE).map(|at| json!({ "email": mail(at), "group": group })).collect()
        };
        if people.is_object() {
            let all: Vec<_> = (1..=PEOPLE)
                .map(|at| {
                    let mut person = people.clone();
                    person["email"] = mail(at).into();
                    person["name"] = format!("K {at}").into();
                    person
                })
                .collect();
            world.seed(json!({ "people": all, "memberships": members("jira-software-users") }));
        }
        if memberships {
            world.seed(json!({ "memberships": members("houston-sales") }));
        }
        let mut sheet = format!("{}\n", self.sheet);
        for at in 1..=PEOPLE {
            let more = match self.sheet {
                "Email,Group" => ",houston-sales".to_owned(),
                "Email,New email" => format!(",new-{at}@banc.ly"),
                _ => String::new(),
            };
            sheet += &format!("{}{more}\n", mail(at));
        }
        world.file("k.csv", sheet);
        world.clear_log();
        world
    }

    fn done(&self, world: &World) -> usize {
        (1..=PEOPLE).filter(|at| (self.is_done)(world, &mail(*at))).count()
    }
}

/// Starts a command, and kills it when the site has received the `nth` such request.
#[track_caller]
fn kill(world: &World, line: &str, call: Option<(&str, &str)>, nth: u64, when: &str) {
    let mut fault = json!({ "nth": nth, "times": 1 });
    fault[when] = HELD.into();
    if let Some((method, path)) = call {
        fault["method"] = method.into();
        fault["path"] = path.into();
    }
    world.fault(fault);
    let mut command = world.command(&format!("--json {line}")).start();
    command.held();
    command.kill();
    world.no_faults();
}

/// Before and after the site has applied it; then the answer is lost.
const BEFORE: &str = "delay_ms";
const AFTER: &str = "delay_after_ms";

/// The whole life of a run. Requests are sent one at a time, so that it is known which one is held.
fn lives(job: &Job, world: &World) {
    let one = "--yes --concurrency 1 --max-changes 10";
    let plan = format!("{} k.csv --plan --concurrency 1", job.line);
    // While planning: the second request is a lookup.
    kill(world, &plan, None, 2, BEFORE);
    world.nothing_sent();
    assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n");
    world.run(&plan).exit(0);
    // In the canary, after the site has applied it.
    kill(world, &format!("run apply last {one}"), Some(job.call), 1, AFTER);
    assert_eq!(job.done(world), 1);
    // While requests without an answer are read.
    let resume = format!("run resume last {one}");
    kill(world, &resume, Some(job.look), 1, BEFORE);
    // In a later row: the canary of this resume is row 2; row 3 is held before it is applied.
    kill(world, &resume, Some(job.call), 2, BEFORE);
    assert_eq!(job.done(world), 2);
    // It is sent again and applied, and the answer is lost.
    kill(world, &resume, Some(job.call), 1, AFTER);
    assert_eq!(job.done(world), 3);
    let list = world.run("run list").exit(0);
    assert!(list.stdout.contains("interrupted"), "{}", list.stdout);
    finished(world, &resume);
    assert_eq!(job.done(world), PEOPLE);
    // Its undo: while planning, in the canary, in a later row.
    let undo = format!("run undo last {} {one}", job.undo);
    world.nothing_twice();
    assert_eq!(world.log()["changed"], PEOPLE);
    // An undo may be the same change, with the states exchanged.
    world.clear_log();
    let made = world.log()["changed"].clone();
    kill(world, &undo, None, 2, BEFORE);
    assert_eq!(world.log()["changed"], made);
    kill(world, &undo, Some(job.inverse), 1, AFTER);
    kill(world, &resume, Some(job.inverse), 2, BEFORE);
    assert_eq!(job.done(world), PEOPLE - 2);
    finished(world, &resume);
    assert_eq!(job.done(world), 0);
    world.nothing_twice();
    assert_eq!(world.log()["changed"], PEOPLE);
}

/// Continues to the end: each row was changed once, by this run.
#[track_caller]
fn finished(world: &World, resume: &str) {
    let events = world.run(&format!("--json {resume}")).exit(0).events();
    assert_eq!(events.last("state"), "finished");
    assert_eq!((events.count("rows"), events.count("changed")), (4, 4));
}

#[test]
fn create() {
    let job = Job {
        line: "user create",
        sheet: "emailAddress",
        undo: "--remove-created",
        call: ("POST", USER),
        inverse: ("DELETE", USER),
        look: ("POST", "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search"),
        is_done: |world, mail| {
            let person = world.person(mail);
            person.is_object() && person["place"] != "removed"
        },
    };
    lives(&job, &job.world(Value::Null, false));
}

/// A job for managed accounts.
fn lifecycle(
    line: &'static str,
    [call, inverse]: [&'static str; 2],
    is_done: fn(&World, &str) -> bool,
) -> Job {
    Job {
        line,
        sheet: "Email",
        undo: "",
        call: ("POST", call),
        inverse: ("POST", inverse),
        look: ("GET", "/users/{account_id}/manage/profile"),
        is_done,
    }
}

#[test]
fn deactivate() {
    let job = lifecycle("user deactivate", [DISABLE, ENABLE], is_inactive);
    lives(&job, &job.world(json!({}), false));
}

#[test]
fn activate() {
    let is_active = |world: &World, mail: &str| !is_inactive(world, mail);
    let job = lifecycle("user activate", [ENABLE, DISABLE], is_active);
    lives(&job, &job.world(json!({ "lifecycle": "inactive" }), false));
}

#[test]
fn delete() {
    let job = lifecycle("user delete", [DELETE, CANCEL], is_for_deletion);
    lives(&job, &job.world(json!({}), false));
}

#[test]
fn cancel_delete() {
    let is_kept = |world: &World, mail: &str| !is_for_deletion(world, mail);
    let job = lifecycle("user cancel-delete", [CANCEL, DELETE], is_kept);
    lives(&job, &job.world(json!({ "lifecycle": "for-deletion" }), false));
}

#[test]
fn email() {
    let is_done = |world: &World, mail: &str| !world.person(mail).is_object();
    let path = "/users/{account_id}/manage/email";
    let job = lifecycle("user email", [path, path], is_done);
    let job = Job { sheet: "Email,New email", call: ("PUT", path), inverse: ("PUT", path), ..job };
    lives(&job, &job.world(json!({}), false));
}

/// A job for memberships.
fn membership(
    line: &'static str,
    [call, inverse]: [&'static str; 2],
    is_done: fn(&World, &str) -> bool,
) -> Job {
    Job {
        line,
        sheet: "Email,Group",
        undo: "",
        call: (call, MEMBER),
        inverse: (inverse, MEMBER),
        look: ("GET", "/rest/api/3/user/groups"),
        is_done,
    }
}

#[test]
fn add() {
    let job = membership("member add", ["POST", "DELETE"], is_member);
    lives(&job, &job.world(json!({}), false));
}

#[test]
fn remove() {
    let is_gone = |world: &World, mail: &str| !is_member(world, mail);
    let job = membership("member remove", ["DELETE", "POST"], is_gone);
    lives(&job, &job.world(json!({}), true));
}
