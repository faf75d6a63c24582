//! The prefix index behind Jira's user search.
//!
//! [Jira platform description]: the query "can match the prefix of the attribute's value", of
//! `displayName` and `emailAddress`. Assumption: a word inside the name counts as a start too,
//! as it does on a real site. Hidden mails are not indexed; they are found by the whole mail only.

use std::collections::BTreeSet;

use super::model::{PersonIx, PersonRecord};

/// What a person can be found by, in lower case.
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
    /// Builds the index at once; much faster than inserting one by one.
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

    /// All users with an attribute that starts with `prefix` (in lower case), by that attribute;
    /// a user who matches twice comes twice.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = PersonIx> {
        let from = (Box::<str>::from(prefix), PersonIx(0));
        let prefix = from.0.clone();
        self.entries
            .range(from..)
            .take_while(move |(key, _)| key.starts_with(&*prefix))
            .map(|(_, at)| *at)
    }
}
