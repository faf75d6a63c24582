//! The `products` of `sync`: users who exist get them, lose those that the list owns, and an undo brings all of it back.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{World, table};

/// `own` has two apps directly, `by` one through a group, `none` has none; two users rest.
fn world() -> World {
    let world = World::new();
    let person = |name: &str, more: Value| {
        let mut person = json!({ "email": format!("{name}@banc.ly"), "name": name });
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let both = json!({ "roles": { "jira-core": ["user"], "jira-servicedesk": ["user"] } });
    world.seed(json!({
        "people": [
            person("own", both),
            person("by", json!({})),
            person("none", json!({})),
            person("off", json!({ "lifecycle": "inactive" })),
            person("away", json!({ "place": "suspended", "roles": { "jira-core": ["user"] } })),
            person("rests", json!({ "lifecycle": "inactive" })),
            person("said-nothing", json!({ "roles": { "jira-core": ["user"] } })),
            person("boss", json!({ "org_admin": true, "roles": { "jira-core": ["user"] } })),
        ],
        "groups": [{ "id": "g-core", "name": "core users", "grants": "jira-core" }],
        "memberships": [{ "email": "by@banc.ly", "group": "core users" }],
    }));
    world
}

const LIST: &str = "email,status,products\n\
    own@banc.ly,,jira-core\n\
    by@banc.ly,,jira-core; jira-servicedesk\n\
    none@banc.ly,active,\"Jira Service Management, jira-core\"\n\
    off@banc.ly,active,jira-core\n\
    away@banc.ly,active,jira-core; jira-servicedesk\n\
    rests@banc.ly,,jira-core\n\
    said-nothing@banc.ly,,\n\
    boss@banc.ly,active,none\n\
    new@banc.ly,active,jira-software\n";

/// The differences: action, user, product, reason.
#[track_caller]
fn differences(world: &World, line: &str, exit: i32) -> Vec<String> {
    let output = world.run(line).exit(exit);
    let rows = table(&output.stdout);
    let at = |heading: &str| rows[0].iter().position(|known| known == heading).expect("the column");
    let columns = ["Action", "Email", "products", "reason"].map(at);
    let words = |row: &Vec<String>| columns.map(|at| row[at].clone()).join(" ").trim_end().to_owned();
    rows[1..].iter().map(words).collect()
}

/// The roles of a user's own.
fn roles(world: &World, name: &str) -> BTreeSet<String> {
    let person = world.person(&format!("{name}@banc.ly"));
    let roles = person["roles"].as_object().cloned().unwrap_or_default();
    let has = |(_, roles): &(String, Value)| roles.as_array().is_some_and(|roles| !roles.is_empty());
    roles.into_iter().filter(has).map(|(product, _)| product).collect()
}

fn set(products: &[&str]) -> BTreeSet<String> {
    products.iter().map(|product| (*product).to_owned()).collect()
}

const GRANTS: [&str; 8] = [
    "create new@banc.ly jira-software",
    "activate off@banc.ly",
    "restore away@banc.ly",
    "grant by@banc.ly jira-servicedesk",
    "grant none@banc.ly jira-servicedesk",
    "grant none@banc.ly jira-core",
    "grant off@banc.ly jira-core",
    "grant away@banc.ly jira-servicedesk",
];

#[test]
fn products_are_granted_to_users_who_exist_and_the_undo_takes_them_back() {
    let mut world = world();
    world.file("list.csv", LIST);
    let found = differences(&world, "sync list.csv --check --format csv", 1);
    let sorted = |found: &[&str]| found.iter().map(|&line| line.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), sorted(&GRANTS), "{found:#?}");
    world.nothing_sent();
    world.run("sync list.csv --check").exit(1).snap("sync_products_table");
    let run = world.run("sync list.csv --yes --max-changes 20").exit(0).snap("sync_products").run_id();
    let both = set(&["jira-core", "jira-servicedesk"]);
    assert_eq!(roles(&world, "none"), both);
    assert_eq!(roles(&world, "off"), set(&["jira-core"]));
    assert_eq!(roles(&world, "away"), both);
    assert_eq!(roles(&world, "by"), set(&["jira-servicedesk"]), "the group gives the other");
    assert_eq!(roles(&world, "own"), both, "without --own-product no app is revoked");
    assert_eq!(differences(&world, "sync list.csv --check --format csv", 0), [""; 0]);
    let sent = world.changing();
    world.run("sync list.csv --yes").exit(0);
    assert_eq!(world.changing(), sent, "a second sync sends nothing");
    world.run(&format!("run undo {run} --yes --remove-created --max-changes 20")).exit(0);
    assert_eq!(roles(&world, "none"), set(&[]));
    assert_eq!(roles(&world, "away"), set(&["jira-core"]));
    let found = differences(&world, "sync list.csv --check --format csv", 1);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), sorted(&GRANTS), "the site is as before");
}

