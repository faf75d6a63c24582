//! Whether a heading says in words that it is a user's old or new address: `Nuova e-mail`, `E-mail (oud)`, `新しいメール`.
//! No table could have each address next to each word.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::headings::{EMAIL, Headings, MAIL_WORDS, NEW_WORDS, OLD_WORDS, SECOND_MAILS};
use headcount_sheet::Heading;
use headcount_sheet::heading::words::{folded, normalized};

/// Which of a user's two addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// The present one.
    Old,
    /// The one to change it to.
    New,
}

/// The address that a heading names: a heading of an address, next to words that all say old or all say new.
pub(super) fn old_or_new(heading: &Heading) -> Option<Address> {
    if SECOND.contains(heading.normalized()) {
        return None;
    }
    by_words(heading.words()).or_else(|| without_spaces(heading.normalized()))
}

static SECOND: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(&[SECOND_MAILS], normalized));

static MAILS: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(&[EMAIL, MAIL_WORDS], normalized));

static WORDS: LazyLock<[(Address, HashSet<String>); 2]> = LazyLock::new(|| {
    let of = |all| spelt(&[all], folded);
    [(Address::Old, of(OLD_WORDS)), (Address::New, of(NEW_WORDS))]
});

fn spelt(tables: &[&[Headings]], spell: fn(&str) -> String) -> HashSet<String> {
    tables.iter().copied().flatten().flat_map(Headings::iter).map(spell).collect()
}

fn said(word: &str) -> Option<Address> {
    WORDS.iter().find(|(_, words)| words.contains(word)).map(|(address, _)| *address)
}

fn by_words(words: &[String]) -> Option<Address> {
    let rest: String =
        words.iter().filter(|word| said(word).is_none()).map(String::as_str).collect();
    let mut all = words.iter().filter_map(|word| said(word));
    let first = all.next()?;
    (all.all(|other| other == first) && MAILS.contains(&rest)).then_some(first)
}

/// Chinese, Japanese and Korean headings have no spaces between the words.
fn without_spaces(heading: &str) -> Option<Address> {
    let is_cjk = |word: &&String| word.chars().all(|c| c >= '\u{1100}');
    let is_rest = |word: &str| {
        let rest = heading.strip_prefix(word).or_else(|| heading.strip_suffix(word));
        rest.is_some_and(|rest| MAILS.contains(rest.trim_start_matches(['の', '的'])))
    };
    let has = |words: &HashSet<String>| words.iter().filter(is_cjk).any(|word| is_rest(word));
    WORDS.iter().find(|(_, words)| has(words)).map(|(address, _)| *address)
}
