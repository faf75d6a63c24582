//! The page as a person meets it: the real binary, a real browser (Chromium through WebDriver), the
//! sandbox over real HTTP.
//!
//! Rules:
//! - Nothing sleeps: every step waits for what a person would wait to see.
//! - Each page that is walked through is looked at by [`page::Page::look`]: axe finds nothing
//!   serious, no key is in it; and it is pictured, where pictures are wanted.
//! - Every test has a world of its own; the browser is Chromium with `chromedriver` next to it
//!   (Debian: `apt-get install chromium chromium-driver`). Without them the tests fail and say so.

mod approval;
mod browser;
mod collections;
mod door;
mod doubtful;
mod find;
mod forms;
mod history;
mod hostile;
mod jobs;
mod keyboard;
mod lists;
mod opening;
mod options;
mod page;
mod pictures;
mod provisioning;
mod rehearsal;
mod report;
mod roster;
mod rows;
mod sheets;
mod sites;
mod trouble;
mod uploads;
mod walks;
mod workers;

#[path = "../cli/harness/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the command line's tests use more of it")]
mod harness;
