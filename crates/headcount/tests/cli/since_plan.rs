//! What has changed on the site between a plan and its application: every job against every change, over HTTP. A row is
//! applied only as its plan showed it.

use std::fmt::Write as _;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::answers::{Keys, at_once};
use crate::harness::{World, snap, table};

/// A job, with a row for each user and each group of [`world`].
struct Case {
    job: &'static str,
    keys: Keys,
    headings: &'static str,
    /// The cells after the email, or (with `{}`) around the name of a group.
    cells: &'static str,
    rows: Rows,
    /// The users' state before the plan.
    before: fn() -> Value,
    /// Whether a user's state makes the row another change than the plan shows.
    minds: Minds,
}

#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Users,
    Groups,
    Both,
}

/// The states of a user after which nothing is sent for the user's row.
#[derive(Clone, Copy, PartialEq)]
enum Minds {
    /// Deactivated, scheduled for deletion, deleted.
    All,
    /// Scheduled for deletion, deleted.
    Deletion,
    /// Whatever the site says.
    Nothing,
}

/// The users, each named after what happens to the account.
const USERS: [&str; 5] = ["same", "deactivated", "scheduled", "deleted", "moved"];
/// The groups, each named after what happens to it.
const GROUPS: [&str; 4] = ["kept-q", "gone-q", "renamed-q", "again-q"];

fn plain() -> Value {
    json!({})
}

fn with_app() -> Value {
    json!({ "roles": { "jira-core": ["user"] } })
}

const fn case(
    job: &'static str,
    keys: Keys,
    (headings, cells): (&'static str, &'static str),
    rows: Rows,
    before: fn() -> Value,
    minds: Minds,
) -> Case {
    Case { job, keys, headings, cells, rows, before, minds }
}

const USER: (&str, &str) = ("Email", "");
const MEMBER: (&str, &str) = ("Email,Group", ",{}");

const CASES: [Case; 21] = [
    case("member add", Keys::Both, MEMBER, Rows::Both, plain, Minds::All),
    case("member add", Keys::Key, MEMBER, Rows::Both, plain, Minds::All),
    case("member add", Keys::Token, MEMBER, Rows::Both, plain, Minds::All),
    case("member remove", Keys::Both, MEMBER, Rows::Both, plain, Minds::Nothing),
    case("member remove", Keys::Key, MEMBER, Rows::Both, plain, Minds::Nothing),
    case("user create", Keys::Both, ("emailAddress,products", ",jira-core"), Rows::Users, plain, Minds::All),
    case("user create --by invite", Keys::Key, ("emailAddress,products", ",jira-core"), Rows::Users, plain, Minds::All),
    case("access grant", Keys::Key, ("Email,Product", ",jira-core"), Rows::Users, plain, Minds::All),
    case("access grant", Keys::Both, ("Email,Product", ",jira-core"), Rows::Users, plain, Minds::All),
    case("access revoke", Keys::Key, ("Email,Product", ",jira-core"), Rows::Users, with_app, Minds::Nothing),
    case("access grant", Keys::Both, ("Group,Product", "{},jira-core"), Rows::Groups, plain, Minds::Nothing),
    case("access revoke", Keys::Key, ("Group,Product", "{},jira-servicedesk"), Rows::Groups, plain, Minds::Nothing),
    case("user deactivate", Keys::Both, USER, Rows::Users, plain, Minds::All),
    case("user activate", Keys::Both, USER, Rows::Users, || json!({ "lifecycle": "inactive" }), Minds::Deletion),
    case("user suspend", Keys::Key, USER, Rows::Users, plain, Minds::All),
    case("user restore", Keys::Key, USER, Rows::Users, || json!({ "place": "suspended" }), Minds::All),
    case("user remove", Keys::Both, USER, Rows::Users, plain, Minds::Nothing),
    case("user remove", Keys::Key, USER, Rows::Users, plain, Minds::Nothing),
    case("user delete", Keys::Both, USER, Rows::Users, plain, Minds::All),
    case("user email", Keys::Key, ("Email,New email", ",new-of-{}@banc.ly"), Rows::Users, plain, Minds::Deletion),
    case("group delete", Keys::Both, ("Group", "{}"), Rows::Groups, plain, Minds::Nothing),
];

