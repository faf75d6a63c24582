//! Organisations API v1: the organisation, its domains, its managed accounts. Links are whole
//! addresses here, where v2 has cursors. [organisations description]

use serde_json::{Value, json};

use super::errors::{Answer, bad_cursor, must_be_org};
use super::page::fill;
use super::wire::{account_status, picture};
use crate::clock::iso;
use crate::http::{Call, Reply};
use crate::org::{Lifecycle, Org, Place, Product, event_id};

/// Assumption: how many managed accounts a page has.
const PAGE: usize = 100;

fn org_model(call: &Call<'_>) -> Value {
    let base = format!("{}/admin/v1/orgs/{}", call.card.url, call.card.org_id);
    json!({
        "id": call.card.org_id, "type": "orgs", "attributes": {"name": "banc"},
        "relationships": {
            "domains": {"links": {"related": format!("{base}/domains")}},
            "users": {"links": {"related": format!("{base}/users")}},
        },
        "links": {"self": base},
    })
}

/// `GET /admin/v1/orgs`: the one organisation of the key.
pub(crate) fn orgs(call: &Call<'_>, _org: &Org) -> Answer {
    start(call)?;
    let links = json!({"self": format!("{}{}", call.card.url, call.path)});
    Ok(Reply::json(200, &json!({"data": [org_model(call)], "links": links})))
}

/// `GET /admin/v1/orgs/{orgId}`
pub(crate) fn one_org(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_org(call)?;
    Ok(Reply::json(200, &json!({"data": org_model(call)})))
}

/// Where the page starts: v1's cursors are plain offsets, opaque to a client.
fn start(call: &Call<'_>) -> Result<usize, Reply> {
    match call.query.filled("cursor") {
        None => Ok(0),
        Some(cursor) => cursor
            .strip_prefix('c')
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| bad_cursor(call)),
    }
}

fn links(call: &Call<'_>, from: usize, next: Option<usize>) -> Value {
    let address = |from: usize| format!("{}{}?cursor=c{from}", call.card.url, call.path);
    let mut links = json!({"self": address(from)});
    if let Some(next) = next {
        links["next"] = json!(address(next));
    }
    links
}

/// `GET /admin/v1/orgs/{orgId}/users`: managed accounts only, on the site or not.
pub(crate) fn managed_accounts(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let from = start(call)?;
    let all = (from..).zip(org.people_from(from));
    let (page, next) = fill(all, PAGE, |(_, person)| person.record.managed);
    let data: Vec<_> = page
        .into_iter()
        .map(|(_, person)| {
            let record = &person.record;
            let products = Product::ALL.into_iter().filter(|product| person.has(*product));
            let access: Vec<_> = products
                .filter_map(|product| Some((product_key(product)?, product)))
                .map(|(key, product)| json!({
                    "key": key, "name": product.title(),
                    "url": call.card.url, "last_active": iso(record.added_ms),
                }))
                .collect();
            let billable = record.lifecycle == Lifecycle::Active && record.place == Place::Here;
            json!({
                "account_id": record.account_id, "account_type": record.kind.word(),
                "account_status": account_status(record), "name": record.name,
                "picture": picture(record), "email": record.email,
                "access_billable": billable, "last_active": iso(record.added_ms),
                "product_access": access,
                "links": {"self": format!("{}/users/{}/manage/profile", call.card.url, record.account_id)},
            })
        })
        .collect();
    let total = org.people().filter(|(_, person)| person.record.managed).count();
    let body = json!({"data": data, "links": links(call, from, next), "meta": {"total": total}});
    Ok(Reply::json(200, &body))
}

/// v1 has product keys of its own, and none for Jira Product Discovery. [`Product`]
fn product_key(product: Product) -> Option<&'static str> {
    match product {
        Product::JiraCore => Some("jira-core"),
        Product::JiraSoftware => Some("jira-software"),
        Product::JiraServicedesk => Some("jira-service-desk"),
        Product::JiraProductDiscovery => None,
    }
}

/// `GET /admin/v1/orgs/{orgId}/domains`
pub(crate) fn domains(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let from = start(call)?;
    let data: Vec<_> = (0_u64..)
        .zip(org.domains())
        .skip(from)
        .map(|(n, domain)| {
            let id = event_id(0xd0_0000 + n);
            let this = format!("{}{}/{id}", call.card.url, call.path);
            json!({
                "id": id, "type": "domains", "links": {"self": this},
                "attributes": {"name": domain, "claim": {"type": "dns", "status": "verified"}},
            })
        })
        .collect();
    Ok(Reply::json(200, &json!({"data": data, "links": links(call, from, None)})))
}
