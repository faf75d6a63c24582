//! Plans that another account has to approve, and who did what with a run.

use headcount_sandbox::{PLAIN_API_TOKEN, PLAIN_EMAIL};
use headcount_testkit::postgres;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{Output, World};

const PLAN: &str = "member add samples/member-add.csv --plan";

/// A world whose only profile has this rule, with the credentials of the site's administrator. There is a second one.
fn world(rule: &str) -> World {
    let mut world = World::new();
    world.second_administrator();
    let url = world.card().url.clone();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\napproval = {rule}\n"
    ));
    world
}

/// Runs a command as another account of the site.
#[track_caller]
fn as_other(world: &World, line: &str) -> Output {
    let command = world.command(line).with("HEADCOUNT_EMAIL", PLAIN_EMAIL);
    command.with("HEADCOUNT_API_TOKEN", PLAIN_API_TOKEN).run()
}

fn acts(world: &World, run: &str) -> Vec<[String; 2]> {
    let report = world.run(&format!("run report {run} --format json")).exit(0).stdout;
    let report: Value = serde_json::from_str(&report).expect("a report");
    let acts = report["acts"].as_array().expect("a list");
    acts.iter().map(|act| [&act["did"], &act["by"]].map(|it| it.as_str().expect("a text").into())).collect()
}

#[test]
fn a_plan_waits_until_another_account_approves_it() {
    for journal in [None, Some(postgres::journal())] {
        let mut world = world("2");
        if let Some(journal) = &journal {
            world.set("HEADCOUNT_JOURNAL", journal);
        }
        let planned = world.run(PLAN).exit(0).says("run approve");
        assert_eq!(planned.stdout.trim(), planned.run_id());
        world.run("run apply last --yes").exit(2).says("admin@banc.ly has to approve it");
        world.run("run resume last --yes").exit(2).says("admin@banc.ly has to approve it");
        world.run("run approve last").exit(2).says("another approver has to decide");
        world.run("run reject last --why no").exit(2).says("another approver has to decide");
        world.nothing_sent();
        as_other(&world, "run show last").exit(0).says("");
        let shown = as_other(&world, "run show last").exit(0).stdout;
        assert!(shown.contains("by admin@banc.ly") && shown.contains("run approve"), "{shown}");
        as_other(&world, "run approve last").exit(0).says("jfloat@banc.ly approved the plan");
        as_other(&world, "run approve last").exit(2).says("jfloat@banc.ly has already approved");
        world.run("run approve last").exit(2).says("admin@banc.ly made this plan");
        world.nothing_sent();
        world.run("run apply last --yes").exit(0);
        assert_eq!(world.changing(), 3);
        let by = |did: &str, by: &str| [did.to_owned(), by.to_owned()];
        let (own, other) = ("admin@banc.ly", "jfloat@banc.ly");
        assert_eq!(
            acts(&world, "last"),
            [by("planned", own), by("approved", other), by("started", own)]
        );
        let shown = world.run("run show last").exit(0).stdout;
        for act in ["planned", "approved", "started"] {
            let line = shown.lines().find(|line| line.trim_start().starts_with(act));
            assert!(line.is_some_and(|line| line.contains(" by ")), "{act}: {shown}");
        }
        let list = world.run("run list").exit(0).stdout;
        assert!(list.contains("planned by admin@banc.ly"), "{list}");
        world.nothing_twice();
    }
}

#[test]
fn a_job_that_does_not_stop_after_its_plan_waits_too() {
    let world = world("2");
    let output = world.run("--json member add samples/member-add.csv --yes").exit(4);
    let events = output.says("another account").events();
    assert_eq!(events.order(), ["planned", "finished"]);
    assert_eq!(events.last("state"), "unapproved");
    world.nothing_sent();
    let events = as_other(&world, "--json run approve last").exit(0).events();
    assert_eq!((events.last("state"), events.last("exit")), (&json!("planned"), &json!(0)));
    world.run("run apply last --yes").exit(0);
}

