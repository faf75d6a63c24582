//! Reads single users: what may be done with the account, and which apps it has.

use super::error::{JIRA_KEY, LookupError, ORG_KEY, is_closed};
use super::failed::Reads;
use super::people::ids_by_organization;
use super::{Progress, person};
use crate::directory::{Directory, Lifecycle, PersonIndex};
use headcount_atlassian::Site;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::error::{CallError, CallErrorKind};
use headcount_atlassian::records::{PersonRecord, UserRecord};
use headcount_model::user::{AccountId, Privilege};

/// Reads for each user whether the organization has this privilege for the account, and the account's state
/// (`manage`, `manage/profile`); and ten users at a time, whether they are organization administrators, if that is
/// unknown (`users/search`).
///
/// A user who is known only by id (an id in a spreadsheet) can be added to the directory with
/// [`Person::new`](crate::directory::Person::new) first, because the organization knows managed accounts that are
/// in no directory.
pub async fn lifecycles(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    privilege: Privilege,
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "managed accounts", needs: ORG_KEY });
    };
    let unknown = people.iter().copied().filter(|&at| directory.person(at).org_admin.is_none());
    let unknown: Vec<_> = unknown.collect();
    organization_facts(site, directory, &unknown).await?;
    let at_once = site.pacer.most(Lane::AdminRead) as usize;
    let ids: Vec<_> = people.iter().map(|&at| (at, directory.person(at).id.clone())).collect();
    let read = |id| async move { lifecycle(admin, &id, privilege).await };
    let note = |at, answer: Result<_, CallError>| {
        let (lifecycle, profile) =
            answer.unwrap_or_else(|error| (Lifecycle::Unreadable(error.to_string().into()), None));
        note_lifecycle(directory, at, lifecycle, profile);
        progress(1);
    };
    Reads { site, at_once }.each(ids, read, note).await
}

fn note_lifecycle(
    directory: &mut Directory,
    at: PersonIndex,
    lifecycle: Lifecycle,
    profile: Option<PersonRecord>,
) {
    if let Some(profile) = profile {
        directory.add_person(person(profile));
    }
    let known = directory.person_mut(at);
    match &lifecycle {
        Lifecycle::Allowed => known.managed = Some(true),
        Lifecycle::Refused(key) if key.starts_with("externalDirectory.") => {
            known.managed = Some(true);
            known.synced = Some(true);
        }
        Lifecycle::Refused(_) | Lifecycle::Unreadable(_) => {}
        Lifecycle::NotManaged(_) => known.managed = Some(false),
    }
    known.lifecycle = Some(lifecycle);
}

/// Reads what only the organization shows about these users (`users/search`, 10 ids per call): emails that Jira
/// hides, organization administrators, users of an identity provider. Without an organization API key, or if the
/// organization does not have this call, nothing is read.
pub async fn organization_facts(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else { return Ok(()) };
    let ids: Vec<AccountId> = people.iter().map(|&at| directory.person(at).id.clone()).collect();
    let ids: Vec<&AccountId> = ids.iter().collect();
    match ids_by_organization(site, admin, directory, &ids).await {
        Err(error) if is_closed(&error) => Ok(()),
        done => Ok(done?),
    }
}

async fn lifecycle(
    admin: &Admin,
    id: &AccountId,
    privilege: Privilege,
) -> Result<(Lifecycle, Option<PersonRecord>), CallError> {
    let lifecycle = match admin.manage(id, privilege).await {
        // An id that the API does not accept belongs to no user.
        Err(error) if error.kind == CallErrorKind::BadRequest => {
            Lifecycle::NotManaged(error.words.into())
        }
        answer => answer?,
    };
    // An account that is not managed has no profile either.
    let profile = match &lifecycle {
        Lifecycle::NotManaged(_) | Lifecycle::Unreadable(_) => None,
        Lifecycle::Allowed | Lifecycle::Refused(_) => admin.profile(id).await?,
    };
    // The answer belongs to the requested account, whatever id it repeats.
    let profile = profile.map(|facts| PersonRecord { id: id.clone(), ..facts });
    Ok((lifecycle, profile))
}

/// Reads for each user which apps of Jira they have, and their state on the site. A user that Jira does not show
/// (404) stays unchanged.
pub async fn products_of(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(jira) = &site.jira else {
        return Err(LookupError::NoWay { what: "product access", needs: JIRA_KEY });
    };
    let at_once = site.pacer.most(Lane::Jira) as usize;
    let ids: Vec<_> = people.iter().map(|&at| (at, directory.person(at).id.clone())).collect();
    let read = |id: AccountId| async move { shown(jira.user(&id).await) };
    let note = |at, answer: Result<_, CallError>| {
        // Otherwise the user's apps stay unknown; the site will report it.
        if let Ok(facts) = answer {
            note_products(directory, at, facts);
        }
        progress(1);
    };
    Reads { site, at_once }.each(ids, read, note).await
}

/// An id that Jira does not accept belongs to no user.
fn shown(answer: Result<Option<UserRecord>, CallError>) -> Result<Option<UserRecord>, CallError> {
    match answer {
        Err(error) if error.kind == CallErrorKind::BadRequest => Ok(None),
        answer => answer,
    }
}

fn note_products(directory: &mut Directory, at: PersonIndex, facts: Option<UserRecord>) {
    let Some(facts) = facts else { return };
    let known = directory.person_mut(at);
    known.products = facts.products;
    // The organization's state (inactive or closed) is more exact than Jira's (not active).
    known.status = known.status.or(facts.person.status);
    known.name = known.name.take().or(facts.person.name);
}
