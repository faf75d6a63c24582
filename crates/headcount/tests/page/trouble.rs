//! A fault in the middle, a reload, a kill: nothing is lost, and nothing is done twice.

use rustix::process::Signal;
use serde_json::json;

use crate::harness::World;
use crate::page::Page;

/// A file that adds this many users to a new group.
fn world_of(rows: usize) -> World {
    let mut world = World::of_people(rows * 5 / 4 + 100);
    world.seed(json!({ "groups": [{ "name": "all-hands-new" }] }));
    let state = world.ask("GET", "/_sandbox/state?only=people", None);
    let plain = |person: &&serde_json::Value| {
        ["place", "org_admin", "lifecycle", "kind"].iter().all(|key| person.get(*key).is_none())
    };
    let people = state["people"].as_array().expect("people").iter().filter(plain);
    let mails: Vec<_> = people
        .filter_map(|person| person["email"].as_str().filter(|mail| mail.contains("@banc.")))
        .take(rows)
        .map(|mail| format!("{mail},all-hands-new"))
        .collect();
    assert_eq!(mails.len(), rows, "too few people");
    world.file("add.csv", format!("Email,Group\n{}\n", mails.join("\n")));
    world
}

/// Starts the run and agrees to the first row.
fn started(page: &Page) {
    page.job("add");
    page.choose("add.csv");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Is it right?");
}

/// Answers are lost after the change was made, and other requests are refused because of the rate: the run reads,
/// waits and continues by itself.
#[test]
fn faults_in_the_middle_are_reported_and_survived() {
    let page = Page::open(world_of(40));
    started(&page);
    let path = "/rest/api/3/group/user";
    page.world
        .fault(json!({ "method": "POST", "path": path, "nth": 5, "times": 2, "drop": "after" }));
    page.world.fault(
        json!({ "method": "POST", "path": path, "nth": 12, "answer": { "status": 429, "headers": { "Retry-After": "1" } } }),
    );
    page.world
        .fault(json!({ "method": "POST", "path": path, "nth": 20, "times": 1, "answer": { "status": 403 } }));
    page.go_on();
    page.browser.says("Done");
    page.look("end-with-faults");
    page.browser.says("done-no-response");
    page.world.nothing_twice();
}

/// All answers are held; every page shows that the run is in the middle.
fn hold(page: &Page) {
    page.world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 6, "times": 0,
        "answer": { "status": 429, "headers": { "Retry-After": "1" } }
    }));
}

#[test]
fn a_reload_and_another_tab_change_nothing() {
    let page = Page::open(world_of(60));
    started(&page);
    let asked = page.run();
    // At the canary's question.
    page.browser.reload();
    page.browser.says("Is it right?");
    page.go("/");
    page.browser.says("waits for you");
    page.go(&format!("/runs/{asked}"));
    hold(&page);
    page.go_on();
    // In the middle.
    page.browser.says("rows done");
    page.browser.reload();
    page.browser.says("rows done");
    page.look("run");
    page.world.no_faults();
    page.browser.says("Done");
    assert_eq!(page.world.members("all-hands-new"), 60);
    page.world.nothing_twice();
}

#[test]
fn a_run_is_paused_and_gone_on_with() {
    let page = Page::open(world_of(30));
    started(&page);
    hold(&page);
    page.go_on();
    page.browser.says("rows done");
    page.browser.press("Pause");
    page.world.no_faults();
    page.browser.says("The run is paused");
    page.look("paused");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done");
    assert_eq!(page.world.members("all-hands-new"), 30);
    page.world.nothing_twice();
}

#[test]
fn a_killed_program_is_started_again_and_the_run_resumed() {
    let mut page = Page::open(world_of(60));
    started(&page);
    let run = page.run();
    hold(&page);
    page.go_on();
    page.browser.says("rows done");
    page.kill_and_start_again();
    page.browser.says("interrupted");
    page.world.no_faults();
    page.go(&format!("/runs/{run}"));
    page.browser.says("The run was interrupted");
    page.look("interrupted");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert_eq!(page.world.members("all-hands-new"), 60);
    page.world.nothing_twice();
    page.world.check_files();
}

/// The limits belong to the run, so they are the same after a pause or on another day.
#[test]
fn limits_stay_with_the_run() {
    let mut page = Page::open(world_of(30));
    page.job("add");
    page.choose("add.csv");
    page.plan();
    page.browser.press("Limits");
    page.browser.write("#rate", "500");
    page.browser.click("#verify option[value=all]");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Is it right?");
    let run = page.run();
    page.kill_and_start_again();
    page.go(&format!("/runs/{run}"));
    page.browser.says("These are the limits from your last attempt.");
    let limits = "return ['rate', 'verify', 'max_failures', 'concurrency'].map(id => document.getElementById(id).value).join()";
    assert_eq!(page.browser.script(limits, &[]), "500,all,10,");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Every row is in the wanted state.");
    page.world.nothing_twice();
}

/// Ctrl-C in the program's window: the run stops in order, and the page says so after the next start.
#[test]
fn ctrl_c_stops_a_run_in_order() {
    let mut page = Page::open(world_of(30));
    started(&page);
    let ui = page.ui.take().expect("the page is served");
    assert_eq!(ui.interrupt(), Some(0));
    page.ui = Some(crate::page::Ui::start(&page.world));
    page.enter();
    page.browser.says("paused");
    assert_eq!(page.world.changing(), 1);
    // The page itself can end the program.
    page.browser.press("Quit headcount…");
    page.browser.press("Quit");
    page.browser.says("headcount has ended");
    assert_eq!(page.ui.take().expect("the page is served").ended(), Some(0));
}

/// The signal of a closed window or a shutdown: the run stops in order, and nothing of the upload is kept.
#[test]
fn sigterm_and_sighup_end_in_order() {
    for signal in [Signal::TERM, Signal::HUP] {
        let mut page = Page::open(world_of(30));
        started(&page);
        let ui = page.ui.take().expect("the page is served");
        ui.signal(signal);
        assert_eq!(ui.ended(), Some(0), "{signal:?}");
        let folder = page.world.journal();
        let folder = std::fs::read_dir(folder.parent().expect("a folder")).expect("a folder");
        let left: Vec<_> = folder.flatten().filter(|entry| entry.path().is_dir()).collect();
        assert!(left.is_empty(), "{signal:?}: {left:?}");
        page.ui = Some(crate::page::Ui::start(&page.world));
        page.enter();
        page.browser.says("paused");
        assert_eq!(page.world.changing(), 1, "{signal:?}");
    }
}

/// A run of the command line is shown and not changed.
#[test]
fn a_run_of_the_command_line_is_followed() {
    let page = Page::open(world_of(30));
    page.world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 6, "times": 0,
        "answer": { "status": 429, "headers": { "Retry-After": "1" } }
    }));
    let mut running = page.world.command("--json member add add.csv --yes").start();
    running.settled(3);
    page.go("/");
    page.browser.click("table.runs tbody a");
    page.browser.says("Another process is applying this plan");
    page.world.no_faults();
    page.browser.says("Done");
    running.end().exit(0);
}

/// Rows whose user did not exist are tried again when the user exists.
#[test]
fn failed_rows_are_tried_again() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\nlate@banc.ly\toslo-engineering\n");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done, with rows to look at");
    page.look("end-with-leftovers");
    page.world.seed(json!({ "people": [{ "email": "late@banc.ly", "name": "Late" }] }));
    page.browser.press("Try them again");
    page.browser.says("failed rows of run");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Every row is in the wanted state.");
    assert!(page.world.is_member("late@banc.ly", "oslo-engineering"));
}
