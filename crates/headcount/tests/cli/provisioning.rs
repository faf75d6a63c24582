//! Jobs through the identity provider's directory (`--scim`): the users and groups that it has, and no others.

use serde_json::{Value, json};

use crate::harness::{World, table};

const USERS: &str = "/scim/directory/{directoryId}/Users";
const USER: &str = "/scim/directory/{directoryId}/Users/{userId}";
const GROUPS: &str = "/scim/directory/{directoryId}/Groups";
const GROUP: &str = "/scim/directory/{directoryId}/Groups/{id}";

fn give_key(world: &mut World) {
    let card = world.card().clone();
    world.set("HEADCOUNT_SCIM_DIRECTORY_ID", &card.scim_directory_id);
    world.set("HEADCOUNT_SCIM_API_KEY", &card.scim_api_key);
    world.secret(&card.scim_api_key);
}

fn take_key(world: &mut World) {
    world.unset("HEADCOUNT_SCIM_DIRECTORY_ID");
    world.unset("HEADCOUNT_SCIM_API_KEY");
}

/// Four users of an identity provider, another user, and a synced group.
fn world() -> World {
    let mut world = World::new();
    give_key(&mut world);
    let person = |mail: &str, source: &str| json!({"email": mail, "name": mail, "source": source});
    let people = [
        person("one@banc.ly", "scim"),
        person("two@banc.ly", "scim"),
        person("three@banc.ly", "scim"),
        person("four@banc.ly", "scim"),
        person("hand@banc.ly", "invited"),
    ];
    world.seed(json!({
        "people": people, "groups": [{"name": "synced", "synced": true}],
        "memberships": [{"email": "four@banc.ly", "group": "synced"}],
    }));
    world.clear_log();
    world
}

fn column(world: &World, name: &str) -> Vec<String> {
    let report = table(&world.read("out.csv"));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

/// The changing calls that were sent, each once.
fn changing(world: &World) -> Vec<String> {
    let log = world.ask("GET", "/_sandbox/log?changed=true&limit=1000", None);
    let entries = log["entries"].as_array().or_else(|| log.as_array()).expect("entries");
    let mut calls: Vec<_> =
        entries.iter().map(|entry| entry["template"].as_str().unwrap().to_owned()).collect();
    calls.sort();
    calls.dedup();
    calls
}

/// A job, its sheet of rows with the wanted reason, and the calls that it sends.
struct Case {
    job: &'static str,
    sheet: &'static str,
    bound: &'static str,
    calls: &'static [&'static str],
}

const DEACTIVATE: Case = Case {
    job: "user deactivate",
    sheet: "Email,wanted\none@banc.ly,done\ntwo@banc.ly,done\nhand@banc.ly,not-provisioned\nadmin@banc.ly,own-account\n",
    bound: "--max-changes 2",
    calls: &[USER],
};
const ADD: Case = Case {
    job: "member add",
    sheet: "Email,Group,wanted\none@banc.ly,synced,done\ntwo@banc.ly,synced,done\nfour@banc.ly,synced,already-member\nhand@banc.ly,synced,not-provisioned\none@banc.ly,oslo-engineering,not-provisioned\n",
    bound: "",
    calls: &[GROUP],
};
const REMOVE: Case = Case {
    job: "member remove",
    sheet: "Email,Group,wanted\nfour@banc.ly,synced,done\none@banc.ly,synced,not-a-member\n",
    bound: "",
    calls: &[GROUP],
};
const CREATE: Case = Case {
    job: "user create",
    sheet: "Email,products,groups,wanted\nnew@banc.ly,,synced,created\nnext@banc.ly,,,created\nthree@banc.ly,,,already-there\nhand@banc.ly,,,not-provisioned\nlast@banc.ly,jira-software,,not-allowed\n",
    bound: "",
    calls: &[GROUP, USERS],
};
const CREATE_GROUP: Case = Case {
    job: "group create",
    sheet: "name,wanted\nbrand-new,done\nsynced,group-exists\n",
    bound: "",
    calls: &[GROUPS],
};

fn prepare(world: &mut World, case: &Case) -> String {
    world.file("in.csv", case.sheet);
    format!("{} in.csv --scim --yes {}", case.job, case.bound)
}

