//! API tokens of managed accounts: those that the sandbox signs in with, and those of a seed (`tokens` of a user). A
//! revoked token is refused from then on, and listed no more. [user management description; API access pages]

use serde_json::{Value, json};

use super::errors::{Answer, must_be_org};
use super::manage::managed;
use super::page::{Ask, fill, from_query};
use super::wire::account_status;
use crate::clock::iso;
use crate::config::TOKENS;
use crate::http::{Call, Edit, Reply};
use crate::org::{ApiToken, Change, Lifecycle, Org, PersonRecord};

/// One day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The tokens of an account that are not revoked.
///
/// Assumption: the sandbox's own were created a month ago, with the longest possible lifetime.
fn tokens_of(org: &Org, record: &PersonRecord, now_ms: i64) -> Vec<ApiToken> {
    let made_ms = now_ms - 30 * DAY_MS;
    let own = TOKENS.iter().filter(|token| *token.owner == *record.email).map(|token| ApiToken {
        id: token.id.into(),
        label: token.label.into(),
        made_ms,
        expires_ms: Some(made_ms + 365 * DAY_MS),
        used_ms: Some(now_ms),
    });
    let all = own.chain(record.tokens.iter().cloned());
    all.filter(|token| !org.is_revoked(&token.id)).collect()
}

/// `GET /users/{id}/manage/api-tokens`
pub(crate) fn tokens(call: &Call<'_>, org: &Org) -> Answer {
    let at = managed(call, org)?;
    let list: Vec<_> = tokens_of(org, &org.person(at).record, call.now_ms)
        .into_iter()
        .map(|token| {
            let mut row = json!({
                "id": token.id, "label": token.label, "createdAt": iso(token.made_ms),
            });
            dated(&mut row, "expiry", token.expires_ms);
            dated(&mut row, "lastAccess", token.used_ms);
            row
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

/// How many keys there are: `GET …/api-keys/count`. Assumption: the body.
pub(crate) fn key_count(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_org(call)?;
    Ok(Reply::json(200, &json!({"count": 1})))
}

/// The managed accounts whose tokens the organization sees.
fn is_watched(record: &PersonRecord) -> bool {
    record.managed && record.verified && record.lifecycle != Lifecycle::Closed
}

/// How many tokens there are: `GET …/api-tokens/count`. Assumption: the body.
pub(crate) fn token_count(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let all = org.people().map(|(_, person)| &person.record).filter(|record| is_watched(record));
    let count: usize = all.map(|record| tokens_of(org, record, call.now_ms).len()).sum();
    Ok(Reply::json(200, &json!({"count": count})))
}

/// `DELETE /admin/api-access/v1/orgs/{orgId}/api-tokens`: all of them, of all managed accounts. Assumption: at once,
/// 204, and a body is not read.
pub(crate) fn revoke_all_tokens(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_org(call)?;
    let all = org.people().map(|(_, person)| &person.record).filter(|record| is_watched(record));
    let tokens: Vec<_> = all
        .flat_map(|record| {
            let tokens = tokens_of(org, record, call.now_ms).into_iter();
            tokens.map(|token| (record.account_id.clone(), token.id))
        })
        .collect();
    for (account, token) in tokens {
        org.apply(Change::RevokedToken { account, token });
    }
    Ok(Reply::empty(204))
}

fn dated(row: &mut Value, name: &str, at_ms: Option<i64>) {
    if let Some(at_ms) = at_ms {
        row[name] = json!(iso(at_ms));
    }
}

/// `GET /admin/api-access/v1/orgs/{orgId}/api-tokens`: those of all managed accounts. Assumptions: 20 users a page at
/// least; the ids are those of user management; the tokens of a deactivated account are listed as `BLOCKED`.
pub(crate) fn all_tokens(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let ask = Ask::read(call, from_query(call, &[], &[]), 100)?;
    let all = (ask.from..).zip(org.people_from(ask.from));
    let (page, next) = fill(all, ask.limit, |(_, person)| is_watched(&person.record));
    let data: Vec<_> = page
        .into_iter()
        .flat_map(|(_, person)| {
            let record = &person.record;
            tokens_of(org, record, call.now_ms).into_iter().map(move |token| {
                let active = account_status(record) == "active";
                let mut row = json!({
                    "id": token.id, "label": token.label, "createdAt": iso(token.made_ms),
                    "status": if active { "ALLOWED" } else { "BLOCKED" },
                    "user": {
                        "id": record.account_id, "orgId": call.card.org_id, "name": record.name,
                        "email": record.email,
                    },
                });
                dated(&mut row, "expiresAt", token.expires_ms);
                dated(&mut row, "lastActiveAt", token.used_ms);
                row
            })
        })
        .collect();
    Ok(ask.page(&data, next))
}

/// `DELETE /users/{id}/manage/api-tokens/{tokenId}`. Assumption: an unknown token is 404
/// `notFound`.
pub(crate) fn revoke_token(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = managed(call, org)?;
    let record = &org.person(at).record;
    let known = tokens_of(org, record, call.now_ms);
    let Some(token) = known.into_iter().find(|token| *token.id == *call.param(1)) else {
        return Err(Reply::json(404, &json!({"key": "notFound"})));
    };
    let account = record.account_id.clone();
    org.apply(Change::RevokedToken { account, token: token.id });
    Ok(Reply::empty(204))
}
