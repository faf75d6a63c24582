//! The organization itself: its tables, and the only function that changes them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::{Audit, Change, Effect, EffectKind};
use super::index::NameIndex;
use super::model::{
    Group, GroupIx, GroupRecord, Lifecycle, Person, PersonIx, PersonRecord, Place, Policy, Product,
    keep_sorted,
};
use super::name_keys;

/// How long a deletion can be canceled, in milliseconds. [user management description: "14 days"]
pub(crate) const GRACE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// The seats of one app.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seats {
    /// `None` means no limit.
    pub(crate) limit: Option<u32>,
    /// Active users with access.
    pub(crate) used: u32,
}

/// The organization. The module's documentation has its rules.
#[derive(Debug, Default, Clone)]
pub(crate) struct Org {
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
    /// All users who are or were on the site, in the order in which they were added.
    pub(super) ever_here: Vec<PersonIx>,
    /// How many accounts the organization manages.
    pub(super) managed: usize,
    /// The existing groups, in the order in which they were created.
    pub(super) alive: Vec<GroupIx>,
    pub(super) by_id: HashMap<Box<str>, PersonIx>,
    /// Users by email in lower case.
    pub(super) by_email: HashMap<Box<str>, PersonIx>,
    /// Users by the id of their record in the user provisioning API.
    pub(super) provisioned: HashMap<Box<str>, PersonIx>,
    pub(super) group_by_id: HashMap<Box<str>, GroupIx>,
    /// Groups by name in lower case; names may differ only in case.
    pub(super) group_by_name: HashMap<Box<str>, Vec<GroupIx>>,
    /// `None` while a seed is loaded; built once at its end.
    pub(super) names: Option<NameIndex>,
    pub(super) seats: [Seats; 4],
    /// For each app, the first group that gives access to it.
    pub(super) default_groups: [Option<GroupIx>; 4],
    pub(super) domains: Vec<Box<str>>,
    /// Ids of revoked API tokens, and their owners.
    pub(super) revoked: BTreeMap<Box<str>, PersonIx>,
    pub(super) audit: Vec<Audit>,
    /// Accounts whose grace period has begun, by its beginning.
    pub(super) leaving: BTreeSet<(i64, PersonIx)>,
    /// In the order in which they were created.
    pub(super) policies: Vec<Policy>,
    pub(super) settings: super::model::Settings,
    /// Set if the organization pays for nothing: invitations that give access to an app are refused.
    pub(super) unpaid: bool,
}

impl Org {
    /// Ends the loading: from now on each change updates the prefix index.
    pub(crate) fn finish_loading(&mut self) {
        let mut entries = Vec::with_capacity(self.people.len() * 3);
        for (at, person) in self.people.iter().enumerate() {
            let at = PersonIx(index(at));
            entries.extend(name_keys(&person.record).into_iter().map(|key| (key, at)));
        }
        self.names = Some(NameIndex::build(entries));
    }

    /// Makes a change. `None` if it does not apply: the user or group is unknown, or the state is already as
    /// wanted. Callers check first and answer accordingly; a replay skips such lines.
    pub(crate) fn apply(&mut self, change: &Change) -> Option<Effect> {
        use Change as C;
        use EffectKind as K;
        match change {
            C::CreatedUser { person } => self.add_person(person.clone()),
            C::ReturnedUser { account } => {
                self.place(account, K::ReturnedUser, Place::Here, |place| {
                    matches!(place, Place::Removed | Place::Never)
                })
            }
            C::RemovedUser { account } => self.remove_person(account),
            C::CreatedGroup { group } => self.add_group(group.clone()),
            C::RemovedGroup { group } => self.remove_group(group),
            C::AddedMember { account, group } => self.membership(account, group, true),
            C::RemovedMember { account, group } => self.membership(account, group, false),
            C::Deactivated { account, at_ms } => {
                self.lifecycle(account, K::Deactivated, Lifecycle::Inactive, *at_ms)
            }
            C::Activated { account, at_ms } => {
                self.lifecycle(account, K::Activated, Lifecycle::Active, *at_ms)
            }
            C::ScheduledDeletion { account, at_ms } => {
                self.lifecycle(account, K::ScheduledDeletion, Lifecycle::ForDeletion, *at_ms)
            }
            C::CancelledDeletion { account, at_ms } => {
                self.lifecycle(account, K::CancelledDeletion, Lifecycle::Active, *at_ms)
            }
            C::Suspended { account } => {
                self.place(account, K::Suspended, Place::Suspended, |p| p == Place::Here)
            }
            C::Restored { account } => {
                self.place(account, K::Restored, Place::Here, |p| p == Place::Suspended)
            }
            C::ChangedEmail { account, email } => self.rename(account, None, Some(email)),
            C::ChangedName { account, name } => self.rename(account, Some(name), None),
            C::ChangedRole { account, org_admin } => self.change_role(account, *org_admin),
            C::RevokedToken { account, token } => self.revoke_token(account, token),
            C::Closed { account, at_ms } => self.close(account, *at_ms),
            C::Provisioned { account, record } => self.provision(account, record),
            C::Unlinked { account } => self.unlink(account),
            C::SetExternalId { group, external_id } => self.set_external_id(group, external_id),
            C::SetGrant { group, product, role } => self.set_grant(group, *product, *role),
            C::AssignedRole { account, product, role } => {
                self.set_role(account, *product, *role, true)
            }
            C::RevokedRole { account, product, role } => {
                self.set_role(account, *product, *role, false)
            }
            C::SetPolicy { policy } => Some(self.set_policy(policy)),
            C::RemovedPolicy { id } => self.remove_policy(id),
            settings => {
                self.set(settings);
                None
            }
        }
    }

