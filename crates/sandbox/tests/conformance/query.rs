//! Checks query parameters against their description.

use serde_json::{Value, json};

use super::describe::{Operation, resolve};
use super::translate::translate;

/// All mistakes in a query.
pub fn query_findings(document: &Value, operation: &Operation, raw: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let pairs: Vec<(String, String)> = raw
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect();
    let described = |one: &&Value| one["in"] == "query";
    for parameter in operation.parameters.iter().filter(described) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let sent: Vec<_> = pairs.iter().filter(|(key, _)| key == name).map(|(_, v)| v).collect();
        let schema = resolve(document, &parameter["schema"]);
        if sent.is_empty() {
            if parameter["required"] == true {
                wrong.push(format!("query parameter {name} is required and missing"));
            }
            continue;
        }
        let value = match schema["type"].as_str() {
            Some("array") => {
                let item = resolve(document, &schema["items"]);
                Value::Array(sent.iter().map(|text| typed(item, text)).collect())
            }
            _ if sent.len() > 1 => {
                wrong.push(format!("query parameter {name} is sent more than once"));
                continue;
            }
            _ => typed(schema, sent[0]),
        };
        let validator = jsonschema::validator_for(&translate(document, schema)).expect("a schema");
        if let Err(error) = validator.validate(&value) {
            wrong.push(format!("query parameter {name}: {error}"));
        }
    }
    for (name, _) in &pairs {
        let known = |one: &Value| one["in"] == "query" && one["name"] == **name;
        if !operation.parameters.iter().any(known) {
            wrong.push(format!("query parameter {name} is not described"));
        }
    }
    wrong
}

/// A text as the type that its schema requires; as text if it does not have that type.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
        Some("boolean") => text.parse::<bool>().map_or_else(|_| json!(text), |b| json!(b)),
        _ => json!(text),
    }
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
}
