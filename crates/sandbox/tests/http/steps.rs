//! Sends every call of the route table once, successfully: for the test that every call has a request, and for the
//! conformance check.

use serde_json::{Value, json};

use crate::client::{As, Site};

/// The credential, the method, the address, the body, and the expected status.
type Step = (As, &'static str, &'static str, Option<Value>, u16);

/// A user's property.
const PROPERTY: &str = "/rest/api/3/user/properties/office?accountId=ACCOUNT";

/// Names in capitals are replaced by ids.
fn steps() -> Vec<Step> {
    let user = json!({"emailAddress": "new@banc.ly", "products": ["jira-software"]});
    let browse = json!({"permissions": ["BROWSE_PROJECTS"]});
    let permissions = json!({
        "accountId": "ACCOUNT", "globalPermissions": ["ADMINISTER", "USER_PICKER"],
        "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [10_000]}],
    });
    let columns = json!({"columns": ["issuekey", "summary"]});
    let member = json!({"accountId": "ACCOUNT"});
    let role = json!({"resource": "ari:cloud:jira-servicedesk::site/1", "role": "atlassian/user"});
    let group_role =
        json!({"resourceId": "ari:cloud:jira-core::site/1", "roleId": "atlassian/user"});
    let org_role = json!({"role": "atlassian/org-admin"});
    let invitation = json!({"emails": ["one@banc.ly", "dnkosi@banc.ly"], "additionalGroups": ["GROUP"], "permissionRules": [role]});
    use As::{Admin, Nobody, Org};
    let mut provisioning = provisioning();
    let mut steps = vec![
        (Nobody, "GET", "/_edge/tenant_info", None, 200),
        (Admin, "GET", "/rest/api/3/myself?expand=groups,applicationRoles", None, 200),
        (Admin, "GET", "/rest/api/3/mypermissions?permissions=ADMINISTER,USER_PICKER", None, 200),
        (Admin, "GET", "/rest/auth/1/session", None, 401),
        (Nobody, "GET", "/rest/api/3/permissions", None, 200),
        (Admin, "POST", "/rest/api/3/permissions/check", Some(permissions), 200),
        (Admin, "POST", "/rest/api/3/permissions/project", Some(browse), 200),
        (Admin, "GET", "/rest/api/3/user/picker?query=a&showAvatar=true", None, 200),
        (
            Admin,
            "GET",
            "/rest/api/3/user/permission/search?permissions=BROWSE_PROJECTS&projectKey=SAND",
            None,
            200,
        ),
        (Admin, "GET", "/rest/api/3/user/viewissue/search?query=a&projectKey=SAND", None, 200),
        (Admin, "GET", "/rest/api/3/user/assignable/search?project=10000", None, 200),
        (
            Admin,
            "GET",
            "/rest/api/3/user/assignable/multiProjectSearch?projectKeys=SAND",
            None,
            200,
        ),
        (Admin, "PUT", PROPERTY, Some(json!({"city": "Oslo"})), 201),
        (Admin, "PUT", PROPERTY, Some(json!({"city": "Bergen"})), 200),
        (Admin, "GET", "/rest/api/3/user/properties?accountId=ACCOUNT", None, 200),
        (Admin, "GET", PROPERTY, None, 200),
        (
            Admin,
            "GET",
            "/rest/api/3/user/search/query?query=%5Boffice%5D.city%20is%20%22Bergen%22",
            None,
            200,
        ),
        (
            Admin,
            "GET",
            "/rest/api/3/user/search/query/key?query=is%20assignee%20of%20SAND",
            None,
            200,
        ),
        (Admin, "DELETE", PROPERTY, None, 204),
        (Admin, "PUT", "/rest/api/3/user/columns", Some(columns.clone()), 200),
        (Admin, "DELETE", "/rest/api/3/user/columns", None, 204),
        (Admin, "PUT", "/rest/api/3/settings/columns", Some(columns), 200),
        (Admin, "GET", "/rest/api/3/settings/columns", None, 200),
        (Admin, "GET", "/rest/api/3/user/email?accountId=ACCOUNT", None, 401),
        (Admin, "GET", "/rest/api/3/user/email/bulk?accountId=ACCOUNT", None, 401),
        (Admin, "GET", "/rest/api/3/user/bulk/migration?username=fred", None, 200),
        (Admin, "PUT", "/rest/api/3/mypreferences?key=mine", Some(json!("yes")), 204),
        (Admin, "GET", "/rest/api/3/mypreferences?key=mine", None, 200),
        (Admin, "DELETE", "/rest/api/3/mypreferences?key=mine", None, 204),
        (Admin, "PUT", "/rest/api/3/mypreferences/locale", Some(json!({"locale": "nb_NO"})), 204),
        (Admin, "GET", "/rest/api/3/mypreferences/locale", None, 200),
        (Admin, "POST", "/rest/api/3/user", Some(user), 201),
        (
            Admin,
            "GET",
            "/rest/api/3/user?accountId=ACCOUNT&expand=groups,applicationRoles",
            None,
            200,
        ),
        (Admin, "GET", "/rest/api/3/user/search?query=a", None, 200),
        (Nobody, "GET", "/rest/api/3/serverInfo", None, 200),
        (Admin, "GET", "/rest/api/3/groupuserpicker?query=a", None, 200),
        (Admin, "GET", "/rest/api/3/user/columns", None, 200),
        (Admin, "GET", "/rest/api/3/users/search?maxResults=1000", None, 200),
        (Admin, "GET", "/rest/api/3/users", None, 200),
        (Admin, "GET", "/rest/api/3/user/bulk?accountId=ACCOUNT&accountId=nobody", None, 200),
        (Admin, "POST", "/rest/api/3/group/user?groupId=GROUP", Some(member.clone()), 201),
        (
            Admin,
            "POST",
            "/wiki/rest/api/group/userByGroupId?groupId=GROUP",
            Some(member.clone()),
            201,
        ),
        (Admin, "GET", "/rest/api/3/user/groups?accountId=ACCOUNT", None, 200),
        (Admin, "GET", "/rest/api/3/group/bulk?groupName=R%26D&groupId=GROUP", None, 200),
        (Admin, "GET", "/rest/api/3/group/member?groupId=GROUP&maxResults=1", None, 200),
        (Admin, "GET", "/rest/api/3/group?groupId=GROUP&expand=users", None, 200),
        (Admin, "DELETE", "/rest/api/3/group/user?groupId=GROUP&accountId=ACCOUNT", None, 200),
        (Admin, "POST", "/rest/api/3/group", Some(json!({"name": "made"})), 201),
        (Admin, "GET", "/rest/api/3/groups/picker?query=a", None, 200),
        (Admin, "GET", "/rest/api/3/applicationrole", None, 200),
        (Admin, "GET", "/rest/api/3/applicationrole/jira-software", None, 200),
        (Admin, "DELETE", "/rest/api/3/group?groupname=made", None, 200),
        (
            Org,
            "GET",
            "/users/ACCOUNT/manage?privileges=lifecycle.enablement&privileges=profile.write",
            None,
            200,
        ),
        (Org, "GET", "/users/ACCOUNT/manage/profile", None, 200),
        (Org, "PATCH", "/users/ACCOUNT/manage/profile", Some(json!({"name": "Verna D."})), 200),
        (Org, "PUT", "/users/ACCOUNT/manage/email", Some(json!({"email": "verna@banc.ly"})), 204),
        (
            Org,
            "POST",
            "/users/ACCOUNT/manage/lifecycle/disable",
            Some(json!({"message": "m"})),
            204,
        ),
        (Org, "POST", "/users/ACCOUNT/manage/lifecycle/enable", None, 204),
        (Org, "POST", "/users/ACCOUNT/manage/lifecycle/delete", None, 200),
        (Org, "POST", "/users/ACCOUNT/manage/lifecycle/cancel-delete", None, 200),
        (Org, "GET", "/users/OWNER/manage/api-tokens", None, 200),
        (Org, "DELETE", "/users/OWNER/manage/api-tokens/10003", None, 204),
        (Org, "GET", "/admin/api-access/v1/orgs/ORG/api-tokens", None, 200),
        (Org, "GET", "/admin/api-access/v1/orgs/ORG/api-tokens/count", None, 200),
        (Org, "GET", "/admin/v1/orgs", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG", None, 200),
        (Org, "GET", "/admin/api-access/v1/orgs/ORG/api-keys", None, 200),
        (Org, "GET", "/admin/api-access/v1/orgs/ORG/api-keys/count", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/users", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/domains", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/domains/DOMAIN", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/directory/users/ACCOUNT/last-active-dates", None, 200),
        (Org, "POST", "/admin/v1/orgs/ORG/policies", Some(policy("one")), 202),
        (Org, "GET", "/admin/v1/orgs/ORG/policies", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/policies/POLICY", None, 200),
        (Org, "PUT", "/admin/v1/orgs/ORG/policies/POLICY", Some(policy("two")), 202),
        (Org, "GET", "/admin/v1/orgs/ORG/policies/POLICY/validate", None, 202),
        (
            Org,
            "POST",
            "/admin/v1/orgs/ORG/policies/POLICY/resources",
            Some(json!({"id": "ari:cloud:jira-core::site/1"})),
            202,
        ),
        (
            Org,
            "PUT",
            "/admin/v1/orgs/ORG/policies/POLICY/resources/ari:cloud:jira-core::site%2F1",
            Some(json!({"meta": {"scheduledDate": "2026-12-01"}})),
            202,
        ),
        (
            Org,
            "DELETE",
            "/admin/v1/orgs/ORG/policies/POLICY/resources/ari:cloud:jira-core::site%2F1",
            None,
            204,
        ),
        (Org, "DELETE", "/admin/v1/orgs/ORG/policies/POLICY", None, 202),
        (Org, "POST", "/admin/v1/orgs/ORG/users/ACCOUNT/roles/assign", Some(role.clone()), 204),
        (Org, "POST", "/admin/v1/orgs/ORG/users/ACCOUNT/roles/revoke", Some(role), 204),
        (
            Org,
            "POST",
            "/admin/v1/orgs/ORG/users/ACCOUNT/role-assignments/assign",
            Some(org_role.clone()),
            204,
        ),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/users/ACCOUNT/role-assignments", None, 200),
        (
            Org,
            "POST",
            "/admin/v1/orgs/ORG/users/ACCOUNT/role-assignments/revoke",
            Some(org_role),
            204,
        ),
        (Org, "GET", "/admin/v1/orgs/ORG/event-actions", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/events", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/events/EVENT", None, 200),
        (Org, "GET", "/admin/v1/orgs/ORG/events-stream", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories", None, 200),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/-/users/search",
            Some(
                json!({"expand": ["groups", "platformRoles", "productAccess", "counts.resources"]}),
            ),
            200,
        ),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/users?limit=100", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/users/count", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/users/stats", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/users/GONE", None, 200),
        (Org, "POST", "/admin/v2/orgs/ORG/directories/DIR/users/ACCOUNT/suspend", None, 204),
        (Org, "POST", "/admin/v2/orgs/ORG/directories/DIR/users/ACCOUNT/restore", None, 204),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/-/groups/search",
            Some(json!({"expand": ["counts.users", "counts.resources"]})),
            200,
        ),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/groups", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/groups/count", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/groups/stats", None, 200),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/DIR/groups",
            Some(json!({"name": "made too"})),
            201,
        ),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/groups/GROUP", None, 200),
        (Org, "GET", "/admin/v2/orgs/ORG/directories/-/groups/GROUP/role-assignments", None, 200),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/DIR/groups/GROUP/role-assignments/assign",
            Some(group_role.clone()),
            200,
        ),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/DIR/groups/GROUP/role-assignments/revoke",
            Some(group_role),
            204,
        ),
        (
            Org,
            "POST",
            "/admin/v2/orgs/ORG/directories/DIR/groups/GROUP/memberships",
            Some(member),
            204,
        ),
        (
            Org,
            "DELETE",
            "/admin/v2/orgs/ORG/directories/DIR/groups/GROUP/memberships/ACCOUNT",
            None,
            204,
        ),
        (Org, "POST", "/admin/v2/orgs/ORG/users/invite", Some(invitation), 206),
        (Org, "POST", "/admin/v2/orgs/ORG/workspaces", None, 200),
        (Org, "DELETE", "/admin/v2/orgs/ORG/directories/DIR/groups/GROUP", None, 204),
        (Org, "DELETE", "/admin/v2/orgs/ORG/directories/DIR/users/ACCOUNT", None, 204),
        (Admin, "DELETE", "/rest/api/3/user?accountId=OWNER", None, 204),
        (Org, "GET", "/admin/v2/orgs/ORG/domains", None, 404),
        (Org, "GET", "/admin/v2/orgs/ORG/domains/DOMAIN", None, 404),
        (Org, "GET", "/admin/v2/orgs/ORG/events", None, 404),
        (Org, "GET", "/admin/v2/orgs/ORG/events/EVENT", None, 404),
        (Org, "GET", "/admin/v1/orgs/ORG/users/search", None, 410),
        (Org, "DELETE", "/admin/api-access/v1/orgs/ORG/api-tokens", None, 204),
    ];
    steps.append(&mut provisioning);
    steps.extend(GONE.map(|(method, path)| (Org, method, path, None, 410)));
    steps
}

