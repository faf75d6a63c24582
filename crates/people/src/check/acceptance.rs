//! Whether a text is accepted as the one kind of credential or the other: a refused one may have
//! been taken for the other kind.

use headcount_atlassian::access::{Address, JiraKey};
use headcount_model::secret::SecretString;

use super::probe::{As, Probe, Said};

/// `GET v1/orgs`: the organizations of the key (organizations description).
pub const ORGS: &str = "/admin/v1/orgs";
/// `GET myself` (Jira platform description).
pub const MYSELF: &str = "/rest/api/3/myself";

/// Whether the organization takes a text as its key.
pub async fn by_organization(probe: &Probe, admin: &Address, key: &SecretString) -> bool {
    let said = probe.get(As::Org(key), admin, ORGS).await;
    matches!(said, Said::Yes(body) if body["data"].is_array())
}

/// Whether the site takes a text as this account's API token.
pub async fn by_site(probe: &Probe, url: &Address, key: &JiraKey) -> bool {
    let said = probe.get(As::Jira(key), url, MYSELF).await;
    matches!(said, Said::Yes(myself) if myself["accountId"].is_string())
}

/// The key of a site on this machine is not sent to Atlassian's own, nor the other way round.
pub fn one_world(site: &Address, admin: &Address) -> bool {
    site.is_loopback() == admin.is_loopback()
}
