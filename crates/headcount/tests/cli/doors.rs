//! A plan is applied, resumed and undone through the API that it was made for, or not at all.

use serde_json::json;

use crate::harness::World;
use crate::old::{OldRun, OldStep};

const OSLO: &str = "d6750b14-1aa8-4ab2-xxxx-a6d44016da32";

/// The credentials of a profile.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Keys {
    Both,
    /// Only the API token.
    Token,
    /// Only the organization API key, with the site's address.
    OrgKey,
    /// The same without the site's address.
    OrgKeyBare,
}

fn give(world: &mut World, keys: Keys) {
    let card = world.card().clone();
    for (name, value, has) in [
        ("HEADCOUNT_CLOUD_URL", &card.url, keys != Keys::OrgKeyBare),
        ("HEADCOUNT_API_TOKEN", &card.api_token, matches!(keys, Keys::Both | Keys::Token)),
        ("HEADCOUNT_ORG_API_KEY", &card.org_api_key, keys != Keys::Token),
        ("HEADCOUNT_ORG_ID", &card.org_id, keys != Keys::Token),
        ("HEADCOUNT_DIRECTORY_ID", &card.directory_id, keys != Keys::Token),
    ] {
        match has {
            true => world.set(name, value),
            false => world.unset(name),
        }
    }
}

/// A job with two doors, a sheet of two rows, and how its changes are undone.
struct Case {
    job: &'static str,
    sheet: &'static str,
    /// `--max-changes`, for jobs that take something away.
    bound: &'static str,
    undo: &'static str,
    /// The path of its change through Jira, and through the directory.
    jira: &'static str,
    directory: &'static str,
}

impl Case {
    fn cannot_be_undone(&self) -> bool {
        matches!(self.job, "user remove" | "group delete")
    }
}

const REMOVE: Case = Case {
    job: "user remove",
    sheet: "email\nvdillow@banc.ly\nftoten2@banc.ly\n",
    bound: "--max-changes 2",
    undo: "",
    jira: "/rest/api/3/user",
    directory: "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
};

const ADD: Case = Case {
    job: "member add",
    sheet: "Email,Group\nvdillow@banc.ly,oslo-engineering\nftoten2@banc.ly,oslo-engineering\n",
    bound: "",
    undo: "",
    jira: "/rest/api/3/group/user",
    directory: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
};

const TAKE_OUT: Case = Case {
    job: "member remove",
    directory: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}",
    ..ADD
};

const GROUPS: Case = Case {
    job: "group create",
    sheet: "name\nnew one\nnew two\n",
    bound: "",
    undo: "--remove-created --max-changes 2",
    jira: "/rest/api/3/group",
    directory: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups",
};

const DELETE: Case = Case {
    job: "group delete",
    sheet: "Group\nold one\nold two\n",
    bound: "--max-changes 2",
    undo: "",
    jira: "/rest/api/3/group",
    directory: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}",
};

/// The credentials of the plan, those of the later command, and its message.
const TURNS: [(&Case, Keys, Keys, &str); 15] = [
    (&REMOVE, Keys::Both, Keys::OrgKey, "needs an API token"),
    (&REMOVE, Keys::Both, Keys::OrgKeyBare, "needs an API token"),
    (&REMOVE, Keys::OrgKey, Keys::Both, "now also has an API token"),
    (&ADD, Keys::Both, Keys::OrgKey, "needs an API token"),
    (&ADD, Keys::OrgKey, Keys::Both, "now also has an API token"),
    (&ADD, Keys::OrgKeyBare, Keys::Both, "now also has an API token"),
    (&TAKE_OUT, Keys::Both, Keys::OrgKey, "needs an API token"),
    (&TAKE_OUT, Keys::OrgKey, Keys::Both, "now also has an API token"),
    (&TAKE_OUT, Keys::OrgKey, Keys::Token, "needs an organization API key"),
    (&GROUPS, Keys::Both, Keys::Token, "needs an organization API key"),
    (&GROUPS, Keys::Token, Keys::Both, "now also has an organization API key"),
    (&DELETE, Keys::Both, Keys::Token, "needs an organization API key"),
    (&DELETE, Keys::OrgKey, Keys::Token, "needs an organization API key"),
    (&DELETE, Keys::Token, Keys::Both, "now also has an organization API key"),
    (&DELETE, Keys::Token, Keys::OrgKey, "needs an API token"),
];

/// A world where the case can be planned with these credentials.
fn world(case: &Case, keys: Keys) -> World {
    let mut world = World::new();
    world.file("in.csv", case.sheet);
    if case.job == "member remove" {
        world.run("member add in.csv --yes").exit(0);
    }
    if case.job == "group delete" {
        world.run("group create in.csv --yes").exit(0);
    }
    give(&mut world, keys);
    world.clear_log();
    world
}

/// Asserts that the command is refused with this message and sends nothing.
#[track_caller]
fn refused(world: &World, command: &str, words: &str) {
    world.clear_log();
    world.run(command).exit(2).says(words).says("was planned for").says("nothing was sent");
    world.nothing_sent();
}

