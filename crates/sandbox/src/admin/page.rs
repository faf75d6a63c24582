//! Pages with cursors. A cursor contains the filters of its request and the next position, because "if present,
//! all other parameters are discarded" [organizations description]. To a client it is opaque.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::errors::{bad_body, bad_cursor};
use crate::http::{Call, Reply};

/// The filters of a request, and the start of its page.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) filters: Map<String, Value>,
    pub(super) from: usize,
    pub(super) limit: usize,
}

impl Ask {
    /// Reads a search's body (or the same as query parameters), or the cursor in it.
    pub(super) fn read(
        call: &Call<'_>,
        mut filters: Map<String, Value>,
        default_limit: usize,
    ) -> Result<Self, Reply> {
        let mut from = 0;
        match filters.remove("cursor") {
            None | Some(Value::Null) => {}
            Some(Value::String(cursor)) => {
                (filters, from) = open(&cursor).ok_or_else(|| bad_cursor(call))?;
            }
            Some(_) => return Err(bad_body(call, "'cursor' must be a string.")),
        }
        let limit = match filters.get("limit") {
            None | Some(Value::Null) => default_limit,
            Some(limit) => limit
                .as_u64()
                .and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| (1..=100).contains(limit))
                .ok_or_else(|| bad_body(call, "'limit' must be a number from 1 to 100."))?,
        };
        Ok(Self { filters, from, limit })
    }

    /// A list of strings, checked for its length.
    pub(super) fn list(
        &self,
        call: &Call<'_>,
        name: &str,
        most: usize,
    ) -> Result<Option<Vec<&str>>, Reply> {
        let items = match self.filters.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => {
                return Err(bad_body(call, &format!("'{name}' must be a list of strings.")));
            }
        };
        if items.is_empty() || items.len() > most {
            return Err(bad_body(call, &format!("'{name}' must have 1 to {most} items.")));
        }
        let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
        let wrong = || bad_body(call, &format!("'{name}' must be a list of strings."));
        texts.map(Some).ok_or_else(wrong)
    }

    /// A list of words from a fixed set.
    pub(super) fn words(
        &self,
        call: &Call<'_>,
        name: &str,
        known: &[&str],
    ) -> Result<Option<Vec<&str>>, Reply> {
        let words = self.list(call, name, known.len())?;
        match words.iter().flatten().find(|word| !known.contains(word)) {
            Some(odd) => Err(bad_body(call, &format!("'{name}' cannot be '{odd}'."))),
            None => Ok(words),
        }
    }

    pub(super) fn text(&self, call: &Call<'_>, name: &str) -> Result<Option<&str>, Reply> {
        match self.filters.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(bad_body(call, &format!("'{name}' must be a string."))),
        }
    }

    /// Refuses a list with duplicates, where the description has `uniqueItems`.
    pub(super) fn unique(&self, call: &Call<'_>, names: &[&str]) -> Result<(), Reply> {
        let repeats = |name: &&&str| {
            let items = self.filters.get(**name).and_then(Value::as_array);
            let mut seen = HashSet::new();
            !items.into_iter().flatten().all(|item| seen.insert(item))
        };
        match names.iter().find(repeats) {
            Some(name) => Err(bad_body(call, &format!("The items of '{name}' must be unique."))),
            None => Ok(()),
        }
    }

    /// Refuses two filters that exclude each other.
    pub(super) fn not_both(&self, call: &Call<'_>, one: &str, other: &str) -> Result<(), Reply> {
        let set = |name| self.filters.get(name).is_some_and(|value| !value.is_null());
        match set(one) && set(other) {
            true => Err(bad_body(call, &format!("'{one}' and '{other}' are mutually exclusive."))),
            false => Ok(()),
        }
    }

    /// A page, with cursors to itself and to the next page, if there is one.
    pub(super) fn page<T: Serialize>(&self, data: &[T], next: Option<usize>) -> Reply {
        let links = Links { this: self.seal(self.from), next: next.map(|from| self.seal(from)) };
        Reply::json(200, &Page { data, links })
    }

    fn seal(&self, from: usize) -> String {
        let inside = json!({"f": self.filters, "n": from});
        URL_SAFE_NO_PAD.encode(inside.to_string())
    }
}

/// A type of its own for speed, because large organizations are read page by page.
#[derive(Serialize)]
struct Page<'a, T> {
    data: &'a [T],
    links: Links,
}

#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn open(cursor: &str) -> Option<(Map<String, Value>, usize)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let inside: Value = serde_json::from_slice(&bytes).ok()?;
    let from = usize::try_from(inside.get("n")?.as_u64()?).ok()?;
    let filters = inside.get("f")?.as_object()?.clone();
    Some((filters, from))
}

/// Takes matching items until the page is full. `next` is the start of the following page, if another item
/// matches.
pub(super) fn fill<T>(
    from: impl Iterator<Item = (usize, T)>,
    limit: usize,
    mut passes: impl FnMut(&T) -> bool,
) -> (Vec<T>, Option<usize>) {
    let mut page = Vec::with_capacity(limit);
    for (at, item) in from {
        if !passes(&item) {
            continue;
        }
        if page.len() == limit {
            return (page, Some(at));
        }
        page.push(item);
    }
    (page, None)
}

/// The query parameters as filters, for the calls that take them in the query: names in `lists` become lists,
/// `limit` a number.
pub(super) fn from_query(call: &Call<'_>, lists: &[&str], texts: &[&str]) -> Map<String, Value> {
    let mut filters = Map::new();
    for name in lists {
        let values: Vec<_> = call.query.list(name).collect();
        if !values.is_empty() {
            filters.insert((*name).to_owned(), json!(values));
        }
    }
    for name in texts.iter().chain(&["cursor"]) {
        if let Some(value) = call.query.filled(name) {
            filters.insert((*name).to_owned(), json!(value));
        }
    }
    if let Some(limit) = call.query.filled("limit") {
        let value = limit.parse::<u64>().map_or_else(|_| json!(limit), |limit| json!(limit));
        filters.insert("limit".to_owned(), value);
    }
    filters
}
