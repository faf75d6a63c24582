//! The memberships that were read.

use std::collections::HashSet;

use super::groups::GroupIndex;
use super::person::PersonIndex;

#[derive(Debug, Default)]
pub(super) struct Memberships {
    pairs: HashSet<(PersonIndex, GroupIndex)>,
    people_read: HashSet<PersonIndex>,
    groups_read: HashSet<GroupIndex>,
}

impl Memberships {
    pub(super) fn add(&mut self, person: PersonIndex, group: GroupIndex) {
        self.pairs.insert((person, group));
    }

    /// Forgets this membership; other facts about the user and the group stay.
    pub(super) fn remove(&mut self, person: PersonIndex, group: GroupIndex) {
        self.pairs.remove(&(person, group));
    }

    pub(super) fn person_read(&mut self, person: PersonIndex) {
        self.people_read.insert(person);
    }

    pub(super) fn group_read(&mut self, group: GroupIndex) {
        self.groups_read.insert(group);
    }

    pub(super) fn is_member(&self, person: PersonIndex, group: GroupIndex) -> Option<bool> {
        if self.pairs.contains(&(person, group)) {
            return Some(true);
        }
        let known = self.people_read.contains(&person) || self.groups_read.contains(&group);
        known.then_some(false)
    }
}
