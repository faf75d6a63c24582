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
    page.browser.says("How the spreadsheet was read");
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
    // Without the tick nothing is planned, and the page says so; with it, the other rows are.
    page.browser.press("Make the plan");
    page.browser.says("There is no plan yet");
    page.look("still-bad");
    page.browser.click("input[name=skip_bad]");
    // A value that was just typed and is still bad is shown first.
    type_into(&page, "input.cell", "still broken");
    page.browser.press("Make the plan");
    page.browser.says("“still broken” is not an email address");
    page.browser.says("There is no plan yet");
    page.plan();
    page.browser.says("unreadable-row");
}

/// Replaces the value of a field.
pub fn type_into(page: &Page, css: &str, text: &str) {
    page.browser.script("document.querySelector(arguments[0]).value = ''", &[json!(css)]);
    page.browser.write(css, text);
}

/// Whether each field of a kind is ticked.
fn ticks(page: &Page, name: &str) -> serde_json::Value {
    page.browser.script(
        "return [...document.getElementsByName(arguments[0])].map((box) => box.checked)",
        &[json!(name)],
    )
}

/// Bad cells are corrected on the page. The uploaded file stays unchanged, and the run says which rows were
/// corrected.
#[test]
fn bad_cells_are_corrected_in_their_place() {
    let page = Page::open(World::new());
    page.job("add");
    // With headings as users write them, none of them Atlassian's.
    page.paste("Mail\tTeam\nvdillow@banc.ly\toslo-engineering\nftoten2@banc\thanoi-legal\n");
    page.browser.says("1 row cannot be read");
    type_into(&page, "input.cell", "ftoten2@banc.ly");
    page.look("correct-cells");
    page.browser.press("Read it with these corrections");
    page.browser.says("1 cell corrected here");
    page.browser.lacks("cannot be read");
    // Back, and forward again: another choice and the plan's button keep what was typed.
    page.browser.press("Undo the corrections");
    page.browser.says("1 row cannot be read");
    type_into(&page, "input.cell", "ftoten@banc");
    page.browser.click("select[name=column1] option[value=groupName]");
    page.browser.says("“ftoten@banc” is not an email address");
    type_into(&page, "input.cell", "ftoten2@banc.ly");
    page.plan();
    page.browser.says("Corrected on the page");
    page.browser.says("add ftoten2@banc.ly to hanoi-legal");
    page.world.nothing_sent();
}

/// A wrong user is worse than none: the most similar user of those in the sheet is never suggested. The page says
/// which users are meant. With an export of all users, it suggests the similar user by name.
#[test]
fn a_user_who_was_not_found_is_typed_again_or_chosen_from_all_users() {
    let world = World::new();
    world.run("user export -o users.csv").exit(0);
    let page = Page::open(world);
    page.job("add");
    page.paste(
        "Email\tGroup\nvdilow@banc.ly\toslo-engineering\nvdillard@banc.ly\thanoi-legal\n\
         ftoten2@banc.ly\thanoi-legal\nftoten1@banc.ly\thanoi-legal\n",
    );
    page.plan();
    page.browser.says("Not found");
    page.browser.says("ftoten1@banc.ly");
    // A user who is in the sheet is not suggested.
    page.browser.lacks("Use ftoten2");
    page.browser.lacks("nearest");
    page.browser.write("#instead-0", "vdillow@banc.ly");
    page.look("plan-not-found");
    page.browser.press("Correct and make the plan again");
    page.browser.says("Corrected on the page");
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.browser.press("Change the spreadsheet");
    page.browser.click("#who summary");
    page.give(&["users.csv"]);
    page.plan();
    // A user who is in the sheet is not suggested.
    page.browser.lacks("Use ftoten2");
    page.job("add");
    page.paste("Name\tEmail\tGroup\nVerna D.\tvdilow@banc.ly\toslo-engineering\n");
    page.browser.click("#who summary");
    page.give(&["users.csv"]);
    page.plan();
    page.look("plan-near-person");
    page.browser.says("Use vdillow@banc.ly (Verna Dillow)");
    page.browser.press("Use the suggestion");
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.world.nothing_sent();
}