#[test]
fn a_rejected_plan_is_never_applied() {
    let world = world("2");
    for is_approved in [false, true] {
        world.run(PLAN).exit(0);
        if is_approved {
            as_other(&world, "run approve last").exit(0);
        }
        as_other(&world, "run reject last --why \" \"").exit(2).says("needs a reason");
        as_other(&world, "run reject last --why \"wrong file\"").exit(0).says("never applied");
        for command in ["apply", "resume", "approve"] {
            as_other(&world, &format!("run {command} last{}", if command == "approve" { "" } else { " --yes" })).exit(2);
        }
        world.run("run apply last --yes").exit(2).says("jfloat@banc.ly rejected its plan: wrong file");
        world.run("run cancel last").exit(2);
        let shown = world.run("run show last").exit(0).stdout;
        assert!(shown.contains("rejected") && shown.contains("wrong file"), "{shown}");
    }
    world.nothing_sent();
    as_other(&world, "run undo last --yes").exit(2).says("never applied");
}

/// The requirement is the plan's: the profiles file that a planner edits afterwards changes nothing, and a plan that was
/// made before the profile wanted approval waits for a new plan.
#[test]
fn a_changed_profile_lets_no_plan_through() {
    let mut world = world("2");
    world.run(PLAN).exit(0);
    let with = world.config();
    let without = with.replace("approval = 2\n", "");
    world.profiles(&without);
    world.run("run apply last --yes").exit(2).says("has to approve it");
    world.run(PLAN).exit(0).says("run apply");
    world.profiles(&with);
    world.run("run apply last --yes").exit(2).says("was planned without it");
    world.run("run approve last").exit(2).says("needs no approval");
    world.nothing_sent();
}

/// An approver could apply what it approves.
#[test]
fn an_account_that_may_not_apply_a_plan_does_not_approve_it() {
    let mut world = World::new();
    let url = world.card().url.clone();
    let profile = format!("cloud_url = \"{url}\"\nadmin_url = \"{url}\"\napproval = 2\n");
    world.profiles(&format!("[profiles.acme]\n{profile}"));
    world.file("leave.csv", "Email\nvdillow@banc.ly\n");
    world.run(PLAN).exit(0);
    let member = world.run("run list").exit(0).stdout.split(' ').next().expect("an id").to_owned();
    let approve = format!("run approve {member}");
    as_other(&world, &approve).exit(2).says("jfloat@banc.ly does not administer");
    world.run("run apply last --yes").exit(2).says("has to approve it");
    // Of the managed accounts, the organization API key decides.
    world.run("user deactivate leave.csv --plan").exit(0);
    let without = |line: &str| {
        let command = world.command(line).with("HEADCOUNT_EMAIL", PLAIN_EMAIL);
        command.with("HEADCOUNT_API_TOKEN", PLAIN_API_TOKEN).with("HEADCOUNT_ORG_API_KEY", "").run()
    };
    without("run approve last").exit(2).says("organization API key");
    as_other(&world, "run approve last").exit(0).says("approved the plan");
    // Any other account may stop a plan.
    world.nothing_sent();
    without(&format!("run reject {member} --why \"not now\"")).exit(0).says("never applied");
}

/// The names of profiles are each administrator's own.
#[test]
fn an_approver_needs_no_profile_of_the_planners_name() {
    let mut world = world("2");
    world.run(PLAN).exit(0);
    let bob = world.config().replace("profiles.acme", "profiles.bob");
    let elsewhere = "[profiles.acme]\ncloud_url = \"https://elsewhere.invalid\"\n";
    for profiles in [bob.clone(), format!("{bob}\n{elsewhere}\n[profiles.another]\ncloud_url = \"https://else.invalid\"\n")] {
        world.profiles(&profiles);
        as_other(&world, "run approve last");
        let shown = as_other(&world, "run show last").exit(0).stdout;
        assert!(shown.contains("by jfloat@banc.ly"), "{shown}");
        world.run(&format!("--profile bob {PLAN}")).exit(0);
    }
}

/// The profile's rule was raised after the plan was made, or approved.
#[test]
fn a_raised_rule_wants_a_new_plan() {
    let mut world = world("2");
    world.run(PLAN).exit(0);
    as_other(&world, "run approve last").exit(0);
    world.profiles(&world.config().replace("approval = 2", "approval = 3"));
    let words = "was planned for the agreement of 2 people, and the profile “acme” now wants that of 3";
    world.run("run apply last --yes").exit(2).says(words);
    world.nothing_sent();
}

