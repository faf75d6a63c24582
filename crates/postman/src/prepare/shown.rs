//! Requests, rows and scopes in the form of Postman's SDK, for scripts and reports.

use serde_json::{Map, Value, json};

use crate::document::{Document, LoadError};
use crate::model::{Auth, Body, BodyMode, Cast, FormParam, Param, Request, Scope, Url};
use crate::variables::Row;

/// A request.
pub fn request_json(request: &Request, auth: Option<&Auth>, description: Option<&str>) -> Value {
    let headers = request.headers.iter().map(|header| {
        let mut entry = json!({"key": header.key, "value": header.value});
        if header.disabled {
            entry["disabled"] = json!(true);
        }
        if header.system {
            entry["system"] = json!(true);
        }
        entry
    });
    let mut shown = json!({"url": url_json(&request.url), "header": headers.collect::<Vec<_>>(),
        "method": request.method});
    if let Some(body) = &request.body {
        shown["body"] = body_json(body);
    }
    if let Some(auth) = auth.or(request.auth.as_ref()) {
        let params = auth.params.iter();
        let params = params.map(|(key, value)| json!({"type": "any", "value": value, "key": key}));
        shown["auth"] =
            json!({"type": auth.kind.word(), auth.kind.word(): params.collect::<Vec<_>>()});
    }
    if let Some(description) = description {
        shown["description"] = json!(description);
    }
    shown
}

/// Reads a request that a script has changed.
///
/// # Errors
/// The script has turned it into something that is not a request.
pub fn read_request(text: &str, name: &str) -> Result<Request, LoadError> {
    let document = Document::new(&format!("the request \"{name}\" after its script"), text.into())?;
    Request::read(&document.root()?)
}

fn url_json(url: &Url) -> Value {
    let mut shown = Map::new();
    let mut add = |key: &str, value: Value| {
        if !value.is_null() {
            shown.insert(key.to_owned(), value);
        }
    };
    if let Some((user, password)) = &url.auth {
        add("auth", json!({"user": user, "password": password}));
    }
    if let Some(raw) = &url.raw_only {
        add("raw", json!(raw));
    }
    add("protocol", json!(url.protocol));
    add("port", json!(url.port));
    add("path", json!(url.path));
    add("hash", json!(url.hash));
    add("host", json!(url.host));
    add("query", Value::Array(url.query.iter().map(param_json).collect()));
    let variables = url.variables.iter().filter(|it| !it.disabled);
    let variables = variables.map(|it| json!({"type": "any", "value": it.value, "key": it.key}));
    add("variable", Value::Array(variables.collect()));
    Value::Object(shown)
}

fn param_json(param: &Param) -> Value {
    let mut entry = json!({"key": param.key, "value": param.value});
    if param.disabled {
        entry["disabled"] = json!(true);
    }
    entry
}

fn form_param_json(param: &FormParam) -> Value {
    let mut entry = match &param.files {
        Some(files) => json!({"key": param.key, "type": "file", "src": files}),
        None => json!({"key": param.key, "value": param.value, "type": "text"}),
    };
    if let Some(kind) = &param.content_type {
        entry["contentType"] = json!(kind);
    }
    if let Some(name) = &param.file_name {
        entry["fileName"] = json!(name);
    }
    if param.disabled {
        entry["disabled"] = json!(true);
    }
    entry
}

fn body_json(body: &Body) -> Value {
    let mut shown = match body.mode {
        BodyMode::Raw => json!({"mode": "raw", "raw": body.raw}),
        BodyMode::UrlEncoded => {
            let params: Vec<_> = body.urlencoded.iter().map(param_json).collect();
            json!({"mode": "urlencoded", "urlencoded": params})
        }
        BodyMode::FormData => {
            let params: Vec<_> = body.form.iter().map(form_param_json).collect();
            json!({"mode": "formdata", "formdata": params})
        }
        BodyMode::File => json!({"mode": "file", "file": {"src": body.file}}),
        BodyMode::GraphQl => json!({"mode": "graphql", "graphql": {"query": body.graphql.query,
            "operationName": body.graphql.operation, "variables": body.graphql.variables}}),
    };
    if let Some(language) = &body.language {
        shown["options"] = json!({"raw": {"language": language}});
    }
    if body.disabled {
        shown["disabled"] = json!(true);
    }
    shown
}

/// A scope as `[key, value, cast, disabled]` entries.
pub fn scope_json(scope: &Scope) -> String {
    let entry = |it: &crate::model::Variable| {
        let cast = match it.cast {
            Cast::Any => Value::Null,
            Cast::Text => json!("string"),
            Cast::Bool => json!("boolean"),
            Cast::Number => json!("number"),
        };
        json!([it.key, it.value, cast, it.disabled])
    };
    Value::Array(scope.variables().iter().map(entry).collect()).to_string()
}

/// A row in the same form.
pub fn row_json(row: &Row) -> String {
    Value::Array(row.columns().map(|(key, value)| json!([key, value])).collect()).to_string()
}
