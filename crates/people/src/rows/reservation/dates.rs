//! Days in cells, in the forms that people and programs write.

use headcount_sheet::heading::words::words;
use jiff::civil::Date;

/// Beginnings of the names of months in many languages, [`folded`](headcount_sheet::heading::words::folded).
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "sty"],
    &["feb", "fev", "lut"],
    &["mar", "mrz", "maa"],
    &["apr", "avr", "abr", "kwi"],
    &["may", "mai", "mei", "mag"],
    &["jun", "juin", "giu", "cze"],
    &["jul", "juil", "lug", "lip"],
    &["aug", "aou", "ago", "sie"],
    &["sep", "set", "wrz"],
    &["oct", "okt", "out", "ott", "paz"],
    &["nov", "lis"],
    &["dec", "dez", "dic", "gru"],
];

/// Whether a text has a day after today. If it can be read in two ways (`01/02/2027`), the later one counts.
pub(super) fn is_after(text: &str, today: Date) -> bool {
    latest(text).is_some_and(|day| day > today)
}

/// Whether a text has a day, and none after today.
pub(super) fn is_past(text: &str, today: Date) -> bool {
    latest(text).is_some_and(|day| day <= today)
}

/// The month, from 1, that a word names.
pub(super) fn month(word: &str) -> Option<i8> {
    let is_it =
        |names: &&[&str]| word.len() <= 12 && names.iter().any(|name| word.starts_with(name));
    // `juin` and `juil` begin like no other month, so the longest name decides.
    if word.starts_with("juil") {
        return Some(7);
    }
    let at = MONTHS.iter().position(is_it)?;
    i8::try_from(at + 1).ok()
}

/// The latest day of a text.
fn latest(text: &str) -> Option<Date> {
    let words = words(text);
    let all = (0..words.len()).filter_map(|at| day_at(&words[at..]));
    all.max()
}

/// The latest reading of the day with which words begin.
fn day_at(words: &[String]) -> Option<Date> {
    let number = |at: usize| words.get(at).and_then(|word| whole(word));
    let named = |at: usize| words.get(at).and_then(|word| month(word));
    let first = number(0);
    if let (Some(joined), Some(8)) = (first, words.first().map(String::len)) {
        return date(joined / 10_000, joined / 100 % 100, joined % 100);
    }
    // 2027-03-31, 2027/3/31, 2027年3月31日
    if let Some(year) = first.filter(|year| *year >= 1900) {
        let at = |at: usize| match words.get(at).map(String::as_str) {
            Some("年" | "月" | "년" | "월") => number(at + 1),
            _ => number(at),
        };
        let skip = usize::from(words.get(1).is_some_and(|word| word == "年" || word == "년"));
        let month = at(1).or_else(|| named(1).map(i32::from))?;
        return date(year, month, at(2 + skip).unwrap_or(28));
    }
    let dayed = match (first, number(1), number(2)) {
        // 31.12.2027, 12/31/2027, 31/12/27
        (Some(one), Some(two), Some(year)) => {
            let year = full(year, words.get(2)?.len())?;
            date(year, two, one).max(date(year, one, two))
        }
        _ => None,
    };
    let written = || {
        // 31 March 2027, 31. März 2027, March 31, 2027, March 2027
        let (month, day, year) = match (first, named(0), named(1)) {
            (Some(day), _, Some(month)) => (month, day, 2),
            (None, Some(month), _)
                if number(1).is_some_and(|day| day <= 31) && number(2).is_some() =>
            {
                (month, number(1)?, 2)
            }
            (None, Some(month), _) => (month, 28, 1),
            _ => return None,
        };
        let year = full(number(year)?, words.get(year)?.len())?;
        date(year, i32::from(month), day)
    };
    dayed.or_else(written)
}

fn whole(word: &str) -> Option<i32> {
    let is_number = word.len() <= 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten()
}

/// A year of two or four digits.
fn full(year: i32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    let [year, month, day] =
        [i16::try_from(year).ok()?, i16::try_from(month).ok()?, i16::try_from(day).ok()?];
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
