//! `access grant` and `access revoke`: roles of users and groups, through what a user has them, seats, guards, undo.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{World, table};

/// Users with and without an app: `own` has it directly, `by` through a group, `both` in both ways, `none` not at all.
fn world() -> World {
    let mut world = World::new();
    let roles = json!({ "jira-core": ["user"] });
    let person = |name: &str| json!({ "email": format!("{name}@acme.example"), "name": name });
    let with = |name: &str, more: Value| {
        let mut person = person(name);
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let people = json!([
        with("own", json!({ "roles": roles })),
        person("by"),
        with("both", json!({ "roles": roles })),
        person("none"),
        person("more"),
        with("boss", json!({ "roles": roles, "org_admin": true })),
        with("kept", json!({ "roles": roles })),
        with("okta", json!({ "roles": roles, "source": "scim" })),
        with("gone", json!({ "place": "never" })),
    ]);
    let groups = json!([
        { "id": "g-core", "name": "core users", "grants": "jira-core" },
        { "id": "g-team", "name": "team" },
        { "id": "g-kept", "name": "of kept", "grants": "jira-core" },
    ]);
    let member = |name: &str, group: &str| json!({ "email": format!("{name}@acme.example"), "group": group });
    let memberships = json!([
        member("by", "core users"), member("both", "core users"),
        member("none", "team"), member("own", "team"), member("kept", "of kept"),
    ]);
    let seats = json!([{ "product": "jira-core", "seats": 12 }]);
    world.seed(json!({ "people": people, "groups": groups, "memberships": memberships, "seats": seats }));
    let card = world.card().clone();
    world.unset_all();
    world.profiles(&format!(
        "[profiles.acme]\nemail = \"{}\"\nprotected = [\"kept@acme.example\"]\nadmin_url = \"{}\"\n\
         org_id = \"{}\"\ndirectory_id = \"{}\"\norg_api_key_command = \"printf %s {}\"\n",
        card.email, card.url, card.org_id, card.directory_id, card.org_api_key
    ));
    world
}

#[track_caller]
fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name).expect("the column is there");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

/// The taken seats of an app.
fn taken(world: &World) -> u64 {
    let output = world.run("--json user seats").exit(0);
    let apps = output.events().named("seats")[0]["apps"].as_array().expect("apps").clone();
    let core = apps.iter().find(|app| app["product"] == "Jira Work Management");
    core.and_then(|app| app["taken"].as_u64()).expect("the app is there")
}

const GRANT: &str = "Email,Group,Product,Role,wanted\n\
    none@acme.example,,jira-core,,done\n\
    NONE@acme.example,,Jira Work Management,user,duplicate\n\
    own@acme.example,,jira-core,user,already-has-role\n\
    by@acme.example,,jira-core,atlassian/user,already-has-role\n\
    own@acme.example,,jira-core,admin,done\n\
    more@acme.example,,jira-core,contributor,done\n\
    ,team,jira-core,,done\n\
    ,core users,jira-core,,already-has-role\n\
    kept@acme.example,,jira-servicedesk,,protected\n\
    okta@acme.example,,jira-servicedesk,,identity-provider\n\
    gone@acme.example,,jira-core,,not-in-directory\n\
    nobody@acme.example,,jira-core,,user-not-found\n\
    none@acme.example,,trello,,app-not-found\n";

#[test]
fn roles_are_granted_and_the_plan_says_seats_and_emails() {
    let mut world = world();
    world.file("in.csv", GRANT);
    let before = taken(&world);
    let output = world.run("access grant in.csv --yes --report out.csv").exit(1);
    output.says("takes 1 seat").says("emails 2 members").says("own@acme.example").snap("access-grant");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    assert_eq!(taken(&world), before + 1, "only one user did not have the app");
    world.nothing_twice();
    let detail = column(&world, "out.csv", "detail");
    assert!(detail[2].contains("directly") && detail[3].contains("through the group “core users”"), "{detail:?}");
    world.run("run undo last --yes --max-changes 4 --report undo.csv").exit(0).says("frees 1 seat");
    assert_eq!(taken(&world), before);
    world.nothing_twice();
}

