//! `group export`: all groups, and their members.

use std::io::Write;

use super::columns::{GROUP_COLUMNS, MEMBER_COLUMNS, Out};
use super::error::ExportError;
use super::{Exported, Progress, jira, organization};
use crate::directory::lookup::is_closed;
use headcount_atlassian::Site;

/// Writes all groups that the credentials show; with `members`, one row for each membership.
///
/// # Errors
/// As for [`users`](super::users).
pub async fn groups(
    site: &Site,
    members: bool,
    out: impl Write + Send,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let headings: &[&str] = if members { &MEMBER_COLUMNS } else { &GROUP_COLUMNS };
    let mut out = Out::new(out);
    out.headings(headings)?;
    let mut exported = every_group(site, members, &mut out, progress).await?;
    exported.rows = out.end()?;
    Ok(exported)
}

async fn every_group<W: Write + Send>(
    site: &Site,
    members: bool,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut closed = false;
    if let Some(admin) = &site.admin {
        match organization::groups(admin, members, out, progress).await {
            Err(ExportError::Call(error))
                if is_closed(&error) && out.rows == 0 && site.jira.is_some() =>
            {
                closed = true;
            }
            done => return done,
        }
    }
    let Some(jira) = &site.jira else {
        let needs = "an API token or an organization API key";
        return Err(ExportError::NoWay { what: "groups", needs });
    };
    let exported = jira::groups(jira, &site.pacer, members, out, progress).await?;
    Ok(Exported { closed, ..exported })
}
