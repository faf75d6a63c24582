//! What the caller prefers, and their language.

use serde_json::{Value, json};

use super::errors::{error, no_user, object};
use crate::http::{Call, Edit, Reply};
use crate::org::{Org, SettingKind};

type Answer = Result<Reply, Reply>;

/// The language of the site, and the preference that has the user's.
const LOCALE: &str = "en_US";
const LOCALE_KEY: &str = "jira.user.locale";

/// Preferences that have a value before they are set. [Jira platform description]
const DEFAULTS: [(&str, &str); 3] = [
    ("user.notifications.mimetype", "html"),
    ("user.default.share.private", "true"),
    ("user.keyboard.shortcuts.disabled", "false"),
];

fn own_account(call: &Call<'_>, org: &Org) -> Result<Box<str>, Reply> {
    let at = call.caller.person().ok_or_else(no_user)?;
    Ok(org.person(at).record.account_id.clone())
}

/// The preference that the query names. Assumption: the text.
fn key<'a>(call: &'a Call<'_>) -> Result<&'a str, Reply> {
    let key = call.query.filled("key").filter(|key| key.chars().count() <= 255);
    key.ok_or_else(|| error(404, "The preference key is missing or too long."))
}

fn no_preference(key: &str) -> Reply {
    error(404, &format!("The preference '{key}' does not exist."))
}

/// `GET /mypreferences`
pub(crate) fn preference(call: &Call<'_>, org: &Org) -> Answer {
    let (account, key) = (own_account(call, org)?, key(call)?);
    let own = org.setting(SettingKind::Preference, &account, key).and_then(Value::as_str);
    let default = DEFAULTS.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
    let value = own.or(default).ok_or_else(|| no_preference(key))?;
    Ok(Reply::json(200, &value))
}

/// `PUT /mypreferences`: the value is the text of the body, as JSON or plain. Without one, or with more than 255
/// characters: 404.
pub(crate) fn set_preference(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (account, key) = (own_account(call, org)?, key(call)?);
    let plain = || String::from_utf8_lossy(call.body).into_owned();
    let value = match call.is_json() {
        true => match serde_json::from_slice(call.body) {
            Ok(Value::String(text)) => text,
            // Clients send `false` with the type of JSON.
            Ok(_) => plain(),
            Err(_) => String::new(),
        },
        false => plain(),
    };
    if value.is_empty() || value.chars().count() > 255 {
        return Err(error(404, "The value of the preference is missing or too long."));
    }
    org.setting_of(SettingKind::Preference, account, key, Some(value.into()));
    Ok(Reply::empty(204))
}

/// `DELETE /mypreferences`
pub(crate) fn delete_preference(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let (account, key) = (own_account(call, org)?, key(call)?);
    if org.setting(SettingKind::Preference, &account, key).is_none() {
        return Err(no_preference(key));
    }
    org.setting_of(SettingKind::Preference, account, key, None);
    Ok(Reply::empty(204))
}

/// `GET /mypreferences/locale`: the caller's language, or the site's. Assumption: `Accept-Language` is not read.
pub(crate) fn locale(call: &Call<'_>, org: &Org) -> Answer {
    let own = own_account(call, org).ok();
    let own = own.and_then(|account| {
        org.setting(SettingKind::Preference, &account, LOCALE_KEY).and_then(Value::as_str)
    });
    Ok(Reply::json(200, &json!({"locale": own.unwrap_or(LOCALE)})))
}

/// `PUT /mypreferences/locale` (deprecated). Assumption: any language in the described form is available.
pub(crate) fn set_locale(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let account = own_account(call, org)?;
    let body = object(call)?;
    let locale = body.get("locale").and_then(Value::as_str).unwrap_or_default();
    let is_locale = |(language, country): (&str, &str)| {
        let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
        two(language) && two(country)
    };
    if !locale.split_once('_').is_some_and(is_locale) {
        return Err(error(400, "The locale is not supported."));
    }
    org.setting_of(SettingKind::Preference, account, LOCALE_KEY, Some(locale.into()));
    Ok(Reply::empty(204))
}