const REVOKE: &str = "Email,Group,Product,wanted\n\
    own@acme.example,,jira-core,done\n\
    both@acme.example,,jira-core,done\n\
    by@acme.example,,jira-core,through-group\n\
    none@acme.example,,jira-core,has-no-role\n\
    boss@acme.example,,jira-core,org-admin\n\
    kept@acme.example,,jira-core,protected\n\
    okta@acme.example,,jira-core,identity-provider\n\
    ,of kept,jira-core,protected\n\
    ,team,jira-core,has-no-role\n";

#[test]
fn roles_are_revoked_only_from_those_who_have_them_directly() {
    let mut world = world();
    world.file("in.csv", REVOKE);
    world.run("access revoke in.csv --yes").exit(2).says("--max-changes");
    world.run("access revoke in.csv --yes --max-changes 1").exit(4);
    let before = taken(&world);
    let output = world.run("access revoke in.csv --yes --max-changes 2 --report out.csv").exit(1);
    output.says("frees 1 seat").says("the user keeps the app through a group").snap("access-revoke");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    let detail = column(&world, "out.csv", "detail");
    assert!(detail[2].contains("through the group “core users”, not directly"), "{detail:?}");
    assert!(detail[7].contains("the member kept@acme.example"), "{detail:?}");
    assert_eq!(taken(&world), before - 1, "one of the two keeps the app through a group");
    world.nothing_twice();
    world.run("run undo last --yes").exit(0).says("takes 1 seat");
    assert_eq!(taken(&world), before);
}

#[test]
fn a_groups_role_is_revoked_from_all_its_members_and_given_back() {
    let mut world = world();
    world.file("in.csv", "Group,Product\ncore users,jira-core\n");
    let before = taken(&world);
    world.run("access revoke in.csv --yes --max-changes 1").exit(0).says("frees 1 seat");
    assert_eq!(taken(&world), before - 1);
    world.run("run undo last --yes").exit(0).says("emails 2 members").says("takes 1 seat");
    assert_eq!(taken(&world), before);
}

#[test]
fn a_row_that_is_not_clear_stops_before_anything_is_sent() {
    let mut world = world();
    for (rows, says) in [
        ("none@acme.example,team,jira-core,user", "the row names a user and a group"),
        (",,jira-core,user", "the row names no user"),
        ("none@acme.example,,,user", "there is no app"),
        ("none@acme.example,,jira-core,owner", "is no role in an app"),
        ("none@acme.example,,jira-core,viewer", "is no role in an app"),
    ] {
        world.file("in.csv", format!("Email,Group,Product,Role\n{rows}\n"));
        world.run("access grant in.csv --yes").exit(2).says(says);
    }
    assert_eq!(world.log()["changed"].as_u64(), Some(0));
}

#[test]
fn a_full_app_is_said_before_and_refused_by_the_site() {
    let mut world = world();
    let full = taken(&world);
    world.seed(json!({ "seats": [{ "product": "jira-core", "seats": full }] }));
    world.file("in.csv", "Email,Product\nnone@acme.example,jira-core\n");
    let output = world.run("access grant in.csv --yes --report out.csv");
    output.exit(1).says("not enough");
    assert_eq!(column(&world, "out.csv", "reason"), ["licence-limit"]);
    assert_eq!(taken(&world), full);
}

