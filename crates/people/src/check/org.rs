//! Checks an organization API key, and finds out why it is not accepted.

use serde_json::{Value, json};

use super::acceptance::{self, ORGS};
use super::probe::{As, Probe, Said, escaped};
use super::report::{Finding, KeyReport, Standing};
use super::shape::{self, Shape};
use super::why::Why;
use headcount_atlassian::access::{Access, JiraKey, OrgKey};
use headcount_atlassian::place::KeyKind;
use headcount_model::door::Api;
use headcount_model::secret::ExposeSecret;

/// Checks the key.
pub async fn check(probe: &Probe, access: &Access, key: &OrgKey) -> KeyReport {
    let report = |standing, why| KeyReport {
        kind: KeyKind::OrgApiKey,
        address: access.admin_url.clone(),
        standing,
        why,
        finding: Finding::default(),
    };
    match probe.get(As::Org(&key.key), &access.admin_url, ORGS).await {
        Said::Yes(body) if body["data"].is_array() => {
            match which(probe, access, key, &body).await {
                Ok(org) => {
                    let mut finding = finding(probe, access, key, org).await;
                    match which_directory(probe, access, key, &mut finding).await {
                        Some(why) => {
                            KeyReport { finding, ..report(Standing::Undecided, vec![why]) }
                        }
                        None => {
                            let lacks = !finding.unscoped.is_empty();
                            let why = lacks.then(Why::key_lacks_scope).into_iter().collect();
                            KeyReport { finding, ..report(Standing::Accepted, why) }
                        }
                    }
                }
                Err((standing, why)) => report(standing, vec![why]),
            }
        }
        Said::Yes(_) => {
            let what = "it does not list organizations";
            report(Standing::WrongAddress, vec![Why::odd(what), Why::no_admin()])
        }
        Said::Refused => report(Standing::Refused, refused(probe, access, key).await),
        Said::Address => report(Standing::Unreachable, vec![Why::address_not_allowed()]),
        Said::NoScope | Said::Captcha | Said::Forbidden => {
            report(Standing::Refused, vec![Why::scopes()])
        }
        Said::NotFound => report(Standing::WrongAddress, vec![Why::no_admin()]),
        Said::Elsewhere(to) => {
            report(Standing::WrongAddress, vec![Why::redirects(&to), Why::no_admin()])
        }
        Said::Odd(what) => report(Standing::WrongAddress, vec![Why::odd(&what), Why::no_admin()]),
        Said::Later(status) => {
            let why = Why::no_answer(&format!("the organization's API answers {status}"));
            report(Standing::Unreachable, vec![why])
        }
        Said::Nothing(why) => report(Standing::Unreachable, vec![Why::no_answer(&why)]),
    }
}

/// The organization's id and name.
async fn which(
    probe: &Probe,
    access: &Access,
    key: &OrgKey,
    body: &Value,
) -> Result<(String, String), (Standing, Why)> {
    let shown: Vec<(String, String)> = body["data"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|org| {
            let name = probe.text(&org["attributes"]["name"]).unwrap_or_default();
            Some((org["id"].as_str()?.to_owned(), name))
        })
        .collect();
    let names = || shown.iter().map(|(id, name)| format!("{name} ({id})")).collect::<Vec<_>>();
    // If this is not the last page, the organization may be on another one; then the profile's id is used.
    let more = body["links"]["next"].as_str().is_some_and(|next| !next.is_empty());
    match &key.org_id {
        Some(id) => match shown.iter().find(|(shown, _)| shown == id) {
            Some(org) => Ok(org.clone()),
            None if more => Ok((id.clone(), String::new())),
            // Some keys get an empty list (ACCESS-966): then the organization itself is asked for.
            None if shown.is_empty() => {
                let path = format!("{ORGS}/{}", escaped(id));
                match probe.get(As::Org(&key.key), &access.admin_url, &path).await {
                    Said::Yes(body) if body["data"]["id"].as_str() == Some(id) => {
                        let name = probe.text(&body["data"]["attributes"]["name"]);
                        Ok((id.clone(), name.unwrap_or_default()))
                    }
                    _ => Err((Standing::Undecided, Why::other_org(id, &names()))),
                }
            }
            None => Err((Standing::Undecided, Why::other_org(id, &names()))),
        },
        None => match shown.as_slice() {
            [] => Err((Standing::Refused, Why::no_org())),
            [only] if !more => Ok(only.clone()),
            _ => Err((Standing::Undecided, Why::several_orgs(&names()))),
        },
    }
}

