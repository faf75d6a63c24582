//! Foreign text made harmless; numbers, times and durations for people.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A text as it can be shown: what would not be seen, or would turn the text around it, becomes a
/// sign. Tabs and line breaks become spaces.
pub fn seen(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| sign(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| sign(c).unwrap_or(c)).collect())
}

/// The sign for a character that must not be shown as it is.
fn sign(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        // Unicode has a picture of each old control character.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some('\u{fffd}'),
        c if (u32::from(c) & 0xfffe) == 0xfffe => Some('\u{fffd}'),
        _ => None,
    }
}

/// `12,345`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`.
pub fn many(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", number(count)) }
}

/// `Sunday, November 22, 2026, 02:13:51 (UTC+01:00)`.
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%A, %B %-d, %Y, %H:%M:%S (UTC%:z)").to_string()
}

/// The same for tables: `2026-11-22 02:13:51 +01:00`.
pub fn short_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// `240 ms`, `3.2 s`, `12 min 5 s`, `3 h 20 min`.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..10 if time.subsec_millis() >= 100 => {
            format!("{seconds}.{} s", time.subsec_millis() / 100)
        }
        seconds @ 1..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A time given in milliseconds: `8.4 ms`, `120 ms`, `3.2 s`.
pub fn milliseconds(time: f64) -> String {
    match time {
        time if time < 10.0 => format!("{time:.1} ms"),
        time if time < 1000.0 => format!("{time:.0} ms"),
        time => format!("{:.1} s", time / 1000.0),
    }
}

/// A rate: one digit behind the point below ten, if it says something.
pub fn rate(rate: f64) -> String {
    if rate >= 10.0 || rate.fract() == 0.0 { format!("{rate:.0}") } else { format!("{rate:.1}") }
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

    #[test]
    fn durations_are_for_people() {
        let of = |ms| duration(Duration::from_millis(ms));
        assert_eq!(
            [of(240), of(3250), of(59_900), of(725_000), of(12_000_000)],
            ["240 ms", "3.2 s", "59 s", "12 min 5 s", "3 h 20 min"]
        );
    }
}
