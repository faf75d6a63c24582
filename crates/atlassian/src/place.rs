//! Where a key lies in the operating system's keyring.
//!
//! A keyring is one for all of a person's programs and for all their profiles files, so an entry is
//! named by the kind of key, the profile and the address it is for. A profile of the same name in
//! another file, or one whose address was changed, does not find the key of the old address: keys
//! are never sent where they were not meant to go.

use std::fmt;

use super::access::Address;

/// The program, as keyrings name it: the “service” of every entry.
pub const SERVICE: &str = "headcount";

/// The two kinds of keys. They are not interchangeable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// An account's API token: signs in to a site with the account's email.
    ApiToken,
    /// An organization's API key.
    OrgApiKey,
}

impl KeyKind {
    /// The variable of the environment that holds one.
    pub fn variable(self) -> &'static str {
        match self {
            Self::ApiToken => "HEADCOUNT_API_TOKEN",
            Self::OrgApiKey => "HEADCOUNT_ORG_API_KEY",
        }
    }

    /// The profile's setting that names a command for it.
    pub fn command_setting(self) -> &'static str {
        match self {
            Self::ApiToken => "api_token_command",
            Self::OrgApiKey => "org_api_key_command",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiToken => "API token",
            Self::OrgApiKey => "organization API key",
        })
    }
}

/// One entry of the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// What lies there.
    pub kind: KeyKind,
    /// The profile it is for.
    pub profile: String,
    /// The address it is sent to: the site, or the admin APIs.
    pub address: Address,
}

impl KeyPlace {
    /// The entry's name: its “user” or “account” in the keyring.
    pub fn name(&self) -> String {
        format!("{} of {} for {}", self.kind, self.profile, self.address)
    }
}
