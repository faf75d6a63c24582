//! Words, sentences and phrases.

use fastrand::Rng;

use super::words::{LOREM, PLAIN};
use super::{Generator, pick};

const VERBS: &[&str] = &["compress", "copy", "parse", "connect", "index", "transmit", "program"];
const ING_VERBS: &[&str] = &["generating", "copying", "parsing", "connecting", "indexing"];
const ADJECTIVES: &[&str] = &["multi-byte", "solid state", "virtual", "wireless", "optical"];
const NOUNS: &[&str] = &["application", "alarm", "array", "driver", "firewall", "matrix", "panel"];
const BUZZ: &[&str] = &["exploit", "productize", "deliver", "scale", "extend", "transform"];
const BS_ADJECTIVES: &[&str] = &["bleeding-edge", "granular", "global", "open-source", "viral"];
const BS_NOUNS: &[&str] = &["technologies", "relationships", "channels", "systems", "metrics"];
const CATCH_ADJECTIVES: &[&str] = &["Ergonomic", "Realigned", "Focused", "Robust", "Secured"];
const CATCH_WORDS: &[&str] = &["analyzing", "local", "modular", "stable", "zero tolerance"];
const CATCH_NOUNS: &[&str] = &["projection", "line", "policy", "protocol", "interface"];

pub const TABLE: &[Generator] = &[
    ("$randomWord", |rng| pick(rng, PLAIN)),
    ("$randomWords", |rng| {
        let count = rng.usize(2..=5);
        many(rng, count, " ", |rng| pick(rng, PLAIN))
    }),
    ("$randomAdjective", |rng| pick(rng, ADJECTIVES)),
    ("$randomNoun", noun),
    ("$randomVerb", |rng| pick(rng, VERBS)),
    ("$randomIngverb", |rng| pick(rng, ING_VERBS)),
    ("$randomPhrase", |rng| {
        let (verb, adjective) = (pick(rng, VERBS), pick(rng, ADJECTIVES));
        format!("We need to {verb} the {adjective} JSON {}!", noun(rng))
    }),
    ("$randomBs", |rng| {
        format!("{} {} {}", pick(rng, BUZZ), pick(rng, BS_ADJECTIVES), pick(rng, BS_NOUNS))
    }),
    ("$randomBsAdjective", |rng| pick(rng, BS_ADJECTIVES)),
    ("$randomBsBuzz", |rng| pick(rng, BUZZ)),
    ("$randomBsNoun", |rng| pick(rng, BS_NOUNS)),
    ("$randomCatchPhrase", |rng| {
        let (word, noun) = (pick(rng, CATCH_WORDS), pick(rng, CATCH_NOUNS));
        format!("{} {word} {noun}", pick(rng, CATCH_ADJECTIVES))
    }),
    ("$randomCatchPhraseAdjective", |rng| pick(rng, CATCH_ADJECTIVES)),
    ("$randomCatchPhraseDescriptor", |rng| pick(rng, CATCH_WORDS)),
    ("$randomCatchPhraseNoun", |rng| pick(rng, CATCH_NOUNS)),
    ("$randomLoremWord", lorem),
    ("$randomLoremWords", |rng| many(rng, 3, " ", lorem)),
    ("$randomLoremSlug", |rng| many(rng, 3, "-", lorem)),
    ("$randomLoremSentence", sentence),
    ("$randomLoremSentences", |rng| many(rng, 4, " ", sentence)),
    ("$randomLoremParagraph", |rng| many(rng, 3, " ", sentence)),
    ("$randomLoremParagraphs", |rng| many(rng, 3, "\n \r", |rng| many(rng, 3, " ", sentence))),
    ("$randomLoremText", |rng| many(rng, 2, " ", sentence)),
    ("$randomLoremLines", |rng| many(rng, 4, "\n", sentence)),
];

pub fn noun(rng: &mut Rng) -> String {
    pick(rng, NOUNS)
}

pub fn slug(rng: &mut Rng, count: usize) -> String {
    many(rng, count, "_", lorem)
}

fn lorem(rng: &mut Rng) -> String {
    pick(rng, LOREM)
}

fn sentence(rng: &mut Rng) -> String {
    let count = rng.usize(4..10);
    let words = many(rng, count, " ", lorem);
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

fn many(rng: &mut Rng, count: usize, by: &str, mut word: impl FnMut(&mut Rng) -> String) -> String {
    (0..count).map(|_| word(rng)).collect::<Vec<_>>().join(by)
}