#[test]
fn a_plan_is_applied_through_its_own_door_alone() {
    for (case, planned, later, words) in TURNS {
        let mut world = world(case, planned);
        world.run(&format!("{} in.csv --plan", case.job)).exit(0);
        give(&mut world, later);
        let apply = format!("run apply last --yes {}", case.bound);
        refused(&world, &apply, words);
        give(&mut world, planned);
        world.run(&apply).exit(0);
        let (went, other) = match planned {
            Keys::OrgKey | Keys::OrgKeyBare => (case.directory, case.jira),
            Keys::Both if case.job.starts_with("group") => (case.directory, case.jira),
            Keys::Both | Keys::Token => (case.jira, case.directory),
        };
        assert_eq!((changes(&world, went), changes(&world, other)), (2, 0), "{}", case.job);
    }
}

/// How many changing requests this call has had.
fn changes(world: &World, template: &str) -> usize {
    let log = world.ask("GET", "/_sandbox/log?changed=true&limit=100", None);
    let requests = log["entries"].as_array().expect("a list");
    requests.iter().filter(|request| request["template"] == template).count()
}

#[test]
fn a_run_is_resumed_through_its_own_door_alone() {
    for (case, planned, later, words) in TURNS {
        let mut world = world(case, planned);
        for path in [case.jira, case.directory] {
            let answer = json!({"status": 401, "body": {}});
            world.fault(json!({"method": "POST", "path": path, "times": 0, "answer": answer}));
            world.fault(json!({"method": "DELETE", "path": path, "times": 0, "answer": answer}));
        }
        world.run(&format!("{} in.csv --yes {}", case.job, case.bound)).exit(3);
        world.no_faults();
        give(&mut world, later);
        let resume = format!("run resume last --yes {}", case.bound);
        refused(&world, &resume, words);
        give(&mut world, planned);
        world.run(&resume).exit(0);
    }
}

#[test]
fn a_run_is_undone_through_its_own_door_alone() {
    for (case, planned, later, words) in TURNS {
        let mut world = world(case, planned);
        world.run(&format!("{} in.csv --yes {}", case.job, case.bound)).exit(0);
        give(&mut world, later);
        let undo = format!("run undo last --yes {}", case.undo);
        refused(&world, &undo, words);
        give(&mut world, planned);
        let exit = if case.cannot_be_undone() { 1 } else { 0 };
        world.run(&undo).exit(exit);
    }
}

/// The undo is a plan of its own: the created groups are deleted through the API that created them.
#[test]
fn an_undo_that_waits_is_applied_through_its_own_door_alone() {
    for (case, planned, later, words) in TURNS {
        if case.cannot_be_undone() {
            continue;
        }
        let mut world = world(case, planned);
        world.run(&format!("{} in.csv --yes {}", case.job, case.bound)).exit(0);
        let created = if case.undo.is_empty() { "" } else { "--remove-created" };
        world.run(&format!("run undo last --plan {created}")).exit(0);
        give(&mut world, later);
        let bound = case.undo.trim_start_matches("--remove-created");
        let apply = format!("run apply last --yes {bound}");
        refused(&world, &apply, words);
        give(&mut world, planned);
        world.run(&apply).exit(0);
    }
}

/// The group goes through the directory with or without a token, so nothing changes for it.
#[test]
fn a_credential_that_makes_no_difference_is_no_reason_to_refuse() {
    let mut world = world(&GROUPS, Keys::Both);
    world.run("group create in.csv --plan").exit(0);
    give(&mut world, Keys::OrgKey);
    world.run("run apply last --yes").exit(0);
    give(&mut world, Keys::Both);
    world.run("run undo last --yes --remove-created --max-changes 2").exit(0);
}

/// The same credentials lead to another site.
#[test]
fn another_place_is_another_door() {
    for (name, value) in [
        ("HEADCOUNT_DIRECTORY_ID", "another-directory"),
        ("HEADCOUNT_ORG_ID", "another-organization"),
        ("HEADCOUNT_ADMIN_URL", "http://localhost:9"),
    ] {
        let mut world = world(&REMOVE, Keys::OrgKey);
        world.run("user remove in.csv --plan").exit(0);
        let was = ["HEADCOUNT_DIRECTORY_ID", "HEADCOUNT_ORG_ID", "HEADCOUNT_ADMIN_URL"]
            .into_iter()
            .zip([world.card().directory_id.clone(), world.card().org_id.clone(), world.card().url.clone()])
            .find(|(variable, _)| *variable == name)
            .expect("one of them")
            .1;
        world.set(name, value);
        refused(&world, "run apply last --yes --max-changes 2", "” is for ");
        world.set(name, &was);
        world.run("run apply last --yes --max-changes 2").exit(0);
        world.set(name, value);
        refused(&world, "run undo last --yes", "” is for ");
    }
    // The same site by another name, for example a gateway: another host counts as another site.
    let mut world = world(&ADD, Keys::Token);
    world.run("member add in.csv --plan").exit(0);
    let other = world.card().url.replace("127.0.0.1", "localhost");
    assert_ne!(other, world.card().url);
    world.set("HEADCOUNT_CLOUD_URL", &other);
    refused(&world, "run apply last --yes", "” is for ");
}

