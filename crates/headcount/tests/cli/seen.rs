//! A spreadsheet is read as users see it: hidden, unclear or swallowed parts are named, and nothing of them is
//! sent. What can have only one meaning is accepted.

use rust_xlsxwriter::{Workbook, Worksheet};

use crate::harness::World;

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook is written")
}

/// Four users to add to a group, in rows 2 to 5.
fn four(sheet: &mut Worksheet) {
    let people = ["jfloat@banc.ly", "vdillow@banc.ly", "ftoten2@banc.ly", "amelmeth@banc.ly"];
    sheet.write_row(0, 0, ["Email", "Group"]).expect("cells are written");
    for (at, mail) in (1..).zip(people) {
        sheet.write_row(at, 0, [mail, "hanoi-legal"]).expect("cells are written");
    }
}

#[test]
fn hidden_rows_are_named_and_decided() {
    let hidden = workbook(|sheet| {
        four(sheet);
        sheet.set_row_hidden(2).and_then(|sheet| sheet.set_row_hidden(3)).expect("rows are hidden");
    });
    let mut world = World::new();
    world.file("in.xlsx", &hidden);
    for choice in ["", " --hidden-rows stop"] {
        world
            .run(&format!("member add in.xlsx --yes{choice}"))
            .exit(2)
            .says("rows 3 to 4 are hidden")
            .says("--hidden-rows skip");
    }
    world.nothing_sent();
    world.run("member add in.xlsx --yes --hidden-rows skip").exit(0).says("2 hidden rows (rows 3-4)");
    assert!(world.is_member("amelmeth@banc.ly", "hanoi-legal"));
    assert!(!world.is_member("vdillow@banc.ly", "hanoi-legal"));
    world.run("member add in.xlsx --yes --hidden-rows include").exit(0).says("hidden rows used");
    assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"));
}

/// Each of these is named, and nothing is sent.
#[test]
fn what_is_not_seen_or_unclear_is_named() {
    let formula = workbook(|sheet| {
        four(sheet);
        sheet.write_formula(1, 1, "=UPPER(A2)").expect("a formula is written");
    });
    let column = workbook(|sheet| {
        four(sheet);
        sheet.set_column_hidden(1).expect("a column is hidden");
    });
    let title = workbook(|sheet| {
        sheet.write(0, 0, "Leavers").expect("a cell is written");
        sheet.write_row(2, 0, ["Name", "E-Mail", "Group"]).expect("cells are written");
        sheet.write_row(3, 0, ["J", "jfloat@banc.ly", "hanoi-legal"]).expect("cells are written");
    });
    let quote = "Email,Group,Note\njfloat@banc.ly,hanoi-legal,\"urgent\nvdillow@banc.ly,hanoi-legal,\"x\"\n";
    for (name, bytes, words) in [
        ("in.xlsx", formula, "a formula whose result is not in the file (cell B2)"),
        ("in.xlsx", column, "the column `Group` (B) is hidden"),
        ("in.xlsx", title, "line 3 has `E-Mail`"),
        ("in.csv", quote.into(), "a quote (\") that opens on line 2 closes on line 3"),
        ("in.csv", b"Email,Group\nj\x9frgen@banc.ly,x\n".to_vec(), "Mac Roman"),
        ("in.csv", "Email,Group\njfloat@banc.ly,GroÃŸ\n".into(), "“Groß”"),
        ("in.csv", "Email,Group\njfloat@banc.ly,Gro√üe\n".into(), "“Große”"),
        ("in.csv", "Email,Group\nj?rgen@banc.ly,x\n".into(), "a letter was lost"),
        ("in.csv", "Email,Group\njfloat@banc.ly,Gr??e\n".into(), "a letter was lost"),
        ("in.csv", "Email,Group\njŸrgen@banc.ly,x\n".into(), "“jürgen"),
        ("in.csv", b"Email,Group\nj\x81rgen@banc.ly,x\n".to_vec(), "code page 850"),
        ("in.csv", b"Email,Group\nay\xfee@banc.ly,x\n".to_vec(), "“ayşe”"),
        ("in.csv", b"Email,Group,Note\nx@banc.ly,x,Y\xfdlmaz\n".to_vec(), "windows-1254"),
    ] {
        let mut world = World::new();
        world.file(name, bytes);
        world.run(&format!("member add {name} --yes")).exit(2).says(words);
        world.nothing_sent();
    }
}

