//! API tokens of a managed account: the two that the sandbox knows. A revoked token is refused from then on. [user
//! management description]

use serde_json::json;

use super::errors::{Answer, must_be_org};
use super::manage::managed;
use crate::clock::iso;
use crate::config::TOKENS;
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Org};

/// One day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// `GET /users/{id}/manage/api-tokens`
pub(crate) fn tokens(call: &Call<'_>, org: &Org) -> Answer {
    let at = managed(call, org)?;
    let record = &org.person(at).record;
    let own =
        TOKENS.iter().filter(|token| *token.owner == *record.email && !org.is_revoked(token.id));
    // Assumption: created a month ago, with the longest possible lifetime.
    let made_ms = call.now_ms - 30 * DAY_MS;
    let list: Vec<_> = own
        .map(|token| {
            json!({
                "id": token.id, "label": token.label, "createdAt": iso(made_ms),
                "expiry": iso(made_ms + 365 * DAY_MS), "lastAccess": iso(call.now_ms),
            })
        })
        .collect();
    Ok(Reply::json(200, &list))
}

/// `GET /admin/api-access/v1/orgs/{org}/api-keys`: the organization's only key. [API access reference]
pub(crate) fn api_keys(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_org(call)?;
    // Assumption, as for tokens: created a month ago, with the longest possible lifetime.
    let made_ms = call.now_ms - 30 * DAY_MS;
    let key = json!({
        "id": "20001", "label": "sandbox", "createdAt": iso(made_ms),
        "expiresAt": iso(made_ms + 365 * DAY_MS), "lastActiveAt": iso(call.now_ms),
        "orgId": call.card.org_id, "scopes": [], "status": "ALLOWED",
    });
    let links = json!({"self": format!("{}{}", call.card.url, call.path)});
    Ok(Reply::json(200, &json!({"data": [key], "links": links})))
}

/// `DELETE /users/{id}/manage/api-tokens/{tokenId}`. Assumption: an unknown token is 404
/// `notFound`.
pub(crate) fn revoke_token(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = managed(call, org)?;
    let record = &org.person(at).record;
    let known = TOKENS.iter().find(|token| {
        token.id == call.param(1) && *token.owner == *record.email && !org.is_revoked(token.id)
    });
    let Some(token) = known else {
        return Err(Reply::json(404, &json!({"key": "notFound"})));
    };
    let account = record.account_id.clone();
    org.apply(Change::RevokedToken { account, token: token.id.into() });
    Ok(Reply::empty(204))
}
