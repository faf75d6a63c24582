//! `user export`: all users.

use std::io::Write;

use super::columns::{Out, PEOPLE_COLUMNS};
use super::error::ExportError;
use super::{Exported, Progress, jira, organization};
use crate::directory::lookup::{Witness, is_closed};
use headcount_atlassian::Site;

/// Writes all users that the credentials show, by the cheapest documented call.
///
/// # Errors
/// The site can't be read to its end, or lists fewer users than it counts. Then the written part is not an export.
pub async fn users(
    site: &Site,
    own_account: Witness<'_>,
    out: impl Write + Send,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut out = Out::new(out, &PEOPLE_COLUMNS)?;
    let mut exported = people(site, own_account, &mut out, progress).await?;
    exported.rows = out.end()?;
    Ok(exported)
}

async fn people<W: Write + Send>(
    site: &Site,
    own_account: Witness<'_>,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut closed = false;
    if let Some(admin) = &site.admin {
        match organization::people(admin, own_account, out, progress).await {
            // Only before the first row: a later page is not refused because the call does not exist.
            Err(ExportError::Call(error)) if is_closed(&error) && out.rows == 0 => closed = true,
            done => return done,
        }
    }
    let exported = match (&site.jira, &site.admin) {
        (Some(jira), _) => jira::people(jira, own_account, out, progress).await?,
        (None, Some(admin)) => organization::managed(admin, out, progress).await?,
        (None, None) => {
            let needs = "an API token or an organization API key";
            return Err(ExportError::NoWay { what: "all users", needs });
        }
    };
    Ok(Exported { closed, ..exported })
}