/// A group's name is mistyped: one button corrects its rows and plans again. The sheet is kept until the plan is
/// sent, and the user can go back to it.
#[test]
fn a_name_that_is_nearly_right_is_corrected_from_the_plan() {
    let world = World::new();
    world.seed(json!({ "groups": [{ "name": "houston-sales" }] }));
    world.clear_log();
    let page = Page::open(world);
    page.job("add");
    page.paste(
        "Email\tGroup\nvdillow@banc.ly\thuston-sales\nftoten2@banc.ly\thouston-sales\n\
         dsnapper@banc.ly\thuston-sales\n",
    );
    page.plan();
    let first = page.run();
    page.browser.says("Use houston-sales");
    // A group of the site can be chosen, too.
    let offered = "return document.querySelector('#groups option[value=houston-sales]') !== null";
    assert_eq!(page.browser.script(offered, &[]), true);
    page.look("plan-near");
    page.browser.click("input[name=use-0]");
    page.browser.press("Correct and make the plan again");
    page.browser.says("rows 1, 3");
    page.browser.says("add dsnapper@banc.ly to houston-sales");
    page.browser.lacks("Not found");
    page.browser.press("Change the spreadsheet");
    page.browser.says("2 cells corrected here");
    page.browser.says("This spreadsheet already has a plan");
    page.plan();
    page.browser.says("add dsnapper@banc.ly to houston-sales");
    let last = page.run();
    // The browser's own back button.
    page.browser.script("history.back()", &[]);
    page.browser.says("2 cells corrected here");
    page.go(&format!("/runs/{first}"));
    page.browser.says("This plan was never applied.");
    page.go(&format!("/runs/{last}"));
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(page.world.is_member("vdillow@banc.ly", "houston-sales"));
    page.go("/");
    page.browser.says("Which job?");
    page.browser.lacks("Your spreadsheets");
    page.world.nothing_twice();
}

/// All names are corrected at once, and one new plan is made.
#[test]
fn all_names_that_were_not_found_are_corrected_in_one_form() {
    let world = World::new();
    world.seed(json!({ "groups": [{ "name": "houston-sales" }] }));
    world.clear_log();
    let page = Page::open(world);
    page.job("add");
    page.paste(
        "Email\tGroup\nvdilow@banc.ly\toslo-engineering\nftoten2@banc.ly\tkairo\n\
         dsnapper@banc.ly\thuston-sales\n",
    );
    page.plan();
    let first = page.run();
    page.browser.says("Not found");
    page.browser.press("Correct and make the plan again");
    page.browser.says("No name was corrected");
    page.go(&format!("/runs/{first}"));
    page.browser.says("Not found");
    let fill = "for (const [written, meant] of Object.entries(arguments[0])) {
            const line = [...document.querySelectorAll('.corrections tbody tr')]
                .find((line) => line.innerText.includes(written));
            line.querySelector('input[type=text]').value = meant;
        }";
    let meant = json!({
        "vdilow@banc.ly": "vdillow@banc.ly", "kairo": "hanoi-legal", "huston-sales": "houston-sales",
    });
    page.browser.script(fill, &[meant]);
    page.browser.press("Correct and make the plan again");
    page.browser.says("rows 1-3");
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.browser.says("add ftoten2@banc.ly to hanoi-legal");
    page.browser.says("add dsnapper@banc.ly to houston-sales");
    page.browser.lacks("Not found");
    page.world.nothing_sent();
}

/// The first line is a row: a tick keeps it, and the choices for the columns stay.
#[test]
fn a_sheet_without_headings_loses_no_row() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("vdillow@banc.ly\toslo-engineering\nftoten2@banc.ly\thanoi-legal\n");
    page.browser.says("the first line looks like a row");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.click("select[name=column1] option[value=group]");
    page.browser.says("the first line is a row, not headings");
    page.look("no-headings");
    page.browser.click("input[name=no_headings]");
    page.browser.says("Column B");
    page.browser.says("2 rows.");
    page.plan();
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.browser.says("add ftoten2@banc.ly to hanoi-legal");
    // The same for a line whose first address is invalid: the user says what the columns are, and the line still
    // does not count as headings.
    page.go("/");
    page.job("add");
    page.paste("ali.example.com\toslo-engineering\nftoten2@banc.ly\thanoi-legal\n");
    page.browser.says("Is the first line a row?");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.click("select[name=column1] option[value=group]");
    page.browser.says("1 row.");
    page.browser.says("Is the first line a row?");
    page.browser.click("input[name=no_headings]");
    page.browser.says("2 rows");
    page.browser.says("“ali.example.com” is not an email address");
}

/// A user who leaves a sheet finds it on the start page, and can discard it there.
#[test]
fn a_sheet_that_was_left_is_on_the_start_page() {
    let page = Page::open(World::new());
    page.browser.lacks("Your spreadsheets");
    page.job("deactivate");
    page.paste("Mail\nvdillow@banc.ly\n");
    page.go("/");
    page.browser.says("Your spreadsheets");
    page.look("sheets-left");
    page.browser.press("pasted cells");
    page.browser.says("How the spreadsheet was read");
    page.plan();
    let plan = page.run();
    page.go("/");
    page.browser.says(&format!("plan {plan}"));
    page.browser.press("Discard");
    page.browser.says("What do you want to do?");
    page.browser.lacks("Your spreadsheets");
    // Its plan is deleted with it.
    page.browser.says("discarded");
}

