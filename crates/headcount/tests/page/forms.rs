//! Forms: an invalid value has a message next to its field, and typed values stay.

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

/// The message next to a field; whether the field is marked, focused and visible; its value.
const FIELD: &str = "
    const field = document.getElementById(arguments[0]);
    const box = field?.closest('.field, td, .switch') ?? field?.parentElement;
    const said = box?.querySelector('.wrong') ?? box?.nextElementSibling;
    return field && [
        said?.matches('.wrong') ? said.innerText : null,
        field.getAttribute('aria-invalid') === 'true' && field === document.activeElement
            && field.getBoundingClientRect().height > 0,
        field.value,
    ];";

/// Waits for this message next to the field, whose value must be unchanged.
#[track_caller]
fn wrong(page: &Page, field: &str, words: &str, value: &str) {
    let read = || page.browser.script(FIELD, &[field.into()]);
    // The page sets the focus a moment after the message appears.
    page.browser.wait(
        &format!("“{words}” is next to {field}, which is marked and has the focus"),
        || {
            let found = read();
            found[0].as_str().is_some_and(|said| said.contains(words)) && found[1] == true
        },
    );
    let found = read();
    assert_eq!(found[2], value, "what was typed into {field} stays");
    let marked = "return document.querySelectorAll('.wrong').length";
    assert_eq!(page.browser.script(marked, &[]), 1, "one field is wrong");
}

/// Replaces the value of a field.
fn fill(page: &Page, field: &str, text: &str) {
    page.browser.script("document.getElementById(arguments[0]).value = ''", &[field.into()]);
    page.browser.write(&format!("#{field}"), text);
}

fn value(page: &Page, field: &str) -> Value {
    page.browser.script("return document.getElementById(arguments[0]).value", &[field.into()])
}

const SHEET: &str =
    "Email\tGroup\nvdillow@banc.ly\toslo-engineering\nftoten2@banc.ly\thanoi-legal\n";

#[test]
fn a_wrong_limit_is_next_to_its_field() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste(SHEET);
    page.plan();
    let run = page.run();
    page.browser.press("Limits");
    fill(&page, "max_changes", "7%");
    for (field, text, words) in [
        ("canary_rows", "one", "write a number of rows"),
        ("max_failures", "1.5", "0 means never"),
        ("rate", "fast", "a number above 0"),
        ("concurrency", "-3", "a number from 1 to 256"),
        ("max_changes", "many", "a share, such as 5%"),
    ] {
        fill(&page, field, text);
        page.browser.click(".action-bar button[type=submit]");
        wrong(&page, field, words, text);
        if field == "rate" {
            page.look("wrong-limit");
            assert_eq!(value(&page, "max_changes"), "7%");
        }
        // The value is valid now, whatever comes next.
        page.browser.script("document.getElementById(arguments[0]).value = ''", &[field.into()]);
    }
    page.world.nothing_sent();
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Every row is in the wanted state.");
    // Invalid row numbers for an undo.
    page.browser.press("Only some rows");
    fill(&page, "undo_rows", "2-1");
    page.browser.script(
        "document.querySelector('#undo-rows').requestSubmit(document.querySelector('[data-some]'))",
        &[],
    );
    wrong(&page, "undo_rows", "Nothing was planned", "2-1");
    assert_eq!(page.run(), run);
    page.look("wrong-rows");
}

/// The browser refuses a wrong count where it can; otherwise the program does.
#[test]
fn a_wrong_count_is_next_to_its_field() {
    let world = World::new();
    let mails = world.plain_mails();
    let page = Page::open(world);
    page.job("take-off");
    page.paste(&format!("Email\n{}\n", mails[..9].join("\n")));
    page.plan();
    let count = "return document.querySelector('label[for=typed] strong:last-child').innerText";
    let count = page.browser.script(count, &[]).as_str().expect("a number").to_owned();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Still missing: This will");
    fill(&page, "typed", "77");
    page.browser.click(".action-bar button[type=submit]");
    wrong(&page, "typed", &format!("the number {count}"), "77");
    page.browser.script("document.getElementById('typed').pattern = '.*'", &[]);
    page.browser.click(".action-bar button[type=submit]");
    wrong(&page, "typed", &format!("Type {count} to agree"), "77");
    page.look("wrong-count");
    page.world.nothing_sent();
}

/// There is no message about a name.
#[test]
fn a_missing_correction_is_reported_next_to_the_first_field() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\tno-such-group\nftoten2@banc.ly\thanoi-legal\n");
    page.plan();
    page.browser.press("Correct and make the plan again");
    wrong(&page, "instead-0", "No name was corrected", "");
    fill(&page, "instead-0", "oslo-engineering");
    page.browser.press("Correct and make the plan again");
    page.browser.says("add vdillow@banc.ly to oslo-engineering");
    page.browser.lacks("No name was corrected");
}

#[test]
fn a_wrong_setting_of_a_site_is_next_to_its_field() {
    let mut world = World::new();
    let card = world.card().clone();
    world.unset_all();
    let page = Page::open(world);
    page.go("/sites/new");
    let good = [("name", "acme"), ("cloud_url", card.url.as_str()), ("email", card.email.as_str())];
    for (wrong_field, text, token, words) in [
        ("name", "sandbox", "x", "built-in profile"),
        ("cloud_url", "http://acme.atlassian.net", "x", "https"),
        ("cloud_url", "", "x", "An API token needs the site's address"),
        ("email", "", "x", "An API token needs the email"),
        ("api_token", "", "", "There is no credential to check"),
        ("api_token", "wrong-token", "wrong-token", "This credential was refused"),
    ] {
        for (field, text) in good {
            fill(&page, field, text);
        }
        let is_key = wrong_field == "api_token";
        if !is_key {
            fill(&page, wrong_field, text);
        }
        fill(&page, "api_token", token);
        page.browser.press("Check and save");
        // A page never contains a typed credential.
        wrong(&page, wrong_field, words, if is_key { "" } else { text });
        for (field, text) in good.into_iter().filter(|(field, _)| *field != wrong_field) {
            assert_eq!(value(&page, field), text, "{wrong_field}: {field}");
        }
    }
    page.look("wrong-setting");
    assert_eq!(page.world.config(), "");
}

/// Without the script, the page shows the same messages.
#[test]
fn a_wrong_value_is_reported_without_a_script_too() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste(SHEET);
    page.plan();
    page.browser.command("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    page.browser.reload();
    page.browser.press("Limits");
    page.browser.write("#rate", "fast");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.command("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
    page.browser.says("“fast” cannot be used here");
    page.world.nothing_sent();
}
