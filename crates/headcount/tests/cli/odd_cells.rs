//! Cells of people's own words: a row that is to be kept, a password in a note, lines below a table.

use rust_xlsxwriter::{Note, Workbook};

use crate::harness::{World, table};

const PEOPLE: [&str; 2] = ["vdillow@banc.ly", "ftoten2@banc.ly"];

/// Jobs that take something away hold back a row that says that it is to be kept, and say how to go on.
#[test]
fn a_row_that_is_to_be_kept_is_held_back() {
    let [one, kept] = PEOPLE;
    for (job, heading, cell) in [
        ("user deactivate", "Comment", "please keep until June"),
        ("user suspend", "Notes", "on leave"),
        ("user remove", "Remarks", "Maternity leave; back in March"),
        ("user delete", "Info", "do not delete yet"),
        ("user deactivate", "Status", "active"),
        ("user deactivate", "Status", "Rehired"),
        ("user deactivate", "Last day", "2999-12-31"),
        ("user deactivate", "Termination date", "31.12.2999"),
        ("user suspend", "End date", "12/31/2999"),
        ("user deactivate", "Legal hold", "case 4711"),
        ("member remove", "Kommentar", "bitte behalten"),
    ] {
        let mut world = World::new();
        world.file("in.csv", format!("Email,Group,{heading}\n{one},hanoi-legal,\n{kept},hanoi-legal,{cell}\n"));
        let without = if job == "member remove" { "" } else { " --map -=Group" };
        let job = format!("{job} in.csv{without}");
        world.run(&format!("{job} --yes --max-changes 9")).exit(2).says("line 3").says(heading).says("--map -=");
        world.nothing_sent();
        let option = if heading.contains(' ') { format!("\"-={heading}\"") } else { format!("-={heading}") };
        world.run(&format!("{job} --plan --map {option}")).exit(0).says("rows       2");
        let gives = world.run("member add in.csv --plan --map -=Info");
        assert!(!gives.stderr.contains("line 3"), "{}", gives.stderr);
    }
}

/// Ordinary columns, and exports of accounts, stop no row.
#[test]
fn ordinary_columns_stop_no_row() {
    let [one, other] = PEOPLE;
    let mut world = World::new();
    world.file(
        "in.csv",
        format!(
            "Email,Department,Manager,Notes,Last day,User status\n\
             {one},Legal Hold,Will Hold,Laptop returned,2020-01-31,Active\n\
             {other},Leave Management,Ann Active,left in May; keep mailbox,31.12.2021,Active\n"
        ),
    );
    world.run("user deactivate in.csv --plan").exit(0).says("2 to send");
    world.run("user export -o users.csv").exit(0);
    let export = world.read("users.csv");
    let lines: Vec<&str> = export.lines().filter(|line| !line.contains(',') || line.contains("User id") || line.contains(one)).collect();
    world.file("one.csv", lines.join("\n"));
    world.run("user deactivate one.csv --plan").exit(0).says("1 to send");
}

/// A comment next to the address counts, too.
#[test]
fn a_comment_next_to_an_address_holds_the_row_back() {
    let mut world = World::new();
    for cell in ["ftoten2@banc.ly (keep)", "Do not touch <ftoten2@banc.ly>", "on leave (ftoten2@banc.ly)"] {
        world.file("in.csv", format!("Email\nvdillow@banc.ly\n{cell}\n"));
        world.run("user deactivate in.csv --yes --max-changes 9").exit(2).says("line 3");
        world.nothing_sent();
    }
    world.file("in.csv", "Email\nVerna Dillow <vdillow@banc.ly>\nftoten2@banc.ly (Florian)\n");
    world.run("user deactivate in.csv --plan").exit(0).says("2 to send");
}

