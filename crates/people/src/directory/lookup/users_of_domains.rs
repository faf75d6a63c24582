//! Reads all users of some mail domains.

use std::collections::HashSet;

use super::error::{ANY_KEY, LookupError, is_closed};
use super::{Progress, person};
use crate::directory::{Directory, PersonIndex};
use headcount_atlassian::{Site, admin};
use headcount_model::user::mail_key;

use super::all_users::list;

/// The most calls for a list of all users of the site, of 1,000 each.
const MOST_CALLS: u32 = 1_000;

/// Reads the users of these mail domains (in the form of [`mail_key`]): the organization's search, with 100 users in
/// each call, or with an API token alone the site's list of all users, as far as it shows emails.
///
/// # Errors
/// The users cannot be read, or the list does not end.
pub async fn users_of_domains(
    site: &Site,
    directory: &mut Directory,
    domains: &HashSet<String>,
    progress: Progress<'_>,
) -> Result<Vec<PersonIndex>, LookupError> {
    let is_of = |mail: Option<&str>| {
        let domain = |mail: &str| mail_key(mail).rsplit_once('@').map(|(_, at)| at.to_owned());
        mail.and_then(domain).is_some_and(|domain| domains.contains(&domain))
    };
    let mut asked: Vec<&str> = domains.iter().map(String::as_str).collect();
    asked.sort_unstable();
    let mut found = Vec::new();
    if let Some(admin) = &site.admin {
        for domains in asked.chunks(admin::IDS_A_CALL) {
            match admin.users_of_domains(domains).await {
                Err(error) if is_closed(&error) && site.jira.is_some() => break,
                users => found.extend(users?),
            }
        }
    }
    if found.is_empty() {
        let Some(jira) = &site.jira else {
            return match site.admin {
                Some(_) => Ok(Vec::new()),
                None => Err(LookupError::NoWay { what: "all users", needs: ANY_KEY }),
            };
        };
        let mut keep = |user: headcount_atlassian::records::PersonRecord| {
            if is_of(user.mail.as_deref()) {
                found.push(user);
            }
        };
        if !list(jira, MOST_CALLS, &mut keep).await? {
            return Err(LookupError::NoWay { what: "all users", needs: ANY_KEY });
        }
    }
    progress(found.len() as u64);
    // The search compares domains by rules of its own.
    let found = found.into_iter().filter(|user| is_of(user.mail.as_deref()));
    let found: HashSet<_> = found.map(|user| directory.add_person(person(user))).collect();
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    Ok(found)
}