/// Each job changes what the identity provider has, through its directory alone, and says why it leaves out the rest. A
/// second run changes nothing.
#[test]
fn each_job_goes_through_the_identity_providers_directory_alone() {
    for case in [&DEACTIVATE, &ADD, &REMOVE, &CREATE, &CREATE_GROUP] {
        let mut world = world();
        let line = prepare(&mut world, case);
        let output = world.run(&format!("{line} --report out.csv"));
        assert_eq!(column(&world, "reason"), column(&world, "wanted"), "{}\n{}", case.job, output.stderr);
        assert_eq!(changing(&world), case.calls, "{}", case.job);
        world.nothing_twice();
        world.clear_log();
        world.run(&line);
        world.nothing_sent();
        world.check_files();
    }
}

#[test]
fn users_are_reactivated_and_appear_everywhere() {
    let mut world = world();
    world.file("in.csv", "Email\none@banc.ly\n");
    world.run("user deactivate in.csv --scim --yes --max-changes 1").exit(0);
    assert_eq!(world.person("one@banc.ly")["lifecycle"], "inactive");
    world.run("user activate in.csv --scim --yes").exit(0);
    assert_eq!(world.person("one@banc.ly")["lifecycle"], Value::Null);
    world.file("new.csv", "Email,Display name\nida@banc.ly,Ida Prov\n");
    world.run("user create new.csv --scim --yes").exit(0);
    assert_eq!(world.person("ida@banc.ly")["source"], "scim");
}

/// The directory answers 200 and shows that it has not changed the user: that row failed, and the run goes on.
#[test]
fn an_answer_that_shows_no_change_fails_its_row_alone() {
    let mut world = world();
    let person = |mail: &str, lifecycle: &str| json!({"email": mail, "name": mail, "source": "scim", "lifecycle": lifecycle});
    world.seed(json!({"people": [
        person("off@banc.ly", "inactive"), person("leaving@banc.ly", "for-deletion"), person("out@banc.ly", "inactive"),
    ]}));
    world.file("in.csv", "Email\noff@banc.ly\nleaving@banc.ly\nout@banc.ly\n");
    world.run("user activate in.csv --scim --yes --report out.csv").exit(1);
    assert_eq!(column(&world, "reason"), ["done", "conflict", "done"]);
}

/// Without `--scim`, the site would refuse or reverse the change: the row says so, and how it can be made.
#[test]
fn a_row_that_an_identity_provider_owns_says_how_it_can_be_changed() {
    let mut world = world();
    for (job, sheet) in [
        ("user deactivate", "Email\none@banc.ly\n"),
        ("member add", "Email,Group\nhand@banc.ly,synced\n"),
        ("member remove", "Email,Group\nfour@banc.ly,synced\n"),
    ] {
        world.file("in.csv", sheet);
        let output = world.run(&format!("{job} in.csv --yes --max-changes 1 --report out.csv"));
        assert_eq!(column(&world, "reason"), ["identity-provider"], "{}", output.stderr);
        let details = column(&world, "detail");
        for words in ["--scim", "scim_directory_id", "SCIM API key"] {
            assert!(details[0].contains(words), "{words}: {details:?}");
        }
    }
    world.nothing_sent();
    // The site may say it only when the request is sent; Google's own sync has no such directory.
    for (key, offered) in [("externalDirectory.scim", true), ("externalDirectory.google", false)] {
        let body = json!({
            "key": "forbidden.action", "context": { "allowed": false, "reason": { "key": key } },
        });
        world.fault(json!({
            "method": "POST", "path": "/users/{account_id}/manage/lifecycle/disable", "times": 1,
            "answer": { "status": 403, "body": body },
        }));
        world.file("in.csv", "Email\nhand@banc.ly\n");
        world.run("user deactivate in.csv --yes --max-changes 1 --report out.csv");
        assert_eq!(column(&world, "reason"), ["identity-provider"]);
        assert_eq!(column(&world, "detail")[0].contains("--scim"), offered, "{key}");
    }
    world.clear_log();
    take_key(&mut world);
    world.file("in.csv", "Email\none@banc.ly\n");
    let output = world.run("user deactivate in.csv --scim --yes --max-changes 1").exit(2);
    assert!(output.stderr.contains("SCIM API key"), "{}", output.stderr);
    assert!(output.stderr.contains("HEADCOUNT_SCIM_API_KEY"), "{}", output.stderr);
    world.nothing_sent();
}

