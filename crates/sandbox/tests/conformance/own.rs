//! Tests the check itself with a description of four lines: it must find every mistake.

use std::path::Path;

use serde_json::{Value, json};

use super::check::{Check, Exchange};
use super::read;

/// Writes a folder with one described call and two empty descriptions.
fn descriptions(folder: &Path) {
    let thing = json!({
        "type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "pattern": "^[a-z]+$\n"},
            "size": {"type": "integer", "nullable": true},
            "kind": {"enum": ["big"], "type": "string"},
        },
    });
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let both = json!({"allOf": [{"$ref": "#/components/schemas/Thing"}, {"properties": {"more": {"type": "boolean"}}}]});
    let call = json!({
        "parameters": [
            {"in": "query", "name": "n", "required": true, "schema": {"type": "integer"}},
            {"in": "query", "name": "ids", "schema": {"type": "array", "maxItems": 2, "items": {"type": "string"}}},
        ],
        "requestBody": {"required": true, "content": content(json!({"$ref": "#/components/schemas/Thing"}))},
        "responses": {"200": {"content": content(both)}, "204": {}},
    });
    let whole = json!({"paths": {"/rest/api/3/thing": {"post": call}}, "components": {"schemas": {"Thing": thing}}});
    std::fs::write(folder.join("jira-platform-v3.json"), whole.to_string()).unwrap();
    for empty in
        ["admin-organization.json", "admin-user-management.json", "scim-user-provisioning.json"]
    {
        std::fs::write(folder.join(empty), r#"{"paths":{}}"#).unwrap();
    }
}

/// The findings in one exchange with the described call.
fn found(query: &str, request: &Value, status: u16, answer: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    descriptions(folder.path());
    let mut check = Check::new(folder.path());
    let text = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    let exchange = json!({
        "method": "POST", "path": "/rest/api/2/thing", "query": query, "status": status,
        "template": "/rest/api/3/thing", "agent": "headcount/0", "struck": false,
        "content_type": "application/json", "request": text(request),
        "answer": (!answer.is_null()).then(|| answer.to_string()),
    });
    check.exchange(&serde_json::from_value::<Exchange>(exchange).unwrap());
    assert_eq!((check.answers, check.requests), (1, 1));
    check.findings.into_keys().map(|(_, text)| text).collect()
}

#[test]
fn what_fits_is_found_to_fit() {
    let (good, whole) = (json!({"id": "a", "size": null}), json!({"id": "a", "more": true}));
    assert_eq!(found("n=1&ids=a&ids=b", &good, 200, &whole), Vec::<String>::new());
    assert_eq!(found("n=1", &good, 204, &Value::Null), Vec::<String>::new());
}

#[test]
fn what_does_not_fit_is_found() {
    let good = json!({"id": "a"});
    let cases = [
        ("", &good, 200, &good, "n is required"),
        ("n=x", &good, 200, &good, "parameter n:"),
        ("n=1&m=2", &good, 200, &good, "m is not described"),
        ("n=1&ids=a&ids=b&ids=c", &good, 200, &good, "parameter ids:"),
        ("n=1", &json!({"id": "a", "name": "b"}), 200, &good, "request: "),
        ("n=1", &json!({"size": 1}), 200, &good, "request: "),
        ("n=1", &Value::Null, 200, &good, "body is required"),
        ("n=1", &good, 200, &json!({"id": "a", "extra": 1}), "'extra' was unexpected"),
        ("n=1", &good, 200, &json!({"id": "7"}), "does not match"),
        ("n=1", &good, 200, &json!({"id": "a", "kind": "odd"}), "/kind"),
        ("n=1", &good, 200, &Value::Null, "described and missing"),
        ("n=1", &good, 204, &good, "a body is not described"),
        ("n=1", &good, 201, &good, "the status is not described"),
    ];
    for (query, request, status, answer, text) in cases {
        let all = found(query, request, status, answer);
        assert!(all.iter().any(|one| one.contains(text)), "{query} {request} {answer}: {all:?}");
    }
}

/// A recorded line whose answer contains a letter of two bytes.
fn line() -> Vec<u8> {
    let mut line = json!({
        "method": "GET", "path": "/nowhere", "query": "", "template": "/nowhere", "agent": "",
        "content_type": "", "request": "", "status": 200, "answer": "ö", "struck": false,
    })
    .to_string()
    .into_bytes();
    line.push(b'\n');
    line
}

/// The number of answers that are read from a file with these bytes.
fn answers(kept: &[u8]) -> u64 {
    let (described, recorded) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    descriptions(described.path());
    std::fs::write(recorded.path().join("exchanges-1-0.jsonl"), kept).unwrap();
    let mut check = Check::new(described.path());
    read::folder(&mut check, recorded.path());
    check.answers
}

#[test]
fn the_half_line_of_a_killed_process_is_left_out() {
    let line = line();
    for end in 0..line.len() {
        assert_eq!(answers(&[&line[..], &line[..end]].concat()), 1, "cut after {end} bytes");
    }
    assert_eq!(answers(&line.repeat(2)), 2);
}

#[test]
#[should_panic(expected = "exchanges-1-0.jsonl, line 1: ")]
fn half_a_line_before_another_is_reported() {
    let line = line();
    answers(&[&line[..9], b"\n", &line].concat());
}