/// Messages about a plan depend on its door, whatever credentials there are today.
#[test]
fn what_a_plan_says_is_what_its_door_does() {
    const SITE: &str = "from the site";
    const APPS: &str = "from the directory and all its apps";
    for (planned, words, not) in [(Keys::Both, SITE, APPS), (Keys::OrgKey, APPS, SITE)] {
        let mut world = world(&REMOVE, planned);
        let plan = world.run("user remove in.csv --plan").exit(0).says(words);
        assert!(!plan.transcript().contains(not));
        for keys in [Keys::Both, Keys::OrgKey, Keys::Token] {
            give(&mut world, keys);
            let shown = world.run("run show last").exit(0).stdout;
            assert!(shown.contains(words) && !shown.contains(not), "{shown}");
            assert!(world.run("run show last --rows").exit(0).stdout.contains(words));
        }
        give(&mut world, planned);
        let done = world.run("run apply last --yes --max-changes 2 --report out.html").exit(0);
        assert!(!done.transcript().contains(not), "{}", done.transcript());
        let report = world.read("out.html");
        assert!(report.contains(words) && !report.contains(not));
    }
}

/// A rehearsal uses the door that the plan would use.
#[test]
fn a_rehearsal_goes_through_the_same_api() {
    for (keys, words) in [(Keys::Both, "from the site"), (Keys::OrgKey, "and all its apps")] {
        let world = world(&REMOVE, keys);
        world.run("user remove in.csv --rehearse").exit(0).says(words);
        world.nothing_sent();
    }
}

/// A plan of the previous version for two users. The first one was sent by these calls.
fn old<'w>(world: &'w World, organization: Option<String>, calls: Vec<&'static str>) -> OldRun<'w> {
    let step = |mail: &'static str, state, calls| OldStep {
        kind: "add-member",
        account: world.person(mail)["account_id"].as_str().map(str::to_owned),
        mail: Some(mail),
        group: Some((OSLO, "oslo-engineering")),
        before: "{\"member\":false}",
        state,
        calls,
    };
    let first = if calls.is_empty() { "pending" } else { "changed" };
    OldRun {
        world,
        job: "member add",
        state: if calls.is_empty() { "planned" } else { "stopped" },
        site: world.card().url.clone(),
        organization,
        options: "{}",
        steps: vec![
            step("vdillow@banc.ly", first, calls),
            step("ftoten2@banc.ly", "pending", Vec::new()),
        ],
    }
}

const BY_JIRA: &str = "POST /rest/api/3/group/user";
const BY_DIRECTORY: &str =
    "POST /admin/v2/orgs/{org}/directories/{dir}/groups/{group}/memberships";

fn directory(world: &World) -> String {
    let card = world.card();
    format!("{}/admin/v1/orgs/{}/directories/{}", card.url, card.org_id, card.directory_id)
}

/// A journal without recorded doors: the door is taken from its requests.
#[test]
fn an_old_plan_keeps_to_the_door_that_it_is_known_to_have() {
    let mut world = World::new();
    old(&world, None, Vec::new()).write();
    give(&mut world, Keys::OrgKey);
    refused(&world, "run apply 1 --yes", "needs an API token");
    give(&mut world, Keys::Both);
    world.run("run apply 1 --yes").exit(0);
    assert_eq!(changes(&world, ADD.jira), 2);
    world.run("run undo 1 --yes").exit(0);

    let mut world = World::new();
    old(&world, Some(directory(&world)), Vec::new()).write();
    refused(&world, "run apply 1 --yes", "now also has an API token");
    give(&mut world, Keys::OrgKey);
    world.run("run apply 1 --yes").exit(0);
    assert_eq!(changes(&world, ADD.directory), 2);

    // The run was stopped in the middle; its requests show the same door.
    let world = World::new();
    old(&world, None, vec![BY_JIRA]).write();
    world.run("run resume 1 --yes").exit(0);
}

/// If the journal contradicts itself, no door is guessed.
#[test]
fn an_old_plan_whose_door_is_not_certain_is_planned_again() {
    let mut world = World::new();
    old(&world, None, vec![BY_DIRECTORY]).write();
    for keys in [Keys::Both, Keys::OrgKey, Keys::Token] {
        give(&mut world, keys);
        for (command, then) in [
            ("run resume 1 --yes", "plan the job again: headcount member add FILE"),
            ("run undo 1 --yes", "headcount run report 20261120-1"),
        ] {
            world.run(command).exit(2).says("did not record the API").says(then);
            world.nothing_sent();
        }
    }
    world.run("run show 1").exit(0);
    // The first row's door is certain, so only this row can be undone. The other row is unknown.
    let world = World::new();
    let mut run = old(&world, None, vec![BY_JIRA]);
    run.steps[1].state = "started";
    run.steps[1].calls = vec![BY_DIRECTORY];
    run.write();
    world.run("run resume 1 --yes").exit(2).says("did not record the API");
    world.run("run undo 1 --yes").exit(2).says("did not record the API");
    world.nothing_sent();
}
