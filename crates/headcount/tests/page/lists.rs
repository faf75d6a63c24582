//! Lists of users and groups: created, downloaded, discarded.

use serde_json::json;

use crate::harness::{World, table};
use crate::page::Page;

/// From the start page to the finished list.
fn make(page: &Page, key: &str) {
    page.go("/");
    page.browser.click(&format!("a.job[href*='/lists/{key}?']"));
    page.browser.press("Make the list");
    page.browser.says("The first rows");
}

/// The offered file, as the browser would save it.
fn file(page: &Page) -> String {
    let text = page.browser.script_later(
        "const done = arguments[arguments.length - 1];
         const link = document.querySelector('a[download]');
         fetch(link.href).then((answer) => answer.text()).then(done);",
    );
    text.as_str().expect("a text").to_owned()
}

/// Each list equals the command line's file, and a job accepts it.
#[test]
fn lists_are_made_and_are_the_command_lines() {
    let page = Page::open(World::new());
    page.go("/lists/people");
    page.look("list");
    for (key, line) in [
        ("people", "user export -o out.csv"),
        ("groups", "group export -o out.csv"),
        ("members", "group export --members -o out.csv"),
    ] {
        make(&page, key);
        let text = file(&page);
        page.world.run(line).exit(0);
        assert_eq!(table(&text), table(&page.world.read("out.csv")), "{key}");
        page.world.check_text(key, &text);
    }
    page.look("list-made");
    page.world.nothing_sent();
    let address = page.browser.url();
    page.browser.press("Discard it");
    page.browser.says("What do you want to do?");
    page.browser.go(&address);
    page.browser.says("this list is no longer here");
}

/// A list is on the start page, also after the program that created it was killed and another one started. A
/// discarded list is deleted from the disk.
#[test]
fn a_list_is_found_again_after_a_restart() {
    let mut page = Page::open(World::new());
    make(&page, "groups");
    let text = file(&page);
    page.kill_and_start_again();
    page.browser.says("Your lists");
    page.look("lists-found");
    page.browser.press("List of groups");
    page.browser.says("The first rows");
    assert_eq!(file(&page), text);
    let folder = page.world.journal().with_file_name("headcount-lists");
    let files = || std::fs::read_dir(&folder).expect("the folder of lists").count();
    assert_eq!(files(), 2, "the list, and the line about it");
    page.go("/");
    page.browser.press("Discard");
    page.browser.lacks("Your lists");
    assert_eq!(files(), 0);
}

/// If a site can't be read completely, there is no list, and nothing of it is kept.
#[test]
fn a_list_that_is_not_whole_is_none() {
    let page = Page::open(World::new());
    page.world.fault(json!({
        "path": "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search", "times": 0,
        "answer": { "status": 500 }
    }));
    page.world.fault(json!({
        "path": "/admin/v2/orgs/{orgId}/users/search", "times": 0, "answer": { "status": 500 }
    }));
    page.go("/lists/people");
    page.browser.press("Make the list");
    page.browser.says("There is no list");
    page.look("list-failed");
}
