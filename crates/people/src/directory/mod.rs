//! Who is who on the site now, as a value.
//!
//! A [`Directory`] is filled from Atlassian's exports or from the site and then only read.
//! It says what it knows and, just as plainly, what it does not: an address that was not requested
//! is not "no user", and a membership that was never read is not "no member". Guessing here would
//! deactivate the wrong person.

pub mod exports;
#[cfg(test)]
mod exports_tests;
mod groups;
pub mod lookup;
mod memberships;
mod nearest;
mod people;
#[cfg(test)]
mod tests;

pub use groups::{FoundGroup, Group, GroupIndex};
pub use people::{FoundPerson, Lifecycle, Person, PersonIndex};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use headcount_atlassian::records::ProductRecord;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product, mail_key};

/// Who is who: people, groups, memberships, all by small numbers (interned), so that an
/// organization of 100,000 people takes some tens of megabytes.
#[derive(Debug, Default)]
pub struct Directory {
    people: people::People,
    /// Made when it is first wanted, of all users who are there then.
    mails: OnceLock<nearest::MailIndex>,
    hinted_mails: nearest::Hints,
    hinted_groups: nearest::Hints,
    groups: groups::Groups,
    memberships: memberships::Memberships,
    /// Group names the site offered for some that it did not find.
    hints: Vec<Box<str>>,
    /// Mails ([`mail_key`]) for which the site found a user whose address it hides.
    hidden: HashSet<String>,
    /// How many are in a group, and how many apps it opens.
    group_sizes: HashMap<GroupIndex, (u64, Option<u64>)>,
    /// Groups that the site does not let these credentials delete.
    undeletable: HashSet<GroupIndex>,
    /// Whether a mail that was asked for and not found surely belongs to no user here. Jira hides
    /// addresses and leaves out deactivated people; exports and the organization do not.
    pub sees_every_mail: bool,
    /// Whether all users were listed (an export, the site's listing to its end), not only those
    /// that were asked for; some with their addresses hidden, maybe.
    pub lists_people: bool,
    /// Whether a user that was asked for and not found was surely not on the site.
    pub sees_every_account: bool,
    /// Seats that are left of the products that have a limit, where that was read.
    pub seats_left: BTreeMap<Product, u64>,
    /// The products that come with being in a group.
    gives: HashMap<GroupId, Vec<Product>>,
    /// All groups that give a product of Jira's, where the site shows them.
    giving: Option<HashSet<GroupId>>,
    /// Whether the site was asked which groups give products.
    pub asked_for_products: bool,
    /// Groups of which their own record says that they are not there.
    absent_groups: HashSet<GroupId>,
    /// Groups whose list of members can't be believed, and why.
    doubts: BTreeMap<GroupIndex, Box<str>>,
}

impl Directory {
    /// Adds a person, or adds what is new to the one with the same id.
    pub fn add_person(&mut self, person: Person) -> PersonIndex {
        self.mails.take();
        self.people.add(person)
    }

    /// Adds a group, or adds what is new to the one with the same id.
    pub fn add_group(&mut self, group: Group) -> GroupIndex {
        self.groups.add(group)
    }

    /// The person of a number.
    pub fn person(&self, index: PersonIndex) -> &Person {
        self.people.get(index)
    }

    /// The same, to add facts to; what is found by (id, mail, name) stays.
    pub fn person_mut(&mut self, index: PersonIndex) -> &mut Person {
        self.people.get_mut(index)
    }

    /// The group of a number.
    pub fn group(&self, index: GroupIndex) -> &Group {
        self.groups.get(index)
    }

    /// Everybody.
    pub fn people(&self) -> impl ExactSizeIterator<Item = (PersonIndex, &Person)> {
        self.people.iter()
    }

