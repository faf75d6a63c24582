//! The way of a new user, from the start page to the undo, every step looked at; and, on demand,
//! pictured for docs/page.md:
//!
//! ```text
//! HEADCOUNT_PICTURES=docs/page cargo test -p headcount --test page pictures -- --include-ignored
//! ```

use headcount_sandbox::Config;
use std::time::Duration;

use crate::harness::World;
use crate::page::Page;

#[test]
fn every_step_from_the_start_page_to_the_undo() {
    let mut world = World::of(Config { latency: Duration::from_millis(4), ..Config::default() });
    world.unset_all();
    let page = Page::open(world);
    page.look("1-start");
    page.job("add");
    page.look("2-sheet");
    page.paste(
        "Person\tGroup\tDepartment\n\
         vdillow@banc.ly\toslo-engineering\tEngineering\n\
         ftoten2@banc.ly\thanoi-legal\tLegal\n\
         dsnapper@banc\tlille-product-management\tProduct\n\
         dsnapper@banc.ly\tlille-product-management\tProduct\n\
         nobody@banc.ly\thanoi-legal\tLegal\n\
         vdillow@banc.ly\toslo-engineering\tEngineering\n",
    );
    page.browser.says("no column has the user's email address or account id");
    page.browser.click("select[name=column0] option[value=email]");
    page.browser.says("cannot be read");
    page.look("3-columns");
    page.browser.click("input[name=skip_bad]");
    page.plan();
    page.look("4-plan");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Is it right?");
    page.browser.says("waits for you");
    page.look("5-first-row");
    page.browser.click("form[action$='/go-on'] button");
    page.browser.says("Done");
    page.look("7-report");
    page.browser.click("[data-all]");
    page.browser.says("Nothing has been sent yet");
    page.look("8-undo");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    page.go("/history");
    page.browser.says("Undo of run");
    page.look("9-history");
}

/// A larger run, in the middle and at its end.
#[test]
#[ignore = "makes pictures for docs/page.md; what is on these pages is checked by the walks"]
fn a_long_run_pictured_in_the_middle() {
    let mut world = World::of(Config { people: Some(4_000), rate: Some(120), ..Config::default() });
    world.seed(serde_json::json!({ "groups": [{ "name": "all-hands" }] }));
    let state = world.ask("GET", "/_sandbox/state?only=people", None);
    let people = state["people"].as_array().expect("people");
    let mails: Vec<_> = (people.iter())
        .filter_map(|person| person["email"].as_str().filter(|mail| mail.contains("@banc.")))
        .take(1_500)
        .map(|mail| format!("{mail},all-hands"))
        .collect();
    world.file("all-hands.csv", format!("Email,Group\n{}\n", mails.join("\n")));
    let page = Page::open(world);
    page.job("add");
    page.choose("all-hands.csv");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    // The run is held in the middle while it is checked: the site requests a pause, again and again.
    page.world.fault(serde_json::json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 900, "times": 0,
        "answer": { "status": 429, "headers": { "Retry-After": "1" } }
    }));
    page.go_on();
    page.browser.says("Nothing is sent until");
    page.look("6-all-rows");
    page.world.no_faults();
    page.browser.says("How it went");
    page.look("6-course");
}
