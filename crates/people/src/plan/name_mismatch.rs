//! Compares a user's name in the spreadsheet with the name on the site. An address in the wrong line is the most
//! frequent way to change the wrong user, and the name next to it shows it. Pure.
//!
//! Only a name that is surely different counts. Names with a common part, nicknames, abbreviations, other spellings and
//! other alphabets cause no warning: after false warnings, users ignore the next one.

use strsim::jaro_winkler;

/// Parts of names that are at least this similar count as the same name.
const ALIKE: f64 = 0.85;

fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The parts of a name; an initial is left out.
fn parts(name: &str) -> Vec<String> {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.map(bare).filter(|word| word.chars().count() > 1).map(|word| spelt_out(&word)).collect()
}

/// Replaces umlauts as addresses and keyboards without them do.
fn spelt_out(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

/// Whether the row's name for the user is surely not the site's.
pub(super) fn is_another(written: &str, site: &str) -> bool {
    let (written, site) = (parts(written), parts(site));
    let comparable = |parts: &[String]| {
        parts.iter().any(|part| part.chars().any(|letter| letter.is_ascii_alphabetic()))
    };
    if !comparable(&written) || !comparable(&site) {
        return false;
    }
    let holds = |one: &str, other: &str| other.chars().count() > 2 && one.contains(other);
    let same = |one: &str, other: &str| {
        holds(one, other) || holds(other, one) || jaro_winkler(one, other) >= ALIKE
    };
    !written.iter().any(|one| site.iter().any(|other| same(one, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_another_name_is_another() {
        for (written, site) in [
            ("Paula Chefin", "Henrik Vinter"),
            ("Ulla Äpfel", "Lena Room"),
            ("Anna Kowalska", "jfloat"),
        ] {
            assert!(is_another(written, site), "{written} and {site}");
        }
        for (written, site) in [
            ("Henrik Vinter", "Henrik Vinter"),
            ("Vinter, Henrik", "Henrik Vinter"),
            ("H. Vinter", "Henrik Vinter"),
            ("Alexander Kim", "Alex Kim"),
            ("Alexandra", "Alex (contractor)"),
            ("Joerg Gross", "Jörg Groß"),
            ("Anna Kowalski", "akowalski"),
            ("Иван Петров", "Ivan Petrov"),
            ("", "Henrik Vinter"),
            ("Henrik Vinter", ""),
            ("H", "Paula"),
        ] {
            assert!(!is_another(written, site), "{written} and {site}");
        }
    }

    proptest::proptest! {
        /// A name is never different from itself, however it is written.
        #[test]
        fn the_same_name_is_never_another(name in "\\PC{0,30}") {
            proptest::prop_assert!(!is_another(&name, &name));
        }

        #[test]
        fn capitals_make_no_other_name(name in "[a-zäöüßéèñøç '-]{0,30}") {
            proptest::prop_assert!(!is_another(&name.to_uppercase(), &name));
        }
    }
}
