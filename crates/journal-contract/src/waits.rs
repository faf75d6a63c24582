//! The waits that sites asked for.

use std::time::Duration;

use headcount_journal::Wait;
use jiff::{SignedDuration, Timestamp};

use crate::Opener;
use crate::fixture::at;

pub(crate) fn waits_are_kept_by_place_and_call_the_longest_counts_and_they_end(
    opener: &Opener<'_>,
) {
    let journal = opener.open();
    let waits = journal.waits().unwrap();
    let later = |text: &str| -> Timestamp { text.parse().unwrap() };
    let wait = |place: &str, call: &str, until: &str| {
        let wait = later(until).duration_since(at());
        Wait::new(place, call, at(), wait.try_into().unwrap())
    };
    let rounded = wait("https://a", "GET /x", "2026-11-20T18:00:09.001Z");
    assert_eq!(rounded.until, later("2026-11-20T18:00:10Z"), "never too early");
    waits.keep(&rounded, at()).unwrap();
    waits.keep(&wait("https://a", "GET /x", "2026-11-20T18:00:05Z"), at()).unwrap();
    waits.keep(&wait("https://b", "GET /x", "2026-11-20T19:00:00Z"), at()).unwrap();
    drop((waits, journal));
    let waits = opener.open().waits().unwrap();
    let all = waits.all(at()).unwrap();
    assert_eq!(all, [rounded, wait("https://b", "GET /x", "2026-11-20T19:00:00Z")]);
    assert_eq!(waits.all(later("2026-11-20T18:00:10Z")).unwrap(), all[1..]);
    assert!(waits.all(later("2026-11-20T19:00:00Z")).unwrap().is_empty());
}

/// A wait of one minute, stored by a clock that was five hours ahead, or read by a clock that was set back since.
/// It lasts one minute in the first command that reads it, and later commands do not wait longer.
pub(crate) fn a_wrong_clock_makes_no_wait_longer(opener: &Opener<'_>) {
    let waits = opener.open().waits().unwrap();
    let hours = |many: i64| at() + SignedDuration::from_hours(many);
    let minute = Duration::from_secs(60);
    waits.keep(&Wait::new("https://a", "GET /x", hours(5), minute), hours(5)).unwrap();
    let left = waits.all(at()).unwrap();
    assert_eq!(left[0].until, at() + SignedDuration::from_secs(60));
    assert!(waits.all(at() + SignedDuration::from_secs(61)).unwrap().is_empty());
    // A shorter wait by the right clock replaces one by a wrong clock.
    waits.keep(&Wait::new("https://a", "GET /x", hours(5), minute), hours(5)).unwrap();
    waits.keep(&Wait::new("https://a", "GET /x", at(), minute), at()).unwrap();
    assert!(waits.all(at() + SignedDuration::from_secs(61)).unwrap().is_empty());
    // A wait stored by a clock that was behind ends too early. That costs one refusal.
    waits.keep(&Wait::new("https://a", "GET /x", hours(-5), minute), hours(-5)).unwrap();
    assert!(waits.all(at()).unwrap().is_empty());
}

/// A wait of a year ends after a day, and the site is asked again. (Seed 933 of the simulation once sent a request
/// before the second wait was over.)
pub(crate) fn a_wait_that_is_due_again_gives_way_to_a_shorter_one(opener: &Opener<'_>) {
    let waits = opener.open().waits().unwrap();
    let wait = |heard: Timestamp, seconds: u64| {
        Wait::new("https://a", "GET /x", heard, Duration::from_secs(seconds))
    };
    let year = wait(at(), 365 * 86_400);
    let (before, due) =
        (at() + SignedDuration::from_secs(86_399), at() + SignedDuration::from_hours(24));
    waits.keep(&year, at()).unwrap();
    waits.keep(&wait(before, 1), before).unwrap();
    assert_eq!(waits.all(before).unwrap(), std::slice::from_ref(&year), "not due yet");
    assert!(!year.is_due_again(before) && year.is_due_again(due));
    waits.keep(&wait(due, 1), due).unwrap();
    assert_eq!(waits.all(due).unwrap(), [wait(due, 1)]);
    // The wait is one day at most.
    let day = wait(due, 86_400);
    waits.keep(&day, due).unwrap();
    waits.keep(&wait(due + SignedDuration::from_secs(86_399), 0), due).unwrap();
    assert_eq!(waits.all(due).unwrap(), [day]);
}
