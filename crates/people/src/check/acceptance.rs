//! Checks whether a text is accepted as one of the two kinds of credentials: a refused credential may be of the
//! other kind.

use headcount_atlassian::access::{Address, JiraKey};
use headcount_model::secret::SecretString;

use super::probe::{As, Probe, Said};

/// `GET v1/orgs`: the organizations of the key (organizations description).
pub const ORGS: &str = "/admin/v1/orgs";
/// `GET myself` (Jira platform description).
pub const MYSELF: &str = "/rest/api/3/myself";

/// Whether the organization accepts a text as its key.
pub async fn by_organization(probe: &Probe, admin: &Address, key: &SecretString) -> bool {
    let said = probe.get(As::Org(key), admin, ORGS).await;
    matches!(said, Said::Yes(body) if body["data"].is_array())
}

/// Whether the site accepts a text as this account's API token.
pub async fn by_site(probe: &Probe, url: &Address, key: &JiraKey) -> bool {
    let said = probe.get(As::Jira(key), url, MYSELF).await;
    matches!(said, Said::Yes(myself) if myself["accountId"].is_string())
}

/// Whether both addresses are Atlassian's, or both on this computer: a credential of one is never sent to the
/// other.
pub fn one_world(site: &Address, admin: &Address) -> bool {
    site.is_loopback() == admin.is_loopback()
}
