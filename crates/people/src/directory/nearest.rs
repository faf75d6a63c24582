//! Finds the names most similar to an unknown one. They are hints for people, never an answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use headcount_model::scripts::in_plain_forms;

use super::Directory;
use super::people::People;
use super::person::PersonIndex;
use headcount_sheet::{Letters, nearest, nearest_of};

/// Emails that differ more in length are not compared, because a typing error changes only a letter or two.
const LONGER: u32 = 3;

/// How many names get a hint, for emails and groups each. With more unknown names, something is wrong with the
/// spreadsheet that no hint shows; and in a directory of 100,000 users, each costs a millisecond or two.
const HINTED: usize = 1_000;

/// How many hints are shown for a name.
const TOLD: usize = 3;

/// The hints of names. The same name always gets the same hints.
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

/// Emails by their first letter, with their letters counted once: a spreadsheet of wrong emails against a large
/// directory must not take minutes.
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
        for (whose, mail) in people.mails() {
            if let Some(first) = first(mail) {
                let (letters, length) = (Letters::of(mail), length(mail));
                index.entry(first).or_default().push(Mail { letters, length, whose });
            }
        }
        Self(index)
    }

    /// A quick selection before the full comparison: the same first letter and about the same length.
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
    /// The emails most similar to this one, the nearest first. Empty if not all users are known
    /// ([`Directory::lists_people`]) or some hide their email: the nearest of a few may be another user while the
    /// right one is hidden.
    pub fn nearest_mails(&self, mail: &str, most: usize) -> Vec<&str> {
        if !self.knows_everybody() {
            return Vec::new();
        }
        let index = self.mails.get_or_init(|| MailIndex::of(&self.people));
        let read = |whose| self.people.mail(whose).unwrap_or_default();
        nearest_of(mail, index.could_be_alike(mail), read, most)
    }

    /// The same among all emails, whatever their first letter and length; for a few names.
    pub fn nearest_of_all_mails(&self, mail: &str, most: usize) -> Vec<&str> {
        if !self.knows_everybody() {
            return Vec::new();
        }
        nearest(mail, self.people.mails().map(|(_, mail)| mail), most)
    }

    fn knows_everybody(&self) -> bool {
        self.lists_people && self.sees_every_mail
    }

    /// The hints for an unknown email, for the first thousand of them.
    pub fn hint_mails(&self, mail: &str) -> Vec<String> {
        self.hinted_mails.of(mail, || self.nearest_mails(mail, TOLD))
    }

    /// The hints for an unknown group name, for the first thousand of them.
    pub fn hint_groups(&self, name: &str) -> Vec<String> {
        self.hinted_groups.of(name, || self.nearest_groups(name, TOLD))
    }

    /// The names of groups most similar to this one, the most similar first.
    pub fn nearest_groups(&self, name: &str, most: usize) -> Vec<&str> {
        let names = self.groups().map(|(_, group)| &*group.name);
        let hints = self.hints.iter().map(|hint| &**hint);
        nearest(&in_plain_forms(name), names.chain(hints), most)
    }

    /// Adds a name that the site suggested for an unknown one.
    pub fn add_hint(&mut self, name: &str) {
        if !self.hints.iter().any(|hint| **hint == *name) {
            self.hints.push(name.into());
        }
    }
}

fn first(text: &str) -> Option<char> {
    text.chars().next().map(|first| first.to_ascii_lowercase())
}

/// Longer texts are not emails (RFC 5321: 254 octets).
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
