//! What is read besides the names.

use headcount_journal::Count;
use std::collections::BTreeSet;

use super::{Lookup, NameKind};
use crate::directory::lookup;
use crate::directory::{GroupIndex, Person, PersonIndex};
use crate::error::PlanError;
use headcount_model::user::AccountStatus;

/// Listing all users (1,000 a call) is worth this number of calls even for a short sheet: it alone shows
/// who was there before.
const LISTING: u32 = 50;

impl Lookup<'_> {
    /// Whether an export fits the site, before anybody is changed by what it says.
    pub async fn compare(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        if !self.people_from_exports {
            return Ok(());
        }
        let (site, witness) = (self.site, self.witness());
        Ok(lookup::compare(site, self.directory, people, witness, self.progress).await?)
    }

    /// The same of groups.
    pub async fn compare_groups(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        if !self.groups_from_exports {
            return Ok(());
        }
        Ok(lookup::compare_groups(self.site, self.directory, groups, self.progress).await?)
    }

    /// What the guards must know of the people and groups that are really named, and exports don't say:
    /// addresses that the export leaves out, and which groups an identity provider owns.
    pub async fn read_owners(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        let (site, directory) = (self.site, &mut *self.directory);
        if self.people_from_exports {
            let people: BTreeSet<_> = pairs.iter().map(|pair| pair.0).collect();
            let hidden = people.into_iter().filter(|&at| directory.person(at).mail.is_none());
            let hidden: Vec<_> = hidden.collect();
            lookup::organization_facts(site, directory, &hidden).await?;
        }
        if self.groups_from_exports {
            lookup::group_owners(site, directory, &groups_of(pairs)).await?;
        }
        Ok(())
    }

    /// Who is in which of these groups.
    pub async fn read_memberships(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        Ok(lookup::memberships(self.site, self.directory, pairs, self.progress).await?)
    }

    /// Which apps come with these groups.
    pub async fn read_products(
        &mut self,
        pairs: &[(PersonIndex, GroupIndex)],
    ) -> Result<(), PlanError> {
        match pairs {
            [] => Ok(()),
            pairs => Ok(lookup::products(self.site, self.directory, &groups_of(pairs)).await?),
        }
    }

    /// How many are in each of these groups, which apps they open, and whether the site lets them be
    /// deleted.
    pub async fn read_sizes(&mut self, groups: &[GroupIndex]) -> Result<(), PlanError> {
        lookup::products(self.site, self.directory, &[]).await?;
        Ok(lookup::group_sizes(self.site, self.directory, groups).await?)
    }

    /// What may be done to each account.
    pub async fn read_lifecycles(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::lifecycles(self.site, self.directory, people, self.progress).await?)
    }

    /// The state of each user in the directory.
    pub async fn read_standings(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        Ok(lookup::standings(self.site, self.directory, people, self.progress).await?)
    }

    /// Who is on the site, where Jira is the way, and who of them administers the organization; else
    /// their state in the directory.
    pub async fn read_residents(&mut self, people: &[PersonIndex]) -> Result<(), PlanError> {
        if self.site.jira.is_none() {
            return self.read_standings(people).await;
        }
        lookup::organization_facts(self.site, self.directory, people).await?;
        Ok(lookup::on_site(self.site, self.directory, people, self.progress).await?)
    }

    /// Who is there already under the addresses of new users: all users, where that is cheap.
    pub async fn read_newcomers(&mut self) -> Result<(), PlanError> {
        let (sees, listed) = match self.list_all_users().await? {
            None => (false, false),
            // A search finds active people only: no other address can be asked for.
            Some(hidden_active) => (true, hidden_active == 0),
        };
        if !listed {
            self.people_by_mail().await?;
            self.directory.sees_every_account |= sees;
        }
        Ok(())
    }

    /// How many active people hide their address, once all users are listed; `None`: they could not be.
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
        // Every account is known by its id: a 201 that names none of them created a user,
        // hidden addresses or not. Who has left the site is still listed, as not active (an
        // assumption: names stay on what people wrote): a 201 brings them back, while a user who
        // is deactivated gets none.
        let is_here = |person: &Person| {
            !matches!(person.status, Some(AccountStatus::Inactive | AccountStatus::Closed))
        };
        let here = directory.people().filter(|(_, person)| is_here(person));
        let ids: Vec<String> = here.map(|(_, person)| person.id.as_str().to_owned()).collect();
        self.journal.add_known_before(&self.run.id, ids.iter().map(String::as_str))?;
        self.directory.sees_every_account = true;
        Ok(Some(listed.hidden_active))
    }

    /// Which apps new users have who are there already, and how many seats are left.
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
    let groups: BTreeSet<_> = pairs.iter().map(|pair| pair.1).collect();
    groups.into_iter().collect()
}
