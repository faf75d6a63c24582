//! Finds rows whose values can't be sent.

use serde_json::Value;

use crate::data::RowLost;
use crate::model::{Body, BodyMode, Request, RequestItem};
use crate::prepare::{NotPrepared, Prepared, Preparing};
use crate::run::Run;
use crate::variables::{Mode, Scopes, UsedNames};

use super::credentials;
use super::names::names_of;
use super::usage::usage;

/// A row that can't be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The row, from 1.
    pub row: usize,
    /// The request.
    pub item: String,
    /// What is wrong.
    pub why: NotPrepared,
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}, \"{}\": {}", self.row, self.item, self.why)
    }
}

/// The most rows that are reported.
const MOST: usize = 20;

/// The rows that would fail at a request which no script changes before.
///
/// # Errors
/// A row can't be read again.
pub fn bad_rows(run: &Run) -> Result<Vec<BadRow>, RowLost> {
    let mut bad = Vec::new();
    if run.options.mode == Mode::AsNewman {
        return Ok(bad);
    }
    let items: Vec<_> = run.items.iter().filter(|item| is_fixed(run, item)).collect();
    let has_alike = items.iter().all(|item| depends_on_shape(&item.request, run));
    let mut plain_rows_are_good = false;
    for number in 0..run.iterations {
        let row = run.row(number)?;
        let is_plain = has_alike && row.columns().all(|(_, value)| is_plain(value));
        if is_plain && plain_rows_are_good {
            continue;
        }
        let scopes = Scopes { data: row, ..run.scopes.clone() };
        for item in &items {
            if let Some(why) = why(&item.request, item, &scopes, run) {
                bad.push(BadRow { row: number + 1, item: item.name.clone(), why });
                if bad.len() >= MOST {
                    return Ok(bad);
                }
            }
        }
        plain_rows_are_good |= is_plain && bad.is_empty();
        // Without a data file all iterations are the same.
        if run.rows.len() <= 1 {
            break;
        }
    }
    Ok(bad)
}

/// Whether two rows of plain words are both good or both bad, because they contain no host and no file.
fn depends_on_shape(request: &Request, run: &Run) -> bool {
    let address = request.url.text();
    let address = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let mut host = UsedNames::default();
    host.add(address.split('/').next().unwrap_or_default(), &run.scopes);
    let has_file = |body: &Body| {
        body.mode == BodyMode::File || body.form.iter().any(|param| param.files.is_some())
    };
    !run.rows.columns().any(|column| host.may_have(column))
        && !request.body.as_ref().is_some_and(has_file)
}

/// Whether a text of letters, digits and the characters of an email address has no special meaning anywhere: a
/// longer word or another address instead makes no difference to whether a request can be sent.
fn is_plain(value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"@.-_".contains(&byte);
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.len() <= 200
        && text.bytes().all(is_sign)
        && !["true", "false", "null"].contains(&text.as_str())
}

fn why(request: &Request, item: &RequestItem, scopes: &Scopes, run: &Run) -> Option<NotPrepared> {
    let auth = item.auth.as_ref();
    let preparing =
        Preparing { scopes, auth, behavior: &item.behavior, folder: run.options.folder.as_deref() };
    Prepared::new(request, preparing).err().or_else(|| credentials::empty(request, auth, scopes))
}

/// Whether the values in the request are known now: no script of the run writes any of its names, and none of its
/// own scripts changes it.
fn is_fixed(run: &Run, item: &RequestItem) -> bool {
    let names = names_of(item);
    let scripts = run.items.iter().flat_map(|item| &item.scripts);
    let writes =
        scripts.map(usage).all(|usage| usage.unclear.is_none() && usage.writes.is_disjoint(&names));
    let own = item.scripts.iter().filter(|it| it.listen == crate::model::Listen::PreRequest);
    writes && own.into_iter().all(|script| !script.source.contains("request"))
}
