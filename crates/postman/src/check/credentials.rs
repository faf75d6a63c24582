//! Credentials that differ from the collection's intention: columns that replace them, and empty values.

use std::collections::BTreeSet;

use crate::model::{Auth, AuthKind, Request};
use crate::prepare::NotPrepared;
use crate::run::Run;
use crate::variables::{Scopes, Seen};

use super::braced::names_in;

/// A column that replaces a credential with each row's own data, and the request.
pub fn shadowed(run: &Run) -> Option<(String, String)> {
    let columns: BTreeSet<&str> = run.rows.columns().collect();
    let scopes = [&run.scopes.environment, &run.scopes.collection, &run.scopes.globals];
    let is_given = |name: &str| scopes.iter().any(|scope| scope.get(name).is_some());
    for item in &run.items {
        let Some(auth) = &item.auth else { continue };
        for name in auth.params.iter().flat_map(|(_, value)| names_in(value)) {
            let mut without = crate::model::RequestItem::clone(item);
            without.auth = None;
            let is_data = super::names::names_of(&without).contains(&name);
            if columns.contains(name.as_str()) && (is_given(&name) || is_data) {
                return Some((name, item.name.clone()));
            }
        }
    }
    None
}

/// A credential whose variable has an empty value, as in an exported environment. A credential that is empty in
/// the collection itself is intended, because it needs no value.
pub fn empty(request: &Request, auth: Option<&Auth>, scopes: &Scopes) -> Option<NotPrepared> {
    let what = match auth {
        Some(auth) => empty_value(auth, scopes),
        None => empty_header(request, scopes),
    };
    what.map(|what| NotPrepared::EmptyCredential { what })
}

fn empty_value(auth: &Auth, scopes: &Scopes) -> Option<String> {
    let template = |name| auth.get(name).unwrap_or_default();
    let is_named = |name| !names_in(template(name)).is_empty();
    let is_empty = |name| is_named(name) && resolved(template(name), scopes).is_empty();
    let (word, name) = match auth.kind {
        AuthKind::NoAuth => return None,
        // Some sites require only a password, some a user name and any password.
        AuthKind::Basic if is_named("password") => ("password", "password"),
        AuthKind::Basic => ("user name", "username"),
        AuthKind::Bearer => ("bearer token", "token"),
        AuthKind::ApiKey if is_empty("key") => ("name of the API key", "key"),
        AuthKind::ApiKey => ("API key", "value"),
        AuthKind::OAuth2 => ("access token", "accessToken"),
    };
    is_empty(name).then(|| format!("the {word} {}", template(name).trim()))
}

/// A header of the collection itself that is empty, or has only the scheme.
fn empty_header(request: &Request, scopes: &Scopes) -> Option<String> {
    let is_it = |key: &str| key.eq_ignore_ascii_case("authorization");
    let header = request.headers.iter().find(|it| !it.disabled && is_it(&it.key))?;
    let rest = resolved(&header.value, scopes);
    let is_scheme = rest.len() <= 12 && rest.bytes().all(|byte| byte.is_ascii_alphabetic());
    let names = names_in(&header.value);
    let are_empty = || names.iter().all(|it| resolved(&format!("{{{{{it}}}}}"), scopes).is_empty());
    let name = names.first()?;
    (is_scheme && are_empty())
        .then(|| format!("the value {{{{{name}}}}} of the header {}", header.key))
}

fn resolved(template: &str, scopes: &Scopes) -> String {
    scopes.resolve_text(template, &mut Seen::default()).trim().to_owned()
}
