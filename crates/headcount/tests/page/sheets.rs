//! Sheets: dropped, pasted, mapped, bad.

use serde_json::json;

use crate::harness::World;
use crate::page::Page;

#[test]
fn a_file_is_dropped() {
    let page = Page::open(World::new());
    page.job("add");
    page.browser.script(
        "const data = new DataTransfer();
         data.items.add(new File([arguments[0]], 'dropped.csv', { type: 'text/csv' }));
         document.querySelector('[data-drop]').dispatchEvent(
             new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        &[json!("Email;Group\nvdillow@banc.ly;oslo-engineering\n")],
    );
    page.browser.says("What was understood");
    page.browser.says("dropped.csv");
    page.browser.says("1 row");
}

#[test]
fn bad_cells_are_marked_in_their_place() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\nbroken\toslo-engineering\n<script>alert(1)</script>@banc.ly\tx\n");
    page.browser.says("cannot be read");
    let marked = page.browser.script(
        "return [...document.querySelectorAll('td.bad')].map((cell) => cell.querySelector('input.cell')?.value ?? cell.innerText)",
        &[],
    );
    assert_eq!(marked[0], "broken");
    assert!(!page.browser.html().contains("<script>alert"), "a cell became a script");
    page.look("bad-cells");
    // Without the tick nothing is planned; with it, the others are.
    page.browser.click("input[name=skip_bad]");
    page.plan();
    page.browser.says("bad-row");
}

/// Bad cells are corrected where they stand; the file that was brought stays as it came, and the run
/// says which rows were corrected.
#[test]
fn bad_cells_are_corrected_in_their_place() {
    let page = Page::open(World::new());
    page.job("add");
    // Headed as people head them, by no name of Atlassian's.
    page.paste("Mail\tTeam\nvdillow@banc.ly\toslo-engineering\nftoten2@banc\thanoi-legal\n");
    page.browser.says("1 row cannot be read");
    page.browser.click("input.cell");
    page.browser.script("document.querySelector('input.cell').value = ''", &[]);
    page.browser.write("input.cell", "ftoten2@banc.ly");
    page.look("correct-cells");
    page.browser.press("Read it with these corrections");
    page.browser.says("1 cell corrected here");
    assert!(!page.browser.text().contains("cannot be read"));
    let folder = page.world.journal();
    let folder = folder.parent().expect("a folder");
    let files = std::fs::read_dir(folder).expect("the folder of the journal").flatten();
    let desks = files.filter(|entry| entry.path().is_dir());
    let sheets = desks.flat_map(|desk| std::fs::read_dir(desk.path()).expect("a desk").flatten());
    let texts: String =
        sheets.map(|sheet| std::fs::read_to_string(sheet.path()).unwrap_or_default()).collect();
    assert!(texts.contains("ftoten2@banc\t") && !texts.contains("ftoten2@banc.ly"), "{texts}");
    // The way back, and there again.
    page.browser.press("Undo the corrections");
    page.browser.says("1 row cannot be read");
    page.browser.script("document.querySelector('input.cell').value = 'ftoten2@banc.ly'", &[]);
    page.browser.press("Read it with these corrections");
    page.browser.says("1 cell corrected here");
    page.plan();
    page.browser.says("Corrected on the page");
    page.browser.says("add ftoten2@banc.ly to hanoi-legal");
    page.world.nothing_sent();
}

/// Everything that is missing is told at once, with the first rows beside the choice; what is kept secret
/// stays so.
#[test]
fn all_missing_columns_are_told_with_the_first_rows() {
    let mut world = World::new();
    world.secret("correct-horse-battery");
    world.file(
        "who.csv",
        "Who,Where,Password\nvdillow@banc.ly,oslo-engineering,correct-horse-battery\n",
    );
    let page = Page::open(world);
    page.job("add");
    page.choose("who.csv");
    page.browser.says("no column tells who is meant, and none tells the group");
    page.browser.says("vdillow@banc.ly");
    page.look("missing-columns");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.says("no column tells the group");
    page.browser.click("select[name=column1] option[value=group]");
    page.browser.says("1 row");
    page.plan();
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
}

#[test]
fn a_column_is_mapped_by_hand_and_another_left_out() {
    let page = Page::open(World::new());
    page.job("create");
    page.paste("Work address\tdisplayName\tgroups\nnew1@banc.ly\tNew One\tsome-group\n");
    page.browser.says("no column tells the person's e-mail address");
    page.look("missing-column");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.says("1 row");
    page.browser.click("select[name=column2] option[value='-']");
    page.browser.says("1 row");
    page.plan();
    page.browser.says("create new1@banc.ly");
}

#[test]
fn a_workbook_with_several_sheets_asks_which() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, mail) in [("First", "vdillow@banc.ly"), ("Second", "ftoten2@banc.ly")] {
        let sheet = book.add_worksheet().set_name(name).expect("a sheet");
        for (at, text) in ["Email", "Group"].iter().enumerate() {
            sheet.write(0, at as u16, *text).expect("a cell");
        }
        sheet.write(1, 0, mail).expect("a cell");
        sheet.write(1, 1, "oslo-engineering").expect("a cell");
    }
    world.file("two.xlsx", book.save_to_buffer().expect("a workbook"));
    let page = Page::open(world);
    page.job("add");
    page.choose("two.xlsx");
    page.browser.says("has several sheets");
    page.browser.click("#sheet option[value=Second]");
    page.browser.press("Look at it");
    page.browser.says("ftoten2@banc.ly");
    page.plan();
    page.browser.says("add ftoten2@banc.ly to oslo-engineering");
}

#[test]
fn files_that_are_no_sheets_are_told_as_what_they_are() {
    let mut world = World::new();
    world.file("page.csv", "<!doctype html><html><body>Sign in</body></html>");
    world.file("picture.xlsx", [0x89, b'P', b'N', b'G', 0, 0, 1, 2, 3, 0, 0]);
    world.file("empty.csv", "");
    let page = Page::open(world);
    page.job("add");
    page.choose("page.csv");
    page.browser.says("is a web page or XML, not a CSV or XLSX file");
    page.look("bad-file");
    page.job("add");
    page.choose("picture.xlsx");
    page.browser.says("is binary data");
    page.job("add");
    page.browser.write("#file", &page.world.path("empty.csv").display().to_string());
    page.browser.says("there is no sheet");
    page.world.nothing_sent();
}

/// A password in a sheet is never shown, and what is brought leaves nothing behind.
#[test]
fn passwords_are_not_shown_and_sheets_are_deleted() {
    let mut world = World::new();
    world.secret("correct-horse-battery");
    world.file("people.csv", "emailAddress,password\nnew1@banc.ly,correct-horse-battery\n");
    let page = Page::open(world);
    page.job("create");
    page.choose("people.csv");
    page.browser.says("kept out: never shown or sent");
    page.look("password");
    page.plan();
    // The sheet itself is gone from the desk: no file holds the password.
    page.world.check_files();
    page.job("create");
    page.paste("emailAddress\nnew2@banc.ly\n");
    page.browser.press("Throw this sheet away");
    page.browser.says("What do you want to do?");
    let left = || {
        let folder = page.world.journal();
        let folder = folder.parent().expect("a folder");
        let sheets = std::fs::read_dir(folder).expect("the folder of the journal");
        let desks = sheets.flatten().filter(|entry| entry.path().is_dir());
        desks.flat_map(|desk| std::fs::read_dir(desk.path()).expect("a desk").flatten()).count()
    };
    // Only its lock is left.
    assert_eq!(left(), 1);
}
