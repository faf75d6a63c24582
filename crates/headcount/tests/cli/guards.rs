//! Guards of a run: no terminal, limits on changes, your own account, administrators, protected users.

use serde_json::json;

use crate::harness::World;

const DEACTIVATE: &str = "user deactivate samples/deactivate.csv";

#[test]
fn without_a_terminal_a_job_needs_yes_or_plan() {
    let world = World::new();
    insta::assert_snapshot!(world.run("member add samples/member-add.csv").exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv
    ─── stderr
    error: there is no terminal to ask on
    hint: add --yes to continue without asking, or --plan to stop after the plan
    ─── exit 2
    ");
    world.command("member add -").input("Email,Group\n").run().exit(2);
    let events = world.run("--json member add samples/member-add.csv").exit(2).events();
    assert_eq!(events.order(), ["finished"]);
    world.run("member add samples/member-add.csv --plan").exit(0);
    world.run("run apply last").exit(2);
    world.nothing_sent();
}

#[test]
fn what_takes_away_needs_a_bound() {
    let world = World::new();
    insta::assert_snapshot!(world.run(&format!("{DEACTIVATE} --yes")).exit(2).transcript(), @r"
    $ headcount user deactivate samples/deactivate.csv --yes
    ─── stderr
    error: `user deactivate` with --yes needs --max-changes
    hint: such as --max-changes 50, or a share of the site's users: --max-changes 5%
    ─── exit 2
    ");
    world.nothing_sent();
    // Jobs that only add need no limit, and neither does `--plan`.
    world.run(&format!("{DEACTIVATE} --plan")).exit(0);
    world.run("run apply last --yes").exit(2);
    world.nothing_sent();
}

/// The plan says how many of all users it changes, and warns if it is most of them. A few users are not counted.
#[test]
fn of_how_many_something_is_taken_away() {
    let mut world = World::of_people(60);
    let mails = world.plain_mails();
    let mut plan = |job: &str, rows: usize| {
        world.file("leave.csv", format!("Email\n{}\n", mails[..rows].join("\n")));
        world.run(&format!("{job} leave.csv --plan")).exit(0)
    };
    plan("user deactivate", 12).says("share      11 changes, compared to 54 active accounts of the organiz");
    plan("user deactivate", mails.len()).says("active accounts of the organization: more than half");
    plan("user suspend", 12).says("changes, compared to 53 active users of the site");
    let few = plan("user deactivate", 3).stderr;
    assert!(!few.contains("active accounts"), "{few}");
    world.nothing_sent();
}

#[test]
fn more_than_the_bound() {
    let world = World::new();
    world.run(&format!("{DEACTIVATE} --yes --max-changes 1")).exit(4).snap("over-the-bound");
    world.run(&format!("{DEACTIVATE} --yes --max-changes 1%")).exit(4).snap("over-the-share");
    let output = world.run(&format!("--json {DEACTIVATE} --yes --max-changes 1")).exit(4);
    let events = output.events();
    assert_eq!(events.order(), ["planned", "finished"]);
    assert_eq!(events.count("pending"), 2);
    world.nothing_sent();
    // The command that the hint names.
    world.run("run apply 1 --yes --max-changes 2").exit(0);
    assert_eq!(world.changing(), 2);
}

#[test]
fn within_the_bound() {
    let world = World::new();
    world.run(&format!("{DEACTIVATE} --yes --max-changes 50%")).exit(0);
    assert_eq!(world.changing(), 2);
    world.run("member add samples/member-add.csv --yes --max-changes 2").exit(4);
    assert_eq!(world.changing(), 2);
}

#[test]
fn bounds_that_are_none() {
    let world = World::new();
    for bound in ["some", "-1", "101%", "5 %%", "1.5"] {
        world.run(&format!("{DEACTIVATE} --yes --max-changes=\"{bound}\"")).exit(2);
    }
    insta::assert_snapshot!(world.run(&format!("{DEACTIVATE} --yes --max-changes many")).exit(2).transcript(), @r"
    $ headcount user deactivate samples/deactivate.csv --yes --max-changes many
    ─── stderr
    error: invalid value 'many' for '--max-changes <N|N%>': a whole number, or a share such as 5%

    For more information, try '--help'.
    ─── exit 2
    ");
}

/// Users that a job that takes something away leaves alone, each with the reason.
#[test]
fn the_users_that_deactivation_leaves_alone() {
    let mut world = World::new();
    world.set("HEADCOUNT_EMAIL", "admin@banc.ly");
    world.file(
        "leavers.csv",
        "User id,Email,Org role,note\n\
         ,admin@banc.ly,,own-account\n\
         ,akim@banc.ly,Organization admin,an administrator by the export's column\n\
         ,ssolheim@banc.ly,,owned by SCIM\n\
         ,gabiola@banc.ly,,owned by Google\n\
         ,uadeyemi@contractor.example,,not managed\n\
         ,dnkosi@banc.ly,,deactivated already\n\
         ,nobody@banc.ly,,nobody\n\
         5b10a2844c20165700ede21g,,,an id nobody has\n\
         7a4b625f3fd5xxx24d741ac7,vdillow@banc.ly,,id and mail of two people\n\
         ,dsnapper@banc.ly,,a leaver\n\
         ,DSnapper@banc.ly,,the same again\n",
    );
    world
        .run("user deactivate leavers.csv --yes --max-changes 5 --report out.csv")
        .exit(1)
        .snap("deactivate-guards");
    assert_eq!(world.changing(), 1);
    let report = crate::harness::table(&world.read("out.csv"));
    let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
    let reasons: Vec<_> = report[1..].iter().map(|row| row[reason].as_str()).collect();
    assert_eq!(
        reasons,
        [
            "own-account",
            "org-admin",
            "identity-provider",
            "identity-provider",
            "unmanaged",
            "already-inactive",
            "user-not-found",
            "user-not-found",
            "mismatch",
            "done",
            "duplicate",
        ]
    );
}

#[test]
fn who_the_profile_protects() {
    let mut world = World::new();
    let card = world.card().clone();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\nemail = \"{}\"\n\
         api_token_command = \"printf %s {}\"\norg_api_key_command = \"printf %s {}\"\n\
         protected = [\"dsnapper@banc.ly\", \"6155833c071axxx071ff5b24\", \"hanoi-legal\", \"@contractor.example\"]\n",
        card.email, card.api_token, card.org_api_key, url = card.url
    ));
    world.run(&format!("{DEACTIVATE} --yes --max-changes 2")).exit(1).snap("protected-people");
    world.file("add.csv", "Email,Group\nftoten2@banc.ly,Hanoi-Legal\nuadeyemi@contractor.example,oslo-engineering\nvdillow@banc.ly,oslo-engineering\n");
    let output = world.run("member add add.csv --yes").exit(1);
    assert_eq!(output.stderr.matches("is in the profile's list").count(), 2, "{}", output.stderr);
    assert_eq!(world.changing(), 1);
}

/// Jira hides the address of a user named by id; the organization shows it.
#[test]
fn who_is_protected_by_a_mail_that_jira_hides() {
    let mut world = World::new();
    let card = world.card().clone();
    let hidden = world.person("hvinter@banc.ly")["account_id"].as_str().expect("an id").to_owned();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\nemail = \"{}\"\n\
         api_token_command = \"printf %s {}\"\norg_api_key_command = \"printf %s {}\"\n\
         protected = [\"HVinter@banc.ly\"]\n",
        card.email, card.api_token, card.org_api_key, url = card.url
    ));
    world.file("add.csv", format!("accountId,Group\n{hidden},hanoi-legal\n"));
    world.file(
        "users.csv",
        format!("User id,User name,email,User status\n{hidden},Henrik Vinter,,Active\n"),
    );
    for export in ["", "--users users.csv", "--users users.csv --groups samples/groups.csv"] {
        let job = format!("member add add.csv --yes {export}");
        world.run(&job).exit(1).says("protected: “HVinter@banc.ly” is in the profile's list");
        world.nothing_sent();
    }
}

