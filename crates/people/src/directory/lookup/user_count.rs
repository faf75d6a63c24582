//! Counts users: percentages (`--max-changes 5%`, *most of the users*) refer to this number.

use std::collections::HashSet;

use super::all_users::list;
use super::error::{LookupError, is_closed};
use headcount_atlassian::Site;
use headcount_model::user::AccountStatus;

/// How many calls a count for a limit is worth.
pub const COUNTING: u32 = 100;

/// The users that a percentage refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Active users of the site.
    OfTheSite,
    /// Active accounts that the organization manages, on the site or not.
    Managed,
}

impl Counted {
    /// In words, to follow a number.
    pub fn words(self) -> &'static str {
        match self {
            Self::OfTheSite => "active users of the site",
            Self::Managed => "active accounts of the organization",
        }
    }
}

/// The number of these users: from a list with at most `most_calls` calls, or from the organization's count.
/// `None` if no credential shows it; the number of other users would allow more changes than intended.
pub async fn count_people(
    site: &Site,
    counted: Counted,
    most_calls: u32,
) -> Result<Option<u64>, LookupError> {
    match counted {
        Counted::OfTheSite => count_site(site, most_calls).await,
        Counted::Managed => count_managed(site, most_calls).await,
    }
}

async fn count_site(site: &Site, most_calls: u32) -> Result<Option<u64>, LookupError> {
    let Some(jira) = &site.jira else { return count_directory(site).await };
    let mut active = HashSet::new();
    let ended = list(jira, most_calls, &mut |facts| {
        if !facts.not_a_colleague() && facts.status == Some(AccountStatus::Active) {
            active.insert(facts.id);
        }
    })
    .await?;
    Ok((ended && !active.is_empty()).then_some(active.len() as u64))
}

/// Active users of the directory, with only the organization API key.
async fn count_directory(site: &Site) -> Result<Option<u64>, LookupError> {
    let Some(admin) = &site.admin else { return Ok(None) };
    match admin.count_members().await {
        Err(error) if is_closed(&error) => Ok(None),
        count => Ok(count?.filter(|count| *count > 0)),
    }
}

async fn count_managed(site: &Site, most_calls: u32) -> Result<Option<u64>, LookupError> {
    let Some(admin) = &site.admin else { return Ok(None) };
    match admin.count_managed_active().await {
        Ok(Some(count)) => return Ok(Some(count)),
        Ok(None) => {}
        Err(error) if is_closed(&error) => {}
        Err(error) => return Err(error.into()),
    }
    match admin.list_managed_active(most_calls).await {
        Err(error) if is_closed(&error) => Ok(None),
        count => Ok(count?),
    }
}
