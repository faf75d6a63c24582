//! Sites on the page: keys are tried, kept in the keyring alone, and never shown.

use crate::harness::World;
use crate::page::Page;

#[test]
fn the_keys_of_a_site_are_tried() {
    let page = Page::open(World::new());
    page.browser.press("Try its keys");
    page.browser.says("API token: accepted");
    page.browser.says("Organisation API key: accepted");
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
    page.browser.press("Try it and keep it");
    page.browser.says("Nothing was kept");
    page.browser.says("API token: refused");
    page.look("refused-key");
    let typed = page.browser.script("return document.querySelector('#api_token').value", &[]);
    assert_eq!(typed, "", "the key came back");
    let name = page.browser.script("return document.querySelector('#name').value", &[]);
    assert_eq!(name, "acme", "what is no key has to be typed again");
    page.world.check_files();
    assert!(!page.world.run("profile list").stdout.contains("acme"));
}

/// Where there is no keyring, as here, a good key finds no place: nothing is kept, and it says so.
#[test]
fn a_key_that_finds_no_place_is_not_kept_elsewhere() {
    let mut world = World::new();
    let card = world.card().clone();
    world.unset_all();
    let page = Page::open(world);
    page.go("/sites/new");
    page.browser.write("#name", "acme");
    page.browser.write("#cloud_url", &card.url);
    page.browser.write("#email", &card.email);
    page.browser.write("#api_token", &card.api_token);
    page.browser.press("Try it and keep it");
    page.browser.says("there is nowhere to keep the API token; nothing was kept");
    page.world.check_files();
    page.world.check_text("the page", &page.browser.html());
    assert!(!page.world.run("profile list").stdout.contains("acme"));
}