/// The calls of the user provisioning API.
fn provisioning() -> Vec<Step> {
    use As::{Org, Scim};
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "iprov@banc.ly",
        "emails": [{"value": "iprov@banc.ly", "type": "work", "primary": true}],
        "name": {"givenName": "Ida", "familyName": "Prov"}, "externalId": "e-1", "active": true,
    });
    let mut renamed = user.clone();
    renamed["displayName"] = "Ida Provisioned".into();
    let patch = |operation: Value| {
        let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        json!({"schemas": [schema], "Operations": [operation]})
    };
    let off = patch(json!({"op": "replace", "path": "active", "value": false}));
    let join = patch(json!({"op": "add", "path": "members", "value": [{"value": "PERSON"}]}));
    let team = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "provisioned",
    });
    let unlink = "/admin/user-provisioning/v1/org/ORG/user/SYNCED/onlyDeleteUserInDB";
    let schema = "/scim/directory/PROV/Schemas/urn:ietf:params:scim:schemas";
    let mut steps = vec![
        (Scim, "POST", "/scim/directory/PROV/Users", Some(user), 201),
        (
            Scim,
            "GET",
            "/scim/directory/PROV/Users?filter=userName%20eq%20%22iprov%40banc.ly%22",
            None,
            200,
        ),
        (Scim, "GET", "/scim/directory/PROV/Users/PERSON", None, 200),
        (Scim, "PUT", "/scim/directory/PROV/Users/PERSON", Some(renamed), 200),
        (Scim, "PATCH", "/scim/directory/PROV/Users/PERSON", Some(off), 200),
        (Scim, "POST", "/scim/directory/PROV/Groups", Some(team.clone()), 201),
        (Scim, "GET", "/scim/directory/PROV/Groups?startIndex=1&count=10", None, 200),
        (Scim, "PATCH", "/scim/directory/PROV/Groups/TEAM", Some(join), 200),
        (Scim, "GET", "/scim/directory/PROV/Groups/TEAM", None, 200),
        (Scim, "PUT", "/scim/directory/PROV/Groups/TEAM", Some(team), 200),
        (Scim, "DELETE", "/scim/directory/PROV/Groups/TEAM", None, 204),
        (Scim, "DELETE", "/scim/directory/PROV/Users/PERSON", None, 204),
        (Org, "DELETE", unlink, None, 204),
    ];
    for about in [
        "ServiceProviderConfig",
        "ResourceTypes",
        "ResourceTypes/User",
        "ResourceTypes/Group",
        "Schemas",
    ] {
        let path: &'static str = format!("/scim/directory/PROV/{about}").leak();
        steps.push((Scim, "GET", path, None, 200));
    }
    for name in ["core:2.0:User", "core:2.0:Group", "extension:enterprise:2.0:User"] {
        steps.push((Scim, "GET", format!("{schema}:{name}").leak(), None, 200));
    }
    steps
}

