//! Groups in the directory, organizations API v2: search, create, delete, memberships.

use serde_json::{Value, json};

use super::errors::{Answer, bad_body, error, must_be_directory, no_group, no_user, object};
use super::page::{Ask, fill, from_query};
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{ADMIN_GROUPS, Change, Group, GroupIx, GroupRecord, Org, PersonIx};

const LISTS: [&str; 6] =
    ["directoryIds", "accountIds", "groupIds", "resourceOwners", "resourceIds", "roleIds"];

/// `POST …/groups/search`. Whole names are compared, ignoring case (description).
pub(crate) fn search_groups(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let ask = Ask::read(call, object(call, true)?, 20)?;
    ask.unique(call, &LISTS)?;
    ask.unique(call, &["groupNames", "expand"])?;
    answer(call, org, &ask)
}

/// `GET …/groups` (deprecated): the same with query parameters.
pub(crate) fn list_groups(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let ask = Ask::read(call, from_query(call, &LISTS, &["searchTerm"]), 20)?;
    answer(call, org, &ask)
}

/// `GET …/groups/count`
pub(crate) fn group_count(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let ask = Ask::read(call, from_query(call, &LISTS, &["searchTerm"]), 20)?;
    let filter = Filter::read(call, org, &ask)?;
    let count = org.groups().filter(|(at, group)| filter.passes(*at, group)).count();
    Ok(Reply::json(200, &json!({"count": count})))
}

fn answer(call: &Call<'_>, org: &Org, ask: &Ask) -> Answer {
    let filter = Filter::read(call, org, ask)?;
    let expand = ask.words(call, "expand", &["counts.resources", "counts.users"])?;
    let expand = expand.unwrap_or_default();
    let passes = |at: &GroupIx| filter.passes(*at, org.group(*at));
    let (page, next) = match &filter.named {
        Some(few) => fill(few.iter().copied().enumerate().skip(ask.from), ask.limit, passes),
        None => {
            let all = org.groups_from(ask.from).map(|(at, _)| (at.0 as usize, at));
            fill(all, ask.limit, passes)
        }
    };
    let data: Vec<_> = page.into_iter().map(|at| wire::group(call, org, at, &expand)).collect();
    Ok(ask.page(&data, next))
}

struct Filter {
    /// The groups that the filters name, by name or id.
    named: Option<Vec<GroupIx>>,
    people: Option<Vec<PersonIx>>,
    term: Option<String>,
    products: Option<Vec<crate::org::Product>>,
    nothing: bool,
}

impl Filter {
    fn read(call: &Call<'_>, org: &Org, ask: &Ask) -> Result<Self, Reply> {
        for other in ["searchTerm", "groupIds"] {
            ask.not_both(call, "groupNames", other)?;
        }
        let ids = ask.list(call, "groupIds", 10)?;
        let ids = ids.map(|ids| ids.iter().filter_map(|id| org.find_group(id)).collect());
        let names = ask.list(call, "groupNames", 100)?;
        let names = names
            .map(|names| names.iter().flat_map(|name| org.groups_named(name)).collect::<Vec<_>>());
        let named: Option<Vec<GroupIx>> = ids.or(names).map(|mut found| {
            found.sort_unstable();
            found.dedup();
            found
        });
        let people = ask.list(call, "accountIds", 10)?;
        let directories = ask.list(call, "directoryIds", 10)?;
        let ours = |ids: Vec<&str>| ids.contains(&call.card.directory_id.as_str());
        let resources = ask.list(call, "resourceIds", 20)?;
        let products = resources
            .map(|list| list.iter().filter_map(|resource| wire::product_of(resource)).collect());
        let owners = ask.list(call, "resourceOwners", 10)?;
        let by_owner = owners
            .map(|list| list.iter().filter_map(|key| crate::org::Product::from_key(key)).collect());
        Ok(Self {
            named,
            people: people.map(|ids| ids.iter().filter_map(|id| org.find(id)).collect()),
            term: ask.text(call, "searchTerm")?.map(str::to_lowercase),
            products: products.or(by_owner),
            nothing: directories.is_some_and(|ids| !ours(ids)),
        })
    }

    fn passes(&self, at: GroupIx, group: &Group) -> bool {
        let has = |people: &Vec<PersonIx>| {
            people.iter().any(|person| group.members.binary_search(person).is_ok())
        };
        let named = |term: &String| group.record.name.to_lowercase().contains(term);
        let grants = |products: &Vec<_>| {
            group.record.grants.is_some_and(|product| products.contains(&product))
        };
        !self.nothing
            && self.named.as_ref().is_none_or(|few| few.contains(&at))
            && self.people.as_ref().is_none_or(has)
            && self.term.as_ref().is_none_or(named)
            && self.products.as_ref().is_none_or(grants)
    }
}

