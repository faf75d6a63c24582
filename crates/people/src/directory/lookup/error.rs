//! Errors that stop a lookup before anything is planned.

use headcount_atlassian::endpoint::Endpoint;
use headcount_atlassian::error::{CallError, CallErrorKind};

/// Why the site could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// A call failed, after all retries.
    #[error("the site could not be read; nothing was planned")]
    Call(
        #[from]
        #[source]
        CallError,
    ),
    /// The credential may not look up names; exports would contain them.
    #[error("the site could not be read; nothing was planned")]
    NamesClosed(#[source] CallError),
    /// An answer that contradicts itself.
    #[error(
        "{endpoint}: {what}; headcount does not trust this answer, and nothing was planned. Try again; if the error stays, use Atlassian's exports"
    )]
    Incredible {
        /// Which call.
        endpoint: Endpoint,
        /// The contradiction.
        what: String,
    },
    /// An export contradicts the site about an account or an email.
    #[error(
        "the export of users does not match the site: {differ} of {compared} users checked {} another account on the site, such as {first}; nothing was planned",
        have(*differ)
    )]
    Contradicted {
        /// How many users differ.
        differ: usize,
        /// How many users were compared.
        compared: usize,
        /// The first difference, in words.
        first: String,
    },
    /// An export has another name for a group than the site.
    #[error(
        "the export of groups does not match the site: {differ} of {compared} groups checked {} another name on the site, such as {first}; nothing was planned",
        have(*differ)
    )]
    GroupsContradicted {
        /// How many groups differ.
        differ: usize,
        /// How many groups were compared.
        compared: usize,
        /// The first difference, in words.
        first: String,
    },
    /// No credential of the profile can read this.
    #[error(
        "{what} can only be read with {needs}; add it to the profile, or use Atlassian's exports"
    )]
    NoWay {
        /// What should be read.
        what: &'static str,
        /// The credential that could read it.
        needs: &'static str,
    },
}

/// The verb for this number of users or groups.
fn have(differ: usize) -> &'static str {
    if differ == 1 { "has" } else { "have" }
}

impl LookupError {
    /// The same error, if an export would have made the lookup unnecessary.
    pub fn or_exports(self) -> Self {
        match self {
            Self::Call(error) if matches!(error.kind, CallErrorKind::Forbidden { .. }) => {
                Self::NamesClosed(error)
            }
            error => error,
        }
    }

    /// The failure of the call, if it is one.
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call(error) | Self::NamesClosed(error) => Some(error),
            Self::Incredible { .. }
            | Self::Contradicted { .. }
            | Self::GroupsContradicted { .. }
            | Self::NoWay { .. } => None,
        }
    }
}

pub(super) const JIRA_KEY: &str = "cloud_url, email and an API token";
pub(super) const ORG_KEY: &str = "an organization API key";
pub(super) const ANY_KEY: &str = "an API token or an organization API key";

/// Whether the call is closed although the credential is good, so that another call may work. An older site
/// answers 404 to the organizations API (community reports).
pub(crate) fn is_closed(error: &CallError) -> bool {
    matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Forbidden { .. })
}