/// The undo goes the same way, and a second undo has nothing to do.
#[test]
fn an_undo_goes_through_the_same_directory() {
    for case in [&DEACTIVATE, &ADD, &REMOVE] {
        let mut world = world();
        let line = prepare(&mut world, case);
        let state = "/_sandbox/state?only=memberships";
        let before = (world.person("one@banc.ly"), world.ask("GET", state, None));
        world.run(&line);
        world.clear_log();
        let output = world.run("run undo last --yes --max-changes 9");
        assert_eq!(changing(&world), case.calls, "{}\n{}", case.job, output.stderr);
        let mut after = world.person("one@banc.ly");
        after.as_object_mut().unwrap().remove("changed_ms");
        assert_eq!(after, before.0, "{}", case.job);
        let sorted = |state: &Value| {
            let mut all: Vec<_> =
                state["memberships"].as_array().unwrap().iter().map(Value::to_string).collect();
            all.sort();
            all
        };
        assert_eq!(sorted(&world.ask("GET", state, None)), sorted(&before.1), "{}", case.job);
    }
}

/// What was created in the identity provider's directory stays: no undo removes it, and it says so.
#[test]
fn creations_are_not_undone_and_the_undo_says_why() {
    for case in [&CREATE, &CREATE_GROUP] {
        let mut world = world();
        let line = prepare(&mut world, case);
        world.run(&line);
        world.clear_log();
        let line = "run undo last --remove-created --yes --max-changes 9 --report out.csv";
        let output = world.run(line);
        let details = column(&world, "detail").join("\n");
        assert!(details.contains("identity provider's directory"), "{details}\n{}", output.stderr);
        let calls = changing(&world);
        assert!(calls.iter().all(|call| call == GROUP), "{calls:?}");
    }
}

/// A plan for one way is never applied, resumed or undone in the other.
#[test]
fn a_plan_is_applied_and_undone_its_own_way_alone() {
    let mut world = world();
    world.file("in.csv", "Email,Group\none@banc.ly,synced\n");
    world.run("member add in.csv --scim --plan").exit(0);
    take_key(&mut world);
    let output = world.run("run apply last --yes").exit(2);
    assert!(output.stderr.contains("SCIM API key"), "{}", output.stderr);
    world.nothing_sent();
    give_key(&mut world);
    world.run("run apply last --yes").exit(0);
    assert_eq!(changing(&world), [GROUP]);
    take_key(&mut world);
    world.run("run undo last --yes").exit(2);
    assert!(world.is_member("one@banc.ly", "synced"));
    give_key(&mut world);
    world.run("run undo last --yes").exit(0);
    assert!(!world.is_member("one@banc.ly", "synced"));
    // User management leaves such an account to the provider, also when a plan that waited is applied.
    world.file("off.csv", "Email\ntwo@banc.ly\n");
    for (job, lifecycle) in [("user deactivate", json!("inactive")), ("user activate", Value::Null)] {
        world.run(&format!("{job} off.csv --scim --plan")).exit(0);
        world.run("run apply last --yes --max-changes 1").exit(0);
        assert_eq!(world.person("two@banc.ly")["lifecycle"], lifecycle);
    }
    // The other direction: a key for the directory changes nothing about a plan without it.
    world.clear_log();
    world.file("hand.csv", "Email,Group\nhand@banc.ly,oslo-engineering\n");
    take_key(&mut world);
    world.run("member add hand.csv --plan").exit(0);
    give_key(&mut world);
    world.run("run apply last --yes").exit(0);
    assert_eq!(changing(&world), ["/rest/api/3/group/user"]);
    // Another directory is another door.
    world.run("member add in.csv --scim --plan").exit(0);
    world.set("HEADCOUNT_SCIM_DIRECTORY_ID", "another");
    world.clear_log();
    world.run("run apply last --yes").exit(2);
    world.nothing_sent();
}