/// A profile with the API token, with or without the organization API key, that protects these.
fn protects(world: &mut World, org: bool, protected: &str) {
    let card = world.card().clone();
    let org = match org {
        true => format!("org_api_key_command = \"printf %s {}\"\n", card.org_api_key),
        false => String::new(),
    };
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\nemail = \"{}\"\n\
         api_token_command = \"printf %s {}\"\n{org}protected = [{protected}]\n",
        card.email, card.api_token, url = card.url
    ));
}

/// Users that the profile protects now are left alone, also by an older plan, unless its lookup saw that the user
/// does not exist.
#[test]
fn a_plan_that_waited_obeys_the_protected_list_of_now() {
    for (org, exit, sent) in [(false, 1, 1), (true, 0, 2)] {
        let mut world = World::new();
        protects(&mut world, org, "");
        world.file("new.csv", "emailAddress\nnew@contractor.example\nnew@example.com\n");
        world.run("user create new.csv --plan").exit(0);
        protects(&mut world, org, "\"@contractor.example\"");
        let output = world.run("run apply last --yes").exit(exit);
        let says = output.stderr.contains("protected: “@contractor.example” is in the profile's list");
        assert_eq!(says, !org, "{}", output.stderr);
        assert_eq!(world.changing(), sent);
    }
}

