//! The identity provider's directory (SCIM): its users and groups are those of all other interfaces.

use serde_json::{Value, json};

use crate::client::{As, Site};

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn at(site: &Site, rest: &str) -> String {
    format!("/scim/directory/{}/{rest}", site.sandbox.card().scim_directory_id)
}

fn person(mail: &str, name: &str) -> Value {
    json!({"userName": mail, "displayName": name, "emails": [{"value": mail, "primary": true}]})
}

fn patch(op: &str, path: &str, value: &Value) -> Value {
    json!({"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]})
}

async fn create(site: &Site, kind: &str, body: Value) -> Value {
    site.post(As::Scim, &at(site, kind), body).await.expect(201).json()
}

async fn set(site: &Site, path: &str, body: Value, status: u16) -> Value {
    site.send(As::Scim, "PATCH", &at(site, path), Some(&body)).await.expect(status).json()
}

fn account(user: &Value) -> &str {
    user["urn:scim:schemas:extension:atlassian-external:1.0"]["atlassianAccountId"]
        .as_str()
        .unwrap()
}

async fn row(site: &Site, account: &str) -> Value {
    let path = format!("/admin/v2/orgs/{}/directories/-/users/search", site.sandbox.card().org_id);
    let body = json!({"accountIds": [account], "expand": ["groups"]});
    site.post(As::Org, &path, body).await.expect(200).json()["data"][0].clone()
}

#[tokio::test]
async fn a_user_is_created_deactivated_and_active_again_everywhere() {
    let site = Site::new().await;
    let made = create(&site, "Users", person("ida@banc.ly", "Ida Prov")).await;
    let account = account(&made).to_owned();
    let shown = row(&site, &account).await;
    assert_eq!(shown["managementSource"], "synced");
    assert_eq!(shown["status"], "active");
    let jira = format!("/rest/api/3/user?accountId={account}");
    assert_eq!(site.get(As::Admin, &jira).await.expect(200).json()["displayName"], "Ida Prov");
    let list = format!("/admin/v1/orgs/{}/users", site.sandbox.card().org_id);
    let list = site.get(As::Org, &list).await.expect(200).json();
    assert!(
        list["data"].as_array().unwrap().iter().any(|one| one["account_id"] == account.as_str())
    );
    // The other interfaces leave the account to the identity provider.
    let disable = format!("/users/{account}/manage/lifecycle/disable");
    let refused = site.post(As::Org, &disable, json!({})).await.expect(403).json();
    assert_eq!(refused["context"]["reason"]["key"], "externalDirectory.scim");

    let user = format!("Users/{}", made["id"].as_str().unwrap());
    let off = set(&site, &user, patch("replace", "active", &json!(false)), 200).await;
    assert_eq!(off["active"], false);
    assert_eq!(row(&site, &account).await["status"], "deactivated");
    assert_eq!(site.get(As::Admin, &jira).await.expect(200).json()["active"], false);
    let on = set(&site, &user, patch("Replace", "active", &json!("True")), 200).await;
    assert_eq!(on["active"], true);
    assert_eq!(row(&site, &account).await["status"], "active");
    let renamed = set(&site, &user, patch("replace", "displayName", &json!("Ida New")), 200).await;
    assert_eq!(renamed["displayName"], "Ida New");
    assert_eq!(row(&site, &account).await["name"], "Ida New");
}

#[tokio::test]
async fn a_deleted_user_is_deactivated_and_can_be_created_again() {
    let site = Site::new().await;
    let made = create(&site, "Users", person("ida@banc.ly", "Ida")).await;
    let user = at(&site, &format!("Users/{}", made["id"].as_str().unwrap()));
    site.delete(As::Scim, &user).await.expect(204);
    site.get(As::Scim, &user).await.expect(404);
    site.delete(As::Scim, &user).await.expect(404);
    assert_eq!(row(&site, account(&made)).await["status"], "deactivated");
    let again = create(&site, "Users", person("ida@banc.ly", "Ida")).await;
    assert_eq!(account(&again), account(&made));
    assert_ne!(again["id"], made["id"]);
    assert_eq!(row(&site, account(&made)).await["status"], "active");
}

#[tokio::test]
async fn a_managed_account_is_linked_and_a_provisioned_one_is_a_conflict() {
    let site = Site::new().await;
    let before = site.account("vdillow@banc.ly").await;
    let linked = create(&site, "Users", person("vdillow@banc.ly", "Verna Dillow")).await;
    assert_eq!(account(&linked), before);
    let again = person("vdillow@banc.ly", "Verna Dillow");
    let refused = site.post(As::Scim, &at(&site, "Users"), again).await.expect(409).json();
    assert_eq!(refused["scimType"], "uniqueness");
    assert_eq!(refused["status"], "409");
    for wrong in [
        person("new@elsewhere.example", "Not Verified"),
        json!({"userName": "new@banc.ly"}),
        json!({"emails": [{"value": "new@banc.ly"}]}),
        json!({"userName": 7, "emails": [{"value": "new@banc.ly"}]}),
    ] {
        site.post(As::Scim, &at(&site, "Users"), wrong).await.expect(400);
    }
}

#[tokio::test]
async fn a_group_is_synced_and_its_members_are_records() {
    let site = Site::new().await;
    let ida = create(&site, "Users", person("ida@banc.ly", "Ida")).await;
    let group = create(&site, "Groups", json!({"displayName": "provisioned"})).await;
    let id = site.group("provisioned").await;
    let path = format!("Groups/{}", group["id"].as_str().unwrap());
    let member = json!([{"value": ida["id"]}]);
    let with = set(&site, &path, patch("add", "members", &member), 200).await;
    assert_eq!(with["members"][0]["value"], ida["id"]);
    assert_eq!(row(&site, account(&ida)).await["groups"][0]["name"], "provisioned");
    let user = at(&site, &format!("Users/{}", ida["id"].as_str().unwrap()));
    let user = site.get(As::Scim, &user).await.expect(200).json();
    assert_eq!(user["groups"][0]["value"], group["id"]);

    // The other interfaces show the group and leave it alone.
    let card = site.sandbox.card();
    let directory = format!("/admin/v2/orgs/{}/directories/{}", card.org_id, card.directory_id);
    let shown = site.get(As::Org, &format!("{directory}/groups/{id}")).await.expect(200).json();
    assert_eq!(shown["data"]["externalSynced"], true);
    site.delete(As::Org, &format!("{directory}/groups/{id}")).await.expect(403);
    let join = json!({"accountId": account(&ida)});
    site.post(As::Admin, &format!("/rest/api/3/group/user?groupId={id}"), join).await.expect(403);

    let one = format!("members[value eq \"{}\"]", ida["id"].as_str().unwrap());
    let without = set(&site, &path, patch("remove", &one, &Value::Null), 200).await;
    assert_eq!(without["members"], Value::Null);
    set(&site, &path, patch("replace", "displayName", &json!("other")), 400).await;
    set(&site, &path, patch("add", "members", &json!([{"value": "nobody"}])), 404).await;
    let taken = json!({"displayName": "Oslo-Engineering"});
    site.post(As::Scim, &at(&site, "Groups"), taken).await.expect(409);
    site.delete(As::Scim, &at(&site, &path)).await.expect(204);
    site.delete(As::Scim, &at(&site, &path)).await.expect(404);
}

#[tokio::test]
async fn lists_have_pages_and_one_filter() {
    let site = Site::new().await;
    for n in 0..5 {
        create(&site, "Users", person(&format!("p{n}@banc.ly"), "P")).await;
    }
    let page =
        site.get(As::Scim, &at(&site, "Users?startIndex=3&count=2")).await.expect(200).json();
    assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(6), &json!(2)));
    assert_eq!(page["Resources"].as_array().unwrap().len(), 2);
    let filter = "Users?filter=userName%20eq%20%22P3%40banc.ly%22&attributes=userName";
    let found = site.get(As::Scim, &at(&site, filter)).await.expect(200).json();
    assert_eq!(found["Resources"][0]["userName"], "p3@banc.ly");
    assert_eq!(found["Resources"][0]["emails"], Value::Null);
    for wrong in ["Users?filter=userName%20sw%20%22p%22", "Users?filter=title%20eq%20%22p%22"] {
        let refused = site.get(As::Scim, &at(&site, wrong)).await.expect(400).json();
        assert_eq!(refused["scimType"], "invalidFilter");
    }
    let hidden = site.get(As::Scim, &at(&site, "Groups?excludedAttributes=members")).await;
    assert_eq!(hidden.expect(200).json()["Resources"][0]["members"], Value::Null);
}

