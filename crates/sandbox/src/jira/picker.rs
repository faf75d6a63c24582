//! Users for a field in a form: those who match, with the match in bold. [Jira platform description: `FoundUsers`,
//! `FoundUsersAndGroups`]

use std::collections::HashSet;

use serde_json::{Value, json};

use super::errors::error;
use super::groups::{GroupQuery, found_groups};
use super::search::{SEARCH_END, range};
use super::wire;
use crate::http::{Call, Reply};
use crate::org::{Kind, Org, PersonIx};

type Answer = Result<Reply, Reply>;

/// The text that is searched. Assumption for a missing one: 400, as `groupuserpicker` describes.
fn queried<'a>(call: &'a Call<'_>) -> Result<&'a str, Reply> {
    let query = call.query.get("query");
    query.ok_or_else(|| error(400, "The query parameter 'query' is required."))
}

/// `GET /user/picker`: active users; an anonymous caller gets an empty list.
pub(crate) fn user_picker(call: &Call<'_>, org: &Org) -> Answer {
    let query = queried(call)?;
    let excluded: HashSet<_> = call.query.list("excludeAccountIds").collect();
    if !excluded.is_empty() && call.query.filled("exclude").is_some() {
        return Err(error(400, "Only one of 'exclude' and 'excludeAccountIds' can be given."));
    }
    let without_apps = call.query.is_set("excludeConnectUsers");
    Ok(Reply::json(200, &found_users(call, org, query, &excluded, without_apps)?))
}

/// `GET /groupuserpicker`: users and groups at once; at most `maxResults` of each.
pub(crate) fn group_user_picker(call: &Call<'_>, org: &Org) -> Answer {
    let query = queried(call)?;
    let without_apps = call.query.is_set("excludeConnectAddons");
    let users = found_users(call, org, query, &HashSet::new(), without_apps)?;
    let (_, results) = range(call, 50, 1000)?;
    let fold = call.query.is_set("caseInsensitive");
    let groups = found_groups(call, org, &GroupQuery::new(query, fold), results);
    Ok(Reply::json(200, &json!({"users": users, "groups": groups})))
}

fn found_users(
    call: &Call<'_>,
    org: &Org,
    query: &str,
    excluded: &HashSet<&str>,
    without_apps: bool,
) -> Result<Value, Reply> {
    let (_, results) = range(call, 50, 1000)?;
    let is_out = |at: &PersonIx| {
        let record = &org.person(*at).record;
        let is_unwanted_app = without_apps && record.kind == Kind::App;
        is_unwanted_app || excluded.contains(&*record.account_id)
    };
    let mut found = match call.caller.person() {
        Some(_) => org.search(query, SEARCH_END),
        None => Vec::new(),
    };
    found.retain(|at| !is_out(at));
    let total = found.len();
    found.truncate(results);
    let users: Vec<Value> = found.iter().map(|at| found_user(call, org, *at, query)).collect();
    let header = format!("Showing {} of {total} matching users", users.len());
    Ok(json!({"users": users, "total": total, "header": header}))
}

fn found_user(call: &Call<'_>, org: &Org, at: PersonIx, query: &str) -> Value {
    let record = &org.person(at).record;
    let shown = match wire::shown_email(call, org, at) {
        Some(email) => format!("{} - {email}", record.name),
        None => record.name.to_string(),
    };
    let mut user = json!({
        "accountId": record.account_id, "accountType": record.kind.word(),
        "displayName": record.name, "html": wire::marked(&shown, query, true, "strong"),
    });
    if call.query.is_set("showAvatar") {
        user["avatarUrl"] = json!(wire::avatar(&record.name, 16));
    }
    user
}
