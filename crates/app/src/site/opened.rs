//! An open site, with the credential's own account.

use std::sync::Arc;
use std::time::Duration;

use headcount_atlassian::Site;
use headcount_atlassian::endpoint::{Endpoint, Lane};
use headcount_journal::Actor;
use headcount_model::door::Doors;
use headcount_model::job::Job;
use headcount_model::user::Product;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::look_up::hidden_accounts;
use headcount_people::resolve::Guards;
use headcount_sandbox::Sandbox;

use super::need::Need;
use crate::configuration::approval::Approval;
use crate::failure::Failure;
use crate::words;

/// An open site.
pub struct Opened {
    /// The profile's name.
    pub profile: String,
    /// The site.
    pub site: Site,
    /// A name of the site that is the same for all its addresses, if it is known.
    pub site_id: Option<String>,
    /// The organization whose users a job of the admin APIs changes, by its address.
    pub organization: Option<String>,
    /// The doors that the credentials open, as far as the job needs them.
    pub doors: Doors,
    /// The guards, including the credential's own account.
    pub guards: Guards,
    /// Who does what through these credentials: the API token's account. An organization API key shows no account.
    pub actor: Actor,
    /// Which plans need approval.
    pub approval: Option<Approval>,
    /// The profile's default apps of new users.
    pub default_products: Option<Vec<Product>>,
    /// The built-in sandbox, which runs as long as this value exists.
    pub(super) _sandbox: Option<Arc<Sandbox>>,
}

/// For a shorter time, no estimate is shown.
const WORTH_A_WORD: Duration = Duration::from_secs(10);

/// How long a plan may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// If the site allows as many requests as headcount sends.
    pub least: Duration,
    /// If the site allows one request at a time.
    pub most: Duration,
}

impl Forecast {
    /// `12 s to 7 min`.
    pub fn words(&self) -> String {
        format!("{} to {}", words::short(self.least), words::short(self.most))
    }
}

impl Opened {
    /// The guards of a job. If the job creates users, these include protected accounts whose email the site hides.
    pub async fn guards_of(&self, job: Job) -> Result<Guards, Failure> {
        let mut guards = self.guards.clone();
        if jobs::of(job).creates == Creates::Users {
            guards.hidden = hidden_accounts(&self.site, &guards.protected).await?;
        }
        Ok(guards)
    }
}

impl Opened {
    /// How long the steps of a job take: with the most parallel requests, and one after the other, at the response
    /// time seen so far. The site's limit is somewhere between, and is unknown before it is reached. `None` for a
    /// short time.
    pub fn forecast(&self, steps: u64, need: Need) -> Option<Forecast> {
        let (probe, lane) = match need {
            Need::Org => (Endpoint::AdminManage, Lane::AdminChange),
            Need::Directory | Need::Provisioning => (Endpoint::AdminSearchUsers, Lane::AdminChange),
            Need::DirectoryOrJira if self.organization.is_some() => {
                (Endpoint::AdminSearchGroups, Lane::AdminChange)
            }
            Need::Jira | Need::Any | Need::JiraOrDirectory | Need::DirectoryOrJira => {
                match self.site.jira {
                    Some(_) => (Endpoint::JiraMyself, Lane::Jira),
                    None => (Endpoint::AdminSearchUsers, Lane::AdminChange),
                }
            }
        };
        let latency = self.site.pacer.snapshot(probe).latency?;
        let at_once = f64::from(self.site.pacer.most(lane).max(1));
        let most = latency.mul_f64(steps as f64);
        let least = most.div_f64(at_once);
        (most >= WORTH_A_WORD).then_some(Forecast { least, most })
    }
}

/// The seed of the jitter need not be secret, only different in each process.
pub(super) fn seed_of() -> u64 {
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}
