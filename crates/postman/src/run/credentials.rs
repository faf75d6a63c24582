//! The credentials in a collection's requests, and the variables in them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Auth, GraphQl, Request, RequestItem};
use crate::variables::{Seen, UsedNames};

use super::named_values::named_values;
use super::options::Run;
use super::secret_names::SecretNames;

/// Names of values that are credentials.
const SIGNS: [&str; 4] = ["password", "token", "accessToken", "value"];

/// All values that are credentials; `resolve` replaces names with values.
pub(super) fn all(
    item: &RequestItem,
    names: &SecretNames,
    resolve: &mut impl FnMut(&str) -> String,
) -> Vec<String> {
    let mut values: Vec<String> =
        templates(item, names).into_iter().map(|it| resolve(&it)).collect();
    for header in item.request.headers.iter().filter(|header| names.has(&header.key)) {
        let value = resolve(&header.value);
        let credentials = value.split_once(' ').map_or(value.as_str(), |(_, it)| it.trim());
        let decoded = STANDARD.decode(credentials).ok().and_then(|it| String::from_utf8(it).ok());
        values.extend(decoded.as_deref().and_then(|it| it.split_once(':')).map(|it| it.1.into()));
        values.push(credentials.to_owned());
    }
    values.extend(item.auth.as_ref().and_then(|auth| basic(auth, resolve)));
    values
}

/// The texts of a request whose positions mean a secret, before their names are replaced with values.
fn templates<'i>(item: &'i RequestItem, names: &SecretNames) -> Vec<Cow<'i, str>> {
    let mut found = named_texts(&item.request, names);
    if let Some(auth) = &item.auth {
        found.extend(SIGNS.iter().filter_map(|name| auth.get(name)).map(Cow::from));
    }
    found
}

/// Secrets in headers, in the address and in the body.
fn named_texts<'r>(request: &'r Request, names: &SecretNames) -> Vec<Cow<'r, str>> {
    let Request { url, headers, body, .. } = request;
    let mut found: Vec<Cow<'r, str>> = Vec::new();
    // The scheme of a header is no secret, and would be masked everywhere.
    let of_header = |value: &'r str| match value.split_once(' ') {
        Some((scheme, rest)) if !scheme.contains("{{") => rest.trim(),
        Some(_) | None => value,
    };
    let headers = headers.iter().filter(|it| names.has(&it.key));
    found.extend(headers.map(|it| Cow::from(of_header(&it.value))));
    found.extend(url.auth.iter().filter_map(|(_, password)| password.as_deref()).map(Cow::from));
    let fields = body.iter().flat_map(|body| &body.urlencoded);
    for param in url.query.iter().chain(fields) {
        if let (Some(key), Some(value)) = (&param.key, &param.value)
            && names.has(key)
        {
            found.push(value.into());
        }
    }
    let segments = url.variables.iter().filter(|it| names.has(&it.key));
    found.extend(segments.filter_map(|it| it.value.as_deref()).map(Cow::from));
    let parts = body.iter().flat_map(|body| &body.form);
    found.extend(parts.filter(|it| names.has(&it.key)).map(|it| Cow::from(&it.value)));
    let mut texts: Vec<Cow<'r, str>> = url.raw_only.iter().map(Cow::from).collect();
    if let Some(body) = body {
        texts.push((&body.raw).into());
        let GraphQl { query, variables, .. } = &body.graphql;
        texts.extend(query.iter().map(Cow::from));
        texts.extend(variables.iter().map(|it| match it.as_str() {
            Some(text) => Cow::from(text),
            None => it.to_string().into(),
        }));
    }
    for text in &texts {
        let values = named_values(text, names).into_iter();
        found.extend(values.map(|value| text[value.at].to_owned().into()));
    }
    found
}

/// The credentials of Basic authentication as they are sent.
fn basic(auth: &Auth, resolve: &mut impl FnMut(&str) -> String) -> Option<String> {
    let mut value = |name: &str| resolve(auth.get(name).unwrap_or_default());
    let (user, password) = (value("username"), value("password"));
    (!password.is_empty()).then(|| STANDARD.encode(format!("{user}:{password}")))
}

/// The names of the variables in the secret parts of all requests.
pub(super) fn secret_names(run: &Run, names: &SecretNames) -> UsedNames {
    let mut used = UsedNames::default();
    for template in run.items.iter().flat_map(|item| templates(item, names)) {
        used.add(&template, &run.scopes);
    }
    used
}

/// The names of the variables in a run's credentials.
pub(super) fn names_used(run: &Run, secret_names: &SecretNames) -> UsedNames {
    let mut used = UsedNames::default();
    let mut resolve = |text: &str| {
        used.add(text, &run.scopes);
        run.scopes.resolve_text(text, &mut Seen::default())
    };
    for item in &run.items {
        all(item, secret_names, &mut resolve);
    }
    used
}