fn mail(user: &str) -> String {
    format!("{user}@banc.ly")
}

/// The rows of a case: all users (in the group that stays), then all groups (with the user who stays).
fn rows(case: &Case) -> Vec<(String, String)> {
    let of_user = |user: &&str| {
        let cells = match case.rows {
            Rows::Both => case.cells.replace("{}", GROUPS[0]),
            Rows::Users | Rows::Groups => case.cells.replace("{}", user),
        };
        ((*user).to_owned(), mail(user) + &cells)
    };
    let of_group = |group: &&str| {
        let who = if case.rows == Rows::Both { mail("other") } else { String::new() };
        ((*group).to_owned(), who + &case.cells.replace("{}", group))
    };
    match case.rows {
        Rows::Users => USERS.iter().map(of_user).collect(),
        Rows::Groups => GROUPS.iter().map(of_group).collect(),
        Rows::Both => USERS.iter().map(of_user).chain(GROUPS.iter().map(of_group)).collect(),
    }
}

fn world(case: &Case) -> World {
    let mut world = case.keys.world();
    let people = USERS.iter().chain(["other"].iter()).map(|user| {
        let mut person = (case.before)();
        person["account_id"] = json!(format!("u-{user}"));
        person["email"] = json!(mail(user));
        person["name"] = json!(user);
        person
    });
    let people: Vec<_> = people.collect();
    let groups = GROUPS.iter().enumerate().map(|(at, group)| {
        let mut one = json!({ "id": format!("g-{at}"), "name": group });
        if case.job == "access revoke" {
            one["grants"] = json!("jira-servicedesk");
        }
        one
    });
    let groups: Vec<_> = groups.collect();
    let mut members = Vec::new();
    if case.job == "member remove" {
        let member = |user: &str, group: &str| json!({ "email": mail(user), "group": group });
        members.extend(USERS.iter().map(|user| member(user, GROUPS[0])));
        members.extend(GROUPS.iter().map(|group| member("other", group)));
    }
    world.seed(json!({ "people": people, "groups": groups, "memberships": members }));
    let lines = rows(case).into_iter().map(|(_, line)| line);
    let lines: Vec<String> = std::iter::once(case.headings.to_owned()).chain(lines).collect();
    world.file("in.csv", lines.join("\n") + "\n");
    world
}

/// Changes the site as the names of the users and groups say.
fn change(world: &World) {
    let lifecycle = |user: &str, what: &str| {
        let path = format!("/users/u-{user}/manage/lifecycle/{what}");
        world.by_hand("POST", &path, Some(&json!({})));
    };
    lifecycle("deleted", "delete");
    world.ask("POST", "/_sandbox/clock", Some(&json!({ "step_ms": 15 * 24 * 3_600_000_i64 })));
    if world.person(&mail("deactivated"))["lifecycle"].is_null() {
        lifecycle("deactivated", "disable");
    }
    lifecycle("scheduled", "delete");
    let address = json!({ "email": "elsewhere@banc.ly" });
    world.by_hand("PUT", "/users/u-moved/manage/email", Some(&address));
    let card = world.card();
    for at in [1, 3] {
        // A group that gives an app cannot be deleted.
        let path = format!(
            "/admin/v2/orgs/{}/directories/{}/groups/g-{at}/role-assignments/revoke",
            card.org_id, card.directory_id
        );
        let role = json!({ "resourceId": "ari:cloud:jira-servicedesk::site/any", "roleId": "atlassian/user" });
        world.by_hand("POST", &path, Some(&role));
        let path = format!("/rest/api/3/group?groupId=g-{at}");
        world.by_hand("DELETE", &path, None);
    }
    world.seed(json!({ "groups": [{ "id": "g-new", "name": "again-q" }] }));
    world.fault(json!({ "path": "*", "times": 0, "replace": { "renamed-q": "board-q" } }));
}

/// Outcome, reason and detail of each row.
fn ended(world: &World) -> Vec<[String; 3]> {
    let report = table(&world.read("out.csv"));
    let at = |name: &str| report[0].iter().position(|heading| heading == name).expect("a column");
    let columns = ["outcome", "reason", "detail"].map(at);
    report[1..].iter().map(|row| columns.map(|at| row[at].clone())).collect()
}