/// For random organizations, what the plan promises is what `user seats` shows afterwards, for grants and
/// revocations, of users and groups together.
#[test]
fn seats_are_as_the_plan_promises() {
    for seed in 1..=6_u64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut world = World::new();
        let names: Vec<String> = (0..12).map(|at| format!("u{at}@acme.example")).collect();
        let role = |rng: &mut fastrand::Rng| ["user", "admin", "contributor"][rng.usize(..3)];
        let people: Vec<_> = names
            .iter()
            .map(|email| {
                let mut person = json!({ "email": email, "name": email });
                if rng.bool() {
                    person["roles"] = json!({ "jira-core": [role(&mut rng)] });
                }
                if rng.u8(..6) == 0 {
                    person["place"] = json!("suspended");
                }
                person
            })
            .collect();
        let groups: Vec<_> = (0..4)
            .map(|at| {
                let mut group = json!({ "name": format!("g{at}") });
                if rng.bool() {
                    group["grants"] = json!("jira-core");
                }
                group
            })
            .collect();
        let mut memberships = Vec::new();
        for email in &names {
            for at in 0..4 {
                if rng.u8(..3) == 0 {
                    memberships.push(json!({ "email": email, "group": format!("g{at}") }));
                }
            }
        }
        world.seed(json!({ "people": people, "groups": groups, "memberships": memberships }));
        for verb in ["grant", "revoke"] {
            let mut sheet = "Email,Group,Product,Role\n".to_owned();
            for _ in 0..rng.usize(3..12) {
                let who = match rng.u8(..4) {
                    0 => format!(",g{}", rng.usize(..4)),
                    _ => format!("{},", names[rng.usize(..names.len())]),
                };
                let role = if who.starts_with(',') { "user" } else { role(&mut rng) };
                sheet += &format!("{who},jira-core,{role}\n");
            }
            world.file("in.csv", &sheet);
            let before = taken(&world);
            let planned = world.run(&format!("access {verb} in.csv --plan"));
            let promised = promised(planned.transcript());
            world.run("run apply last --yes --max-changes 100");
            let (takes, frees) = promised;
            assert_eq!(taken(&world), before + takes - frees, "seed {seed}, {verb}\n{sheet}");
            let again = world.run("run show last");
            assert!(!again.transcript().contains("licence-limit"), "seed {seed}");
        }
    }
}

/// What the plan says of seats: taken, freed.
fn promised(transcript: &str) -> (u64, u64) {
    let line = transcript.lines().find(|line| line.trim_start().starts_with("seats ")).unwrap_or("");
    let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let after = |verb: &str| {
        let at = words.iter().position(|word| *word == verb);
        at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(0)
    };
    let found: BTreeMap<&str, u64> = ["takes", "frees"].map(|verb| (verb, after(verb))).into();
    (found["takes"], found["frees"])
}

/// The review says who has what through what; the file that comes back is a sheet for two jobs.
#[test]
fn the_access_review_comes_back_as_a_sheet() {
    let mut world = world();
    world.run("user access -o review.csv --status active").exit(0);
    let rows = table(&world.read("review.csv"));
    assert_eq!(rows[0][2..9], ["Email", "User status", "Product", "Role", "Through", "Last seen", "Decision"]);
    let of = |email: &str| -> Vec<&Vec<String>> { rows.iter().filter(|row| row[2] == email).collect() };
    for (email, through) in [
        ("own@acme.example", "directly"),
        ("by@acme.example", "group core users"),
        ("both@acme.example", "directly; group core users"),
    ] {
        let found: Vec<_> = of(email).iter().map(|row| (row[4].clone(), row[5].clone(), row[6].clone())).collect();
        assert_eq!(found.len(), 1, "{email}: {found:?}");
        assert!(found[0].0.starts_with("Jira Work Management - "), "{found:?}");
        assert_eq!((&*found[0].1, &*found[0].2), ("user", through), "{email}");
    }
    assert_eq!(of("none@acme.example").len(), 0, "no app, no row");
    world.run("user access -o review.html").exit(0);
    let page = world.read("review.html");
    assert!(page.contains("☐ revoke") && !page.contains("<script") && !page.contains("http://cdn"), "{page}");
    world.run("user access -o review.xlsx").exit(0);
    assert!(std::fs::read(world.path("review.xlsx")).unwrap().starts_with(b"PK"));

    let decide = |of: &dyn Fn(&str) -> &'static str| -> String {
        let mut text = String::new();
        for (at, row) in rows.iter().enumerate() {
            let mut row = row.clone();
            if at > 0 {
                row[8] = of(&row[2]).to_owned();
            }
            let cells: Vec<_> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
            text += &(cells.join(",") + "\n");
        }
        text
    };
    let decision = |email: &str| match email {
        "own@acme.example" | "by@acme.example" => "revoke",
        "both@acme.example" => "deactivate",
        _ => "keep",
    };
    world.file("back.csv", decide(&decision));
    world.run("access revoke back.csv --yes --max-changes 1 --report revoked.csv").exit(1);
    let outcome = |world: &World, file: &str, email: &str| -> Vec<String> {
        let emails = column(world, file, "Email");
        let reasons = column(world, file, "reason");
        emails.iter().zip(reasons).filter(|(one, _)| *one == email).map(|(_, reason)| reason).collect()
    };
    assert_eq!(outcome(&world, "revoked.csv", "own@acme.example"), ["done"]);
    assert_eq!(outcome(&world, "revoked.csv", "by@acme.example"), ["through-group"]);
    assert_eq!(outcome(&world, "revoked.csv", "both@acme.example"), ["not-asked"]);
    assert_eq!(outcome(&world, "revoked.csv", "boss@acme.example"), ["not-asked"]);
    world.run("user deactivate back.csv --yes --max-changes 1 --report off.csv").exit(0);
    assert_eq!(outcome(&world, "off.csv", "both@acme.example"), ["done"]);
    assert_eq!(outcome(&world, "off.csv", "own@acme.example"), ["not-asked"]);

    // No decision, or one that a review does not know, stops before anything is sent.
    world.clear_log();
    for (odd, says) in [("", "nothing is decided"), ("delete", "no decision of an access review")] {
        let with = |email: &str| if email == "own@acme.example" { odd } else { "keep" };
        let text = decide(&|email| match with(email) {
            "" => "",
            "delete" => "delete",
            _ => "keep",
        });
        world.file("odd.csv", text);
        for job in ["access revoke", "user deactivate"] {
            world.run(&format!("{job} odd.csv --yes --max-changes 5")).exit(2).says(says);
        }
    }
    assert_eq!(world.log()["changed"].as_u64(), Some(0));
}

