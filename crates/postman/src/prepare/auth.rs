//! Adds the authentication to a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Auth, AuthKind, Header, Param, Url};

use super::headers;

/// Adds the credentials to the headers or to the query. They replace a header of the collection, ignoring case;
/// without a token nothing is added.
pub fn sign(auth: &Auth, url: &mut Url, sent: &mut Vec<Header>) {
    let value = |name| auth.get(name).unwrap_or_default();
    match auth.kind {
        AuthKind::NoAuth => {}
        AuthKind::Basic => {
            let credentials = basic(value("username"), value("password"));
            headers::replace(sent, "Authorization", &credentials);
        }
        AuthKind::Bearer => {
            if !value("token").is_empty() {
                headers::replace(sent, "Authorization", &format!("Bearer {}", value("token")));
            }
        }
        AuthKind::ApiKey => {
            // Node drops a key without a name in a header.
            if value("key").is_empty() {
            } else if value("in") == "query" {
                in_query(url, value("key"), value("value"));
            } else {
                headers::replace(sent, value("key"), value("value"));
            }
        }
        AuthKind::OAuth2 => oauth2(auth, url, sent),
    }
}

/// The header for user and password.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn in_query(url: &mut Url, key: &str, value: &str) {
    url.query.retain(|param| param.key.as_deref() != Some(key));
    let (key, value) = (Some(key.to_owned()), Some(value.to_owned()));
    url.query.push(Param { key, value, disabled: false });
}

fn oauth2(auth: &Auth, url: &mut Url, sent: &mut Vec<Header>) {
    let Some(token) = auth.get("accessToken").filter(|token| !token.is_empty()) else { return };
    if auth.get("tokenType").is_some_and(|it| it.eq_ignore_ascii_case("mac")) {
        return;
    }
    sent.retain(|header| !header.key.eq_ignore_ascii_case("authorization"));
    url.query.retain(|param| param.key.as_deref() != Some("access_token"));
    if auth.get("addTokenTo") == Some("queryParams") {
        in_query(url, "access_token", token);
        return;
    }
    let prefix = auth.get("headerPrefix").unwrap_or("Bearer").trim();
    let space = if prefix.is_empty() { "" } else { " " };
    headers::replace(sent, "Authorization", &format!("{prefix}{space}{token}"));
}
