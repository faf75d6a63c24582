//! Reads of the organization.

use super::change::{Audit, Change};
use super::model::{Group, GroupIx, Person, PersonIx, Policy, Product};
use super::world::{GRACE_MS, Org, Seats};

impl Org {
    pub(crate) fn person(&self, at: PersonIx) -> &Person {
        &self.people[at.0 as usize]
    }

    pub(crate) fn group(&self, at: GroupIx) -> &Group {
        &self.groups[at.0 as usize]
    }

    pub(crate) fn find(&self, account: &str) -> Option<PersonIx> {
        self.by_id.get(account).copied()
    }

    pub(crate) fn find_email(&self, email: &str) -> Option<PersonIx> {
        match self.by_email.get(email) {
            Some(at) => Some(*at),
            None => self.by_email.get(email.to_lowercase().as_str()).copied(),
        }
    }

    pub(crate) fn find_group(&self, id: &str) -> Option<GroupIx> {
        self.group_by_id.get(id).copied()
    }

    /// The group of exactly this name.
    pub(crate) fn find_group_name(&self, name: &str) -> Option<GroupIx> {
        self.groups_named(name).find(|at| &*self.group(*at).record.name == name)
    }

    /// Groups with this name, ignoring case.
    pub(crate) fn groups_named(&self, name: &str) -> impl Iterator<Item = GroupIx> {
        let found = self.group_by_name.get(name.to_lowercase().as_str());
        found.map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// All users, removed ones included, in the order in which they were added.
    pub(crate) fn people(&self) -> impl Iterator<Item = (PersonIx, &Person)> {
        (0..).map(PersonIx).zip(&self.people)
    }

    /// All users from an index on.
    pub(crate) fn people_from(&self, from: usize) -> impl Iterator<Item = (PersonIx, &Person)> {
        let from = from.min(self.people.len());
        (u32::try_from(from).unwrap_or(u32::MAX)..).map(PersonIx).zip(&self.people[from..])
    }

    /// All existing groups, in the order in which they were created.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (GroupIx, &Group)> {
        self.alive.iter().map(|at| (*at, self.group(*at)))
    }

    /// All groups from an index on.
    pub(crate) fn groups_from(&self, from: usize) -> impl Iterator<Item = (GroupIx, &Group)> {
        let start = self.alive.partition_point(|at| (at.0 as usize) < from);
        self.alive[start..].iter().map(|at| (*at, self.group(*at)))
    }

    /// All users who are or were on the site, in the order in which they were added.
    pub(crate) fn ever_here(&self) -> &[PersonIx] {
        &self.ever_here
    }

    /// The existing groups, in the order in which they were created.
    pub(crate) fn alive_groups(&self) -> &[GroupIx] {
        &self.alive
    }

    /// How many accounts the organization manages.
    pub(crate) fn managed_count(&self) -> usize {
        self.managed
    }

    pub(crate) fn people_count(&self) -> usize {
        self.people.len()
    }

    pub(crate) fn is_member(&self, person: PersonIx, group: GroupIx) -> bool {
        self.group(group).members.binary_search(&person).is_ok()
    }

    /// Active users whose name or visible email starts with `query`, or whose whole email equals it; each once, at
    /// most `limit`.
    pub(crate) fn search(&self, query: &str, limit: usize) -> Vec<PersonIx> {
        let query = query.to_lowercase();
        let mut found = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let whole_mail = self.by_email.get(query.as_str()).copied();
        let starting = self.names.iter().flat_map(|names| names.starting_with(&query));
        for at in whole_mail.into_iter().chain(starting) {
            if found.len() >= limit {
                break;
            }
            if self.person(at).record.is_active() && seen.insert(at) {
                found.push(at);
            }
        }
        found
    }

    pub(crate) fn seats(&self, product: Product) -> Seats {
        self.seats[product.ix()]
    }

    /// Whether the app has no seat left.
    pub(crate) fn is_full(&self, product: Product) -> bool {
        let seats = self.seats(product);
        seats.limit.is_some_and(|limit| seats.used >= limit)
    }

    /// The app's default group, which new users join: the first that gives access to it.
    pub(crate) fn default_group(&self, product: Product) -> Option<GroupIx> {
        self.default_groups[product.ix()]
    }

    /// Whether the organization has claimed the email's domain.
    pub(crate) fn is_claimed(&self, email: &str) -> bool {
        let domain = email.rsplit('@').next().unwrap_or_default();
        self.domains.iter().any(|claimed| claimed.eq_ignore_ascii_case(domain))
    }

    pub(crate) fn domains(&self) -> &[Box<str>] {
        &self.domains
    }

    pub(crate) fn is_revoked(&self, token: &str) -> bool {
        self.revoked.contains_key(token)
    }

    pub(crate) fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Whether the organization pays for its apps.
    pub(crate) fn is_paid(&self) -> bool {
        !self.unpaid
    }

    /// The next account whose grace period ends, and when.
    pub(crate) fn next_to_close(&self) -> Option<(i64, PersonIx)> {
        self.leaving.first().map(|(asked_ms, at)| (asked_ms + GRACE_MS, *at))
    }

    pub(crate) fn audits(&self) -> &[Audit] {
        &self.audit
    }

    /// The organization as changes: the snapshot at the beginning of a state file.
    pub(crate) fn snapshot(&self) -> impl Iterator<Item = Change> {
        let seats = Product::ALL
            .into_iter()
            .map(|product| Change::SetSeats { product, seats: self.seats(product).limit });
        let domains =
            self.domains.iter().map(|domain| Change::ClaimedDomain { domain: domain.clone() });
        let people =
            self.people.iter().map(|person| Change::CreatedUser { person: person.record.clone() });
        let groups =
            self.groups().map(|(_, group)| Change::CreatedGroup { group: group.record.clone() });
        let members = self.people.iter().flat_map(|person| {
            person.groups.iter().map(|group| Change::AddedMember {
                account: person.record.account_id.clone(),
                group: self.group(*group).record.id.clone(),
            })
        });
        let revoked = self.revoked.iter().map(|(token, at)| Change::RevokedToken {
            account: self.person(*at).record.account_id.clone(),
            token: token.clone(),
        });
        let policies =
            self.policies.iter().map(|policy| Change::SetPolicy { policy: policy.clone() });
        let unpaid = self.unpaid.then_some(Change::SetSubscription { paid: false });
        let seats = seats.chain(unpaid).chain(policies);
        let people = people.chain(self.settings_as_changes());
        seats.chain(domains).chain(people).chain(groups).chain(members).chain(revoked)
    }
}
