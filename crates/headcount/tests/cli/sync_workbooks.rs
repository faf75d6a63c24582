//! `sync` of a workbook: a sheet of users, one of memberships, one of the groups that the list owns.

use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::json;

use crate::harness::{World, table};

fn world() -> World {
    let world = World::new();
    let person = |name: &str| json!({ "email": format!("{name}@banc.ly"), "name": name });
    let member = |name: &str, group: &str| json!({ "email": format!("{name}@banc.ly"), "group": group });
    let people = ["ann", "bob", "cem"].map(person);
    world.seed(json!({
        "people": people,
        "groups": [{ "id": "g-a", "name": "team-a" }, { "id": "g-b", "name": "team, b" }, { "id": "g-c", "name": "team-c" }],
        "memberships": [member("ann", "team-a"), member("bob", "team-c"), member("cem", "team-a"), member("cem", "team-c")],
    }));
    world
}

/// A sheet's name, its lines of cells, and what else is done with it.
type Part<'p> = (&'p str, &'p [&'p str], fn(&mut Worksheet));

fn shown(_: &mut Worksheet) {}

fn hidden(sheet: &mut Worksheet) {
    sheet.set_hidden(true);
}

/// A workbook of these sheets, with `|` between cells.
fn workbook(parts: &[Part<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, lines, more) in parts {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (row, line) in (0..).zip(*lines) {
            sheet.write_row(row, 0, line.split('|')).expect("cells are written");
        }
        more(sheet);
    }
    book.save_to_buffer().expect("a workbook is written")
}

const USERS: &[&str] = &["Email|displayName|status", "ann@banc.ly|Ann|active", "bob@banc.ly|Bob|", "new@banc.ly|New|active", "cem@banc.ly|Cem|suspended"];
const MEMBERS: &[&str] = &["Email|Group", "ann@banc.ly|team, b", "new@banc.ly|team-a", "bob@banc.ly|team-a"];
const OWNED: &[&str] = &["Group", "team-a", "team, b"];

/// The differences: action, user, groups, reason, place in the list.
#[track_caller]
fn differences(world: &World, line: &str) -> Vec<String> {
    let rows = table(&world.run(line).exit(1).stdout);
    let at = |heading: &str| rows[0].iter().position(|known| known == heading).expect("the column");
    let columns = ["Action", "Email", "Group", "groups", "reason", "List"].map(at);
    let words = |row: &Vec<String>| columns.map(|at| row[at].clone()).join(" ");
    rows[1..].iter().map(|row| words(row).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn each_sheet_is_a_part_of_the_list() {
    let mut world = world();
    let check = "sync list.xlsx --check --format csv";
    world.file("list.xlsx", workbook(&[("People", USERS, shown), ("In groups", MEMBERS, shown), ("managedGroups", OWNED, shown)]));
    assert_eq!(
        differences(&world, check),
        [
            "create new@banc.ly team-a line 4 of sheet “People”",
            "join ann@banc.ly team, b line 2 of sheet “People”",
            "join bob@banc.ly team-a line 3 of sheet “People”",
            "leave ann@banc.ly team-a line 2 of sheet “People”",
            "leave cem@banc.ly team-a line 5 of sheet “People”",
            "suspend cem@banc.ly line 5 of sheet “People”",
        ],
        "bob stays in team-c, which the list does not own"
    );
    world.run("sync list.xlsx --yes --max-changes 10").exit(0);
    world.run("sync list.xlsx --check").exit(0);
    assert!(world.is_member("bob@banc.ly", "team-c") && world.is_member("new@banc.ly", "team-a"));
    assert!(!world.is_member("cem@banc.ly", "team-a"));
    // One sheet alone, chosen by name.
    world.file("more.xlsx", workbook(&[("People", USERS, shown), ("managed groups", &["Group", "team-c"], shown), ("Old", MEMBERS, hidden)]));
    world.run("sync more.xlsx --check --sheet People").exit(0);
}

/// What is in no sheet that a person sees decides nothing.
#[test]
fn hidden_sheets_and_contradictions_between_sheets_stop() {
    let mut world = world();
    let cases: [(&[Part<'_>], &str); 6] = [
        (&[("People", USERS, shown), ("managedGroups", OWNED, hidden)], "has the hidden sheet `managedGroups`"),
        (&[("People", USERS, shown), ("In groups", MEMBERS, shown), ("managedGroups", OWNED, hidden)], "has the hidden sheet `managedGroups`"),
        (&[("Empty", &[], shown), ("People", USERS, hidden)], "except for the hidden sheet `People`"),
        (
            &[("People", &["Email|groups", "ann@banc.ly|team-a"], shown), ("In groups", MEMBERS, shown)],
            "sheet “In groups”: the row says that the user is in the group “team, b”, and line 2 of sheet “People” says otherwise",
        ),
        (&[("People", USERS, shown), ("More", &["Email|status", "ANN@banc.ly|gone"], shown)], "the row names the same user as line 2 of sheet “People”"),
        (&[("People", USERS, shown), ("Notes", &["Remember the milk", "twice"], shown)], "The headings are `Remember the milk`"),
    ];
    for (at, (parts, wanted)) in cases.into_iter().enumerate() {
        let name = format!("list-{at}.xlsx");
        world.file(&name, workbook(parts));
        world.run(&format!("sync {name} --check")).exit(2).says(wanted);
        world.run(&format!("sync {name} --yes")).exit(2).says(wanted);
    }
    // A hidden row could be a user who then counts as absent.
    world.file("list.xlsx", workbook(&[("People", USERS, |sheet| {
        sheet.set_row_hidden(2).expect("a row is hidden");
    })]));
    world.run("sync list.xlsx --check").exit(2).says("hidden");
    world.nothing_sent();
}

/// An empty sheet of owned groups owns none.
#[test]
fn an_empty_sheet_of_owned_groups_owns_none() {
    let mut world = world();
    let users = &["Email|groups", "ann@banc.ly|team, b", "bob@banc.ly|"];
    world.file("list.xlsx", workbook(&[("People", users, shown), ("managedGroups", &["Group"], shown)]));
    let found = world.run("sync list.xlsx --check --format csv");
    assert!(!found.stdout.contains("leave") && !found.stdout.contains("create"), "{}", found.stdout);
    world.nothing_sent();
}
