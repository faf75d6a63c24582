//! Letters of several scripts in one word: `bаnc.ly` with a Cyrillic `а` is another domain than
//! `banc.ly`, and no reader sees it.
//!
//! By Unicode's security mechanisms (UTS 39): a word whose letters have no script in common is
//! suspect, except where Japanese, Korean or Chinese is written with Latin letters; so is a word of
//! another script that looks like ASCII letter for letter.

use unicode_script::{Script, UnicodeScript};
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

/// A letter of another script than the word around it, such as `Cyrillic “а” (U+0430)`.
pub fn odd_letter(address: &str) -> Option<String> {
    if address.is_ascii() {
        return None;
    }
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let words = std::iter::once(local).chain(domain.split('.'));
    words.filter(|word| !word.is_ascii()).find_map(odd_in_word)
}

/// The same in a word of a name: a name may have words of several scripts.
pub fn odd_letter_of_name(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphabetic());
    words.filter(|word| !word.is_ascii()).find_map(odd_in_word)
}

fn odd_in_word(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_latin = |c: &char| c.script() == Script::Latin;
    let (latin, others): (Vec<char>, Vec<char>) = letters.iter().partition(|c| is_latin(c));
    let &first =
        others.iter().find(|c| !matches!(c.script(), Script::Common | Script::Inherited))?;
    let set = AugmentedScriptSet::for_str(&others.iter().collect::<String>());
    let east_asian = set.jpan || set.kore || set.hanb;
    let mixed = set.is_empty() || (!latin.is_empty() && !east_asian);
    let looks_ascii = || latin.is_empty() && skeleton(word).all(|c| c.is_ascii());
    (mixed || looks_ascii()).then(|| described(first))
}

/// A letter with its script and code.
pub fn described(letter: char) -> String {
    format!("{} “{letter}” (U+{:04X})", letter.script().full_name(), u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_another_script_are_found() {
        for (address, odd) in [
            ("ann@bаnc.ly", "Cyrillic “а” (U+0430)"),
            ("аnn@banc.ly", "Cyrillic “а” (U+0430)"),
            ("οliver@banc.ly", "Greek “ο” (U+03BF)"),
            ("ann@bαnc.ly", "Greek “α” (U+03B1)"),
            ("ann.smith@ехаmple.com", "Cyrillic “е” (U+0435)"),
            ("сосо@banc.ly", "Cyrillic “с” (U+0441)"),
            ("jоrg+тest@banc.ly", "Cyrillic “о” (U+043E)"),
            ("annա@banc.ly", "Armenian “ա” (U+0561)"),
        ] {
            assert_eq!(odd_letter(address).as_deref(), Some(odd), "{address}");
        }
        for address in [
            "ann@banc.ly",
            "jörg.groß@exämple.de",
            "łukasz.żółć@firma.pl",
            "анна@почта.рф",
            "ann@почта.рф",
            "山田太郎@例え.jp",
            "yamada山田@banc.ly",
            "田中tanaka@banc.ly",
            "김철수kim@banc.kr",
            "ışık@banc.com.tr",
            "νίκος@banc.gr",
        ] {
            assert_eq!(odd_letter(address), None, "{address}");
        }
        assert!(odd_letter_of_name("oslо-engineering").is_some());
        for name in ["R&D Группа", "Größe/Maß", "営業 sales", "Отдел R&D"] {
            assert_eq!(odd_letter_of_name(name), None, "{name}");
        }
    }
}
