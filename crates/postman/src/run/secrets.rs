//! Values that are shown in no report: secrets of an environment and what signs a request in.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use headcount_sheet::heading::secret::is_secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Auth, Request, Scope, Variable};
use crate::variables::{Scopes, Seen};

use super::execution::{Execution, LogEntry};
use super::mask::{self, SecretNames};
use super::options::Run;

/// A shorter value would hide half of a report.
const SHORTEST: usize = 4;

/// Names of values that sign a request in.
const SIGNS: [&str; 4] = ["password", "token", "accessToken", "value"];

/// The secrets of a run; longer ones first, so that no part of one stays.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: Vec<String>,
    names: Arc<SecretNames>,
}

impl Secrets {
    /// What is shown in place of a secret.
    pub const MASK: &str = mask::MASK;

    /// Those of the run's environment, globals, collection and credentials.
    pub fn of(run: &Run) -> Self {
        Self::default().and(run, &run.scopes)
    }

    /// The same, and those that the variables hold now: a script may have signed in.
    #[must_use]
    pub fn and(&self, run: &Run, now: &Scopes) -> Self {
        let mut values: BTreeSet<String> = BTreeSet::new();
        let scopes = [&now.environment, &now.globals, &now.collection, &now.local];
        values.extend(scopes.into_iter().flat_map(secret_values));
        let cells = now.data.columns().filter(|(heading, _)| is_secret(heading));
        values.extend(cells.map(|(_, cell)| crate::value::shown(cell)));
        for item in &run.items {
            values.extend(item.auth.iter().flat_map(|auth| signing_values(auth, now)));
            values.extend(written_values(&item.request, now, &self.names));
        }
        values.retain(|value| value.len() >= SHORTEST && !value.contains("{{"));
        values.extend(values.clone().iter().flat_map(|value| forms(value)));
        values.extend(self.values.iter().cloned());
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values, names: Arc::clone(&self.names) }
    }

    /// Whether the text holds a secret.
    pub fn are_in(&self, text: &str) -> bool {
        self.values.iter().any(|value| text.contains(value.as_str()))
    }

    /// The text without secrets.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for value in &self.values {
            if masked.contains(value.as_str()) {
                masked = masked.replace(value.as_str(), Self::MASK);
            }
        }
        mask::masked(&masked, &self.names)
    }

    /// Whether a variable of this name holds credentials.
    pub fn is_name(&self, name: &str) -> bool {
        self.names.has(name)
    }

    /// A body without secrets; what is no text stays as it is.
    pub fn masked_body(&self, body: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(body) {
            Ok(text) => self.masked(text).into_bytes(),
            Err(_) => body.to_vec(),
        }
    }

    /// What became of a request, without secrets in anything that a report shows.
    pub fn masked_execution(&self, execution: &Execution) -> Execution {
        let mut shown = execution.clone();
        for request in &mut shown.requests {
            request.url = self.masked(&request.url);
            self.masked_value(&mut request.request);
            request.headers.iter_mut().for_each(|(_, value)| *value = self.masked(value));
            let text = String::from_utf8_lossy(&request.body);
            if self.are_in(&text) {
                request.body = self.masked(&text).into();
            }
            request.cookies.iter_mut().for_each(|it| it.value = self.masked(&it.value));
        }
        for entry in &mut shown.log {
            match entry {
                LogEntry::Request(_) => {}
                LogEntry::Assertion(_, assertion) => {
                    assertion.name = self.masked(&assertion.name);
                    if let Some(error) = &mut assertion.error {
                        error.message = self.masked(&error.message);
                    }
                }
                LogEntry::Script(failure) => {
                    failure.error.message = self.masked(&failure.error.message);
                }
                LogEntry::Console(_, line) => *line = self.masked(line),
            }
        }
        shown
    }

    /// A value without secrets in any of its texts, and in what its names say is one.
    pub fn masked_value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => *text = self.masked(text),
            serde_json::Value::Array(values) => {
                values.iter_mut().for_each(|value| self.masked_value(value));
            }
            serde_json::Value::Object(members) => {
                let is_secret = members.get("key").and_then(serde_json::Value::as_str);
                let is_secret = is_secret.is_some_and(|name| self.names.has(name));
                for (name, value) in members.iter_mut() {
                    let is_it = (is_secret && name == "value") || name == "password";
                    match value {
                        serde_json::Value::String(text) if is_it && mask::is_shown_secret(text) => {
                            *text = Self::MASK.to_owned();
                        }
                        value => self.masked_value(value),
                    }
                }
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            }
        }
    }
}

/// Those that Postman hides, and those whose names say that they are secret. An address is none.
fn secret_values(scope: &Scope) -> impl Iterator<Item = String> {
    let shown = |it: &Variable| Some((it.is_secret, it.value.as_ref().map(crate::value::shown)?));
    let by_name = |it: &&Variable| it.is_secret || is_secret(&it.key);
    let secret = scope.variables().iter().filter(by_name).filter_map(shown);
    secret.filter(|(is_hidden, value)| *is_hidden || !value.contains('@')).map(|(_, value)| value)
}

/// Credentials that the collection has in a header, in the address or in a form.
fn written_values(request: &Request, scopes: &Scopes, names: &SecretNames) -> Vec<String> {
    let resolved = |text: &str| scopes.resolve_text(text, &mut Seen::default());
    let mut values = Vec::new();
    for header in request.headers.iter().filter(|header| names.has(&header.key)) {
        let value = resolved(&header.value);
        let credentials = value.split_once(' ').map_or(value.as_str(), |(_, it)| it.trim());
        values.push(credentials.to_owned());
        let decoded = STANDARD.decode(credentials).ok().and_then(|it| String::from_utf8(it).ok());
        values.extend(decoded.as_deref().and_then(|it| it.split_once(':')).map(|it| it.1.into()));
    }
    let password = request.url.auth.as_ref().and_then(|(_, password)| password.as_deref());
    values.extend(password.map(resolved));
    let form = request.body.iter().flat_map(|body| &body.urlencoded);
    for param in request.url.query.iter().chain(form) {
        if let (Some(key), Some(value)) = (&param.key, &param.value)
            && names.has(key)
        {
            values.push(resolved(value));
        }
    }
    let parts = request.body.iter().flat_map(|body| &body.form);
    values.extend(parts.filter(|it| names.has(&it.key)).map(|it| resolved(&it.value)));
    values
}

/// A value as it is in addresses, in JSON and in Base64, where that is another text.
fn forms(value: &str) -> [String; 3] {
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_matches('"').to_owned();
    [utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(), json, STANDARD.encode(value)]
}

fn signing_values(auth: &Auth, scopes: &Scopes) -> Vec<String> {
    let value = |name: &str| {
        let template = auth.get(name).unwrap_or_default();
        scopes.resolve_text(template, &mut Seen::default())
    };
    let mut values: Vec<String> = SIGNS.iter().map(|name| value(name)).collect();
    let password = value("password");
    if !password.is_empty() {
        values.push(STANDARD.encode(format!("{}:{password}", value("username"))));
    }
    values
}
