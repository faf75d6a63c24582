//! Changes of single attributes. [RFC 7644, 3.5.2]

use serde_json::{Map, Value};

use super::attributes::{Attribute, ENTERPRISE, Form, checked, find, part};
use super::errors::{error, invalid};
use super::query::equality;
use crate::http::Reply;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Add,
    Replace,
    Remove,
}

/// The place that a path names.
struct Place {
    attribute: Attribute,
    /// The items of a list that change: a part, and its value.
    filter: Option<(String, String)>,
    part: Option<Attribute>,
}

/// Makes the changes of a body in its order, or none of them.
pub(super) fn patch(
    table: &[Attribute],
    attributes: &mut Map<String, Value>,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    // The description writes `operations` in its schema and `Operations` in its examples.
    let operations = body.iter().find(|(name, _)| name.eq_ignore_ascii_case("operations"));
    let operations = operations.and_then(|(_, list)| list.as_array());
    let Some(operations) = operations.filter(|list| !list.is_empty()) else {
        return Err(error(400, "invalidSyntax", "'Operations' must be a list with an operation."));
    };
    let mut changed = attributes.clone();
    for one in operations {
        apply(table, &mut changed, one)?;
    }
    *attributes = changed;
    Ok(())
}

fn apply(
    table: &[Attribute],
    attributes: &mut Map<String, Value>,
    one: &Value,
) -> Result<(), Reply> {
    let word = one["op"].as_str().unwrap_or_default().to_ascii_lowercase();
    let operation = match word.as_str() {
        "add" => Operation::Add,
        "replace" => Operation::Replace,
        "remove" => Operation::Remove,
        _ => return Err(error(400, "invalidSyntax", "'op' must be add, replace or remove.")),
    };
    match (one["path"].as_str(), &one["value"]) {
        (Some(path), value) => change(table, attributes, operation, path, value),
        (None, Value::Object(values)) if operation != Operation::Remove => {
            values.iter().try_for_each(|(path, value)| {
                match place(table, path) {
                    // As in a whole resource, unknown and read-only attributes are ignored.
                    Err(_) => Ok(()),
                    Ok(_) => change(table, attributes, operation, path, value),
                }
            })
        }
        (None, _) if operation == Operation::Remove => {
            Err(error(400, "noTarget", "A removal must have a path."))
        }
        (None, _) => Err(invalid("Without a path, 'value' must be an object.")),
    }
}

fn change(
    table: &[Attribute],
    attributes: &mut Map<String, Value>,
    operation: Operation,
    path: &str,
    value: &Value,
) -> Result<(), Reply> {
    let place = place(table, path)?;
    let name = place.attribute.name;
    if let (Form::List(_), Some(filter)) = (place.attribute.form, &place.filter) {
        return change_items(attributes, operation, &place, filter, value);
    }
    match (place.part, place.attribute.form) {
        (Some(part), Form::Parts(_)) => {
            let new = if operation == Operation::Remove { None } else { checked(&part, value)? };
            let parts = attributes.entry(name).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(parts) = parts {
                set(parts, part.name, new);
            }
            if attributes[name].as_object().is_some_and(Map::is_empty) {
                attributes.remove(name);
            }
        }
        (Some(_), _) => return Err(error(400, "invalidPath", "A part of a list needs a filter.")),
        (None, form) => {
            let new = checked(&place.attribute, value)?;
            match (operation, form, new) {
                (Operation::Add, Form::List(_), Some(Value::Array(new))) => {
                    add_items(attributes, name, new);
                }
                (Operation::Add, Form::Parts(_), Some(Value::Object(new))) => {
                    let old = attributes.entry(name).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(old) = old {
                        old.extend(new);
                    }
                }
                // Identity providers remove members by a list of values.
                (Operation::Remove, Form::List(_), Some(Value::Array(gone))) => {
                    remove_items(attributes, name, &gone);
                }
                (Operation::Remove, _, _) => set(attributes, name, None),
                (Operation::Add, _, None) => {}
                (_, _, new) => set(attributes, name, new),
            }
        }
    }
    Ok(())
}

/// Changes the items of a list that a filter chooses.
fn change_items(
    attributes: &mut Map<String, Value>,
    operation: Operation,
    place: &Place,
    (key, wanted): &(String, String),
    value: &Value,
) -> Result<(), Reply> {
    let name = place.attribute.name;
    let key = part(&place.attribute, key)
        .ok_or_else(|| error(400, "invalidPath", "The filter names no part of the list."))?;
    let is_it = |item: &Value| match &item[key.name] {
        Value::String(text) => text == wanted,
        Value::Bool(flag) => flag.to_string() == *wanted,
        _ => false,
    };
    let items = attributes.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(items) = items else {
        return Ok(());
    };
    match (operation, place.part) {
        (Operation::Remove, None) => items.retain(|item| !is_it(item)),
        (_, Some(changed)) => {
            let gone = operation == Operation::Remove;
            let new = if gone { None } else { checked(&changed, value)? };
            if !items.iter().any(&is_it) && !gone {
                let mut item = Map::new();
                item.insert(key.name.to_owned(), wanted.clone().into());
                items.push(Value::Object(item));
            }
            for item in items.iter_mut().filter(|item| is_it(item)) {
                if let Value::Object(item) = item {
                    set(item, changed.name, new.clone());
                }
            }
        }
        (_, None) => {
            let new = checked(&place.attribute, value)?;
            let Some(Value::Array(new)) = new else {
                return Err(invalid("The new item must be an object."));
            };
            if !items.iter().any(&is_it) {
                return Err(error(400, "noTarget", "No item of the list matches the filter."));
            }
            items.retain(|item| !is_it(item));
            items.extend(new);
        }
    }
    if items.is_empty() {
        attributes.remove(name);
    }
    Ok(())
}

