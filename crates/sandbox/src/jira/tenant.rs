//! The site's cloud ID, which the gateway's address for tokens with scopes needs. [KB "401 Unauthorized error when
//! service account accesses Jira or Confluence"]

use serde_json::json;

use crate::config::CLOUD_ID;
use crate::http::{Call, Reply};
use crate::org::Org;

/// `GET /_edge/tenant_info`
pub(crate) fn tenant_info(_call: &Call<'_>, _org: &Org) -> Result<Reply, Reply> {
    Ok(Reply::json(200, &json!({"cloudId": CLOUD_ID})))
}
