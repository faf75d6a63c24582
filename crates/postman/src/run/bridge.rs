//! Connects scripts and the run: prepares a script's input, and applies its changes.

use serde::Serialize;
use serde_json::{Value, json};

use crate::exchange::Cookie;
use crate::model::{Request, RequestItem, Scope, Script};
use crate::prepare::{request_json, row_json, scope_json};
use crate::script::{Change, ScriptInput};
use crate::variables::Scopes;

use super::execution::{Cursor, SentRequest};
use super::options::Run;

/// A script's input. Only the parts that the script mentions are written.
pub fn input(
    run: &Run,
    script: &Script,
    item: &RequestItem,
    cursor: Cursor,
    scopes: &Scopes,
    request: &Request,
) -> ScriptInput {
    let mentions = |words: &[&str]| mentions(script, words);
    let all = reads_anything(script);
    let any_scope = all || mentions(&["variables", "replaceIn"]);
    let text = |wanted: bool, value: &dyn Fn() -> Value| match wanted {
        true => value().to_string(),
        false => "{}".to_owned(),
    };
    let written = |wanted: bool, scope: &Scope| match wanted {
        true => scope_json(scope),
        false => "[]".to_owned(),
    };
    let auth = request.auth.as_ref().or(item.auth.as_ref());
    ScriptInput {
        target: Some(script.listen),
        info: text(all || mentions(&["info", "iteration", "request"]), &|| {
            info(script, item, cursor)
        }),
        location: text(all || mentions(&["execution"]), &|| json!(run.location(item))),
        owner: script.owner.clone(),
        reference: String::new(),
        names: text(
            any_scope || mentions(&["lobal", "nvironment"]),
            &|| json!({"environment": scopes.environment.name, "globals": scopes.globals.name}),
        ),
        globals: written(any_scope || mentions(&["lobal"]), &scopes.globals),
        collection: written(any_scope || mentions(&["collectionVariables"]), &scopes.collection),
        environment: written(any_scope || mentions(&["nvironment"]), &scopes.environment),
        data: match any_scope || mentions(&["iterationData", "data"]) {
            true => row_json(&scopes.data),
            false => "[]".to_owned(),
        },
        local: written(any_scope, &scopes.local),
        request: match reads_request(script) {
            true => request_json(request, auth, item.description.as_deref()).to_string(),
            false => "{}".to_owned(),
        },
        response: "{}".to_owned(),
        headers: "[]".to_owned(),
        body: None,
        cookies: "[]".to_owned(),
        is_whole: all || mentions(&["delete"]),
    }
}

/// `pm.info`; a request without a name has none here either.
fn info(script: &Script, item: &RequestItem, cursor: Cursor) -> Value {
    let mut info = json!({"eventName": script.listen.word(), "iteration": cursor.iteration,
        "iterationCount": cursor.cycles, "requestId": item.id});
    if !item.name.is_empty() {
        info["requestName"] = json!(item.name);
    }
    info
}

/// Whether a script may read the request.
pub fn reads_request(script: &Script) -> bool {
    mentions(script, &["request"]) || reads_anything(script)
}

fn mentions(script: &Script, words: &[&str]) -> bool {
    words.iter().any(|word| script.source.contains(word))
}

fn reads_anything(script: &Script) -> bool {
    mentions(script, &["eval", "pm["]) || hands_on(&script.source)
}

/// Whether `pm` is used as a whole, so that other code may read any part of it: as an argument, or under another
/// name.
fn hands_on(source: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    source.match_indices("pm").any(|(at, word)| {
        let before = source[..at].chars().next_back();
        let after = &source[at + word.len()..];
        let is_own = !before.is_some_and(|it| is_word(it) || it == '.')
            && !after.chars().next().is_some_and(is_word);
        is_own && !after.trim_start().trim_start_matches('?').starts_with('.')
    })
}

/// Adds the answer for a test script.
pub fn add_response(input: &mut ScriptInput, sent: &SentRequest) {
    let is_answered = sent.error.is_none();
    let head = ResponseHead {
        id: crate::dynamic::uuid(),
        status: is_answered.then_some(sent.reason.as_str()),
        code: sent.status.filter(|_| is_answered),
        response_time: is_answered.then_some(sent.time.as_millis() as u64),
        response_size: is_answered.then_some(sent.body.len()),
    };
    let headers = sent.headers.iter();
    let headers: Vec<_> = headers.map(|(key, value)| ResponseHeader { key, value }).collect();
    // What is made of texts and numbers can always be written.
    input.response = serde_json::to_string(&head).unwrap_or_default();
    input.headers = serde_json::to_string(&headers).unwrap_or_default();
    if !sent.cookies.is_empty() {
        input.cookies = cookies_json(&sent.cookies).to_string();
    }
    if sent.error.is_none() {
        input.body = Some(sent.body.clone());
    }
}

/// An answer without its headers and its body; without an answer it has an id alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseHead<'s> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_size: Option<usize>,
}

#[derive(Serialize)]
struct ResponseHeader<'s> {
    key: &'s str,
    value: &'s str,
}

/// An answer in the SDK's form.
pub fn response_json(sent: &SentRequest, body: Option<&str>) -> Value {
    let headers = sent.headers.iter().map(|(key, value)| json!({"key": key, "value": value}));
    let mut shown = json!({"id": crate::dynamic::uuid(),
        "header": headers.collect::<Vec<_>>(), "cookie": cookies_json(&sent.cookies)});
    if sent.error.is_none() {
        shown["status"] = json!(sent.reason);
        shown["code"] = json!(sent.status);
        shown["responseTime"] = json!(sent.time.as_millis() as u64);
        shown["responseSize"] = json!(sent.body.len());
    }
    if let Some(body) = body {
        shown["body"] = json!(body);
    }
    shown
}

fn cookies_json(cookies: &[Cookie]) -> Value {
    let cookie = |it: &Cookie| {
        json!({"name": it.name, "value": it.value, "domain": it.domain, "path": it.path,
            "secure": it.secure, "httpOnly": it.http_only, "hostOnly": it.host_only})
    };
    Value::Array(cookies.iter().map(cookie).collect())
}

/// Applies a script's changes.
pub fn apply(changes: Vec<Change>, scopes: &mut Scopes) {
    for change in changes {
        match change {
            Change::Set(scope, key, value) => {
                if let Some(scope) = scope_of(scopes, &scope) {
                    scope.write(&key, Some(value));
                }
            }
            Change::Unset(scope, key) => {
                if let Some(scope) = scope_of(scopes, &scope) {
                    scope.unset(&key);
                }
            }
            Change::Clear(scope) => {
                if let Some(scope) = scope_of(scopes, &scope) {
                    scope.clear();
                }
            }
        }
    }
}

fn scope_of<'s>(scopes: &'s mut Scopes, name: &str) -> Option<&'s mut Scope> {
    match name {
        "globals" => Some(&mut scopes.globals),
        "environment" => Some(&mut scopes.environment),
        "collectionVariables" => Some(&mut scopes.collection),
        "variables" => Some(&mut scopes.local),
        _ => None,
    }
}
