//! The profiles file: TOML that a person writes.
//!
//! ```toml
//! default = "acme"
//!
//! [profiles.acme]
//! cloud_url = "https://acme.atlassian.net"
//! email = "admin@acme.com"
//! api_token_command = "pass show atlassian/token"
//! org_id = "0c5a9e1b-…"
//! org_api_key_command = "pass show atlassian/org-key"
//! protected = ["ceo@acme.com", "@board.acme.com", "site-admins"]
//! ```
//!
//! It holds no key: a misspelt or unknown setting is an error, and so a key pasted into it
//! under any name is reported instead of kept.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The profile that is taken when none is named.
    pub default: Option<String>,
    /// All profiles by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// One site and how to sign in to it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The site, `https://acme.atlassian.net`.
    pub cloud_url: Option<String>,
    /// The mail address of the account that made the API token.
    pub email: Option<String>,
    /// A command that prints the API token.
    pub api_token_command: Option<String>,
    /// The organization's id.
    pub org_id: Option<String>,
    /// The directory's id.
    pub directory_id: Option<String>,
    /// Where the admin APIs live; `https://api.atlassian.com` if absent.
    pub admin_url: Option<String>,
    /// A command that prints the organization's API key.
    pub org_api_key_command: Option<String>,
    /// Products of new users whose row names none.
    pub default_products: Option<Vec<String>>,
    /// Emails, `@domains`, account ids, group names and group ids that no job may change.
    #[serde(default)]
    pub protected: Vec<String>,
    /// Requests in flight at most.
    pub concurrency: Option<u32>,
    /// Requests a second at most.
    pub rate: Option<f64>,
}

/// The file can't be understood. The parser's own message is not passed on as it is: it shows the
/// line, and a key that was written there with it.
#[derive(Debug, thiserror::Error)]
#[error("the profiles file {file} cannot be read: line {line}: {why}")]
pub struct ConfigError {
    /// The file, as the caller calls it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

impl Config {
    /// Reads the text of a profiles file.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            ConfigError::at(file, text, start, error.message())
        })
    }
}

impl Config {
    /// Whether a command prints a key that it contains: `echo KEY`. Then the file itself holds a
    /// key, and others must not read it.
    pub fn holds_a_key(&self) -> bool {
        let commands = |profile: &Profile| {
            [profile.api_token_command.clone(), profile.org_api_key_command.clone()]
        };
        self.profiles.values().flat_map(commands).flatten().any(|command| prints_itself(&command))
    }
}

/// Anything with a key of Atlassian's in it, and plain printing of a text. (`echo "$KEY"` names a
/// variable, not a key.)
fn prints_itself(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    let prints = matches!(first, "echo" | "printf") && !command.contains(['$', '`', '|']);
    prints || command.contains("ATATT3") || command.contains("ATCTT3")
}

impl ConfigError {
    /// Of a place in the text.
    pub(super) fn at(file: &str, text: &str, start: usize, why: &str) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Self { file: file.to_owned(), line, why: why.to_owned() }
    }
}
