//! Columns that look like one of the job: the page asks, and an answer about another column decides nothing.

use crate::harness::World;
use crate::page::Page;

#[test]
fn a_column_that_looks_like_groups_is_asked_about() {
    let page = Page::open(World::new());
    page.job("create");
    page.paste("Email\tGroup\tMail 2\nnora.new@banc.ly\tR&D\tnora@example.com\n");
    page.browser.says("both look like the user's email address");
    // One of them is decided; the groups are not.
    page.browser.click("select[name=column2] option[value='-']");
    page.browser.says("looks like the user's groups");
    page.browser.click("select[name=column1] option[value=groups]");
    page.browser.says("1 row.");
    page.plan();
    page.browser.says("R&D");
    page.world.nothing_sent();
}
