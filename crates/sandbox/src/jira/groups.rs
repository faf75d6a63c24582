//! Groups: find names, pick, create, read, delete.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde::Serialize;
use serde_json::{Value, json};

use super::errors::{error, must_administer, no_group, object};
use super::search::{page_of, range};
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{ADMIN_GROUPS, Change, GroupIx, GroupRecord, Org, Product};

type Answer = Result<Reply, Reply>;

/// How many groups the picker shows by default. (`jira.ajax.autocomplete.limit`)
const PICKER_DEFAULT: i64 = 20;

/// The group that `groupId` or `groupname` names. Both together are an error (description).
pub(super) fn queried_group(call: &Call<'_>, org: &Org) -> Result<GroupIx, Reply> {
    let id = call.query.get("groupId");
    let name = call.query.get("groupname").or_else(|| call.query.get("groupName"));
    match (id, name) {
        (Some(_), Some(_)) => {
            Err(error(400, "Only one of 'groupname' and 'groupId' can be given."))
        }
        (None, None) => Err(error(400, "You must specify a group name or a group id.")),
        (Some(id), None) => org.find_group(id).ok_or_else(|| no_group(id)),
        (None, Some(name)) => org.find_group_name(name).ok_or_else(|| no_group(name)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    name: &'a str,
    group_id: &'a str,
}

/// `GET /group/bulk`: groups by exact names and ids, or all groups.
pub(crate) fn group_bulk(call: &Call<'_>, org: &Org) -> Answer {
    let (start, results) = range(call, 50, 10_000)?;
    let names: Vec<_> = call.query.all("groupName").filter(|name| !name.is_empty()).collect();
    let ids: Vec<_> = call.query.all("groupId").filter(|id| !id.is_empty()).collect();
    let access = access_filter(call)?;
    let mut found: Cow<'_, [GroupIx]> = if names.is_empty() && ids.is_empty() {
        org.alive_groups().into()
    } else {
        let mut seen = HashSet::new();
        let by_name = names.into_iter().filter_map(|name| org.find_group_name(name));
        let by_id = ids.into_iter().filter_map(|id| org.find_group(id));
        by_name.chain(by_id).filter(|at| seen.insert(*at)).collect::<Vec<_>>().into()
    };
    if let Some(allowed) = access {
        found.to_mut().retain(|at| {
            let record = &org.group(*at).record;
            let name = &*record.name;
            record.grants.is_some_and(|product| allowed.products.contains(&product))
                || allowed.names.contains(&name)
        });
    }
    let page = page_of(&found, start, results).iter();
    let values = page.map(|at| {
        let record = &org.group(*at).record;
        Details { name: &record.name, group_id: &record.id }
    });
    let values = values.collect();
    Ok(Reply::json(200, &wire::page(call, start, results, found.len(), values)))
}

/// The filter of `accessType` and `applicationKey`.
struct Access {
    products: Vec<Product>,
    names: &'static [&'static str],
}

fn access_filter(call: &Call<'_>) -> Result<Option<Access>, Reply> {
    let kind = call.query.filled("accessType");
    let key = call.query.filled("applicationKey");
    let product = match key.map(Product::from_key) {
        Some(None) => return Err(error(400, "The application key is not valid.")),
        Some(Some(product)) => Some(product),
        None => None,
    };
    let names: &'static [&'static str] = match kind {
        Some("site-admin") => &["site-admins", "org-admins"],
        Some("admin") => &["jira-administrators"],
        Some("user") | None => &[],
        Some(_) => return Err(error(400, "The access type is not valid.")),
    };
    let products = match (kind, product) {
        (None, None) => return Ok(None),
        (Some("user") | None, Some(product)) => vec![product],
        (Some("user"), None) => Product::ALL.to_vec(),
        _ => Vec::new(),
    };
    Ok(Some(Access { products, names }))
}

/// What a picker searches for.
pub(super) struct GroupQuery<'a> {
    text: &'a str,
    /// Whether the case of letters does not matter.
    fold: bool,
    excluded_names: HashSet<&'a str>,
    excluded_ids: HashSet<&'a str>,
}

impl<'a> GroupQuery<'a> {
    pub(super) fn new(text: &'a str, fold: bool) -> Self {
        Self { text, fold, excluded_names: HashSet::new(), excluded_ids: HashSet::new() }
    }

