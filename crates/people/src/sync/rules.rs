//! What a list owns, and what happens to users that it does not name.

use std::collections::{BTreeSet, HashSet};

use headcount_model::spelling::domain_key;
use headcount_model::user::{Product, mail_key};

use super::error::ListError;
use super::list::List;
use crate::directory::{Directory, GroupIndex, Person};
use crate::resolve::find::{find_group, only_group};
use crate::rows::WhichGroup;

/// What happens to users that the list owns and does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absent {
    /// They stay as they are.
    #[default]
    Keep,
    /// They leave the groups that the list owns.
    LeaveGroups,
    /// They are suspended.
    Suspend,
    /// Their accounts are deactivated.
    Deactivate,
    /// They are removed from the site.
    Remove,
}

impl Absent {
    /// Whether it changes users, not only memberships.
    pub fn is_for_users(self) -> bool {
        match self {
            Self::Keep | Self::LeaveGroups => false,
            Self::Suspend | Self::Deactivate | Self::Remove => true,
        }
    }
}

/// What the command says about a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The groups that the list owns, by name or id; empty: those that it names.
    pub own_groups: Vec<WhichGroup>,
    /// The mail domains that the list owns; empty: it owns the users that it names.
    pub own_domains: Vec<String>,
    /// The products that the list owns: a user whose row does not name one of them loses it. Empty: users only get
    /// products.
    pub own_products: Vec<Product>,
    /// What happens to users that the list owns and does not name.
    pub absent: Absent,
}

impl Rules {
    /// The groups that the list owns, from the command or from the list's own sheet.
    pub(super) fn groups_owned<'a>(&'a self, list: &'a List) -> Vec<&'a WhichGroup> {
        let managed = list.managed_groups.iter().flatten();
        self.own_groups.iter().chain(managed).collect()
    }
}

/// The groups and mail domains that a list owns, as the site knows them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The groups.
    pub groups: BTreeSet<GroupIndex>,
    /// The mail domains; empty: the users that the list names.
    domains: HashSet<String>,
    /// Whether the command or the list says what the list owns.
    pub is_explicit: bool,
}

impl Scope {
    /// The scope of a list.
    ///
    /// # Errors
    /// An owned group is not certainly one; users would be changed because they are absent, and no domain is owned.
    pub fn of(list: &List, rules: &Rules, directory: &Directory) -> Result<Self, ListError> {
        let domains = domains(rules);
        if rules.absent.is_for_users() && domains.is_empty() {
            return Err(ListError::NoDomain);
        }
        let owned = rules.groups_owned(list);
        let is_explicit = !owned.is_empty() || !domains.is_empty() || list.managed_groups.is_some();
        let groups = match owned.is_empty() && list.managed_groups.is_none() {
            true => list.groups().filter_map(|group| only_group(group, directory)).collect(),
            false => {
                let find = |group: &&WhichGroup| {
                    find_group(group, directory).map_err(|no| ListError::OwnGroup(no.detail))
                };
                owned.iter().map(find).collect::<Result<_, _>>()?
            }
        };
        Ok(Self { groups, domains, is_explicit })
    }

    /// Whether the list owns the users with this email: if it owns no domain, it owns those that it names.
    pub fn owns_mail(&self, mail: Option<&str>) -> bool {
        self.domains.is_empty() || mail.is_some_and(|mail| self.has_domain(mail))
    }

    /// Whether the domain of this email is named as the list's.
    pub fn has_domain(&self, mail: &str) -> bool {
        mail_key(mail).rsplit_once('@').is_some_and(|(_, domain)| self.domains.contains(domain))
    }

    /// Whether a user without a row in the list is the list's: by the email's domain.
    pub fn has_user(&self, person: &Person) -> bool {
        person.mail.as_deref().is_some_and(|mail| self.has_domain(mail))
    }
}

/// The owned domains, in the form of [`mail_key`].
pub(super) fn domains(rules: &Rules) -> HashSet<String> {
    let bare = |domain: &String| domain_key(domain.trim().trim_start_matches('@'));
    rules.own_domains.iter().map(bare).collect()
}