#[test]
fn products_are_revoked_only_if_the_list_owns_them() {
    let mut world = world();
    world.file("list.csv", "email,products\nown@banc.ly,jira-core\nby@banc.ly,none\nboss@banc.ly,none\nsaid-nothing@banc.ly,\n");
    assert_eq!(differences(&world, "sync list.csv --check --format csv", 0), [""; 0]);
    let own = "sync list.csv --own-product jira-servicedesk";
    assert_eq!(
        differences(&world, &format!("{own} --check --format csv"), 1),
        ["revoke own@banc.ly jira-servicedesk"]
    );
    // What a group gives, and what an administrator has, is shown and stays.
    let all = "sync list.csv --own-product jira-servicedesk jira-core";
    assert_eq!(
        differences(&world, &format!("{all} --check --format csv"), 1),
        [
            "revoke own@banc.ly jira-servicedesk",
            "revoke by@banc.ly jira-core through-group",
            "revoke boss@banc.ly jira-core org-admin",
        ]
    );
    let run = world.run(&format!("{all} --yes")).exit(1).snap("sync_products_owned").run_id();
    assert_eq!(roles(&world, "own"), set(&["jira-core"]));
    assert_eq!(roles(&world, "said-nothing"), set(&["jira-core"]));
    world.run(&format!("{own} --check")).exit(0);
    world.run(&format!("run undo {run} --yes --max-changes 5")).exit(0);
    assert_eq!(roles(&world, "own"), set(&["jira-core", "jira-servicedesk"]));
    world.run("sync list.csv --own-product jira --check").exit(2).says("--own-product");
}

/// What the list does not own, and what the credentials cannot change, is shown with its reason.
#[test]
fn a_grant_that_cannot_be_made_says_why() {
    let mut world = world();
    world.file("list.csv", "email,products\nnone@banc.ly,jira-core\nown@banc.ly,jira-core\n");
    assert_eq!(
        differences(&world, "sync list.csv --check --format csv --own-domain other.example", 1),
        ["grant none@banc.ly jira-core not-owned"]
    );
    let mut token = world.token_alone();
    token.file("list.csv", "email,products\nnone@banc.ly,jira-core\nown@banc.ly,jira-core\n");
    assert_eq!(
        differences(&token, "sync list.csv --check --format csv", 1),
        ["grant none@banc.ly jira-core not-allowed"]
    );
    token.nothing_sent();
}

/// A list names apps as `access grant` does. A name that is not certainly an app stops before anything is sent.
#[test]
fn apps_are_named_as_in_access_grant() {
    let mut world = world();
    let set = |found: Vec<String>| found.into_iter().collect::<BTreeSet<_>>();
    world.file(
        "list.csv",
        "email,products\n\
         none@banc.ly,Jira Work Management - banc; jira-servicedesk; jira-core\n\
         by@banc.ly,Jira Work Management - banc\n\
         new@banc.ly,Jira Software - banc\n",
    );
    let found = set(differences(&world, "sync list.csv --check --format csv", 1));
    let wanted = [
        "create new@banc.ly jira-software",
        "grant none@banc.ly jira-core",
        "grant none@banc.ly jira-servicedesk",
    ];
    assert_eq!(found, wanted.map(ToOwned::to_owned).into());
    world.run("sync list.csv --yes").exit(0);
    assert_eq!(differences(&world, "sync list.csv --check --format csv", 0), [""; 0]);
    world.clear_log();
    world.file("list.csv", "email,products\nnone@banc.ly,jira-core\nown@banc.ly,Confluence\n");
    world.run("sync list.csv --yes").exit(2).says("line 3: no app is called “Confluence”; there are");
    world.nothing_sent();
    let mut token = world.token_alone();
    token.file("list.csv", "email,products\nnone@banc.ly,jira-core\nown@banc.ly,\"Jira, Confluence\"\n");
    token.run("sync list.csv --yes").exit(2).says("line 3 names Confluence: without an organization API key");
    token.nothing_sent();
}

/// An organization with an app that is none of Jira's. (The sandbox has only Jira's; its answers name one otherwise.)
#[test]
fn another_app_of_the_organization_is_granted_to_users_who_exist() {
    let mut world = world();
    world.seed(json!({ "people": [
        { "email": "has@banc.ly", "name": "has", "roles": { "jira-product-discovery": ["user"] } },
    ] }));
    world.fault(json!({ "path": "*", "times": 0, "replace": {
        "jira-product-discovery": "confluence", "Jira Product Discovery": "Confluence",
    } }));
    world.file(
        "list.csv",
        "email,status,products\n\
         has@banc.ly,,confluence\n\
         none@banc.ly,,Confluence - banc; jira-core\n\
         off@banc.ly,active,Confluence\n\
         rests@banc.ly,,Confluence\n\
         new@banc.ly,active,Confluence; jira-software\n",
    );
    let found = differences(&world, "sync list.csv --check --format csv", 1);
    let wanted = [
        "create new@banc.ly jira-software",
        "activate off@banc.ly",
        "grant none@banc.ly Confluence - banc",
        "grant none@banc.ly jira-core",
        "grant off@banc.ly Confluence - banc",
        // The next `sync` finds the user in the organization.
        "grant new@banc.ly Confluence - banc not-in-directory",
    ];
    let sorted = |lines: &[String]| lines.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(sorted(&found), sorted(&wanted.map(ToOwned::to_owned)), "{found:#?}");
    world.run("sync list.csv --plan --max-changes 9").exit(0)
        .says("grant none@banc.ly (none) the role user in Confluence - banc");
    world.nothing_sent();
}
