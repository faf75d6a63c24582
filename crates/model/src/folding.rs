//! How texts are searched and sorted: without case and accents, so that `zielinski` finds `Zieliński`.
//!
//! Only for looking things up on a screen. What decides who a row is about is [`spelling`](crate::spelling),
//! where an accent makes another person.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it is searched: decomposed, without accents, in lowercase. Letters that Unicode does not
/// decompose are written as people without them on the keyboard do.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_ascii_lowercase()) };
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match spelled_out(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ı' => "i",
        'þ' => "th",
        'ħ' => "h",
        _ => return None,
    })
}

/// Whether a text contains another one, which is [`folded`] already.
pub fn holds(text: &str, folded_part: &str) -> bool {
    if !text.is_ascii() {
        return folded(text).contains(folded_part);
    }
    let part = folded_part.as_bytes();
    let mut places = text.as_bytes().windows(part.len().max(1));
    part.is_empty() || places.any(|place| place.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        for (text, wanted) in [
            ("Größe ÉCOLE", "grosse ecole"),
            ("Zieliński.csv", "zielinski.csv"),
            ("Łukasz Ødegård", "lukasz odegard"),
            ("a\u{301}", "a"),
            ("ПЁТР", "петр"),
            ("plain", "plain"),
        ] {
            assert_eq!(folded(text), wanted);
            assert!(holds(text, wanted), "{text}");
            assert!(holds(&format!("x {text} y"), wanted), "{text}");
        }
        assert!(holds("", "") && holds("A", "") && !holds("", "a") && !holds("ab", "abc"));
    }
}