/// A comment on a cell of a workbook counts, too.
#[test]
fn a_comment_on_a_cell_holds_the_row_back() {
    let mut world = World::new();
    for (text, held) in [("Do NOT deactivate, back in May", true), ("on leave", true), ("from HR's list", false)] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_column(0, 0, ["Email", "vdillow@banc.ly", "ftoten2@banc.ly"]).expect("cells are written");
        sheet.insert_note(2, 0, &Note::new(text)).expect("a comment is written");
        world.file("in.xlsx", book.save_to_buffer().expect("a workbook is written"));
        let run = world.run("user deactivate in.xlsx --plan");
        match held {
            true => run.exit(2).says("line 3, column `Email`: the comment on the cell"),
            false => run.exit(0).says("2 to send"),
        };
    }
}

/// A password in a note reaches no journal, report, export or output.
#[test]
fn a_password_in_a_text_is_kept_nowhere() {
    const SECRET: &str = "Winter-2031!";
    let mut world = World::new();
    world.secret(SECRET);
    let notes = ["pw: SECRET", "temp password is SECRET", "Kennwort: SECRET", "api key = SECRET", "パスワード: SECRET"];
    let mut text = "Email,Notes,groups\n".to_owned();
    for (at, note) in notes.iter().enumerate() {
        text.push_str(&format!("nora{at}@banc.ly,{},\n", note.replace("SECRET", SECRET)));
    }
    text.push_str(&format!("nora.x@banc.ly,password: {SECRET},nowhere\nno mail,password: {SECRET},\n"));
    world.file("in.csv", text);
    world.run("user create in.csv --plan").exit(2);
    world.run("user create in.csv --yes --bad-rows skip --json").exit(1);
    for format in ["csv", "json", "html", "junit"] {
        world.run(&format!("run report last --format {format} -o report.{format}")).exit(0);
    }
    world.run("run show last --rows").exit(0);
    world.run("run failed last -o failed.csv").exit(0);
    let report = table(&world.read("report.csv"));
    assert_eq!(report[1][1], "pw: [masked: password]");
    assert_eq!(report[2][1], "temp password is [masked: password]");
    let failed = table(&world.read("failed.csv"));
    assert_eq!(failed[1], ["nora.x@banc.ly", "password: [masked: password]", "nowhere"]);
    // A separator in the text: nothing of the row is kept or shown.
    world.file("in.csv", format!("Email,Notes\nnora.y@banc.ly,PIN 4711, {SECRET}\nnora.z@banc.ly,\n"));
    world.run("user create in.csv --plan").exit(2).says("line 2");
    world.run("user create in.csv --yes --bad-rows skip").exit(1);
    world.run("run report last -o report.csv").exit(0);
    world.file("group.csv", format!("Group name\npw: {SECRET}\n"));
    world.run("group create group.csv --yes").exit(2).says("seems to have a password (not shown)");
}

/// The lines below a table are no groups.
#[test]
fn the_lines_below_a_table_are_no_groups() {
    let mut world = World::new();
    for line in ["Total: 43", "-- end of report --", "(3 rows affected)", "Page 1 of 2", "Generated on 2026-11-30 by HR", "Gruppe"] {
        world.file("in.csv", format!("Group name\nnew-one\n{line}\n"));
        world.run("group create in.csv --yes").exit(2).says("line 3").says("seems to be no name of a group");
        world.nothing_sent();
    }
}

/// With one of several addresses in a line, no option that loses the others is offered.
#[test]
fn no_option_that_loses_addresses_is_offered() {
    let mut world = World::new();
    for text in ["vdillow@banc.ly,ftoten2@banc.ly,hvinter@banc.ly\n", "Ann <vdillow@banc.ly>; Ben <ftoten2@banc.ly>\n"] {
        world.file("in.csv", text);
        let told = world.run("user deactivate in.csv --plan").exit(2);
        assert!(!told.stderr.contains("--no-headings"), "{}", told.stderr);
    }
    for cell in ["\"vdillow@banc.ly\nftoten2@banc.ly\"", "vdillow@banc.ly ftoten2@banc.ly", "vdillow@banc.ly/ftoten2@banc.ly"] {
        world.file("in.csv", format!("Email\n{cell}\n"));
        world.run("user deactivate in.csv --plan").exit(2).says("is more than one address; write one user per row");
    }
}
