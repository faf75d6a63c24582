//! The users and groups on the site now, as a value.
//!
//! A [`Directory`] is filled from Atlassian's exports or from the site and then only read. It also says what it
//! does not know: an email that was not requested does not mean "no user", and a membership that was not read does
//! not mean "not a member". A guess here could deactivate the wrong user.

mod access;
mod apps;
mod columns_of_people;
pub mod exports;
#[cfg(test)]
mod exports_tests;
mod groups;
pub mod lookup;
mod memberships;
mod nearest;
mod people;
mod person;
#[cfg(test)]
mod tests;

pub use access::{Access, Held, SeatSource};
pub use apps::{App, Apps, UnknownApp};
pub use groups::{FoundGroup, Group, GroupIndex};
pub use people::FoundPerson;
pub use person::{Lifecycle, OwnDeletion, Person, PersonIndex};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use headcount_atlassian::records::{PersonRecord, ProductRecord, TokenRecord};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product, mail_key};

/// The members of a group, by account.
pub type WholeGroup = BTreeMap<AccountId, PersonRecord>;

/// Users, groups and memberships, all by small indexes, so that an organization with 100,000 users takes some tens
/// of megabytes.
#[derive(Debug, Default)]
pub struct Directory {
    people: people::People,
    /// Built when first needed, from all users at that time.
    mails: OnceLock<nearest::MailIndex>,
    hinted_mails: nearest::Hints,
    hinted_groups: nearest::Hints,
    groups: groups::Groups,
    memberships: memberships::Memberships,
    /// Names of groups that the site suggested for unknown ones.
    hints: Vec<Box<str>>,
    /// Emails ([`mail_key`]) for which the site found a user whose email it hides.
    hidden: HashSet<String>,
    /// The number of members of groups, and of the apps they give access to.
    group_sizes: HashMap<GroupIndex, (u64, Option<u64>)>,
    /// Groups for which all groups of the same name in another case are known.
    namesakes_read: HashSet<GroupIndex>,
    /// Groups that the site does not let these credentials delete.
    undeletable: HashSet<GroupIndex>,
    /// Whether an email that was requested and not found certainly belongs to no user here. Jira hides emails and
    /// leaves out deactivated users; exports and the organization do not.
    pub sees_every_mail: bool,
    /// Whether all users were listed (an export, or the site's complete list), not only the requested ones; some
    /// emails may be hidden.
    pub lists_people: bool,
    /// Whether a user who was requested and not found was certainly not on the site.
    pub sees_every_account: bool,
    /// Free seats of the apps that have a limit, if they were read.
    pub seats_left: BTreeMap<Product, u64>,
    /// The apps that membership in a group gives access to.
    gives: HashMap<GroupId, Vec<Product>>,
    /// All groups that give access to an app of Jira, if the site shows them.
    giving: Option<HashSet<GroupId>>,
    /// Whether the site was asked which groups give access to apps.
    pub asked_for_products: bool,
    /// The organization's verified domains, in lower case, if they were read.
    pub verified_domains: Option<HashSet<String>>,
    /// The complete lists of members of groups that may be deleted with them; `None` if a list is incomplete.
    written_members: HashMap<GroupIndex, Option<WholeGroup>>,
    /// Groups that their own record shows as absent.
    absent_groups: HashSet<GroupId>,
    /// The ids of users' records in the identity provider's directory, if they were read.
    pub records: HashMap<AccountId, Box<str>>,
    /// The ids of groups' records there, if they were read.
    pub group_records: HashMap<GroupId, Box<str>>,
    /// The organization's apps, and the roles in them that were read.
    pub access: Access,
    /// The API tokens of users; `None` for an account that the organization does not manage.
    pub tokens: HashMap<PersonIndex, Option<Vec<TokenRecord>>>,
    /// Groups whose list of members is inconsistent, and why.
    doubts: BTreeMap<GroupIndex, Box<str>>,
}

impl Directory {
    /// Keeps the complete list of a group's members; `None`: the site shows no complete list.
    pub fn write_members(&mut self, group: GroupIndex, members: Option<WholeGroup>) {
        self.written_members.insert(group, members);
    }

    /// The complete list of a group's members: `None` if it was not asked for, `Some(None)` if it is incomplete.
    pub fn written_members(&self, group: GroupIndex) -> Option<Option<&WholeGroup>> {
        self.written_members.get(&group).map(Option::as_ref)
    }

    /// Adds a user, or adds new facts to the user with the same id.
    pub fn add_person(&mut self, person: Person) -> PersonIndex {
        self.mails.take();
        self.people.add(person)
    }

    /// Adds a user of an export who is not in the directory.
    fn add_listed(&mut self, listed: &columns_of_people::Listed<'_>) -> PersonIndex {
        self.mails.take();
        self.people.add_listed(listed)
    }

    /// Adds a group, or adds new facts to the group with the same id.
    pub fn add_group(&mut self, group: Group) -> GroupIndex {
        self.groups.add(group)
    }

    /// The user with this index.
    pub fn person(&self, index: PersonIndex) -> &Person {
        self.people.get(index)
    }

    /// The same, to add facts. The fields that are searched by (id, email, name) must stay.
    pub fn person_mut(&mut self, index: PersonIndex) -> &mut Person {
        self.people.get_mut(index)
    }

    /// The group with this index.
    pub fn group(&self, index: GroupIndex) -> &Group {
        self.groups.get(index)
    }

