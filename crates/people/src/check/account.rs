//! What the organization knows about the API token's account: whether it is an organization administrator, and why
//! its token is refused.

use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::probe::{As, Probe, Said, escaped};
use super::report::{CheckUp, KeyReport, Standing};
use super::why::Why;
use headcount_atlassian::access::{Access, OrgKey};
use headcount_model::door::Api;

/// The longest lifetime of a token, in days (support page “Manage API tokens”, since 2024-12-15).
const DAYS: i64 = 365;

/// Adds the findings that need both credentials.
pub async fn of_both(probe: &Probe, access: &Access, found: &mut CheckUp) {
    let (Some(jira), Some(org), Some(key)) = (&mut found.jira, &mut found.org, &access.org) else {
        return;
    };
    let Some(account) = jira.finding.account.clone() else { return };
    if org.standing != Standing::Accepted {
        return;
    }
    let body = json!({"accountIds": [account], "expand": ["platformRoles"], "limit": 1});
    if let Some(row) = row(probe, access, org, key, &body).await {
        jira.finding.org_admin = row["platformRoles"]
            .as_array()
            .map(|roles| roles.iter().any(|role| role == "atlassian/org-admin"));
    }
    // `GET manage` says what may be done with an account (user management description). Here it only matters that
    // it answers.
    let path = format!("/users/{}/manage?privileges=lifecycle.enablement", escaped(&account));
    org.finding.lifecycle = match probe.get(As::Org(&key.key), &access.admin_url, &path).await {
        Said::Yes(_) => Some(true),
        Said::Refused => Some(false),
        Said::NoScope => {
            if org.finding.unscoped.is_empty() {
                org.why.push(Why::key_lacks_scope());
            }
            org.finding.unscoped.push(Api::Accounts);
            Some(false)
        }
        // A 403 or 404 may concern this account, which the organization need not manage.
        _ => None,
    };
}

/// Why a token is refused, as far as the organization API key shows it. Empty if unknown.
pub async fn why_refused(
    probe: &Probe,
    access: &Access,
    org: &KeyReport,
    key: &OrgKey,
    mail: &str,
    now: Timestamp,
) -> Vec<Why> {
    if org.standing != Standing::Accepted || org.finding.directory != Some(true) {
        return Vec::new();
    }
    let body = json!({"emails": [mail], "limit": 1});
    let Some(row) = row(probe, access, org, key, &body).await else { return Vec::new() };
    let mail = probe.clean(mail);
    if row.is_null() {
        return vec![Why::no_account(&mail)];
    }
    // If the answer shows another email, it is another account's.
    let other = row["email"].as_str().is_some_and(|shown| !shown.eq_ignore_ascii_case(&mail));
    let Some(account) = row["accountId"].as_str().filter(|_| !other) else { return Vec::new() };
    match row["accountStatus"].as_str() {
        Some("inactive") => return vec![Why::not_active(&mail, "deactivated")],
        Some("closed") => return vec![Why::not_active(&mail, "closed")],
        _ => {}
    }
    if row["membershipStatus"] == "suspended" {
        return vec![Why::not_active(&mail, "suspended")];
    }
    let path = format!("/users/{}/manage/api-tokens", escaped(account));
    match probe.get(As::Org(&key.key), &access.admin_url, &path).await {
        Said::Yes(Value::Array(tokens)) => vec![of_tokens(probe, &mail, &tokens, now)],
        _ => Vec::new(),
    }
}

/// The first result of a search in all directories; `Null` if no user was found, `None` if the search failed.
async fn row(
    probe: &Probe,
    access: &Access,
    org: &KeyReport,
    key: &OrgKey,
    body: &Value,
) -> Option<Value> {
    let (id, _) = org.finding.org.as_ref()?;
    let path = format!("/admin/v2/orgs/{}/directories/-/users/search", escaped(id));
    match probe.search(As::Org(&key.key), &access.admin_url, &path, body).await {
        Said::Yes(body) if body["data"].is_array() => Some(body["data"][0].clone()),
        _ => None,
    }
}

/// What the account's tokens show (user management description: `label`, `createdAt`, `expiry`).
fn of_tokens(probe: &Probe, mail: &str, tokens: &[Value], now: Timestamp) -> Why {
    let day = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let mut all: Vec<(Timestamp, String)> = tokens
        .iter()
        .map(|token| {
            let longest = day(&token["createdAt"])
                .and_then(|made| made.checked_add(Span::new().hours(DAYS * 24)).ok());
            let end = day(&token["expiry"]).or(longest).unwrap_or(Timestamp::MAX);
            (end, probe.text(&token["label"]).unwrap_or_else(|| "without a name".into()))
        })
        .collect();
    all.sort();
    let good: Vec<_> =
        all.iter().filter(|(end, _)| *end > now).map(|(_, label)| format!("“{label}”")).collect();
    match all.pop() {
        None => Why::no_token(mail),
        Some((end, label)) if good.is_empty() => {
            Why::expired(&label, &end.strftime("%-d %B %Y").to_string())
        }
        Some(_) => Why::other_tokens(mail, &good),
    }
}
