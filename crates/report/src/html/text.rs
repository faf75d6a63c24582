//! Texts of others made harmless, and times for people.

use std::borrow::Cow;

use headcount_model::harmful::is_harmful;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// A longer word is not an address, so a line may break anywhere in it.
pub const LONG_WORD: usize = 80;

/// A text in which each address stays on one line; a browser would break it at its hyphens.
pub fn prose(text: &str) -> Markup {
    let text = seen(text);
    let is_address = |word: &str| word.contains('@') && word.chars().count() <= LONG_WORD;
    html! {
        bdi {
            @for word in text.split_inclusive(char::is_whitespace) {
                @if is_address(word) { span.nowrap { (word.trim_end()) } @if word.ends_with(char::is_whitespace) { " " } }
                @else { (word) }
            }
        }
    }
}

/// A text that is safe to show: invisible characters and those that turn the text around them become signs. Tabs and line
/// breaks become spaces.
pub fn seen(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| sign(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| sign(c).unwrap_or(c)).collect())
}

/// The sign for a character that is not shown as it is.
fn sign(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        // Unicode has a picture of each old control character.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        c if is_harmful(c) => Some('\u{fffd}'),
        _ => None,
    }
}

/// `Sunday, November 22, 2026, 02:13:51 (UTC+01:00)`.
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%A, %B %-d, %Y, %H:%M:%S (UTC%:z)").to_string()
}

/// The same for tables: `2026-11-22 02:13:51 +01:00`.
pub fn short_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_hides_or_turns_is_left() {
        assert_eq!(seen("plain Größe 漢字 🙂"), "plain Größe 漢字 🙂");
        assert_eq!(seen("a\0b\u{1b}[2Jc\td"), "a␀b␛[2Jc d");
        assert_eq!(
            seen("evil\u{202e}fdp.exe\u{2066}\u{200b}"),
            "evil\u{fffd}fdp.exe\u{fffd}\u{fffd}"
        );
        assert_eq!(seen("\u{85}\u{fffe}\u{7f}"), "\u{fffd}\u{fffd}␡");
    }
}