    /// The account id of a user.
    pub fn account_id(&self, index: PersonIndex) -> &str {
        self.people.id(index)
    }

    /// The email of a user, if it is known.
    pub fn mail(&self, index: PersonIndex) -> Option<&str> {
        self.people.mail(index)
    }

    /// How many users are known.
    pub fn how_many_people(&self) -> usize {
        self.people.len()
    }

    /// All users.
    pub fn people(&self) -> impl ExactSizeIterator<Item = (PersonIndex, &Person)> {
        self.people.iter()
    }

    /// All groups.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (GroupIndex, &Group)> {
        self.groups.iter()
    }

    /// The user with this id.
    pub fn person_by_id(&self, id: &AccountId) -> Option<PersonIndex> {
        self.people.by_id(id.as_str())
    }

    /// The users with this email, ignoring case.
    pub fn people_by_mail(&self, mail: &str) -> FoundPerson<'_> {
        self.people.by_mail(mail)
    }

    /// Notes that the site finds a user for this email, but hides which one.
    pub fn add_hidden(&mut self, mail: &str) {
        self.hidden.insert(mail_key(mail));
    }

    /// Whether the site finds a user for this email, but hides which one.
    pub fn is_hidden(&self, mail: &str) -> bool {
        self.hidden.contains(&mail_key(mail))
    }

    /// The group with this id.
    pub fn group_by_id(&self, id: &GroupId) -> Option<GroupIndex> {
        self.groups.by_id(id)
    }

    /// The group with exactly this name, else the only one that differs only in case.
    pub fn group_by_name(&self, name: &str) -> FoundGroup {
        self.groups.by_name(name)
    }

    /// Notes the number of members of a group, and of the apps it gives access to if known.
    pub fn note_group_size(&mut self, group: GroupIndex, members: u64, apps: Option<u64>) {
        self.group_sizes.insert(group, (members, apps));
    }

    /// The number of members of a group, and of the apps it gives access to, if they were read.
    pub fn group_size(&self, group: GroupIndex) -> Option<(u64, Option<u64>)> {
        self.group_sizes.get(&group).copied()
    }

    /// Notes that all groups are known whose names differ from this group's only in case.
    pub fn note_namesakes_read(&mut self, group: GroupIndex) {
        self.namesakes_read.insert(group);
    }

    /// A group whose name differs from this group's only in case and white space, if there is one; `None` if it is not
    /// known whether there is one.
    pub fn namesake(&self, group: GroupIndex) -> Option<Option<&Group>> {
        match self.groups.namesake(group) {
            None if !self.namesakes_read.contains(&group) => None,
            known => Some(known),
        }
    }

    /// Notes that the site does not let these credentials delete a group.
    pub fn note_undeletable(&mut self, group: GroupIndex) {
        self.undeletable.insert(group);
    }

    /// Whether the site says that these credentials may not delete a group.
    pub fn is_undeletable(&self, group: GroupIndex) -> bool {
        self.undeletable.contains(&group)
    }

    /// Notes the groups that give access to an app, and its free seats.
    pub fn add_product(&mut self, facts: ProductRecord) {
        if let Some(left) = facts.seats_left {
            self.seats_left.insert(facts.product, left);
        }
        for group in facts.groups {
            self.gives.entry(group).or_default().push(facts.product);
        }
    }

    /// Notes all groups that give access to an app of Jira.
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

    /// Notes that a group's own record shows it as absent.
    pub fn note_absent_group(&mut self, group: GroupId) {
        self.absent_groups.insert(group);
    }

    /// Whether a group's own record shows it as absent. A record does not lag like an index.
    pub fn is_absent_group(&self, group: &GroupId) -> bool {
        self.absent_groups.contains(group)
    }

    /// The apps that membership in this group gives access to, if they were read.
    pub fn given_by(&self, group: GroupIndex) -> &[Product] {
        self.gives.get(&self.group(group).id).map_or(&[], Vec::as_slice)
    }

    /// Notes that a user is a member.
    pub fn add_member(&mut self, person: PersonIndex, group: GroupIndex) {
        self.memberships.add(person, group);
    }

    /// Notes that all groups of this user were read.
    pub fn groups_read_of(&mut self, person: PersonIndex) {
        self.memberships.person_read(person);
    }

    /// Notes that all members of this group were read.
    pub fn members_read_of(&mut self, group: GroupIndex) {
        self.memberships.group_read(group);
    }

    /// Notes that a user is no longer a member.
    pub fn remove_member(&mut self, person: PersonIndex, group: GroupIndex) {
        self.memberships.remove(person, group);
    }

    /// Notes that this group's list of members is inconsistent: a user that it did not show may be a member.
    pub fn note_doubt(&mut self, group: GroupIndex, why: &str) {
        self.doubts.insert(group, why.into());
    }

    /// Why a group's list of members is inconsistent, if it is.
    pub fn doubt(&self, group: GroupIndex) -> Option<&str> {
        self.doubts.get(&group).map(|why| &**why)
    }

    /// Groups whose list of members is inconsistent, and why.
    pub fn doubts(&self) -> impl Iterator<Item = (&Group, &str)> {
        self.doubts.iter().map(|(&at, why)| (self.group(at), &**why))
    }

    /// Whether the user is a member; `None` if neither the user's groups nor the group's members were read.
    pub fn is_member(&self, person: PersonIndex, group: GroupIndex) -> Option<bool> {
        self.memberships.is_member(person, group)
    }
}
