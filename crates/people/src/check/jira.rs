//! Checks an API token, and finds out why it is not accepted.

use jiff::Timestamp;
use serde_json::Value;

use super::acceptance::{self, MYSELF};
use super::account;
use super::probe::{As, Probe, Said};
use super::report::{Finding, KeyReport, Standing};
use super::shape::{self, Shape};
use super::why::Why;
use headcount_atlassian::access::{Access, Address, JiraKey, Setting};
use headcount_atlassian::cloud_id::{TENANT, of_page};
use headcount_atlassian::place::KeyKind;
use headcount_model::door::Api;
use headcount_model::secret::ExposeSecret;

/// `GET mypermissions` (Jira platform description; needs no permission itself), for global permissions.
const PERMISSIONS: &str = "/rest/api/3/mypermissions?permissions=ADMINISTER,USER_PICKER";
/// `GET applicationrole`: a read that needs `manage:jira-configuration`, the scope of every change (Jira platform
/// description).
const ROLES: &str = "/rest/api/3/applicationrole";

/// Checks the token on its site.
pub async fn check(
    probe: &Probe,
    access: &Access,
    url: &Address,
    key: &JiraKey,
    org: Option<&KeyReport>,
    now: Timestamp,
) -> KeyReport {
    let report = |standing, why| KeyReport {
        kind: KeyKind::ApiToken,
        address: url.clone(),
        standing,
        why,
        finding: Finding::default(),
    };
    match probe.get(As::Jira(key), url, MYSELF).await {
        Said::Yes(myself) if myself["accountId"].is_string() => {
            let finding = finding(probe, url, key, &myself).await;
            let why = match finding.administers {
                _ if !finding.unscoped.is_empty() => vec![Why::lacks_scope()],
                Some(false) => vec![Why::not_admin()],
                Some(true) | None => Vec::new(),
            };
            KeyReport { finding, ..report(Standing::Accepted, why) }
        }
        Said::Yes(_) => report(
            Standing::WrongAddress,
            vec![Why::odd("it does not show which account is signed in")],
        ),
        Said::Refused => {
            let (standing, why) = refused(probe, access, url, key, org, now).await;
            report(standing, why)
        }
        Said::NoScope => KeyReport {
            finding: Finding { unscoped: vec![Api::Jira], ..Finding::default() },
            ..report(Standing::Refused, vec![Why::lacks_scope()])
        },
        Said::Address => report(Standing::Unreachable, vec![Why::address_not_allowed()]),
        Said::Captcha => report(Standing::Refused, vec![Why::captcha()]),
        Said::Forbidden => report(Standing::Refused, vec![Why::not_let_in()]),
        Said::NotFound if url.is_gateway() => report(Standing::WrongAddress, vec![Why::no_cloud()]),
        Said::NotFound => {
            let why = match cloud_id(probe, url).await {
                Some(_) => Why::no_jira(),
                None => Why::no_site(),
            };
            report(Standing::WrongAddress, vec![why])
        }
        Said::Elsewhere(to) => report(Standing::WrongAddress, vec![Why::redirects(&to)]),
        Said::Odd(what) => report(Standing::WrongAddress, vec![Why::odd(&what)]),
        Said::Later(status) => {
            let why = Why::no_answer(&format!("the site answers {status}"));
            report(Standing::Unreachable, vec![why])
        }
        Said::Nothing(why) => report(Standing::Unreachable, vec![Why::no_answer(&why)]),
    }
}

async fn finding(probe: &Probe, url: &Address, key: &JiraKey, myself: &Value) -> Finding {
    let may = match probe.get(As::Jira(key), url, PERMISSIONS).await {
        Said::Yes(body) => body["permissions"].clone(),
        _ => Value::Null,
    };
    let changes = probe.get(As::Jira(key), url, ROLES).await;
    Finding {
        unscoped: if matches!(changes, Said::NoScope) { vec![Api::Jira] } else { Vec::new() },
        account: probe.text(&myself["accountId"]),
        name: probe.text(&myself["displayName"]),
        administers: may["ADMINISTER"]["havePermission"].as_bool(),
        browses: may["USER_PICKER"]["havePermission"].as_bool(),
        ..Finding::default()
    }
}

/// Why the site refuses it: certain causes first; possible ones only if there is no certain one.
async fn refused(
    probe: &Probe,
    access: &Access,
    url: &Address,
    key: &JiraKey,
    org: Option<&KeyReport>,
    now: Timestamp,
) -> (Standing, Vec<Why>) {
    let mut why = Vec::new();
    let shape = shape::of(key.token.expose_secret());
    if let Some(gateway) = gateway(probe, access, url).await
        && matches!(probe.get(As::Jira(key), &gateway, MYSELF).await, Said::Yes(_))
    {
        why.push(Why::needs_gateway(gateway));
    } else if acceptance::one_world(url, &access.admin_url)
        && acceptance::by_organization(probe, &access.admin_url, &key.token).await
    {
        why.push(Why::is_org_key());
    } else if !matches!(shape, Shape::ApiToken | Shape::Short | Shape::Unknown) {
        why.push(Why::looks(KeyKind::ApiToken, shape));
    }
    if why.is_empty()
        && let (Some(org), Some(org_key)) = (org, &access.org)
    {
        why.extend(account::why_refused(probe, access, org, org_key, &key.email, now).await);
    }
    if why.is_empty() {
        if shape == Shape::Short {
            why.push(Why::looks(KeyKind::ApiToken, shape));
        }
        why.push(Why::usual(KeyKind::ApiToken));
    }
    (Standing::Refused, why)
}

/// The address for tokens with scopes, if this is not it: below the admin APIs' host, `/ex/jira/{cloudId}` (KB;
/// CLOUD-12617).
async fn gateway(probe: &Probe, access: &Access, url: &Address) -> Option<Address> {
    if url.is_gateway() || !acceptance::one_world(url, &access.admin_url) {
        return None;
    }
    let id = cloud_id(probe, url).await?;
    let text = format!("{}/ex/jira/{id}", access.admin_url);
    Address::parse(Setting::CloudUrl, &text).ok()
}

async fn cloud_id(probe: &Probe, url: &Address) -> Option<String> {
    match probe.get(As::Nobody, url, TENANT).await {
        Said::Yes(body) => of_page(&body),
        _ => None,
    }
}