/// A lost answer, an error and a limit: each change is made once, and each row has its outcome.
#[test]
fn faults_lose_nothing_and_do_nothing_twice() {
    let unwell = |when: &str| json!({"answer": {"status": 503, "when": when, "body": "<html>unwell</html>"}});
    let faults = [
        unwell("before"),
        unwell("after"),
        json!({"drop": "before"}),
        json!({"drop": "after"}),
        json!({"half_body": true}),
        json!({"answer": {"status": 429, "when": "before", "headers": {"Retry-After": "0"}}}),
    ];
    for fault in faults {
        for case in [&DEACTIVATE, &ADD, &REMOVE, &CREATE, &CREATE_GROUP] {
            let mut world = world();
            let line = prepare(&mut world, case);
            let call = case.calls.last().expect("a call");
            let method = if matches!(*call, USERS | GROUPS) { "POST" } else { "PATCH" };
            let mut fault = fault.clone();
            fault["method"] = json!(method);
            fault["path"] = json!(call);
            fault["times"] = json!(1);
            world.fault(fault.clone());
            let output = world.run(&format!("{line} --report out.csv"));
            world.nothing_twice();
            let outcomes = column(&world, "outcome");
            let settled = ["changed", "unchanged", "skipped"];
            assert!(
                outcomes.iter().all(|outcome| settled.contains(&outcome.as_str())),
                "{} {fault}: {outcomes:?}\n{}",
                case.job,
                output.stderr
            );
        }
    }
}

/// A process that is killed between a request and its answer reads the directory before it goes on.
#[test]
fn a_killed_run_resumes_and_does_nothing_twice() {
    for (case, call, method) in
        [(&DEACTIVATE, USER, "PATCH"), (&ADD, GROUP, "PATCH"), (&CREATE_GROUP, GROUPS, "POST")]
    {
        let mut world = world();
        let line = prepare(&mut world, case);
        world.fault(json!({
            "method": method, "path": call, "delay_after_ms": 600_000, "times": 1,
        }));
        let job = world.command(&format!("--json {line}")).start();
        world.changed(1);
        job.kill();
        world.no_faults();
        world.run("run resume last --yes --max-changes 9 --report out.csv");
        assert_eq!(column(&world, "outcome")[0], "changed", "{}", case.job);
        world.nothing_twice();
    }
}

/// The profile's own settings, and its check.
#[test]
fn a_profile_names_the_directory_and_its_key_is_checked() {
    let mut world = world();
    let card = world.card().clone();
    world.unset_all();
    let profile = |directory: &str, key: &str| {
        format!(
            "[profiles.acme]\nemail = \"{}\"\nadmin_url = \"{}\"\norg_id = \"{}\"\n\
             directory_id = \"{}\"\norg_api_key_command = \"printf %s {}\"\n\
             scim_directory_id = \"{directory}\"\nscim_api_key_command = \"printf %s {key}\"\n",
            card.email, card.url, card.org_id, card.directory_id, card.org_api_key
        )
    };
    world.profiles(&profile(&card.scim_directory_id, &card.scim_api_key));
    let shown = world.run("profile show").exit(0);
    assert!(shown.stdout.contains("from the profile's command"), "{}", shown.stdout);
    let check = world.run("profile check").exit(0);
    assert!(check.stdout.contains("SCIM API key: accepted"), "{}", check.stdout);
    assert!(check.stdout.contains("jobs with --scim"), "{}", check.stdout);
    world.file("in.csv", "Email\none@banc.ly\n");
    world.run("user deactivate in.csv --scim --yes --max-changes 1").exit(0);
    for (directory, key, words) in [
        ("another", card.scim_api_key.as_str(), "has no directory another"),
        (card.scim_directory_id.as_str(), "wrong", "SCIM API key is not accepted"),
        (card.scim_directory_id.as_str(), card.org_api_key.as_str(), "organization API key"),
    ] {
        world.profiles(&profile(directory, key));
        let check = world.run("profile check");
        let said = format!("{}{}", check.stdout, check.stderr);
        assert!(said.contains(words), "{words}: {said}");
    }
}
