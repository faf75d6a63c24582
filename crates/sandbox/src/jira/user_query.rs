//! Finding users with a structured query: `[key].path is "value"`, `is assignee of PROJ`, joined with `AND` and
//! `OR`. [Jira platform description]
//!
//! Assumptions: `AND` binds tighter than `OR`, there are no parentheses, and both words may be in lower case. As the
//! sandbox has no issues, no user is an assignee, a reporter and so on.

use std::collections::BTreeSet;

use serde_json::json;

use super::errors::error;
use super::properties::with_property;
use super::search::{SEARCH_END, range};
use super::wire;
use crate::http::{Call, Reply};
use crate::org::{Org, PersonIx};

type Answer = Result<Reply, Reply>;

const OF_ISSUES: [&str; 6] =
    ["assignee", "reporter", "watcher", "voter", "commenter", "transitioner"];

/// `GET /user/search/query`
pub(crate) fn users_by_query(call: &Call<'_>, org: &Org) -> Answer {
    let found = found(call, org)?;
    let (start, results) = range(call, 100, 1000)?;
    let page = found.iter().skip(start).take(results);
    let values = page.map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &wire::page(call, start, results, found.len(), values)))
}

/// `GET /user/search/query/key`: only the account ids. Its parameter is `maxResult`, without an `s`.
pub(crate) fn user_keys_by_query(call: &Call<'_>, org: &Org) -> Answer {
    let found = found(call, org)?;
    let (start, _) = range(call, 100, 1000)?;
    let asked = call.query.number("maxResult", 100).unwrap_or(100).clamp(0, 1000);
    let results = usize::try_from(asked).unwrap_or(100);
    let page = found.iter().skip(start).take(results);
    let account = |at: &PersonIx| json!({"accountId": org.person(*at).record.account_id});
    let values = page.map(account).collect();
    Ok(Reply::json(200, &wire::page(call, start, results, found.len(), values)))
}

fn found(call: &Call<'_>, org: &Org) -> Result<Vec<PersonIx>, Reply> {
    let query = call.query.filled("query");
    let query = query.ok_or_else(|| error(400, "The query parameter 'query' is required."))?;
    let invalid = || error(400, &format!("The query '{query}' is not valid."));
    let words = words(query).ok_or_else(invalid)?;
    let mut all = BTreeSet::new();
    for part in words.split(|word| word.eq_ignore_ascii_case("or")) {
        let statements = part.split(|word| word.eq_ignore_ascii_case("and"));
        let mut both: Option<BTreeSet<PersonIx>> = None;
        for statement in statements {
            let found = statement_finds(statement, org).ok_or_else(invalid)?;
            both = Some(match both {
                Some(both) => both.intersection(&found).copied().collect(),
                None => found,
            });
        }
        all.extend(both.unwrap_or_default());
    }
    Ok(all.into_iter().take(SEARCH_END).collect())
}

/// The users that a statement finds; `None` if it cannot be read.
fn statement_finds(words: &[String], org: &Org) -> Option<BTreeSet<PersonIx>> {
    match words {
        [is, role, of, first, ..] if is == "is" && of == "of" && !first.is_empty() => {
            OF_ISSUES.contains(&role.as_str()).then(BTreeSet::new)
        }
        [path, is, value] if is == "is" && path.starts_with('[') => {
            let (key, path) = path[1..].split_once(']')?;
            let value = value.trim_matches('"');
            Some(with_property(org, key, path.trim_start_matches('.'), value))
        }
        _ => None,
    }
}

/// The words of a query. A text in quotes is one word, with its quotes; so is a list in parentheses. `None` if one
/// of them does not end.
fn words(query: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut until = None;
    for letter in query.chars() {
        if until.is_none() && letter.is_whitespace() {
            words.push(String::new());
            continue;
        }
        match until {
            Some(end) if letter == end => until = None,
            Some(_) => {}
            None if letter == '"' => until = Some('"'),
            None if letter == '(' => until = Some(')'),
            None => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    until.is_none().then_some(words)
}
