//! Reads the site's apps: the groups that give access to them, and their free seats.

use super::error::{LookupError, is_closed};
use super::standing::group_sizes;
use crate::directory::{Directory, GroupIndex};
use headcount_atlassian::Site;

/// Reads the groups that give access to each app of Jira and its free seats (`applicationrole`), and from the
/// organization how many apps, including others than Jira's, each of these groups gives access to
/// (`groups/search`). What no credential shows stays unknown.
pub async fn products(
    site: &Site,
    directory: &mut Directory,
    groups: &[GroupIndex],
) -> Result<(), LookupError> {
    directory.asked_for_products = true;
    if let Some(jira) = &site.jira {
        match jira.products().await {
            Err(error) if is_closed(&error) => {}
            found => {
                let found = found?;
                found.products.into_iter().for_each(|product| directory.add_product(product));
                found.giving.into_iter().for_each(|groups| directory.add_giving(groups));
            }
        }
    }
    if site.admin.as_ref().is_none_or(|admin| !admin.knows_home()) {
        return Ok(());
    }
    match group_sizes(site, directory, groups).await {
        Err(error) if error.call().is_some_and(is_closed) => Ok(()),
        done => done,
    }
}
