//! `user export`: all users, or those that filters list.

use std::io::Write;

use super::chosen::{Found, chosen};
use super::columns::{Out, people_columns};
use super::error::ExportError;
use super::seen::Seen;
use super::{Exported, Progress, jira, organization, plain_listing};
use crate::choose::{Accounts, Apps, Filters, Verdict};
use crate::directory::lookup::{Witness, is_closed};
use headcount_atlassian::Site;
use headcount_atlassian::admin::Admin;

/// Writes all users that the credentials show and the filters list, by the cheapest documented way.
///
/// # Errors
/// The site can't be read to its end, or what it lists is less than it counts; a filter names an app or
/// a group that is not there, or asks for what these credentials do not show. What was written until
/// then is no export.
pub async fn users(
    site: &Site,
    own_account: Witness<'_>,
    filters: &Filters,
    out: impl Write + Send,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut out = Out::new(out);
    let mut exported = people(site, own_account, filters, &mut out, progress).await?;
    exported.rows = out.end()?;
    Ok(exported)
}

async fn people<W: Write + Send>(
    site: &Site,
    own_account: Witness<'_>,
    filters: &Filters,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut closed = false;
    if let Some(admin) = site.admin.as_ref().filter(|_| !asks_jira(site, filters)) {
        match of_organization((site, admin), own_account, filters, out, progress).await {
            // Only before the first row: a later page is not refused because the call does not exist.
            Err(ExportError::Call(error)) if is_closed(&error) && out.rows == 0 => closed = true,
            done => return done,
        }
    }
    plain_listing::check(filters)?;
    let exported = match (&site.jira, &site.admin) {
        (Some(jira), _) => jira::people(jira, own_account, filters, out, progress).await?,
        (None, Some(admin)) => organization::managed(admin, filters, out, progress).await?,
        (None, None) => {
            let needs = "an API token or an organization API key";
            return Err(ExportError::NoWay { what: "all users", needs });
        }
    };
    Ok(Exported { closed, ..exported })
}

/// The organization's directory lists people alone (organizations description, `AccountType`); apps and
/// customers of help desks are in Jira's listing, which has no user who was not invited yet.
fn asks_jira(site: &Site, filters: &Filters) -> bool {
    site.jira.is_some()
        && match filters.accounts {
            // All accounts are in both listings together.
            Accounts::People | Accounts::All => false,
            Accounts::Apps | Accounts::Customers => true,
        }
}

/// All users of all directories, and the managed accounts in none, as far as the filters list them.
async fn of_organization<W: Write + Send>(
    (site, admin): (&Site, &Admin),
    own_account: Witness<'_>,
    filters: &Filters,
    out: &mut Out<W>,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let mut known = Apps::default();
    let mut seen = Seen::default();
    let mut exported =
        chosen((site, admin), own_account, filters, &mut *progress, &mut |found| match found {
            Found::Apps(apps) => {
                known = apps.clone();
                out.headings(&people_columns(apps))
            }
            Found::User(person, verdict) => {
                seen.add(&person.person.id);
                match verdict {
                    Verdict::Listed => out.person_with_apps(person, &known),
                    Verdict::LeftOut(_) => Ok(()),
                }
            }
        })
        .await?;
    if filters.accounts == Accounts::All {
        match &site.jira {
            Some(jira) => {
                let known = (&mut seen, &known);
                jira::others(jira, filters, known, out, &mut exported, progress).await?;
            }
            None => exported.no_others = true,
        }
    }
    Ok(exported)
}
