//! Reads which deactivated accounts are scheduled for deletion.

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::LookupError;
use super::failed::{Failed, tried};
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
    let Some(admin) = &site.admin else { return Ok(()) };
    let is_inactive =
        |at: &PersonIndex| directory.person(*at).status == Some(AccountStatus::Inactive);
    let inactive = people.iter().copied().filter(is_inactive);
    let ids: Vec<_> = inactive.map(|at| (at, directory.person(at).id.clone())).collect();
    let most = site.pacer.most(Lane::AdminRead) as usize;
    let mut answers = stream::iter(ids)
        .map(|(at, id)| async move { (at, tried(site, standing_of(admin, &id)).await) })
        .buffered(most);
    let mut failed = Failed::default();
    while let Some((at, answer)) = answers.next().await {
        // A search's state does not tell the two apart, so it never stays.
        directory.person_mut(at).standing = failed.sort_out(at, answer)?.flatten();
        progress(1);
    }
    Ok(())
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
