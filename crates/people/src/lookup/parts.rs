//! Reads facts besides the names.

use headcount_journal::Count;
use std::collections::BTreeSet;

use super::{Lookup, NameKind};
use crate::directory::lookup;
use crate::directory::{GroupIndex, Person, PersonIndex};
use crate::error::PlanError;
use headcount_model::user::{AccountStatus, Privilege};

/// How many calls a list of all users (1,000 per call) may take even for a short spreadsheet, because only the
/// list shows who existed before.
const LISTING: u32 = 50;

impl Lookup<'_> {
    /// Checks whether an export matches the site, before any user is changed because of it.
    pub async fn compare(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        if !self.people_from_exports {
            return Ok(());
        }
        let (site, witness) = (self.site, self.witness());
        Ok(lookup::compare(site, self.directory, people, witness, self.progress).await?)
    }

    /// The same for groups.
    pub async fn compare_groups(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        if !self.groups_from_exports {
            return Ok(());
        }
        Ok(lookup::compare_groups(self.site, self.directory, groups, self.progress).await?)
    }

    /// Reads what the guards need to know about the named users and groups and what exports do not contain: emails
    /// that the export leaves out, and the groups that an identity provider owns.
    pub async fn read_owners(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        let (site, directory) = (self.site, &mut *self.directory);
        if self.people_from_exports {
            let people = people_of(pairs).into_iter();
            let hidden: Vec<_> = people.filter(|&at| directory.person(at).mail.is_none()).collect();
            lookup::organization_facts(site, directory, &hidden).await?;
        }
        if self.groups_from_exports {
            lookup::group_owners(site, directory, &groups_of(pairs)).await?;
        }
        Ok(())
    }

    /// Reads the members of these groups.
    pub async fn read_memberships(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        Ok(lookup::memberships(self.site, self.directory, pairs, self.progress).await?)
    }

    /// Reads the apps that these groups give access to.
    pub async fn read_products(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        match pairs {
            [] => Ok(()),
            pairs => Ok(lookup::products(self.site, self.directory, &groups_of(pairs)).await?),
        }
    }

    /// Reads the number of members of these groups, the apps they give access to, and whether the site allows
    /// their deletion.
    pub async fn read_sizes(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        lookup::products(self.site, self.directory, &[]).await?;
        Ok(lookup::group_sizes(self.site, self.directory, groups).await?)
    }

    /// Reads whether this may be done with each account, and the account's state.
    pub async fn read_lifecycles(
        &mut self,
        people: &[PersonIndex],
        privilege: Privilege,
    ) -> Result<(), PlanError> {
        let (site, directory) = (self.site, &mut *self.directory);
        Ok(lookup::lifecycles(site, directory, people, privilege, self.progress).await?)
    }

    /// Reads the organization's verified domains.
    pub async fn read_domains(&mut self) -> Result<(), PlanError> {
        Ok(lookup::domains(self.site, self.directory).await?)
    }

    /// Reads all members of these groups, which are written to a file.
    pub async fn write_members(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        Ok(lookup::written_members(self.site, self.directory, groups).await?)
    }

    /// Reads which groups have names that differ from those of these groups only in case.
    pub async fn read_namesakes(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        Ok(lookup::namesakes(self.site, self.directory, groups).await?)
    }

    /// Reads which of these accounts are scheduled for deletion.
    pub async fn read_deletions(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::deletions(self.site, self.directory, people, self.progress).await?)
    }

    /// The same, once more; what was read before stays where this read fails.
    pub(super) async fn read_deletions_again(
        &mut self,
        people: &[PersonIndex],
    ) -> Result<(), PlanError> {
        Ok(lookup::deletions_again(self.site, self.directory, people, self.progress).await?)
    }

    /// Reads the state of each user in the directory.
    pub async fn read_standings(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::standings(self.site, self.directory, people, self.progress).await?)
    }

    /// Reads who of these users is an organization administrator, and their emails.
    pub async fn read_facts(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::organization_facts(self.site, self.directory, people).await?)
    }

    /// Reads the API tokens of these users.
    pub async fn read_tokens(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::tokens(self.site, self.directory, people, self.progress).await?)
    }

    /// Reads the apps of the organization, and the roles of these users and groups in them.
    pub async fn read_roles(
        &mut self,
        people: &[PersonIndex],
        groups: &[GroupIndex],
    ) -> Result<(), PlanError> {
        Ok(lookup::roles(self.site, self.directory, people, groups, self.progress).await?)
    }

    /// Reads who is on the site, if Jira is used, and who of them is an organization administrator; else their
    /// state in the directory.
    pub async fn read_residents(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        if self.site.jira.is_none() {
            return self.read_standings(people).await;
        }
        lookup::organization_facts(self.site, self.directory, people).await?;
        Ok(lookup::on_site(self.site, self.directory, people, self.progress).await?)
    }

    /// Reads who exists already under the emails of new users: all users, if that is cheap.
    pub async fn read_newcomers(&mut self) -> Result<(), PlanError> {
        let (sees, listed) = match self.list_all_users().await? {
            None => (false, false),
            // A search finds only active users, so no other email can be asked for.
            Some(hidden_active) => (true, hidden_active == 0),
        };
        if !listed {
            self.people_by_mail().await?;
            self.directory.sees_every_account |= sees;
        }
        Ok(())
    }

    /// The number of active users whose email is hidden, after listing all users; `None` if they could not be
    /// listed.
    async fn list_all_users(&mut self) -> Result<Option<u64>, PlanError> {
        let (None, Some(_), Some(own_account)) =
            (&self.site.admin, &self.site.jira, &self.own_account.account)
        else {
            return Ok(None);
        };
        let wanted =
            self.journal.count(&self.run.id, Count::Names(NameKind::Mail.word().into()))?;
        let calls = LISTING.max(wanted.min(1_000) as u32);
        let directory = &mut *self.directory;
        let listed =
            lookup::all_users(self.site, directory, calls, own_account, &mut |_| {}).await?;
        if !listed.complete {
            return Ok(None);
        }
        // Every account is known by its id, so a 201 that names none of them created a user, whether emails are
        // hidden or not. A user who left the site is still listed, as not active (an assumption: names stay on
        // what people wrote). A 201 brings such a user back, while a deactivated user gets none.
        let is_here = |person: &Person| {
            !matches!(person.status, Some(AccountStatus::Inactive | AccountStatus::Closed))
        };
        let here = directory.people().filter(|(_, person)| is_here(person));
        let ids: Vec<String> = here.map(|(_, person)| person.id.as_str().to_owned()).collect();
        self.journal.add_known_before(&self.run.id, ids.iter().map(String::as_str))?;
        self.directory.sees_every_account = true;
        Ok(Some(listed.hidden_active))
    }

    /// Reads which apps existing users among the new ones have, and the free seats.
    pub async fn read_access(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        let (site, directory) = (self.site, &mut *self.directory);
        if site.jira.is_none() {
            return Ok(lookup::accesses(site, directory, people, self.progress).await?);
        }
        lookup::products(site, directory, &[]).await?;
        Ok(lookup::products_of(site, directory, people, self.progress).await?)
    }
}

fn groups_of(pairs: &[(PersonIndex, GroupIndex)]) -> Vec<GroupIndex> {
    distinct(pairs.iter().map(|pair| pair.1))
}

/// The users of these memberships, each once.
pub(crate) fn people_of(pairs: &[(PersonIndex, GroupIndex)]) -> Vec<PersonIndex> {
    distinct(pairs.iter().map(|pair| pair.0))
}

/// To collect a set, all values would be sorted first.
fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = BTreeSet::new();
    distinct.extend(all);
    distinct.into_iter().collect()
}