/// The calls of v1 that stopped working after 2026-06-30.
const GONE: [(&str, &str); 12] = [
    ("POST", "/admin/v1/orgs/ORG/users/search"),
    ("POST", "/admin/v1/orgs/ORG/users/invite"),
    ("POST", "/admin/v1/orgs/ORG/directory/users/ACCOUNT/suspend-access"),
    ("POST", "/admin/v1/orgs/ORG/directory/users/ACCOUNT/restore-access"),
    ("DELETE", "/admin/v1/orgs/ORG/directory/users/ACCOUNT"),
    ("POST", "/admin/v1/orgs/ORG/groups/search"),
    ("POST", "/admin/v1/orgs/ORG/directory/groups"),
    ("DELETE", "/admin/v1/orgs/ORG/directory/groups/GROUP"),
    ("POST", "/admin/v1/orgs/ORG/directory/groups/GROUP/roles/assign"),
    ("POST", "/admin/v1/orgs/ORG/directory/groups/GROUP/roles/revoke"),
    ("POST", "/admin/v1/orgs/ORG/directory/groups/GROUP/memberships"),
    ("DELETE", "/admin/v1/orgs/ORG/directory/groups/GROUP/memberships/ACCOUNT"),
];

fn policy(name: &str) -> Value {
    let attributes = json!({
        "type": "ip-allowlist", "name": name, "status": "enabled", "rule": {"in": ["10.0.0.0/8"]},
    });
    json!({"data": {"type": "policy", "attributes": attributes}})
}

