//! The configuration of a sandbox, and its card: address and credentials.
//!
//! The credentials are fixed and public on purpose. They only work for a server on loopback, and a reader of the
//! docs can type them.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

/// Email of a user who may sign in but is no administrator, to try a `403`.
pub const PLAIN_EMAIL: &str = "jfloat@banc.ly";
/// API token of [`PLAIN_EMAIL`].
pub const PLAIN_API_TOKEN: &str = "sandbox-plain-token";

/// API token "with scopes" of the card's administrator. It works only below `/ex/jira/{cloudId}`, not on the
/// site's own address. [KB "401 Unauthorized error when service account accesses Jira"]
pub const SCOPED_API_TOKEN: &str = "sandbox-scoped-token";

/// One API token that is valid.
pub(crate) struct Token {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) scoped: bool,
}

/// All valid tokens.
pub(crate) static TOKENS: [Token; 3] = [
    Token {
        id: "10001",
        label: "sandbox",
        owner: ADMIN_EMAIL,
        secret: ADMIN_API_TOKEN,
        scoped: false,
    },
    Token {
        id: "10002",
        label: "sandbox, with scopes",
        owner: ADMIN_EMAIL,
        secret: SCOPED_API_TOKEN,
        scoped: true,
    },
    Token {
        id: "10003",
        label: "plain",
        owner: PLAIN_EMAIL,
        secret: PLAIN_API_TOKEN,
        scoped: false,
    },
];

pub(crate) const ADMIN_EMAIL: &str = "admin@banc.ly";
pub(crate) const ADMIN_API_TOKEN: &str = "sandbox-api-token";
pub(crate) const ORG_ID: &str = "0c5a9e1b-7d3f-4c62-9a84-5b1e6f20d7c3";
pub(crate) const ORG_API_KEY: &str = "sandbox-org-api-key";
pub(crate) const DIRECTORY_ID: &str = "5e8b2f64-31c7-4a0d-8f95-c2d47ab6e910";
pub(crate) const SCIM_DIRECTORY_ID: &str = "b7d10c3e-6f52-4b98-a1e4-90d35c7f28ab";
pub(crate) const SCIM_API_KEY: &str = "sandbox-scim-api-key";
/// The prefix of the path for tokens with scopes; ends in [`CLOUD_ID`].
pub(crate) const GATEWAY: &str = "/ex/jira/70ef3a32-d0da-4e09-b35e-0109f91969c3";
pub(crate) const CLOUD_ID: &str = "70ef3a32-d0da-4e09-b35e-0109f91969c3";

/// The configuration of a sandbox. `Config::default()` is the built-in organization on a free
/// port, without limits, latency or a state file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Port on 127.0.0.1; 0 picks a free port.
    pub port: u16,
    /// A folder with Atlassian's exports `users.csv` and `groups.csv` (pivot form or trimmed) or a
    /// managed-accounts export. The sandbox becomes a copy of that organization.
    pub seed: Option<PathBuf>,
    /// Generates an organization with this many users, the same one each time.
    pub people: Option<usize>,
    /// The state file. With it, an answer is sent only after its effect is on disk, and the next start continues
    /// where this one ended, even after `kill -9`. A state file with content has precedence over `seed` and
    /// `people`; see [`Config::reset`].
    pub state: Option<PathBuf>,
    /// Requests per second for each endpoint and method, as a token bucket whose burst equals the rate. Calls with
    /// a published limit keep that limit. 0 removes all limits.
    pub rate: Option<u32>,
    /// The least time of each answer; half of it passes before the effect, half after.
    pub latency: Duration,
    /// How long searches, lists and membership reads take to show a change; docs/sandbox.md lists these calls.
    pub index_lag: Duration,
    /// A JSON file of faults; docs/sandbox.md has the format.
    pub faults: Option<PathBuf>,
    /// Clears the state file at the start.
    pub reset: bool,
    /// A folder in which each request is stored with its answer, as lines of JSON in a file of this sandbox's own,
    /// to be checked against Atlassian's published descriptions. Credentials are left out.
    pub record: Option<PathBuf>,
}

/// Address and credentials of a running sandbox, in the order in which they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// `http://127.0.0.1:PORT`: the address of both the site and the organization's APIs.
    pub url: String,
    /// The administrator who owns [`Card::api_token`].
    pub email: String,
    /// Jira's API token: `Authorization: Basic base64(email:api_token)`.
    pub api_token: String,
    /// The organization.
    pub org_id: String,
    /// The organization API key: `Authorization: Bearer org_api_key`.
    pub org_api_key: String,
    /// The organization's only directory.
    pub directory_id: String,
    /// The directory of the identity provider, in the user provisioning API.
    pub scim_directory_id: String,
    /// Its key: `Authorization: Bearer scim_api_key`. Neither key works in place of the other.
    pub scim_api_key: String,
}

impl Card {
    pub(crate) fn new(port: u16) -> Self {
        Self {
            url: format!("http://127.0.0.1:{port}"),
            email: ADMIN_EMAIL.to_owned(),
            api_token: ADMIN_API_TOKEN.to_owned(),
            org_id: ORG_ID.to_owned(),
            org_api_key: ORG_API_KEY.to_owned(),
            directory_id: DIRECTORY_ID.to_owned(),
            scim_directory_id: SCIM_DIRECTORY_ID.to_owned(),
            scim_api_key: SCIM_API_KEY.to_owned(),
        }
    }
}