/// The group in the path.
fn found_group(call: &Call<'_>, org: &Org) -> Result<GroupIx, Reply> {
    org.find_group(call.param(2)).ok_or_else(|| no_group(call))
}

/// Refuses to change a group that an identity provider owns. Assumption: the code; the description only says that
/// it is refused.
fn must_be_ours(call: &Call<'_>, org: &Org, at: GroupIx) -> Result<(), Reply> {
    match org.group(at).record.synced {
        true => Err(error(
            call,
            "ADMIN-403-5",
            "Not allowed to manage the group",
            "The group is synced from an identity provider.",
        )),
        false => Ok(()),
    }
}

/// `GET …/groups/{groupId}`
pub(crate) fn get_group(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let at = found_group(call, org)?;
    let group = wire::group(call, org, at, &["counts.resources", "counts.users"]);
    Ok(Reply::json(200, &json!({"data": group})))
}

/// `POST …/groups`. The description gives no body for the 201, so there is none: a client that needs the id
/// searches the group by name.
pub(crate) fn create_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call, false)?;
    let body = object(call, false)?;
    let text = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.trim()),
        Some(_) => Err(bad_body(call, &format!("'{name}' must be a string."))),
    };
    let (name, description) = (text("name")?, text("description")?);
    if name.is_empty() || name.chars().count() > 255 {
        return Err(bad_body(call, "'name' must have 1 to 255 characters."));
    }
    if org.groups_named(name).next().is_some() {
        let detail = "A group with this name already exists.";
        return Err(error(call, "ADMIN-409-28", "Conflict", detail).already());
    }
    let mut group = GroupRecord::new(&org.next_group_id(), name);
    group.description = description.into();
    org.apply(Change::CreatedGroup { group });
    Ok(Reply::empty(201))
}

/// `DELETE …/groups/{groupId}`: refused for groups that give access to an app (`ADMIN-403-6`) or administrator
/// rights (`ADMIN-403-7`).
pub(crate) fn delete_group(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call, false)?;
    let at = found_group(call, org)?;
    must_be_ours(call, org, at)?;
    let record = &org.group(at).record;
    if record.grants.is_some() {
        let title = "Not allowed to delete group with default-role attribute";
        return Err(error(call, "ADMIN-403-6", title, "The group gives access to an app."));
    }
    if ADMIN_GROUPS.contains(&&*record.name) {
        let title = "Not allowed to delete group which grants admin access to a product or org";
        return Err(error(call, "ADMIN-403-7", title, "The group gives admin access."));
    }
    let group = record.id.clone();
    org.apply(Change::RemovedGroup { group });
    Ok(Reply::empty(204))
}

/// `POST …/groups/{groupId}/memberships`. A 409 has two causes: the user is already a member, or no seat is left.
/// Assumption: their codes, `ADMIN-409-28` and `ADMIN-409-3`.
pub(crate) fn add_membership(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call, false)?;
    let group = found_group(call, org)?;
    let body = object(call, false)?;
    let Some(account) = body.get("accountId").and_then(Value::as_str) else {
        return Err(bad_body(call, "'accountId' must be a string."));
    };
    let person = member_to_be(call, org, account)?;
    must_be_ours(call, org, group)?;
    let record = &org.group(group).record;
    if &*record.name == "org-admins" {
        let detail = "Assign the organization-level role instead.";
        return Err(error(call, "ADMIN-403-5", "Not allowed to manage the group", detail));
    }
    if org.is_member(person, group) {
        let detail = "The user is already in the group.";
        return Err(error(call, "ADMIN-409-28", "Conflict", detail).already());
    }
    let has = |product| org.person(person).has(product);
    if record.gives().is_some_and(|product| !has(product) && org.is_full(product)) {
        let detail = "You've exceeded your user limit for an app that the group grants access to.";
        return Err(error(call, "ADMIN-409-3", "License limit exceeded", detail));
    }
    let change = Change::AddedMember { account: account.into(), group: record.id.clone() };
    org.apply(change);
    Ok(Reply::empty(204))
}

/// `DELETE …/groups/{groupId}/memberships/{accountId}`: 404 for a user who is not a member (assumption).
pub(crate) fn remove_membership(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call, false)?;
    let group = found_group(call, org)?;
    let account = call.param(3);
    let person = member_to_be(call, org, account)?;
    must_be_ours(call, org, group)?;
    if !org.is_member(person, group) {
        return Err(no_user(call).already());
    }
    let group = org.group(group).record.id.clone();
    org.apply(Change::RemovedMember { account: account.into(), group });
    Ok(Reply::empty(204))
}

/// A user of the directory. Others must be invited first. [KB 1384125493]
fn member_to_be(call: &Call<'_>, org: &Org, account: &str) -> Result<PersonIx, Reply> {
    let found = org.find(account);
    found.filter(|at| org.person(*at).record.is_on_site()).ok_or_else(|| no_user(call))
}
