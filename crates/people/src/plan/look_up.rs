//! Looks up a draft's names on the site, only by reading. Each [job](crate::jobs) says what is read, in
//! [parts](crate::lookup) that jobs share.

use super::undo_rows::{chosen, each_changed};
use crate::directory::Directory;
use crate::directory::lookup::{self, Progress, Witness};
use crate::error::PlanError;
use crate::jobs;
use crate::lookup::{Lookup, LookupBack, NamesRead};
use crate::resolve::OwnAccount;
use crate::resolve::find::{only_group, only_person};
use crate::rows::Intents;
use std::collections::BTreeSet;

use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};
use headcount_model::protected::Protected;
use headcount_model::user::AccountId;

/// A draft whose names are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The draft.
    pub run: &'a Run,
    /// What its rows ask for.
    pub intents: &'a Intents,
    /// The credential's own account, as far as known. A search that does not find it does not prove that another
    /// user is absent.
    pub own_account: &'a OwnAccount,
    /// Whether the directory's users come from an export, so that they are not looked up on the site.
    pub people_from_exports: bool,
    /// Whether its groups come from an export.
    pub groups_from_exports: bool,
}

/// Reads from the site everything that the draft's rows need.
pub async fn look_up(
    journal: &mut Journal,
    asking: Asking<'_>,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let Asking { run, intents, own_account, people_from_exports, groups_from_exports } = asking;
    let read = &mut NamesRead::default();
    let lookup = Lookup {
        journal,
        run,
        intents,
        site,
        directory,
        progress,
        own_account,
        people_from_exports,
        groups_from_exports,
        read,
    };
    (jobs::of(run.job).look_up)(lookup).await?;
    match jobs::is_provisioned(run) {
        true => records(intents, site, directory).await,
        false => Ok(()),
    }
}

/// Reads the records of the rows' users and groups in the identity provider's directory.
async fn records(
    intents: &Intents,
    site: &Site,
    directory: &mut Directory,
) -> Result<(), PlanError> {
    let (mut people, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for (user, named) in intents.targets() {
        people.extend(user.and_then(|user| only_person(user, directory)));
        groups.extend(named.iter().filter_map(|one| only_group(one, directory)));
    }
    Ok(lookup::records(site, directory, &people, &groups).await?)
}

/// Reads from the site what an undo needs: the changed users, groups and memberships, or the accounts' states.
pub async fn look_up_undo(
    journal: &Journal,
    run: &Run,
    undone: &Run,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let mut lookup = LookupBack::new(site, directory, progress);
    each_changed(journal, &undone.id, chosen(run).as_ref(), |step, _| {
        lookup.add(step.payload);
        Ok(())
    })?;
    (jobs::of(run.job).look_up_undo)(lookup).await
}

/// The protected accounts whose email the site hides. A row that creates a user under an email that no user shows
/// may mean one of them. A credential that may not read them sees none.
pub async fn hidden_accounts(
    site: &Site,
    protected: &Protected,
) -> Result<Vec<AccountId>, PlanError> {
    let accounts: Vec<AccountId> = protected.accounts().collect();
    let mut directory = Directory::default();
    match lookup::people(site, &mut directory, &[], &accounts, Witness::default(), &mut |_| {})
        .await
    {
        Err(error) if error.call().is_some_and(lookup::is_closed) => return Ok(Vec::new()),
        done => done?,
    }
    let hidden = directory.people().filter(|(_, person)| person.mail.is_none());
    Ok(hidden.map(|(_, person)| person.id.clone()).collect())
}
