//! `kill -9` of the real binary at each kind of point, for each job: while planning, in the canary, in a later
//! row, before and after the site has applied a change, while resuming, while undoing.
//!
//! The sandbox holds one request, so the test knows what the program is doing; then it is killed. Nothing sleeps.
//! (`crates/people/tests/sim/crash.rs` simulates every single point.)

use serde_json::{Value, json};

use crate::harness::World;

/// A job for the users `k1` to `k4`, or the groups `k-1` to `k-4`.
struct Job {
    line: &'static str,
    sheet: &'static str,
    /// The user or group of a row, and its other cells.
    row: fn(usize) -> (String, String),
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

fn of_user(number: usize) -> (String, String) {
    (mail(number), String::new())
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
                    if person["tokens"].is_array() {
                        let id = format!("token-{at}");
                        person["tokens"] =
                            json!([{ "id": id, "label": "ci", "made_ms": 1_700_000_000_000_u64 }]);
                    }
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
            let (who, more) = (self.row)(at);
            sheet += &format!("{who}{more}\n");
        }
        world.file("k.csv", sheet);
        world.clear_log();
        world
    }

    fn done(&self, world: &World) -> usize {
        (1..=PEOPLE).filter(|at| (self.is_done)(world, &(self.row)(*at).0)).count()
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

/// The options of each command: requests are sent one at a time, so that it is known which one is held.
const ONE: &str = "--yes --concurrency 1 --max-changes 10";

/// The whole life of a run and of its undo.
fn lives(job: &Job, world: &World) {
    carried(job, world);
    undone(job, world);
}

/// The whole life of a run.
fn carried(job: &Job, world: &World) {
    let one = ONE;
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
    world.nothing_twice();
    assert_eq!(world.log()["changed"], PEOPLE);
}

/// Its undo: a kill while planning, in the canary, in a later row.
fn undone(job: &Job, world: &World) {
    let resume = format!("run resume last {ONE}");
    let undo = format!("run undo last {} {ONE}", job.undo);
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
        row: of_user,
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
        row: of_user,
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

fn delete_job() -> (Job, World) {
    let job = lifecycle("user delete", [DELETE, CANCEL], is_for_deletion);
    let world = job.world(json!({}), false);
    (job, world)
}

#[test]
fn delete() {
    let (job, world) = delete_job();
    lives(&job, &world);
}

fn cancel_delete_job() -> (Job, World) {
    let is_kept = |world: &World, mail: &str| !is_for_deletion(world, mail);
    let job = lifecycle("user cancel-delete", [CANCEL, DELETE], is_kept);
    let world = job.world(json!({ "lifecycle": "for-deletion" }), false);
    (job, world)
}

#[test]
fn cancel_delete() {
    let (job, world) = cancel_delete_job();
    lives(&job, &world);
}

fn email_job() -> (Job, World) {
    let is_done = |world: &World, mail: &str| !world.person(mail).is_object();
    let path = "/users/{account_id}/manage/email";
    let job = lifecycle("user email", [path, path], is_done);
    let row = |at| (mail(at), format!(",new-{at}@banc.ly"));
    let (sheet, change) = ("Email,New email", ("PUT", path));
    let job = Job { sheet, row, call: change, inverse: change, ..job };
    let world = job.world(json!({}), false);
    (job, world)
}

#[test]
fn email() {
    let (job, world) = email_job();
    lives(&job, &world);
}

/// The address of the next user; after the last one, a new one.
fn next(number: usize) -> String {
    if number == PEOPLE { "free@banc.ly".to_owned() } else { mail(number + 1) }
}

fn email_in_a_chain_job() -> (Job, World) {
    let is_done = |world: &World, mail: &str| {
        let at: usize = mail[1..2].parse().expect("a number");
        world.person(&next(at))["name"] == format!("K {at}")
    };
    let row = |at| (mail(at), format!(",{}", next(at)));
    let path = "/users/{account_id}/manage/email";
    let job = lifecycle("user email", [path, path], is_done);
    let (sheet, change) = ("Email,New email", ("PUT", path));
    let job = Job { sheet, row, call: change, inverse: change, ..job };
    let world = job.world(json!({}), false);
    (job, world)
}

/// Each user takes the address of the next one.
#[test]
fn email_in_a_chain() {
    let (job, world) = email_in_a_chain_job();
    lives(&job, &world);
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
        row: |at| (mail(at), ",houston-sales".to_owned()),
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

const ROLES: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/role-assignments";
const OF_GROUP: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments";

/// A job for the role of a user in an app.
fn role(line: &'static str, [call, inverse]: [&'static str; 2], is_done: fn(&World, &str) -> bool) -> Job {
    Job {
        line,
        sheet: "Email,Product",
        row: |at| (mail(at), ",jira-core".to_owned()),
        undo: "",
        call: ("POST", call),
        inverse: ("POST", inverse),
        look: ("GET", ROLES),
        is_done,
    }
}

const ASSIGN: &str = "/admin/v1/orgs/{orgId}/users/{userId}/roles/assign";
const REVOKE: &str = "/admin/v1/orgs/{orgId}/users/{userId}/roles/revoke";

fn has_role(world: &World, mail: &str) -> bool {
    world.person(mail)["roles"]["jira-core"].is_array()
}

fn access_grant_job() -> (Job, World) {
    let job = role("access grant", [ASSIGN, REVOKE], has_role);
    let world = job.world(json!({}), false);
    (job, world)
}

#[test]
fn access_grant() {
    let (job, world) = access_grant_job();
    lives(&job, &world);
}

fn access_revoke_job() -> (Job, World) {
    let job = role("access revoke", [REVOKE, ASSIGN], |world, mail| !has_role(world, mail));
    let world = job.world(json!({ "roles": { "jira-core": ["user"] } }), false);
    (job, world)
}

#[test]
fn access_revoke() {
    let (job, world) = access_revoke_job();
    lives(&job, &world);
}

fn named(number: usize) -> String {
    format!("k-{number}")
}

fn group(world: &World, name: &str) -> Value {
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("a list");
    groups.iter().find(|group| group["name"] == name).cloned().unwrap_or_default()
}

fn gives(world: &World, name: &str) -> bool {
    group(world, name)["grants"] == "jira-core"
}

/// The groups of a job, each with one member.
fn with_groups(job: &Job, more: &Value) -> World {
    let world = job.world(json!({}), false);
    let group = |at| {
        let mut group = more.clone();
        group["name"] = named(at).into();
        group
    };
    let groups: Vec<_> = (1..=PEOPLE).map(group).collect();
    let members: Vec<_> =
        (1..=PEOPLE).map(|at| json!({ "email": mail(at), "group": named(at) })).collect();
    world.seed(json!({ "groups": groups, "memberships": members }));
    world.clear_log();
    world
}

/// A job for the role of a group in an app.
fn group_role(line: &'static str, [call, inverse]: [&'static str; 2], is_done: fn(&World, &str) -> bool) -> Job {
    Job {
        sheet: "Group,Product",
        row: |at| (named(at), ",jira-core".to_owned()),
        look: ("GET", OF_GROUP),
        ..role(line, [call, inverse], is_done)
    }
}

const ASSIGN_GROUP: &str =
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/assign";
const REVOKE_GROUP: &str =
    "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/revoke";

fn access_grant_to_groups_job() -> (Job, World) {
    let job = group_role("access grant", [ASSIGN_GROUP, REVOKE_GROUP], gives);
    let world = with_groups(&job, &json!({}));
    (job, world)
}

#[test]
fn access_grant_to_groups() {
    let (job, world) = access_grant_to_groups_job();
    lives(&job, &world);
}

fn access_revoke_from_groups_job() -> (Job, World) {
    let job = group_role("access revoke", [REVOKE_GROUP, ASSIGN_GROUP], |world, name| !gives(world, name));
    let world = with_groups(&job, &json!({ "grants": "jira-core" }));
    (job, world)
}

#[test]
fn access_revoke_from_groups() {
    let (job, world) = access_revoke_from_groups_job();
    lives(&job, &world);
}

fn token_revoke_job() -> (Job, World) {
    let tokens = "/users/{account_id}/manage/api-tokens";
    let job = Job {
        line: "token revoke",
        sheet: "Email,Token id",
        row: |at| (mail(at), format!(",token-{at}")),
        undo: "",
        call: ("DELETE", "/users/{account_id}/manage/api-tokens/{tokenId}"),
        inverse: ("", ""),
        look: ("GET", tokens),
        is_done: |world, mail| !world.person(mail)["tokens"].is_array(),
    };
    let world = job.world(json!({ "tokens": [] }), false);
    (job, world)
}

/// No undo restores a token.
#[test]
fn token_revoke() {
    let (job, world) = token_revoke_job();
    carried(&job, &world);
}

const SCIM_USERS: &str = "/scim/directory/{directoryId}/Users";
const SCIM_USER: &str = "/scim/directory/{directoryId}/Users/{userId}";
const SCIM_GROUPS: &str = "/scim/directory/{directoryId}/Groups";
const SCIM_GROUP: &str = "/scim/directory/{directoryId}/Groups/{id}";

/// The world of a job through the identity provider's directory, with the directory's key.
fn provisioned(job: &Job, people: Value, memberships: bool) -> World {
    let mut world = job.world(people, false);
    let card = world.card().clone();
    world.set("HEADCOUNT_SCIM_DIRECTORY_ID", &card.scim_directory_id);
    world.set("HEADCOUNT_SCIM_API_KEY", &card.scim_api_key);
    world.secret(&card.scim_api_key);
    let members = |at| json!({ "email": mail(at), "group": "k-synced" });
    let members: Vec<_> = (1..=PEOPLE).filter(|_| memberships).map(members).collect();
    world.seed(json!({
        "groups": [{ "name": "k-synced", "synced": true }], "memberships": members,
    }));
    world.clear_log();
    world
}

#[test]
fn deactivate_and_activate_by_scim() {
    let user = ("PATCH", SCIM_USER);
    let of = |line, is_done| Job {
        call: user,
        inverse: user,
        look: ("GET", SCIM_USER),
        ..lifecycle(line, ["", ""], is_done)
    };
    let job = of("user deactivate --scim", is_inactive);
    lives(&job, &provisioned(&job, json!({ "source": "scim" }), false));
    let job = of("user activate --scim", |world, mail| !is_inactive(world, mail));
    lives(&job, &provisioned(&job, json!({ "source": "scim", "lifecycle": "inactive" }), false));
}

#[test]
fn add_and_remove_by_scim() {
    let group = ("PATCH", SCIM_GROUP);
    let of = |line, is_done| Job {
        row: |at| (mail(at), ",k-synced".to_owned()),
        call: group,
        inverse: group,
        look: ("GET", SCIM_USER),
        ..membership(line, ["", ""], is_done)
    };
    let job = of("member add --scim", |world, mail| world.is_member(mail, "k-synced"));
    lives(&job, &provisioned(&job, json!({ "source": "scim" }), false));
    let job = of("member remove --scim", |world, mail| !world.is_member(mail, "k-synced"));
    lives(&job, &provisioned(&job, json!({ "source": "scim" }), true));
}

/// No undo removes what was created in the identity provider's directory.
#[test]
fn create_by_scim() {
    let job = Job {
        call: ("POST", SCIM_USERS),
        look: ("GET", SCIM_USERS),
        ..lifecycle("user create --scim", ["", ""], |world, mail| world.person(mail).is_object())
    };
    carried(&job, &provisioned(&job, Value::Null, false));
    let job = Job {
        sheet: "Group",
        row: |at| (named(at), String::new()),
        call: ("POST", SCIM_GROUPS),
        look: ("GET", SCIM_GROUPS),
        ..lifecycle("group create --scim", ["", ""], |world, name| group(world, name)["synced"] == true)
    };
    carried(&job, &provisioned(&job, Value::Null, false));
}

/// No undo links an account again.
#[test]
fn unlink() {
    let path = "/admin/user-provisioning/v1/org/{orgId}/user/{accountId}/onlyDeleteUserInDB";
    let job = Job {
        undo: "",
        call: ("DELETE", path),
        inverse: ("", ""),
        look: ("GET", "/users/{account_id}/manage"),
        ..lifecycle("user unlink", ["", ""], |world, mail| world.person(mail)["source"] != "scim")
    };
    let world = job.world(json!({ "source": "scim" }), false);
    carried(&job, &world);
}

fn group_delete_with_members_job() -> (Job, World) {
    let path = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}";
    let job = Job {
        line: "group delete --with-members",
        sheet: "Group",
        row: |at| (named(at), String::new()),
        undo: "",
        call: ("DELETE", path),
        inverse: ("", ""),
        look: ("POST", "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search"),
        is_done: |world, name| group(world, name).is_null(),
    };
    let world = with_groups(&job, &json!({}));
    (job, world)
}

