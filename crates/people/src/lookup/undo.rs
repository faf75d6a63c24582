//! Reads what an undo needs before it is planned: the changed users, groups and memberships.

use std::collections::BTreeSet;

use crate::directory::lookup::{self, LookupError, Progress, Witness};
use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::error::PlanError;
use crate::steps::{Change, StepKind};
use headcount_atlassian::Site;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Privilege, mail_key};

/// The lookup for an undo.
pub struct LookupBack<'a> {
    /// The site.
    pub site: &'a Site,
    /// The directory to fill.
    pub directory: &'a mut Directory,
    /// Receives how many more are done.
    pub progress: Progress<'a>,
    accounts: BTreeSet<AccountId>,
    groups: BTreeSet<GroupId>,
    pairs: BTreeSet<(AccountId, GroupId)>,
    mails: BTreeSet<String>,
    kinds: Vec<(StepKind, AccountId)>,
    of_groups: Vec<(StepKind, GroupId)>,
}

impl<'a> LookupBack<'a> {
    /// An empty lookup.
    pub fn new(site: &'a Site, directory: &'a mut Directory, progress: Progress<'a>) -> Self {
        let (accounts, groups, pairs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mails, kinds, of_groups) = (BTreeSet::new(), Vec::new(), Vec::new());
        Self { site, directory, progress, accounts, groups, pairs, mails, kinds, of_groups }
    }

    /// Adds the change of a step.
    pub fn add(&mut self, change: Change) {
        let Change { kind, target, .. } = change;
        self.of_groups.extend(target.group.clone().map(|group| (kind, group)));
        self.kinds.extend(target.account.clone().map(|account| (kind, account)));
        self.mails.extend(target.mail.as_deref().map(mail_key));
        self.accounts.extend(target.account.clone());
        self.groups.extend(target.group.clone());
        self.pairs.extend(target.account.zip(target.group));
    }

    /// Reads the users from the site.
    pub async fn read_people(&mut self) -> Result<Vec<PersonIndex>, PlanError> {
        let ids: Vec<_> = self.accounts.iter().cloned().collect();
        let witness = Witness::default();
        lookup::people(self.site, self.directory, &[], &ids, witness, self.progress).await?;
        Ok(ids.iter().filter_map(|id| self.directory.person_by_id(id)).collect())
    }

    /// The users of the steps of these kinds, each once.
    fn of_kinds(&self, kinds: &[StepKind]) -> Vec<PersonIndex> {
        let of = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        let people: BTreeSet<_> =
            of.filter_map(|(_, id)| self.directory.person_by_id(id)).collect();
        people.into_iter().collect()
    }

    /// Reads the accounts of the steps of these kinds from the organization.
    pub async fn read_lifecycles_of(
        &mut self,
        kinds: &[StepKind],
        privilege: Privilege,
    ) -> Result<(), PlanError> {
        match self.of_kinds(kinds) {
            people if people.is_empty() => Ok(()),
            people => {
                Ok(lookup::lifecycles(self.site, self.directory, &people, privilege, self.progress)
                    .await?)
            }
        }
    }

    /// Reads the state in the directory of the users of the steps of these kinds.
    pub async fn read_standings_of(&mut self, kinds: &[StepKind]) -> Result<(), PlanError> {
        match self.of_kinds(kinds) {
            people if people.is_empty() => Ok(()),
            people => {
                Ok(lookup::standings(self.site, self.directory, &people, self.progress).await?)
            }
        }
    }

    /// Reads the roles in apps of the users, and of the groups, of the steps of these kinds.
    pub async fn read_roles_of(
        &mut self,
        of_users: &[StepKind],
        of_groups: &[StepKind],
    ) -> Result<(), PlanError> {
        let people = self.of_kinds(of_users);
        let of = self.of_groups.iter().filter(|(kind, _)| of_groups.contains(kind));
        let groups: BTreeSet<_> = of.filter_map(|(_, id)| self.directory.group_by_id(id)).collect();
        if people.is_empty() && groups.is_empty() {
            return Ok(());
        }
        let groups: Vec<_> = groups.into_iter().collect();
        Ok(lookup::roles(self.site, self.directory, &people, &groups, self.progress).await?)
    }

