//! Finds the names that have no value in the files, so that a user has to type it.

use std::collections::BTreeSet;

use crate::model::Variable;
use crate::run::{MASK, Run};
use crate::value::shown;

use super::names::{gaps, names_of};
use super::usage::usage;

/// A name without a value, or with an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The name.
    pub name: String,
    /// The first request that uses it; `None` if only scripts can use it.
    pub item: Option<String>,
    /// The most similar name with a value.
    pub nearest: Option<String>,
    /// Whether a file has the name with an empty value.
    pub is_empty: bool,
    /// Whether Postman hides its value.
    pub is_secret: bool,
}

/// The most names that are listed.
const MOST: usize = 50;

/// The names that requests use and for which no file, column or script has a value; also hidden variables whose
/// value was not exported.
pub fn lacking(run: &Run) -> Vec<Lacking> {
    let gaps = gaps(run).into_iter().map(|gap| Lacking {
        name: gap.name,
        item: Some(gap.item),
        nearest: gap.nearest,
        is_empty: false,
        is_secret: false,
    });
    let mut found: Vec<Lacking> = gaps.collect();
    found.extend(empty(run));
    let mut seen = BTreeSet::new();
    found.retain(|it| seen.insert(it.name.clone()));
    found.truncate(MOST);
    found
}

/// Variables that exist and have no value.
fn empty(run: &Run) -> Vec<Lacking> {
    let written: BTreeSet<String> = (run.items.iter().flat_map(|item| &item.scripts))
        .flat_map(|script| usage(script).writes)
        .collect();
    let columns: BTreeSet<&str> = run.rows.columns().collect();
    let is_given = |name: &str| columns.contains(name) || written.contains(name);
    let scopes = [&run.scopes.environment, &run.scopes.collection, &run.scopes.globals];
    let is_empty = |it: &Variable| {
        let value = it.value.as_ref().map(shown).unwrap_or_default();
        value.trim().is_empty() || value.contains(MASK)
    };
    let mut found = Vec::new();
    for item in &run.items {
        for name in names_of(item).into_iter().filter(|name| !is_given(name)) {
            let variable = scopes.iter().find_map(|scope| scope.get(&name));
            if let Some(variable) = variable.filter(|it| is_empty(it)) {
                let (item, is_secret) = (Some(item.name.clone()), variable.is_secret);
                found.push(Lacking { name, item, nearest: None, is_empty: true, is_secret });
            }
        }
    }
    let all = scopes[0].variables().iter().filter(|it| it.is_secret && !it.disabled);
    let hidden = all.filter(|it| is_empty(it) && !is_given(&it.key));
    found.extend(hidden.map(|it| Lacking {
        name: it.key.clone(),
        item: None,
        nearest: None,
        is_empty: true,
        is_secret: true,
    }));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::load::{DataFile, File, Inputs, read};
    use crate::run::RunOptions;

    #[test]
    fn names_without_a_value_are_listed_once() {
        let file = |value: serde_json::Value| {
            Some(File { name: "f.json".to_owned(), bytes: value.to_string().into_bytes() })
        };
        let script = "pm.environment.set('made', 1)";
        let event = json!([{ "listen": "prerequest", "script": { "exec": [script] } }]);
        let request = json!({ "method": "POST", "url": "{{base}}/{{id}}/{{made}}/{{gap}}/{{$guid}}",
            "header": [{ "key": "X", "value": "{{empty}} {{token}} {{gap}}" }] });
        let collection =
            json!({ "info": {}, "item": [{ "name": "a", "request": request, "event": event }] });
        let values = json!([{ "key": "base", "value": "http://a" }, { "key": "empty", "value": "" },
            { "key": "token", "value": "", "type": "secret" }, { "key": "unused", "value": "" },
            { "key": "hidden", "value": "••••••", "type": "secret" }]);
        let inputs = Inputs {
            collection: file(collection),
            environment: file(json!({ "values": values })),
            data: Some(DataFile {
                name: "d.csv".to_owned(),
                content: Box::new("id\n7\n".as_bytes()),
                stays_in_memory: true,
            }),
            ..Inputs::default()
        };
        let run = read(inputs, RunOptions::default()).unwrap();
        let found = lacking(&run);
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.name.as_str(), it.item.as_deref(), it.is_empty, it.is_secret))
            .collect();
        assert_eq!(
            found,
            [
                ("gap", Some("a"), false, false),
                ("empty", Some("a"), true, false),
                ("token", Some("a"), true, true),
                ("hidden", None, true, true),
            ]
        );
    }
}
