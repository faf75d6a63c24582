//! Looks up users by email and by id.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _};

use super::error::{ANY_KEY, LookupError, is_closed};
use super::halving::{Halves, halving};
use super::{Progress, Witness, person};
use crate::directory::Directory;
use headcount_atlassian::admin::{self, Admin};
use headcount_atlassian::endpoint::{Endpoint, Lane};
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::jira::Jira;
use headcount_atlassian::records::PersonRecord;
use headcount_atlassian::{Site, jira};
use headcount_model::user::{AccountId, both_forms, mail_key};

/// Looks up the users with these emails and these ids (each once).
///
/// If emails were given, [`Directory::sees_every_mail`] and [`Directory::sees_every_account`] say afterwards what
/// it means that one *of these* was not found. A user counts as absent only if every call was answered and the
/// search finds your own account: a search that finds no user at all would make every user a stranger.
pub async fn people(
    site: &Site,
    directory: &mut Directory,
    mails: &[String],
    accounts: &[AccountId],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    by_id(site, directory, accounts, own_account, progress).await?;
    by_mail(site, directory, mails, own_account, progress).await
}

async fn by_mail(
    site: &Site,
    directory: &mut Directory,
    mails: &[String],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if mails.is_empty() {
        return Ok(());
    }
    if let Some(admin) = &site.admin {
        match mails_by_organization(site, admin, directory, mails, own_account, progress).await {
            Err(LookupError::Call(error)) if is_closed(&error) && site.jira.is_some() => {}
            done => return done,
        }
    }
    match &site.jira {
        Some(jira) => Ok(mails_by_jira(site, jira, directory, mails, progress).await?),
        None => Err(LookupError::NoWay { what: "users", needs: ANY_KEY }),
    }
}

/// The organization sees every account of its directories and domains, in any state. The same calls search your
/// own account.
async fn mails_by_organization(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    mails: &[String],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    directory.sees_every_mail = false;
    directory.sees_every_account = false;
    let mine = own_mail(admin, own_account).await?;
    // Your own account is part of every call, because that reveals an empty or incomplete page.
    let mails: Vec<String> = mails.iter().flat_map(|mail| both_forms(mail)).collect();
    let asked: Vec<&str> = mails.iter().map(String::as_str).collect();
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(asked.chunks(admin::NAMES_A_CALL - 1))
        .map(|mails| {
            let mine = mine.as_deref().filter(|mine| !mails.iter().any(|m| mail_key(m) == *mine));
            let asked: Vec<&str> = mails.iter().copied().chain(mine).collect();
            async move {
                let halved = halving(site, &asked, async |mails| with_hidden(admin, mails).await);
                (mails.len(), halved.await)
            }
        })
        .buffered(most);
    let mut halves = Halves::default();
    let (mut seen, mut with_me, mut calls) = (HashSet::new(), 0, 0);
    while let Some((asked, found)) = answers.next().await {
        let found = halves.add(found?);
        calls += 1;
        with_me += u64::from(mine.as_deref().is_some_and(|mine| found.iter().any(shows(mine))));
        for facts in found {
            seen.extend(shown(&facts));
            directory.add_person(person(facts));
        }
        progress(asked as u64);
    }
    if with_me > 0 && with_me < calls {
        return Err(contradiction());
    }
    let unseen_me = mine.as_deref().filter(|_| with_me == 0);
    let missing = missing(&asked, &seen, unseen_me);
    for mails in missing.chunks(admin::NAMES_A_CALL) {
        let again = halving(site, mails, async |mails| with_hidden(admin, mails).await).await?;
        for facts in halves.add_again(again) {
            with_me += u64::from(mine.as_deref().is_some_and(|mine| shows(mine)(&facts)));
            directory.add_person(person(facts));
        }
    }
    let refused = halves.end()?;
    let sees_own_account = match &mine {
        Some(_) => with_me > 0,
        // An account without an email proves nothing about a search by email.
        None => own_account.account.is_none(),
    };
    directory.sees_every_mail = refused == 0 && sees_own_account;
    directory.sees_every_account = directory.sees_every_mail;
    Ok(())
}

/// An existing user is missing in an answer.
fn contradiction() -> LookupError {
    LookupError::Incredible {
        endpoint: Endpoint::AdminSearchUsers,
        what: "one of its answers leaves out an existing user".into(),
    }
}

/// The email that an answer shows for an account, normalized.
fn shown(facts: &PersonRecord) -> Option<String> {
    facts.mail.as_deref().map(mail_key)
}

/// Whether a record shows this email ([`mail_key`]).
fn shows(mail: &str) -> impl Fn(&PersonRecord) -> bool {
    move |facts| shown(facts).as_deref() == Some(mail)
}

/// The emails to search again: a row that is missing on a page looks like an absent user, and is hardly ever
/// missing twice by accident.
fn missing<'a>(
    asked: &[&'a str],
    seen: &HashSet<String>,
    unseen_me: Option<&'a str>,
) -> Vec<&'a str> {
    let mut missing: Vec<&str> =
        asked.iter().copied().filter(|mail| !seen.contains(&mail_key(mail))).collect();
    missing.extend(unseen_me.filter(|me| !missing.iter().any(|mail| mail_key(mail) == *me)));
    missing
}

