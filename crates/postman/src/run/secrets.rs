//! Values that no report shows: secrets of an environment, and credentials.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Scope, Variable};
use crate::variables::{Scopes, Seen, UsedNames};

use super::credentials;
use super::execution::{Execution, LogEntry, RequestForm};
use super::mask;
use super::options::Run;
use super::secret_names::SecretNames;

/// The shortest secret that is masked; a shorter one would hide half of a report.
const SHORTEST: usize = 4;

/// The secrets of a run; longer ones first, so that no part of one remains.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: Arc<[String]>,
    names: Arc<SecretNames>,
    /// The variables in the secret parts of requests: a data column with such a name holds secrets.
    columns: Arc<UsedNames>,
    /// For the files' secrets: the columns that would change a row's secrets.
    of_files: Option<Arc<UsedNames>>,
}

impl Secrets {
    /// The text that replaces a secret.
    pub const MASK: &str = mask::MASK;

    /// The secrets of the run's environment, globals, collection and credentials.
    pub fn of(run: &Run) -> Self {
        let names = Arc::<SecretNames>::default();
        let columns = Arc::new(credentials::secret_names(run, &names));
        let secrets = Self { names, columns, ..Self::default() }.and(run, &run.scopes);
        let of_files = Some(Arc::new(credentials::names_used(run, &secrets.names)));
        Self { of_files, ..secrets }
    }

    /// Whether a row whose scripts have set nothing has only the secrets of the files.
    fn are_all(&self, run: &Run, now: &Scopes) -> bool {
        let Some(credentials) = &self.of_files else { return false };
        let is_own =
            |(name, _): (&String, _)| self.names.has_column(name) || credentials.may_have(name);
        now.are_unchanged_from(&run.scopes) && !now.data.columns().any(is_own)
    }

    /// The same together with the secrets in the current variables, because a script may have signed in.
    #[must_use]
    pub fn and(&self, run: &Run, now: &Scopes) -> Self {
        if self.are_all(run, now) {
            return self.clone();
        }
        let mut values: BTreeSet<String> = BTreeSet::new();
        let scopes = [&now.environment, &now.globals, &now.collection, &now.local];
        values.extend(scopes.into_iter().flat_map(|scope| secret_values(scope, &self.names)));
        let cells = now.data.columns().filter(|(heading, _)| self.are_column(heading));
        values.extend(cells.map(|(_, cell)| crate::value::shown(cell)));
        let mut resolve = |text: &str| now.resolve_text(text, &mut Seen::default());
        for item in &run.items {
            values.extend(credentials::all(item, &self.names, &mut resolve));
        }
        values.retain(|value| value.len() >= SHORTEST && !value.contains("{{"));
        values.extend(values.clone().iter().flat_map(|value| forms(value)));
        values.extend(self.values.iter().cloned());
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values: values.into(), of_files: None, ..self.clone() }
    }

    /// Whether a column of the data file holds secrets: by its heading, or because a request uses its cells as a
    /// password, a token or a key.
    pub fn are_column(&self, heading: &str) -> bool {
        self.names.has_column(heading) || self.columns.may_have(heading)
    }

    /// Whether the text contains a secret.
    pub fn are_in(&self, text: &str) -> bool {
        self.values.iter().any(|value| text.contains(value.as_str()))
    }

    /// The text without secrets.
    pub fn masked(&self, text: &str) -> String {
        self.shown(text).into_owned()
    }

    /// The same, without a copy if the text has no secret.
    pub fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut masked = Cow::Borrowed(text);
        for value in &*self.values {
            if masked.contains(value.as_str()) {
                masked = masked.replace(value.as_str(), Self::MASK).into();
            }
        }
        mask::masked(masked, &self.names)
    }

    /// Masks a text in place.
    fn mask(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.shown(text) {
            *text = masked;
        }
    }

    /// Whether a variable with this name contains credentials.
    pub fn is_name(&self, name: &str) -> bool {
        self.names.has(name)
    }

    /// A body without secrets; binary data stays unchanged.
    pub fn masked_body(&self, body: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(body) {
            Ok(text) => self.masked(text).into_bytes(),
            Err(_) => body.to_vec(),
        }
    }

    /// An execution without secrets in any part that a report shows.
    pub fn masked_execution(&self, execution: &Execution) -> Execution {
        let mut shown = execution.clone();
        for request in &mut shown.requests {
            self.mask(&mut request.url);
            let mut form = request.request.sdk();
            self.masked_value(&mut form);
            request.request = RequestForm::Sdk(form);
            for (name, value) in &mut request.headers {
                self.mask(name);
                self.mask(value);
            }
            let text = String::from_utf8_lossy(&request.body);
            let is_text = matches!(text, Cow::Borrowed(_));
            if let Cow::Owned(masked) = self.shown(&text)
                && (is_text || self.are_in(&text))
            {
                request.body = masked.into();
            }
            for cookie in &mut request.cookies {
                self.mask(&mut cookie.name);
                Self::MASK.clone_into(&mut cookie.value);
            }
        }
        for entry in &mut shown.log {
            match entry {
                LogEntry::Request(_) => {}
                LogEntry::Assertion(_, assertion) => {
                    self.mask(&mut assertion.name);
                    if let Some(error) = &mut assertion.error {
                        self.mask(&mut error.message);
                    }
                }
                LogEntry::Script(failure) => {
                    self.mask(&mut failure.error.message);
                }
                LogEntry::Console(_, line) => self.mask(line),
            }
        }
        shown
    }

    /// Masks secrets in all texts of a value, and the values whose names mean a secret.
    pub fn masked_value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.mask(text),
            serde_json::Value::Array(values) => {
                values.iter_mut().for_each(|value| self.masked_value(value));
            }
            serde_json::Value::Object(members) => {
                let is_secret = members.get("key").and_then(serde_json::Value::as_str);
                let is_secret = is_secret.is_some_and(|name| self.names.has(name));
                for (name, value) in members.iter_mut() {
                    let is_it = (is_secret && name == "value") || name == "password";
                    let is_shown = match &*value {
                        serde_json::Value::String(text) => mask::is_shown_secret(text),
                        value => value.is_number(),
                    };
                    match is_it && is_shown {
                        true => *value = Self::MASK.into(),
                        false => self.masked_value(value),
                    }
                }
                // A script may use a secret as a name.
                if members.keys().any(|name| self.are_in(name)) {
                    let masked = std::mem::take(members).into_iter();
                    *members = masked.map(|(name, value)| (self.masked(&name), value)).collect();
                }
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            }
        }
    }
}

/// The values that Postman hides, and those whose names mean a secret, except addresses.
fn secret_values<'s>(
    scope: &'s Scope,
    names: &'s SecretNames,
) -> impl Iterator<Item = String> + use<'s> {
    let shown = |it: &Variable| Some((it.is_secret, it.value.as_ref().map(crate::value::shown)?));
    let by_name = |it: &&Variable| it.is_secret || names.has_column(&it.key);
    let secret = scope.variables().iter().filter(by_name).filter_map(shown);
    secret.filter(|(is_hidden, value)| *is_hidden || !value.contains('@')).map(|(_, value)| value)
}

/// A value as it appears in addresses, in JSON and in Base64, if that differs.
fn forms(value: &str) -> [String; 3] {
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_matches('"').to_owned();
    [utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(), json, STANDARD.encode(value)]
}
