//! Columns that would take the place of the collection's credentials.

use std::collections::BTreeSet;

use crate::run::Run;

use super::braced::names_in;

/// A column that signs requests in with each row's own data, and the request.
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
