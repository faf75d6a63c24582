//! The table of rows: sorted, searched without accents, on several pages.

use serde_json::json;

use crate::harness::World;
use crate::page::Page;

/// Rows of the sheet; a page of the table has 50.
const ROWS: usize = 120;

/// A finished run of many rows in no order: users `u119@…` to `u000@…`, some of them unknown.
fn open() -> Page {
    let world = World::new();
    let mail = |at: usize| format!("u{at:03}@banc.ly");
    let has_account = |at: &usize| !at.is_multiple_of(10);
    let people: Vec<_> = (0..ROWS)
        .filter(has_account)
        .map(|at| json!({ "email": mail(at), "name": if at == 7 { "Zoë Zieliński".into() } else { format!("U {at}") } }))
        .collect();
    world.seed(json!({ "people": people, "groups": [{ "name": "readers" }] }));
    let mut world = world;
    let rows: Vec<_> = (0..ROWS).rev().map(|at| format!("{},readers", mail(at))).collect();
    world.file("many.csv", format!("Email,Group\n{}\n", rows.join("\n")));
    world.run("member add many.csv --yes").exit(1);
    let page = Page::open(world);
    page.go("/");
    page.browser.click("table.runs tbody a");
    page.browser.says("Rows 1 to 50 of 120.");
    page
}

/// The visible text of the first row.
fn first(page: &Page) -> String {
    let script = "return document.querySelector('table.rows tbody tr').innerText";
    page.browser.script(script, &[]).as_str().expect("a row").to_owned()
}

/// Waits until the first row contains this.
#[track_caller]
fn begins_with(page: &Page, words: &str) {
    page.browser.wait(&format!("the first row has “{words}”"), || first(page).contains(words));
}

#[track_caller]
fn sorted(page: &Page, wanted: &str) {
    let script = "return [...document.querySelectorAll('table.rows [aria-sort]')]
        .map((head) => head.innerText + ' ' + head.getAttribute('aria-sort')).join()";
    page.browser.wait(wanted, || page.browser.script(script, &[]) == wanted);
}

#[test]
fn rows_are_sorted_by_row_outcome_reason_and_user() {
    let page = open();
    sorted(&page, "Row ascending");
    begins_with(&page, "u119@");
    page.browser.press("In your spreadsheet");
    begins_with(&page, "u000@");
    sorted(&page, "In your spreadsheet ascending");
    page.look("rows-sorted");
    // The order is kept on other pages, after a reload, and with a filter.
    page.browser.click("nav.pages a[aria-label='Page 3']");
    page.browser.says("Rows 101 to 120 of 120.");
    begins_with(&page, "u100@");
    page.browser.reload();
    page.browser.says("Rows 101 to 120 of 120.");
    begins_with(&page, "u100@");
    // First waits for something that only the new order has.
    page.browser.press("In your spreadsheet");
    sorted(&page, "In your spreadsheet descending");
    begins_with(&page, "u119@");
    page.browser.press("Outcome");
    sorted(&page, "Outcome ascending");
    begins_with(&page, "changed");
    page.browser.press("Outcome");
    sorted(&page, "Outcome descending");
    begins_with(&page, "u110@");
    page.browser.press("What happened");
    sorted(&page, "What happened ascending");
    begins_with(&page, "added");
    // The form's own field, for windows that are too narrow for headings.
    page.browser.click("#sort option[value='-user']");
    sorted(&page, "In your spreadsheet descending");
    begins_with(&page, "u119@");
    page.browser.click("#outcome option[value=skipped]");
    begins_with(&page, "u110@");
    page.browser.says("12 rows.");
}

#[test]
fn a_search_needs_no_accents_and_no_case() {
    let page = open();
    page.browser.write("#text", "ZOE zielinski");
    page.browser.says("1 row.");
    begins_with(&page, "u007@");
    let run = page.run();
    // The same for all runs: by a user in them, and from there to the row.
    page.go("/history?text=zielinski");
    page.browser.says("1 of 1 run");
    page.browser.press("The rows that were found");
    page.browser.says("1 row.");
    assert_eq!(page.run(), run);
    begins_with(&page, "u007@");
}

/// A browser breaks lines at hyphens; half an address or half a group's name reads like another one.
#[test]
fn an_address_and_a_group_stay_on_one_line() {
    let mut world = World::new();
    let (mail, group) =
        ("anna-maria.von-der-heide@banc-holding.ly", "emea-north-service-desk-agents");
    world.seed(json!({ "people": [{ "email": mail }], "groups": [{ "name": group }] }));
    world.file("long.csv", format!("Email,Group\n{mail},{group}\n"));
    world.run("member add long.csv --plan").exit(0);
    let page = Page::open(world);
    page.go("/");
    page.browser.click("table.runs tbody a");
    page.browser.says(mail);
    let script = "
        const lines = (text) => {
            const walk = document.createTreeWalker(document.querySelector('table.rows tbody'), NodeFilter.SHOW_TEXT);
            const found = [];
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(text);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + text.length);
                found.push(new Set([...range.getClientRects()].map((part) => part.top)).size);
            }
            return found;
        };
        return [...lines(arguments[0]), ...lines(arguments[1])];";
    let lines = page.browser.script(script, &[json!(mail), json!(group)]);
    let lines = lines.as_array().expect("a list");
    assert!(lines.len() >= 2 && lines.iter().all(|lines| *lines == 1), "{lines:?}");
}
