//! Data that clients keep with a user. [Jira platform description: `EntityProperty`, `PropertyKeys`]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::errors::{error, forbidden, no_user};
use super::users::on_site;
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{Org, PersonIx, SettingKind};

type Answer = Result<Reply, Reply>;

/// The longest value, in bytes, and the longest key, in characters. [Jira platform description]
const MOST_VALUE: usize = 32_768;
const MOST_KEY: usize = 255;

/// The account that `accountId` names. Only administrators may name another than their own.
fn owner(call: &Call<'_>, org: &Org) -> Result<Box<str>, Reply> {
    let account = call.query.filled("accountId");
    let account =
        account.ok_or_else(|| error(400, "The query parameter 'accountId' is required."))?;
    may_set(call, org, account)
}

/// The account whose settings may be read and changed: the caller's own, or as an administrator any other.
pub(super) fn may_set(call: &Call<'_>, org: &Org, account: &str) -> Result<Box<str>, Reply> {
    let caller: PersonIx = call.caller.person().ok_or_else(no_user)?;
    let record = &org.person(caller).record;
    if *record.account_id != *account && !record.org_admin {
        return Err(forbidden());
    }
    on_site(org, account)?;
    Ok(account.into())
}

fn no_property(key: &str) -> Reply {
    error(404, &format!("The property '{key}' does not exist."))
}

/// `GET /user/properties`
pub(crate) fn property_keys(call: &Call<'_>, org: &Org) -> Answer {
    let account = owner(call, org)?;
    let keys: Vec<Value> = org
        .settings_of(SettingKind::Property, &account)
        .map(|(key, _)| json!({"self": wire::property(call, &account, key), "key": key}))
        .collect();
    Ok(Reply::json(200, &json!({"keys": keys})))
}

/// `GET /user/properties/{propertyKey}`
pub(crate) fn property(call: &Call<'_>, org: &Org) -> Answer {
    let account = owner(call, org)?;
    let key = call.param(0);
    let value = org.setting(SettingKind::Property, &account, key);
    let value = value.ok_or_else(|| no_property(key))?;
    Ok(Reply::json(200, &json!({"key": key, "value": value})))
}

/// `PUT /user/properties/{propertyKey}`: 201 for a new key, else 200. Assumption: the body of both, and 400 for a
/// value or a key that is too long.
pub(crate) fn set_property(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let account = owner(call, org)?;
    let key = call.param(0);
    if key.chars().count() > MOST_KEY {
        return Err(error(400, "The property key must not exceed 255 characters."));
    }
    if !call.is_json() {
        return Err(error(415, &format!("Content-Type '{}' is not supported.", call.content_type)));
    }
    if call.body.len() > MOST_VALUE {
        return Err(error(400, "The property value must not exceed 32768 bytes."));
    }
    let value: Value = serde_json::from_slice(call.body)
        .map_err(|_| error(400, "The property value must be valid JSON."))?;
    let is_new = org.setting(SettingKind::Property, &account, key).is_none();
    org.setting_of(SettingKind::Property, account, key, Some(value));
    Ok(Reply::json(if is_new { 201 } else { 200 }, &json!({})))
}

/// `DELETE /user/properties/{propertyKey}`
pub(crate) fn delete_property(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let account = owner(call, org)?;
    let key = call.param(0);
    if org.setting(SettingKind::Property, &account, key).is_none() {
        return Err(no_property(key));
    }
    org.setting_of(SettingKind::Property, account, key, None);
    Ok(Reply::empty(204))
}

/// Active users with a property that has this text, number or truth at a path of names separated by dots.
pub(super) fn with_property(org: &Org, key: &str, path: &str, wanted: &str) -> BTreeSet<PersonIx> {
    let is_it = |value: &Value| {
        let names = path.split('.').filter(|name| !name.is_empty());
        let found = names.into_iter().try_fold(value, |value, name| value.get(name));
        match found {
            Some(Value::String(text)) => text == wanted,
            Some(Value::Number(number)) => {
                let text = number.to_string();
                text == wanted
            }
            Some(Value::Bool(truth)) => wanted == if *truth { "true" } else { "false" },
            _ => false,
        }
    };
    let having = org.with_setting(SettingKind::Property, key);
    having
        .filter(|(_, value)| is_it(value))
        .filter_map(|(account, _)| org.find(account))
        .filter(|at| org.person(*at).record.is_active())
        .collect()
}
