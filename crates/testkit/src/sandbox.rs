//! Starts the sandbox for a test, and calls it without the client.

use std::ffi::OsString;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use headcount_sandbox::{Config, Sandbox};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tower_service::Service as _;

/// Starts a sandbox. If `HEADCOUNT_RECORD` names a folder, its exchanges are kept there for the conformance check.
///
/// # Panics
/// If the sandbox does not start.
pub async fn start(config: Config) -> Sandbox {
    headcount_sandbox::start(recorded(config)).await.expect("a sandbox starts")
}

/// The folder of `HEADCOUNT_RECORD`: the conformance check reads there what the client sent and the sandbox
/// answered. An empty value means no folder.
pub fn record() -> Option<PathBuf> {
    folder(std::env::var_os("HEADCOUNT_RECORD"))
}

/// The configuration of a sandbox that keeps its exchanges in the folder of `HEADCOUNT_RECORD`, unless it names
/// another folder.
pub fn recorded(config: Config) -> Config {
    Config { record: config.record.or_else(record), ..config }
}

fn folder(value: Option<OsString>) -> Option<PathBuf> {
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Calls a control route of the sandbox: `control(&sandbox, "POST", "seed", json!({…}))`. A body of null sends no
/// body; an answer without a body is null.
///
/// # Panics
/// If the answer is an error.
pub async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Value {
    let body = (!body.is_null()).then_some(&body);
    call(sandbox, None, method, &format!("/_sandbox/{path}"), body).await
}

/// Calls any route as the sandbox's administrator: a change that the program under test does not make itself.
///
/// # Panics
/// If the answer is an error.
pub async fn by_hand(sandbox: &Sandbox, method: &str, path: &str, body: Option<&Value>) -> Value {
    let card = sandbox.card();
    let key = match path.starts_with("/rest/") {
        true => format!("Basic {}", basic(&card.email, &card.api_token)),
        false => format!("Bearer {}", card.org_api_key),
    };
    call(sandbox, Some(&key), method, path, body).await
}

/// The value of an `Authorization` header with Basic authentication.
pub fn basic(email: &str, token: &str) -> String {
    STANDARD.encode(format!("{email}:{token}"))
}

async fn call(
    sandbox: &Sandbox,
    key: Option<&str>,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Value {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("host", sandbox.card().url.trim_start_matches("http://"));
    if let Some(key) = key {
        request = request.header("authorization", key);
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = request.body(Full::from(body)).expect("a request");
    let Ok(answer) = sandbox.router().call(request).await;
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("an answer that comes whole").to_bytes();
    assert!(status.is_success(), "{method} {path}: {status} {body:?}");
    match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&body).expect("an answer of JSON"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `HEADCOUNT_RECORD= cargo test` once wrote exchanges into the current folder.
    #[test]
    fn an_empty_folder_is_none() {
        assert_eq!(folder(None), None);
        assert_eq!(folder(Some("".into())), None);
        assert_eq!(folder(Some("exchanges".into())), Some("exchanges".into()));
    }
}
