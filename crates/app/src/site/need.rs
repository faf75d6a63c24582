//! Which credentials a job needs, and whether a profile has them.

use std::time::Duration;

use crate::configuration::choose::{Chosen, ENVIRONMENT};
use headcount_atlassian::Limits;
use headcount_atlassian::access::Access;
use headcount_model::door::Credential;
use headcount_people::jobs::Credentials;

use super::doors::Bound;
use crate::context::Context;
use crate::credentials::{self, NoRing};
use crate::failure::{Failure, Lacks, USAGE};
use crate::hint::Hint;
pub use crate::hint::Need;
use crate::options::SendOptions;

/// The limits of the command line.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    /// The most open requests.
    pub concurrency: Option<u32>,
    /// The most requests per second.
    pub rate: Option<f64>,
    /// The longest wait that the site may ask for, in seconds.
    pub max_wait: Option<u64>,
}

impl Ceiling {
    /// The limits in a job's options.
    pub fn of(send: &SendOptions) -> Self {
        Self { concurrency: send.concurrency, rate: send.rate, max_wait: send.max_wait }
    }

    /// The limits of the client.
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        let most = self.max_wait.map_or(limits.patience, Duration::from_secs);
        Limits { patience: limits.patience.min(most), ..limits }
    }
}

/// Reads the credentials, and checks that they are those that the job needs.
pub fn access(context: &Context, chosen: &Chosen, need: Need) -> Result<Access, Failure> {
    access_of_run(context, chosen, need, None)
}

/// The same; for a run, checks that they are those with which it was planned.
pub(super) fn access_of_run(
    context: &Context,
    chosen: &Chosen,
    need: Need,
    bound: Option<&Bound<'_>>,
) -> Result<Access, Failure> {
    let keys = credentials::get(chosen, context.held.as_ref())?;
    // A run that was planned for one API cannot use the other credential.
    let lacks = match bound.and_then(|bound| bound.missing(&keys)) {
        Some(Credential::ApiToken) => Need::Jira,
        Some(Credential::OrgApiKey) => Need::Org,
        Some(Credential::ScimApiKey) => Need::Provisioning,
        None => need,
    };
    let lacks = (chosen.name != ENVIRONMENT).then(|| lacking(chosen, &keys, lacks)).flatten();
    let access = match chosen.access(keys.api_token, keys.org_api_key, keys.scim_api_key) {
        Ok(access) => bound
            .map_or(Ok(()), |bound| bound.check_credentials(&chosen.name, &access))
            .and_then(|()| check(chosen, &access, need))
            .map(|()| access),
        Err(half) => Err(half.into()),
    };
    access.map_err(|failure| {
        let failure = match &keys.no_ring {
            Some(no_ring) => failure.because(no_ring),
            None => failure,
        };
        match lacks {
            Some(lacks) => failure.lacks(lacks),
            None => failure,
        }
    })
}

/// The credential that a job lacks, if it lacks one.
fn lacking(chosen: &Chosen, keys: &credentials::Keys, need: Need) -> Option<Lacks> {
    let has_account = chosen.cloud_url.is_some() && chosen.email.is_some();
    let (token, org) = (keys.api_token.is_none(), keys.org_api_key.is_none());
    let (is_missing, key, has_place) = match need.credentials() {
        Credentials::ApiToken => (token, "API token", has_account),
        Credentials::OrgApiKey => (org, "organization API key", true),
        Credentials::Either => (token && org, "API token or organization API key", true),
        Credentials::OrgAndScim if org => (true, "organization API key", true),
        Credentials::OrgAndScim => {
            (keys.scim_api_key.is_none(), "SCIM API key", chosen.scim_directory_id.is_some())
        }
    };
    let refuses = keys.no_ring.as_ref().filter(|why| matches!(why, NoRing::Refuses(_)));
    is_missing.then(|| Lacks::Key {
        profile: chosen.name.clone(),
        key,
        has_place,
        refuses: refuses.map(ToString::to_string),
    })
}

fn check(chosen: &Chosen, access: &Access, need: Need) -> Result<(), Failure> {
    let has_token = access.cloud_url.is_some() && access.jira.is_some();
    let (has, key) = match need.credentials() {
        Credentials::ApiToken => (has_token, "an API token for the site"),
        Credentials::OrgApiKey => (access.org.is_some(), "an organization API key"),
        Credentials::OrgAndScim if access.org.is_none() => (false, "an organization API key"),
        Credentials::OrgAndScim => (
            access.scim.is_some(),
            "a SCIM API key (scim_directory_id, and the key of that directory)",
        ),
        Credentials::Either => (
            access.org.is_some() || has_token,
            "an organization API key, or an API token for the site",
        ),
    };
    if has {
        return Ok(());
    }
    let message = format!("this job needs {key}, and the profile “{}” has none", chosen.name);
    Err(Failure::new(USAGE, message).hint(Hint::GiveCredentials(need)))
}
