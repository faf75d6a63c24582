//! Users: account ids, email addresses, apps, and the state of an account.
//!
//! Ids stay text from the sheet to the request: a legacy id can look like a number
//! (`00712…`, `5e12…`) and must never pass through one.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::spelling::{both_forms, mail_key, plain_mail_key};

/// An Atlassian account id: 24 hex digits, `557058:uuid`, `712020:uuid` or `qm:…`.
///
/// Shape `[a-zA-Z0-9_|:-]{1,128}` (user management description, parameter `account_id`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(Box<str>);

/// The text is no account id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an account id (letters, digits, `_`, `|`, `:` and `-`, at most 128)")]
pub struct BadAccountId(String);

impl AccountId {
    /// Takes a text that has the shape of an account id; nothing is trimmed.
    pub fn parse(text: &str) -> Result<Self, BadAccountId> {
        if !Self::is_one(text) {
            return Err(BadAccountId(text.chars().take(140).collect()));
        }
        Ok(Self(text.into()))
    }

    /// Takes a text that was an account id before.
    pub fn checked(text: &str) -> Self {
        debug_assert!(Self::is_one(text), "{text} is no account id");
        Self(text.into())
    }

    /// Whether a text has the shape of an account id.
    pub fn is_one(text: &str) -> bool {
        let fits =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'|' | b':' | b'-');
        !text.is_empty() && text.len() <= 128 && text.bytes().all(fits)
    }

    /// The id as it is written in a request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AccountId {
    type Error = BadAccountId;
    fn try_from(text: String) -> Result<Self, BadAccountId> {
        Self::parse(&text)
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0.into()
    }
}

/// What an account is, as every description's `accountType` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountType {
    /// `atlassian`: a person.
    Person,
    /// `app`: an app or a service account.
    App,
    /// `customer`: a customer of a help desk's portal.
    Customer,
}

impl AccountType {
    /// Reads `accountType`; `None` for any other word.
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "atlassian" => Some(Self::Person),
            "app" => Some(Self::App),
            "customer" => Some(Self::Customer),
            _ => None,
        }
    }

    /// What it is, in words, where it is no person.
    pub fn no_person(self) -> Option<&'static str> {
        match self {
            Self::Person => None,
            Self::App => Some("an app"),
            Self::Customer => Some("a help desk customer"),
        }
    }
}

/// The state of an account, as the user management and organizations descriptions name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountStatus {
    /// Can sign in.
    Active,
    /// Deactivated: `inactive`.
    Inactive,
    /// Deleted for good: `closed`.
    Closed,
}

impl AccountStatus {
    /// Reads the spellings of the APIs (`active`, `inactive`, `closed`) and of the exports
    /// (`Active`, `Deactivated`, `Inactive`, …), whatever their case; `None` for any other.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_one = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is_one(&["active", "yes", "true"]) {
            return Some(Self::Active);
        }
        if is_one(&["inactive", "deactivated", "disabled", "no", "false"]) {
            return Some(Self::Inactive);
        }
        is_one(&["closed", "deleted"]).then_some(Self::Closed)
    }

    /// The word a person reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "deactivated",
            Self::Closed => "deleted",
        }
    }
}

/// The state of a user in the organization: what the account is, and whether it may use the
/// directory's apps (organizations description, `Status`, made of `accountStatus` and
/// `membershipStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// In a directory, with an active account.
    Active,
    /// Suspended in every directory that the key shows.
    Suspended,
    /// In no directory.
    NotInvited,
    /// The account is deactivated.
    Deactivated,
    /// The account is to be deleted, or has been.
    Deleted,
}

impl Standing {
    /// Reads `status`; `None` for any other word.
    pub fn read(status: &str) -> Option<Self> {
        match status {
            "active" => Some(Self::Active),
            "suspended" => Some(Self::Suspended),
            "not_invited" => Some(Self::NotInvited),
            "deactivated" => Some(Self::Deactivated),
            "for_deletion" => Some(Self::Deleted),
            _ => None,
        }
    }

    /// The same from its two parts, where the composite is not said.
    pub fn of(account: Option<AccountStatus>, membership: Option<&str>) -> Option<Self> {
        match (account?, membership) {
            (AccountStatus::Inactive, _) => Some(Self::Deactivated),
            (AccountStatus::Closed, _) => Some(Self::Deleted),
            (AccountStatus::Active, Some("active")) => Some(Self::Active),
            (AccountStatus::Active, Some("suspended")) => Some(Self::Suspended),
            (AccountStatus::Active, Some("no_membership")) => Some(Self::NotInvited),
            (AccountStatus::Active, _) => None,
        }
    }

    /// The word a person reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::NotInvited => "in no directory",
            Self::Deactivated => "deactivated",
            Self::Deleted => "deleted",
        }
    }
}

/// What an organization may do with an account it manages (user management description, `privileges` of
/// `GET users/{id}/manage`), as far as headcount does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// Deactivate and reactivate the account.
    Enablement,
    /// Delete the account, and cancel its deletion.
    Deletion,
    /// Set the account's email address.
    Email,
}

impl Privilege {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enablement => "lifecycle.enablement",
            Self::Deletion => "lifecycle.delete",
            Self::Email => "email.set",
        }
    }
}

/// What `GET users/{id}/manage` says of a [`Privilege`] (user management description).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Allowed.
    Allowed,
    /// Not allowed; the reason's key, such as `externalDirectory.scim`.
    Refused(Box<str>),
    /// The account is not managed by this organization, or is not known to it: the site answers
    /// 403 or 404. The sentence says which.
    NotManaged(Box<str>),
    /// The site fails to answer for this account; what came instead.
    Unreadable(Box<str>),
}

/// A product a new user gets access to, by Jira's key (Jira platform description,
/// `NewUserDetails.products`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// `jira-core`.
    JiraCore,
    /// `jira-product-discovery`.
    JiraProductDiscovery,
    /// `jira-servicedesk`.
    JiraServicedesk,
    /// `jira-software`.
    JiraSoftware,
}

impl Product {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] =
        [Self::JiraSoftware, Self::JiraServicedesk, Self::JiraProductDiscovery, Self::JiraCore];

    /// The key that the request takes and `applicationRoles` answers with.
    pub fn key(self) -> &'static str {
        match self {
            Self::JiraCore => "jira-core",
            Self::JiraProductDiscovery => "jira-product-discovery",
            Self::JiraServicedesk => "jira-servicedesk",
            Self::JiraSoftware => "jira-software",
        }
    }

    /// The product of a key, whatever its case.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.key().eq_ignore_ascii_case(key.trim()))
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_of_every_known_form_are_taken_and_nothing_else() {
        for good in
            ["00712", "5e123", "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "qm:a-b:c", "a|b_c"]
        {
            assert_eq!(AccountId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " a", "5.12E+15", "{{accountId}}", "a/b", "ü", &"a".repeat(129)] {
            assert!(AccountId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn products_are_found_by_key() {
        for product in Product::ALL {
            assert_eq!(Product::from_key(&product.key().to_uppercase()), Some(product));
        }
        assert_eq!(Product::from_key("jira"), None);
    }
}
