//! The profiles file: TOML that people edit by hand.
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
//! It contains no credential. A misspelled or unknown setting is an error, so a credential that is pasted into the
//! file under any name is reported and not used.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::approval::Approval;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The profile that is used if none is named.
    pub default: Option<String>,
    /// The journal: a file, or the address of a database without a password.
    pub journal: Option<String>,
    /// A command that prints the password of that database.
    pub journal_password_command: Option<String>,
    /// All profiles by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// A site and its credentials.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The site, `https://acme.atlassian.net`.
    pub cloud_url: Option<String>,
    /// The email address of the account that created the API token.
    pub email: Option<String>,
    /// A command that prints the API token.
    pub api_token_command: Option<String>,
    /// The organization's id.
    pub org_id: Option<String>,
    /// The directory's id.
    pub directory_id: Option<String>,
    /// The address of the admin APIs; `https://api.atlassian.com` if absent.
    pub admin_url: Option<String>,
    /// A command that prints the organization API key.
    pub org_api_key_command: Option<String>,
    /// The id of the identity provider's directory, for the user provisioning API.
    pub scim_directory_id: Option<String>,
    /// A command that prints the SCIM API key: the key of that directory.
    pub scim_api_key_command: Option<String>,
    /// Apps of new users whose row names none.
    pub default_products: Option<Vec<String>>,
    /// Emails, `@domains`, account ids, group names and group ids that no job may change.
    #[serde(default)]
    pub protected: Vec<String>,
    /// Which plans need approval.
    pub approval: Option<Approval>,
    /// The most open requests.
    pub concurrency: Option<u32>,
    /// The most requests per second.
    pub rate: Option<f64>,
}

/// The file cannot be parsed. The parser's own message is not shown unchanged, because it quotes the line, which
/// may contain a credential.
#[derive(Debug, thiserror::Error)]
#[error("the profiles file {file} cannot be read: line {line}: {why}")]
pub struct ConfigError {
    /// The name of the file in messages.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong in the line.
    pub why: String,
}

impl Config {
    /// Parses the text of a profiles file.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            ConfigError::at(file, text, start, error.message())
        })
    }
}

impl Config {
    /// Whether a command contains the credential that it prints, as in `echo KEY`. Then the file itself holds a
    /// credential, and other users must not be able to read it.
    pub fn holds_a_key(&self) -> bool {
        let commands = |profile: &Profile| {
            [
                profile.api_token_command.clone(),
                profile.org_api_key_command.clone(),
                profile.scim_api_key_command.clone(),
            ]
        };
        let profiles = self.profiles.values().flat_map(commands).flatten();
        profiles.chain(self.journal_password_command.clone()).any(|command| prints_itself(&command))
    }
}

/// Whether the command contains an Atlassian credential, or just prints a text. (`echo "$KEY"` names a variable,
/// not a credential.)
fn prints_itself(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    let prints = matches!(first, "echo" | "printf") && !command.contains(['$', '`', '|']);
    prints || command.contains("ATATT3") || command.contains("ATCTT3")
}

impl ConfigError {
    /// An error at a position in the text.
    pub(super) fn at(file: &str, text: &str, start: usize, why: &str) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Self { file: file.to_owned(), line, why: why.to_owned() }
    }
}
