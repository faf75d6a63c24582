//! *Find people*: filters, the table in pages, seats, and on to a job's plan.

use serde_json::json;

use crate::harness::{World, table};
use crate::page::Page;

/// From the start page to the list of these filters.
fn find(page: &Page) {
    page.go("/");
    page.browser.click("a.job[href*='/find?']");
    page.browser.says("Choose users by last use");
}

/// The list that the page offers, as the browser would save it.
fn list(page: &Page) -> String {
    let text = page.browser.script_later(
        "const done = arguments[arguments.length - 1];
         fetch(document.querySelector('a[download]').href).then((answer) => answer.text()).then(done);",
    );
    text.as_str().expect("a text").to_owned()
}

/// The order of the page's rows is its own.
fn sorted(list: &str) -> Vec<Vec<String>> {
    let mut rows = table(list);
    rows.sort();
    rows
}

#[test]
fn people_are_found_as_the_command_finds_them_and_become_a_plan() {
    let page = Page::open(World::of_people(1_234));
    find(&page);
    page.look("find");
    page.browser.write("#inactive-days", "soon");
    page.browser.press("Find them");
    page.browser.says("write a number of days");
    page.look("find-wrong");
    page.browser.script("document.querySelector('#inactive-days').value = ''", &[]);
    page.browser.write("#inactive-days", "30");
    page.browser.click("input[name=never-seen]");
    page.browser.press("Find them");
    page.browser.says("Seats that would come free");
    page.browser.says("Last use by app");
    page.browser.says("used an app in the last 30 days");
    page.browser.says("Users 1 to 50 of");
    page.look("found");
    let commands = page.world.run("user export --inactive-days 30 --never-seen").exit(0);
    assert_eq!(sorted(&list(&page)), sorted(&commands.stdout));
    let head = commands.stderr.lines().find(|line| line.starts_with("Looked at")).expect("a head");
    page.browser.says(head.trim_end_matches(':'));
    // Other filters need no reading.
    page.world.clear_log();
    page.browser.click("input[name=status][value=active]");
    page.browser.press("Show them");
    page.browser.says("another status");
    page.world.nothing_sent();
    assert_eq!(page.world.log()["requests"], json!(0));
    // Ticks are kept from page to page of the table.
    page.browser.click("table tbody input[data-take]");
    page.browser.press("Next");
    page.browser.says("Users 51 to 100");
    page.browser.click("table tbody tr:nth-child(2) input[data-take]");
    page.browser.says("Use the 2 selected users");
    page.browser.script("document.querySelector('#job').value = 'suspend'", &[]);
    page.browser.press("Use the 2 selected users");
    page.browser.says("2 rows.");
    page.plan();
    page.look("found-plan");
    page.browser.says("users read 20");
    page.world.nothing_sent();
}

#[test]
fn all_listed_people_become_the_rows_of_a_job_with_a_group() {
    let page = Page::open(World::new());
    find(&page);
    page.browser.write("#group", "idp-everyone");
    page.browser.press("Find them");
    page.browser.says("2 listed");
    page.browser.script("document.querySelector('#group').value = 'idp-evryone'", &[]);
    page.browser.press("Show them");
    page.browser.says("no group is called “idp-evryone”");
    page.browser.press("Back");
    page.browser.says("were not read yet");
    page.browser.script("document.querySelector('#group').value = ''", &[]);
    page.browser.script("document.querySelector('#not-group').value = 'idp-everyone'", &[]);
    page.browser.press("Show them");
    page.browser.says("in one of the excluded groups");
    page.browser.script("document.querySelector('#job').value = 'add'", &[]);
    page.browser.write("#of-Group", "hanoi-legal");
    page.browser.click("[data-all]");
    page.browser.says("17 rows.");
    page.plan();
    page.browser.says("hanoi-legal");
    page.world.nothing_sent();
}

/// Enter presses the first button of a form, hidden or not.
#[test]
fn enter_in_a_field_uses_only_the_selected_people() {
    let page = Page::open(World::of_people(300));
    find(&page);
    page.browser.press("Find them");
    page.browser.says("Users 1 to 50 of");
    page.browser.script("document.querySelector('#job').value = 'add'", &[]);
    let list = page.browser.url();
    // With none selected, Enter does not mean all.
    page.browser.write("#of-Group", "jira-users\n");
    page.browser.says("no user is selected");
    page.browser.go(&list);
    page.browser.says("Users 1 to 50 of");
    // Both at once are refused, whatever the browser sends.
    let answer = page.browser.script_later(
        "const done = arguments[arguments.length - 1];
         const body = new URLSearchParams({ job: 'suspend', who: 'all', take: '1' });
         fetch(document.querySelector('#use').action, { method: 'POST', body })
           .then(async (answer) => done(`${answer.status} ${await answer.text()}`));",
    );
    let answer = answer.as_str().expect("a text");
    assert!(answer.starts_with('4') && answer.contains("some users are selected"), "{answer}");
    page.browser.click("table tbody tr:nth-child(1) input[data-take]");
    page.browser.click("table tbody tr:nth-child(3) input[data-take]");
    page.browser.says("Use the 2 selected users");
    page.browser.script(
        "document.querySelector('#job').value = 'add';
         document.querySelector('#of-Group').value = ''",
        &[],
    );
    page.browser.write("#of-Group", "jira-users\n");
    page.browser.says("2 rows.");
    page.plan();
    // The plan says when its users were read.
    page.browser.says("users read 20");
    page.world.nothing_sent();
}

#[test]
fn without_an_organization_key_no_user_is_found() {
    let page = Page::open(World::new().token_alone());
    find(&page);
    page.browser.press("Find them");
    page.browser.says("There is no list");
    page.browser.says("organization API key");
}

/// A large organization: the browser has one page of its users.
#[test]
fn a_large_organization_stays_in_pages() {
    let page = Page::open(World::of_people(20_000));
    find(&page);
    page.browser.press("Find them");
    page.browser.says("Users 1 to 50 of");
    let rows =
        page.browser.script("return document.querySelectorAll('#table tbody tr').length", &[]);
    assert_eq!(rows, json!(50));
    page.browser.press("Next");
    page.browser.says("Users 51 to 100");
    let size = page.browser.html().len();
    assert!(size < 200_000, "{size}");
}