/// Each row is another job: each change is applied, and the program is killed before it has the answer; then the same
/// with the undo.
#[test]
fn several_jobs() {
    let mut world = World::new();
    let people: Vec<_> =
        (2..=PEOPLE).map(|at| json!({ "email": mail(at), "name": format!("K {at}") })).collect();
    world.seed(json!({ "people": people }));
    world.file(
        "k.csv",
        "Action,Email,Group\ncreate,k1@banc.ly,\nadd,k2@banc.ly,houston-sales\nsuspend,k3@banc.ly,\n\
         deactivate,k4@banc.ly,\n",
    );
    let directory = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}";
    let (suspend, restore) = (format!("{directory}/suspend"), format!("{directory}/restore"));
    let place = |world: &World, at: usize| world.person(&mail(at))["place"].clone();
    let resume = format!("run resume last {ONE}");
    let mut line = format!("sync k.csv {ONE}");
    world.clear_log();
    for call in [("POST", USER), ("POST", MEMBER), ("POST", suspend.as_str()), ("POST", DISABLE)] {
        kill(&world, &line, Some(call), 1, AFTER);
        line.clone_from(&resume);
    }
    finished(&world, &resume);
    assert!(is_member(&world, &mail(2)) && is_inactive(&world, &mail(4)));
    assert_eq!((place(&world, 1), place(&world, 3)), (Value::Null, json!("suspended")));
    world.nothing_twice();
    assert_eq!(world.log()["changed"], PEOPLE);
    world.clear_log();
    line = format!("run undo last --remove-created {ONE}");
    for call in [("POST", ENABLE), ("POST", restore.as_str()), ("DELETE", MEMBER), ("DELETE", USER)] {
        kill(&world, &line, Some(call), 1, AFTER);
        line.clone_from(&resume);
    }
    finished(&world, &resume);
    assert!(!is_member(&world, &mail(2)) && !is_inactive(&world, &mail(4)));
    assert_eq!((place(&world, 1), place(&world, 3)), (json!("removed"), Value::Null));
    world.nothing_twice();
    assert_eq!(world.log()["changed"], PEOPLE);
}

