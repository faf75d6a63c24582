//! `user delete` and `user cancel-delete`: 14 days of grace, guards, undo.

use serde_json::{Value, json};

use crate::harness::{World, table};

/// Accounts in all states; the profile protects one.
fn world() -> World {
    let mut world = World::new();
    let person = |mail: &str, more: Value| {
        let mut person = json!({ "email": mail, "name": mail });
        for (key, value) in more.as_object().cloned().unwrap_or_default() {
            person[key] = value;
        }
        person
    };
    let people = [
        person("one@banc.ly", json!({})),
        person("two@banc.ly", json!({ "lifecycle": "inactive" })),
        person("three@banc.ly", json!({ "lifecycle": "for-deletion" })),
        person("boss@banc.ly", json!({ "org_admin": true })),
        person("synced@banc.ly", json!({ "source": "scim" })),
        person("outside@example.org", json!({ "managed": false })),
        person("kept@banc.ly", json!({})),
    ];
    world.seed(json!({ "people": people }));
    let card = world.card().clone();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\nemail = \"{}\"\ncloud_url = \"{}\"\nadmin_url = \"{}\"\norg_id = \"{}\"\n\
         directory_id = \"{}\"\napi_token_command = \"printf %s {}\"\n\
         org_api_key_command = \"printf %s {}\"\nprotected = [\"kept@banc.ly\"]\n",
        card.email, card.url, card.url, card.org_id, card.directory_id, card.api_token,
        card.org_api_key
    ));
    world
}

const IN: &str = "Email,wanted\n\
    one@banc.ly,done\n\
    two@banc.ly,done\n\
    one@banc.ly,duplicate\n\
    three@banc.ly,already-for-deletion\n\
    boss@banc.ly,org-admin\n\
    synced@banc.ly,identity-provider\n\
    outside@example.org,unmanaged\n\
    kept@banc.ly,protected\n\
    admin@banc.ly,own-account\n\
    nobody@banc.ly,user-not-found\n";

fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

/// The minutes 14 days after the minutes from this time until now: the named one is never later than the end.
fn minutes(start: jiff::Timestamp) -> Vec<String> {
    let end = jiff::Timestamp::now();
    let all = (-1..).map(|minute| start + jiff::SignedDuration::from_mins(minute)).take_while(|at| *at <= end);
    all.chain([end])
        .map(|at| (at + jiff::SignedDuration::from_hours(14 * 24)).strftime("%F %H:%M UTC").to_string())
        .collect()
}

#[test]
fn accounts_without_a_guard_are_deleted_and_the_plan_says_until_when_they_come_back() {
    let mut world = world();
    world.file("in.csv", IN);
    let start = jiff::Timestamp::now();
    world.run("user delete in.csv --yes").exit(2).says("--max-changes");
    world.run("user delete in.csv --yes --max-changes 1").exit(4);
    world.nothing_sent();
    let output = world.run("user delete in.csv --yes --max-changes 2 --report out.csv").exit(1);
    let minutes = minutes(start);
    let has = |words: &str| minutes.iter().any(|minute| words.contains(&format!("until {minute}")));
    assert!(has(&output.stderr), "{}", output.stderr);
    output.says("deleted permanently");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    let details = column(&world, "out.csv", "detail");
    assert!(has(&details[0]), "{details:?}");
    for mail in ["one@banc.ly", "two@banc.ly", "three@banc.ly"] {
        assert_eq!(world.person(mail)["lifecycle"], "for-deletion", "{mail}");
    }
    world.changed(2);
    world.nothing_twice();
}

#[test]
fn a_deletion_is_undone_within_14_days_and_refused_after_them() {
    let mut world = world();
    world.seed(json!({ "people": [{ "email": "six@banc.ly", "name": "six" }] }));
    world.file("in.csv", "Email\none@banc.ly\nsix@banc.ly\n");
    let run = world.run("--json user delete in.csv --yes --max-changes 2").exit(0).run_id();
    world.run("run undo last --rows 1 --yes").exit(0).says("active again at once");
    assert_eq!(world.person("one@banc.ly")["lifecycle"], Value::Null);
    assert_eq!(world.person("six@banc.ly")["lifecycle"], "for-deletion");
    let day = 24 * 3_600_000_i64;
    world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": 14 * day + 60_000 })));
    world.clear_log();
    world
        .run(&format!("run undo {run} --rows 2 --yes"))
        .exit(1)
        .says("not-undoable")
        .says("deleted for good");
    world.nothing_sent();
    world.file("back-in.csv", "Email\nthree@banc.ly\n");
    world.run("user cancel-delete back-in.csv --yes").exit(1);
    world.nothing_sent();
}

