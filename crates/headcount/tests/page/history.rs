//! All runs: searched, filtered, on several pages.

use serde_json::json;

use crate::harness::World;
use crate::page::Page;

#[test]
fn all_runs_are_on_a_page_of_their_own_and_can_be_searched() {
    let page = Page::open(World::new());
    page.go("/history");
    page.browser.says("Nothing yet.");
    page.world.run("member add samples/member-add.csv --yes").exit(0);
    page.world.fault(json!({ "method": "POST", "path": "/users/{account_id}/manage/lifecycle/disable", "times": 0, "answer": { "status": 401 } }));
    page.world.run("user deactivate samples/deactivate.csv --yes --max-changes 2").exit(3);
    page.world.no_faults();
    for _ in 0..21 {
        page.world.run("user deactivate samples/deactivate.csv --plan").exit(0);
    }
    let rows = || {
        page.browser.script("return document.querySelectorAll('table.runs tbody tr').length", &[])
    };
    page.go("/");
    assert_eq!(rows(), 6, "the newest on the start page, and what waits in the middle");
    page.browser.says("Not finished");
    page.look("not-finished");
    let first = "return document.querySelector('table.runs tbody tr').innerText";
    let first = page.browser.script(first, &[]);
    assert!(first.as_str().is_some_and(|line| line.contains("stopped")), "{first}");
    page.browser.press("All 23 runs, with search");
    page.browser.says("Page 1 of 2 (23 runs)");
    assert_eq!(rows(), 20);
    page.look("history");
    page.browser.press("Next");
    page.browser.says("Page 2 of 2");
    assert_eq!(rows(), 3);
    page.browser.write("#text", "MEMBER-ADD");
    page.browser.press("Filter");
    page.browser.says("1 of 23 runs");
    page.browser.says("member-add.csv");
    page.browser.says("finished");
    page.go("/history?state=planned&job=user+deactivate");
    page.browser.says("21 of 23 runs");
    page.browser.press("Next");
    page.browser.says("Page 2 of 2 (21 runs)");
    // By the users or groups of its rows, and from there to these rows.
    page.go("/history?text=Vdillow@");
    page.browser.says("of 23 runs");
    page.browser.press("The rows that were found");
    page.browser.says("Row by row");
    page.browser.says("1 row.");
    // The whole line is a link to the run, not only its number.
    page.go("/history?text=member-add");
    page.browser.script(
        "const box = document.querySelector('table.runs tbody td:last-child').getBoundingClientRect();
         document.elementFromPoint(box.x + 5, box.y + 5).click();",
        &[],
    );
    page.browser.says("Row by row");
    page.go("/history?text=nowhere");
    page.browser.says("No run matches.");
    page.browser.press("Clear filters");
    page.browser.says("Page 1 of 2 (23 runs)");
}
