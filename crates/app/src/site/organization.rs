//! The organization and the directory of a job of the admin APIs.

use crate::configuration::choose::SANDBOX;
use headcount_atlassian::access::Access;
use headcount_atlassian::{CallError, CallErrorKind, Site};

use super::need::Need;
use crate::failure::Failure;

/// The organization of a job of the admin APIs, with the address of its API. A plan records both, because another
/// key or another address means other users, whatever the site's name is. A key shows its organization.
pub(super) async fn organization(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let org = admin.org().await?;
    // The built-in sandbox has another port with each start.
    let address = if is_sandbox { SANDBOX.to_owned() } else { access.admin_url.to_string() };
    Ok(Some(format!("{address}/admin/v1/orgs/{org}")))
}

/// Checks the ids of the organization and the directory with requests before anything is planned: with a wrong id,
/// every call is answered with 404, and the guards that read the organization would find nothing to guard.
pub(crate) async fn confirm(site: &Site, need: Need) -> Result<(), Failure> {
    let Some(admin) = &site.admin else { return Ok(()) };
    admin.confirm_org().await?;
    // Older user management has no directories; a job that needs one is refused elsewhere.
    match admin.confirm_directory().await {
        Err(error) if is_closed(&error) && need != Need::Directory => Ok(()),
        done => Ok(done?),
    }
}

fn is_closed(error: &CallError) -> bool {
    matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Forbidden { .. })
}

/// The same for a job on the organization's directory, which is named too, because users are suspended there. With
/// older user management, which has no such calls, groups are left to Jira.
pub(super) async fn directory(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let closed = |error: &CallError| site.jira.is_some() && is_closed(error);
    // With a wrong organization the directories are refused, too, which says nothing about the key.
    if !admin.knows_home() && admin.known_org().is_some() {
        admin.confirm_org().await?;
    }
    let home = match admin.home().await {
        Err(error) if closed(&error) => return Ok(None),
        home => home?,
    };
    let organization = organization(site, access, is_sandbox).await?;
    Ok(organization.map(|organization| format!("{organization}/directories/{home}")))
}
