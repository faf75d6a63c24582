//! Columns that say for each row whether to change it. Nothing is planned until the user decides, and following a
//! hint never changes a row with a no, unless the hint says so.

use rust_xlsxwriter::Workbook;

use crate::harness::World;

const MAILS: [&str; 3] = ["vdillow@banc.ly", "ftoten2@banc.ly", "amelmeth@banc.ly"];

fn sheet(heading: &str, cells: [&str; 3]) -> String {
    let rows = MAILS.iter().zip(cells).map(|(mail, cell)| format!("{mail};hanoi-legal;{cell}\n"));
    format!("Email;Group;{heading}\n{}", rows.collect::<String>())
}

/// The columns whose answers select rows, and the job whose verb is in a heading.
#[test]
fn a_yes_or_no_for_each_row_is_decided_before_anything_is_planned() {
    for (job, heading, cells, may_choose) in [
        ("member remove", "Delete?", ["yes", "no", ""], true),
        ("member remove", "Remove?", ["x", "", ""], true),
        ("member remove", "To be removed", ["Y", "N", "N"], true),
        ("member remove", "Löschen?", ["ja", "nein", ""], true),
        ("member remove", "Zu entfernen (ja/nein)", ["Ja", "Nein", "nein"], true),
        ("member remove", "À supprimer", ["oui", "non", ""], true),
        ("member remove", "¿Eliminar?", ["sí", "no", "no"], true),
        ("member remove", "削除対象", ["はい", "いいえ", ""], true),
        ("member add", "Approved?", ["TRUE", "FALSE", ""], true),
        ("member add", "Approved", ["Approved", "Rejected", "Pending"], true),
        ("member add", "Approved by manager", ["✓", "", "-"], true),
        ("member add", "Confirmed", ["1", "0", "0"], true),
        ("member add", "Genehmigt", ["wahr", "falsch", ""], true),
        ("member add", "Validé", ["oui", "non", ""], true),
        ("member add", "Zatwierdzone", ["tak", "nie", ""], true),
        ("member add", "承認", ["○", "×", "×"], true),
        ("member add", "Action", ["yes", "no", "no"], true),
        // The verb of another job, or a heading whose yes forbids the change.
        ("member add", "Remove?", ["no", "yes", ""], false),
        ("member remove", "Keep?", ["no", "yes", ""], false),
        ("member remove", "Do not delete", ["", "x", ""], false),
        ("member remove", "Exclude", ["", "x", "x"], false),
        ("member remove", "Skip", ["no", "yes", "yes"], false),
        ("member remove", "No eliminar", ["no", "sí", "sí"], false),
        ("member remove", "Behalten?", ["nein", "ja", ""], false),
        ("member remove", "Deletion", ["yes", "no", ""], false),
        ("member remove", "Leaving", ["yes", "no", ""], true),
        ("member add", "Leaver?", ["no", "yes", ""], false),
    ] {
        let mut world = World::new();
        world.file("in.csv", sheet(heading, cells));
        let line = format!("{job} in.csv --plan");
        let output = world.run(&line).exit(2).says(&format!("`{heading}`")).says("on line 3");
        world.nothing_sent();
        let told = output.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let chooses = told.find("change only those rows: --map action=");
        assert_eq!(chooses.is_some(), may_choose, "{heading}: {told}");
        let all = told.find("change every row, also those with a no: --map -=").expect(&told);
        assert_eq!(told.matches("--map").count(), 1 + usize::from(may_choose), "{told}");
        assert!(chooses.is_none_or(|chooses| chooses < all), "{told}");
        let map = format!("{line} --map \"action={heading}\"");
        if may_choose {
            world.run(&map).exit(0).says(MAILS[0]).says("2 skipped: not-asked");
            world.nothing_sent();
            let shown = world.run("run report last").exit(0).stdout;
            assert_eq!(shown.matches("not-asked").count(), 2, "{shown}");
        } else {
            world.run(&map).exit(2);
        }
        world.run(&format!("{line} --map \"-={heading}\"")).exit(0).says("rows       3: ");
    }
}

