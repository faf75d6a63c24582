//! The nearest names to one that was not found: a hint for people, never an answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Directory;
use super::people::{People, PersonIndex};
use headcount_sheet::{Letters, nearest, nearest_of};

/// Mails that differ more in length are not compared: a slip of the pen changes a letter or two.
const LONGER: u32 = 3;

/// How many names get a hint, mails and groups each. With more wrong ones something is wrong with
/// the sheet, which no hint shows; and each of 100,000 costs a thousandth of a second or two in a
/// directory as large.
const HINTED: usize = 1_000;

/// How many are shown next to a name.
const TOLD: usize = 3;

/// Names that got a hint, and which: the same name gets the same, however often it occurs.
#[derive(Debug, Default)]
pub(super) struct Hints(Mutex<HashMap<String, Vec<String>>>);

impl Hints {
    fn of<'n>(&self, name: &str, nearest: impl FnOnce() -> Vec<&'n str>) -> Vec<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hint) = known.get(name) {
            return hint.clone();
        }
        if known.len() >= HINTED {
            return Vec::new();
        }
        let hint: Vec<_> = nearest().into_iter().map(str::to_owned).collect();
        known.insert(name.to_owned(), hint.clone());
        hint
    }
}

/// Mails by their first letter, their letters counted once: a sheet of wrong addresses against a
/// large directory must not take minutes.
#[derive(Debug, Default)]
pub(super) struct MailIndex(HashMap<char, Vec<Mail>>);

#[derive(Clone, Copy, Debug)]
struct Mail {
    letters: Letters,
    /// In bytes.
    length: u32,
    whose: PersonIndex,
}

impl MailIndex {
    fn of(people: &People) -> Self {
        let mut index: HashMap<char, Vec<Mail>> = HashMap::new();
        for (whose, person) in people.iter() {
            let Some(mail) = person.mail.as_deref() else { continue };
            if let Some(first) = first(mail) {
                let (letters, length) = (Letters::of(mail), length(mail));
                index.entry(first).or_default().push(Mail { letters, length, whose });
            }
        }
        Self(index)
    }

    /// A cheap look before the dear one: the same first letter and about the same length.
    fn could_be_alike(&self, wanted: &str) -> impl Iterator<Item = (Letters, PersonIndex)> {
        let same = first(wanted).and_then(|first| self.0.get(&first));
        let long = length(wanted);
        same.into_iter()
            .flatten()
            .filter(move |mail| long.abs_diff(mail.length) <= LONGER)
            .map(|mail| (mail.letters, mail.whose))
    }
}

impl Directory {
    /// The mails most like this one, the nearest first; none where not all users are known
    /// ([`Directory::lists_people`]), or some hide their addresses: the nearest of a few may be
    /// another user, and the right one hidden.
    pub fn nearest_mails(&self, mail: &str, most: usize) -> Vec<&str> {
        if !self.knows_everybody() {
            return Vec::new();
        }
        let index = self.mails.get_or_init(|| MailIndex::of(&self.people));
        let read = |whose| self.people.get(whose).mail.as_deref().unwrap_or_default();
        nearest_of(mail, index.could_be_alike(mail), read, most)
    }

    /// The same among all of them, whatever their first letter and length: for few names, of which
    /// one is offered.
    pub fn nearest_of_all_mails(&self, mail: &str, most: usize) -> Vec<&str> {
        if !self.knows_everybody() {
            return Vec::new();
        }
        nearest(mail, self.people.iter().filter_map(|(_, person)| person.mail.as_deref()), most)
    }

    fn knows_everybody(&self) -> bool {
        self.lists_people && self.sees_every_mail
    }

    /// What is shown next to a mail that was not found: the nearest, for the first thousand of
    /// them.
    pub fn hint_mails(&self, mail: &str) -> Vec<String> {
        self.hinted_mails.of(mail, || self.nearest_mails(mail, TOLD))
    }

    /// What is shown next to a group's name that was not found, for the first thousand names.
    pub fn hint_groups(&self, name: &str) -> Vec<String> {
        self.hinted_groups.of(name, || self.nearest_groups(name, TOLD))
    }

    /// The group names most like this one, the likest first.
    pub fn nearest_groups(&self, name: &str, most: usize) -> Vec<&str> {
        let names = self.groups().map(|(_, group)| &*group.name);
        let hints = self.hints.iter().map(|hint| &**hint);
        nearest(name, names.chain(hints), most)
    }

    /// Adds a name that the site offered for one it did not find.
    pub fn add_hint(&mut self, name: &str) {
        if !self.hints.iter().any(|hint| **hint == *name) {
            self.hints.push(name.into());
        }
    }
}

fn first(text: &str) -> Option<char> {
    text.chars().next().map(|first| first.to_ascii_lowercase())
}

/// Longer ones are no addresses (RFC 5321: 254 octets).
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