/// No undo restores a deleted group.
#[test]
fn group_delete_with_members() {
    let (job, world) = group_delete_with_members_job();
    carried(&job, &world);
}

/// The steps of a row: an account is deactivated, then its token is revoked. A kill between them leaves no token.
#[test]
fn deactivate_with_tokens() {
    let job = lifecycle("user deactivate --revoke-tokens", [DISABLE, ENABLE], is_inactive);
    let world = job.world(json!({ "tokens": [] }), false);
    let revoke = ("DELETE", "/users/{account_id}/manage/api-tokens/{tokenId}");
    let has_token = |at: &usize| world.person(&mail(*at))["tokens"].is_array();
    kill(&world, &format!("{} k.csv {ONE}", job.line), Some(revoke), 1, BEFORE);
    assert_eq!((1..=PEOPLE).filter(has_token).count(), PEOPLE);
    let resume = format!("run resume last {ONE}");
    kill(&world, &resume, Some(revoke), 2, AFTER);
    kill(&world, &resume, Some(revoke), 1, AFTER);
    finished(&world, &resume);
    assert_eq!(job.done(&world), PEOPLE);
    assert_eq!((1..=PEOPLE).filter(has_token).count(), 0);
    world.nothing_twice();
    assert_eq!(world.log()["changed"], 2 * PEOPLE);
}