/// Sends all of them. Each must be answered with its status.
pub async fn walk(site: &Site) {
    let card = site.sandbox.card().clone();
    let mut names = vec![
        ("ACCOUNT", site.account("vdillow@banc.ly").await),
        ("OWNER", site.account("jfloat@banc.ly").await),
        ("GONE", site.account("dnkosi@banc.ly").await),
        ("GROUP", site.group("oslo-engineering").await),
        ("SYNCED", site.account("ssolheim@banc.ly").await),
        ("PROV", card.scim_directory_id),
        ("ORG", card.org_id),
        ("DIR", card.directory_id),
    ];
    for (who, method, path, body, status) in steps() {
        let fill = |text: &str| {
            names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
        };
        let body =
            body.map(|body| serde_json::from_str::<Value>(&fill(&body.to_string())).unwrap());
        let path = fill(path);
        let answer = site.send(who, method, &path, body.as_ref()).await;
        assert_eq!(answer.status, status, "{method} {path} {:?}", answer.body);
        let id = |answer: &crate::client::Answer| {
            answer.json()["data"][0]["id"].as_str().map(str::to_owned)
        };
        if method == "POST" && path.ends_with("/policies") {
            names.push(("POLICY", answer.json()["data"]["id"].as_str().unwrap().to_owned()));
        } else if method == "POST" && path.starts_with("/scim/") {
            let name = if path.ends_with("/Users") { "PERSON" } else { "TEAM" };
            names.push((name, answer.json()["id"].as_str().unwrap().to_owned()));
        } else if path.starts_with("/admin/v1/") && path.ends_with("/domains") {
            names.push(("DOMAIN", id(&answer).unwrap()));
        } else if path.starts_with("/admin/v1/") && path.ends_with("/events") {
            names.push(("EVENT", id(&answer).unwrap()));
        }
    }
}
