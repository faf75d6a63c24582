//! Many users at once: the prefix search, all users, and users by id.

use std::collections::HashSet;

use super::errors::error;
use super::properties::with_property;
use super::wire;
use crate::http::{Call, Caller, Reply};
use crate::org::{Org, PersonIx};

type Answer = Result<Reply, Reply>;

/// The search ends at this user. (description: "up to the thousandth user")
pub(super) const SEARCH_END: usize = 1000;

/// `startAt` and `maxResults`, the latter at most `most`.
pub(super) fn range(call: &Call<'_>, default: i64, most: i64) -> Result<(usize, usize), Reply> {
    let number = |name: &str, default: i64| {
        call.query.number(name, default).map_err(|text| {
            error(400, &format!("The value '{text}' of the parameter '{name}' is not a number."))
        })
    };
    let start = number("startAt", 0)?;
    let results = number("maxResults", default)?;
    if start < 0 || results < 0 {
        return Err(error(400, "The parameters 'startAt' and 'maxResults' must not be negative."));
    }
    let size = |value: i64| usize::try_from(value).unwrap_or(usize::MAX);
    Ok((size(start), size(results.min(most))))
}

/// The requested part of a list.
pub(super) fn page_of<T>(list: &[T], start: usize, results: usize) -> &[T] {
    let start = start.min(list.len());
    &list[start..start.saturating_add(results).min(list.len())]
}

/// `GET /user/search`: active users by prefix; for a caller who may not browse, an empty list instead of a 403.
pub(crate) fn user_search(call: &Call<'_>, org: &Org) -> Answer {
    let (start, results) = range(call, 50, 1000)?;
    refuse_username(call)?;
    let query = call.query.get("query");
    let account = call.query.get("accountId");
    let property = call.query.filled("property");
    let found = match (query, account, property) {
        (None, None, None) => {
            return Err(error(400, "One of 'query', 'accountId' or 'property' is required."));
        }
        (Some(_), Some(_), _) => {
            return Err(error(400, "Only one of 'query' and 'accountId' can be given."));
        }
        (_, _, Some(property)) => by_property(org, property),
        (Some(query), None, None) => org.search(query, SEARCH_END),
        (None, Some(account), None) => active(org, account),
    };
    if call.caller == Caller::Nobody {
        return Ok(Reply::json(200, &[(); 0]));
    }
    let page = found.iter().skip(start).take(results);
    let users: Vec<_> = page.map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &users))
}

/// The parameter by which users were found before their names became private. (pull request 25 of
/// badoo/jira-client)
pub(super) fn refuse_username(call: &Call<'_>) -> Result<(), Reply> {
    match call.query.filled("username") {
        Some(_) => {
            Err(error(400, "The query parameter 'username' is not supported in GDPR strict mode."))
        }
        None => Ok(()),
    }
}

/// The user of an account, if active.
fn active(org: &Org, account: &str) -> Vec<PersonIx> {
    let found = org.find(account);
    found.filter(|at| org.person(*at).record.is_active()).into_iter().collect()
}

/// Users with a property: `key.path=value`.
fn by_property(org: &Org, property: &str) -> Vec<PersonIx> {
    let Some((path, value)) = property.split_once('=') else {
        return Vec::new();
    };
    let (key, path) = path.split_once('.').unwrap_or((path, ""));
    with_property(org, key, path, value).into_iter().collect()
}

/// The users that a search within a project starts from: those that `query` or `accountId` finds, or all active
/// users; up to the thousandth. An anonymous caller finds no user.
pub(super) fn candidates(call: &Call<'_>, org: &Org) -> Result<Vec<PersonIx>, Reply> {
    refuse_username(call)?;
    let query = call.query.get("query");
    let account = call.query.get("accountId");
    if call.caller.person().is_none() {
        return Ok(Vec::new());
    }
    match (query, account) {
        (Some(_), Some(_)) => Err(error(400, "Only one of 'query' and 'accountId' can be given.")),
        (Some(query), None) => Ok(org.search(query, SEARCH_END)),
        (None, Some(account)) => Ok(active(org, account)),
        (None, None) => {
            let all = org.ever_here().iter().copied();
            let active = all.filter(|at| org.person(*at).record.is_active());
            Ok(active.take(SEARCH_END).collect())
        }
    }
}

/// `GET /users/search` and `GET /users`: active, inactive and previously deleted users.
pub(crate) fn users_all(call: &Call<'_>, org: &Org) -> Answer {
    let (start, results) = range(call, 50, 1000)?;
    let page = page_of(org.ever_here(), start, results);
    let users: Vec<_> = page.iter().map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &users))
}

/// `GET /user/bulk`: users by id, each once; unknown ids are left out. At most 128 ids [description: `maxLength`];
/// a page has at most 200 (assumption).
pub(crate) fn user_bulk(call: &Call<'_>, org: &Org) -> Answer {
    let (start, results) = range(call, 10, 200)?;
    let ids: Vec<_> = call.query.all("accountId").filter(|id| !id.is_empty()).collect();
    if ids.is_empty() {
        return Err(error(400, "The query parameter 'accountId' is required."));
    }
    if ids.len() > 128 {
        return Err(error(400, "At most 128 account ids can be given."));
    }
    let mut seen = HashSet::new();
    let found: Vec<_> = ids
        .into_iter()
        .filter_map(|id| org.find(id))
        .filter(|at| org.person(*at).record.is_on_site() && seen.insert(*at))
        .collect();
    let page = found.iter().skip(start).take(results);
    let users = page.map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &wire::page(call, start, results, found.len(), users)))
}