    /// Reads whether the accounts of the steps of these kinds may be deleted, and which are scheduled for deletion.
    pub async fn read_deletions_of(&mut self, kinds: &[StepKind]) -> Result<(), PlanError> {
        match self.of_kinds(kinds) {
            people if people.is_empty() => Ok(()),
            people => {
                self.read_lifecycles_of(kinds, Privilege::Deletion).await?;
                Ok(lookup::deletions(self.site, self.directory, &people, self.progress).await?)
            }
        }
    }

    /// Reads the accounts from the organization, by their ids.
    pub async fn read_lifecycles(&mut self, privilege: Privilege) -> Result<(), PlanError> {
        let new = self.accounts.iter().cloned().map(Person::new);
        let people: Vec<_> = new.map(|person| self.directory.add_person(person)).collect();
        let (site, directory) = (self.site, &mut *self.directory);
        Ok(lookup::lifecycles(site, directory, &people, privilege, self.progress).await?)
    }

    /// Reads the accounts from the organization, which of them are scheduled for deletion, the users that have these
    /// steps' addresses now, and the verified domains.
    pub async fn read_addresses(&mut self) -> Result<(), PlanError> {
        let mails: Vec<String> = self.mails.iter().cloned().collect();
        let witness = Witness::default();
        lookup::people(self.site, self.directory, &mails, &[], witness, self.progress).await?;
        lookup::domains(self.site, self.directory).await?;
        self.read_lifecycles(Privilege::Email).await?;
        self.read_scheduled().await
    }

    /// Reads the accounts from the organization, and which of them are scheduled for deletion.
    pub async fn read_deletions(&mut self) -> Result<(), PlanError> {
        self.read_lifecycles(Privilege::Deletion).await?;
        self.read_scheduled().await
    }

    async fn read_scheduled(&mut self) -> Result<(), PlanError> {
        let people: Vec<_> =
            self.accounts.iter().filter_map(|id| self.directory.person_by_id(id)).collect();
        Ok(lookup::deletions(self.site, self.directory, &people, self.progress).await?)
    }

    /// Reads the state of the users in the directory.
    pub async fn read_standings(&mut self) -> Result<(), PlanError> {
        let people = self.read_people().await?;
        Ok(lookup::standings(self.site, self.directory, &people, self.progress).await?)
    }

    /// Reads the users, the groups, and their roles in apps.
    pub async fn read_roles(&mut self) -> Result<(), PlanError> {
        let people = self.read_people().await?;
        let groups = self.read_groups().await?;
        Ok(lookup::roles(self.site, self.directory, &people, &groups, self.progress).await?)
    }

    /// Reads the groups.
    pub async fn read_groups(&mut self) -> Result<Vec<GroupIndex>, PlanError> {
        let ids: Vec<_> = self.groups.iter().cloned().collect();
        lookup::groups(self.site, self.directory, &[], &ids, self.progress).await?;
        self.read_records(&ids).await?;
        Ok(ids.iter().filter_map(|id| self.directory.group_by_id(id)).collect())
    }

    /// Reads the records of groups that no search shows: a group that was just created may be in no index yet, and
    /// a deleted group has no record any more. Only the organization shows a record.
    async fn read_records(&mut self, ids: &[GroupId]) -> Result<(), PlanError> {
        let Some(admin) = self.site.admin.as_ref().filter(|admin| admin.knows_home()) else {
            return Ok(());
        };
        let unseen = ids.iter().filter(|id| self.directory.group_by_id(id).is_none());
        let unseen: Vec<_> = unseen.cloned().collect();
        for id in unseen {
            match admin.has_group(&id).await {
                Ok(false) => self.directory.note_absent_group(id),
                Ok(true) => {}
                // A failed read proves nothing.
                Err(error) if self.site.fails_for_this_alone(&error).await => {}
                Err(error) => return Err(LookupError::from(error).into()),
            }
        }
        Ok(())
    }

    /// Reads the groups, and which of the users are members.
    pub async fn read_memberships(&mut self) -> Result<(), PlanError> {
        self.read_groups().await?;
        let directory = &mut *self.directory;
        let pair = |(id, group): &(AccountId, GroupId)| {
            directory.person_by_id(id).zip(directory.group_by_id(group))
        };
        let pairs: Vec<_> = self.pairs.iter().filter_map(pair).collect();
        Ok(lookup::memberships(self.site, directory, &pairs, self.progress).await?)
    }
}