/// A swallowed line counts as a row of its own if the job continues without it.
#[test]
fn no_row_vanishes_with_bad_rows_skip() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email,Group,Note\njfloat@banc.ly,hanoi-legal,\"urgent\nvdillow@banc.ly,hanoi-legal,none\n\
         ftoten2@banc.ly,hanoi-legal,\"see ticket\"\namelmeth@banc.ly,hanoi-legal,ok\n,,\n",
    );
    let line = "member add in.csv --yes --bad-rows skip --report out.csv";
    world.run(line).exit(1).says("3 rows of in.csv cannot be read");
    assert_eq!(world.changing(), 1);
    assert_eq!(world.read("out.csv").lines().count(), 5);
    let again = world.run("run failed last").exit(0).table();
    assert_eq!(again.len(), 4);
    assert_eq!(again[2], ["vdillow@banc.ly", "hanoi-legal", "none"]);
}

/// Rows that are shorter or empty, and lines of other programs, are no problem.
#[test]
fn what_can_mean_only_one_thing_is_taken() {
    for text in [
        "Email,Group,Note\njfloat@banc.ly,hanoi-legal\nvdillow@banc.ly,hanoi-legal,x\n",
        "Email,Group\njfloat@banc.ly,hanoi-legal\n,\n \u{a0},\nvdillow@banc.ly,hanoi-legal\n,\n",
        "#TYPE X\n\"Email\",\"Group\"\n\"jfloat@banc.ly\",\"hanoi-legal\"\n\"vdillow@banc.ly\",\"hanoi-legal\"\n",
        "\"sep=;\",,\nEmail;Group\njfloat@banc.ly;hanoi-legal\nvdillow@banc.ly;hanoi-legal\n",
        "Email|Group\njfloat@banc.ly|hanoi-legal\nvdillow@banc.ly|hanoi-legal\n",
        "\"Email;Group\"\n\"jfloat@banc.ly;hanoi-legal\"\n\"vdillow@banc.ly;hanoi-legal\"\n",
    ] {
        let mut world = World::new();
        world.file("in.csv", text);
        world.run("member add in.csv --yes").exit(0);
        assert!(world.is_member("jfloat@banc.ly", "hanoi-legal"), "{text}");
        assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"), "{text}");
        assert_eq!(world.changing(), 2, "{text}");
    }
}

/// Reports and rows to correct open in the program that wrote the input.
#[test]
fn what_is_written_is_written_as_the_input_was() {
    let mut world = World::new();
    world.file("in.csv", "\u{feff}Email;Group\njfloat@banc.ly;hanoi-legal\nnot-there@banc.ly;hanoi-legal\n");
    world.run("member add in.csv --yes --report out.csv").exit(1);
    assert!(world.read("out.csv").starts_with("\u{feff}Email;Group;row;"));
    world.run("run failed last -o failed.csv").exit(0);
    assert_eq!(world.read("failed.csv"), "\u{feff}Email;Group\r\nnot-there@banc.ly;hanoi-legal\r\n");
    assert!(world.run("run failed last").exit(0).stdout.starts_with("Email;Group"));
    world.file("in.csv", "Email,Group\nnot-there@banc.ly,hanoi-legal\n");
    world.run("member add in.csv --yes --report out.csv --for excel").exit(1);
    assert!(world.read("out.csv").starts_with("\u{feff}Email,Group,row,"));
    world.run("run report last -o plain.csv").exit(0);
    assert!(world.read("plain.csv").starts_with("Email,Group,row,"));
}

/// The plan and its event say how the file was read.
#[test]
fn the_plan_says_what_was_read_as_what() {
    let mut world = World::new();
    world.file("in.csv", "Title\n\nE-Mail;Group;Dept\njfloat@banc.ly;hanoi-legal;x\n;;\nvdillow@banc.ly;hanoi-legal\n");
    let events = world.run("--json member add in.csv --plan --heading 3").exit(0).events();
    let planned = &events.0[0];
    assert_eq!(planned["event"], "planned");
    assert_eq!(
        planned["read"],
        serde_json::json!({
            "format": "csv", "separator": ";", "encoding": "UTF-8", "heading_line": 3,
            "columns": { "email": "E-Mail", "group": "Group" }, "carried": ["Dept"],
            "left_out": [
                { "rows": 1, "lines": "1", "why": "above-headings" },
                { "rows": 1, "lines": "5", "why": "empty" },
            ],
        })
    );
    let shown = world.run("run show last").exit(0);
    for words in ["CSV with `;`, UTF-8, headings on line 3", "email: `E-Mail`", "1 empty row (line 5)"] {
        assert!(shown.stdout.contains(words), "{}", shown.stdout);
    }
}

