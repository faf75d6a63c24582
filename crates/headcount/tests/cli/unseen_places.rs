//! Hidden parts in the files around a spreadsheet: exports with hidden rows, columns and sheets; workbooks on
//! standard input.

use rust_xlsxwriter::{Workbook, Worksheet};

use crate::harness::World;

fn bytes(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().expect("a workbook is written")
}

/// A table in a sheet of a workbook.
fn table<'a>(book: &'a mut Workbook, name: &str, lines: &[&[&str]]) -> &'a mut Worksheet {
    let sheet = book.add_worksheet();
    sheet.set_name(name).expect("a sheet is named");
    for (at, line) in (0..).zip(lines) {
        sheet.write_row(at, 0, line.iter().copied()).expect("cells are written");
    }
    sheet
}

const USERS: &[&[&str]] = &[
    &["User id", "User name", "email"],
    &["712020:aaaaaaaa-0000-4000-8000-000000000001", "Ann", "ann@banc.ly"],
    &["712020:aaaaaaaa-0000-4000-8000-000000000002", "Ben", "ben@banc.ly"],
];

const GROUPS: &[&[&str]] = &[
    &["User id", "email", "Group id", "Group name"],
    &["712020:a", "ann@banc.ly", "d6750b14-1aa8-4ab2-9999-a6d44016da32", "oslo"],
    &["712020:b", "ben@banc.ly", "d6750b14-1aa8-4ab2-9999-a6d44016da33", "lima"],
];

/// An export is read as users see it, too: nothing hidden decides which user is meant.
#[test]
fn what_is_hidden_in_an_export_is_not_used() {
    let with = |lines: &[&[&str]], hide: &dyn Fn(&mut Worksheet)| {
        let mut book = Workbook::new();
        hide(table(&mut book, "Export", lines));
        bytes(book)
    };
    let row = |sheet: &mut Worksheet| {
        sheet.set_row_hidden(2).expect("a row is hidden");
    };
    let filtered = |sheet: &mut Worksheet| {
        sheet.autofilter(0, 0, 2, 2).expect("a filter is set");
        sheet
            .filter_column(1, &rust_xlsxwriter::FilterCondition::new().add_list_filter("Ann"))
            .expect("a filter hides rows");
    };
    let column = |sheet: &mut Worksheet| {
        sheet.set_column_hidden(2).expect("a column is hidden");
    };
    let hidden_sheet = |lines: &[&[&str]]| {
        let mut book = Workbook::new();
        book.add_worksheet();
        table(&mut book, "Export", lines).set_hidden(true);
        bytes(book)
    };
    for (option, file, words) in [
        ("users", with(USERS, &row), "row 3 is hidden"),
        ("users", with(USERS, &filtered), "row 3 is hidden by a filter"),
        ("users", with(USERS, &column), "the column `email` (C) is hidden"),
        ("users", hidden_sheet(USERS), "the hidden sheet `Export`"),
        ("groups", with(GROUPS, &row), "row 3 is hidden"),
        ("groups", with(GROUPS, &column), "the column `Group id` (C) is hidden"),
        ("groups", hidden_sheet(GROUPS), "the hidden sheet `Export`"),
    ] {
        let mut world = World::new();
        world.file("export.xlsx", &file);
        world.file("in.csv", "Email,Group\nann@banc.ly,oslo\n");
        let line = format!("member add in.csv --plan --{option} export.xlsx");
        let output = world.run(&line).exit(2).says("export.xlsx").says(words);
        // No option for the job's own file decides it.
        for no in ["--hidden-rows", "--map", "--sheet", "--heading"] {
            assert!(!output.stderr.contains(no), "{}", output.stderr);
        }
        world.nothing_sent();
    }
}

/// The options that are suggested for a workbook on standard input work there.
#[test]
fn a_workbook_on_standard_input_is_advised_about() {
    let people: &[&[&str]] = &[&["Email", "Group"], &["vdillow@banc.ly", "hanoi-legal"]];
    let mut several = Workbook::new();
    table(&mut several, "Notes", &[&["Foo"], &["x"]]);
    table(&mut several, "People", people);
    let mut hidden = Workbook::new();
    hidden.add_worksheet();
    table(&mut hidden, "Old ones", people).set_hidden(true);
    let mut rows = Workbook::new();
    table(&mut rows, "People", &[people[0], people[1], &["ftoten2@banc.ly", "hanoi-legal"]])
        .set_row_hidden(2)
        .expect("a row is hidden");
    for (book, offered) in [
        (several, "--sheet People"),
        (hidden, "--sheet 'Old ones'"),
        (rows, "--hidden-rows skip"),
    ] {
        let file = bytes(book);
        let world = World::new();
        let line = "member add - --plan";
        let output = world.command(line).input(file.clone()).run().exit(2).says(offered);
        assert!(!output.stderr.contains("Notes with"), "{}", output.stderr);
        let line = format!("{line} {}", offered.replace('\'', "\""));
        world.command(&line).input(file).run().exit(0).says("1 to send");
        world.nothing_sent();
    }
}

/// The message about an empty file names the job's headings.
#[test]
fn an_empty_file_names_the_headings_of_its_job() {
    for (job, headings) in [
        ("user deactivate", "`Email`"),
        ("user create", "`Email`"),
        ("member add", "`Email,Group`"),
        ("group create", "`Name`"),
        ("group delete", "`Group`"),
    ] {
        let mut world = World::new();
        world.file("in.csv", "\n \n");
        world.run(&format!("{job} in.csv --plan")).exit(2).says("is empty").says(headings);
        let mut book = Workbook::new();
        book.add_worksheet();
        world.file("in.xlsx", bytes(book));
        world.run(&format!("{job} in.xlsx --plan")).exit(2).says("is empty").says(headings);
        world.command(&format!("{job} - --plan")).input("").run().exit(2).says(headings);
    }
}
