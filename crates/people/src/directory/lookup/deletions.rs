//! Reads which deactivated accounts are scheduled for deletion.

use super::Progress;
use super::error::LookupError;
use super::failed::Reads;
use crate::directory::{Directory, PersonIndex};
use headcount_atlassian::admin::Admin;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::{CallError, CallErrorKind, Site};
use headcount_model::user::{AccountId, AccountStatus, Standing};

/// Reads for each deactivated account whether it is scheduled for deletion, from the organization's record of the
/// user: neither user management nor a search shows it. If the record cannot be read, the state stays unknown.
pub async fn deletions(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    if site.admin.is_some() {
        // A search's state does not tell the two apart, so it never stays.
        for at in inactive(directory, people) {
            directory.person_mut(at).standing = None;
        }
    }
    deletions_again(site, directory, people, progress).await
}

/// The same, once more. If a record cannot be read this time, what it showed before stays.
pub async fn deletions_again(
    site: &Site,
    directory: &mut Directory,
    people: &[PersonIndex],
    progress: Progress<'_>,
) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else { return Ok(()) };
    let ids = inactive(directory, people).into_iter();
    let ids: Vec<_> = ids.map(|at| (at, directory.person(at).id.clone())).collect();
    let at_once = site.pacer.most(Lane::AdminRead) as usize;
    let read = |id: AccountId| async move { standing_of(admin, &id).await };
    let note = |at, answer: Result<_, CallError>| {
        if let Ok(standing) = answer {
            directory.person_mut(at).standing = standing;
        }
        progress(1);
    };
    Reads { site, at_once }.each(ids, read, note).await
}

fn inactive(directory: &Directory, people: &[PersonIndex]) -> Vec<PersonIndex> {
    let is_inactive =
        |at: &PersonIndex| directory.person(*at).status == Some(AccountStatus::Inactive);
    people.iter().copied().filter(is_inactive).collect()
}

/// The account's state in the organization's directory. A directory that is unknown or closed to this key shows
/// none.
pub async fn standing_of(
    admin: &Admin,
    account: &AccountId,
) -> Result<Option<Standing>, CallError> {
    match admin.user(account).await {
        Ok(user) => Ok(user.and_then(|user| user.standing)),
        Err(error)
            if matches!(
                error.kind,
                CallErrorKind::OrgUnclear
                    | CallErrorKind::Forbidden { .. }
                    | CallErrorKind::NotFound
                    | CallErrorKind::BadRequest
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
