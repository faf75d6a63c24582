//! The sandbox of a test, and calls to it past the network.

use std::ffi::OsString;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use headcount_sandbox::{Config, Sandbox};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tower_service::Service as _;

/// Starts a sandbox; its exchanges are kept where the conformance check wants them.
///
/// # Panics
/// It does not start.
pub async fn start(config: Config) -> Sandbox {
    headcount_sandbox::start(recorded(config)).await.expect("a sandbox starts")
}

/// The folder of `HEADCOUNT_RECORD`, in which the conformance check reads what the client asks and the
/// sandbox answers; an empty value names none.
pub fn record() -> Option<PathBuf> {
    folder(std::env::var_os("HEADCOUNT_RECORD"))
}

/// A configuration whose sandbox keeps its exchanges in that folder, if it names no other one.
pub fn recorded(config: Config) -> Config {
    Config { record: config.record.or_else(record), ..config }
}

fn folder(value: Option<OsString>) -> Option<PathBuf> {
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// A call of the sandbox's control routes: `control(&sandbox, "POST", "seed", json!({…}))`. A body of null is
/// none, and so is an answer without one.
///
/// # Panics
/// The sandbox refuses it.
pub async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Value {
    let body = (!body.is_null()).then_some(&body);
    call(sandbox, None, method, &format!("/_sandbox/{path}"), body).await
}

/// A call of any route as the sandbox's administrator makes it by hand: what happens behind the program's
/// back.
///
/// # Panics
/// The sandbox refuses it.
pub async fn by_hand(sandbox: &Sandbox, method: &str, path: &str, body: Option<&Value>) -> Value {
    let card = sandbox.card();
    let key = match path.starts_with("/rest/") {
        true => format!("Basic {}", basic(&card.email, &card.api_token)),
        false => format!("Bearer {}", card.org_api_key),
    };
    call(sandbox, Some(&key), method, path, body).await
}

/// What a header of Basic authentication holds.
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

    /// `HEADCOUNT_RECORD= cargo test` wrote exchanges into the current folder.
    #[test]
    fn an_empty_folder_is_none() {
        assert_eq!(folder(None), None);
        assert_eq!(folder(Some("".into())), None);
        assert_eq!(folder(Some("exchanges".into())), Some("exchanges".into()));
    }
}