/// Your own email ([`mail_key`]), with which the search by email is tested.
async fn own_mail(admin: &Admin, own_account: Witness<'_>) -> Result<Option<String>, CallError> {
    if let Some(mail) = own_account.mail {
        return Ok(Some(mail_key(mail)));
    }
    let Some(id) = own_account.account else { return Ok(None) };
    let mut found = admin.users_by_id(&[id]).await?;
    if found.is_empty() {
        found = admin.users_by_id(&[id]).await?;
    }
    let mine = found.into_iter().find(|facts| facts.id == *id);
    Ok(mine.and_then(|facts| facts.mail).map(|mail| mail_key(&mail)))
}

/// A user whose email is hidden is found by it and shown without it (for unmanaged accounts: an assumption). With
/// several emails, it is unknown which is theirs, so those that no user shows are searched again one by one. If an
/// existing user counted as absent, they would count as created.
async fn with_hidden(admin: &Admin, mails: &[&str]) -> Result<Vec<PersonRecord>, CallError> {
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

/// Jira compares prefixes of names and emails. Only an equal email is the user; others are kept for suggestions.
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
    let mails: Vec<String> = mails.iter().flat_map(|mail| both_forms(mail)).collect();
    let mut answers = stream::iter(&mails)
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

fn note_searched(directory: &mut Directory, mail: &str, found: Vec<PersonRecord>) {
    let wanted = mail_key(mail);
    let mut hidden = false;
    let mut exact = false;
    for facts in found {
        match facts.mail.as_deref().map(mail_key) {
            Some(shown) => exact |= shown == wanted,
            None => hidden |= !facts.not_a_colleague(),
        }
        directory.add_person(person(facts));
    }
    if hidden && !exact {
        directory.add_hidden(mail);
    }
}

/// Jira takes 80 ids per call, the organization 10. But only the organization knows users who have never been on
/// this site or have left it, and the emails that Jira hides: without these, headcount cannot check whether the
/// profile protects a user.
async fn by_id(
    site: &Site,
    directory: &mut Directory,
    accounts: &[AccountId],
    own_account: Witness<'_>,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if accounts.is_empty() {
        return Ok(());
    }
    if site.jira.is_none() && site.admin.is_none() {
        return Err(LookupError::NoWay { what: "users", needs: ANY_KEY });
    }
    let mut found = HashSet::new();
    if let Some(jira) = &site.jira {
        let most = site.pacer.most(Lane::Jira) as usize;
        let mut answers = stream::iter(accounts.chunks(jira::IDS_A_CALL - 1))
            .map(|ids| async move {
                // Your own account is part of every call, because that reveals an empty page.
                let extra = own_account.account.filter(|mine| !ids.contains(mine));
                let ids: Vec<&AccountId> = ids.iter().chain(extra).collect();
                halving(site, &ids, async |ids| jira.users_by_id(ids).await).await
            })
            .buffered(most);
        let mut halves = Halves::default();
        while let Some(answer) = answers.next().await {
            let people = halves.add(answer?);
            if own_account.account.is_some_and(|mine| people.iter().all(|one| one.id != *mine)) {
                return Err(LookupError::Incredible {
                    endpoint: Endpoint::JiraUsersById,
                    what: "its answer leaves out the credential's own account".into(),
                });
            }
            for facts in people {
                if facts.mail.is_some() {
                    found.insert(facts.id.clone());
                }
                directory.add_person(person(facts));
            }
        }
        halves.end()?;
    }
    let rest: Vec<&AccountId> = accounts.iter().filter(|id| !found.contains(*id)).collect();
    progress((accounts.len() - rest.len()) as u64);
    if let (Some(admin), false) = (&site.admin, rest.is_empty()) {
        match ids_by_organization(site, admin, directory, &rest).await {
            Err(error) if is_closed(&error) && site.jira.is_some() => {}
            done => done?,
        }
    }
    progress(rest.len() as u64);
    Ok(())
}

/// What the organization knows about these accounts: state, owner, management, administrators.
pub(super) async fn ids_by_organization(
    site: &Site,
    admin: &Admin,
    directory: &mut Directory,
    ids: &[&AccountId],
) -> Result<(), CallError> {
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(ids.chunks(admin::IDS_A_CALL))
        .map(|ids| halving(site, ids, async |ids| admin.users_by_id(ids).await))
        .buffered(most);
    let mut halves = Halves::default();
    let mut seen = HashSet::new();
    while let Some(found) = answers.next().await {
        for facts in halves.add(found?) {
            seen.insert(facts.id.clone());
            directory.add_person(person(facts));
        }
    }
    // An organization administrator must not be missed because a row was missing.
    let missing: Vec<&AccountId> = ids.iter().copied().filter(|id| !seen.contains(*id)).collect();
    for ids in missing.chunks(admin::IDS_A_CALL) {
        let again = halving(site, ids, async |ids| admin.users_by_id(ids).await).await?;
        for facts in halves.add_again(again) {
            directory.add_person(person(facts));
        }
    }
    halves.end().map(drop)
}
