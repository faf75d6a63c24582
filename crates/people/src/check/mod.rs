//! Checks the credentials of a profile: whether each is accepted, and what it may do. Only reads.
//!
//! ```text
//! probe       sends one request and returns any answer
//! report      the result, as values
//! why         why a credential is accepted or not: a sentence and advice
//! jira        checks an API token
//! org         checks an organization API key
//! scim        checks the key of an identity provider's directory
//! account     what the organization knows about an API token's account
//! acceptance  checks whether a text is accepted as one kind of credential
//! shape       guesses by its form what a text is
//! ending      when the credentials end
//! abilities   decides which jobs work
//! ```
//!
//! A 401 says only “no”, but a person needs to know *why*. So a refused credential is examined: its form, the other API
//! (is it of the other kind?), the gateway's address (is it a token with scopes?), and what the organization shows about
//! its account (does it exist? is it deactivated? has its token expired?).
//!
//! Credentials are sent only to the two addresses of their own profile.

mod abilities;
mod acceptance;
mod account;
mod ending;
mod jira;
mod org;
mod probe;
mod report;
mod scim;
mod shape;
mod why;

pub use report::{Ability, Can, CheckUp, Ending, Finding, KeyReport, Standing};
pub use why::Why;

use headcount_atlassian::access::Access;
use headcount_atlassian::transport::Transport;
use jiff::Timestamp;
use probe::Probe;

/// Tries every key that the access has. `now` decides which tokens have expired.
pub async fn check(access: &Access, transport: Transport, now: Timestamp) -> CheckUp {
    let probe = Probe::new(transport, access);
    // The organization first: it can show why a token is refused.
    let org = match &access.org {
        Some(key) => Some(org::check(&probe, access, key).await),
        None => None,
    };
    let jira = match (&access.cloud_url, &access.jira) {
        (Some(url), Some(key)) => {
            Some(jira::check(&probe, access, url, key, org.as_ref(), now).await)
        }
        _ => None,
    };
    let scim = match &access.scim {
        Some(key) => Some(scim::check(&probe, access, key).await),
        None => None,
    };
    let mut found = CheckUp { jira, org, scim, abilities: Vec::new() };
    account::of_both(&probe, access, &mut found).await;
    ending::add(&probe, access, &mut found, now).await;
    found.abilities = abilities::of(access, &found);
    found
}
