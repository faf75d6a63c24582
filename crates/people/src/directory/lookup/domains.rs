//! Reads the organization's verified domains.

use super::error::{LookupError, ORG_KEY, is_closed};
use crate::directory::Directory;
use headcount_atlassian::Site;

/// Reads the organization's verified domains. If they are closed to this key, they stay unknown.
pub async fn domains(site: &Site, directory: &mut Directory) -> Result<(), LookupError> {
    let Some(admin) = &site.admin else {
        return Err(LookupError::NoWay { what: "verified domains", needs: ORG_KEY });
    };
    match admin.verified_domains().await {
        Ok(domains) => directory.verified_domains = Some(domains),
        Err(error) if is_closed(&error) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
