//! Sites on the page: credentials are checked, stored only in the keyring, and never shown.

use crate::harness::World;
use crate::page::Page;

#[test]
fn the_keys_of_a_site_are_tried() {
    let page = Page::open(World::new());
    page.browser.press("Check its credentials");
    page.browser.says("API token: accepted");
    page.browser.says("Organization API key: accepted");
    page.look("keys");
    page.world.nothing_sent();
}

#[test]
fn a_site_whose_key_is_refused_is_not_kept_and_the_key_not_shown() {
    let mut world = World::new();
    let url = world.card().url.clone();
    world.unset_all();
    world.secret("wrong-token-of-mine");
    let page = Page::open(world);
    page.browser.press("Add a site");
    page.browser.write("#name", "acme");
    page.browser.write("#cloud_url", &url);
    page.browser.write("#email", "admin@banc.ly");
    page.browser.write("#api_token", "wrong-token-of-mine");
    page.look("add-a-site");
    page.browser.press("Check and save");
    page.browser.says("Nothing was saved");
    page.browser.says("API token: refused");
    page.look("refused-key");
    let typed = page.browser.script("return document.querySelector('#api_token').value", &[]);
    assert_eq!(typed, "", "the key came back");
    let name = page.browser.script("return document.querySelector('#name').value", &[]);
    assert_eq!(name, "acme", "what is no key has to be typed again");
    page.world.check_files();
    assert!(!page.world.run("profile list").stdout.contains("acme"));
}

/// Without a keyring, as here, a good credential is kept in memory until headcount ends: jobs work with it, no
/// file contains it, and the next start asks for it again.
#[test]
fn a_key_that_finds_no_place_is_held_until_headcount_ends() {
    let mut world = World::new();
    let card = world.card().clone();
    world.unset_all();
    world.secret("wrong-token-of-mine");
    world.file("one.csv", "Email,Group\nnobody@example.com,site-admins\n");
    let mut page = Page::open(world);
    page.go("/sites/new");
    page.browser.write("#name", "Banc ly");
    page.browser.write("#cloud_url", &card.url);
    page.browser.write("#email", &card.email);
    page.browser.write("#api_token", &card.api_token);
    page.browser.press("Check and save");
    let refused = "return document.querySelector('#name').validity.patternMismatch";
    assert_eq!(page.browser.script(refused, &[]), true, "a name with a space was sent");
    page.browser.says("Check A name for it: letters, digits");
    page.browser.script("document.querySelector('#name').value = ''", &[]);
    page.browser.write("#name", "acme");
    page.browser.press("Check and save");
    page.browser.says("headcount has the credential of acme only until you quit: API token");
    page.look("keys-held");
    page.world.check_files();
    assert!(page.world.run("profile list").stdout.contains("acme"));
    plans(&page);
    settings(&page);

    page.kill_and_start_again();
    page.browser.says("headcount needs the credentials of acme again");
    page.look("keys-missing");
    page.job("add");
    page.choose("one.csv");
    page.browser.press("Make the plan");
    page.browser.says("headcount has no API token or organization API key for acme");
    page.look("no-key");
    page.browser.press("Enter its credentials");
    page.browser.write("#api_token", "wrong-token-of-mine");
    page.browser.press("Check and save");
    page.browser.says("Nothing was saved");
    page.browser.says("API token: refused");
    page.browser.says("Type all of them again");
    page.look("keys-refused");
    page.browser.press("Check and save");
    page.browser.says("There is no credential to check");
    page.browser.write("#api_token", &card.api_token);
    page.browser.press("Check and save");
    page.browser.says("headcount has the credential of acme only until you quit: API token");
    plans(&page);
    page.world.check_files();
    page.world.nothing_sent();
}

/// With the chosen site, a plan can be made.
fn plans(page: &Page) {
    page.job("add");
    page.choose("one.csv");
    page.plan();
    page.browser.says("nobody@example.com");
}

/// Settings are changed with the existing credentials. A removed site is gone, and its runs stay.
fn settings(page: &Page) {
    page.go("/?site=acme");
    page.browser.press("Settings");
    page.browser.says("Settings of acme");
    page.browser.click("details > summary");
    page.browser.write("#protected", "@banc.ly");
    page.look("site-settings");
    page.browser.press("Check and save");
    page.browser.says("What do you want to do?");
    assert!(page.world.config().contains("@banc.ly"));
}
