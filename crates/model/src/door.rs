//! A door: the way a change takes to the site.
//!
//! The same wish can go through two doors that do not do the same: Jira takes a user off one site,
//! the organization's directory removes them with all their apps. So a plan records the door of
//! each step, a step is sent through that door alone, and every sentence about the step says what
//! the door does.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which API a change goes through, where that is, and whose users or groups it changes.
///
/// Addresses are written as the profile has them; the built-in sandbox, whose address is another
/// one each time, is `sandbox`. A gateway address and a site's own address are two doors.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "api", rename_all = "kebab-case")]
pub enum Door {
    /// The site's own API.
    Jira {
        /// The site's address.
        site: String,
    },
    /// The users, groups, and memberships of one directory of an organization.
    Directory {
        /// The address of the admin APIs.
        address: String,
        /// The organization's id.
        organization: String,
        /// The directory's id.
        directory: String,
    },
    /// Invitations to an organization.
    Invitations {
        /// The address of the admin APIs.
        address: String,
        /// The organization's id.
        organization: String,
    },
    /// The accounts that an organization manages.
    Accounts {
        /// The address of the admin APIs.
        address: String,
        /// The organization's id.
        organization: String,
    },
    /// The users and groups that an identity provider provisions (SCIM).
    Provisioning {
        /// The address of the admin APIs.
        address: String,
        /// The id of the identity provider's directory.
        directory: String,
    },
}

/// The API of a door, without its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Api {
    /// [`Door::Jira`].
    Jira,
    /// [`Door::Directory`].
    Directory,
    /// [`Door::Invitations`].
    Invitations,
    /// [`Door::Accounts`].
    Accounts,
    /// [`Door::Provisioning`].
    Provisioning,
}

/// What signs the requests of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An Atlassian account's API token.
    ApiToken,
    /// An organization's API key.
    OrgApiKey,
    /// The key of an identity provider's directory.
    ScimApiKey,
}

impl Credential {
    /// With its article, for use in a sentence.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::ApiToken => "an API token",
            Self::OrgApiKey => "an organization API key",
            Self::ScimApiKey => "a SCIM API key",
        }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiToken => "API token",
            Self::OrgApiKey => "organization API key",
            Self::ScimApiKey => "SCIM API key",
        })
    }
}

impl Api {
    /// Which credential signs its requests.
    pub fn credential(self) -> Credential {
        match self {
            Self::Jira => Credential::ApiToken,
            Self::Directory | Self::Invitations | Self::Accounts => Credential::OrgApiKey,
            Self::Provisioning => Credential::ScimApiKey,
        }
    }
}

impl Door {
    /// Its API.
    pub fn api(&self) -> Api {
        match self {
            Self::Jira { .. } => Api::Jira,
            Self::Directory { .. } => Api::Directory,
            Self::Invitations { .. } => Api::Invitations,
            Self::Accounts { .. } => Api::Accounts,
            Self::Provisioning { .. } => Api::Provisioning,
        }
    }

    /// Which credential signs its requests.
    pub fn credential(&self) -> Credential {
        self.api().credential()
    }
}

/// `Jira of https://acme.atlassian.net`, for use in a sentence.
impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jira { site } => write!(f, "Jira of {site}"),
            Self::Directory { address, organization, directory } => {
                write!(f, "directory {directory} of organization {organization} at {address}")
            }
            Self::Invitations { address, organization } => {
                write!(f, "the invitations of organization {organization} at {address}")
            }
            Self::Accounts { address, organization } => {
                write!(f, "the managed accounts of organization {organization} at {address}")
            }
            Self::Provisioning { address, directory } => {
                write!(f, "the identity provider's directory {directory} at {address}")
            }
        }
    }
}

/// The doors that are open: what an opened site's credentials lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// The site's own API.
    pub jira: Option<Arc<Door>>,
    /// The directory.
    pub directory: Option<Arc<Door>>,
    /// Invitations.
    pub invitations: Option<Arc<Door>>,
    /// Managed accounts.
    pub accounts: Option<Arc<Door>>,
    /// The identity provider's directory.
    pub provisioning: Option<Arc<Door>>,
}

impl Doors {
    /// Those whose API is open there, too.
    pub fn shared_with(&self, other: &Self) -> Self {
        let both = |api| self.at(api).filter(|_| other.at(api).is_some()).cloned();
        Self {
            jira: both(Api::Jira),
            directory: both(Api::Directory),
            invitations: both(Api::Invitations),
            accounts: both(Api::Accounts),
            provisioning: both(Api::Provisioning),
        }
    }

    /// Only the identity provider's directory, for a run through it; or all others. A run never uses both, so no user is
    /// changed through both.
    pub fn provisioning_or_others(self, provisioning: bool) -> Self {
        match provisioning {
            true => Self { provisioning: self.provisioning, ..Self::default() },
            false => Self { provisioning: None, ..self },
        }
    }

    /// The open door of an API.
    pub fn at(&self, api: Api) -> Option<&Arc<Door>> {
        match api {
            Api::Jira => self.jira.as_ref(),
            Api::Directory => self.directory.as_ref(),
            Api::Invitations => self.invitations.as_ref(),
            Api::Accounts => self.accounts.as_ref(),
            Api::Provisioning => self.provisioning.as_ref(),
        }
    }
}
