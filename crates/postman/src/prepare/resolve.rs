//! Resolves every `{{name}}` in a request, and encodes its value for its position.

use crate::model::{
    Auth, Body, BodyMode, FormParam, GraphQl, Header, Param, Request, Url, parse_url,
};
use crate::variables::{Mark, Mode, Scopes, Seen};

use super::encode;
use super::error::NotPrepared;
use super::json_text;

/// The request with all names resolved.
pub fn request(request: &Request, scopes: &Scopes) -> Result<(Request, Seen), NotPrepared> {
    let mut seen = Seen::default();
    let text = |text: &str, seen: &mut Seen| scopes.resolve_text(text, seen);
    let url = url(&request.url, scopes, &mut seen)?;
    let headers = request.headers.iter().filter(|header| !header.disabled);
    let headers = headers
        .map(|header| Header {
            key: text(&header.key, &mut seen),
            value: text(&header.value, &mut seen),
            ..header.clone()
        })
        .collect();
    let body = match &request.body {
        Some(body) if !body.disabled => Some(resolved_body(body, request, scopes, &mut seen)?),
        Some(_) | None => None,
    };
    let method = request.method.clone();
    let resolved = Request { method, url, headers, body, auth: None };
    Ok((resolved, checked(seen, scopes)?))
}

/// Checks that every name has a value, and that no text is too long. Newman sends names without a value as text.
fn checked(seen: Seen, scopes: &Scopes) -> Result<Seen, NotPrepared> {
    too_long(&seen)?;
    match scopes.mode == Mode::Safe && !seen.unresolved.is_empty() {
        true => Err(NotPrepared::Unresolved { names: seen.unresolved.into_iter().collect() }),
        false => Ok(seen),
    }
}

fn too_long(seen: &Seen) -> Result<(), NotPrepared> {
    let name = seen.too_long.clone();
    name.map_or(Ok(()), |name| Err(NotPrepared::TooLong { name }))
}

/// The credentials with all names resolved. In Newman's mode, the form that it does not understand has no values.
pub fn auth(auth: &Auth, scopes: &Scopes) -> Result<Auth, NotPrepared> {
    let mut seen = Seen::default();
    let pairs = auth.params.iter().filter(|_| !(auth.is_single && scopes.mode == Mode::AsNewman));
    let params =
        pairs.map(|(key, value)| (key.clone(), scopes.resolve_text(value, &mut seen))).collect();
    checked(seen, scopes)?;
    Ok(Auth { params, ..auth.clone() })
}

fn url(url: &Url, scopes: &Scopes, seen: &mut Seen) -> Result<Url, NotPrepared> {
    if scopes.mode == Mode::AsNewman {
        let url = url.as_newman.as_deref().unwrap_or(url);
        return Ok(parse_url(&scopes.resolve_text(&url.text(), seen)));
    }
    let parsed;
    let url = match &url.raw_only {
        Some(raw) => {
            parsed = parse_url(raw);
            &parsed
        }
        None => url,
    };
    check_segments(url, scopes)?;
    let marked = scopes.resolve(&url.text(), seen);
    too_long(seen)?;
    let mut wrong = Ok(());
    let text = marked.with_data(|at, value, text| {
        // The beginning of an address is its scheme and host, wherever it comes from.
        *text += &if at == 0 {
            value.to_owned()
        } else if value.starts_with('/') && ends_with_host(text) {
            if wrong.is_ok() {
                wrong = check_path(value);
            }
            value.split('/').map(encode::data).collect::<Vec<_>>().join("/")
        } else {
            encode::data(value)
        };
    });
    wrong?;
    Ok(parse_url(&text))
}

/// Whether the rest is the whole path: a script sets it in one variable, `{{base}}{{path}}`.
fn ends_with_host(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    !host.is_empty() && !host.contains(['/', '?', '#'])
}

/// Checks that no segment of a path from a value is empty or leads out of the path.
fn check_path(path: &str) -> Result<(), NotPrepared> {
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        // A path may end with a slash.
        if segment.trim().is_empty() && segments.peek().is_some() {
            return Err(NotPrepared::EmptySegment(path.to_owned()));
        }
        if matches!(segment, "." | "..") {
            let value = segment.to_owned();
            return Err(NotPrepared::DotSegment { segment: path.to_owned(), value });
        }
    }
    Ok(())
}

