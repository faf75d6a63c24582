//! Looks up the draft's names, a page at a time.

use super::{Lookup, NameKind};
use crate::directory::Person;
use crate::directory::lookup::{self, LookupError, Witness};
use crate::error::PlanError;
use crate::rows::is_uuid;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;

/// How many emails and ids are taken from the draft at a time. With many, several calls of each kind run at the
/// same time, and fewer calls wait for the last of a page.
const PAGE: u64 = 8_000;

/// How many groups are taken at a time. Similar names are searched only for this many of them
/// ([`lookup::groups`]).
const GROUPS: u64 = 1_000;

impl Lookup<'_> {
    /// Reads the rows' users by id and by email, unless an export has them.
    pub async fn read_people(&mut self) -> Result<(), PlanError> {
        match self.people_from_exports {
            true => Ok(()),
            false => or_exports(self.people_by_id_and_mail().await),
        }
    }

    /// Reads the rows' users only by email, unless an export has them.
    pub async fn read_mails(&mut self) -> Result<(), PlanError> {
        match self.people_from_exports {
            true => Ok(()),
            false => or_exports(self.people_by_mail().await),
        }
    }

    /// Reads the rows' groups, unless an export has them.
    pub async fn read_groups(&mut self) -> Result<(), PlanError> {
        match self.groups_from_exports {
            true => {
                let named = self.groups();
                self.compare_groups(&named).await?;
                or_exports(self.groups_called_like_an_id().await)
            }
            false => or_exports(self.groups_by_name_and_id().await),
        }
    }

    /// Takes the rows' ids of accounts without a lookup, because the organization knows an account by its id even if no
    /// directory shows it.
    pub fn take_accounts(&mut self) {
        for (user, _) in self.intents.targets() {
            if let Some(id) = user.and_then(|user| user.account.clone()) {
                self.directory.add_person(Person::new(id));
            }
        }
    }

    async fn people_by_id_and_mail(&mut self) -> Result<(), PlanError> {
        if std::mem::replace(&mut self.read.accounts, true) {
            return self.people_by_mail().await;
        }
        let witness = Witness { mail: None, ..self.witness() };
        let mut after = String::new();
        loop {
            let page = self.journal.names(&self.run.id, NameKind::Account.word(), &after, PAGE)?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            let ids: Vec<_> = page.iter().filter_map(|id| AccountId::parse(id).ok()).collect();
            lookup::people(self.site, self.directory, &[], &ids, witness, self.progress).await?;
        }
        self.people_by_mail().await
    }

    /// The claim about emails that were not found holds for all emails if it holds for each page of them.
    pub(super) async fn people_by_mail(&mut self) -> Result<(), PlanError> {
        if std::mem::replace(&mut self.read.mails, true) {
            return Ok(());
        }
        let witness = self.witness();
        let (mut every_mail, mut every_account) = (true, true);
        let mut after = String::new();
        loop {
            let page = self.journal.names(&self.run.id, NameKind::Mail.word(), &after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(last);
            let directory = &mut *self.directory;
            lookup::people(self.site, directory, &page, &[], witness, self.progress).await?;
            every_mail &= directory.sees_every_mail;
            every_account &= directory.sees_every_account;
            directory.sees_every_mail = every_mail;
            directory.sees_every_account = every_account;
        }
    }

    /// Reads the rows' groups from the site; no export can show their current state.
    pub async fn groups_by_name_and_id(&mut self) -> Result<(), PlanError> {
        if std::mem::replace(&mut self.read.groups, true) {
            return Ok(());
        }
        for kind in [NameKind::GroupId, NameKind::GroupName] {
            let mut after = String::new();
            loop {
                let page = self.journal.names(&self.run.id, kind.word(), &after, GROUPS)?;
                let Some(last) = page.last() else { break };
                after.clone_from(last);
                let ids: Vec<_> = page.iter().map(|id| GroupId::new(id)).collect();
                let (names, ids) = match kind {
                    NameKind::GroupName => (page.as_slice(), [].as_slice()),
                    NameKind::Mail | NameKind::Account | NameKind::GroupId => {
                        ([].as_slice(), ids.as_slice())
                    }
                };
                lookup::groups(self.site, self.directory, names, ids, self.progress).await?;
            }
        }
        Ok(())
    }
}

impl Lookup<'_> {
    /// Reads groups whose name has the form of an id from the site: an export may be older than such a group, and
    /// would show only the group with that id.
    async fn groups_called_like_an_id(&mut self) -> Result<(), PlanError> {
        let mut after = String::new();
        loop {
            let kind = NameKind::GroupName.word();
            let page = self.journal.names(&self.run.id, kind, &after, GROUPS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(last);
            let names: Vec<_> = page.into_iter().filter(|name| is_uuid(name)).collect();
            match lookup::groups(self.site, self.directory, &names, &[], self.progress).await {
                Err(LookupError::Call(error)) if lookup::is_closed(&error) => return Ok(()),
                done => done?,
            }
        }
    }
}

/// If the credentials may not look up these names, exports help.
fn or_exports(looked: Result<(), PlanError>) -> Result<(), PlanError> {
    looked.map_err(|error| match error {
        PlanError::LookUp(error) => PlanError::LookUp(error.or_exports()),
        error @ (PlanError::Sheet(_) | PlanError::Journal(_) | PlanError::Contradiction(_)) => {
            error
        }
    })
}
