//! How usual a letter is between its two neighbors, in names and words of about 50 languages with Latin letters.
//!
//! `Bjšrn` has letters only, but no language has a `š` between `j` and `r`, and several have an `ö` there, which is
//! the same byte in Mac Roman. So a word is compared with each of its other readings: the one with the more usual
//! letters is meant, if it is more usual by far.
//!
//! `letters.txt` counts the letters outside ASCII in the given names, family names and places of Faker 40
//! (<https://github.com/joke2k/faker>, MIT) and in the names of languages, territories, months and days of CLDR 47
//! (<https://cldr.unicode.org>, Unicode License), about 25,000 words. A line has a letter and groups: the letter
//! before it, then each letter after it, with the binary logarithm of the number of words if it is not 0. `^` is the
//! begin of a word and `$` its end.

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::{ISO_8859_2, MACINTOSH, WINDOWS_1250};

use crate::text::candidate::Candidate;
use crate::text::words_of_letters::is_plausible;

/// Encodings whose letters are still letters when they are read as Windows-1252.
const OTHERS: [Candidate; 5] = [
    Candidate::Web(MACINTOSH),
    Candidate::Dos,
    Candidate::DosCentral,
    Candidate::Web(ISO_8859_2),
    Candidate::Web(WINDOWS_1250),
];

/// By how much another reading must be more usual (a natural logarithm). Of 25,000 correct words, each judged
/// without itself in the table, 16 have such a reading; judged with itself, none has.
const CLEARLY: f32 = 3.5;

/// The logarithm for a sign between letters, and for a letter that no word has there.
const NEVER: f32 = -3.9;

/// The word that is meant and its encoding, if `read` has unusual letters in Windows-1252 and usual ones in
/// another encoding.
pub(crate) fn meant(read: &str) -> Option<(String, Candidate)> {
    let letters: Vec<char> = folded(read);
    // With the boundaries. In shorter words the neighbors say too little.
    if letters.len() < 5 || !has_unusual(&letters) {
        return None;
    }
    let bytes = Candidate::Web(encoding_rs::WINDOWS_1252).bytes(read)?;
    let readings = OTHERS.into_iter().filter_map(|other| {
        let meant = other.text(&bytes)?;
        let is_word = meant.chars().all(char::is_alphabetic) && is_plausible(&meant);
        let gain = gain(&letters, &folded(&meant)).filter(|_| is_word)?;
        (gain > CLEARLY).then_some((gain, meant, other))
    });
    let best = readings.max_by(|one, other| one.0.total_cmp(&other.0))?;
    Some((best.1, best.2))
}

/// Whether a reading is more usual than another one by this much. A reading in another script is; of a shorter word
/// (`m³`), the neighbors say too little.
pub(crate) fn is_more_usual(meant: &str, read: &str, by: f32) -> bool {
    let letters = folded(read);
    gain(&letters, &folded(meant)).is_none_or(|gain| letters.len() > 4 && gain > by)
}

/// A word in lower case, with its boundaries.
fn folded(word: &str) -> Vec<char> {
    let small = |c: char| c.to_lowercase().next().unwrap_or(c);
    ['^'].into_iter().chain(word.chars().map(small)).chain(['$']).collect()
}

fn is_counted(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{17f}') && c.is_alphabetic()
}

/// A quick test that nearly every correct word fails: whether one of its characters is so unusual that another
/// reading can be more usual by far.
fn has_unusual(letters: &[char]) -> bool {
    const MOST: f32 = 6.5;
    letters.windows(3).any(|three| {
        !three[1].is_ascii() && (!is_counted(three[1]) || LETTERS.usual(three) < MOST - CLEARLY)
    })
}

/// By how much the letters of a reading are more usual than the original ones; `None` if the reading differs in
/// characters that are often between letters.
fn gain(read: &[char], meant: &[char]) -> Option<f32> {
    if read.len() != meant.len() {
        return None;
    }
    let mut gain = 0.0;
    for (old, new) in read.windows(3).zip(meant.windows(3)) {
        let (was, is) = (old[1], new[1]);
        if was == is {
            continue;
        }
        let before = match was {
            '’' | '‘' | '–' | '—' | '“' | '”' | '„' | '‚' | '‹' | '›' | '«' | '»' | '…' | '•' =>
            {
                return None;
            }
            '\u{a0}' if old[0] == '^' || old[2] == '$' || !cuts_a_word(read) => return None,
            '\u{a0}' => NEVER / 2.0,
            was if is_counted(was) => LETTERS.usual(old),
            _ => NEVER,
        };
        gain += if is_counted(is) { LETTERS.usual(new) - before } else { return None };
    }
    Some(gain)
}

