//! How many users there are: a share (`--max-changes 5%`, *most of the users*) is taken of them.

use std::collections::HashSet;

use super::all_users::list;
use super::error::{LookupError, is_closed};
use headcount_atlassian::Site;
use headcount_model::user::AccountStatus;

/// Calls that a bound on changes is worth.
pub const COUNTING: u32 = 100;

/// Which users a share of changes is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Active users of the site.
    OfTheSite,
    /// Active accounts that the organization manages, on the site or not.
    Managed,
}

impl Counted {
    /// In words, after a number.
    pub fn words(self) -> &'static str {
        match self {
            Self::OfTheSite => "active users of the site",
            Self::Managed => "active accounts of the organization",
        }
    }
}

/// How many of them there are: by a listing with at most that number of calls, or by the
/// organization's word. `None` where no credential can show it; a number of others would allow more
/// changes than was meant.
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

/// Active users of the directory, with the organization's key alone.
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
