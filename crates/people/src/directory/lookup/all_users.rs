//! Lists all users of the site.

use std::collections::HashSet;

use super::error::{JIRA_KEY, LookupError, is_closed};
use super::{Progress, person};
use crate::directory::Directory;
use headcount_atlassian::Site;
use headcount_atlassian::endpoint::Endpoint;
use headcount_atlassian::error::CallErrorKind;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::records::PersonRecord;
use headcount_model::user::{AccountId, AccountStatus};

/// The most accounts on a page of Jira's list.
pub const A_PAGE: u32 = 1000;

/// The result of listing all users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllUsers {
    /// The number of listed accounts, without apps and help desk customers.
    pub people: u64,
    /// The number of active ones among them.
    pub active: u64,
    /// Whether the list is complete and contains your own account.
    pub complete: bool,
    /// The number of users, active or not, whose email Jira hides.
    pub hidden: u64,
    /// The number of active ones among them. Only active users can be found by a search (`user/search`).
    pub hidden_active: u64,
}

/// Lists all users (Jira's `users/search`, 1,000 per call) with at most `most_calls` calls.
///
/// [`Directory::sees_every_account`] and [`Directory::sees_every_mail`] are set only if the list is complete,
/// contains your own account (a credential without the permission to browse users gets an empty list, not an
/// error), and no email is hidden, not even a deactivated user's, because a hidden email may be any.
pub async fn all_users(
    site: &Site,
    directory: &mut Directory,
    most_calls: u32,
    own_account: &AccountId,
    progress: Progress<'_>,
) -> Result<AllUsers, LookupError> {
    let jira = jira(site)?;
    let mut found = AllUsers { people: 0, active: 0, complete: false, hidden: 0, hidden_active: 0 };
    let mut seen = HashSet::new();
    let mut saw_own_account = false;
    let ended = list(jira, most_calls, &mut |facts| {
        saw_own_account |= facts.id == *own_account;
        if facts.not_a_colleague() || !seen.insert(facts.id.clone()) {
            return;
        }
        let active = facts.status == Some(AccountStatus::Active);
        found.people += 1;
        found.active += u64::from(active);
        found.hidden += u64::from(facts.mail.is_none());
        found.hidden_active += u64::from(active && facts.mail.is_none());
        directory.add_person(person(facts));
        progress(1);
    })
    .await?;
    found.complete = ended && saw_own_account;
    directory.lists_people |= found.complete;
    if found.complete && found.hidden == 0 {
        directory.sees_every_account = true;
        directory.sees_every_mail = true;
    }
    Ok(found)
}

/// Lists all users, and returns whether the list is complete. A list that the site refuses (no permission, or more
/// than 10 s: 409, Jira platform description) is incomplete.
///
/// A short page is not the last one, because users that the credential may not see are left out of it. So the next
/// page begins after the shown users, and only two empty pages in a row end the list.
pub(crate) async fn list(
    jira: &Jira,
    most_calls: u32,
    each: &mut (dyn FnMut(PersonRecord) + Send),
) -> Result<bool, LookupError> {
    let mut start_at = 0;
    let mut empty = 0;
    let mut first_of_last: Option<AccountId> = None;
    for _ in 0..most_calls {
        let page = match jira.list_users(start_at, A_PAGE).await {
            Err(error) if is_closed(&error) || error.kind == CallErrorKind::Conflict => {
                return Ok(false);
            }
            page => page?,
        };
        if page.is_empty() {
            empty += 1;
            if empty == 2 {
                return Ok(true);
            }
            start_at += u64::from(A_PAGE);
            continue;
        }
        empty = 0;
        let first = page.first().map(|facts| facts.id.clone());
        if first == first_of_last {
            return Err(LookupError::Incredible {
                endpoint: Endpoint::JiraListUsers,
                what: format!("the page from user {start_at} on repeats the page before it"),
            });
        }
        first_of_last = first;
        start_at += page.len() as u64;
        page.into_iter().for_each(&mut *each);
    }
    Ok(false)
}

fn jira(site: &Site) -> Result<&Jira, LookupError> {
    site.jira.as_ref().ok_or(LookupError::NoWay { what: "all users", needs: JIRA_KEY })
}
