//! A plan is rehearsed in a copy, and the site itself is only read.

use serde_json::json;

use crate::harness::{Recorded, World};
use crate::page::Page;

#[test]
fn a_plan_is_rehearsed_before_it_is_sent() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste(
        "Person\tGroup\nvdillow@banc.ly\toslo-engineering\nbroken\toslo-engineering\n\
         nobody@banc.ly\toslo-engineering\nftoten2@banc.ly\thanoi-legal\n",
    );
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.click("input[name=skip_bad]");
    page.plan();
    let run = page.run();
    page.browser.press("Rehearse it");
    page.browser.says("Nothing was changed on your site");
    page.look("rehearsal");
    for wanted in [
        "2 would be changed",
        "Applied to the copy.",
        "2 skipped",
        "unreadable-row",
        "user-not-found",
    ] {
        page.browser.says(wanted);
    }
    page.world.nothing_sent();
    assert!(!page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    // It is not a run, and the plan still waits.
    let listed = page.world.run("run list").exit(0);
    assert_eq!(listed.stdout.matches("rehearsal").count(), 0, "{}", listed.stdout);
    page.browser.press("Back to the plan");
    page.browser.says("Nothing has been sent yet");
    assert_eq!(page.run(), run);
    page.browser.says("Rehearsed: every row was applied to the copy");
    page.browser.says("4 rows: 2 would be changed, 2 skipped.");
    page.look("plan-rehearsed");
    page.browser.press("Look at the rehearsal");
    page.browser.press("Back to the plan");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
}

/// A copy does not know which users an identity provider manages. Steps that the plan refuses are not rehearsed.
#[test]
fn what_the_plan_does_not_send_is_not_rehearsed() {
    let page = Page::open(World::new());
    page.job("suspend");
    page.paste("Email\ngabiola@banc.ly\nvdillow@banc.ly\n");
    page.plan();
    page.browser.says("identity-provider");
    page.browser.press("Rehearse it");
    page.browser.says("1 would be changed");
    page.browser.says("identity-provider");
    page.browser.press("Back to the plan");
    page.browser.says("every row was applied to the copy");
    page.browser.says("2 rows: 1 would be changed, 1 skipped.");
}

/// The row numbers of a workbook have gaps; the rehearsal still assigns each result to its row.
#[test]
fn a_workbook_with_a_gap_is_rehearsed_row_by_row() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cell) in
        [(0, "Email"), (1, "vdillow@banc.ly"), (6, "gabiola@banc.ly"), (7, "ftoten2@banc.ly")]
    {
        sheet.write(row, 0, cell).expect("a cell");
    }
    world.file("gap.xlsx", book.save_to_buffer().expect("a workbook"));
    let page = Page::open(world);
    page.job("suspend");
    page.choose("gap.xlsx");
    page.plan();
    page.browser.says("2 to send");
    page.browser.press("Rehearse it");
    page.browser.says("2 would be changed");
    page.browser.says("identity-provider");
    page.browser.press("Back to the plan");
    page.browser.says("every row was applied to the copy");
}

/// The group was deleted after the plan was made: the copy does not have it, and the plan says that the rehearsal
/// had another result.
#[test]
fn a_rehearsal_that_differs_from_its_plan_says_so() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\nftoten2@banc.ly\thanoi-legal\n");
    page.plan();
    page.world.by_hand("DELETE", "/rest/api/3/group?groupname=hanoi-legal", None);
    page.browser.press("Rehearse it");
    page.browser.says("1 would be changed");
    page.browser.says("group-not-found");
    page.browser.press("Back to the plan");
    page.browser.says("Rehearsed: not every row was applied to the copy");
    page.look("plan-rehearsed-otherwise");
}

/// A list of groups does not show members. They are read from the site, so that the copy shows what would really
/// happen.
#[test]
fn a_rehearsal_reads_what_exports_do_not_tell() {
    let world = World::new();
    world.run("group export -o groups.csv").exit(0);
    world.by_hand(
        "POST",
        "/_sandbox/seed",
        Some(&json!({ "memberships": [{ "email": "vdillow@banc.ly", "group": "oslo-engineering" }] })),
    );
    assert!(world.is_member("vdillow@banc.ly", "oslo-engineering"));
    let page = Page::open(world);
    page.job("remove");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\n");
    page.browser.click("#who summary");
    page.give(&["groups.csv"]);
    page.browser.says("Ids of users and groups: groups from groups.csv");
    page.plan();
    page.browser.press("Rehearse it");
    page.browser.says("made from the exports and what the site shows");
    page.browser.says("1 would be changed");
    assert!(page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
}

/// The used sandbox and the copy record their requests, if that is wanted.
#[test]
fn what_the_page_starts_is_recorded() {
    let mut world = World::new();
    world.unset_all();
    let recorded = Recorded::of(&mut world);
    let page = Page::open(world);
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\n");
    page.plan();
    // The sandbox has no button for it.
    page.browser.script(
        "const form = document.createElement('form');
         form.method = 'post';
         form.action = location.pathname + '/rehearse';
         document.body.append(form);
         form.submit();",
        &[],
    );
    page.browser.says("Nothing was changed on");
    let adds = "POST /rest/api/3/group/user";
    recorded.has(adds);
    let all = recorded.sandboxes();
    assert!(all.iter().any(|one| !one.is_empty() && !one.contains(adds)), "{all:#?}");
}
