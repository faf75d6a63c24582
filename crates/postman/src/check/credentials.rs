//! Columns that would take the place of the collection's credentials.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{AuthKind, RequestItem};
use crate::run::{Run, SecretNames};

use super::braced::names_in;

/// A column that signs requests in with each row's own data, and the request.
pub fn shadowed(run: &Run) -> Option<(String, String)> {
    let columns: BTreeSet<&str> =
        run.rows.iter().flat_map(|row| row.columns()).map(|(key, _)| key.as_str()).collect();
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

/// A request without credentials of its own, which cookies of an earlier row may sign in: where the
/// first row receives some, rows depend on each other.
pub fn signed_in_by_cookies(run: &Run) -> Option<&str> {
    let names = SecretNames::default();
    let has_own = |item: &RequestItem| {
        let request = &item.request;
        let headers = request.headers.iter().any(|it| !it.disabled && names.has(&it.key));
        let query = request.url.query.iter().filter(|it| !it.disabled);
        let by_auth = item.auth.as_ref().is_some_and(|auth| auth.kind != AuthKind::NoAuth);
        by_auth
            || headers
            || request.url.auth.is_some()
            || query.flat_map(|it| &it.key).any(|key| names.has(key))
    };
    let keeps = |item: &&Arc<RequestItem>| item.behavior.disable_cookies != Some(true);
    let item = run.items.iter().filter(keeps).find(|item| !has_own(item));
    item.map(|item| item.name.as_str())
}
