//! What was found: values for the program, sentences for the reader.

use super::why::Why;
use headcount_atlassian::access::Address;
use headcount_atlassian::place::KeyKind;
use headcount_model::door::Api;

/// All that was found.
#[derive(Debug)]
pub struct CheckUp {
    /// Of the API token, where there is one and a site.
    pub jira: Option<KeyReport>,
    /// Of the organization's key, where there is one.
    pub org: Option<KeyReport>,
    /// Which jobs work.
    pub abilities: Vec<Ability>,
}

impl CheckUp {
    /// Both reports, those that there are.
    pub fn reports(&self) -> impl Iterator<Item = &KeyReport> {
        self.jira.iter().chain(&self.org)
    }
}

/// Whether some jobs work with what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ability {
    /// The commands.
    pub what: String,
    /// Whether they work.
    pub can: Can,
    /// Why, or with which key.
    pub why: String,
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// As far as can be seen without trying.
    Yes,
    /// It does not.
    No,
    /// The credentials do not show it.
    Unknown,
}

impl KeyReport {
    /// Whether it is accepted, its organization is known, and only the directory is not.
    pub fn lacks_directory(&self) -> bool {
        self.standing == Standing::Undecided && self.finding.org.is_some()
    }

    /// What the profile does not name, where it is accepted and undecided.
    pub fn undecided(&self) -> &'static str {
        if self.lacks_directory() { "directory" } else { "organization" }
    }
}

/// What was found of one key.
#[derive(Debug)]
pub struct KeyReport {
    /// Which.
    pub kind: KeyKind,
    /// Where it was sent.
    pub address: Address,
    /// Whether it is accepted.
    pub standing: Standing,
    /// Why, the likeliest first.
    pub why: Vec<Why>,
    /// What it may do and sees.
    pub finding: Finding,
}

/// Whether a credential is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is accepted.
    Accepted,
    /// It is accepted, and the profile does not name the organization it is for, or its directory.
    Undecided,
    /// It is refused.
    Refused,
    /// There is no such site or API at the address.
    WrongAddress,
    /// Nothing can be said now: no answer, or the site is not well.
    Unreachable,
}

/// What a key may do and sees. `None` is “not said”.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// The account id of the API token's account.
    pub account: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it administers Jira.
    pub administers: Option<bool>,
    /// Whether it may look people and groups up in Jira.
    pub browses: Option<bool>,
    /// Whether it administers the organization.
    pub org_admin: Option<bool>,
    /// The organization's id, and its name.
    pub org: Option<(String, String)>,
    /// Whether the credential can read the organization's directory.
    pub directory: Option<bool>,
    /// How many accounts the organization manages.
    pub managed: Option<u64>,
    /// Whether the key may ask about the life of managed accounts.
    pub lifecycle: Option<bool>,
    /// The APIs that answer that the credential lacks a scope.
    pub unscoped: Vec<Api>,
}
