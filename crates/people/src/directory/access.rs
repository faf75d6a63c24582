//! The apps of the organization, and the roles of users and groups in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use headcount_atlassian::records::AssignedRole;
use headcount_model::app_role::AppRole;
use headcount_model::group::GroupId;

use super::apps::Apps;
use super::groups::GroupIndex;
use super::person::PersonIndex;

/// An app's place in [`Apps`].
type AppAt = usize;

/// The roles that were read. What was not read is unknown, never “no role”.
#[derive(Debug, Default)]
pub struct Access {
    /// The organization's apps.
    pub apps: Apps,
    /// How many active users have each app, for apps with a limit.
    pub taken: BTreeMap<AppAt, u64>,
    users: HashMap<PersonIndex, HashMap<(AppAt, AppRole), Held>>,
    groups: HashMap<GroupId, BTreeSet<(AppAt, AppRole)>>,
    names: HashMap<GroupId, Box<str>>,
    groups_of: HashMap<PersonIndex, Vec<GroupId>>,
    members: HashMap<GroupIndex, Vec<PersonIndex>>,
}

/// How a user has a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// It was assigned to the user; `None` if the site does not say how it was assigned.
    pub direct: Option<bool>,
    /// It comes through a group.
    pub by_group: bool,
    /// It comes in another way, such as from another role.
    pub other: bool,
}

/// What gives a user a role that takes a seat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeatSource {
    /// A role of the user's own.
    Own(AppRole),
    /// A role of a group.
    Group(GroupId, AppRole),
    /// Something else that the site shows.
    Other(AppRole),
}

impl Access {
    /// Notes the roles of a user. Apps and roles that headcount does not know are left out.
    pub fn note_user(&mut self, person: PersonIndex, roles: &[AssignedRole]) {
        let mut held = HashMap::new();
        for one in roles {
            let Some((app, role)) = self.known(one) else { continue };
            let held: &mut Held = held.entry((app, role)).or_default();
            match one.methods {
                Some(methods) => {
                    held.direct = Some(held.direct == Some(true) || methods.direct);
                    held.by_group |= methods.by_group;
                    held.other |= methods.other;
                }
                None => held.other = true,
            }
        }
        self.users.insert(person, held);
    }

    /// Notes the roles that a group gives.
    pub fn note_group(&mut self, group: GroupId, roles: &[AssignedRole]) {
        let roles = roles.iter().filter_map(|one| self.known(one)).collect();
        self.groups.insert(group, roles);
    }

    /// Notes the groups of a user.
    pub fn note_groups_of(
        &mut self,
        person: PersonIndex,
        groups: impl Iterator<Item = (GroupId, Box<str>)>,
    ) {
        let mut all = Vec::new();
        for (id, name) in groups {
            self.names.insert(id.clone(), name);
            all.push(id);
        }
        self.groups_of.insert(person, all);
    }

    /// Notes the active members of a group.
    pub fn note_members(&mut self, group: GroupIndex, members: Vec<PersonIndex>) {
        self.members.insert(group, members);
    }

    fn known(&self, one: &AssignedRole) -> Option<(AppAt, AppRole)> {
        Some((self.apps.by_id(&one.app)?, AppRole::read(&one.role)?))
    }

    /// The active members of a group, if they were read.
    pub fn members(&self, group: GroupIndex) -> Option<&[PersonIndex]> {
        self.members.get(&group).map(Vec::as_slice)
    }

    /// The groups whose roles are not read yet, among those of the users whose groups were read.
    pub fn unread_groups(&self) -> Vec<GroupId> {
        let all = self.groups_of.values().flatten();
        let unread: BTreeSet<_> = all.filter(|id| !self.groups.contains_key(*id)).collect();
        unread.into_iter().cloned().collect()
    }

    /// How a user has a role: `None` if the user's roles were not read, `Some(None)` if the user does not have it.
    pub fn held(&self, person: PersonIndex, app: AppAt, role: AppRole) -> Option<Option<Held>> {
        Some(self.users.get(&person)?.get(&(app, role)).copied())
    }

    /// The user's other roles in an app.
    pub fn other_roles(&self, person: PersonIndex, app: AppAt, role: AppRole) -> Vec<AppRole> {
        let held = self.users.get(&person).into_iter().flat_map(HashMap::keys);
        let others = held.filter(|(of, held)| *of == app && *held != role).map(|(_, held)| *held);
        others.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// All roles of a user, and how each is held.
    pub fn roles_of(&self, person: PersonIndex) -> Option<BTreeMap<(AppAt, AppRole), Held>> {
        let held = self.users.get(&person)?;
        Some(held.iter().map(|(key, held)| (*key, *held)).collect())
    }

    /// Whether a group gives a role; `None` if its roles were not read.
    pub fn gives(&self, group: &GroupId, app: AppAt, role: AppRole) -> Option<bool> {
        Some(self.groups.get(group)?.contains(&(app, role)))
    }

    /// The names of the user's groups that give a role.
    pub fn through(&self, person: PersonIndex, app: AppAt, role: AppRole) -> Vec<&str> {
        let groups = self.groups_of.get(&person).into_iter().flatten();
        let giving = groups.filter(|id| self.gives(id, app, role) == Some(true));
        let mut names: Vec<&str> =
            giving.map(|id| self.names.get(id).map_or(id.as_str(), |name| &**name)).collect();
        names.sort_unstable();
        names
    }

    /// Everything that gives a user a seat in an app; `None` if the user's roles were not read.
    pub fn seat_sources(&self, person: PersonIndex, app: AppAt) -> Option<BTreeSet<SeatSource>> {
        let mut sources = BTreeSet::new();
        for (&(of, role), held) in self.users.get(&person)? {
            if of != app || !role.takes_seat() {
                continue;
            }
            if held.direct == Some(true) {
                sources.insert(SeatSource::Own(role));
            }
            let groups = self.groups_of.get(&person).into_iter().flatten();
            let giving = groups.filter(|id| self.gives(id, app, role) == Some(true));
            let giving: Vec<_> = giving.map(|id| SeatSource::Group(id.clone(), role)).collect();
            if held.other || (held.by_group && giving.is_empty()) {
                sources.insert(SeatSource::Other(role));
            }
            sources.extend(giving);
        }
        Some(sources)
    }
}
