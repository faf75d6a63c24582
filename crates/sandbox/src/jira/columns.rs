//! The columns of issue tables: those of a user, and those of the site. [Jira platform description: `ColumnItem`]

use serde_json::{Value, json};

use super::errors::{error, must_administer, no_user};
use super::properties::may_set;
use crate::http::{Call, Edit, Query, Reply};
use crate::org::{Org, SettingKind};

type Answer = Result<Reply, Reply>;

/// The columns that the sandbox knows; the first [`DEFAULT`] of them are shown by default (assumption: which).
const COLUMNS: [(&str, &str); 14] = [
    ("issuetype", "Issue Type"),
    ("issuekey", "Key"),
    ("summary", "Summary"),
    ("assignee", "Assignee"),
    ("reporter", "Reporter"),
    ("priority", "Priority"),
    ("status", "Status"),
    ("resolution", "Resolution"),
    ("created", "Created"),
    ("updated", "Updated"),
    ("duedate", "Due date"),
    ("description", "Description"),
    ("creator", "Creator"),
    ("labels", "Labels"),
];
const DEFAULT: usize = 11;

fn column((value, label): &(&str, &str)) -> Value {
    json!({"value": value, "label": label})
}

/// The account that `accountId` names, or the caller's.
fn owner(call: &Call<'_>, org: &Org) -> Result<Box<str>, Reply> {
    let own = call.caller.person().ok_or_else(no_user)?;
    let own = &org.person(own).record.account_id;
    may_set(call, org, call.query.filled("accountId").unwrap_or(own))
}

/// The columns that are set for an account (the site's without one), or else the site's.
fn shown(org: &Org, account: &str) -> Reply {
    let set = org
        .setting(SettingKind::Columns, account, "")
        .or_else(|| org.setting(SettingKind::Columns, "", ""));
    match set {
        Some(columns) => Reply::json(200, columns),
        None => {
            let all: Vec<_> = COLUMNS[..DEFAULT].iter().map(column).collect();
            Reply::json(200, &all)
        }
    }
}

/// The columns in a body, by value; `Err` is the first that is unknown.
///
/// The description has form data. Other clients send JSON, as an object or as the bare list (assumption: a site
/// takes it).
fn sent(call: &Call<'_>) -> Result<Value, String> {
    let text = String::from_utf8_lossy(call.body);
    let names: Vec<String> = match call.content_type {
        "multipart/form-data" => in_parts(&text),
        _ if call.is_json() => {
            let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
            let list = body.get("columns").unwrap_or(&body).as_array().cloned().unwrap_or_default();
            list.iter().map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
        }
        _ => Query::parse(&text).all("columns").map(str::to_owned).collect(),
    };
    let find = |name: String| COLUMNS.iter().find(|(value, _)| *value == name).ok_or(name);
    let found: Result<Vec<Value>, String> =
        names.into_iter().map(|name| find(name).map(column)).collect();
    found.map(Value::Array)
}

/// The values of the parts called `columns`. The first line is what separates the parts.
fn in_parts(body: &str) -> Vec<String> {
    let Some(separator) = body.lines().next().map(str::trim).filter(|line| !line.is_empty()) else {
        return Vec::new();
    };
    let parts = body.split(separator).filter_map(|part| part.split_once("\r\n\r\n"));
    let ours = parts.filter(|(head, _)| head.contains("name=\"columns\""));
    ours.map(|(_, value)| value.trim().to_owned()).collect()
}

/// `GET /user/columns`
pub(crate) fn user_columns(call: &Call<'_>, org: &Org) -> Answer {
    let account = owner(call, org)?;
    Ok(shown(org, &account))
}

/// `PUT /user/columns`: an unknown column is 500 (description). Assumption: the body of the answer.
pub(crate) fn set_user_columns(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let account = owner(call, org)?;
    let columns = sent(call).map_err(|name| {
        error(500, &format!("The column '{name}' is not an issue table column."))
    })?;
    org.setting_of(SettingKind::Columns, account, "", Some(columns));
    Ok(Reply::json(200, &json!({})))
}

/// `DELETE /user/columns`: the site's columns again.
pub(crate) fn reset_user_columns(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let account = owner(call, org)?;
    org.setting_of(SettingKind::Columns, account, "", None);
    Ok(Reply::empty(204))
}

/// `GET /settings/columns`
pub(crate) fn site_columns(call: &Call<'_>, org: &Org) -> Answer {
    must_administer(call, org)?;
    Ok(shown(org, ""))
}

/// `PUT /settings/columns`
pub(crate) fn set_site_columns(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let columns =
        sent(call).map_err(|name| error(404, &format!("The field '{name}' is not navigable.")))?;
    org.setting_of(SettingKind::Columns, "".into(), "", Some(columns));
    Ok(Reply::empty(200))
}
