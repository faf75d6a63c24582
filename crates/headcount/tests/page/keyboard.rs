//! A whole job with the keyboard alone: the focus is always visible, and nothing needs a mouse.

use crate::harness::World;
use crate::page::Page;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

/// The focused element: its text or label, and whether it is visible.
const FOCUSED: &str = "
    const at = document.activeElement;
    const label = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || '';
    const words = ((at.innerText || '') + ' ' + label).trim().split('\\n')[0];
    const box = at.getBoundingClientRect();
    const shows = at === document.body || (at.matches(':focus-visible') && box.width > 0
        && box.top < innerHeight && box.bottom > 0 && getComputedStyle(at).outlineStyle !== 'none');
    return [words, shows];";

/// Presses Tab until the focused element has this name.
#[track_caller]
fn tab_to(page: &Page, words: &str) {
    let mut seen = Vec::new();
    for _ in 0..120 {
        page.browser.keys(TAB);
        let focused = page.browser.script(FOCUSED, &[]);
        let called = focused[0].as_str().unwrap_or_default().to_owned();
        assert_eq!(focused[1], true, "“{called}” has the focus, and it does not show");
        if called.starts_with(words) {
            return;
        }
        seen.push(called);
    }
    panic!("Tab does not lead to “{words}”, only to {seen:#?}");
}

#[track_caller]
fn press(page: &Page, words: &str) {
    tab_to(page, words);
    page.browser.keys(ENTER);
}

#[test]
fn a_job_goes_from_the_start_to_the_undo_without_a_mouse() {
    let page = Page::open(World::new());
    press(&page, "Skip to the content");
    press(&page, "Add to groups");
    page.browser.says("Upload your spreadsheet");
    tab_to(&page, "Cells");
    page.browser.keys(
        "Email,Group\nvdillow@banc.ly,oslo-engineering\nbroken,x\nftoten2@banc.ly,hanoi-legal\n",
    );
    press(&page, "Read it");
    page.browser.says("cannot be read");
    tab_to(&page, "Continue without the");
    page.browser.keys(SPACE);
    press(&page, "Make the plan");
    page.browser.says("Nothing has been sent yet");
    press(&page, "Apply the first row");
    page.browser.says("Is it right?");
    press(&page, "Add the other membership");
    page.browser.says("Done");
    assert!(page.world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    press(&page, "Undo all 2 rows");
    page.browser.says("Undo of run");
    page.browser.says("Nothing has been sent yet");
    press(&page, "Apply the first row");
    page.browser.says("Is it right?");
    press(&page, "Remove the other membership");
    page.browser.says("Done");
    assert!(!page.world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    page.world.nothing_twice();
}
