//! The nearest names to one that was not found: a hint for people, never an answer.

use super::Directory;
use crate::sheet::nearest;

/// Mails that differ more in length are not compared: a sheet of wrong addresses against a large
/// directory must not take minutes, and a slip of the pen changes a letter or two.
const LONGER: usize = 3;

impl Directory {
    /// The mails most like this one, the likest first.
    pub fn nearest_mails(&self, mail: &str, most: usize) -> Vec<&str> {
        let mails = self.people().filter_map(|(_, person)| person.mail.as_deref());
        nearest(mail, mails.filter(|known| could_be_alike(mail, known)), most)
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

/// A cheap look before the dear one: the same first letter and about the same length.
fn could_be_alike(wanted: &str, mail: &str) -> bool {
    let first = |text: &str| text.chars().next().map(|first| first.to_ascii_lowercase());
    first(wanted) == first(mail) && wanted.len().abs_diff(mail.len()) <= LONGER
}
