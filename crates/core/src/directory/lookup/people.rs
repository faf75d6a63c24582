//! People by mail and by id.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};

use super::error::{ANY_KEY, LookupError, is_closed};
use super::{Progress, person};
use crate::directory::Directory;
use crate::site::admin::{self, Admin};
use crate::site::endpoint::Lane;
use crate::site::error::{CallError, CallErrorKind};
use crate::site::facts::PersonFacts;
use crate::site::jira::Jira;
use crate::site::{Site, jira};
use crate::values::user::{AccountId, mail_key};

/// Looks up the people with these mails and those with these ids (each once).
///
/// Afterwards [`Directory::sees_every_mail`] and [`Directory::sees_every_account`] tell what a mail
/// that was not found means.
pub async fn people(
    site: &Site,
    directory: &mut Directory,
    mails: &[String],
    accounts: &[AccountId],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    by_id(site, directory, accounts, progress).await?;
    by_mail(site, directory, mails, progress).await
}

async fn by_mail(
    site: &Site,
    directory: &mut Directory,
    mails: &[String],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if mails.is_empty() {
        return Ok(());
    }
    if let Some(admin) = &site.admin {
        match mails_by_organisation(site, admin, directory, mails, progress).await {
            Err(error) if is_closed(&error) && site.jira.is_some() => {}
            done => return Ok(done?),
        }
    }
    match &site.jira {
        Some(jira) => Ok(mails_by_jira(site, jira, directory, mails, progress).await?),
        None => Err(LookupError::NoWay { what: "people", needs: ANY_KEY }),
    }
}

/// The organisation sees every account of its directories and domains, whatever its state.
async fn mails_by_organisation(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    mails: &[String],
    progress: Progress<'_>,
) -> Result<(), CallError> {
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(mails.chunks(admin::NAMES_A_CALL))
        .map(|mails| async move {
            let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
            let found = halving(&mails, async |mails| with_hidden(admin, mails).await).await;
            (mails.len() as u64, found)
        })
        .buffered(most);
    while let Some((asked, found)) = answers.next().await {
        for facts in found? {
            directory.add_person(person(facts));
        }
        progress(asked);
    }
    directory.sees_every_mail = true;
    directory.sees_every_account = true;
    Ok(())
}

/// Somebody whose mail is hidden is found by it and shown without it (unmanaged accounts: an
/// assumption). Of several mails it can't be told which is theirs, so those that nobody shows are
/// then asked for one by one: taken for absent, somebody who was there would count as created.
async fn with_hidden(admin: &Admin, mails: &[&str]) -> Result<Vec<PersonFacts>, CallError> {
    let mut found = admin.users_by_mail(mails).await?;
    if mails.len() < 2 || found.iter().all(|facts| facts.mail.is_some()) {
        return Ok(found);
    }
    let shown: HashSet<String> =
        found.iter().filter_map(|facts| facts.mail.as_deref()).map(mail_key).collect();
    for mail in mails.iter().filter(|mail| !shown.contains(&mail_key(mail))) {
        found.extend(admin.users_by_mail(&[mail]).await?);
    }
    Ok(found)
}

/// Jira compares prefixes of names and mails; only an equal mail is the person. Others are kept for
/// suggestions.
async fn mails_by_jira(
    site: &Site,
    jira: &Jira,
    directory: &mut Directory,
    mails: &[String],
    progress: Progress<'_>,
) -> Result<(), CallError> {
    directory.sees_every_mail = false;
    directory.sees_every_account = false;
    let most = site.pacer.most(Lane::Jira) as usize;
    let mut answers = stream::iter(mails)
        .map(|mail| async move { (mail, jira.search_users(mail.trim()).await) })
        .buffered(most);
    while let Some((mail, found)) = answers.next().await {
        let found = match found {
            Err(error) if error.kind == CallErrorKind::BadRequest => Vec::new(),
            found => found?,
        };
        note_searched(directory, mail, found);
        progress(1);
    }
    Ok(())
}

fn note_searched(directory: &mut Directory, mail: &str, found: Vec<PersonFacts>) {
    let wanted = mail_key(mail);
    let mut hidden = false;
    let mut exact = false;
    for facts in found {
        match facts.mail.as_deref().map(mail_key) {
            Some(shown) => exact |= shown == wanted,
            None => hidden |= !facts.not_a_colleague,
        }
        directory.add_person(person(facts));
    }
    if hidden && !exact {
        directory.add_hidden(mail);
    }
}

/// Jira takes 80 ids a call, the organisation 10; but only the organisation knows people who have
/// never been on this site, or are no longer.
async fn by_id(
    site: &Site,
    directory: &mut Directory,
    accounts: &[AccountId],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if accounts.is_empty() {
        return Ok(());
    }
    if site.jira.is_none() && site.admin.is_none() {
        return Err(LookupError::NoWay { what: "people", needs: ANY_KEY });
    }
    let mut found = HashSet::new();
    if let Some(jira) = &site.jira {
        let most = site.pacer.most(Lane::Jira) as usize;
        let mut answers = stream::iter(accounts.chunks(jira::IDS_A_CALL))
            .map(|ids| async move {
                let ids: Vec<&AccountId> = ids.iter().collect();
                halving(&ids, async |ids| jira.users_by_id(ids).await).await
            })
            .buffered(most);
        while let Some(answer) = answers.next().await {
            for facts in answer? {
                found.insert(facts.id.clone());
                directory.add_person(person(facts));
            }
        }
    }
    let rest: Vec<&AccountId> = accounts.iter().filter(|id| !found.contains(*id)).collect();
    progress((accounts.len() - rest.len()) as u64);
    if let (Some(admin), false) = (&site.admin, rest.is_empty()) {
        match ids_by_organisation(site, admin, directory, &rest).await {
            Err(error) if is_closed(&error) && site.jira.is_some() => {}
            done => done?,
        }
    }
    progress(rest.len() as u64);
    Ok(())
}

/// What the organisation knows of these accounts: state, who owns and manages them, who administers.
pub(super) async fn ids_by_organisation(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    ids: &[&AccountId],
) -> Result<(), CallError> {
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(ids.chunks(admin::IDS_A_CALL))
        .map(|ids| halving(ids, async |ids| admin.users_by_id(ids).await))
        .buffered(most);
    while let Some(found) = answers.next().await {
        for facts in found? {
            directory.add_person(person(facts));
        }
    }
    Ok(())
}

/// Asks for many at once; where the site refuses the question as such (400), halves it until the
/// one that it does not understand stands alone: that one is not found, the others are.
pub(super) async fn halving<T: Copy, F>(
    names: &[T],
    ask: impl AsyncFn(&[T]) -> Result<Vec<F>, CallError>,
) -> Result<Vec<F>, CallError> {
    let mut found = Vec::new();
    let mut open = vec![names];
    while let Some(names) = open.pop() {
        match ask(names).await {
            Ok(some) => found.extend(some),
            Err(error) if error.kind == CallErrorKind::BadRequest => {
                if names.len() > 1 {
                    let (left, right) = names.split_at(names.len() / 2);
                    open.extend([right, left]);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
