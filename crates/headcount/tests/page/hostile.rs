//! Names and descriptions of users and groups from the site are foreign text: they are shown and never executed.
//! So are the names of files.

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

/// A name that would run as a script in a text, in an attribute, or in a script.
const NAME: &str = "<img src=x onerror=window.attacked=1>\"'><script>window.attacked=1</script>";

/// A name that would reverse the text around it.
const TURNED: &str = "Anna \u{202e}nimda\u{2066} Berg";

/// Asserts that nothing of it became an element of the page.
#[track_caller]
fn unharmed(page: &Page, place: &str) {
    let found = page.browser.script(
        "return [window.attacked ?? null, document.querySelectorAll('img, script:not([src])').length,
             /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)]",
        &[],
    );
    assert_eq!(found, json!([Value::Null, 0, false]), "{place}");
}

/// A site whose users and groups have these names, and a page.
fn open() -> Page {
    let world = World::new();
    world.seed(json!({
        "people": [
            { "email": "hostile@banc.ly", "name": NAME },
            { "email": "turned@banc.ly", "name": TURNED },
        ],
        "groups": [
            { "name": "<b>bold</b>", "description": NAME },
            { "name": "plain-group", "description": TURNED },
        ],
    }));
    Page::open(world)
}

#[test]
fn names_and_descriptions_of_the_site_are_shown_and_not_obeyed() {
    let page = open();
    page.job("add");
    page.paste(
        "Email\tGroup\nhostile@banc.ly\t<b>bold</b>\nturned@banc.ly\tplain-group\nvdillow@banc.ly\t<b>bol</b>\n",
    );
    unharmed(&page, "columns");
    page.plan();
    page.browser.says(&NAME[..40]);
    page.browser.says("Not found");
    unharmed(&page, "plan");
    page.look("hostile-plan");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Is it right?");
    page.browser.says(&NAME[..40]);
    unharmed(&page, "first row");
    page.browser.click("form[action$='/go-on'] button");
    page.browser.says("Done, with rows to look at");
    unharmed(&page, "end");
    let run = page.run();
    page.go(&format!("/runs/{run}/who?rows=1-3"));
    page.browser.says("Row 1:");
    unharmed(&page, "rows to undo");
    page.go("/history?text=onerror");
    page.browser.says("1 of 1 run");
    unharmed(&page, "history");
    page.go(&format!("/runs/{run}/report"));
    page.browser.says("Members added to groups");
    let attacked =
        page.browser.script("return [window.attacked ?? null, document.images.length]", &[]);
    assert_eq!(attacked, json!([Value::Null, 0]), "report");
}

#[test]
fn lists_show_what_the_site_says_and_do_not_obey_it() {
    let page = open();
    for key in ["people", "groups", "members"] {
        page.go(&format!("/lists/{key}"));
        page.browser.press("Make the list");
        page.browser.says("The first rows");
        unharmed(&page, key);
    }
    page.job("create-groups");
    page.paste(&format!("name\tdescription\nnew-group\t{NAME}\n"));
    unharmed(&page, "groups to create");
    page.plan();
    unharmed(&page, "plan of groups");
    page.world.nothing_sent();
}

/// A name of the maximum length is shortened, and fits a narrow window.
#[test]
fn the_name_of_a_file_is_cut_and_not_obeyed() {
    let mut world = World::new();
    let name = format!("{}<img src=x onerror=window.attacked=1>.csv", "long-name-".repeat(18));
    world.file(&name, "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
    let page = Page::open(world);
    page.job("add");
    page.choose(&name);
    unharmed(&page, "columns");
    page.look("long-file-name");
    page.plan();
    page.look("long-file-name-plan");
    page.go("/");
    page.browser.says("Your spreadsheets");
    unharmed(&page, "start");
    page.look("long-file-name-start");
    let cut = "return document.querySelector('ul.brought a').innerText.length";
    let cut = page.browser.script(cut, &[]);
    assert!(cut.as_u64().is_some_and(|length| (20..=61).contains(&length)), "{cut}");
}
