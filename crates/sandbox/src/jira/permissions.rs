//! Permissions: all that the sandbox knows, the caller's, and those of others.

use serde_json::{Map, Value, json};

use super::errors::{error, forbidden, object};
use crate::http::{Call, Reply};
use crate::org::{Org, PersonIx};

type Answer = Result<Reply, Reply>;

/// The site's only project. (assumption)
pub(super) const PROJECT_ID: i64 = 10_000;
pub(super) const PROJECT_KEY: &str = "SAND";

/// The users who have a permission.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// Organization administrators.
    Administrator,
    /// Every active user.
    Anyone,
    /// Every active user with an app of Jira, and organization administrators.
    Member,
}

/// A permission of Jira.
pub(super) struct Permission {
    /// Assumption, except that of `ADMINISTER`, which has always been 0.
    id: &'static str,
    pub(super) key: &'static str,
    name: &'static str,
    /// Whether it is a permission in a project; otherwise it is a global one.
    in_project: bool,
    holder: Holder,
}

const fn global(
    id: &'static str,
    key: &'static str,
    name: &'static str,
    holder: Holder,
) -> Permission {
    Permission { id, key, name, in_project: false, holder }
}

const fn in_project(
    id: &'static str,
    key: &'static str,
    name: &'static str,
    holder: Holder,
) -> Permission {
    Permission { id, key, name, in_project: true, holder }
}

/// The permissions that the sandbox knows.
const PERMISSIONS: [Permission; 14] = [
    global("0", "ADMINISTER", "Administer Jira", Holder::Administrator),
    global("27", "USER_PICKER", "Browse users and groups", Holder::Anyone),
    global("33", "BULK_CHANGE", "Make bulk changes", Holder::Anyone),
    global("22", "CREATE_SHARED_OBJECTS", "Share dashboards and filters", Holder::Anyone),
    global(
        "24",
        "MANAGE_GROUP_FILTER_SUBSCRIPTIONS",
        "Manage group filter subscriptions",
        Holder::Anyone,
    ),
    global("39", "CREATE_PROJECT", "Create projects", Holder::Administrator),
    in_project("23", "ADMINISTER_PROJECTS", "Administer Projects", Holder::Administrator),
    in_project("10", "BROWSE_PROJECTS", "Browse Projects", Holder::Member),
    in_project("11", "CREATE_ISSUES", "Create Issues", Holder::Member),
    in_project("12", "EDIT_ISSUES", "Edit Issues", Holder::Member),
    in_project("13", "ASSIGN_ISSUES", "Assign Issues", Holder::Member),
    in_project("17", "ASSIGNABLE_USER", "Assignable User", Holder::Member),
    in_project("15", "ADD_COMMENTS", "Add Comments", Holder::Member),
    in_project("16", "DELETE_ISSUES", "Delete Issues", Holder::Administrator),
];

impl Permission {
    pub(super) fn find(key: &str) -> Option<&'static Self> {
        PERMISSIONS.iter().find(|known| known.key == key)
    }

    /// Whether a user has it. Assumption: [`Holder`] of each permission.
    pub(super) fn is_held(&self, org: &Org, at: PersonIx) -> bool {
        let person = org.person(at);
        person.record.is_active()
            && match self.holder {
                Holder::Administrator => person.record.org_admin,
                Holder::Anyone => true,
                Holder::Member => person.record.org_admin || person.has_any_product(),
            }
    }

    fn shown(&self) -> Value {
        json!({
            "key": self.key, "name": self.name, "description": "",
            "type": if self.in_project { "PROJECT" } else { "GLOBAL" },
        })
    }
}