fn set(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value)),
        None => drop(object.remove(name)),
    }
}

/// Two items are the same if they have the same `value`.
fn same(one: &Value, other: &Value) -> bool {
    match one.get("value") {
        Some(value) => other.get("value") == Some(value),
        None => one == other,
    }
}

fn add_items(attributes: &mut Map<String, Value>, name: &str, new: Vec<Value>) {
    let items = attributes.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(items) = items else {
        return;
    };
    // A list has at most one primary item: the newest. [RFC 7644, 3.5.2]
    if new.iter().any(|item| item["primary"] == true) {
        for old in items.iter_mut().filter(|old| old["primary"] == true) {
            old["primary"] = false.into();
        }
    }
    for item in new {
        match items.iter_mut().find(|old| same(old, &item)) {
            Some(old) => *old = item,
            None => items.push(item),
        }
    }
}

fn remove_items(attributes: &mut Map<String, Value>, name: &str, gone: &[Value]) {
    if let Some(Value::Array(items)) = attributes.get_mut(name) {
        items.retain(|item| !gone.iter().any(|gone| same(item, gone)));
        if items.is_empty() {
            attributes.remove(name);
        }
    }
}

/// Reads a path: `attribute`, `attribute.part`, `attribute[part eq "value"]`, `….part`, each also after its schema.
fn place(table: &[Attribute], path: &str) -> Result<Place, Reply> {
    let unknown = || error(400, "invalidPath", &format!("'{path}' is no attribute to change."));
    let path = path.trim();
    let extension = path.get(..ENTERPRISE.len()).filter(|it| it.eq_ignore_ascii_case(ENTERPRISE));
    if extension.is_some() {
        let attribute = find(table, ENTERPRISE).ok_or_else(unknown)?;
        let rest = path[ENTERPRISE.len()..].trim_start_matches([':', '.']);
        let part = match rest {
            "" => None,
            rest => Some(part(&attribute, rest).ok_or_else(unknown)?),
        };
        return Ok(Place { attribute, filter: None, part });
    }
    let bracket = path.find('[').unwrap_or(path.len());
    let start = path[..bracket].rfind(':').filter(|_| path.starts_with("urn:"));
    let path = &path[start.map_or(0, |colon| colon + 1)..];
    let (head, filter, rest) = match path.split_once('[') {
        Some((head, tail)) => {
            let (inner, rest) = tail.rsplit_once(']').ok_or_else(unknown)?;
            let (key, wanted) = equality(inner).ok_or_else(unknown)?;
            (head, Some((key.to_owned(), wanted)), rest.trim_start_matches('.'))
        }
        None => {
            let (head, rest) = path.split_once('.').unwrap_or((path, ""));
            (head, None, rest)
        }
    };
    let attribute = find(table, head).ok_or_else(unknown)?;
    let part = match rest {
        "" => None,
        rest => Some(part(&attribute, rest).ok_or_else(unknown)?),
    };
    Ok(Place { attribute, filter, part })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::attributes::OF_USER;
    use super::*;

    fn patched(start: Value, operations: Value) -> Result<Value, u16> {
        let Value::Object(mut attributes) = start else { panic!("an object") };
        let body = json!({"Operations": operations});
        let done = patch(OF_USER, &mut attributes, body.as_object().unwrap());
        done.map(|()| Value::Object(attributes)).map_err(|reply| reply.status)
    }

    #[test]
    fn the_forms_of_identity_providers_are_read() {
        let start = json!({"userName": "a", "emails": [{"value": "a@b.c", "type": "work"}]});
        let end = patched(
            start,
            json!([
                {"op": "Replace", "path": "active", "value": "False"},
                {"op": "add", "path": "name.givenName", "value": "Ann"},
                {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "n@b.c"},
                {"op": "replace", "value": {"title": "Chief", "id": "ignored"}},
                {"op": "add", "path": format!("{ENTERPRISE}:department"), "value": "Law"},
            ]),
        );
        let wanted = json!({
            "userName": "a", "active": false, "name": {"givenName": "Ann"}, "title": "Chief",
            "emails": [{"value": "n@b.c", "type": "work"}], ENTERPRISE: {"department": "Law"},
        });
        assert_eq!(end, Ok(wanted));
    }

    #[test]
    fn a_wrong_operation_changes_nothing() {
        for wrong in [
            json!([{"op": "move", "path": "title", "value": "x"}]),
            json!([{"op": "remove"}]),
            json!([{"op": "add", "path": "shoeSize", "value": "44"}]),
            json!([{"op": "add", "path": "title", "value": 7}]),
            json!([{"op": "replace", "path": "emails[value eq \"x\"]", "value": {"value": "y"}}]),
            json!([]),
        ] {
            assert_eq!(patched(json!({"userName": "a"}), wrong.clone()), Err(400), "{wrong}");
        }
    }
}
