//! Words that all faces use: numbers, durations, foreign text, steps and runs.

pub mod chosen;
pub mod credentials;
pub mod exports;
pub mod reading;
pub mod runs;
pub mod seats;
pub mod steps;

use std::borrow::Cow;
use std::time::Duration;

use headcount_model::harmful::is_harmful;
pub use headcount_model::words::{many, thousands};

/// Removes harmful characters from a text, so that terminal escapes in cells and answers have no effect. Line
/// breaks stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_harmful(c) && c != '\n';
    if text.contains(bad) { Cow::Owned(text.replace(bad, "�")) } else { Cow::Borrowed(text) }
}

/// A word as you type it on a command line, in single quotes if it needs them.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@+~\\".contains(c);
    match word.is_empty() || !word.chars().all(plain) {
        true => Cow::Owned(format!("'{}'", word.replace('\'', r"'\''"))),
        false => Cow::Borrowed(word),
    }
}

/// `1 user`, `2 users`.
pub fn people(number: u64) -> String {
    many(number, "user")
}

/// An approximate duration: `less than a second`, `about 12 s`, `about 3 min`, `about 2 h 5 min`.
pub fn about(time: Duration) -> String {
    span("about", time)
}

fn span(how: &str, time: Duration) -> String {
    match time.as_secs() {
        0 => "less than a second".into(),
        _ => format!("{how} {}", short(time)),
    }
}

/// Only the number: `12 s`, `3 min`, `2 h 5 min`; at least a second.
pub fn short(time: Duration) -> String {
    match time.as_secs().max(1) {
        seconds @ ..=90 => format!("{seconds} s"),
        seconds @ 91..=5400 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A time on this computer's clock, with its date if that is not today.
pub fn time_of_day(at: jiff::Timestamp, now: jiff::Timestamp) -> String {
    let [at, now] = [at, now].map(|time| time.to_zoned(jiff::tz::TimeZone::system()));
    let form = if at.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    at.strftime(form).to_string()
}
