//! When credentials end. No answer says which token or key a request was sent with, so all that it can be
//! are looked at.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::probe::{As, Probe, Said, escaped};
use super::report::{CheckUp, Ending, Standing};
use headcount_atlassian::access::{Access, OrgKey};

/// The longest life of a token or key, in days (support pages “Manage API tokens”, since 2024-12-15, and
/// “Manage an organization with the admin APIs”).
const LONGEST: i64 = 365;

/// Adds when each accepted credential ends, as far as the organization shows it.
pub async fn add(probe: &Probe, access: &Access, found: &mut CheckUp, now: Timestamp) {
    let (Some(org), Some(key)) = (&mut found.org, &access.org) else { return };
    if org.standing == Standing::Refused {
        return;
    }
    if let Some((id, _)) = &org.finding.org {
        let path = format!("/admin/api-access/v1/orgs/{}/api-keys?pageSize=100", escaped(id));
        org.finding.ending = keys(probe, access, key, &path, now).await;
    }
    let Some(jira) = found.jira.as_mut() else { return };
    if let Some(account) = &jira.finding.account {
        let path = format!("/users/{}/manage/api-tokens", escaped(account));
        jira.finding.ending = match probe.get(As::Org(&key.key), &access.admin_url, &path).await {
            // User management description, `ApiTokenModel`: `label`, `createdAt`, `expiry`.
            Said::Yes(Value::Array(tokens)) => ending(probe, &tokens, "expiry", now),
            _ => None,
        };
    }
}

/// The keys of the organization (API access reference: `label`, `createdAt`, `expiresAt`). A list that is
/// not whole shows nothing.
async fn keys(
    probe: &Probe,
    access: &Access,
    key: &OrgKey,
    path: &str,
    now: Timestamp,
) -> Option<Ending> {
    let Said::Yes(body) = probe.get(As::Org(&key.key), &access.admin_url, path).await else {
        return None;
    };
    if body["links"]["next"].as_str().is_some_and(|next| !next.is_empty()) {
        return None;
    }
    ending(probe, body["data"].as_array()?, "expiresAt", now)
}

fn ending(probe: &Probe, all: &[Value], end: &str, now: Timestamp) -> Option<Ending> {
    let time = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let longest = |one: &Value| {
        time(&one["createdAt"])?.checked_add(SignedDuration::from_hours(24 * LONGEST)).ok()
    };
    let mut ends = Vec::new();
    for one in all {
        // One whose end is not shown may be this one.
        let end = time(&one[end]).or_else(|| longest(one))?;
        ends.push((end, probe.text(&one["label"]).unwrap_or_default()));
    }
    // The credential was accepted just now, so it has not ended.
    ends.retain(|(end, _)| *end > now);
    ends.sort();
    let could_be = ends.len() as u64;
    let (first, name) = ends.into_iter().next()?;
    Some(Ending { could_be, name, first, days: first.duration_since(now).as_hours() / 24 })
}