/// What is applied is what was approved, whatever was changed in the journal.
#[test]
fn a_plan_that_changed_after_its_approval_is_not_applied() {
    for change in [
        "UPDATE steps SET payload = replace(payload, 'vdillow', 'jfloat') WHERE step = 1",
        "UPDATE steps SET common = ' ' || common WHERE step = 2",
        "UPDATE rows SET cells = '[\"x\",\"y\"]' WHERE row = 3",
        "UPDATE steps SET row = 2 WHERE step = 3",
        "UPDATE runs SET site = 'https://acme.atlassian.net'",
        "UPDATE runs SET job = 'member remove'",
    ] {
        let world = world("2");
        world.run(PLAN).exit(0);
        as_other(&world, "run approve last").exit(0);
        let journal = Connection::open(world.journal()).expect("the journal is there");
        assert_eq!(journal.execute(change, []).expect("a change"), 1, "{change}");
        drop(journal);
        let apply = world.run("run apply last --yes --max-changes 9").exit(2);
        apply.says("is not the one that was sealed and approved");
        world.nothing_sent();
    }
}

#[test]
fn an_undo_waits_by_the_same_rule_and_a_stopped_run_goes_on_without_another_approval() {
    let world = world("2");
    world.run(PLAN).exit(0);
    as_other(&world, "run approve last").exit(0);
    world.fault(json!({ "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 0,
                        "answer": { "status": 401 } }));
    world.run("run apply last --yes --concurrency 1").exit(3);
    world.no_faults();
    world.run("run resume last --yes").exit(0);
    let [planned, approved, started, resumed] = &acts(&world, "1")[..] else { panic!("four acts") };
    assert_eq!([planned, approved, started, resumed].map(|act| act[0].as_str()), ["planned", "approved", "started", "resumed"]);
    world.clear_log();
    world.run("run undo last --yes --max-changes 9").exit(4).says("another account");
    world.run("run apply last --yes --max-changes 9").exit(2);
    world.nothing_sent();
    as_other(&world, "run approve last").exit(0);
    world.run("run apply last --yes --max-changes 9").exit(0);
    assert_eq!(world.changing(), 3);
    let shown = world.run("run show 1").exit(0).stdout;
    assert!(shown.contains("by run 20") && shown.contains("by admin@banc.ly"), "{shown}");
}

#[test]
fn the_rule_says_which_plans_wait() {
    for (rule, adds, deactivates) in [
        ("{ takes_away = true }", "planned", "unapproved"),
        ("{ above = 2 }", "unapproved", "planned"),
        ("{ above = 3 }", "planned", "planned"),
        ("{ takes_away = true, above = 2 }", "unapproved", "unapproved"),
        ("3", "unapproved", "unapproved"),
    ] {
        let mut world = world(rule);
        world.file("leave.csv", "Email\nvdillow@banc.ly\n");
        for (job, state) in [(PLAN, adds), ("user deactivate leave.csv --plan", deactivates)] {
            let events = world.run(&format!("--json {job}")).exit(0).events();
            assert_eq!(events.last("state"), state, "{rule}: {job}");
        }
    }
    let world = world("3");
    world.run(PLAN).exit(0).says("2 other accounts");
    as_other(&world, "run approve last").exit(0).says("needs 1 approval more");
    world.run("run apply last --yes").exit(2);
    as_other(&world, "run approve last").exit(2).says("already approved");
    world.nothing_sent();
}

/// Only an API token shows whose credential it is.
#[test]
fn an_organization_key_alone_plans_and_approves_nothing_that_needs_approval() {
    let mut world = world("2");
    world.file("leave.csv", "Email\nvdillow@banc.ly\n");
    world.run("user deactivate leave.csv --plan").exit(0);
    let mut world = world.key_alone();
    let url = world.card().url.clone();
    world.profiles(&format!("[profiles.acme]\nadmin_url = \"{url}\"\napproval = 2\n"));
    world.run("user deactivate leave.csv --yes --max-changes 1").exit(2).says("whose plan it is");
    world.run("run approve last").exit(2).says("API token");
    world.profiles(&format!("[profiles.acme]\nadmin_url = \"{url}\"\n"));
    world.run("user deactivate leave.csv --plan").exit(0);
    let shown = world.run("run show last").exit(0).stdout;
    assert!(shown.contains("by organization API key of acme"), "{shown}");
    world.nothing_sent();
}
