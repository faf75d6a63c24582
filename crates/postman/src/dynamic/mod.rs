//! The generators of Postman's published list: `{{$guid}}`, `{{$randomEmail}}` and the others.
//!
//! Names and forms are those of Postman's documentation ("Dynamic variables"); the words are headcount's own.

mod dates;
mod finance;
mod internet;
mod names;
mod numbers;
mod places;
mod text;
mod words;

use fastrand::Rng;

type Generator = (&'static str, fn(&mut Rng) -> String);

const TABLES: [&[Generator]; 7] = [
    numbers::TABLE,
    names::TABLE,
    places::TABLE,
    internet::TABLE,
    finance::TABLE,
    dates::TABLE,
    text::TABLE,
];

/// A new value for a name with its `$`; `None` for a name that is not on the list.
pub fn generate(name: &str) -> Option<String> {
    let generator = TABLES.iter().copied().flatten().find(|(known, _)| *known == name)?.1;
    Some(generator(&mut Rng::new()))
}

/// All names of the list.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().copied().flatten().map(|(name, _)| *name)
}

/// A random version 4 UUID (RFC 9562).
pub fn uuid() -> String {
    numbers::uuid(&mut Rng::new())
}

fn pick(rng: &mut Rng, words: &[&str]) -> String {
    words.get(rng.usize(..words.len())).copied().unwrap_or_default().to_owned()
}