/// Checks that no value removes a segment or leads out of the path.
fn check_segments(url: &Url, scopes: &Scopes) -> Result<(), NotPrepared> {
    for segment in url.path.iter().flatten() {
        let mut template = segment.clone();
        if let Some(named) = segment.strip_prefix(':') {
            let name = named.split('.').next().unwrap_or(named);
            let value = url.path_variable(name).and_then(|it| it.value.clone());
            match value.filter(|value| !value.is_empty()) {
                Some(value) => template = format!("{value}{}", &named[name.len()..]),
                None if name.is_empty() => {}
                None => return Err(NotPrepared::NoPathVariable(name.to_owned())),
            }
        }
        if !template.contains("{{") {
            continue;
        }
        let value = scopes.resolve_text(&template, &mut Seen::default());
        if value.trim().is_empty() {
            return Err(NotPrepared::EmptySegment(segment.clone()));
        }
        if matches!(value.as_str(), "." | "..") {
            return Err(NotPrepared::DotSegment { segment: segment.clone(), value });
        }
    }
    Ok(())
}

fn resolved_body(
    body: &Body,
    request: &Request,
    scopes: &Scopes,
    seen: &mut Seen,
) -> Result<Body, NotPrepared> {
    let mut resolved = body.clone();
    let is_safe = scopes.mode == Mode::Safe;
    match body.mode {
        BodyMode::Raw => {
            let raw = scopes.resolve(&body.raw, seen);
            too_long(seen)?;
            let has_data = raw.marks().contains(&Mark::Data);
            resolved.raw = match is_safe && has_data && is_json(body, &request.headers) {
                true => json_text::encoded(&raw)?,
                false => raw.into_text(),
            };
        }
        BodyMode::UrlEncoded => {
            let enabled = body.urlencoded.iter().filter(|param| !param.disabled);
            let text = |it: &Option<String>, seen: &mut Seen| {
                it.as_ref().map(|text| scopes.resolve_text(text, seen))
            };
            let param = |it: &Param| Param {
                key: text(&it.key, seen),
                value: text(&it.value, seen),
                disabled: false,
            };
            resolved.urlencoded = enabled.map(param).collect();
        }
        BodyMode::FormData => {
            let enabled = body.form.iter().filter(|param| !param.disabled);
            resolved.form = enabled.map(|param| form_param(param, scopes, seen)).collect();
        }
        BodyMode::File => {
            resolved.file = body.file.as_ref().map(|path| scopes.resolve_text(path, seen));
        }
        BodyMode::GraphQl => resolved.graphql = graphql(&body.graphql, scopes, seen)?,
    }
    Ok(resolved)
}

fn form_param(param: &FormParam, scopes: &Scopes, seen: &mut Seen) -> FormParam {
    let files = param.files.as_ref();
    FormParam {
        key: scopes.resolve_text(&param.key, seen),
        value: scopes.resolve_text(&param.value, seen),
        files: files.map(|it| it.iter().map(|path| scopes.resolve_text(path, seen)).collect()),
        ..param.clone()
    }
}

fn graphql(it: &GraphQl, scopes: &Scopes, seen: &mut Seen) -> Result<GraphQl, NotPrepared> {
    let mut text =
        |text: &Option<String>| text.as_ref().map(|text| scopes.resolve_text(text, seen));
    let (query, operation) = (text(&it.query), text(&it.operation));
    let variables = match &it.variables {
        None => None,
        Some(variables) => {
            let is_text = variables.is_string();
            let template = variables.as_str().map_or_else(|| variables.to_string(), str::to_owned);
            let marked = scopes.resolve(&template, seen);
            too_long(seen)?;
            let text = match scopes.mode {
                Mode::Safe => json_text::encoded(&marked)?,
                Mode::AsNewman => marked.into_text(),
            };
            let parsed = (!is_text).then(|| serde_json::from_str(&text).ok()).flatten();
            Some(parsed.unwrap_or(serde_json::Value::String(text)))
        }
    };
    Ok(GraphQl { query, operation, variables })
}

/// Whether a raw body is JSON, by its language, else by the header.
pub fn is_json(body: &Body, headers: &[Header]) -> bool {
    if let Some(language) = &body.language {
        return language == "json";
    }
    let header =
        headers.iter().find(|it| !it.disabled && it.key.eq_ignore_ascii_case("content-type"));
    let kind = header.map(|header| header.value.split(';').next().unwrap_or_default().trim());
    kind.and_then(|kind| kind.strip_prefix("application/"))
        .is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}
