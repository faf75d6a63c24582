//! Organizations API v1: the organization, its domains, its managed accounts. Links are full addresses here; v2
//! has cursors. [organizations description]

use serde_json::{Value, json};

use super::errors::{Answer, bad_cursor, error, must_be_org, no_user};
use super::page::fill;
use super::wire::{account_status, picture, resource};
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

/// `GET /admin/v1/orgs`: the key's only organization.
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

/// The start of the page. v1's cursors are plain offsets, opaque to a client.
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
                .map(|(key, product)| {
                    let access =
                        json!({"key": key, "name": product.title(), "url": call.card.url});
                    used(access, record.seen.get(&product).copied())
                })
                .collect();
            let billable = record.lifecycle == Lifecycle::Active && record.place == Place::Here;
            let latest = record.seen.values().max().copied();
            let account = json!({
                "account_id": record.account_id, "account_type": record.kind.word(),
                "account_status": account_status(record), "name": record.name,
                "picture": picture(record), "email": record.email,
                "access_billable": billable, "product_access": access,
                "links": {"self": format!("{}/users/{}/manage/profile", call.card.url, record.account_id)},
            });
            used(account, latest)
        })
        .collect();
    let total = org.managed_count();
    let body = json!({"data": data, "links": links(call, from, next), "meta": {"total": total}});
    Ok(Reply::json(200, &body))
}

/// Adds the day of the last use, where there is one.
fn used(mut of: Value, at_ms: Option<i64>) -> Value {
    if let Some(at) = at_ms {
        of["last_active"] = json!(iso(at));
    }
    of
}

/// v1 has other product keys, and none for Jira Product Discovery. (`Product`)
fn product_key(product: Product) -> Option<&'static str> {
    match product {
        Product::JiraCore => Some("jira-core"),
        Product::JiraSoftware => Some("jira-software"),
        Product::JiraServicedesk => Some("jira-service-desk"),
        Product::JiraProductDiscovery => None,
    }
}

fn domain_model(call: &Call<'_>, n: u64, domain: &str) -> Value {
    let id = event_id(0xd0_0000 + n);
    let base = format!("{}/admin/v1/orgs/{}", call.card.url, call.card.org_id);
    json!({
        "id": id, "type": "domains", "links": {"self": format!("{base}/domains/{id}")},
        "attributes": {"name": domain, "claim": {"type": "dns", "status": "verified"}},
    })
}

/// `GET /admin/v1/orgs/{orgId}/domains`
pub(crate) fn domains(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let from = start(call)?;
    let data: Vec<_> = (0_u64..)
        .zip(org.domains())
        .skip(from)
        .map(|(n, domain)| domain_model(call, n, domain))
        .collect();
    Ok(Reply::json(200, &json!({"data": data, "links": links(call, from, None)})))
}

/// `GET /admin/v1/orgs/{orgId}/domains/{domainId}`
pub(crate) fn domain(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let mut all = (0_u64..).zip(org.domains());
    let found = all.find(|(n, _)| event_id(0xd0_0000 + n) == call.param(1));
    match found {
        Some((n, domain)) => Ok(Reply::json(200, &json!({"data": domain_model(call, n, domain)}))),
        None => Err(error(call, "ADMIN-404-3", "Domain not found", "We couldn't find the domain.")),
    }
}

/// `GET /admin/v1/orgs/{orgId}/directory/users/{accountId}/last-active-dates`. Assumption: an app that
/// was never used has no date.
pub(crate) fn last_active(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let found = org.find(call.param(1));
    let at = found.filter(|at| org.person(*at).record.is_on_site());
    let person = org.person(at.ok_or_else(|| no_user(call))?);
    let day_and_second = |at_ms: i64| {
        let stamp = iso(at_ms);
        (stamp[..10].to_owned(), format!("{}Z", &stamp[..19]))
    };
    let products = Product::ALL.into_iter().filter(|product| person.has(*product));
    let access: Vec<_> = products
        .filter_map(|product| {
            let mut app = json!({"id": resource(product), "key": product_key(product)?});
            if let Some((day, second)) =
                person.record.seen.get(&product).copied().map(day_and_second)
            {
                app["last_active"] = json!(day);
                app["last_active_timestamp"] = json!(second);
            }
            Some(app)
        })
        .collect();
    let (day, second) = day_and_second(person.record.added_ms);
    let data = json!({
        "product_access": access, "added_to_org": day, "added_to_org_timestamp": second,
    });
    Ok(Reply::json(200, &json!({"data": data, "links": {}})))
}
