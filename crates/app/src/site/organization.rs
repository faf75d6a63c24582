//! The organization and the directory that a job of the admin APIs is bound to.

use crate::configuration::choose::SANDBOX;
use headcount_atlassian::access::Access;
use headcount_atlassian::{CallError, CallErrorKind, Site};

use super::need::Need;
use crate::failure::Failure;

/// A job of the admin APIs is bound to the organization and the address of its API: another key or
/// another address means other people, whatever the site is called. A key shows its organization.
pub(super) async fn organization(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let org = admin.org().await?;
    // The built-in sandbox has another port each time.
    let address = if is_sandbox { SANDBOX.to_owned() } else { access.admin_url.to_string() };
    Ok(Some(format!("{address}/admin/v1/orgs/{org}")))
}

/// The organization must answer for its id, and the directory for its own, before anything is planned:
/// of a wrong one everything is answered 404, which would turn the guards off that look into it.
pub(super) async fn confirm(site: &Site, need: Need) -> Result<(), Failure> {
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

/// The same for a job on the organization's directory: that one is named too, for it is there that
/// people are suspended. An older user management without these calls leaves groups to Jira.
pub(super) async fn directory(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let closed = |error: &CallError| site.jira.is_some() && is_closed(error);
    // Of a wrong organization the directories are refused, too, which says nothing of the key.
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
