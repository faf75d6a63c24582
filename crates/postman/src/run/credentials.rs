//! The credentials in a collection's requests, and the variables in them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Auth, Request, RequestItem};
use crate::variables::{Seen, UsedNames};

use super::mask::SecretNames;
use super::options::Run;

/// Names of values that are credentials.
const SIGNS: [&str; 4] = ["password", "token", "accessToken", "value"];

/// All values that are credentials; `resolve` replaces names with values.
pub(super) fn all(
    item: &RequestItem,
    names: &SecretNames,
    resolve: &mut impl FnMut(&str) -> String,
) -> Vec<String> {
    let mut values = written_values(&item.request, names, resolve);
    values.extend(item.auth.iter().flat_map(|auth| signing_values(auth, resolve)));
    values
}

/// Credentials in a header, in the address or in a form.
fn written_values(
    request: &Request,
    names: &SecretNames,
    resolve: &mut impl FnMut(&str) -> String,
) -> Vec<String> {
    let mut values = Vec::new();
    for header in request.headers.iter().filter(|header| names.has(&header.key)) {
        let value = resolve(&header.value);
        let credentials = value.split_once(' ').map_or(value.as_str(), |(_, it)| it.trim());
        values.push(credentials.to_owned());
        let decoded = STANDARD.decode(credentials).ok().and_then(|it| String::from_utf8(it).ok());
        values.extend(decoded.as_deref().and_then(|it| it.split_once(':')).map(|it| it.1.into()));
    }
    let password = request.url.auth.as_ref().and_then(|(_, password)| password.as_deref());
    values.extend(password.map(&mut *resolve));
    let form = request.body.iter().flat_map(|body| &body.urlencoded);
    for param in request.url.query.iter().chain(form) {
        if let (Some(key), Some(value)) = (&param.key, &param.value)
            && names.has(key)
        {
            values.push(resolve(value));
        }
    }
    let parts = request.body.iter().flat_map(|body| &body.form);
    values.extend(parts.filter(|it| names.has(&it.key)).map(|it| resolve(&it.value)));
    values
}

fn signing_values(auth: &Auth, resolve: &mut impl FnMut(&str) -> String) -> Vec<String> {
    let mut value = |name: &str| resolve(auth.get(name).unwrap_or_default());
    let mut values: Vec<String> = SIGNS.iter().map(|name| value(name)).collect();
    let (user, password) = (value("username"), value("password"));
    if !password.is_empty() {
        values.push(STANDARD.encode(format!("{user}:{password}")));
    }
    values
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
