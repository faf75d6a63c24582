//! The names of credentials in the operating system's keyring.
//!
//! All programs of a user, and all profiles files, share one keyring. So an entry is named by the kind of
//! credential, the profile and the address. A profile of the same name in another file, or one whose address was
//! changed, does not find the old credential, so credentials are never sent to an address that they were not meant
//! for.

use std::fmt;

use super::access::Address;

/// The “service” of every entry: the name of this program.
pub const SERVICE: &str = "headcount";

/// The kinds of credentials. None can replace another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// An account's API token, which signs in to a site with the account's email.
    ApiToken,
    /// An organization's API key.
    OrgApiKey,
    /// The key of the identity provider's directory, for the user provisioning API.
    ScimApiKey,
}

impl KeyKind {
    /// The environment variable for this kind.
    pub fn variable(self) -> &'static str {
        match self {
            Self::ApiToken => "HEADCOUNT_API_TOKEN",
            Self::OrgApiKey => "HEADCOUNT_ORG_API_KEY",
            Self::ScimApiKey => "HEADCOUNT_SCIM_API_KEY",
        }
    }

    /// The profile's setting with a command that prints the credential.
    pub fn command_setting(self) -> &'static str {
        match self {
            Self::ApiToken => "api_token_command",
            Self::OrgApiKey => "org_api_key_command",
            Self::ScimApiKey => "scim_api_key_command",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiToken => "API token",
            Self::OrgApiKey => "organization API key",
            Self::ScimApiKey => "SCIM API key",
        })
    }
}

/// One entry of the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// The kind of credential.
    pub kind: KeyKind,
    /// The name of the profile.
    pub profile: String,
    /// The address that the credential is sent to: the site, or the admin APIs.
    pub address: Address,
}

impl KeyPlace {
    /// The entry's name: its “user” or “account” in the keyring.
    pub fn name(&self) -> String {
        format!("{} of {} for {}", self.kind, self.profile, self.address)
    }
}