/// The error in the profile's directory, if the organization lists its directories (`GET v2/…/directories`,
/// organizations description).
async fn which_directory(
    probe: &Probe,
    access: &Access,
    key: &OrgKey,
    finding: &mut Finding,
) -> Option<Why> {
    let (org, _) = finding.org.as_ref()?;
    let path = format!("/admin/v2/orgs/{}/directories?limit=100", escaped(org));
    let Said::Yes(body) = probe.get(As::Org(&key.key), &access.admin_url, &path).await else {
        return None;
    };
    let more = body["links"]["next"].as_str().is_some_and(|next| !next.is_empty());
    let rows = body["data"].as_array()?.iter();
    let shown: Vec<(String, String)> = rows
        .filter_map(|row| {
            let name = probe.text(&row["name"]).unwrap_or_default();
            Some((row["directoryId"].as_str()?.to_owned(), name))
        })
        .collect();
    finding.directories.clone_from(&shown);
    let names = || shown.iter().map(|(id, name)| format!("{name} ({id})")).collect::<Vec<_>>();
    match &key.directory_id {
        Some(meant) if more || shown.iter().any(|(id, _)| id == meant) => None,
        Some(meant) => Some(Why::other_directory(meant, &names())),
        None if shown.len() > 1 => Some(Why::several_directories(&names())),
        None => None,
    }
}

/// What the key can read: the directory, and the number of managed accounts.
async fn finding(probe: &Probe, access: &Access, key: &OrgKey, org: (String, String)) -> Finding {
    let v2 = format!("/admin/v2/orgs/{}/directories/-", escaped(&org.0));
    let who = As::Org(&key.key);
    let path = format!("{v2}/groups/search");
    let said = probe.search(who, &access.admin_url, &path, &json!({"limit": 1})).await;
    let path = format!("{v2}/users/count?claimStatus=managed");
    let managed = match probe.get(who, &access.admin_url, &path).await {
        Said::Yes(body) => body["count"].as_u64(),
        _ => None,
    };
    Finding {
        unscoped: if matches!(said, Said::NoScope) { vec![Api::Directory] } else { Vec::new() },
        directory: match said {
            Said::Yes(_) => Some(true),
            Said::Refused | Said::NoScope | Said::Forbidden | Said::NotFound => Some(false),
            _ => None,
        },
        managed,
        org: Some(org),
        ..Finding::default()
    }
}

async fn refused(probe: &Probe, access: &Access, key: &OrgKey) -> Vec<Why> {
    let shape = shape::of(key.key.expose_secret());
    if let (Some(url), Some(jira)) = (&access.cloud_url, &access.jira) {
        let token = JiraKey { email: jira.email.clone(), token: key.key.clone() };
        if acceptance::one_world(url, &access.admin_url)
            && acceptance::by_site(probe, url, &token).await
        {
            return vec![Why::is_api_token()];
        }
    }
    match shape {
        Shape::OrgKey | Shape::Unknown => vec![Why::usual(KeyKind::OrgApiKey)],
        Shape::Short => {
            vec![Why::looks(KeyKind::OrgApiKey, shape), Why::usual(KeyKind::OrgApiKey)]
        }
        shape => vec![Why::looks(KeyKind::OrgApiKey, shape)],
    }
}
