//! Whether the sheet has another name for a user than the site: an address in the wrong line is
//! the likeliest way to touch the wrong person, and the name next to it shows it. Pure.
//!
//! Only what is surely another name counts. Names that share a part, nicknames and abbreviations that
//! hold one, other spellings and other alphabets are no reason to look twice: a user who is warned
//! for nothing looks no more.

use strsim::jaro_winkler;

use crate::rows::{Columns, names_a_person};

/// Parts of names that are so alike are one, spelt differently.
const ALIKE: f64 = 0.85;

/// The columns of a sheet that hold the name of the person a row is about.
pub(super) struct NameColumns(Vec<usize>);

impl NameColumns {
    /// Those among the headings that nothing else is read from.
    pub fn of(headings: &[String], columns: &Columns) -> Self {
        let is_name = |heading: &String| names_a_person(heading);
        let free = |at: &usize| !columns.uses(*at);
        let named = headings.iter().enumerate().filter(|(_, heading)| is_name(heading));
        Self(named.map(|(at, _)| at).filter(free).collect())
    }

    /// What a row calls the person; `None`: no column says it.
    pub fn written(&self, cells: &[String]) -> Option<String> {
        let written: Vec<&str> =
            self.0.iter().filter_map(|&at| cells.get(at)).map(String::as_str).collect();
        (!self.0.is_empty()).then(|| written.join(" "))
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Parts of a name: two letters at least, for an initial says nothing.
fn parts(name: &str) -> Vec<String> {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.map(bare).filter(|word| word.chars().count() > 1).map(|word| spelt_out(&word)).collect()
}

/// As addresses and keyboards without these letters spell them.
fn spelt_out(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

/// Whether what a row calls the person is surely not what the site calls them.
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
        /// Nobody is another than themselves, however their name is written.
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
