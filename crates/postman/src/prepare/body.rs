//! The bytes of a body, with the content type.

use std::path::Path;

use bytes::Bytes;
use serde_json::Value;

use crate::model::{Behavior, Body, BodyMode, GraphQl, Header, Request};
use crate::variables::Mode;

use super::comments::without_comments;
use super::error::NotPrepared;
use super::form;
use super::headers;
use super::resolve::is_json;

/// Methods whose body is not sent unless the collection says so.
const WITHOUT_BODY: [&str; 5] = ["get", "copy", "head", "purge", "unlock"];

/// The body of a resolved request; its content type is added to the headers.
pub fn bytes(
    request: &mut Request,
    behavior: &Behavior,
    folder: Option<&Path>,
    mode: Mode,
) -> Result<Option<Bytes>, NotPrepared> {
    let Some(body) = &mut request.body else { return Ok(None) };
    let prunes = behavior.disable_body_pruning != Some(true);
    let is_pruned = WITHOUT_BODY.contains(&request.method.to_lowercase().as_str()) && prunes;
    if body.is_empty() || is_pruned {
        return Ok(None);
    }
    let headers = &mut request.headers;
    match body.mode {
        BodyMode::Raw => Ok(Some(raw(body, headers).into())),
        BodyMode::UrlEncoded => {
            let form = form::urlencoded(&body.urlencoded);
            if !headers::get(headers, "content-type").is_some_and(|it| it.starts_with(FORM)) {
                headers::replace(headers, "Content-Type", FORM);
            }
            Ok(Some(form.into()))
        }
        BodyMode::FormData => {
            let boundary = format!("--------------------------{}", digits());
            let skips = mode == Mode::AsNewman;
            let content = form::multipart(&body.form, folder, &boundary, skips)?;
            let given = headers::get(headers, "content-type").unwrap_or_default();
            if !given.contains("boundary=") {
                let kind =
                    if given.starts_with("multipart/") { given } else { "multipart/form-data" };
                let kind = format!("{kind}; boundary={boundary}");
                headers::replace(headers, "Content-Type", &kind);
            }
            Ok(Some(content.into()))
        }
        BodyMode::File => {
            let path = body.file.clone().unwrap_or_default();
            match form::read(folder, &path) {
                Ok(content) => {
                    if let Some(kind) = mime_guess::from_path(&path).first_raw() {
                        headers::add(headers, "Content-Type", kind);
                    }
                    Ok(Some(content.into()))
                }
                Err(_) if mode == Mode::AsNewman => Ok(None),
                Err(error) => Err(error),
            }
        }
        BodyMode::GraphQl => {
            headers::add(headers, "Content-Type", "application/json");
            Ok(Some(graphql(&body.graphql).into()))
        }
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn digits() -> String {
    (0..24).map(|_| char::from(b'0' + fastrand::u8(..10))).collect()
}

fn raw(body: &mut Body, headers: &mut Vec<Header>) -> String {
    let has_kind = headers::get(headers, "content-type").is_some();
    let has_comment = body.raw.contains("//") || body.raw.contains("/*");
    if has_comment && (body.language.is_some() || has_kind) && is_json(body, headers) {
        body.raw = without_comments(&body.raw);
    }
    let kind = match body.language.as_deref() {
        Some("json") => "application/json",
        Some("html") => "text/html",
        Some("javascript") => "application/javascript",
        Some("xml") => "application/xml",
        _ => "text/plain",
    };
    headers::add(headers, "Content-Type", kind);
    body.raw.clone()
}

/// `operationName` is between the query and the variables, and variables in a text are inserted unchanged.
fn graphql(it: &GraphQl) -> String {
    let text = |text: &str| Value::String(text.to_owned()).to_string();
    let mut members = Vec::new();
    if let Some(query) = &it.query {
        members.push(format!("\"query\":{}", text(query)));
    }
    if let Some(operation) = &it.operation {
        members.push(format!("\"operationName\":{}", text(operation)));
    }
    match &it.variables {
        None => {}
        Some(Value::String(variables)) if variables.is_empty() => {}
        Some(Value::String(variables)) => members.push(format!("\"variables\":{variables}")),
        Some(variables) => members.push(format!("\"variables\":{variables}")),
    }
    format!("{{{}}}", members.join(","))
}
