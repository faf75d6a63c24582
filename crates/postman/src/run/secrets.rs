//! Values that are shown in no report: secrets of an environment and what signs a request in.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Auth, Scope};
use crate::variables::{Scopes, Seen};

use super::options::Run;

/// What is shown in place of a secret.
const MASK: &str = "••••••";

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
    /// Those of the run's environment, globals, collection and credentials.
    pub fn of(run: &Run) -> Self {
        let mut values = BTreeSet::new();
        let scopes = [&run.scopes.environment, &run.scopes.globals, &run.scopes.collection];
        values.extend(scopes.into_iter().flat_map(secret_values));
        for auth in run.items.iter().filter_map(|item| item.auth.as_ref()) {
            values.extend(signing_values(auth, &run.scopes));
        }
        values.retain(|value: &String| value.len() >= SHORTEST && !value.contains("{{"));
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// The text without secrets.
    pub fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for value in &self.values {
            if masked.contains(value.as_str()) {
                masked = masked.replace(value.as_str(), MASK);
            }
        }
        masked
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

fn secret_values(scope: &Scope) -> impl Iterator<Item = String> {
    let secret = scope.variables().iter().filter(|variable| variable.is_secret);
    secret.filter_map(|variable| variable.value.as_ref().map(crate::value::shown))
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