#[test]
fn only_the_rows_with_a_yes_are_sent() {
    let mut world = World::new();
    world.file("in.csv", sheet("Approved?", ["yes", "no", ""]));
    world.run("member add in.csv --yes --map action=Approved? --report out.csv").exit(0);
    assert!(world.is_member(MAILS[0], "hanoi-legal"));
    assert!(!world.is_member(MAILS[1], "hanoi-legal") && !world.is_member(MAILS[2], "hanoi-legal"));
    assert_eq!(world.changing(), 1);
    assert!(world.read("out.csv").contains("`Approved?` says “no” in this row"));
    // A row with a no is not a row to correct.
    assert_eq!(world.run("run failed last").exit(0).stdout.lines().count(), 1);
}

/// An unclear answer is not guessed.
#[test]
fn an_unclear_answer_is_no_yes() {
    for (heading, cells, words) in [
        // In a column of ticks, `x` may mean a no.
        ("Approved", ["✓", "x", "✓"], "it is not clear whether “x”"),
        ("Approved", ["yes", "yes, in May", "no"], "it is not clear whether “yes, in May”"),
        ("Approved", ["yes", "ask Ann", "no"], "it is not clear whether “ask Ann”"),
    ] {
        let mut world = World::new();
        world.file("in.csv", sheet(heading, cells));
        world.run("member add in.csv --yes").exit(2).says(heading);
        let line = format!("member add in.csv --yes --map action={heading}");
        world.run(&line).exit(2).says("line 3").says(words);
        world.nothing_sent();
    }
}

/// The answers begin below the rows that are checked first.
#[test]
fn late_answers_are_not_passed_over() {
    let rows = |cell: &str, last: &str| {
        let ones = (0..40).map(|at| format!("u{at}@banc.ly;{cell}\n")).collect::<String>();
        format!("Email;Approved\n{ones}x@banc.ly;{last}\n")
    };
    for (cell, last, wanted) in [
        ("", "x", "on line 2"),
        ("2026-11-02", "no", "line 42"),
        ("yes", "no", "line 42"),
        ("yes", "", "line 42"),
    ] {
        let mut world = World::new();
        world.file("in.csv", rows(cell, last));
        world.run("user deactivate in.csv --yes --max-changes 50").exit(2).says(wanted);
        world.nothing_sent();
    }
}

/// With two such columns, no option is safe, because none of them may be ignored.
#[test]
fn two_columns_of_answers_are_never_left_out_together() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email;Group;Approved?;Remove?\nvdillow@banc.ly;hanoi-legal;no;yes\nftoten2@banc.ly;hanoi-legal;yes;no\n",
    );
    let output = world.run("member remove in.csv --plan").exit(2).says("`Approved?`");
    assert!(!output.stderr.contains("--map"), "{}", output.stderr);
    for map in ["action=Approved?", "action=Remove?", "-=Approved?"] {
        world.run(&format!("member remove in.csv --plan --map {map}")).exit(2);
    }
    world.nothing_sent();
}

/// Columns about something else are ignored.
#[test]
fn answers_about_something_else_are_carried() {
    for (heading, cells) in [
        ("Email confirmed", ["TRUE", "FALSE", ""]),
        ("MFA enabled", ["yes", "no", "no"]),
        ("Contractor", ["yes", "no", ""]),
        ("Suspended", ["FALSE", "FALSE", "FALSE"]),
        ("Approved", ["J. Smith", "2026-11-02", "ticket 12"]),
        ("Approved on", ["2026-11-02", "", "2026-11-03"]),
        ("Phone confirmed?", ["yes", "no", ""]),
        // Nothing to ask.
        ("Approved", ["yes", "Yes", "OK"]),
    ] {
        let mut world = World::new();
        world.file("in.csv", sheet(heading, cells));
        world.run("member add in.csv --plan").exit(0).says("3 to send");
    }
}

#[test]
fn ticks_of_a_workbook_are_answers() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Email", "Group", "Approved?"]).expect("headings are written");
    for (at, (mail, tick)) in (1..).zip(MAILS.iter().zip([true, false, false])) {
        sheet.write_row(at, 0, [*mail, "hanoi-legal"]).expect("cells are written");
        sheet.write_boolean(at, 2, tick).expect("a tick is written");
    }
    let bytes = book.save_to_buffer().expect("a workbook is written");
    let mut world = World::new();
    world.file("in.xlsx", &bytes);
    world.run("member add in.xlsx --yes").exit(2).says("“FALSE” on line 3");
    world.run("member add in.xlsx --yes --map action=Approved?").exit(0);
    assert_eq!(world.changing(), 1);
}
