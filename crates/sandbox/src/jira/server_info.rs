//! What the site says of itself, and the sign-in of old. Python's `jira` asks for the first before anything else,
//! and takes a site without an answer for a Server edition.

use serde_json::json;

use super::errors::error;
use crate::clock::iso;
use crate::http::{Call, Reply};
use crate::org::Org;

type Answer = Result<Reply, Reply>;

/// `GET /serverInfo`. Assumption: the version and the build, which are those of no site.
pub(crate) fn server_info(call: &Call<'_>, _org: &Org) -> Answer {
    let url = &call.card.url;
    Ok(Reply::json(
        200,
        &json!({
            "baseUrl": url, "displayUrl": url, "displayUrlServicedeskHelpCenter": url,
            "displayUrlConfluence": format!("{url}/wiki"), "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud", "buildNumber": 100_300,
            "buildDate": "2026-11-01T00:00:00.000+0000", "serverTime": with_offset(call.now_ms),
            "scmInfo": "0000000000000000000000000000000000000000", "serverTitle": "Jira",
            "serverTimeZone": "Etc/UTC",
        }),
    ))
}

/// A time as Jira writes it: with `+0000`, not with `Z`.
fn with_offset(ms: i64) -> String {
    format!("{}+0000", iso(ms).trim_end_matches('Z'))
}

/// `GET /rest/auth/1/session`: an API token cannot sign in to a session. (issue 959 of pycontribs/jira)
pub(crate) fn session(_call: &Call<'_>, _org: &Org) -> Answer {
    Err(error(401, "Login failed"))
}