/// A hidden address may belong to a protected account. The API token alone can't show it; the organization API key
/// can.
#[test]
fn who_is_protected_by_an_account_that_hides_its_address() {
    for (org, exit, sent) in [(false, 1, 0), (true, 0, 1)] {
        let mut world = World::new();
        let hidden = world.person("hvinter@banc.ly")["account_id"].as_str().expect("an id").to_owned();
        protects(&mut world, org, &format!("\"{hidden}\""));
        world.file("new.csv", "emailAddress\nhvinter@banc.ly\nnew@example.com\n");
        let output = world.run("user create new.csv --yes").exit(exit);
        let says = output.stderr.contains(&format!("may be the hidden address of the protected account “{hidden}”"));
        assert_eq!(says, !org, "{}", output.stderr);
        assert_eq!(world.changing(), sent);
    }
}

/// An export does not show which users an identity provider manages; the organization does.
#[test]
fn a_group_of_the_identity_provider_from_an_export() {
    let mut world = World::new();
    let state = world.ask("GET", "/_sandbox/state?only=groups", None);
    let groups = state["groups"].as_array().expect("groups");
    let synced = groups.iter().find(|group| group["name"] == "idp-everyone").expect("a group");
    let id = synced["id"].as_str().expect("an id");
    world.file("groups.csv", format!("Group id,Group name\n{id},idp-everyone\n"));
    world.file("add.csv", "Email,Group\njfloat@banc.ly,idp-everyone\n");
    for exports in ["--groups groups.csv", "--users samples/users.csv --groups groups.csv"] {
        let job = format!("--json member add add.csv --yes {exports}");
        assert_eq!(world.run(&job).exit(1).events().count("skipped"), 1, "{exports}");
        world.nothing_sent();
    }
}

/// A created user who is an administrator by now stays.
#[test]
fn an_administrator_by_now_is_not_taken_off_by_an_undo() {
    let mut world = World::new();
    world.file("create.csv", "emailAddress\nnew@banc.ly\n");
    world.run("user create create.csv --yes").exit(0);
    let id = world.person("new@banc.ly")["account_id"].as_str().expect("an id").to_owned();
    let org = world.card().org_id.clone();
    let path = format!("/admin/v1/orgs/{org}/users/{id}/role-assignments/assign");
    world.by_hand("POST", &path, Some(&json!({ "role": "atlassian/org-admin" })));
    world.clear_log();
    let undo = "run undo last --yes --max-changes 1 --remove-created";
    world.run(undo).exit(1).says("an organization administrator");
    world.nothing_sent();
}

#[test]
fn own_account_must_be_known() {
    let mut world = World::new();
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN", "HEADCOUNT_EMAIL"] {
        world.unset(name);
    }
    insta::assert_snapshot!(world.run(&format!("{DEACTIVATE} --yes --max-changes 2")).exit(2).transcript(), @r"
    $ headcount user deactivate samples/deactivate.csv --yes --max-changes 2
    ─── stderr
    error: headcount cannot tell which account is yours, so this job could lock you out
    hint: set HEADCOUNT_EMAIL, or email in the profile, to the email of your own Atlassian account
    ─── exit 2
    ");
    world.nothing_sent();
}

