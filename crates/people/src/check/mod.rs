//! Tries the keys of a profile: is each accepted, and what may it do? Only reads.
//!
//! ```text
//! probe      one request, raw: the keys may be wrong, so nothing is taken for granted
//! report     what was found, as values
//! why        why a credential is accepted or not: a sentence, and what to do
//! jira       an API token: accepted? else why not
//! org        an organization API key: accepted? else why not
//! account    what the organization knows of an API token's account
//! acceptance is a text accepted as this kind of credential?
//! shape      what a text is, by its looks
//! abilities  which jobs work with what was found
//! ```
//!
//! A 401 says only “no”. What a person needs is *why*, so a refused key is looked at from all
//! sides: its shape, the other API (was it taken for the other kind?), the gateway's address (is it
//! a token with scopes?), and what the organization shows of its account (is there one? is it
//! deactivated? has its token expired?).
//!
//! Credentials go to the two addresses of their own profile only.

mod abilities;
mod acceptance;
mod account;
mod jira;
mod org;
mod probe;
mod report;
mod shape;
mod why;

pub use report::{Ability, Can, CheckUp, Finding, KeyReport, Standing};
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
    let mut found = CheckUp { jira, org, abilities: Vec::new() };
    account::of_both(&probe, access, &mut found).await;
    found.abilities = abilities::of(access, &found);
    found
}
