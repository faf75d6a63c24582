//! Names → directory: the only part of planning that asks the site, and only by reading.
//!
//! What each job has to know before a row of it can be planned:
//!
//! | job | people | groups | and |
//! | --- | --- | --- | --- |
//! | create | by mail; everybody where that is cheap | – | products of those who are there; seats |
//! | deactivate, activate | by mail; an id needs no look-up | – | `manage` and `manage/profile` of each |
//! | suspend, restore, remove | by mail and id | – | where they stand in the directory, or who is on the site |
//! | member add, remove | by mail and id | by name and id | memberships; what the groups give |
//! | group create | – | by name | – |

use std::collections::BTreeSet;

use super::draft::{wanted_pairs, wanted_people};
use super::error::PlanError;
use crate::directory::lookup::{self, Progress, Witness};
use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::jobs::{self, LookUp};
use crate::resolve::OwnAccount;
use headcount_atlassian::Site;
use headcount_journal::{Journal, NameKind, Run};
use headcount_model::group::GroupId;
use headcount_model::protected::Protected;
use headcount_model::user::{AccountId, AccountStatus};
use headcount_sheet::Columns;

/// Addresses and ids taken from the draft at once: many calls of each kind are under way together, and
/// fewer wait for the last of a page.
const PAGE: u64 = 8_000;

/// Groups taken at once. Like-named ones are looked for only for so many of them
/// ([`lookup::groups`]).
const GROUPS: u64 = 1_000;

/// Listing everybody (1,000 a call) is worth so many calls even for a short sheet: it alone shows
/// who was there before.
const LISTING: u32 = 50;

/// A draft whose names are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The draft.
    pub run: &'a Run,
    /// Its sheet's columns.
    pub columns: &'a Columns,
    /// Who runs headcount, as far as it is known: a search that does not show them proves nobody's
    /// absence.
    pub own_account: &'a OwnAccount,
    /// The directory's people are those of an export: who is who is not asked again.
    pub people_from_exports: bool,
    /// Its groups are those of an export.
    pub groups_from_exports: bool,
}

/// Reads from the site everything the draft's rows have to know.
pub async fn look_up(
    journal: &mut Journal,
    asking: Asking<'_>,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let Asking { run, columns, own_account, .. } = asking;
    let look_up = jobs::of(run.job).look_up;
    match look_up {
        LookUp::Creations => creates(journal, asking, site, directory, progress).await,
        LookUp::Memberships | LookUp::MembershipsAndProducts => {
            if !asking.people_from_exports {
                or_exports(people(journal, run, own_account, site, directory, progress).await)?;
            }
            if !asking.groups_from_exports {
                or_exports(groups(journal, run, site, directory, progress).await)?;
            }
            let pairs = wanted_pairs(journal, run, columns, directory)?;
            let named: BTreeSet<_> = pairs.iter().map(|pair| pair.0).collect();
            let named: Vec<_> = named.into_iter().collect();
            compared(asking, site, directory, &named, progress).await?;
            owners(asking, site, directory, &pairs).await?;
            if look_up == LookUp::MembershipsAndProducts && !pairs.is_empty() {
                let groups: BTreeSet<_> = pairs.iter().map(|pair| pair.1).collect();
                let groups: Vec<_> = groups.into_iter().collect();
                lookup::products(site, directory, &groups).await?;
            }
            Ok(lookup::memberships(site, directory, &pairs, progress).await?)
        }
        LookUp::Standings | LookUp::Residents => {
            if !asking.people_from_exports {
                or_exports(people(journal, run, own_account, site, directory, progress).await)?;
            }
            let people = wanted_people(journal, run, columns, directory)?;
            compared(asking, site, directory, &people, progress).await?;
            stands(look_up, site, directory, &people, progress).await
        }
        // Whether there is such a group now no export can tell.
        LookUp::Groups => groups(journal, run, site, directory, progress).await,
        LookUp::Accounts => {
            // The organization knows an account by its id, whether a directory shows it or not.
            each_name(journal, run, NameKind::Account, &mut |page| {
                for id in page.iter().filter_map(|id| AccountId::parse(id).ok()) {
                    directory.add_person(Person::new(id));
                }
            })?;
            if !asking.people_from_exports {
                or_exports(mails(journal, run, own_account, site, directory, progress).await)?;
            }
            let people = wanted_people(journal, run, columns, directory)?;
            compared(asking, site, directory, &people, progress).await?;
            Ok(lookup::lifecycles(site, directory, &people, progress).await?)
        }
    }
}