/// `GET /mypermissions`: an anonymous caller has none. Assumption: a key that is not among [`PERMISSIONS`] is 400.
pub(crate) fn my_permissions(call: &Call<'_>, org: &Org) -> Answer {
    let asked: Vec<_> = call.query.list("permissions").collect();
    if asked.is_empty() {
        return Err(error(400, "The 'permissions' query parameter is required."));
    }
    let mut permissions = Map::new();
    for key in asked {
        let known = Permission::find(key)
            .ok_or_else(|| error(400, &format!("Unrecognized permission: {key}")))?;
        let mut permission = known.shown();
        permission["id"] = json!(known.id);
        let has = call.caller.person().is_some_and(|at| known.is_held(org, at));
        permission["havePermission"] = json!(has);
        permissions.insert(key.to_owned(), permission);
    }
    Ok(Reply::json(200, &json!({"permissions": permissions})))
}

/// `GET /permissions`: all of them, also for anonymous callers.
pub(crate) fn all_permissions(_call: &Call<'_>, _org: &Org) -> Answer {
    let all = PERMISSIONS.iter().map(|known| (known.key.to_owned(), known.shown()));
    let all: Map<String, Value> = all.collect();
    Ok(Reply::json(200, &json!({"permissions": all})))
}

/// The texts in a list of a body; other values and nothing at all are left out. [Jira platform description: "Null
/// values … are ignored"]
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).filter(|text| !text.is_empty())
}

/// The permission with this key, of this kind. (example of a 400 in the Jira platform description)
fn wanted(key: &str, in_project: bool) -> Result<&'static Permission, Reply> {
    let found = Permission::find(key).filter(|known| known.in_project == in_project);
    found.ok_or_else(|| {
        Reply::json(400, &json!({"errorMessages": [], "errors": {key: "Unrecognized permission"}}))
    })
}

/// `POST /permissions/check`: which of these permissions a user has. Only an administrator may ask for others; an
/// anonymous caller has none.
pub(crate) fn check_permissions(call: &Call<'_>, org: &Org) -> Answer {
    let body = object(call)?;
    let account = body.get("accountId").and_then(Value::as_str);
    let at = match account {
        None => call.caller.person(),
        Some(account) => {
            let own = call.caller.person().map(|at| &*org.person(at).record.account_id);
            let administers =
                call.caller.person().is_some_and(|at| org.person(at).record.org_admin);
            if own != Some(account) && !administers {
                return Err(forbidden());
            }
            let found = org.find(account);
            Some(found.ok_or_else(|| error(400, "The account ID is not valid."))?)
        }
    };
    let holds = |known: &Permission| at.is_some_and(|at| known.is_held(org, at));
    let mut held = Vec::new();
    for key in texts(body.get("globalPermissions")) {
        if holds(wanted(key, false)?) {
            held.push(key);
        }
    }
    let mut grants = Vec::new();
    let lists = body.get("projectPermissions").and_then(Value::as_array);
    for list in lists.into_iter().flatten().filter(|list| !list.is_null()) {
        let mut keys = texts(list.get("permissions")).peekable();
        if keys.peek().is_none() {
            return Err(error(400, "At least one project permission must be provided."));
        }
        let projects = list.get("projects").and_then(Value::as_array).into_iter().flatten();
        let is_ours = projects.filter_map(Value::as_i64).any(|id| id == PROJECT_ID);
        for key in keys {
            let has = holds(wanted(key, true)?) && is_ours;
            let projects = if has { vec![PROJECT_ID] } else { Vec::new() };
            let grant = json!({"permission": key, "projects": projects, "issues": []});
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
    }
    Ok(Reply::json(200, &json!({"globalPermissions": held, "projectPermissions": grants})))
}

/// `POST /permissions/project`: the projects in which the caller has all of these permissions.
pub(crate) fn permitted_projects(call: &Call<'_>, org: &Org) -> Answer {
    let body = object(call)?;
    let mut all = call.caller.person().is_some();
    for key in texts(body.get("permissions")) {
        let known = wanted(key, true)?;
        all &= call.caller.person().is_some_and(|at| known.is_held(org, at));
    }
    let project = json!({"id": PROJECT_ID, "key": PROJECT_KEY});
    let projects = if all { vec![project] } else { Vec::new() };
    Ok(Reply::json(200, &json!({"projects": projects})))
}
