//! Jobs through the identity provider's directory, chosen on the page.

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

const SHEET: &str = "Email\none@banc.ly\ntwo@banc.ly\nhand@banc.ly\n";

/// Two users of an identity provider and another one.
fn world(has_directory: bool) -> World {
    let mut world = World::new();
    let card = world.card().clone();
    if has_directory {
        world.set("HEADCOUNT_SCIM_DIRECTORY_ID", &card.scim_directory_id);
        world.set("HEADCOUNT_SCIM_API_KEY", &card.scim_api_key);
        world.secret(&card.scim_api_key);
    }
    world.seed(json!({ "people": [
        { "email": "one@banc.ly", "name": "One", "source": "scim" },
        { "email": "two@banc.ly", "name": "Two", "source": "scim" },
        { "email": "hand@banc.ly", "name": "Hand" },
    ] }));
    world.clear_log();
    world
}

/// The ways of the changes that were sent.
fn changed(world: &World) -> Vec<String> {
    let log = world.ask("GET", "/_sandbox/log?changed=true&limit=100", None);
    let template = |entry: &Value| entry["template"].as_str().expect("a path").to_owned();
    log["entries"].as_array().expect("a list").iter().map(template).collect()
}

#[test]
fn changes_go_through_the_identity_providers_directory_if_it_is_chosen() {
    let user = "/scim/directory/{directoryId}/Users/{userId}";
    let page = Page::open(world(true));
    page.job("deactivate");
    page.paste(SHEET);
    // Without it, the plan says how the row can be changed.
    page.plan();
    page.browser.says("identity-provider");
    page.browser.says("through the identity provider's directory");
    page.job("deactivate");
    page.paste(SHEET);
    page.browser.click("input[name=scim]");
    page.look("sheet-by-scim");
    page.plan();
    page.browser.says("2 to send");
    page.browser.says("not-provisioned");
    page.browser.lacks_here("Rehearse it");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert_eq!(page.world.person("one@banc.ly")["lifecycle"], "inactive");
    assert_eq!(changed(&page.world), [user; 2]);
    page.browser.click("[data-all]");
    page.browser.says("Undo of run");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert_eq!(page.world.person("one@banc.ly")["lifecycle"], Value::Null);
    assert_eq!(changed(&page.world), [user; 4]);
    page.world.nothing_twice();
}

/// What the directory cannot do is refused before anything is read, and the choice is kept.
#[test]
fn a_message_is_not_sent_through_the_directory() {
    let page = Page::open(world(true));
    page.job("deactivate");
    page.paste(SHEET);
    page.browser.click("input[name=scim]");
    page.browser.write("#message", "on leave");
    page.browser.press("Make the plan");
    page.browser.says("headcount sends no message");
    page.world.nothing_sent();
}

#[test]
fn a_profile_without_a_directory_is_not_offered_it() {
    let page = Page::open(world(false));
    page.job("deactivate");
    page.paste(SHEET);
    page.browser.lacks_here("identity provider's directory");
}