#[test]
fn a_cancellation_leaves_other_accounts_as_they_are() {
    let mut world = world();
    world.file(
        "in.csv",
        "Email,wanted\nthree@banc.ly,done\none@banc.ly,not-for-deletion\ntwo@banc.ly,not-for-deletion\n",
    );
    world.run("user cancel-delete in.csv --yes --report out.csv").exit(0);
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    assert_eq!(world.person("three@banc.ly")["lifecycle"], Value::Null);
    assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive");
    world.changed(1);
    world.run("run undo last --yes").exit(2).says("--max-changes");
    world.run("run undo last --yes --max-changes 1").exit(0);
    assert_eq!(world.person("three@banc.ly")["lifecycle"], "for-deletion");
}

/// The answer is lost, or an error comes after the change: the site is read, and nothing is sent twice.
#[test]
fn a_lost_answer_is_settled_by_reading_the_site() {
    for (line, path, mail, end) in [
        ("user delete in.csv --yes --max-changes 1", "delete", "one@banc.ly", json!("for-deletion")),
        ("user cancel-delete in.csv --yes", "cancel-delete", "three@banc.ly", Value::Null),
    ] {
        for after in ["drop_after", "error_after"] {
            let mut world = world();
            world.file("in.csv", format!("Email\n{mail}\n"));
            let mut fault = json!({
                "method": "POST", "path": format!("/users/{{account_id}}/manage/lifecycle/{path}"), "times": 1,
            });
            match after {
                "drop_after" => fault["drop"] = json!("after"),
                _ => fault["answer"] = json!({ "status": 500, "when": "after", "body": "unwell" }),
            }
            world.fault(fault);
            let events = world.run(&format!("--json {line}")).exit(0).events();
            assert_eq!(events.count("changed"), 1, "{line} {after}");
            assert_eq!(world.person(mail)["lifecycle"], end);
            world.nothing_twice();
        }
    }
}

/// A cancellation makes an account active, so one that was deactivated before is deactivated again, in the same row.
/// The undo of that undo is only a deletion.
#[test]
fn an_undo_deactivates_an_account_again_that_was_deactivated_before() {
    let mut world = world();
    world.file("in.csv", "Email\ntwo@banc.ly\none@banc.ly\n");
    world.run("user delete in.csv --yes --max-changes 2").exit(0);
    world.clear_log();
    let plan = world.run("run undo last --plan").exit(0);
    plan.says("cancel the deletion").says("deactivate");
    world.nothing_sent();
    world.run("run apply last --yes --report undo.csv").exit(0);
    assert_eq!(column(&world, "undo.csv", "outcome"), ["changed", "changed"]);
    assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive");
    assert_eq!(world.person("one@banc.ly")["lifecycle"], Value::Null);
    world.changed(3);
    world.clear_log();
    world.run("run undo last --yes --max-changes 2").exit(0);
    for mail in ["one@banc.ly", "two@banc.ly"] {
        assert_eq!(world.person(mail)["lifecycle"], "for-deletion", "{mail}");
    }
    world.changed(2);
    world.run("run undo last --yes").exit(0);
    assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive");
}

/// The process ends between the two steps, and the site still shows the account as it was during the grace: the account
/// does not stay active.
#[test]
fn an_undo_that_ends_between_its_two_steps_deactivates_the_account_afterwards() {
    for lags in [false, true] {
        let mut world = world();
        world.file("in.csv", "Email\ntwo@banc.ly\n");
        world.run("user delete in.csv --yes --max-changes 1").exit(0);
        let disable = "/users/{account_id}/manage/lifecycle/disable";
        world.fault(json!({ "method": "POST", "path": disable, "times": 1, "delay_ms": 3_600_000 }));
        let mut command = world.command("--json run undo last --yes").start();
        command.held();
        command.kill();
        world.no_faults();
        let two = world.person("two@banc.ly");
        assert_eq!(two["lifecycle"], Value::Null, "{lags}");
        if lags {
            let old = json!({ "account": { "account_id": two["account_id"], "account_type": "atlassian",
                "account_status": "inactive", "name": "two@banc.ly", "email": "two@banc.ly" } });
            world.fault(json!({ "method": "GET", "path": "/users/{account_id}/manage/profile", "times": 1,
                "answer": { "status": 200, "body": old } }));
        }
        world.run("run resume last --yes").exit(0);
        assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive", "{lags}");
    }
}