#[tokio::test]
async fn the_directory_has_a_key_of_its_own() {
    let site = Site::new().await;
    let users = at(&site, "Users");
    for stranger in [As::Nobody, As::Org, As::Admin, As::Header("Bearer wrong")] {
        let refused = site.get(stranger, &users).await.expect(401);
        assert!(refused.header("content-type").unwrap().starts_with("application/scim+json"));
    }
    site.get(As::Scim, "/scim/directory/elsewhere/Users").await.expect(404);
    site.get(As::Scim, &at(&site, "Elsewhere")).await.expect(404);
    site.send(As::Scim, "DELETE", &at(&site, "Schemas"), None).await.expect(405);
    let org = format!("/admin/v1/orgs/{}", site.sandbox.card().org_id);
    site.get(As::Scim, &org).await.expect(401);
}

#[tokio::test]
async fn an_unlinked_user_stays_and_is_managed_by_hand() {
    let site = Site::new().await;
    let account = site.account("ssolheim@banc.ly").await;
    assert_eq!(row(&site, &account).await["managementSource"], "synced");
    let org = site.sandbox.card().org_id.clone();
    let unlink = format!("/admin/user-provisioning/v1/org/{org}/user/{account}/onlyDeleteUserInDB");
    site.delete(As::Org, &unlink).await.expect(204);
    site.delete(As::Org, &unlink).await.expect(404);
    let shown = row(&site, &account).await;
    assert_eq!(shown["managementSource"], "invited");
    assert_eq!(shown["status"], "active");
    let groups: Vec<_> =
        shown["groups"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(!groups.contains(&&json!("idp-everyone")), "{groups:?}");
    let disable = format!("/users/{account}/manage/lifecycle/disable");
    site.post(As::Org, &disable, json!({})).await.expect(204);
}
