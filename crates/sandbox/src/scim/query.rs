//! Filters, pages and the choice of attributes in an answer.

use serde_json::{Map, Value, json};

use super::errors::error;
use crate::http::{Call, Reply};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// Resources on a page. Assumption: the default and the most.
const PAGE: usize = 100;

/// The filter `attribute eq "value"`: the only operator that the description has, for the attributes it names.
pub(super) fn filter(
    call: &Call<'_>,
    attributes: &[&'static str],
) -> Result<Option<(&'static str, String)>, Reply> {
    let Some(filter) = call.query.filled("filter") else {
        return Ok(None);
    };
    let refused = |detail: &str| error(400, "invalidFilter", detail);
    let Some((name, wanted)) = equality(filter) else {
        return Err(refused("Only `attribute eq \"value\"` is supported."));
    };
    let known = attributes.iter().find(|known| known.eq_ignore_ascii_case(name));
    match known {
        Some(known) => Ok(Some((known, wanted))),
        None => Err(refused(&format!("'{name}' is not supported in a filter."))),
    }
}

/// Reads `attribute eq "value"`; the value is written as in JSON.
pub(super) fn equality(filter: &str) -> Option<(&str, String)> {
    let (name, rest) = filter.trim().split_once(char::is_whitespace)?;
    let (operator, value) = rest.trim().split_once(char::is_whitespace)?;
    let value: Value = serde_json::from_str(value.trim()).ok()?;
    let value = match value {
        Value::String(text) => text,
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    operator.eq_ignore_ascii_case("eq").then_some((name, value))
}

/// The page of a list that the query asks for. [RFC 7644, 3.4.2.4]
pub(super) fn page<T>(
    call: &Call<'_>,
    all: &[T],
    show: impl Fn(&T) -> Value,
) -> Result<Value, Reply> {
    let number = |name: &str, default: i64| {
        let number = call.query.number(name, default);
        number.map_err(|text| {
            error(400, "invalidValue", &format!("'{name}' must be a number, not '{text}'."))
        })
    };
    let start = usize::try_from(number("startIndex", 1)?.max(1)).unwrap_or(1);
    let count = usize::try_from(number("count", PAGE as i64)?.max(0)).unwrap_or(PAGE).min(PAGE);
    let shown: Vec<_> = all.iter().skip(start - 1).take(count).map(show).collect();
    Ok(json!({
        "schemas": [LIST], "totalResults": all.len(), "startIndex": start,
        "itemsPerPage": shown.len(), "Resources": shown,
    }))
}

/// Leaves out what `attributes` or `excludedAttributes` do not ask for; `schemas` and `id` always stay.
pub(super) fn chosen(call: &Call<'_>, mut resource: Map<String, Value>) -> Value {
    let named = |parameter: &str| -> Vec<String> {
        let list = call.query.list(parameter);
        list.map(|name| name.rsplit_once(':').map_or(name, |(_, name)| name).to_lowercase())
            .collect()
    };
    let (only, out) = (named("attributes"), named("excludedAttributes"));
    let whole = |list: &[String], name: &str| list.iter().any(|one| *one == name.to_lowercase());
    let partly = |list: &[String], name: &str| {
        let start = format!("{}.", name.to_lowercase());
        list.iter().any(|one| one.starts_with(&start))
    };
    resource.retain(|name, _| {
        let last = name.rsplit_once(':').map_or(name.as_str(), |(_, last)| last);
        let kept = only.is_empty() || whole(&only, last) || partly(&only, last);
        name == "schemas" || name == "id" || (kept && !whole(&out, last))
    });
    for (name, value) in &mut resource {
        let start = format!("{}.", name.to_lowercase());
        let keep = |part: &str| {
            let full = format!("{start}{}", part.to_lowercase());
            let wanted = !partly(&only, name) || whole(&only, name) || only.contains(&full);
            wanted && !out.contains(&full)
        };
        match value {
            Value::Object(parts) => parts.retain(|part, _| keep(part)),
            Value::Array(items) => items.iter_mut().for_each(|item| {
                if let Value::Object(parts) = item {
                    parts.retain(|part, _| keep(part));
                }
            }),
            _ => {}
        }
    }
    Value::Object(resource)
}