/// Whether an export fits the site, before anybody is changed by what it says.
async fn compared(
    asking: Asking<'_>,
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    if !asking.people_from_exports {
        return Ok(());
    }
    let OwnAccount { account, mail, .. } = asking.own_account;
    let own_account = Witness { account: account.as_ref(), mail: mail.as_deref() };
    Ok(lookup::compare(site, directory, people, own_account, progress).await?)
}

/// A key that may not look these names up is not the end: exports tell them as well.
fn or_exports(looked: Result<(), PlanError>) -> Result<(), PlanError> {
    looked.map_err(|error| match error {
        PlanError::LookUp(error) => PlanError::LookUp(error.or_exports()),
        error => error,
    })
}

async fn creates(
    journal: &mut Journal,
    asking: Asking<'_>,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let Asking { run, columns, own_account, .. } = asking;
    let mut listed = false;
    if let (None, Some(_), Some(own_account)) = (&site.admin, &site.jira, &own_account.account) {
        let wanted = journal.count_names(&run.id, NameKind::Mail)?;
        let calls = LISTING.max(wanted.min(1_000) as u32);
        let everybody = lookup::everybody(site, directory, calls, own_account, &mut |_| {}).await?;
        if everybody.complete {
            // Every account is known by its id: a 201 that names none of them created somebody,
            // hidden addresses or not. Who has left the site is still listed, as not active (an
            // assumption: names stay on what people wrote): a 201 brings them back, while somebody who
            // is deactivated gets none.
            let is_here = |person: &Person| {
                !matches!(person.status, Some(AccountStatus::Inactive | AccountStatus::Closed))
            };
            let here = directory.people().filter(|(_, person)| is_here(person));
            let ids: Vec<String> = here.map(|(_, person)| person.id.as_str().to_owned()).collect();
            journal.add_known_accounts(&run.id, ids.iter().map(String::as_str))?;
            directory.sees_every_account = true;
            // A search finds active people only: nobody else's address can be asked for.
            listed = everybody.hidden_active == 0;
        }
    }
    if !listed {
        let sees = directory.sees_every_account;
        mails(journal, run, own_account, site, directory, progress).await?;
        directory.sees_every_account |= sees;
    }
    let people = wanted_people(journal, run, columns, directory)?;
    match site.jira {
        Some(_) => {
            lookup::products(site, directory, &[]).await?;
            lookup::products_of(site, directory, &people, progress).await?;
        }
        None => lookup::accesses(site, directory, &people, progress).await?,
    }
    if !asking.groups_from_exports {
        or_exports(groups(journal, run, site, directory, progress).await)?;
    }
    let pairs = wanted_pairs(journal, run, columns, directory)?;
    owners(asking, site, directory, &pairs).await?;
    Ok(lookup::memberships(site, directory, &pairs, progress).await?)
}

/// Where people stand who are to be suspended, restored or removed: in the directory, or, where they
/// are taken off the site by Jira, on it; there the organization tells who administers it.
async fn stands(
    look_up: LookUp,
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    if look_up != LookUp::Residents || site.jira.is_none() {
        return Ok(lookup::standings(site, directory, people, progress).await?);
    }
    lookup::organization_facts(site, directory, people).await?;
    Ok(lookup::on_site(site, directory, people, progress).await?)
}

/// What the guards must know of the people and groups that are really named, and exports don't say:
/// addresses that the export leaves out, and which groups an identity provider owns.
async fn owners(
    asking: Asking<'_>,
    site: &Site,
    directory: &mut Directory,
    pairs: &[(PersonIndex, GroupIndex)],
) -> Result<(), PlanError> {
    if asking.people_from_exports {
        let people: BTreeSet<_> = pairs.iter().map(|pair| pair.0).collect();
        let hidden = people.into_iter().filter(|&at| directory.person(at).mail.is_none());
        let hidden: Vec<_> = hidden.collect();
        lookup::organization_facts(site, directory, &hidden).await?;
    }
    if asking.groups_from_exports {
        let groups: BTreeSet<_> = pairs.iter().map(|pair| pair.1).collect();
        let groups: Vec<_> = groups.into_iter().collect();
        lookup::group_owners(site, directory, &groups).await?;
    }
    Ok(())
}

/// Those of the protected accounts whose address the site hides: a row that creates somebody under an
/// address that nobody shows may mean one of them. A key that may not read them sees none.
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