/// An undo has the same guards as a job: the account that runs it is not removed from a group.
#[test]
fn an_undo_leaves_own_account_alone() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group\nadmin@banc.ly,hanoi-legal\njfloat@banc.ly,hanoi-legal\n");
    world.run("member add add.csv --yes").exit(0);
    world.run("run undo last --yes").exit(1).snap("undo-own-account");
    assert!(world.is_member("admin@banc.ly", "hanoi-legal"));
    assert!(!world.is_member("jfloat@banc.ly", "hanoi-legal"));
}

/// With the organization API key alone, your own account is the profile's email address.
#[test]
fn own_account_by_mail_alone() {
    let mut world = World::new();
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN"] {
        world.unset(name);
    }
    world.set("HEADCOUNT_EMAIL", "DSnapper@banc.ly");
    let events =
        world.run(&format!("--json {DEACTIVATE} --yes --max-changes 2")).exit(1).events();
    assert_eq!((events.count("changed"), events.count("skipped")), (1, 1));
    assert_eq!(world.person("dsnapper@banc.ly").get("lifecycle"), None);
}

/// `--max-failures`: a run that only fails stops by itself and can be resumed.
#[test]
fn too_many_failures() {
    let world = World::of_people(60);
    let mut file = "accountId,groupId\n".to_owned();
    let state = world.ask("GET", "/_sandbox/state?only=people,groups", None);
    let group = state["groups"][9]["id"].as_str().expect("a group");
    for person in state["people"].as_array().expect("people").iter().take(30) {
        file.push_str(&format!("{},{group}\n", person["account_id"].as_str().expect("an id")));
    }
    let mut world = world;
    world.file("add.csv", file);
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 3, "times": 0,
        "answer": { "status": 403, "body": { "errorMessages": ["No."], "errors": {} } },
    }));
    let output = world.run("--json member add add.csv --yes --max-failures 3 --concurrency 1");
    let output = output.exit(4);
    let events = output.events();
    assert_eq!(events.last("state"), "stopped");
    assert!(events.count("pending") > 0);
    assert!(!events.named("stopped").is_empty());
    world.no_faults();
    let output = world.run("--json run resume last --yes").exit(1);
    let events = output.events();
    assert_eq!((events.count("pending"), events.count("failed") > 0), (0, true));
    world.nothing_twice();
}

/// With the API token alone, it is not known which users an identity provider manages; the plan says so.
#[test]
fn what_the_credentials_do_not_show_is_in_the_plan() {
    let mut world = World::new();
    let words = "whether an identity provider manages the group: these credentials cannot see it";
    let both = world.run("member add samples/member-add.csv --plan").exit(0);
    assert!(!both.stderr.contains("not known"), "{}", both.stderr);
    for name in ["HEADCOUNT_ORG_API_KEY", "HEADCOUNT_ORG_ID", "HEADCOUNT_DIRECTORY_ID"] {
        world.unset(name);
    }
    world.run("member add samples/member-add.csv --plan").exit(0).says(words);
    // It is in the journal, so a plan that is shown again says it again.
    let shown = world.run("run show last").exit(0);
    assert!(shown.stdout.contains(words), "{}", shown.stdout);
    world.nothing_sent();
}

/// A limit that was given with `--plan` applies when the plan is applied, without giving it again.
#[test]
fn limits_stay_with_their_run() {
    let world = World::new();
    world.run("user deactivate samples/deactivate.csv --plan --max-changes 2").exit(0);
    world.run("run apply last --yes").exit(0);
    let world = World::new();
    world.run("user deactivate samples/deactivate.csv --plan --max-changes 1").exit(0);
    world.run("run apply last --yes").exit(4);
    world.run("run apply last --yes --max-changes 2").exit(0);
}

#[test]
fn a_plan_that_was_never_applied_is_not_undone() {
    let world = World::new();
    world.run("user deactivate samples/deactivate.csv --plan").exit(0);
    let undone = world.run("run undo last --yes --max-changes 2").exit(2);
    assert!(undone.stderr.contains("it was never applied"), "{}", undone.stderr);
    world.run("run apply last --yes --max-changes 2").exit(0);
}
