//! All interfaces show the same organization: a change through one is visible in the others.

use serde_json::{Value, json};

use crate::client::{As, Site};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn directory_row(site: &Site, account: &str) -> Value {
    let card = site.sandbox.card();
    let path = format!("/admin/v2/orgs/{}/directories/-/users/search", card.org_id);
    let body = json!({"accountIds": [account], "expand": ["productAccess", "groups"]});
    site.post(As::Org, &path, body).await.expect(200).json()["data"][0].clone()
}

async fn found_by_jira(site: &Site, query: &str) -> usize {
    let path = format!("/rest/api/3/user/search?query={query}");
    site.get(As::Admin, &path).await.expect(200).json().as_array().unwrap().len()
}

/// The action and the user of the newest event.
async fn newest_event(site: &Site) -> (String, String) {
    let path = format!("/admin/v1/orgs/{}/events?limit=1", site.sandbox.card().org_id);
    let event = site.get(As::Org, &path).await.expect(200).json()["data"][0]["attributes"].take();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&event["action"]), text(&event["context"][0]["id"]))
}

#[tokio::test]
async fn the_life_of_an_account_shows_everywhere() {
    let site = Site::new().await;
    let card = site.sandbox.card().clone();
    let invite = format!("/admin/v2/orgs/{}/users/invite", card.org_id);
    let role = json!({"resource": "ari:cloud:jira-software::site/1", "role": "atlassian/user"});
    let body = json!({"emails": ["ida@banc.ly"], "permissionRules": [role]});
    let made = site.post(As::Org, &invite, body).await.expect(200).json();
    let account = made["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(found_by_jira(&site, "ida@banc.ly").await, 1);
    let row = directory_row(&site, &account).await;
    assert_eq!(row["status"], "active");
    assert_eq!(row["productAccess"][0]["key"], "jira-software");

    let lifecycle = |what: &str| format!("/users/{account}/manage/lifecycle/{what}");
    let send = async |what: &str, status: u16| {
        site.send(As::Org, "POST", &lifecycle(what), None).await.expect(status);
    };
    send("disable", 204).await;
    assert_eq!(found_by_jira(&site, "ida@banc.ly").await, 0);
    assert_eq!(directory_row(&site, &account).await["accountStatus"], "inactive");
    assert_eq!(newest_event(&site).await, ("user_deactivated".to_owned(), account.clone()));
    send("enable", 204).await;

    let place = |what: &str| {
        let base = format!("/admin/v2/orgs/{}/directories/{}", card.org_id, card.directory_id);
        format!("{base}/users/{account}/{what}")
    };
    site.send(As::Org, "POST", &place("suspend"), None).await.expect(204);
    assert_eq!(found_by_jira(&site, "ida@banc.ly").await, 0);
    assert_eq!(directory_row(&site, &account).await["membershipStatus"], "suspended");
    site.send(As::Org, "POST", &place("restore"), None).await.expect(204);

    send("delete", 200).await;
    let one = site.get(As::Org, place("").trim_end_matches('/')).await.expect(200).json();
    assert_eq!(one["data"]["status"], "for_deletion");
    site.control("POST", "clock", Some(json!({"step_ms": 13 * DAY_MS}))).await;
    assert_eq!(directory_row(&site, &account).await["accountStatus"], "inactive");
    send("cancel-delete", 200).await;
    assert_eq!(found_by_jira(&site, "ida@banc.ly").await, 1);
    send("delete", 200).await;
    site.control("POST", "clock", Some(json!({"step_ms": 14 * DAY_MS}))).await;
    send("cancel-delete", 404).await;
    assert_eq!(newest_event(&site).await, ("user_deleted".to_owned(), account.clone()));
    let user = format!("/rest/api/3/user?accountId={account}");
    site.get(As::Admin, &user).await.expect(404);
    assert_eq!(directory_row(&site, &account).await["accountStatus"], "closed");
    // The address is free again, for another account.
    let body = json!({"emailAddress": "ida@banc.ly", "products": []});
    let again = site.post(As::Admin, "/rest/api/3/user", body).await.expect(201).json();
    assert_ne!(again["accountId"], json!(account));
}

#[tokio::test]
async fn a_product_for_an_existing_user_is_an_effect_and_an_event() {
    let site = Site::new().await;
    let body = json!({"emailAddress": "vdillow@banc.ly", "products": ["jira-core"]});
    site.post(As::Admin, "/rest/api/3/user", body.clone()).await.expect(201);
    let summary = site.summary().await;
    assert_eq!(summary["changed"], 1);
    assert_eq!(summary["effects"]["added-member"], 1);
    assert_eq!(newest_event(&site).await.0, "user_added_to_group");
    site.post(As::Admin, "/rest/api/3/user", body).await.expect(201);
    assert_eq!(site.summary().await["changed"], 1);
}

#[tokio::test]
async fn an_app_given_to_a_group_is_given_to_its_members_within_the_seats() {
    let site = Site::new().await;
    let card = site.sandbox.card().clone();
    let account = site.account("nnoaccess@banc.ly").await;
    let add = "/rest/api/3/group/user?groupname=hanoi-legal";
    site.post(As::Admin, add, json!({"accountId": account})).await.expect(201);
    let base = format!("/admin/v2/orgs/{}/directories/{}", card.org_id, card.directory_id);
    let base = format!("{base}/groups/{}/role-assignments", site.group("hanoi-legal").await);
    let role = |product: &str| json!({"resourceId": format!("ari:cloud:{product}::site/1"), "roleId": "atlassian/user"});
    let full = role("jira-product-discovery");
    site.post(As::Org, &format!("{base}/assign"), full).await.expect(409);
    let core = role("jira-core");
    site.post(As::Org, &format!("{base}/assign"), core.clone()).await.expect(200);
    assert_eq!(newest_event(&site).await.0, "group_granted_product_access");
    let row = directory_row(&site, &account).await;
    assert_eq!(row["productAccess"][0]["key"], "jira-core");
    site.post(As::Org, &format!("{base}/assign"), role("jira-servicedesk")).await.expect(400);
    site.post(As::Org, &format!("{base}/revoke"), core.clone()).await.expect(204);
    site.post(As::Org, &format!("{base}/revoke"), core).await.expect(204);
    assert_eq!(directory_row(&site, &account).await["productAccess"], json!([]));
}

/// A role of the user's own is `direct` and takes a seat once; revoking it leaves what comes through a group.
#[tokio::test]
async fn a_users_own_role_is_separate_from_those_of_the_groups() {
    let site = Site::new().await;
    let card = site.sandbox.card().clone();
    let account = site.account("nnoaccess@banc.ly").await;
    let one = format!("/admin/v1/orgs/{}/users/{account}/roles", card.org_id);
    let held =
        format!("/admin/v2/orgs/{}/directories/-/users/{account}/role-assignments", card.org_id);
    let role = |role: &str| json!({"resource": "ari:cloud:jira-core::site/1", "role": format!("atlassian/{role}")});
    let methods = async || {
        let rows = site.get(As::Org, &held).await.expect(200).json();
        rows["data"][0]["roleAssignments"].clone()
    };
    site.post(As::Org, &format!("{one}/assign"), role("viewer")).await.expect(400);
    site.post(As::Org, &format!("{one}/assign"), role("contributor")).await.expect(204);
    assert_eq!(directory_row(&site, &account).await["productAccess"], json!([]));
    site.post(As::Org, &format!("{one}/assign"), role("user")).await.expect(204);
    assert_eq!(newest_event(&site).await.0, "user_granted_role");
    assert_eq!(directory_row(&site, &account).await["productAccess"][0]["key"], "jira-core");
    let group = site.group("hanoi-legal").await;
    let add = "/rest/api/3/group/user?groupname=hanoi-legal";
    site.post(As::Admin, add, json!({"accountId": account})).await.expect(201);
    let give = format!(
        "/admin/v2/orgs/{}/directories/{}/groups/{group}/role-assignments/assign",
        card.org_id, card.directory_id
    );
    let body = json!({"resourceId": "ari:cloud:jira-core::site/1", "roleId": "atlassian/user"});
    site.post(As::Org, &give, body).await.expect(200);
    let both = json!([
        {"role": "atlassian/user", "roleAssignmentMethods": ["direct", "group_direct"]},
        {"role": "atlassian/contributor", "roleAssignmentMethods": ["direct"]},
    ]);
    assert_eq!(methods().await, both);
    site.post(As::Org, &format!("{one}/revoke"), role("contributor")).await.expect(204);
    site.post(As::Org, &format!("{one}/revoke"), role("user")).await.expect(204);
    site.post(As::Org, &format!("{one}/revoke"), role("user")).await.expect(204);
    assert_eq!(
        methods().await,
        json!([{"role": "atlassian/user", "roleAssignmentMethods": ["group_direct"]}])
    );
    assert_eq!(directory_row(&site, &account).await["productAccess"][0]["key"], "jira-core");
}

/// Tokens of a seed are listed by user and for the whole organization until they are revoked.
#[tokio::test]
async fn tokens_of_a_seed_are_listed_and_revoked() {
    let site = Site::new().await;
    let token = json!({"id": "t-1", "label": "ci", "made_ms": 1_700_000_000_000_u64, "used_ms": 1_710_000_000_000_u64});
    let person = json!({"account_id": "tok-1", "email": "tok@banc.ly", "tokens": [token]});
    site.control("POST", "seed", Some(json!({"people": [person]}))).await;
    let all = format!("/admin/api-access/v1/orgs/{}/api-tokens", site.sandbox.card().org_id);
    let of = "/users/tok-1/manage/api-tokens";
    let listed =
        async || site.get(As::Org, &all).await.expect(200).json()["data"].as_array().unwrap().len();
    assert_eq!(listed().await, 4);
    let row = site.get(As::Org, of).await.expect(200).json()[0].clone();
    assert_eq!(
        (&row["id"], &row["lastAccess"]),
        (&json!("t-1"), &json!("2024-03-09T16:00:00.000Z"))
    );
    assert_eq!(row.get("expiry"), None);
    site.send(As::Org, "DELETE", &format!("{of}/t-1"), None).await.expect(204);
    site.send(As::Org, "DELETE", &format!("{of}/t-1"), None).await.expect(404);
    assert_eq!((listed().await, site.get(As::Org, of).await.json()), (3, json!([])));
}

#[tokio::test]
async fn who_does_not_pay_cannot_invite_into_an_app() {
    let site = Site::new().await;
    site.control("POST", "seed", Some(json!({"paid": false}))).await;
    let invite = format!("/admin/v2/orgs/{}/users/invite", site.sandbox.card().org_id);
    let role = json!({"resource": "ari:cloud:jira-software::site/1", "role": "atlassian/user"});
    let body = json!({"emails": ["ida@banc.ly"], "permissionRules": [role]});
    let refused = site.post(As::Org, &invite, body).await.expect(402).json();
    assert_eq!(refused["errors"][0]["code"], "ADMIN-UAM-402-1");
}