/// What the look-up of all mails claims of those not found is what each page of them claims.
async fn mails(
    journal: &Journal,
    run: &Run,
    own_account: &OwnAccount,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let witness =
        Witness { account: own_account.account.as_ref(), mail: own_account.mail.as_deref() };
    let (mut every_mail, mut every_account) = (true, true);
    let mut after = String::new();
    loop {
        let page = journal.names(&run.id, NameKind::Mail, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(last);
        lookup::people(site, directory, &page, &[], witness, progress).await?;
        every_mail &= directory.sees_every_mail;
        every_account &= directory.sees_every_account;
        directory.sees_every_mail = every_mail;
        directory.sees_every_account = every_account;
    }
}

async fn people(
    journal: &Journal,
    run: &Run,
    own_account: &OwnAccount,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let mut after = String::new();
    loop {
        let page = journal.names(&run.id, NameKind::Account, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        let ids: Vec<_> = page.iter().filter_map(|id| AccountId::parse(id).ok()).collect();
        let witness = Witness { account: own_account.account.as_ref(), mail: None };
        lookup::people(site, directory, &[], &ids, witness, progress).await?;
    }
    mails(journal, run, own_account, site, directory, progress).await
}

async fn groups(
    journal: &Journal,
    run: &Run,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    for kind in [NameKind::GroupName, NameKind::GroupId] {
        let mut after = String::new();
        loop {
            let page = journal.names(&run.id, kind, &after, GROUPS)?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            let ids: Vec<_> = page.iter().map(|id| GroupId::new(id)).collect();
            match kind {
                NameKind::GroupName => {
                    lookup::groups(site, directory, &page, &[], progress).await?
                }
                _ => lookup::groups(site, directory, &[], &ids, progress).await?,
            }
        }
    }
    Ok(())
}

fn each_name(
    journal: &Journal,
    run: &Run,
    kind: NameKind,
    each: &mut dyn FnMut(&[String]),
) -> Result<(), PlanError> {
    let mut after = String::new();
    loop {
        let page = journal.names(&run.id, kind, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(last);
        each(&page);
    }
}

/// Reads from the site what an undo has to know: the people, groups and memberships of what was
/// changed, or the accounts' states.
pub async fn look_up_undo(
    journal: &Journal,
    run: &Run,
    undone: &Run,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<(), PlanError> {
    let (mut ids, mut groups, mut pairs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let only = super::undo_rows::chosen(run);
    super::undo_rows::each_changed(journal, &undone.id, only.as_ref(), |step, _| {
        if let Some(id) = step.target.account {
            ids.insert(id.clone());
            if let Some(group) = step.target.group {
                groups.insert(group.clone());
                pairs.insert((id, group));
            }
        }
        Ok(())
    })?;
    let ids: Vec<_> = ids.into_iter().collect();
    let groups: Vec<_> = groups.into_iter().collect();
    let look_up = jobs::of(run.job).look_up;
    if look_up == LookUp::Groups {
        let mut made = BTreeSet::new();
        super::undo_rows::each_changed(journal, &undone.id, only.as_ref(), |step, _| {
            made.extend(step.target.group);
            Ok(())
        })?;
        let made: Vec<_> = made.into_iter().collect();
        lookup::groups(site, directory, &[], &made, progress).await?;
        let made: Vec<_> = made.iter().filter_map(|id| directory.group_by_id(id)).collect();
        return Ok(lookup::group_sizes(site, directory, &made).await?);
    }
    if look_up == LookUp::Accounts {
        let people: Vec<_> =
            ids.iter().map(|id| directory.add_person(Person::new(id.clone()))).collect();
        return Ok(lookup::lifecycles(site, directory, &people, progress).await?);
    }
    lookup::people(site, directory, &[], &ids, Witness::default(), progress).await?;
    if look_up == LookUp::Standings {
        let people: Vec<_> = ids.iter().filter_map(|id| directory.person_by_id(id)).collect();
        return stands(look_up, site, directory, &people, progress).await;
    }
    if look_up == LookUp::Residents {
        // Somebody who was created and then made an administrator is not taken off.
        let people: Vec<_> = ids.iter().filter_map(|id| directory.person_by_id(id)).collect();
        lookup::organization_facts(site, directory, &people).await?;
    }
    lookup::groups(site, directory, &[], &groups, progress).await?;
    let pairs: Vec<_> = pairs
        .iter()
        .filter_map(|(id, group)| directory.person_by_id(id).zip(directory.group_by_id(group)))
        .collect();
    Ok(lookup::memberships(site, directory, &pairs, progress).await?)
}
