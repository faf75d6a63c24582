//! Statistics of the organization, and its workspaces.

use serde_json::{Value, json};

use super::errors::{Answer, error, must_be_directory, must_be_org, object};
use super::wire::{account_status, resource};
use crate::http::{Call, Reply};
use crate::org::{Kind, Org, Product};

/// `GET …/users/stats`
pub(crate) fn user_stats(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let people = || {
        let records = org.people().map(|(_, person)| &person.record);
        records.filter(|record| record.kind != Kind::App)
    };
    let of_status = |status: &str| people().filter(|one| account_status(one) == status).count();
    let admins = people().filter(|record| record.org_admin).count();
    let counts: Vec<_> = ["active", "inactive", "closed"]
        .into_iter()
        .map(|status| json!({"status": status, "count": of_status(status)}))
        .collect();
    let roles = json!([{"roleId": "atlassian/org-admin", "count": admins}]);
    Ok(Reply::json(200, &json!({"accountStatus": counts, "roles": roles})))
}

/// `GET …/groups/stats`
pub(crate) fn group_stats(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call, true)?;
    let all = org.groups().count();
    let synced = org.groups().filter(|(_, group)| group.record.synced).count();
    Ok(Reply::json(
        200,
        &json!({
            "totals": {"all": all, "managed": synced, "synced": synced},
            "types": [{"type": "USERBASE_GROUP", "count": all}],
        }),
    ))
}

/// `POST /admin/v2/orgs/{orgId}/workspaces`: the apps of the only site. Assumption: of the query, only `field`
/// `attributes.type`/`attributes.typeKey` and `searchWorkspaces` are supported.
pub(crate) fn workspaces(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let body = object(call, true)?;
    let limit = body.get("limit").filter(|limit| !limit.is_null());
    if limit.is_some_and(|limit| !limit.as_u64().is_some_and(|limit| (1..=1000).contains(&limit))) {
        return Err(error(
            call,
            "ADMIN-400-4",
            "Invalid resource",
            "'limit' must be from 1 to 1000.",
        ));
    }
    let query = body.get("query").cloned().unwrap_or_default();
    let data: Vec<_> = Product::ALL
        .into_iter()
        .map(|product| workspace(call, org, product))
        .filter(|workspace| passes(&query, workspace))
        .collect();
    let this = format!("{}{}", call.card.url, call.path);
    let meta = json!({"pageSize": data.len(), "total": data.len()});
    Ok(Reply::json(200, &json!({"data": data, "links": {"self": this}, "meta": meta})))
}

fn workspace(call: &Call<'_>, org: &Org, product: Product) -> Value {
    let seats = org.seats(product);
    json!({
        "id": resource(product), "type": "workspace",
        "attributes": {
            "name": format!("{} - banc", product.title()), "typeKey": product.key(),
            "type": product.title(), "hostUrl": call.card.url, "status": "online",
            "statusDetails": [], "labels": [], "capacity": seats.limit, "usage": seats.used,
        },
        "links": {"self": format!("{}{}/{}", call.card.url, call.path, resource(product))},
        "relationships": {},
    })
}

fn passes(query: &Value, workspace: &Value) -> bool {
    let attributes = &workspace["attributes"];
    if let Some(all) = query.get("and").and_then(Value::as_array) {
        return all.iter().all(|part| passes(part, workspace));
    }
    if let Some(term) = query.get("searchWorkspaces").and_then(Value::as_str) {
        let name = attributes["name"].as_str().unwrap_or_default().to_lowercase();
        return name.contains(&term.to_lowercase());
    }
    let field = query.get("field");
    let values = field.and_then(|field| field.get("values")).and_then(Value::as_array);
    match (field.and_then(|field| field["name"].as_str()), values) {
        (Some("attributes.type" | "attributes.typeKey"), Some(values)) => {
            values.contains(&attributes["typeKey"]) || values.contains(&attributes["type"])
        }
        _ => true,
    }
}