    fn matches(&self, record: &GroupRecord) -> bool {
        let named = match self.fold {
            true => record.name.to_lowercase().contains(&self.text.to_lowercase()),
            false => record.name.contains(self.text),
        };
        named
            && !self.excluded_names.contains(&*record.name)
            && !self.excluded_ids.contains(&*record.id)
    }
}

/// The first few groups whose names contain the query, sorted; an anonymous caller sees none.
pub(super) fn found_groups(
    call: &Call<'_>,
    org: &Org,
    query: &GroupQuery<'_>,
    results: usize,
) -> Value {
    let all = org.groups().map(|(_, group)| &group.record);
    let mut found: Vec<_> = all.filter(|record| query.matches(record)).collect();
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let total = if call.caller.person().is_some() { found.len() } else { 0 };
    found.truncate(results.min(total));
    let row = |record: &&GroupRecord| {
        json!({
            "name": record.name, "html": wire::marked(&record.name, query.text, query.fold, "b"),
            "labels": [], "groupId": record.id,
        })
    };
    let groups: Vec<Value> = found.iter().map(row).collect();
    let header = format!("Showing {} of {total} matching groups", groups.len());
    json!({"header": header, "total": total, "groups": groups})
}

/// `GET /groups/picker`: the first few groups whose names contain the query, sorted.
pub(crate) fn groups_picker(call: &Call<'_>, org: &Org) -> Answer {
    let (_, results) = range(call, PICKER_DEFAULT, 1000)?;
    let text = call.query.get("query").unwrap_or_default();
    let fold = call.query.is_set("caseInsensitive");
    let query = GroupQuery {
        excluded_names: call.query.all("exclude").collect(),
        excluded_ids: call.query.all("excludeId").collect(),
        ..GroupQuery::new(text, fold)
    };
    if !query.excluded_names.is_empty() && !query.excluded_ids.is_empty() {
        return Err(error(400, "Only one of 'exclude' and 'excludeId' can be given."));
    }
    Ok(Reply::json(200, &found_groups(call, org, &query, results)))
}

/// `GET /group` (deprecated): a group, and with `expand=users` its first 50 members; with `users[10:40]` those from
/// the 11th to the 41st. [Jira platform description: "append `[start-index:end-index]` to the expand request"]
/// Assumption: a range that cannot be read is the first page.
pub(crate) fn get_group(call: &Call<'_>, org: &Org) -> Answer {
    let at = queried_group(call, org)?;
    let mut parts = call.query.list("expand").filter_map(|part| part.strip_prefix("users"));
    let shown = parts.next().map_or(0..0, |part| members_of(part).unwrap_or(0..50));
    Ok(Reply::json(200, &wire::group(call, org, at, shown)))
}

/// The positions that `[start:end]` names, the last one included.
fn members_of(part: &str) -> Option<Range<usize>> {
    let (start, end) = part.strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    let (start, end) = (start.trim().parse().ok()?, end.trim().parse::<usize>().ok()?);
    Some(start..end.checked_add(1)?)
}

/// `POST /group`. Assumptions: a name in use is found without regard to case, and a name has at most 255
/// characters.
pub(crate) fn create_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let body = object(call)?;
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default().trim();
    if name.is_empty() {
        return Err(error(400, "You must specify a group name."));
    }
    if name.chars().count() > 255 {
        return Err(error(400, "The group name must not exceed 255 characters."));
    }
    if org.groups_named(name).next().is_some() {
        let text = format!("A group with the name '{name}' already exists.");
        return Err(error(400, &text).already());
    }
    let id = org.next_group_id();
    let effect = org.apply(Change::CreatedGroup { group: GroupRecord::new(&id, name) });
    let made = effect.and_then(|effect| effect.group);
    let at = made.ok_or_else(|| error(500, "The group could not be created."))?;
    Ok(Reply::json(201, &wire::group(call, org, at, 0..0)))
}

/// `DELETE /group`: refused for groups of an identity provider, default groups and administrators' groups
/// (changelog of 2023-07-28). Assumption: 403, and the texts.
pub(crate) fn delete_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let at = queried_group(call, org)?;
    let record = &org.group(at).record;
    if record.synced {
        return Err(error(
            403,
            "The group is managed by an external directory and cannot be deleted.",
        ));
    }
    if record.grants.is_some() || ADMIN_GROUPS.contains(&&*record.name) {
        return Err(error(403, "The group is a default group or a site-admin group."));
    }
    let group = record.id.clone();
    org.apply(Change::RemovedGroup { group });
    Ok(Reply::empty(200))
}
