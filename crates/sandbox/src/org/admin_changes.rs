//! The rarer changes: settings, the end of a deletion's grace period, a group's app, policies.

use super::change::{Change, Effect, EffectKind};
use super::model::{Lifecycle, Place, Policy, Product};
use super::roles::AppRole;
use super::world::{Org, of_group, of_nobody, of_person};

impl Org {
    /// Applies changes that no request makes: settings of the organization, and the state file's own marks.
    pub(super) fn set(&mut self, change: &Change) {
        match change {
            Change::ChangedClaim { account, managed } => {
                if let Some(record) = self.record(account) {
                    let was = std::mem::replace(&mut record.managed, *managed);
                    self.managed = self.managed + usize::from(*managed) - usize::from(was);
                }
            }
            Change::Used { account, product, at_ms } => {
                if let Some(record) = self.record(account) {
                    let latest = record.seen.entry(*product).or_insert(*at_ms);
                    *latest = (*latest).max(*at_ms);
                }
            }
            Change::SetSeats { product, seats } => self.seats[product.ix()].limit = *seats,
            Change::ClaimedDomain { domain } if !self.domains.contains(domain) => {
                self.domains.push(domain.clone());
            }
            Change::SetSetting { account, kind, key, value } => {
                self.set_setting(*kind, account, key, value.as_ref());
            }
            Change::SetSubscription { paid } => self.unpaid = !paid,
            Change::Reset => *self = Self::default(),
            _ => {}
        }
    }

    /// Closes an account for good: not on the site, without email or name. Assumption: the remaining name, `Former
    /// user`, as sites show it.
    pub(super) fn close(&mut self, account: &str, at_ms: i64) -> Option<Effect> {
        let at = self.find(account)?;
        let record = &self.person(at).record;
        if record.lifecycle != Lifecycle::ForDeletion {
            return None;
        }
        let (asked_ms, on_site) = (record.changed_ms, record.is_on_site());
        self.leaving.remove(&(asked_ms, at));
        if on_site {
            self.remove_person(account);
        }
        self.forget(at);
        self.forget_settings(account);
        self.weigh(at, |person| {
            person.record.lifecycle = Lifecycle::Closed;
            person.record.changed_ms = at_ms;
            person.record.org_admin = false;
            if person.record.place != Place::Never {
                person.record.place = Place::Removed;
            }
        });
        Some(of_person(EffectKind::Closed, at))
    }

    /// Changes the app that a group gives access to, and the role; members' access and seats follow.
    pub(super) fn set_grant(
        &mut self,
        group: &str,
        product: Option<Product>,
        role: AppRole,
    ) -> Option<Effect> {
        let at = self.find_group(group)?;
        let record = &mut self.groups[at.0 as usize].record;
        let role = if product.is_some() { role } else { AppRole::default() };
        if (record.grants, record.grants_role) == (product, role) {
            return None;
        }
        let before = record.gives();
        (record.grants, record.grants_role) = (product, role);
        let after = record.gives();
        for person in self.group(at).members.clone() {
            self.weigh(person, |person| {
                if let Some(before) = before {
                    person.access[before.ix()] -= 1;
                }
                if let Some(after) = after {
                    person.access[after.ix()] += 1;
                }
            });
        }
        for moved in before.into_iter().chain(after) {
            let first = self.groups().find(|(_, group)| group.record.gives() == Some(moved));
            let first = first.map(|(at, _)| at);
            self.default_groups[moved.ix()] = first;
        }
        let kind = match product {
            Some(_) => EffectKind::GrantedProduct,
            None => EffectKind::RevokedProduct,
        };
        Some(of_group(kind, at))
    }

    pub(super) fn set_policy(&mut self, policy: &Policy) -> Effect {
        match self.policies.iter_mut().find(|known| known.id == policy.id) {
            Some(known) => {
                known.attributes = policy.attributes.clone();
                of_nobody(EffectKind::ChangedPolicy)
            }
            None => {
                self.policies.push(policy.clone());
                of_nobody(EffectKind::CreatedPolicy)
            }
        }
    }
}

impl Org {
    /// Assigns a role to a user, or revokes it.
    pub(super) fn set_role(
        &mut self,
        account: &str,
        product: Product,
        role: AppRole,
        holds: bool,
    ) -> Option<Effect> {
        let at = self.find(account)?;
        let held = self.person(at).record.roles.get(&product);
        if held.is_some_and(|held| held.contains(&role)) == holds {
            return None;
        }
        self.weigh(at, |person| {
            let roles: &mut std::collections::BTreeSet<AppRole> =
                person.record.roles.entry(product).or_default();
            match holds {
                true => roles.insert(role),
                false => roles.remove(&role),
            };
            person.record.roles.retain(|_, roles| !roles.is_empty());
        });
        let kind = if holds { EffectKind::AssignedRole } else { EffectKind::RevokedRole };
        Some(of_person(kind, at))
    }
}