    /// Every group.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (GroupIndex, &Group)> {
        self.groups.iter()
    }

    /// The person with this id.
    pub fn person_by_id(&self, id: &AccountId) -> Option<PersonIndex> {
        self.people.by_id(id)
    }

    /// The people with this mail address, whatever its case.
    pub fn people_by_mail(&self, mail: &str) -> FoundPerson<'_> {
        self.people.by_mail(mail)
    }

    /// Notes that the site finds a user for this mail but hides whose it is.
    pub fn add_hidden(&mut self, mail: &str) {
        self.hidden.insert(mail_key(mail));
    }

    /// Whether the site finds a user for this mail but hides whose it is.
    pub fn is_hidden(&self, mail: &str) -> bool {
        self.hidden.contains(&mail_key(mail))
    }

    /// The group with this id.
    pub fn group_by_id(&self, id: &GroupId) -> Option<GroupIndex> {
        self.groups.by_id(id)
    }

    /// The group with exactly this name, else the only one that differs in case alone.
    pub fn group_by_name(&self, name: &str) -> FoundGroup {
        self.groups.by_name(name)
    }

    /// Notes how many are in a group, and how many apps it opens where that is known.
    pub fn note_group_size(&mut self, group: GroupIndex, members: u64, apps: Option<u64>) {
        self.group_sizes.insert(group, (members, apps));
    }

    /// How many are in a group, and how many apps it opens, as far as that was read.
    pub fn group_size(&self, group: GroupIndex) -> Option<(u64, Option<u64>)> {
        self.group_sizes.get(&group).copied()
    }

    /// Notes that the site does not let these credentials delete a group.
    pub fn note_undeletable(&mut self, group: GroupIndex) {
        self.undeletable.insert(group);
    }

    /// Whether the site says that these credentials may not delete a group.
    pub fn is_undeletable(&self, group: GroupIndex) -> bool {
        self.undeletable.contains(&group)
    }

    /// Notes which groups give a product, and how many seats are left of it.
    pub fn add_product(&mut self, facts: ProductRecord) {
        if let Some(left) = facts.seats_left {
            self.seats_left.insert(facts.product, left);
        }
        for group in facts.groups {
            self.gives.entry(group).or_default().push(facts.product);
        }
    }

    /// Notes all groups that give a product of Jira's.
    pub fn add_giving(&mut self, groups: Vec<GroupId>) {
        self.giving.get_or_insert_default().extend(groups);
    }

    /// Whether a group gives access to an app; `None` where these credentials do not show it.
    pub fn gives_apps(&self, group: GroupIndex) -> Option<bool> {
        let of_organization = self.group_size(group).and_then(|(_, apps)| apps);
        let giving = self.giving.as_ref().map(|giving| giving.contains(&self.group(group).id));
        match (of_organization, giving) {
            (Some(1..), _) | (_, Some(true)) => Some(true),
            (Some(0), _) | (None, Some(false)) => Some(false),
            (None, None) => None,
        }
    }

    /// Notes that a group's own record says that it is not there.
    pub fn note_absent_group(&mut self, group: GroupId) {
        self.absent_groups.insert(group);
    }

    /// Whether a group's own record says that it is not there: no index that lags.
    pub fn is_absent_group(&self, group: &GroupId) -> bool {
        self.absent_groups.contains(group)
    }

    /// The products that come with being in this group, as far as that was read.
    pub fn given_by(&self, group: GroupIndex) -> &[Product] {
        self.gives.get(&self.group(group).id).map_or(&[], Vec::as_slice)
    }

    /// Notes that a user is a member.
    pub fn add_member(&mut self, person: PersonIndex, group: GroupIndex) {
        self.memberships.add(person, group);
    }

    /// Notes that all groups of this person have been read.
    pub fn groups_read_of(&mut self, person: PersonIndex) {
        self.memberships.person_read(person);
    }

    /// Notes that all members of this group have been read.
    pub fn members_read_of(&mut self, group: GroupIndex) {
        self.memberships.group_read(group);
    }

    /// Notes that a user is no longer a member.
    pub fn remove_member(&mut self, person: PersonIndex, group: GroupIndex) {
        self.memberships.remove(person, group);
    }

    /// Notes that this group's list of members cannot be believed: a user that it did not show may
    /// be one.
    pub fn note_doubt(&mut self, group: GroupIndex, why: &str) {
        self.doubts.insert(group, why.into());
    }

    /// Why a group's list of members can't be believed, if so.
    pub fn doubt(&self, group: GroupIndex) -> Option<&str> {
        self.doubts.get(&group).map(|why| &**why)
    }

    /// Groups whose list of members can't be believed, and why.
    pub fn doubts(&self) -> impl Iterator<Item = (&Group, &str)> {
        self.doubts.iter().map(|(&at, why)| (self.group(at), &**why))
    }

    /// Whether the person is a member; `None` where neither the person's groups nor the group's
    /// members were read.
    pub fn is_member(&self, person: PersonIndex, group: GroupIndex) -> Option<bool> {
        self.memberships.is_member(person, group)
    }
}