/// Everything that is missing is reported at once, with the first rows next to the choices. Secret cells stay
/// hidden.
#[test]
fn all_missing_columns_are_reported_with_the_first_rows() {
    let mut world = World::new();
    world.secret("correct-horse-battery");
    world.file(
        "who.csv",
        "Who,Where,Password\nvdillow@banc.ly,oslo-engineering,correct-horse-battery\n",
    );
    let page = Page::open(world);
    page.job("add");
    page.choose("who.csv");
    page.browser
        .says("no column has the user's email address or account id, and none has the group");
    page.browser.says("vdillow@banc.ly");
    page.look("missing-columns");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.says("no column has the group");
    page.browser.click("select[name=column1] option[value=group]");
    page.browser.says("1 row");
    page.plan();
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
}

#[test]
fn a_column_is_mapped_by_hand_and_another_left_out() {
    let page = Page::open(World::new());
    page.job("create");
    page.paste("Work address\tSurname\tgroups\nnew1@banc.ly\tNew One\tsome-group\n");
    page.browser.says("no column has the user's email address");
    page.browser.says("Names are not sent");
    page.look("missing-column");
    // A choice is kept when something else changes, and so is the scroll position.
    page.browser.click("input[name=product][value=jira-software]");
    page.browser.click("input[name=product][value=jira-servicedesk]");
    page.browser.click("input[name=by][value=invite]");
    page.browser.script("scrollTo(0, 150)", &[]);
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.says("1 row");
    assert_eq!(page.browser.script("return scrollY > 0", &[]), true, "the page jumped to its top");
    page.browser.click("select[name=column2] option[value='-']");
    page.browser.says("1 row");
    let products = ticks(&page, "product");
    assert_eq!(products.as_array().expect("boxes").iter().filter(|one| **one == true).count(), 1);
    let service = "return document.querySelector('input[value=jira-servicedesk]').checked";
    assert_eq!(page.browser.script(service, &[]), true);
    assert_eq!(ticks(&page, "by"), json!([false, true]));
    page.browser.click("input[name=by][value=jira]");
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
    page.browser.press("Read it");
    page.browser.says("ftoten2@banc.ly");
    page.plan();
    page.browser.says("add ftoten2@banc.ly to oslo-engineering");
}

#[test]
fn files_that_are_no_spreadsheets_are_named_as_what_they_are() {
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
    page.browser.says("is a picture");
    page.job("add");
    page.browser.write("#file", &page.world.path("empty.csv").display().to_string());
    page.browser.says("empty.csv is empty");
    page.browser.says("Upload your spreadsheet");
    page.look("empty-file");
    page.browser.press("Read it");
    page.browser.says("no spreadsheet was chosen");
    // Names alone are not enough; the page says where addresses can be found.
    page.paste("Name\tTeam\nVerna Dillow\toslo-engineering\n");
    page.browser.says("Names are not enough");
    page.browser.press("The list of users");
    page.browser.says("List of users");
    page.world.nothing_sent();
}

/// Rows that are hidden in the spreadsheet program are shown, and the page asks about them.
#[test]
fn hidden_rows_are_shown_and_asked_about() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["Email", "Group"],
        ["vdillow@banc.ly", "oslo-engineering"],
        ["jfloat@banc.ly", "oslo-engineering"],
    ];
    for (at, cells) in (0..).zip(rows) {
        sheet.write_row(at, 0, cells).expect("cells are written");
    }
    sheet.set_row_hidden(2).expect("a row is hidden");
    world.file("in.xlsx", book.save_to_buffer().expect("a workbook is written"));
    let page = Page::open(world);
    page.job("add");
    page.choose("in.xlsx");
    page.browser.says("1 hidden row");
    page.browser.says("jfloat@banc.ly");
    page.look("hidden-rows");
    page.browser.press("Leave the hidden rows out");
    page.browser.says("Rows that are hidden in the workbook");
    page.browser.says("1 row");
    page.plan();
    page.browser.says("vdillow@banc.ly");
}

/// The user chooses the line of the headings from the first lines.
#[test]
fn the_line_of_the_headings_is_chosen() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste(
        "Leavers, November\nName\tE-Mail\tGroup\nVerna\tvdillow@banc.ly\toslo-engineering\n",
    );
    page.browser.says("The headings are on");
    page.look("heading-line");
    page.browser.script(
        "const list = document.querySelector('#heading');
         list.value = '2';
         list.dispatchEvent(new Event('change', { bubbles: true }));",
        &[],
    );
    page.browser.says("1 row");
    page.plan();
    page.browser.says("vdillow@banc.ly");
}