    fn change_role(&mut self, account: &str, org_admin: bool) -> Option<Effect> {
        let record = self.record(account)?;
        let moved = record.org_admin != org_admin;
        record.org_admin = org_admin;
        moved.then_some(())?;
        self.find(account).map(|at| of_person(EffectKind::ChangedRole, at))
    }

    fn revoke_token(&mut self, account: &str, token: &str) -> Option<Effect> {
        let at = self.find(account)?;
        let old = self.revoked.insert(token.into(), at);
        old.is_none().then_some(of_person(EffectKind::RevokedToken, at))
    }

    fn remove_policy(&mut self, id: &str) -> Option<Effect> {
        let before = self.policies.len();
        self.policies.retain(|policy| &*policy.id != id);
        (self.policies.len() < before).then_some(of_nobody(EffectKind::RemovedPolicy))
    }

    pub(super) fn record(&mut self, account: &str) -> Option<&mut PersonRecord> {
        let at = self.find(account)?;
        Some(&mut self.people[at.0 as usize].record)
    }

    /// Adds an entry to the organization's audit log.
    pub(crate) fn audit(&mut self, entry: Audit) {
        self.audit.push(entry);
    }

    fn add_person(&mut self, mut record: PersonRecord) -> Option<Effect> {
        if record.account_id.is_empty() {
            record.account_id = self.free_account_id();
        }
        let mail: Box<str> = record.email.to_lowercase().into();
        if self.by_id.contains_key(&record.account_id)
            || (!mail.is_empty() && self.by_email.contains_key(&mail))
        {
            return None;
        }
        let at = PersonIx(index(self.people.len()));
        Self::complete(&mut record);
        if let Some(own) = &record.provisioned {
            self.provisioned.insert(own.id.clone(), at);
        }
        self.by_id.insert(record.account_id.clone(), at);
        if !mail.is_empty() {
            self.by_email.insert(mail, at);
        }
        if let Some(names) = &mut self.names {
            names.add(at, &record);
        }
        if record.lifecycle == Lifecycle::ForDeletion {
            self.leaving.insert((record.changed_ms, at));
        }
        if record.place != Place::Never {
            self.ever_here.push(at);
        }
        self.managed += usize::from(record.managed);
        self.people.push(Person { record, groups: Vec::new(), access: [0; 4] });
        let person = &self.people[at.0 as usize];
        let seated = Product::ALL.into_iter().filter(|product| takes_seat(person, *product));
        seated.for_each(|product| self.seats[product.ix()].used += 1);
        Some(of_person(EffectKind::CreatedUser, at))
    }

    fn add_group(&mut self, mut record: GroupRecord) -> Option<Effect> {
        if record.id.is_empty() {
            record.id = self.free_group_id();
        }
        if self.group_by_id.contains_key(&record.id) {
            return None;
        }
        let at = GroupIx(index(self.groups.len()));
        self.group_by_id.insert(record.id.clone(), at);
        let name = record.name.to_lowercase().into();
        self.group_by_name.entry(name).or_default().push(at);
        if let Some(product) = record.gives() {
            self.default_groups[product.ix()].get_or_insert(at);
        }
        self.alive.push(at);
        self.groups.push(Group { record, members: Vec::new(), active: Vec::new(), alive: true });
        Some(of_group(EffectKind::CreatedGroup, at))
    }

    pub(super) fn remove_person(&mut self, account: &str) -> Option<Effect> {
        let at = *self.by_id.get(account)?;
        if !self.person(at).record.is_on_site() {
            return None;
        }
        for group in self.person(at).groups.clone() {
            self.set_member(at, group, false);
        }
        self.weigh(at, |person| {
            person.record.place = Place::Removed;
            person.record.roles.clear();
        });
        Some(of_person(EffectKind::RemovedUser, at))
    }

    fn remove_group(&mut self, group: &str) -> Option<Effect> {
        let at = self.group_by_id.remove(group)?;
        for member in self.group(at).members.clone() {
            self.set_member(member, at, false);
        }
        let name = self.group(at).record.name.to_lowercase();
        if let Some(same) = self.group_by_name.get_mut(name.as_str()) {
            same.retain(|other| *other != at);
            if same.is_empty() {
                self.group_by_name.remove(name.as_str());
            }
        }
        self.groups[at.0 as usize].alive = false;
        keep_sorted(&mut self.alive, at, false);
        if let Some(product) = self.group(at).record.gives() {
            let next = self.groups().find(|(_, other)| other.record.gives() == Some(product));
            self.default_groups[product.ix()] = next.map(|(at, _)| at);
        }
        Some(of_group(EffectKind::RemovedGroup, at))
    }

