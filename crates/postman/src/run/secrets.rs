//! Values that are shown in no report: secrets of an environment and what signs a request in.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use headcount_sheet::heading::secret::is_secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Auth, RequestItem, Scope, Variable};
use crate::variables::{Scopes, Seen};

use super::execution::{Execution, LogEntry};
use super::options::Run;

/// A shorter value would hide half of a report.
const SHORTEST: usize = 4;

/// Names of values that sign a request in.
const SIGNS: [&str; 4] = ["password", "token", "accessToken", "value"];

/// The secrets of a run; longer ones first, so that no part of one stays.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: Vec<String>,
}

impl Secrets {
    /// What is shown in place of a secret.
    pub const MASK: &str = "••••••";

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
        let cells = now.data.columns().iter().filter(|(heading, _)| is_secret(heading));
        values.extend(cells.map(|(_, cell)| crate::value::shown(cell)));
        for item in &run.items {
            values.extend(item.auth.iter().flat_map(|auth| signing_values(auth, now)));
            values.extend(signing_headers(item, now));
        }
        values.retain(|value| value.len() >= SHORTEST && !value.contains("{{"));
        values.extend(values.clone().iter().flat_map(|value| forms(value)));
        values.extend(self.values.iter().cloned());
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
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
        masked
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

    /// A value without secrets in any of its texts.
    pub fn masked_value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => *text = self.masked(text),
            serde_json::Value::Array(values) => {
                values.iter_mut().for_each(|value| self.masked_value(value));
            }
            serde_json::Value::Object(members) => {
                members.values_mut().for_each(|value| self.masked_value(value));
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

/// Values of headers that sign a request in, without the scheme before them.
fn signing_headers(item: &RequestItem, scopes: &Scopes) -> Vec<String> {
    let signs = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("authorization") || name == "cookie" || is_secret(&name)
    };
    let headers = item.request.headers.iter().filter(|header| signs(&header.key));
    let values = headers.map(|header| &header.value).map(|value| {
        let value = scopes.resolve_text(value, &mut Seen::default());
        value.rsplit(' ').next().unwrap_or_default().to_owned()
    });
    values.collect()
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