/// One reviewer deactivates a user that another keeps.
#[test]
fn a_user_that_another_row_keeps_is_not_deactivated() {
    let mut world = world();
    world.file(
        "in.csv",
        "Email,Product,Role,Decision,wanted\n\
         own@acme.example,jira-core,user,keep,not-asked\n\
         OWN@acme.example,jira-software,user,deactivate,decisions-differ\n\
         none@acme.example,jira-core,user,deactivate,done\n",
    );
    world.run("user deactivate in.csv --yes --max-changes 1 --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
}

fn with_tokens() -> World {
    let world = world();
    let day = 24 * 60 * 60 * 1000_i64;
    let now = jiff::Timestamp::now().as_millisecond();
    let token = |id: &str, age: i64, used: Option<i64>| {
        let mut token = json!({ "id": id, "label": format!("{id} label"), "made_ms": now - age * day });
        if let Some(used) = used {
            token["used_ms"] = json!(now - used * day);
        }
        token
    };
    let person = |email: &str, tokens: Value| json!({ "email": email, "name": email, "tokens": tokens });
    world.seed(json!({ "people": [
        person("ci@acme.example", json!([token("t-old", 400, Some(200)), token("t-new", 3, Some(1))])),
        person("idle@acme.example", json!([token("t-idle", 100, None)])),
        { "email": "free@other.example", "name": "free", "managed": false },
    ] }));
    world
}

#[test]
fn tokens_are_listed_by_age_and_use_and_revoked() {
    let mut world = with_tokens();
    let ids = |world: &World, options: &str| -> Vec<String> {
        world.run(&format!("token list {options} -o tokens.csv")).exit(0);
        column(world, "tokens.csv", "Token id").into_iter().filter(|id| id.starts_with("t-")).collect()
    };
    assert_eq!(ids(&world, ""), ["t-old", "t-idle", "t-new"]);
    assert_eq!(ids(&world, "--age-days 50"), ["t-old", "t-idle"]);
    assert_eq!(ids(&world, "--unused-days 90"), ["t-old", "t-idle"]);
    assert_eq!(ids(&world, "--unused-days 150"), ["t-old"]);
    assert_eq!(ids(&world, "--owner CI@acme.example"), ["t-old", "t-new"]);
    assert!(!world.read("tokens.csv").contains("sandbox-"), "no secret");

    ids(&world, "--unused-days 90 --owner ci@acme.example");
    world.run("token revoke tokens.csv --yes").exit(2).says("--max-changes");
    world.run("token revoke tokens.csv --yes --max-changes 5 --report out.csv").exit(0).says("cannot be undone");
    assert_eq!(column(&world, "out.csv", "reason"), ["done"]);
    assert_eq!(ids(&world, ""), ["t-idle", "t-new"]);
    world.nothing_twice();
    world.file(
        "in.csv",
        "Email,Token id,wanted\n\
         ci@acme.example,t-old,token-not-found\n\
         ci@acme.example,t-idle,token-not-found\n\
         free@other.example,t-new,unmanaged\n\
         kept@acme.example,t-new,protected\n",
    );
    world.run("token revoke in.csv --yes --max-changes 5 --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
}

#[test]
fn deactivating_revokes_the_tokens_afterwards() {
    let mut world = with_tokens();
    world.file("in.csv", "Email\nci@acme.example\nidle@acme.example\nnone@acme.example\n");
    let output = world.run("user deactivate in.csv --revoke-tokens --yes --max-changes 9 --report out.csv");
    output.exit(0).says("revoke the API token").snap("deactivate-revoke-tokens");
    assert_eq!(column(&world, "out.csv", "outcome"), ["changed", "changed", "changed"]);
    let log = world.log();
    assert_eq!(log["effects"], json!({ "deactivated": 3, "revoked-token": 3 }));
    // An account that cannot be deactivated keeps its tokens.
    world.seed(json!({ "people": [{
        "email": "late@acme.example", "name": "late",
        "tokens": [{ "id": "t-late", "label": "late", "made_ms": 1 }],
    }] }));
    world.fault(json!({
        "method": "POST", "path": "/users/{account_id}/manage/lifecycle/disable", "times": 0,
        "answer": { "status": 403, "body": { "key": "forbidden" } },
    }));
    world.file("in.csv", "Email\nlate@acme.example\n");
    world.run("user deactivate in.csv --revoke-tokens --yes --max-changes 9 --canary 0");
    world.run("token list -o tokens.csv").exit(0);
    assert!(world.read("tokens.csv").contains("t-late"));
}

/// A rehearsal's copy has only Jira's apps, so its result would be wrong.
#[test]
fn roles_cannot_be_rehearsed() {
    let mut world = World::new();
    world.file("in.csv", "Email,Product\nvdillow@banc.ly,jira-core\n");
    for job in ["access grant", "access revoke"] {
        let output = world.run(&format!("{job} in.csv --rehearse"));
        output.exit(2).says("cannot be rehearsed").says("only Jira's apps").says("--plan");
    }
    assert_eq!(world.log()["effects"], json!({}));
}

/// The copy has the tokens that the site lists, also where users and groups come from exports.
#[test]
fn tokens_are_rehearsed_on_those_that_the_site_lists() {
    let mut world = with_tokens();
    world.run("user export -o users.csv").exit(0);
    world.file("in.csv", "Email,Token id\nci@acme.example,t-old\nci@acme.example,t-gone\nvdillow@banc.ly,t-old\n");
    world.clear_log();
    let own = "Email,Token id\nadmin@banc.ly,10002\njfloat@banc.ly,10003\n";
    world.file("own.csv", own);
    for exports in ["", " --users users.csv"] {
        world.run(&format!("token revoke in.csv --rehearse --report out.csv{exports}")).exit(1);
        let reasons = column(&world, "out.csv", "reason");
        assert_eq!(reasons, ["done", "token-not-found", "token-not-found"], "{exports}");
        let run = world.run(&format!("user deactivate in.csv --revoke-tokens --rehearse --report out.csv{exports}"));
        run.exit(0).says("then revoke the API token");
        // The copy has each token that the sandbox signs in with once.
        world.run(&format!("token revoke own.csv --rehearse --report out.csv{exports}"));
        assert!(world.read("out.csv").contains("own-account"), "{}", world.read("out.csv"));
    }
    world.run("token list -o tokens.csv").exit(0);
    assert!(world.read("tokens.csv").contains("t-old"));
    assert_eq!(world.log()["effects"], json!({}));
}

/// Several apps in a cell are not split: the row says how to write them.
#[test]
fn several_apps_in_a_cell_are_not_found() {
    let mut world = world();
    let rows = "none@acme.example,\"jira-core, jira-servicedesk\"\nnone@acme.example,jira-core;Jira Software\nnone@acme.example,\"jira-core, Confluence\"\n";
    world.file("in.csv", format!("Email,Product\n{rows}"));
    world.run("access grant in.csv --yes --report out.csv").exit(1);
    assert_eq!(column(&world, "out.csv", "reason"), ["app-not-found"; 3]);
    let says = |detail: &String| detail.ends_with("write each app in a row of its own");
    let said: Vec<_> = column(&world, "out.csv", "detail").iter().map(says).collect();
    assert_eq!(said, [true, true, false]);
    world.nothing_sent();
}