    fn membership(&mut self, account: &str, group: &str, member: bool) -> Option<Effect> {
        let person = *self.by_id.get(account)?;
        let group = *self.group_by_id.get(group)?;
        let kind = if member { EffectKind::AddedMember } else { EffectKind::RemovedMember };
        self.set_member(person, group, member).then_some(Effect {
            kind,
            person: Some(person),
            group: Some(group),
        })
    }

    /// Returns whether the membership changed.
    fn set_member(&mut self, person: PersonIx, group: GroupIx, member: bool) -> bool {
        let is_active = self.person(person).record.is_active();
        let Group { members, active, record, .. } = &mut self.groups[group.0 as usize];
        if !keep_sorted(members, person, member) {
            return false;
        }
        keep_sorted(active, person, member && is_active);
        let grants = record.gives();
        self.weigh(person, |person| {
            keep_sorted(&mut person.groups, group, member);
            if let Some(product) = grants {
                let count = &mut person.access[product.ix()];
                *count = if member { *count + 1 } else { *count - 1 };
            }
        });
        true
    }

    fn lifecycle(
        &mut self,
        account: &str,
        kind: EffectKind,
        to: Lifecycle,
        at_ms: i64,
    ) -> Option<Effect> {
        let at = *self.by_id.get(account)?;
        let record = &self.person(at).record;
        let from = (record.lifecycle, record.changed_ms);
        if from.0 == to || from.0 == Lifecycle::Closed {
            return None;
        }
        if from.0 == Lifecycle::ForDeletion {
            self.leaving.remove(&(from.1, at));
        }
        if to == Lifecycle::ForDeletion {
            self.leaving.insert((at_ms, at));
        }
        self.weigh(at, |person| {
            person.record.lifecycle = to;
            person.record.changed_ms = at_ms;
        });
        Some(of_person(kind, at))
    }

    fn place(
        &mut self,
        account: &str,
        kind: EffectKind,
        to: Place,
        legal: impl Fn(Place) -> bool,
    ) -> Option<Effect> {
        let at = *self.by_id.get(account)?;
        if !legal(self.person(at).record.place) {
            return None;
        }
        self.weigh(at, |person| person.record.place = to);
        Some(of_person(kind, at))
    }

    fn rename(&mut self, account: &str, name: Option<&str>, email: Option<&str>) -> Option<Effect> {
        let at = *self.by_id.get(account)?;
        let record = &mut self.people[at.0 as usize].record;
        let kind = if email.is_some() { EffectKind::ChangedEmail } else { EffectKind::ChangedName };
        if let Some(names) = &mut self.names {
            names.take_out(at, record);
        }
        if let Some(email) = email {
            self.by_email.remove(record.email.to_lowercase().as_str());
            self.by_email.insert(email.to_lowercase().into(), at);
            record.email = email.into();
        }
        if let Some(name) = name {
            record.name = name.into();
        }
        if let Some(names) = &mut self.names {
            names.add(at, record);
        }
        Some(of_person(kind, at))
    }

    /// Removes name and email from a closed account; other accounts may use them.
    pub(super) fn forget(&mut self, at: PersonIx) {
        let record = &mut self.people[at.0 as usize].record;
        if let Some(names) = &mut self.names {
            names.take_out(at, record);
        }
        self.by_email.remove(record.email.to_lowercase().as_str());
        record.email = "".into();
        record.name = "Former user".into();
    }

    /// Changes a user and updates the derived data: used seats, and the lists behind pages.
    pub(super) fn weigh(&mut self, at: PersonIx, change: impl FnOnce(&mut Person)) {
        let person = &mut self.people[at.0 as usize];
        let was_active = person.record.is_active();
        for product in Product::ALL {
            self.seats[product.ix()].used -= u32::from(takes_seat(person, product));
        }
        change(person);
        for product in Product::ALL {
            self.seats[product.ix()].used += u32::from(takes_seat(person, product));
        }
        let is_active = person.record.is_active();
        if is_active != was_active {
            for group in &person.groups {
                keep_sorted(&mut self.groups[group.0 as usize].active, at, is_active);
            }
        }
        if person.record.place != Place::Never {
            keep_sorted(&mut self.ever_here, at, true);
        }
    }
}

fn takes_seat(person: &Person, product: Product) -> bool {
    person.record.is_active() && person.has(product)
}

pub(super) fn of_person(kind: EffectKind, at: PersonIx) -> Effect {
    Effect { kind, person: Some(at), group: None }
}

pub(super) fn of_nobody(kind: EffectKind) -> Effect {
    Effect { kind, person: None, group: None }
}

pub(super) fn of_group(kind: EffectKind, at: GroupIx) -> Effect {
    Effect { kind, person: None, group: Some(at) }
}

/// Four billion users are enough; any more would share the last index.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
