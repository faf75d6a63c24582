//! What headcount cannot read is never taken for "nothing there": guards, groups, users, accounts that are not
//! people. Each is a table of variants, sent over HTTP.

use serde_json::{Value, json};

use crate::answers::{Keys, at_once};
use crate::harness::{World, table};

const MEMBERS: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search";

/// Two accounts, one of them of an administrator of the organization.
fn with_a_boss(keys: Keys) -> World {
    let mut world = keys.world();
    world.seed(json!({ "people": [
        { "account_id": "712020:boss", "email": "boss@banc.ly", "name": "Org Boss", "org_admin": true },
    ] }));
    world.file("in.csv", "accountId\n712020:boss\ne2345d51eaa4xxx984e377ce\n");
    world
}

/// Asserts that the administrator is untouched.
#[track_caller]
fn boss_is_untouched(world: &World, what: &str) {
    let boss = world.person("boss@banc.ly");
    assert_eq!((boss.get("place"), boss.get("lifecycle")), (None, None), "{what}: {boss}");
}

/// A guard that gets any of these answers has not seen that a user is no administrator.
#[test]
fn no_answer_in_place_of_the_administrators_lets_one_be_changed() {
    let other = json!({ "accountId": "712020:other", "platformRoles": [], "name": "Other" });
    let answers = [
        json!({ "answer": { "status": 403, "body": { "code": 403, "message": "No" } } }),
        json!({ "answer": { "status": 404, "body": { "code": 404, "message": "No" } } }),
        json!({ "answer": { "status": 500 } }),
        json!({ "answer": { "status": 200, "body": "<html><title>Sign in</title></html>" } }),
        json!({ "answer": { "status": 200, "body": { "data": [] } } }),
        json!({ "answer": { "status": 200, "body": { "data": [], "links": {} } } }),
        json!({ "answer": { "status": 200, "body": {} } }),
        json!({ "answer": { "status": 200, "body": { "data": [other], "links": {} } } }),
        json!({ "answer": { "status": 204 } }),
        json!({ "drop": "before" }),
        json!({ "half_body": true }),
    ];
    let mut variants = Vec::new();
    for (at, answer) in answers.iter().enumerate() {
        let jobs = ["user deactivate", "user remove", "user suspend", "user delete"];
        for (path, job) in [("/admin/*", at), ("/admin/v2/*", at + 1), (MEMBERS, at + 2)] {
            variants.push((jobs[job % 4], path, answer.clone()));
        }
    }
    at_once(&variants, |(job, path, fault)| {
        let what = format!("{job}, {path}: {fault}");
        let world = with_a_boss(Keys::Both);
        let mut fault = fault.clone();
        fault["path"] = json!(path);
        fault["times"] = json!(0);
        world.fault(fault);
        let output = world.run(&format!("{job} in.csv --yes --max-changes 9 --max-wait 1"));
        assert_ne!(output.code, 0, "{what}\n{}", output.stderr);
        assert!(!output.stderr.contains("--help"), "{what}\n{}", output.stderr);
        boss_is_untouched(&world, &what);
    });
}

/// The rows of other users and groups, with one group or user that cannot be read.
fn rows_of_two_groups(world: &mut World) {
    world.file(
        "in.csv",
        "Email,Group\nvdillow@banc.ly,hanoi-legal\nftoten2@banc.ly,hanoi-legal\nvdillow@banc.ly,spare\n\
         ftoten2@banc.ly,spare\namelmeth@banc.ly,spare\n",
    );
}

