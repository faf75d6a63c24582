//! A list on the page: what it owns, its differences as a table that is filtered by kind, and its limits.

use serde_json::json;

use crate::harness::World;
use crate::page::Page;

fn world() -> World {
    let world = World::new();
    let people: Vec<_> = (0..8)
        .map(|n| json!({ "email": format!("p{n}@banc.ly"), "name": format!("P {n}"), "managed": true }))
        .collect();
    let member = |n: u64| json!({ "email": format!("p{n}@banc.ly"), "group": "crew" });
    world.seed(json!({
        "people": people, "groups": [{ "name": "crew" }], "memberships": [member(0), member(1), member(7)],
    }));
    world
}

const LIST: &str = "Email\tstatus\tgroups\np0@banc.ly\t\tcrew\np1@banc.ly\t\t\np2@banc.ly\t\tcrew\np3@banc.ly\t\tcrew\n\
    p4@banc.ly\tsuspended\t\np5@banc.ly\tdeactivated\t\nnew@banc.ly\tactive\tcrew\n";

/// Pastes a list into the form of a new job.
fn paste(page: &Page, cells: &str) {
    page.job("sync");
    page.browser.script("document.querySelector('#text').value = arguments[0]", &[cells.into()]);
    page.browser.press("Read it");
}

#[test]
fn a_list_is_compared_and_its_differences_are_filtered_by_kind() {
    let page = Page::open(world());
    paste(&page, LIST);
    page.browser.says("How the list was read");
    page.browser.says("7 users");
    page.look("roster");
    // What is missing is said at its field, and nothing is lost.
    page.browser.script("document.querySelector('#absent').value = 'deactivate'", &[]);
    page.browser.write("#own_group", "crew");
    page.browser.press("Make the plan");
    page.browser.says("name the mail domains of these users");
    page.look("roster-wrong");
    page.browser.script("document.querySelector('#absent').value = 'leave-groups'", &[]);
    // More changes than the list may make stop the plan.
    page.browser.press("Make the plan");
    page.browser.says("the maximum is 5; nothing was sent");
    page.browser.press("Back to the spreadsheet");
    page.browser.says("How the list was read");
    page.browser.write("#max_changes", "50");
    page.plan();
    page.browser.says("Differences");
    page.browser.says("leave (2)");
    page.browser.click("nav.kinds a[href*='kind=leave']");
    page.browser.says("2 rows.");
    page.browser.says("p7@banc.ly");
    page.browser.lacks("new@banc.ly");
    page.look("roster-differences");
    page.browser.click("nav.kinds a[href*='kind=join']");
    page.browser.says("p3@banc.ly");
    page.browser.lacks("p7@banc.ly");
    page.world.nothing_sent();
    page.browser.write("#typed", "8");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(
        page.world.is_member("new@banc.ly", "crew") && !page.world.is_member("p7@banc.ly", "crew")
    );
}

#[test]
fn a_list_that_cannot_be_used_and_a_file_of_actions_have_their_own_pages() {
    let page = Page::open(world());
    paste(&page, "Email\tstatus\np0@banc.ly\tretired\nP0@banc.ly\tactive\n");
    page.browser.says("“retired” is no status of a user");
    page.look("roster-refused");
    paste(&page, "Action\tEmail\tGroup\nadd\tp2@banc.ly\tcrew\nremove\tp0@banc.ly\tcrew\n");
    page.browser.says("How the spreadsheet was read");
    page.plan();
    page.browser.says("Row by row");
    page.world.nothing_sent();
}
