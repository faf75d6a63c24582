//! The caller's permissions.

use serde_json::{Map, Value, json};

use super::errors::error;
use crate::http::{Call, Reply};
use crate::org::Org;

/// Global permissions: id, key, name, and whether only administrators have it. The ids are assumptions except that
/// of `ADMINISTER`, which has always been 0.
const GLOBAL: [(&str, &str, &str, bool); 3] = [
    ("0", "ADMINISTER", "Administer Jira", true),
    ("27", "USER_PICKER", "Browse users and groups", false),
    ("33", "BULK_CHANGE", "Make bulk changes", false),
];

/// `GET /mypermissions`: an anonymous caller has none. Assumption: only the global permissions for users and
/// groups are known; any other key is 400.
pub(crate) fn my_permissions(call: &Call<'_>, org: &Org) -> Result<Reply, Reply> {
    let asked: Vec<_> = call.query.list("permissions").collect();
    if asked.is_empty() {
        return Err(error(400, "The 'permissions' query parameter is required."));
    }
    let person = call.caller.person();
    let administers = person.is_some_and(|at| org.person(at).record.org_admin);
    let mut permissions = Map::new();
    for key in asked {
        let Some((id, key, name, only_admins)) = GLOBAL.iter().find(|(_, known, ..)| *known == key)
        else {
            return Err(error(400, &format!("Unrecognized permission: {key}")));
        };
        let has = if *only_admins { administers } else { person.is_some() };
        let permission = json!({
            "id": id, "key": key, "name": name, "type": "GLOBAL", "description": "",
            "havePermission": has,
        });
        permissions.insert((*key).to_owned(), permission);
    }
    Ok(Reply::json(200, &json!({"permissions": Value::Object(permissions)})))
}