/// One group or user that cannot be read, in any way, stops no other row and no resume.
#[test]
fn one_that_cannot_be_read_stops_no_other() {
    let group = |world: &World| {
        let state = world.ask("GET", "/_sandbox/state?only=groups", None);
        let groups = state["groups"].as_array().expect("groups").clone();
        let is_it = |group: &&Value| group["name"] == "hanoi-legal";
        groups.iter().find(is_it).expect("the group")["id"].as_str().expect("an id").to_owned()
    };
    let user = |world: &World| {
        world.person("vdillow@banc.ly")["account_id"].as_str().expect("an id").to_owned()
    };
    let answers = [
        json!({ "status": 500 }),
        json!({ "status": 502, "body": "<html><title>Bad gateway</title></html>" }),
        json!({ "status": 403, "body": { "errorMessages": ["No"] } }),
        json!({ "status": 404, "body": { "errorMessages": ["No"] } }),
        json!({ "status": 200, "body": { "values": [], "total": 7, "isLast": true, "startAt": 0, "maxResults": 50 } }),
        json!({ "status": 200, "body": [] }),
    ];
    let mut variants = Vec::new();
    for answer in &answers {
        for keys in [Keys::Both, Keys::Token] {
            for of_group in [true, false] {
                variants.push((keys, of_group, answer.clone()));
            }
        }
    }
    at_once(&variants, |(keys, of_group, answer)| {
        let mut world = keys.world();
        world.seed(json!({ "groups": [{ "name": "spare" }] }));
        rows_of_two_groups(&mut world);
        let id = if *of_group { group(&world) } else { user(&world) };
        let what = format!("{keys:?}, group {of_group}: {answer}");
        world.fault(json!({ "method": "GET", "mentions": id, "times": 0, "answer": answer }));
        let output = world.run("member add in.csv --yes --max-wait 1 --canary 0 --report out.csv");
        let others = match of_group {
            true => vec![("vdillow@banc.ly", "spare"), ("ftoten2@banc.ly", "spare"), ("amelmeth@banc.ly", "spare")],
            false => vec![("ftoten2@banc.ly", "hanoi-legal"), ("ftoten2@banc.ly", "spare"), ("amelmeth@banc.ly", "spare")],
        };
        for (mail, group) in others {
            assert!(world.is_member(mail, group), "{what}: {mail} in {group}\n{}", output.stderr);
        }
        assert_eq!(table(&world.read("out.csv")).len(), 6, "{what}");
        world.no_faults();
        let again = world.run("member add in.csv --yes");
        assert_eq!(again.code, 0, "{what}\n{}", again.stderr);
        assert_eq!(world.members("spare"), 3, "{what}");
        world.nothing_twice();
    });
}

/// Nothing is taken away from an app or a customer, however the sheet names the account.
#[test]
fn an_account_that_is_no_person_keeps_everything() {
    let id = |id: &str| format!("accountId\n{id}\n");
    let mail = |mail: &str| format!("Email\n{mail}\n");
    let variants = [
        ("user deactivate", Keys::Key, mail("robot@banc.ly")),
        ("user deactivate", Keys::Both, id("qm:desk:customer")),
        ("user delete", Keys::Key, id("557058:robot")),
        ("user delete", Keys::Both, mail("cu@client.example")),
        ("user remove", Keys::Token, mail("robot@banc.ly")),
        ("user remove", Keys::Both, mail("cu@client.example")),
        ("user remove", Keys::Key, id("557058:robot")),
        ("user suspend", Keys::Both, mail("robot@banc.ly")),
        ("user suspend", Keys::Key, id("qm:desk:customer")),
        ("user email", Keys::Both, "Email,New email\nrobot@banc.ly,other@banc.ly\n".to_owned()),
        ("member remove", Keys::Token, "Email,Group\nrobot@banc.ly,hanoi-legal\n".to_owned()),
        ("member remove", Keys::Key, "accountId,Group\n557058:robot,hanoi-legal\n".to_owned()),
        ("member remove", Keys::Both, "User id,Group\nqm:desk:customer,hanoi-legal\n".to_owned()),
        ("access revoke", Keys::Key, "Email,App\nrobot@banc.ly,jira-software\n".to_owned()),
    ];
    at_once(&variants, |(job, keys, sheet)| {
        let mut world = keys.world();
        world.seed(json!({ "people": [
            { "account_id": "557058:robot", "email": "robot@banc.ly", "name": "Robot", "kind": "app" },
            { "account_id": "qm:desk:customer", "email": "cu@client.example", "name": "Cu", "kind": "customer" },
        ], "memberships": [
            { "email": "robot@banc.ly", "group": "hanoi-legal" },
            { "email": "cu@client.example", "group": "hanoi-legal" },
        ] }));
        world.file("in.csv", sheet);
        let bound = if *job == "user email" || *job == "member remove" { "" } else { " --max-changes 3" };
        let output = world.run(&format!("{job} in.csv --yes{bound}"));
        assert_ne!(output.code, 0, "{job} with {keys:?}\n{}", output.stderr);
        world.nothing_sent();
    });
}
