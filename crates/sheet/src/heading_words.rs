//! The words of a heading, as they are compared.
//!
//! A heading is written by a program (`userPassword`, `Initial password [passwordProfile] Required`)
//! or by a person in some language (`Contraseña`, `パスワード`). Its words are compared without regard
//! to case, accents, width and marks that no reader sees, so that a letter and its accent in one
//! character or in two (a file from a Mac) are the same heading.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::cell::is_invisible;

/// A text without case, accents, width and unseen marks: `Contraseña` → `contrasena`.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let seen = text.chars().filter(|c| !is_invisible(*c));
    for c in seen.flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The [`folded`] words of a heading: `userPassword2` → `user`, `password`, `2`; `APIキー` → `api`,
/// `キー`.
pub(super) fn words(heading: &str) -> Vec<String> {
    // Composed first, so that an accent of its own does not part a word.
    let letters: Vec<char> = heading.nfc().filter(|c| !is_invisible(*c)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1).copied();
        if before.is_some_and(|before| parts(before, c, after)) {
            words.push(std::mem::take(&mut word));
        }
        if is_of_a_word(c) {
            word.push(c);
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.iter().map(|word| folded(word)).collect()
}

/// Marks count: without them a word in Hindi or Thai would fall into pieces.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether a new word begins with `c`.
fn parts(before: char, c: char, after: Option<char>) -> bool {
    if is_of_a_word(before) != is_of_a_word(c) {
        return true;
    }
    let is_wide = |c: char| c >= '\u{1100}' && !is_combining_mark(c) && !is_full_width_latin(c);
    before.is_numeric() != c.is_numeric()
        || is_wide(before) != is_wide(c)
        || (c.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && after.is_some_and(char::is_lowercase))))
}

/// `Ｐ` is a P.
fn is_full_width_latin(c: char) -> bool {
    matches!(c, '\u{1e00}'..='\u{1fff}' | '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_where_people_and_programs_split_them() {
        for (heading, wanted) in [
            ("userPassword2", "user password 2"),
            (
                "Initial password [passwordProfile] Required",
                "initial password password profile required",
            ),
            ("APIKey", "api key"),
            ("orgAPIKey", "org api key"),
            ("Contrasen\u{303}a", "contrasena"),
            ("CONTRASEÑA", "contrasena"),
            ("APIキー", "api キー"),
            ("ＰＡＳＳＷＯＲＤ", "password"),
            ("ﾊﾟｽﾜｰﾄﾞ", "ハスワート"),
            ("Pass\u{200b}word*", "password"),
            ("temp_pwd", "temp pwd"),
            ("ŞİFRE", "sifre"),
            ("", ""),
        ] {
            assert_eq!(words(heading).join(" "), wanted, "{heading}");
        }
    }
}
