//! The doors of a job's sample row: those of the profile, if there is one.

use std::sync::Arc;

use headcount_atlassian::access::{ADMIN_URL, Address};
use headcount_model::door::{Door, Doors};
use headcount_people::requests::NOT_KNOWN;

use crate::configuration::choose::Chosen;

/// The doors that a profile's credentials open, or all doors if there is no profile. Unknown ids are left out of
/// the environment.
pub(super) fn of(profile: Option<&Chosen>) -> Doors {
    let profile = profile.filter(|profile| !profile.is_sandbox);
    let text = |address: &Address| address.to_string();
    let id = |id: Option<&String>| id.cloned().unwrap_or_else(|| NOT_KNOWN.to_owned());
    let site = profile.and_then(|profile| profile.cloud_url.as_ref()).map(text);
    let admin = profile.and_then(|profile| profile.admin_url.as_ref()).map(text);
    let address = || admin.clone().unwrap_or_else(|| ADMIN_URL.to_owned());
    let organization = || id(profile.and_then(|profile| profile.org_id.as_ref()));
    let directory = || id(profile.and_then(|profile| profile.directory_id.as_ref()));
    let has_token = profile.is_none_or(|profile| profile.api_token.is_some());
    let has_key = profile.is_none_or(|profile| profile.org_api_key.is_some());
    let jira = || Door::Jira { site: site.unwrap_or_default() };
    let of_directory = || Door::Directory {
        address: address(),
        organization: organization(),
        directory: directory(),
    };
    let accounts = || Door::Accounts { address: address(), organization: organization() };
    Doors {
        jira: has_token.then(jira).map(Arc::new),
        directory: has_key.then(of_directory).map(Arc::new),
        invitations: None,
        accounts: has_key.then(accounts).map(Arc::new),
        // Requests of templates never go through an identity provider's directory.
        provisioning: None,
    }
}
