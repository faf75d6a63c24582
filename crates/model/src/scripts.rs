//! Letters of several scripts in one word: `bаnc.ly` with a Cyrillic `а` is another domain than
//! `banc.ly`, and no reader sees it.
//!
//! By Unicode's security mechanisms (UTS 39): a word whose letters have no script in common is
//! suspect, except where Japanese, Korean or Chinese is written with Latin letters; so is a word of
//! another script that looks Latin letter for letter, before a Latin domain.

use unicode_normalization::UnicodeNormalization as _;
use unicode_script::{Script, UnicodeScript};
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{GeneralSecurityProfile as _, skeleton};

/// A letter of another script than the word around it, such as `Cyrillic “а” (U+0430)`. A word wholly of another
/// script counts if it looks Latin and what is around it is Latin: nothing shows that it is not.
pub fn odd_letter(address: &str) -> Option<String> {
    if address.is_ascii() {
        return None;
    }
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let is_latin =
        |word: &str| word.chars().all(|c| !c.is_alphabetic() || c.script() == Script::Latin);
    let before_latin = domain.split('.').all(is_latin);
    let under_latin = domain.rsplit('.').next().is_some_and(is_latin);
    let odd = |word, by_looks| odd_in_word(word, by_looks);
    let words = domain.split('.').filter(|word| !word.is_ascii());
    odd(local, before_latin).or_else(|| words.into_iter().find_map(|word| odd(word, under_latin)))
}

/// The same in a word of a name: a name may have words of several scripts.
pub fn odd_letter_of_name(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphabetic());
    words.filter(|word| !word.is_ascii()).find_map(|word| odd_in_word(word, true))
}

fn odd_in_word(word: &str, by_looks: bool) -> Option<String> {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_latin = |c: &char| c.script() == Script::Latin;
    // Letters of phonetic alphabets, such as `ɑ` and `ɡ`: no language writes addresses with them.
    let is_phonetic = |c: &&char| {
        !c.is_ascii()
            && !c.identifier_allowed()
            && skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii())
    };
    if let Some(&letter) = letters.iter().filter(|c| is_latin(c)).find(is_phonetic) {
        return Some(described(letter));
    }
    let (latin, others): (Vec<char>, Vec<char>) = letters.iter().partition(|c| is_latin(c));
    let &first =
        others.iter().find(|c| !matches!(c.script(), Script::Common | Script::Inherited))?;
    let set = AugmentedScriptSet::for_str(&others.iter().collect::<String>());
    let east_asian = set.jpan || set.kore || set.hanb;
    let mixed = set.is_empty() || (!latin.is_empty() && !east_asian);
    let looks_latin = || by_looks && latin.is_empty() && skeleton(word).all(is_plain_latin);
    (mixed || looks_latin()).then(|| described(first))
}

/// A character of a skeleton that readers take for Latin: a letter of the western and central European alphabets,
/// its accents, or no letter. Small capitals are not: `в`, `к`, `т` look like them, and readers know the difference.
fn is_plain_latin(c: char) -> bool {
    const KRA: char = 'ĸ';
    match c.script() {
        Script::Latin => c <= '\u{17F}' && c != KRA,
        Script::Common | Script::Inherited => true,
        _ => false,
    }
}

/// A character of a name that is another form of a plain one, such as the full-width `Ｒ`.
pub fn odd_form_of_name(name: &str) -> Option<String> {
    let odd = name.chars().find(|c| !c.is_ascii() && !c.nfkc().eq(c.nfc()))?;
    Some(format!("“{odd}” (U+{:04X})", u32::from(odd)))
}

/// A name with plain forms in place of full-width letters, ligatures and the like.
pub fn in_plain_forms(name: &str) -> String {
    name.nfkc().collect()
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
            ("v\u{251}n@banc.ly", "Latin “ɑ” (U+0251)"),
            ("ann@\u{261}oogle.com", "Latin “ɡ” (U+0261)"),
            // Wholly of another script, and it looks Latin letter for letter.
            ("аре@banc.ly", "Cyrillic “а” (U+0430)"),
            ("АНТОН@banc.ly", "Cyrillic “А” (U+0410)"),
            ("ёхо@banc.ly", "Cyrillic “ё” (U+0451)"),
            ("саѕеу@banc.ly", "Cyrillic “с” (U+0441)"),
            ("хоре2031@banc.ly", "Cyrillic “х” (U+0445)"),
            ("сара.сосо@banc.ly", "Cyrillic “с” (U+0441)"),
            ("аре@müller.de", "Cyrillic “а” (U+0430)"),
            ("νορο@banc.ly", "Greek “ν” (U+03BD)"),
            ("օսօ@banc.ly", "Armenian “օ” (U+0585)"),
            ("ann@соса.com", "Cyrillic “с” (U+0441)"),
            ("ann@mail.соса.com", "Cyrillic “с” (U+0441)"),
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
            // A letter that no Latin one looks like.
            "почта@banc.ly",
            "вера@banc.ly",
            "иван@banc.ly",
            "мария.сосо@banc.ly",
            "ап@banc.ly",
            "家@banc.ly",
            "אבג@banc.ly",
            // Before a domain of the same script.
            "сара@почта.рф",
            "аре@соса.рф",
            "аре@xn--80a1acny.рф",
            "аре@почта.com",
        ] {
            assert_eq!(odd_letter(address), None, "{address}");
        }
        assert!(odd_letter_of_name("oslо-engineering").is_some());
        assert_eq!(odd_form_of_name("Ｒ&D").as_deref(), Some("“Ｒ” (U+FF32)"));
        assert_eq!(in_plain_forms("Ｒ＆Ｄ oﬀice"), "R&D office");
        for name in ["R&D", "Größe/Maß", "営業", "Группа"] {
            assert_eq!(odd_form_of_name(name), None, "{name}");
        }
        for name in ["R&D Группа", "Größe/Maß", "営業 sales", "Отдел R&D"] {
            assert_eq!(odd_letter_of_name(name), None, "{name}");
        }
    }
}
