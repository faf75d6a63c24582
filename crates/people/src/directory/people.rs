//! The users of a directory.
//!
//! An export may list a million users, of which a spreadsheet names some. While only the columns of an export are known,
//! a user takes the text of these columns and 12 bytes, and becomes a [`Person`] when the user is looked at. The indexes
//! keep a part of each key's hash, so that the texts of other users, which are anywhere in memory, are hardly ever read.

use std::collections::HashMap;
use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use headcount_model::user::{mail_key, plain_mail_key};

use super::columns_of_people::{Listed, Slots};
use super::person::{Person, PersonIndex};

/// The result of looking up a user by email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundPerson<'a> {
    /// No known user.
    Nobody,
    /// This one.
    One(PersonIndex),
    /// Several users: headcount never guesses.
    Several(&'a [PersonIndex]),
}

/// Whether the user's email has this key.
fn has_mail(all: &Slots, index: PersonIndex, key: &str) -> bool {
    all.mail(index).is_some_and(|mail| plain_mail_key(mail) == key)
}

/// Users by a key.
#[derive(Debug, Default)]
struct Index {
    table: HashTable<(KeyHash, PersonIndex)>,
    hasher: DefaultHashBuilder,
}

/// A part of a key's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyHash(u32);

impl KeyHash {
    /// The hash for the table, which uses its first and its last bits (the factor is that of Fibonacci hashing).
    fn spread(self) -> u64 {
        u64::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Index {
    fn hash(&self, key: &str) -> KeyHash {
        KeyHash(self.hasher.hash_one(key) as u32)
    }

    /// The user for which `is_it` returns true, of those whose keys may be this one.
    fn find(&self, key: &str, is_it: impl Fn(PersonIndex) -> bool) -> Option<PersonIndex> {
        let hash = self.hash(key);
        let found = self.table.find(hash.spread(), |&(known, at)| known == hash && is_it(at));
        found.map(|&(_, at)| at)
    }

    /// Adds a user, unless another one has the key. Returns the other one.
    fn add(
        &mut self,
        key: &str,
        index: PersonIndex,
        is_it: impl Fn(PersonIndex) -> bool,
    ) -> Option<PersonIndex> {
        let hash = self.hash(key);
        let again = |(hash, _): &(KeyHash, PersonIndex)| hash.spread();
        match self.table.entry(hash.spread(), |&(known, at)| known == hash && is_it(at), again) {
            Entry::Occupied(held) => Some(held.get().1),
            Entry::Vacant(free) => {
                free.insert((hash, index));
                None
            }
        }
    }

    /// Removes a user of this key.
    fn remove(&mut self, key: &str, index: PersonIndex) {
        let hash = self.hash(key);
        if let Ok(held) = self.table.find_entry(hash.spread(), |&(_, at)| at == index) {
            held.remove();
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct People {
    all: Slots,
    by_id: Index,
    /// The users with an email that no other user has.
    by_mail: Index,
    /// The users of an email that several users have, or had.
    several: HashMap<Box<str>, Vec<PersonIndex>>,
}

impl People {
    pub(super) fn add(&mut self, person: Person) -> PersonIndex {
        match self.by_id(person.id.as_str()) {
            Some(index) => {
                if let Some(newer) = person.mail.as_deref() {
                    self.forget_mail(index, newer);
                }
                self.all.get_mut(index).learn(person);
                self.index_mail(index);
                index
            }
            None => {
                let index = self.all.push(person);
                self.index(index);
                index
            }
        }
    }

    /// Adds a user of an export who is not in the directory.
    pub(super) fn add_listed(&mut self, listed: &Listed<'_>) -> PersonIndex {
        let index = self.all.push_listed(listed);
        self.index(index);
        index
    }

    fn index(&mut self, index: PersonIndex) {
        let Self { all, by_id, .. } = self;
        by_id.add(all.id(index), index, |at| all.id(at) == all.id(index));
        self.index_mail(index);
    }

    fn index_mail(&mut self, index: PersonIndex) {
        let Self { all, by_mail, several, .. } = self;
        let Some(key) = all.mail(index).map(plain_mail_key) else { return };
        if let Some(holders) = several.get_mut(&*key) {
            if !holders.contains(&index) {
                holders.push(index);
            }
            return;
        }
        let other = by_mail.add(&key, index, |at| has_mail(all, at, &key));
        if let Some(other) = other.filter(|other| *other != index) {
            by_mail.remove(&key, other);
            several.insert((*key).into(), vec![other, index]);
        }
    }

    /// A newer email replaces the older one in the index, too.
    fn forget_mail(&mut self, index: PersonIndex, newer: &str) {
        let Some(old) = self.all.mail(index).map(mail_key) else { return };
        if *plain_mail_key(newer) == *old {
            return;
        }
        if let Some(holders) = self.several.get_mut(old.as_str()) {
            holders.retain(|&holder| holder != index);
        }
        self.by_mail.remove(&old, index);
    }

    pub(super) fn get(&self, index: PersonIndex) -> &Person {
        self.all.get(index)
    }

    pub(super) fn get_mut(&mut self, index: PersonIndex) -> &mut Person {
        self.all.get_mut(index)
    }

    /// What an export's columns say about a user.
    pub(super) fn listed(&self, index: PersonIndex) -> Listed<'_> {
        self.all.listed(index)
    }

    pub(super) fn id(&self, index: PersonIndex) -> &str {
        self.all.id(index)
    }

    pub(super) fn mail(&self, index: PersonIndex) -> Option<&str> {
        self.all.mail(index)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    fn indexes(&self) -> impl ExactSizeIterator<Item = PersonIndex> + use<> {
        (0..self.all.len() as u32).map(PersonIndex)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (PersonIndex, &Person)> {
        self.indexes().map(|index| (index, self.get(index)))
    }

    /// The emails, without the rest.
    pub(super) fn mails(&self) -> impl Iterator<Item = (PersonIndex, &str)> {
        self.indexes().filter_map(|index| Some((index, self.mail(index)?)))
    }

    pub(super) fn by_id(&self, id: &str) -> Option<PersonIndex> {
        self.by_id.find(id, |at| self.all.id(at) == id)
    }

    pub(super) fn by_mail(&self, mail: &str) -> FoundPerson<'_> {
        let key = plain_mail_key(mail);
        if let Some(holders) = self.several.get(&*key) {
            return match holders.as_slice() {
                [] => FoundPerson::Nobody,
                [one] => FoundPerson::One(*one),
                several => FoundPerson::Several(several),
            };
        }
        match self.by_mail.find(&key, |at| has_mail(&self.all, at, &key)) {
            Some(one) => FoundPerson::One(one),
            None => FoundPerson::Nobody,
        }
    }
}
