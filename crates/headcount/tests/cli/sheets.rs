//! Bad input: one clear report of all problems with line and column, and nothing is sent.

use crate::harness::{World, table};

const ADD: &str = "member add in.csv --yes";

/// Runs the job with a file of these bytes: exit code 2, nothing is sent, and the message contains these words.
#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, name: &str) {
    let mut world = World::new();
    world.file("in.csv", bytes);
    world.run(ADD).exit(2).snap(name);
    world.nothing_sent();
    assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n");
}

#[test]
fn a_wrong_heading() {
    refused("E-Mailadress,Grp\njfloat@banc.ly,hanoi-legal\n", "sheet-wrong-heading");
    refused("jfloat@banc.ly,hanoi-legal\nvdillow@banc.ly,hanoi-legal\n", "sheet-no-headings");
    let mut world = World::new();
    world.file("in.csv", "jfloat@banc.ly,hanoi-legal\nvdillow@banc.ly,hanoi-legal\n");
    let line = format!("{ADD} --map email=jfloat@banc.ly --map group=hanoi-legal");
    world.run(&line).exit(2).says("would be lost");
    world.nothing_sent();
    let line = format!("{ADD} --no-headings --map email=ColumnA --map group=ColumnB");
    world.run(&line).exit(0);
    assert!(world.is_member("jfloat@banc.ly", "hanoi-legal"));
    refused("Email,E-mail,Group\na@b.example,c@d.example,hanoi-legal\n", "sheet-two-mails");
    // The command from the message.
    let mut world = World::new();
    world.file("in.csv", "E-Mailadress,Grp\njfloat@banc.ly,hanoi-legal\n");
    let line = format!("{ADD} --map email=E-Mailadress --map group=Grp");
    world.run(&line).exit(0);
    assert!(world.is_member("jfloat@banc.ly", "hanoi-legal"));
    insta::assert_snapshot!(world.run(&format!("{ADD} --map email=Nowhere")).exit(2).transcript(), @r"
    $ headcount member add in.csv --yes --map email=Nowhere
    ─── stderr
    error: in.csv, line 1: --map email=Nowhere cannot be used: there is no heading `Nowhere`; the headings are `E-Mailadress`, `Grp`
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run(&format!("{ADD} --map shoe=Grp")).exit(2).transcript(), @r"
    $ headcount member add in.csv --yes --map shoe=Grp
    ─── stderr
    error: in.csv, line 1: --map shoe=Grp cannot be used: this job has no field `shoe`; it has `accountId`, `email`, `groupId`, `groupName`, `group`, `action`
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run(&format!("{ADD} --map email")).exit(2).transcript(), @r#"
    $ headcount member add in.csv --yes --map email
    ─── stderr
    error: --map email: write it as field=Heading
    hint: such as --map email="E-Mail address"
    ─── exit 2
    "#);
}

#[test]
fn semicolons_tabs_and_utf_16() {
    let mut world = World::new();
    world.file("in.csv", "Email;Group\r\njfloat@banc.ly;Finance, Europe\r\n");
    world.run(ADD).exit(0);
    assert!(world.is_member("jfloat@banc.ly", "Finance%2C+Europe"));
    let text = "Email\tGroup\r\nvdillow@banc.ly\tGröße/Maß\r\n";
    let bytes: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    world.file("in.csv", bytes);
    world.run(ADD).exit(0);
    assert!(world.is_member("vdillow@banc.ly", "Gr%C3%B6%C3%9Fe%2FMa%C3%9F"));
    // Windows-1252, as an older Excel writes it.
    world.file("in.csv", b"Email;Group\r\namelmeth@banc.ly;Gr\xf6\xdfe/Ma\xdf\r\n");
    world.run(ADD).exit(0);
    assert!(world.is_member("amelmeth@banc.ly", "Gr%C3%B6%C3%9Fe%2FMa%C3%9F"));
}

#[test]
fn all_bad_rows_are_reported_at_once() {
    refused(
        "accountId,Email,Group\n\
         ,jfloat@banc.ly,\n\
         ,,hanoi-legal\n\
         ,no mail,hanoi-legal\n\
         5.12E+15,,hanoi-legal\n\
         ,jfloat@banc.ly,hanoi-legal,too much\n\
         ,jfloat@banc.ly\n\
         ,\"two\nlines@banc.ly\",hanoi-legal\n\
         ,jfloat@banc.ly,hanoi-legal\n",
        "sheet-bad-rows",
    );
    refused(
        "emailAddress\n\
         jfloat@banc.ly,hanoi-legal\n",
        "sheet-other-job",
    );
}

/// A problem that many rows have is reported once, with all their lines.
#[test]
fn bad_rows_of_one_kind() {
    let mut rows = "Email,Group\n".to_owned();
    for row in 0..5 {
        rows += &format!(",hanoi-legal\nuser{row},hanoi-legal\n");
    }
    refused(rows, "sheet-bad-rows-alike");
}

#[test]
fn bad_rows_can_be_skipped() {
    let mut world = World::new();
    world.file("in.csv", "Email,Group\nno mail,hanoi-legal\njfloat@banc.ly,hanoi-legal\n,\n");
    let line = format!("{ADD} --bad-rows skip --report out.csv");
    world.run(&line).exit(1).snap("sheet-bad-rows-skipped");
    assert_eq!(world.changing(), 1);
    let report = table(&world.read("out.csv"));
    let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
    let reasons: Vec<_> = report[1..].iter().map(|row| row[reason].as_str()).collect();
    assert_eq!(reasons, ["unreadable-row", "done"], "a row of commas alone is no row");
    // The bad row unchanged, to be corrected.
    assert_eq!(world.run("run failed last").exit(0).table(), [["Email", "Group"], ["no mail", "hanoi-legal"]]);
}

#[test]
fn products_that_there_are_not() {
    let mut world = World::new();
    world.file("in.csv", "emailAddress,products\na@banc.ly,jira-hardware\nb@banc.ly,jira-softwear;jira-core\n");
    insta::assert_snapshot!(world.run("user create in.csv --yes").exit(2).transcript(), @r"
    $ headcount user create in.csv --yes
    ─── stderr
    Unreadable rows: 2 rows of in.csv cannot be read
      line 2, column `products`: “jira-hardware” is not a product; did you mean `jira-core`?
      line 3, column `products`: “jira-softwear” is not a product; did you mean `jira-software`?
    error: 2 rows of in.csv cannot be read; nothing was sent
    hint: correct them, or continue without them: --bad-rows skip
    ─── exit 2
    ");
    world.nothing_sent();
}

#[test]
fn files_that_are_none() {
    refused("", "sheet-empty");
    refused(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "sheet-pdf");
    refused("Email,Group\n\"jfloat@banc.ly,hanoi-legal\n", "sheet-open-quote");
    let mut world = World::new();
    world.file("in.csv", "Email,Group\n");
    world.run(ADD).exit(0).snap("sheet-headings-alone");
    insta::assert_snapshot!(world.run("member add nowhere.csv --yes").exit(2).transcript(), @r"
    $ headcount member add nowhere.csv --yes
    ─── stderr
    error: nowhere.csv: there is no such file; check the name and the folder
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("member add samples --yes").exit(2).transcript(), @r"
    $ headcount member add samples --yes
    ─── stderr
    error: samples is a folder; name the CSV or XLSX file in it
    ─── exit 2
    ");
    world.nothing_sent();
}

/// A line without an end is refused once it is longer than any row; the rest is not read.
#[test]
fn a_line_without_end() {
    refused(format!("Email,Group\n{}", "x".repeat(3 << 20)), "sheet-long-line");
}

#[test]
fn workbooks() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, mail) in [("July", "jfloat@banc.ly"), ("August 2026", "vdillow@banc.ly")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        sheet.write_row(0, 0, ["Email", "Group"]).expect("cells are written");
        sheet.write_row(1, 0, [mail, "hanoi-legal"]).expect("cells are written");
    }
    world.file("in.xlsx", book.save_to_buffer().expect("a workbook is written"));
    insta::assert_snapshot!(world.run("member add in.xlsx --yes").exit(2).transcript(), @r"
    $ headcount member add in.xlsx --yes
    ─── stderr
    error: in.xlsx has 2 sheets: `July`, `August 2026`; choose one with --sheet: --sheet July, or --sheet 'August 2026'
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("member add in.xlsx --yes --sheet June").exit(2).transcript(), @r"
    $ headcount member add in.xlsx --yes --sheet June
    ─── stderr
    error: in.xlsx has no sheet `June`; it has `July`, `August 2026`
    ─── exit 2
    ");
    world.nothing_sent();
    world.run("member add in.xlsx --yes --sheet \"August 2026\"").exit(0);
    assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"));
    assert!(!world.is_member("jfloat@banc.ly", "hanoi-legal"));
    insta::assert_snapshot!(world.run("member add samples/member-add.csv --yes --sheet July").exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes --sheet July
    ─── stderr
    error: samples/member-add.csv is a text file and has no sheets; leave --sheet out, or name the XLSX file
    ─── exit 2
    ");
    world.file("in.xlsx", b"PK\x03\x04 cut off");
    insta::assert_snapshot!(world.run("member add in.xlsx --yes").exit(2).transcript(), @r"
    $ headcount member add in.xlsx --yes
    ─── stderr
    error: in.xlsx cannot be read as an XLSX workbook; open it in a spreadsheet program and save it again as .xlsx or as CSV UTF-8
      because: invalid Zip archive: Could not find EOCD
    ─── exit 2
    ");
}

/// Ids that a spreadsheet has turned into numbers.
#[test]
fn ids_that_became_numbers() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["User id", "note"]).expect("cells are written");
    sheet.write_number(1, 0, 5.12e23).expect("a cell is written");
    sheet.write_string(2, 0, "5.12E+15").expect("a cell is written");
    sheet.write_string(3, 0, "3c5e0172a629xxx061259ed9").expect("a cell is written");
    world.file("in.xlsx", book.save_to_buffer().expect("a workbook is written"));
    insta::assert_snapshot!(world.run("user deactivate in.xlsx --yes --max-changes 3").exit(2).transcript(), @r"
    $ headcount user deactivate in.xlsx --yes --max-changes 3
    ─── stderr
    Unreadable rows: 2 rows of in.xlsx cannot be read
      line 2, column `User id`: “5.12E+23”: a spreadsheet turned the account id into a number and rounded it; take the id from the export again, with the column formatted as text before it is pasted
      line 3, column `User id`: “5.12E+15”: a spreadsheet turned the account id into a number and rounded it; take the id from the export again, with the column formatted as text before it is pasted
    error: 2 rows of in.xlsx cannot be read; nothing was sent
    hint: correct them, or continue without them: --bad-rows skip
    ─── exit 2
    ");
    world.nothing_sent();
    // Text that looks like a number is text.
    world.file("in.csv", "accountId\n00712\n5e123\n");
    world.run("user deactivate in.csv --yes --max-changes 3").exit(1).snap("ids-text");
    world.nothing_sent();
}

#[test]
fn standard_input() {
    let world = World::new();
    let input = "Email,Group\njfloat@banc.ly,hanoi-legal\n";
    let output = world.command("member add - --yes --report -").input(input).run().exit(0);
    output.snap("standard-input");
    insta::assert_snapshot!(world.command("member add - --yes").input("").run().exit(2).transcript(), @r"
    $ headcount member add - --yes
    ─── stderr
    error: standard input is empty; its first line must hold the headings, such as `Email,Group`
    ─── exit 2
    ");
}

/// Each export replaces only its own lookup.
#[test]
fn one_export_alone() {
    for export in ["--users samples/users.csv", "--groups samples/groups.csv"] {
        let world = World::new();
        let job = format!("--json member add samples/member-add.csv --yes {export}");
        let events = world.run(&job).exit(0).events();
        assert_eq!(events.count("changed"), 3, "{export}");
    }
}

/// An export that does not contain every address does not show that a user does not exist.
#[test]
fn an_export_with_an_address_left_out() {
    let mut world = World::new();
    world.file(
        "users.csv",
        "User id,User name,email,User status\n\
         6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly,Active\n\
         5d3cc15b9fa1xxx1a96e2a1d,Somebody Else,,Active\n",
    );
    world.file("leavers.csv", "email\njfloat@banc.ly\nelse@banc.ly\n");
    let job = "user deactivate leavers.csv --plan --users users.csv --report out.csv";
    world.run(job).exit(0);
    let report = world.run("run report last").exit(0).stdout;
    assert!(report.contains("headcount cannot see hidden addresses"), "{report}");
}
