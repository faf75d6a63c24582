//! The headers that are sent: the collection's, then those of the runner.

use crate::dynamic;
use crate::model::{Behavior, Header};
use crate::variables::Mode;

use super::error::NotPrepared;
use super::target::Target;

/// The User-Agent of Newman 6.2.2.
const NEWMAN: &str = "PostmanRuntime/7.39.1";
const OURS: &str = concat!("headcount/", env!("CARGO_PKG_VERSION"));

/// The value of an enabled header; if there are several, the last one.
pub fn get<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    let is_it = |header: &&Header| !header.disabled && header.key.eq_ignore_ascii_case(name);
    headers.iter().rev().find(is_it).map(|header| header.value.as_str())
}

/// Adds a header of the runner, if the collection has none with this name.
pub fn add(headers: &mut Vec<Header>, name: &str, value: &str) {
    if get(headers, name).is_none() {
        headers.push(Header { system: true, ..Header::new(name, value) });
    }
}

/// Replaces every header with this name.
pub fn replace(headers: &mut Vec<Header>, name: &str, value: &str) {
    headers.retain(|header| !header.key.eq_ignore_ascii_case(name));
    headers.push(Header { system: true, ..Header::new(name, value) });
}

/// Removes a header that the runner added and the collection disables.
pub fn drop_disabled(headers: &mut Vec<Header>, name: &str, behavior: &Behavior) {
    let disabled = behavior.disabled_headers.as_deref().unwrap_or_default();
    if disabled.iter().any(|it| it == name) {
        headers.retain(|it| !(it.system && it.key.eq_ignore_ascii_case(name)));
    }
}

/// Adds what every request has.
pub fn add_system(headers: &mut Vec<Header>, target: &Target, behavior: &Behavior, mode: Mode) {
    let agent = if mode == Mode::AsNewman { NEWMAN } else { OURS };
    let token = dynamic::uuid();
    let authority = target.authority();
    let all = [
        ("User-Agent", agent),
        ("Accept", "*/*"),
        ("Cache-Control", "no-cache"),
        ("Postman-Token", &token),
        ("Host", &authority),
        ("Accept-Encoding", "gzip, deflate, br"),
        ("Connection", "keep-alive"),
    ];
    let disabled = behavior.disabled_headers.as_deref().unwrap_or_default();
    for (name, value) in all {
        if !disabled.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            add(headers, name, value);
        }
    }
}

/// The headers on the wire: of two spellings of one name Node keeps the last, of one spelling all.
pub fn on_the_wire(headers: &[Header]) -> Result<Vec<(String, String)>, NotPrepared> {
    let sent: Vec<&Header> =
        headers.iter().filter(|it| !it.disabled && !it.key.is_empty()).collect();
    let mut wire = Vec::new();
    for header in &sent {
        let last = sent.iter().rev().find(|it| it.key.eq_ignore_ascii_case(&header.key));
        if last.is_some_and(|last| last.key != header.key) {
            continue;
        }
        let name = http::HeaderName::from_bytes(header.key.as_bytes());
        let value = http::HeaderValue::from_str(&header.value);
        if name.is_err() || value.is_err() {
            return Err(NotPrepared::Header(header.key.clone()));
        }
        wire.push((header.key.clone(), header.value.clone()));
    }
    Ok(wire)
}