/// Whether the no-break spaces of a text cut a word: a part has no vowel and is no abbreviation.
fn cuts_a_word(letters: &[char]) -> bool {
    const VOWELS: &str = "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿąęěůűőı";
    const ABBREVIATIONS: [&str; 14] =
        ["dr", "mr", "mrs", "ms", "st", "jr", "sr", "fr", "hr", "nr", "mgr", "phd", "ltd", "gmbh"];
    letters[1..letters.len() - 1].split(|c| *c == '\u{a0}').any(|part| {
        let text: String = part.iter().collect();
        !part.iter().any(|c| VOWELS.contains(*c)) && !ABBREVIATIONS.contains(&text.as_str())
    })
}

/// The numbers of words with a letter outside ASCII between two others, after one, and before one.
struct Letters {
    between: HashMap<[char; 3], f32>,
    after: HashMap<[char; 2], f32>,
    before: HashMap<[char; 2], f32>,
}

static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::of(include_str!("letters.txt")));

impl Letters {
    fn of(table: &str) -> Self {
        let (mut between, mut after, mut before) =
            (HashMap::new(), HashMap::<_, f32>::new(), HashMap::<_, f32>::new());
        for line in table.lines() {
            let mut groups = line.split(' ');
            let letter = groups.next().and_then(|group| group.chars().next()).unwrap_or('^');
            for group in groups {
                let mut signs = group.chars().peekable();
                let left = signs.next().unwrap_or('^');
                while let Some(right) = signs.next() {
                    let exponent = signs.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10));
                    let count = f32::from(1_u16 << exponent.unwrap_or(0));
                    between.insert([left, letter, right], count);
                    *after.entry([left, letter]).or_default() += count;
                    *before.entry([letter, right]).or_default() += count;
                }
            }
        }
        Self { between, after, before }
    }

    /// How usual the middle of three letters is, as the logarithm of a number of words. If no word has all three,
    /// those with two of them count a little.
    fn usual(&self, three: &[char]) -> f32 {
        let &[left, letter, right] = three else { return NEVER };
        let between = self.between.get(&[left, letter, right]).copied().unwrap_or(0.0);
        let after = self.after.get(&[left, letter]).copied().unwrap_or(0.0);
        let before = self.before.get(&[letter, right]).copied().unwrap_or(0.0);
        (0.02 + between + 0.15 * after.min(before) + 0.01 * (after + before).min(20.0)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_unusual_letters_is_read_in_the_encoding_with_usual_ones() {
        for (read, wanted) in [
            ("Bjšrn", "Björn"),
            ("Nov\u{a0}k", "Novák"),
            ("G\u{a0}bor", "Gábor"),
            ("Jesœs", "Jesús"),
            ("Abramoviæ", "Abramović"),
            ("Kamiñska", "Kamińska"),
        ] {
            let read = meant(read).map(|(word, _)| word);
            assert_eq!(read.as_deref(), Some(wanted));
        }
    }

    #[test]
    fn a_word_with_usual_letters_is_meant() {
        for fine in [
            "Šimon",
            "Kršnjavi",
            "Mršnik",
            "Pštross",
            "Jakšić",
            "Lœtitia",
            "Hœrdt",
            "Brandýs",
            "Koçkan",
            "Forlì",
            "Tõnu",
            "Lê",
            "Müller",
            "Sæmundur",
            "de\u{a0}la\u{a0}Cruz",
            "Dr\u{a0}van\u{a0}Dyk",
            "Zoë",
            "D’Angelo",
        ] {
            assert_eq!(meant(fine), None, "{fine}");
        }
    }

    #[test]
    fn each_line_of_the_table_has_a_letter_and_its_neighbors() {
        let table = include_str!("letters.txt");
        assert!(table.lines().count() > 60);
        for line in table.lines() {
            let mut groups = line.split(' ');
            let letter: Vec<char> = groups.next().unwrap_or_default().chars().collect();
            assert!(matches!(letter[..], [c] if is_counted(c)), "{line}");
            assert!(groups.all(|group| group.chars().count() > 1), "{line}");
        }
    }
}
