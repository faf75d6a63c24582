//! `sync` of a file with a column `Action`: one plan of several jobs.

use serde_json::{Value, json};

use crate::harness::{World, table};

fn world() -> World {
    let world = World::new();
    let person = |name: &str, more: Value| {
        let mut person = json!({ "email": format!("{name}@banc.ly"), "name": name, "managed": true });
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let plain = ["ann", "bob", "cem", "dee", "eve"].map(|name| person(name, json!({})));
    let others = [
        person("own", json!({ "roles": { "jira-core": ["user"] } })),
        person("off", json!({ "lifecycle": "inactive" })),
        person("away", json!({ "place": "suspended" })),
        person("boss", json!({ "org_admin": true })),
    ];
    let member = |name: &str, group: &str| json!({ "email": format!("{name}@banc.ly"), "group": group });
    let people = [&plain[..], &others[..]].concat();
    world.seed(json!({
        "people": people,
        "groups": [{ "id": "g-a", "name": "team-a" }, { "id": "g-b", "name": "team, b" }],
        "memberships": [member("ann", "team-a"), member("bob", "team-a"), member("cem", "team, b")],
    }));
    world
}

const SHEET: &str = "Action,Email,Group,Product,displayName,Ticket\n\
    deactivate,cem@banc.ly,,,,T-1\n\
    remove from group,bob@banc.ly,team-a,,,T-2\n\
    add,ann@banc.ly,\"team, b\",,,T-3\n\
    create,new@banc.ly,team-a,,New,T-4\n\
    grant,bob@banc.ly,,jira-core,,T-5\n\
    revoke,own@banc.ly,,jira-core,,T-6\n\
    Activate,off@banc.ly,,,,T-7\n\
    user restore,away@banc.ly,,,,T-8\n\
    suspend,eve@banc.ly,,,,T-9\n\
    add,ann@banc.ly,team-a,,,T-10\n\
    user remove,dee@banc.ly,,,,T-11\n";

/// The report's cells below some headings.
#[track_caller]
fn ends(world: &World, file: &str, columns: &[&str]) -> Vec<String> {
    let report = table(&world.read(file));
    let at = |name: &&str| report[0].iter().position(|heading| heading == name).expect("the column");
    let places: Vec<usize> = columns.iter().map(at).collect();
    let words = |row: &Vec<String>| places.iter().map(|at| row[*at].clone()).collect::<Vec<_>>().join(" ");
    report[1..].iter().map(words).collect()
}

/// The whole story: the plan in the safe order, each row with its own job's outcome, and the undo.
#[test]
fn a_sheet_of_actions_is_one_plan() {
    let mut world = world();
    world.file("sheet.csv", SHEET);
    world.run("sync sheet.csv --plan --max-changes 20").exit(0).snap("sync_actions_plan");
    world.nothing_sent();
    let run = world.run("run apply last --yes --report report.csv").exit(0).snap("sync_actions_apply").run_id();
    assert_eq!(
        ends(&world, "report.csv", &["Ticket", "outcome", "reason"]),
        [
            "T-1 changed done", "T-2 changed done", "T-3 changed done", "T-4 changed created", "T-5 changed done",
            "T-6 changed done", "T-7 changed done", "T-8 changed done", "T-9 changed done",
            "T-10 unchanged already-member", "T-11 changed done",
        ]
    );
    assert!(world.is_member("new@banc.ly", "team-a") && world.is_member("ann@banc.ly", "g-b"));
    assert!(!world.is_member("bob@banc.ly", "team-a"));
    assert_eq!(world.person("bob@banc.ly")["roles"]["jira-core"], json!(["user"]));
    assert_eq!(world.person("cem@banc.ly")["lifecycle"], "inactive");
    assert_eq!(world.person("eve@banc.ly")["place"], "suspended");
    world.nothing_twice();
    let undo = format!("run undo {run} --yes --remove-created --max-changes 20 --report undo.csv");
    world.run(&undo).exit(1);
    assert!(world.is_member("bob@banc.ly", "team-a") && !world.is_member("new@banc.ly", "team-a"));
    assert_eq!(world.person("off@banc.ly")["lifecycle"], "inactive");
    assert_eq!(world.person("away@banc.ly")["place"], "suspended");
    assert_eq!(world.person("own@banc.ly")["roles"]["jira-core"], json!(["user"]));
    let left = ends(&world, "undo.csv", &["Ticket", "outcome", "reason"]);
    let left: Vec<_> = left.iter().filter(|row| !row.contains(" changed ")).collect();
    assert_eq!(left, ["T-11 skipped not-undoable"], "only the removal from the site stays");
}

/// Rows that are not certain stop the file, with both lines where two contradict each other.
#[test]
fn rows_that_are_not_certain_are_refused() {
    let mut world = world();
    for (rows, wanted) in [
        ("deactivat,ann@banc.ly,,", "“deactivat” is no action; did you mean `deactivate`?"),
        (",ann@banc.ly,,", "the cell is empty, so the row asks for nothing"),
        ("keep,ann@banc.ly,,", "“keep” is no action"),
        ("remove,ann@banc.ly,,", "for the whole user, write `user remove`"),
        ("delete,ann@banc.ly,,", "for the whole user, write `user delete`"),
        ("add,ann@banc.ly,,", "to create the user, write `create`"),
        ("leaver,ann@banc.ly,,", "may mean remove, deactivate, suspend"),
        ("add,ann@banc.ly,team-a,jira-core", "put each of them into a row of its own"),
        ("deactivate,ann@banc.ly,team-a,", "`user deactivate` does not read it"),
        ("group create,ann@banc.ly,team-x,", "for `headcount group create`"),
        ("user email,ann@banc.ly,,", "for `headcount user email`"),
        ("do not deactivate,ann@banc.ly,,", "is no action"),
        ("add,ann@banc.ly,team-a,\ndeactivate,ANN@banc.ly,,", "line 3, column `Action`: the row asks for `user deactivate`, and line 2 asks for `member add` for the same user"),
        ("add,bob@banc.ly,team-a,\nremove,bob@banc.ly,Team-A,", "line 2 asks for `member add`"),
        ("grant,bob@banc.ly,,jira-core\nrevoke,bob@banc.ly,,jira-core", "line 2 asks for `access grant`"),
        ("suspend,bob@banc.ly,,\nrestore,bob@banc.ly,,", "line 2 asks for `user suspend`"),
        ("create,x@banc.ly,,\nadd,x@banc.ly,team-a,", "a row that creates a user also names the user's groups and products"),
    ] {
        world.file("odd.csv", format!("Action,Email,Group,Product\n{rows}\n"));
        world.run("sync odd.csv --yes --max-changes 20").exit(2).says(wanted);
    }
    // Next to a column of passwords, no cell is quoted.
    world.file("secret.csv", "Action,Email,Group,Password\nhunter2,ann@banc.ly,,x\n");
    let told = world.run("sync secret.csv --yes --max-changes 20").exit(2).says("the cell (not shown) is no action");
    assert!(!told.transcript().contains("hunter2"), "{}", told.transcript());
    world.file("odd.csv", "Action,Email,Group,Product\nadd,ann@banc.ly,team-a,\ndeactivate,ANN@banc.ly,,\nadd,bob@banc.ly,\"team, b\",\n");
    world.run("sync odd.csv --yes --max-changes 20").exit(2).snap("sync_actions_contradict");
    world.nothing_sent();
    world.run("sync odd.csv --yes --max-changes 20 --bad-rows skip").exit(1);
    assert!(world.is_member("bob@banc.ly", "g-b"), "the rows that are certain are made");
    assert_ne!(world.person("ann@banc.ly")["lifecycle"], "inactive");
}

/// Where the sheet has no column for less, `remove` means the user, as in the file of `user remove`.
#[test]
fn a_verb_means_the_whole_user_only_if_nothing_less_can_be_meant() {
    let mut world = world();
    world.file("sheet.csv", "Email,Action\nann@banc.ly,remove\nbob@banc.ly,delete\nboss@banc.ly,deactivate\n");
    let plan = world.run("sync sheet.csv --plan").exit(0);
    let plan = plan
        .says("remove ann@banc.ly (ann) from the site")
        .says("delete the account of bob@banc.ly (bob)")
        .says("brings the accounts back; after that, they are deleted permanently")
        .says("changes of `user remove` cannot be undone");
    plan.says("the user is an organization administrator");
    world.nothing_sent();
}

/// Guards, limits and options are those of the jobs; what belongs to a list is refused.
#[test]
fn limits_and_options_are_those_of_the_jobs() {
    let mut world = world();
    world.file("sheet.csv", SHEET);
    world.run("sync sheet.csv --yes").exit(2).says("--max-changes");
    world.run("sync sheet.csv --yes --max-changes 3").exit(4).says("the maximum is 3");
    for option in ["--check", "--own-group team-a", "--own-domain banc.ly", "--own-product jira-core", "--absent leave-groups"] {
        world.run(&format!("sync sheet.csv {option}")).exit(2).says("is for a list of users");
    }
    world.file("list.csv", "email,groups\nann@banc.ly,team-a\n");
    world.run("sync list.csv --yes --bad-rows skip").exit(2).says("--bad-rows is for a file with a column");
    // A file of one job still refuses rows of others.
    world.file("deactivate.csv", "Action,Email\ndeactivate,ann@banc.ly\nadd,bob@banc.ly\n");
    world.run("user deactivate deactivate.csv --yes --max-changes 5").exit(2);
    world.nothing_sent();
    world.command("sync - --plan").input(SHEET).run().exit(0);
    world.nothing_sent();
}

/// The table of differences is a sheet of actions.
#[test]
fn the_table_of_differences_can_be_applied() {
    let mut world = world();
    world.file(
        "list.csv",
        "email,status,groups,products\nann@banc.ly,,\"team-a; team, b\",jira-core\nbob@banc.ly,,,\noff@banc.ly,active,team-a,\n\
         new@banc.ly,active,team-a,jira-software\ncem@banc.ly,deactivated,,\n",
    );
    let found = world.run("sync list.csv --check --format csv").exit(1).stdout;
    world.file("differences.csv", found);
    world.run("sync differences.csv --yes --max-changes 20").exit(0).snap("sync_actions_differences");
    world.run("sync list.csv --check").exit(0);
}

/// With an organization API key alone, new users are invited.
#[test]
fn a_key_alone_is_enough() {
    let mut world = world().key_alone();
    world.file("sheet.csv", "Action,Email,Group\ncreate,new@banc.ly,team-a\nadd,dee@banc.ly,team-a\ndeactivate,cem@banc.ly,\n");
    world.run("sync sheet.csv --yes --max-changes 5").exit(0);
    assert!(world.is_member("new@banc.ly", "team-a") && world.is_member("dee@banc.ly", "team-a"));
    assert_eq!(world.person("cem@banc.ly")["lifecycle"], "inactive");
}