/// Each job for leavers, with another fault of each row's request: it ends by itself, and nothing is done twice.
#[test]
fn jobs_for_leavers_survive_faults() {
    let jobs: [fn() -> (Job, World); 10] = [
        delete_job,
        cancel_delete_job,
        email_job,
        email_in_a_chain_job,
        access_grant_job,
        access_revoke_job,
        access_grant_to_groups_job,
        access_revoke_from_groups_job,
        token_revoke_job,
        group_delete_with_members_job,
    ];
    let faults = [
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "answer": { "status": 500, "when": "after", "body": "<html>unwell</html>" } }),
        json!({ "answer": { "status": 429, "headers": { "retry-after": "0" } } }),
    ];
    for make in jobs {
        let (job, world) = make();
        for (at, fault) in (1..).zip(&faults) {
            let (who, _) = (job.row)(at);
            let id = match job.sheet.starts_with("Group") {
                true => group(&world, &who)["id"].clone(),
                false => world.person(&who)["account_id"].clone(),
            };
            let mut fault = fault.clone();
            (fault["method"], fault["path"]) = (job.call.0.into(), job.call.1.into());
            fault["mentions"] = id;
            world.fault(fault);
        }
        let events = world.run(&format!("--json {} k.csv {ONE}", job.line)).exit(0).events();
        assert_eq!((events.count("rows"), events.count("changed")), (4, 4), "{}", job.line);
        assert_eq!(job.done(&world), PEOPLE, "{}", job.line);
        world.nothing_twice();
        assert_eq!(world.log()["changed"], PEOPLE, "{}", job.line);
    }
}