/// With any separator, byte order mark and program.
#[test]
fn what_is_written_has_the_separator_and_the_mark_of_the_input() {
    let utf16: Vec<u8> = "\u{feff}Email\tGroup\r\nnot-there@banc.ly\thanoi-legal\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let workbook = workbook(|sheet| {
        sheet.write_row(0, 0, ["Email", "Group"]).expect("cells are written");
        sheet.write_row(1, 0, ["not-there@banc.ly", "hanoi-legal"]).expect("cells are written");
    });
    let text = |begin: &str, separator: char, end: &str| {
        format!("{begin}Email{separator}Group{end}not-there@banc.ly{separator}hanoi-legal{end}").into_bytes()
    };
    for (name, bytes, separator, mark) in [
        ("in.csv", text("", ',', "\n"), ',', ""),
        ("in.csv", text("\u{feff}", ',', "\r\n"), ',', "\u{feff}"),
        ("in.csv", text("\u{feff}", ';', "\r\n"), ';', "\u{feff}"),
        ("in.csv", text("", ';', "\n"), ';', ""),
        ("in.tsv", text("", '\t', "\n"), '\t', ""),
        ("in.csv", text("", '|', "\n"), '|', ""),
        ("in.csv", text("sep=;\r\n", ';', "\r\n"), ';', ""),
        ("in.txt", utf16, '\t', "\u{feff}"),
        ("in.xlsx", workbook, ',', ""),
    ] {
        let mut world = World::new();
        world.file(name, bytes);
        world.run(&format!("member add {name} --yes --report out.csv")).exit(1);
        let begin = format!("{mark}Email{separator}Group{separator}row{separator}");
        let report = world.read("out.csv");
        assert!(report.starts_with(&begin), "{name}: {report}");
        world.run("run failed last -o failed.csv").exit(0);
        let failed = format!("{mark}Email{separator}Group\r\nnot-there@banc.ly{separator}hanoi-legal\r\n");
        assert_eq!(world.read("failed.csv"), failed, "{name}");
    }
}

/// A group that no user named is not created.
#[test]
fn what_is_no_name_makes_no_group() {
    for none in ["-", "n/a", "(blank)", "Grand Total", "TRUE", "1E+15"] {
        let mut world = World::new();
        world.file("in.csv", format!("Name;Note\nteam-one;x\n{none};y\n"));
        world.run("group create in.csv --yes").exit(2).says("seems to be no name of a group");
        world.nothing_sent();
        world.run("group create in.csv --yes --bad-rows skip").exit(1);
        assert_eq!(world.changing(), 1, "{none}");
    }
}

/// Rows whose cells may not be stored are named and not lost.
#[test]
fn rows_that_cannot_be_exported_are_named() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email,Password,groups\nnew9@banc.ly,abc,nogroup\nnew10@banc.ly,Win,ter-2031!,hanoi-legal\n",
    );
    world.run("user create in.csv --yes --bad-rows skip").exit(1);
    let output = world.run("run failed last").exit(0).says("2 rows to correct or try again");
    assert_eq!(output.table().len(), 2);
    let told = output.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("1 row is not in the export"), "{told}");
    assert!(told.contains("line 3 of in.csv"), "{told}");
    assert!(!output.stdout.contains("ter-2031"));
}

/// The message about a heading that names another job leads to a command that works.
#[test]
fn answers_below_a_heading_of_another_job_lead_to_a_heading_that_works() {
    for (job, heading, better) in [
        ("user remove", "Delete?", "Remove?"),
        ("user deactivate", "Delete?", "Deactivate?"),
        ("user suspend", "Remove?", "Suspend?"),
        ("member add", "Invite to Jira?", "Add?"),
        ("member remove", "Deactivate?", "Remove?"),
    ] {
        let mut world = World::new();
        let text = format!("Email,Group,{heading}\nvdillow@banc.ly,hanoi-legal,yes\nftoten2@banc.ly,hanoi-legal,no\n");
        world.file("in.csv", &text);
        let told = world.run(&format!("{job} in.csv --plan")).exit(2);
        if told.stderr.contains("--map action=") {
            continue;
        }
        let told = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&format!("rename the column to `{better}`")), "{job}: {told}");
        world.file("in.csv", text.replace(heading, better));
        world.run(&format!("{job} in.csv --plan")).exit(2).says("--map action=");
        world.run(&format!("{job} in.csv --plan --map action={better}")).exit(0).says("not-asked");
        world.nothing_sent();
    }
}
