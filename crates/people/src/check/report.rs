//! The result of a check: values for the program, sentences for people.

use super::why::Why;
use headcount_atlassian::access::Address;
use headcount_atlassian::place::KeyKind;
use headcount_model::door::Api;
use jiff::Timestamp;

/// The whole result.
#[derive(Debug)]
pub struct CheckUp {
    /// The API token's report, if there is a token and a site.
    pub jira: Option<KeyReport>,
    /// The organization API key's report, if there is a key.
    pub org: Option<KeyReport>,
    /// The report on the key of the identity provider's directory, if there is one.
    pub scim: Option<KeyReport>,
    /// The jobs that work.
    pub abilities: Vec<Ability>,
}

impl CheckUp {
    /// The existing reports.
    pub fn reports(&self) -> impl Iterator<Item = &KeyReport> {
        self.jira.iter().chain(&self.org).chain(&self.scim)
    }
}

/// Whether a group of jobs works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ability {
    /// The commands.
    pub what: String,
    /// Whether they work.
    pub can: Can,
    /// The reason, or the credential.
    pub why: String,
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// Yes, as far as a read can show.
    Yes,
    /// No.
    No,
    /// The credentials do not show it.
    Unknown,
}

impl KeyReport {
    /// Whether the credential is accepted, its organization is known, and only the directory is missing.
    pub fn lacks_directory(&self) -> bool {
        self.standing == Standing::Undecided && self.finding.org.is_some()
    }

    /// What the profile does not name, if the credential is accepted but undecided.
    pub fn undecided(&self) -> &'static str {
        if self.lacks_directory() { "directory" } else { "organization" }
    }
}

/// The report on one credential.
#[derive(Debug)]
pub struct KeyReport {
    /// The kind of credential.
    pub kind: KeyKind,
    /// The address that it was sent to.
    pub address: Address,
    /// Whether it is accepted.
    pub standing: Standing,
    /// The reasons, the most probable first.
    pub why: Vec<Why>,
    /// What the credential may do and see.
    pub finding: Finding,
}

/// Whether a credential is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is accepted.
    Accepted,
    /// It is accepted, but the profile does not name its organization or directory.
    Undecided,
    /// It is refused.
    Refused,
    /// The address has no such site or API.
    WrongAddress,
    /// Unknown: there is no answer, or the site has problems.
    Unreachable,
}

/// What a credential may do and see. `None` means that no answer says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// The account id of the API token's account.
    pub account: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether the account administers Jira.
    pub administers: Option<bool>,
    /// Whether it may look up users and groups in Jira.
    pub browses: Option<bool>,
    /// Whether it is an organization administrator.
    pub org_admin: Option<bool>,
    /// The organization's id and name.
    pub org: Option<(String, String)>,
    /// The organization's directories, by id and name.
    pub directories: Vec<(String, String)>,
    /// When the credential ends.
    pub ending: Option<Ending>,
    /// Whether the credential can read the organization's directory.
    pub directory: Option<bool>,
    /// How many accounts the organization manages.
    pub managed: Option<u64>,
    /// Whether the key may read the lifecycle of managed accounts.
    pub lifecycle: Option<bool>,
    /// The APIs for which the credential lacks a scope.
    pub unscoped: Vec<Api>,
}

/// When a credential ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How many tokens or keys it can be.
    pub could_be: u64,
    /// The name of the one that ends first.
    pub name: String,
    /// When that one ends, at the latest.
    pub first: Timestamp,
    /// The whole days until then.
    pub days: i64,
}
