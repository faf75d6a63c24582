//! Uploads: the files on the disk during an upload, and afterwards.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::World;
use crate::page::Page;
use crate::sheets::type_into;

/// A password as users choose them.
const PASSWORD: &str = "correct-horse-battery";

/// Asserts that there is nothing except the journal.
const NO_FILES: [String; 0] = [];

/// Files in the state folder other than the journal's own.
fn files(page: &Page) -> Vec<String> {
    let journal = page.world.journal();
    let mut found = Vec::new();
    walk(journal.parent().expect("a folder"), &mut found);
    found.retain(|name| !name.starts_with("journal."));
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder can be read").flatten() {
        if entry.path().is_dir() {
            walk(&entry.path(), found);
        } else {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
}

/// The same cells as text and as a workbook.
fn with_passwords(world: &mut World) {
    let cells = [["emailAddress", "Initial password"], ["new1@banc.ly", PASSWORD]];
    world.file("people.csv", cells.map(|row| row.join(",")).join("\n"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0..).zip(cells) {
        sheet.write_row(at, 0, row).expect("cells are written");
    }
    world.file("people.xlsx", book.save_to_buffer().expect("a workbook is written"));
}

/// From the upload to the report, the password is never in any file; the files are searched again and again while
/// the page is used. No compressed file exists that could contain it.
#[test]
fn an_uploaded_password_is_never_on_disk_and_never_shown() {
    let mut world = World::new();
    world.secret(PASSWORD);
    with_passwords(&mut world);
    let page = Page::open(world);
    let has_ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watched = scope.spawn(|| {
            while !has_ended.load(Ordering::Relaxed) {
                page.world.check_files();
            }
        });
        let walked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for name in ["people.csv", "people.xlsx"] {
                upload_and_discard(&page, name);
            }
            plan_and_send(&page);
        }));
        has_ended.store(true, Ordering::Relaxed);
        watched.join().expect("no file ever held the password");
        walked.expect("the page was used to its end");
    });
    page.world.check_files();
    assert_eq!(page.ui.as_ref().map(|ui| ui.signal(rustix::process::Signal::KILL)), Some(()));
    page.world.check_files();
    assert_eq!(files(&page), NO_FILES, "a killed program leaves nothing");
}

fn upload_and_discard(page: &Page, name: &str) {
    page.job("create");
    page.choose(name);
    page.browser.says("left out: never shown or sent");
    page.look("password");
    assert_eq!(files(page), NO_FILES, "{name}");
    page.plan();
    assert_eq!(files(page), NO_FILES, "{name}");
    page.browser.press("Discard this plan…");
    page.browser.press("Discard the plan");
    page.browser.says("This plan was never applied.");
}

fn plan_and_send(page: &Page) {
    page.job("create");
    page.paste(&format!("Email\tKennwort\nnew2@banc.ly\t{PASSWORD}\n"));
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Every row is in the wanted state.");
    page.go("/");
    page.browser.lacks("Your spreadsheets");
}

/// Adds a column to a file that has none such.
fn with_password_column(world: &mut World, name: &str) {
    world.secret(PASSWORD);
    let text = world.read(name);
    let (headings, rows) = text.split_once('\n').expect("headings");
    let rows: Vec<_> = rows.lines().map(|row| format!("{row},{PASSWORD}")).collect();
    world.file(name, format!("{},Password\n{}\n", headings.trim_end(), rows.join("\n")));
}

/// If the site does not show which account is which, Atlassian's exports do. They are kept with all other choices,
/// other files are reported immediately, and the exports are deleted with the sheet.
#[test]
fn exports_tell_who_is_who() {
    let mut world = World::new().token_alone();
    world.run("user export -o users.csv").exit(0);
    world.run("group export -o groups.csv").exit(0);
    with_password_column(&mut world, "users.csv");
    world.file("notes.csv", "Day,Note\nMonday,Rain\n");
    let path = "/rest/api/3/user/search";
    world.fault(json!({ "path": path, "times": 0, "answer": { "status": 403 } }));
    world.clear_log();
    let page = Page::open(world);
    page.job("add");
    page.paste("Mail\tTeam\nvdillow@banc.ly\toslo-engineering\nbroken\thanoi-legal\n");
    page.browser.click("input[name=skip_bad]");
    page.browser.says("Ids of users and groups: looked up on the site");
    page.browser.press("Make the plan");
    page.browser.says("give Atlassian's exports under “Ids of users and groups”");
    page.look("who-not-told");
    page.browser.press("Back to the spreadsheet");
    // A file that is not an export has a message, and typed values are kept.
    page.browser.says("How the spreadsheet was read");
    page.browser.click("#who summary");
    type_into(&page, "input.cell", "ftoten2@banc.ly");
    page.give(&["notes.csv"]);
    page.browser.says("notes.csv is not an export of users or groups");
    page.browser.says("1 cell corrected here");
    page.look("who-no-export");
    // Without a script only the file's name arrives, and that is no export.
    page.browser.script(
        "const files = new DataTransfer();
         files.items.add(new File(['x'], 'later.csv'));
         document.querySelector('#export').files = files.files;",
        &[],
    );
    page.browser.press("Make the plan");
    page.browser.says("later.csv was chosen, and was not read yet");
    page.give(&["users.csv", "groups.csv"]);
    page.browser.says("Ids of users and groups: users from users.csv, groups from groups.csv");
    page.browser.says("users.csv has the ids of");
    page.look("who-by-exports");
    assert_eq!(files(&page), NO_FILES, "uploads are held in memory");
    page.plan();
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.browser.says("add ftoten2@banc.ly to hanoi-legal");
    page.browser.says("Ids from\nusers.csv, groups.csv");
    // The copy is made from them, too.
    page.browser.press("Rehearse it");
    page.browser.says("2 would be changed");
    page.browser.press("Back to the plan");
    page.browser.press("Change the spreadsheet");
    page.browser.press("Look up on the site instead");
    page.browser.says("Ids of users and groups: looked up on the site");
    assert_ne!(files(&page), NO_FILES, "the rehearsal, whose double is made of the exports");
    page.world.check_files();
    page.browser.press("Discard this spreadsheet");
    page.browser.says("What do you want to do?");
    page.world.nothing_sent();
}
