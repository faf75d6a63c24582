//! All users of an organization, read once, to try filters on. Only reads.

use headcount_people::choose::Filters;
use headcount_people::export::Far;
use headcount_people::roster::{self, AskedGroups, Roster};

use crate::export::witness;
use crate::failure::Failure;
use crate::site::Opened;

/// Reads all users.
///
/// # Errors
/// As of [`users`](crate::export::users); there is no organization API key.
pub async fn roster(opened: &Opened, far: &mut (dyn FnMut(Far) + Send)) -> Result<Roster, Failure> {
    Ok(roster::read(&opened.site, witness(opened), &opened.guards, far).await?)
}

/// Reads who is in the groups that the filters name.
///
/// # Errors
/// A name means no group, or several.
pub async fn groups(opened: &Opened, filters: &Filters) -> Result<AskedGroups, Failure> {
    Ok(roster::groups(&opened.site, filters).await?)
}
