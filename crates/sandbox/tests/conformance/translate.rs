//! Translates the schemas of OpenAPI 3.0, a dialect of their own, to JSON Schema 2020-12.
//!
//! - `nullable` becomes a second type.
//! - `readOnly`, `writeOnly`, `discriminator`, `example` and the like have no effect here and are removed.
//! - `format` is not asserted.
//! - Objects are closed: a field that is not described is an error. A schema in an `allOf` must stay
//!   open for the fields of the others, so each component may exist twice, `open` and `closed`; the
//!   whole is closed with `unevaluatedProperties`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::describe::resolve;

/// Keywords with the same meaning in both.
const SAME: [&str; 12] = [
    "type",
    "enum",
    "required",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "maxProperties",
];

/// The translated schema, with all components that it refers to.
pub fn translate(document: &Value, schema: &Value) -> Value {
    let mut needed = Needed::default();
    let mut whole = part(schema, true, &mut needed);
    let mut definitions = Map::new();
    while let Some((name, closed)) = needed.open.pop_first() {
        if needed.done.insert((name.clone(), closed)) {
            let pointer = format!("/components/schemas/{}", name.replace('~', "~0"));
            let component = document.pointer(&pointer).expect("a component is there");
            definitions.insert(key(&name, closed), part(component, closed, &mut needed));
        }
        let done = std::mem::take(&mut needed.open);
        needed.open = done.difference(&needed.done).cloned().collect();
    }
    whole["$defs"] = Value::Object(definitions);
    whole
}

#[derive(Default)]
struct Needed {
    open: BTreeSet<(String, bool)>,
    done: BTreeSet<(String, bool)>,
}

fn key(name: &str, closed: bool) -> String {
    format!("{}.{name}", if closed { "closed" } else { "open" })
}

fn part(schema: &Value, closed: bool, needed: &mut Needed) -> Value {
    let Some(given) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = given.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        let to = json!({"$ref": format!("#/$defs/{}", key(&name, closed))});
        needed.open.insert((name, closed));
        return nullable(given, to);
    }
    let mut made = Map::new();
    for name in SAME {
        match given.get(name) {
            // One description has a pattern with a line end in it.
            Some(Value::String(text)) => made.insert(name.to_owned(), json!(text.trim_end())),
            Some(value) => made.insert(name.to_owned(), value.clone()),
            None => None,
        };
    }
    if let Some(items) = given.get("items") {
        made.insert("items".to_owned(), part(items, true, needed));
    }
    if let Some(properties) = given.get("properties").and_then(Value::as_object) {
        let all = properties.iter().map(|(name, one)| (name.clone(), part(one, true, needed)));
        made.insert("properties".to_owned(), Value::Object(all.collect()));
    }
    let has_fields = given.contains_key("properties");
    for (name, closed) in
        [("allOf", false), ("anyOf", closed && !has_fields), ("oneOf", closed && !has_fields)]
    {
        if let Some(parts) = given.get(name).and_then(Value::as_array) {
            let all = parts.iter().map(|one| part(one, closed, needed));
            made.insert(name.to_owned(), Value::Array(all.collect()));
        }
    }
    let more = given.get("additionalProperties");
    match more {
        Some(more) if more.is_object() => {
            made.insert("additionalProperties".to_owned(), part(more, true, needed));
        }
        Some(Value::Bool(true)) => {}
        _ if closed && (has_fields || given.contains_key("allOf")) => {
            made.insert("unevaluatedProperties".to_owned(), json!(false));
        }
        _ => {}
    }
    nullable(given, Value::Object(made))
}

/// Allows null if the schema says so.
fn nullable(given: &Map<String, Value>, made: Value) -> Value {
    match given.get("nullable") {
        Some(Value::Bool(true)) => json!({"anyOf": [made, {"type": "null"}]}),
        _ => made,
    }
}

/// The schema of the JSON content of a request body or an answer, if it is described.
pub fn json_schema<'a>(document: &'a Value, holder: &'a Value) -> Option<&'a Value> {
    let content = resolve(document, holder).get("content")?.as_object()?;
    let (_, content) = content.iter().find(|(media, _)| media.contains("json"))?;
    content.get("schema")
}
