//! An earlier run does not undo or report the changes of a later run.

use serde_json::json;

use crate::answers::{Keys, at_once};
use crate::harness::{World, table};

/// A job whose rows are applied, reverted and applied again; and how the site shows all of them.
struct Again {
    what: &'static str,
    job: &'static str,
    /// What reverts it: its undo, or another job.
    back: &'static str,
    undo: &'static str,
    keys: Keys,
    is_done: fn(&World) -> bool,
}

const UNDO: &str = "run undo 1 --yes --max-changes 9 --report out.csv";
const UNDO_CREATED: &str = "run undo 1 --remove-created --yes --max-changes 9 --report out.csv";

fn new_users(world: &World) -> bool {
    ["new1@banc.ly", "new4@banc.ly"].iter().all(|mail| {
        let person = world.person(mail);
        person.is_object() && person["place"] != "removed"
    })
}

fn new_members(world: &World) -> bool {
    world.is_member("vdillow@banc.ly", "hanoi-legal")
}

fn inactive(world: &World) -> bool {
    world.person("vdillow@banc.ly")["lifecycle"] == "inactive"
}

const CASES: [Again; 4] = [
    Again {
        what: "create",
        job: crate::answers::CREATE,
        back: UNDO_CREATED,
        undo: UNDO_CREATED,
        keys: Keys::Both,
        is_done: new_users,
    },
    Again {
        what: "deactivate",
        job: crate::answers::DEACTIVATE,
        back: UNDO,
        undo: UNDO,
        keys: Keys::Key,
        is_done: inactive,
    },
    Again {
        what: "add",
        job: crate::answers::ADD,
        back: UNDO,
        undo: UNDO,
        keys: Keys::Token,
        is_done: new_members,
    },
    Again {
        what: "add, member remove",
        job: crate::answers::ADD,
        back: "member remove members.csv --yes --max-changes 9",
        undo: UNDO,
        keys: Keys::Token,
        is_done: new_members,
    },
];

/// The reasons in the report.
fn reasons(world: &World) -> Vec<String> {
    let report = table(&world.read("out.csv"));
    let at = report[0].iter().position(|heading| heading == "reason").expect("a column");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn an_undo_leaves_alone_what_a_later_run_made_again() {
    for case in CASES {
        let what = format!("{} with {:?}", case.what, case.keys);
        let world = case.keys.world();
        world.run(case.job).exit(0);
        world.run(case.back).exit(0);
        world.run(case.job).exit(0);
        let changes = world.changing();
        world.run(case.undo).exit(1).says("already-undone");
        assert!((case.is_done)(&world), "{what}");
        assert!(reasons(&world).iter().all(|reason| reason == "already-undone"), "{what}");
        assert_eq!(world.changing(), changes, "{what}");
        // The run that made the change can be undone if that is certain.
        if case.undo == UNDO_CREATED {
            continue;
        }
        world.run(&case.undo.replace("undo 1", "undo 3")).exit(0);
        assert!(!(case.is_done)(&world), "{what}");
    }
}

/// The undo of an undo applies the run's own change again.
#[test]
fn a_restored_change_can_be_undone_again() {
    let world = Keys::Key.world();
    world.run(crate::answers::DEACTIVATE).exit(0);
    world.run(UNDO).exit(0);
    world.run(&UNDO.replace("undo 1", "undo 2")).exit(0);
    assert!(inactive(&world));
    world.run(UNDO).exit(0);
    assert!(!inactive(&world));
}

/// A stopped run that was undone does not send the rest when it is resumed. Canceling it ends it.
#[test]
fn the_rest_of_an_undone_run_is_not_sent() {
    let world = Keys::Both.world();
    let no = json!({ "status": 401, "body": {} });
    world.fault(
        json!({ "method": "POST", "path": "/rest/api/3/user", "nth": 2, "times": 0, "answer": no }),
    );
    let stopped = world.run(&format!("{} --concurrency 1", crate::answers::CREATE));
    assert_ne!(stopped.code, 0, "{}", stopped.stderr);
    world.no_faults();
    world.run(UNDO_CREATED).exit(0).says("3 rows not sent").says("run cancel 202");
    let changes = world.changing();
    world.run("run resume 1 --yes").exit(2).says("was undone by run").says("cancel the run");
    assert_eq!(world.changing(), changes);
    world.run("run cancel 1").exit(0);
}

/// An undo that waits leaves alone what a run changed after the undo was planned.
#[test]
fn an_undo_that_waited_leaves_alone_what_was_done_since() {
    at_once(&CASES, |case| {
        let what = format!("{} with {:?}", case.what, case.keys);
        let world = case.keys.world();
        world.run(case.job).exit(0);
        world.run(&case.undo.replace("--yes", "--plan")).exit(0);
        world.run(case.back).exit(0);
        world.run(case.job).exit(0);
        let changes = world.changing();
        world.run("run apply 2 --yes --max-changes 9 --report out.csv").exit(1);
        assert!((case.is_done)(&world), "{what}");
        assert!(reasons(&world).iter().all(|reason| reason == "already-undone"), "{what}: {:?}", reasons(&world));
        assert_eq!(world.changing(), changes, "{what}");
    });
}

/// What no run has changed since is undone as planned.
#[test]
fn an_undo_that_waited_is_applied_as_planned() {
    at_once(&CASES, |case| {
        let world = case.keys.world();
        world.run(case.job).exit(0);
        world.run(&case.undo.replace("--yes", "--plan")).exit(0);
        world.run("run apply 2 --yes --max-changes 9").exit(0);
        assert!(!(case.is_done)(&world), "{} with {:?}", case.what, case.keys);
    });
}