/// The time of the run alone does not show that an account is gone: here, its deletion was canceled.
#[test]
fn an_undo_after_14_days_reads_whether_the_account_is_gone() {
    let mut world = world();
    world.file("in.csv", "Email\none@banc.ly\n");
    let run = world.run("--json user delete in.csv --yes --max-changes 1").exit(0).run_id();
    world.run("user cancel-delete in.csv --yes").exit(0);
    let day = 24 * 3_600_000_i64;
    world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": 14 * day + 60_000 })));
    world.clear_log();
    world.run(&format!("run undo {run} --yes")).exit(0).says("not-for-deletion");
    world.nothing_sent();
}

/// A key that cannot read the directory's users does not see whether an account is scheduled for deletion.
#[test]
fn a_cancellation_is_sent_only_for_what_the_site_shows_as_scheduled() {
    let mut world = world();
    world.fault(json!({
        "method": "GET", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}", "times": 0,
        "answer": { "status": 403, "body": { "message": "no" } },
    }));
    world.file("in.csv", "Email\ntwo@banc.ly\nthree@banc.ly\n");
    world.run("user cancel-delete in.csv --yes").exit(1).says("does not show whether");
    world.nothing_sent();
    assert_eq!(world.person("two@banc.ly")["lifecycle"], "inactive");
}

/// Right after a deletion, the site's records may still show the account as it was: the journal knows better.
#[test]
fn a_deletion_of_a_moment_ago_is_canceled_although_the_records_lag() {
    let mut world = world();
    world.file("in.csv", "Email\none@banc.ly\n");
    world.ask("POST", "/_sandbox/lag", Some(&json!({ "lag_ms": 3_600_000, "by_id": true })));
    world.run("user delete in.csv --yes --max-changes 1").says("not-verified");
    assert_eq!(world.person("one@banc.ly")["lifecycle"], "for-deletion");
    world.clear_log();
    world.run("user cancel-delete in.csv --yes").exit(0).says("1 changed");
    world.changed(1);
    assert_eq!(world.person("one@banc.ly")["lifecycle"], Value::Null);
    // The newest change is now the cancellation.
    world.clear_log();
    world.run("user cancel-delete in.csv --yes").exit(0).says("not-for-deletion");
    world.nothing_sent();
}

/// The journal shows a deletion that this key cannot read, until the grace is over, or a run cancels it.
#[test]
fn a_deletion_by_this_journal_is_canceled_although_its_record_is_closed() {
    let mut world = world();
    world.file("one.csv", "Email\none@banc.ly\n");
    world.file("both.csv", "Email\none@banc.ly\nthree@banc.ly\n");
    world.run("user delete one.csv --yes --max-changes 1").exit(0);
    world.fault(json!({
        "method": "GET", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}", "times": 0,
        "answer": { "status": 403, "body": { "message": "no" } },
    }));
    let hour = 3_600_000_i64;
    world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": hour })));
    world.clear_log();
    world.run("user cancel-delete both.csv --yes --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), ["done", "not-sent"]);
    world.changed(1);
    assert_eq!(world.person("three@banc.ly")["lifecycle"], "for-deletion");
}

/// A record that was not understood once is read again, and a failed second reading does not forget the first.
#[test]
fn a_record_that_is_not_understood_leaves_no_user_unread() {
    for (nth, times) in [(1, 1), (2, 0)] {
        let mut world = world();
        world.fault(json!({
            "method": "GET", "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}",
            "nth": nth, "times": times,
            "answer": { "status": 200, "body": "<html><title>One moment</title></html>" },
        }));
        world.file("in.csv", "Email\ntwo@banc.ly\n");
        let output = world.run("user cancel-delete in.csv --yes --report out.csv").exit(0);
        assert_eq!(column(&world, "out.csv", "reason"), ["not-for-deletion"], "{}", output.stderr);
        world.nothing_sent();
    }
}
