//! Reads which deactivated accounts are scheduled for deletion.

use futures_util::stream::{self, StreamExt as _};

use super::Progress;
use super::error::LookupError;
use super::failed::Failed;
use crate::directory::{Directory, PersonIndex};
use crate::steps::standing_of;
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::Lane;
use headcount_model::user::AccountStatus;

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
        .map(|(at, id)| async move { (at, standing_of(admin, &id).await) })
        .buffered(most);
    let mut failed = Failed::default();
    while let Some((at, answer)) = answers.next().await {
        // A search's state does not tell the two apart, so it never stays.
        directory.person_mut(at).standing = failed.sort_out(site, at, answer).await?.flatten();
        progress(1);
    }
    Ok(())
}
