//! The credentials that a job needs.

use headcount_journal::Run;
use headcount_model::door::Api;
use headcount_model::job::Job;

/// The credentials that a job needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The API token.
    Jira,
    /// The organization's API key.
    Org,
    /// Either of them, only to read.
    Any,
    /// The organization's API key, and its directory.
    Directory,
    /// The API token, or the organization API key and its directory.
    JiraOrDirectory,
    /// The same, with the directory first.
    DirectoryOrJira,
    /// The key of the identity provider's directory to change it, and the organization API key to read who is who.
    Provisioning,
}

/// The option `by` of a run through the identity provider's directory.
pub const BY_SCIM: &str = "scim";

/// Whether a run goes through the identity provider's directory.
pub fn is_provisioned(run: &Run) -> bool {
    run.options["by"] == BY_SCIM
}

/// The credentials of a [`Need`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The API token.
    ApiToken,
    /// The organization's API key.
    OrgApiKey,
    /// Either of them.
    Either,
    /// The organization API key, and the key of the identity provider's directory.
    OrgAndScim,
}

impl Credentials {
    /// In words, to follow "needs".
    pub fn words(self) -> &'static str {
        match self {
            Self::ApiToken => "an API token",
            Self::OrgApiKey => "an organization API key",
            Self::Either => "an API token or an organization API key",
            Self::OrgAndScim => "an organization API key and a SCIM API key",
        }
    }
}

impl Need {
    /// What a run needs to be continued.
    pub fn of_run(run: &Run) -> Self {
        match is_provisioned(run) {
            true => Self::Provisioning,
            false => Self::of_new(run.job, run.options["by"] == "invite"),
        }
    }

    /// What a new run of a job needs. `invite`: the organization invites new users.
    pub fn of_new(job: Job, invite: bool) -> Self {
        if invite && super::of(job).takes("by") { Self::Org } else { Self::of(job) }
    }

    /// The API that a job uses with these credentials. It depends only on which credentials exist, not on whether
    /// they are accepted, so that a job always does the same.
    pub fn api(self, has_token: bool, has_key: bool) -> Api {
        match self {
            Self::Jira => Api::Jira,
            Self::Org => Api::Accounts,
            Self::Directory => Api::Directory,
            Self::Provisioning => Api::Provisioning,
            Self::JiraOrDirectory if has_token => Api::Jira,
            Self::JiraOrDirectory => Api::Directory,
            Self::DirectoryOrJira | Self::Any if has_key => Api::Directory,
            Self::DirectoryOrJira | Self::Any => Api::Jira,
        }
    }

    /// What a job needs.
    pub fn of(job: Job) -> Self {
        super::of(job).need
    }

    /// Only the credentials, whatever API they are for.
    pub fn credentials(self) -> Credentials {
        match self {
            Self::Jira => Credentials::ApiToken,
            Self::Org | Self::Directory => Credentials::OrgApiKey,
            Self::Provisioning => Credentials::OrgAndScim,
            Self::Any | Self::JiraOrDirectory | Self::DirectoryOrJira => Credentials::Either,
        }
    }
}