#[test]
fn a_plan_that_waited_is_applied_only_where_the_site_is_as_it_showed() {
    let all = Mutex::new(std::collections::BTreeMap::new());
    let numbered: Vec<_> = CASES.iter().enumerate().collect();
    at_once(&numbered, |(at, case)| {
        let world = world(case);
        world.run(&format!("{} in.csv --plan", case.job)).exit(0);
        change(&world);
        world.clear_log();
        world.run("run apply last --yes --max-changes 9 --report out.csv");
        let what = format!("{}, {:?}, {}", case.job, case.keys, case.headings);
        let mut text = format!("{what}\n");
        for ((name, _), [outcome, reason, detail]) in rows(case).iter().zip(ended(&world)) {
            // What follows names a minute.
            let detail = detail.split("; the deletion").next().unwrap_or_default();
            writeln!(text, "  {name:<11} {outcome:<9} {reason:<18} {detail}").expect("a text");
            let is_group = GROUPS[1..].contains(&&**name);
            let is_minded = match case.minds {
                Minds::All => true,
                Minds::Deletion => name != "deactivated",
                Minds::Nothing => is_group || name == "moved",
            };
            // Jira gives no app to a user without access.
            let is_same = [USERS[0], GROUPS[0]].contains(&&**name) && case.job != "user create";
            let wanted = if is_same { outcome == "changed" } else { !is_minded || outcome != "changed" };
            assert!(wanted, "{what}: {text}");
        }
        world.nothing_twice();
        let log = world.log();
        writeln!(text, "  requests that change: {}, made: {}", log["changing"], log["changed"]).expect("a text");
        all.lock().expect("no panic").insert(*at, text);
    });
    let all = all.into_inner().expect("no panic");
    snap("since_plan", &all.into_values().collect::<Vec<_>>().join("\n"));
}

/// A user who could not sign in when the plan was made: the plan warned of it, and is applied. So is the plan of an undo.
#[test]
fn what_the_plan_warned_of_is_applied() {
    at_once(&[Keys::Both, Keys::Key], |keys| {
        let mut world = keys.world();
        world.seed(json!({ "people": [
            { "email": "off@banc.ly", "name": "off", "lifecycle": "inactive" },
            { "email": "away@banc.ly", "name": "away", "place": "suspended" },
        ], "groups": [{ "name": "resting" }] }));
        world.file("in.csv", "Email,Group\noff@banc.ly,resting\naway@banc.ly,resting\n");
        world.run("member add in.csv --plan").exit(0).says("is deactivated");
        // The undo of the undo plans the same again.
        for (plan, members) in [("", 2), ("run undo last --plan", 0), ("run undo last --plan", 2)] {
            if !plan.is_empty() {
                world.run(plan).exit(0);
            }
            world.run("run apply last --yes --max-changes 2").exit(0);
            assert_eq!(world.members("resting"), members, "{keys:?} {plan}");
        }
    });
}

/// How often a call was made.
fn asked(world: &World, path: &str) -> u64 {
    let log = world.log();
    let calls = log["by"].as_array().expect("calls").iter();
    let of_it = calls.filter(|call| call["template"].as_str().is_some_and(|own| own.ends_with(path)));
    of_it.filter_map(|call| call["count"].as_u64()).sum()
}

/// What a plan that waited reads about its groups does not grow with its rows; a fresh plan reads nothing again.
#[test]
fn each_group_is_read_once_before_a_plan_that_waited_is_applied() {
    for (keys, path) in [(Keys::Both, "/group/bulk"), (Keys::Key, "/groups/search")] {
        let mut world = keys.world();
        let mails = world.plain_mails();
        let rows: String = mails.iter().take(12).map(|mail| format!("{mail},old one\n")).collect();
        world.file("in.csv", format!("Email,Group\n{rows}"));
        world.run("member add in.csv --plan").exit(0);
        let planned = asked(&world, path);
        world.run("run apply last --yes").exit(0);
        assert_eq!(asked(&world, path), planned + 1, "{keys:?}");
        world.run("run undo last --yes").exit(0);
        world.clear_log();
        world.run("member add in.csv --yes").exit(0);
        assert_eq!(asked(&world, path), planned, "{keys:?}: a fresh plan");
    }
}
