//! The prefix index of Jira's user search.
//!
//! [Jira platform description]: the query "can match the prefix of the attribute's value", of `displayName` and
//! `emailAddress`. Assumption: every word of the name counts as a beginning, as on a real site. Hidden emails are
//! not in the index; they are found only by the whole email.

use std::collections::BTreeSet;

use super::model::{PersonIx, PersonRecord};

/// The keys by which a user can be found, in lower case.
pub(crate) fn name_keys(person: &PersonRecord) -> Vec<Box<str>> {
    let name = person.name.to_lowercase();
    let mut keys = Vec::with_capacity(3);
    let mut at_start = true;
    for (at, letter) in name.char_indices() {
        let is_space = letter.is_whitespace();
        if at_start && !is_space {
            keys.push(name[at..].into());
        }
        at_start = is_space;
    }
    if !person.hidden_email && !person.email.is_empty() {
        keys.push(person.email.to_lowercase().into());
    }
    keys
}

#[derive(Debug, Default, Clone)]
pub(crate) struct NameIndex {
    entries: BTreeSet<(Box<str>, PersonIx)>,
}

impl NameIndex {
    /// Builds the index at once, which is much faster than inserting keys one by one.
    pub(crate) fn build(mut entries: Vec<(Box<str>, PersonIx)>) -> Self {
        entries.sort_unstable();
        Self { entries: entries.into_iter().collect() }
    }

    pub(crate) fn add(&mut self, at: PersonIx, person: &PersonRecord) {
        for key in name_keys(person) {
            self.entries.insert((key, at));
        }
    }

    pub(crate) fn take_out(&mut self, at: PersonIx, person: &PersonRecord) {
        for key in name_keys(person) {
            self.entries.remove(&(key, at));
        }
    }

    /// All users with an attribute that starts with `prefix` (in lower case), sorted by that attribute. A user
    /// with two matches is returned twice.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = PersonIx> {
        let from = (Box::<str>::from(prefix), PersonIx(0));
        let prefix = from.0.clone();
        self.entries
            .range(from..)
            .take_while(move |(key, _)| key.starts_with(&*prefix))
            .map(|(_, at)| *at)
    }
}
