//! User management: permissions, profile, lifecycle.

use serde_json::json;

use crate::client::{As, Site};

async fn path(site: &Site, email: &str, rest: &str) -> String {
    format!("/users/{}/manage{rest}", site.account(email).await)
}

#[tokio::test]
async fn deactivated_is_gone_from_search_inactive_in_the_directory_and_keeps_memberships() {
    let site = Site::new().await;
    let disable = path(&site, "vdillow@banc.ly", "/lifecycle/disable").await;
    let enable = path(&site, "vdillow@banc.ly", "/lifecycle/enable").await;
    let profile = path(&site, "vdillow@banc.ly", "/profile").await;
    let search = "/rest/api/3/user/search?query=vdillow%40banc.ly";
    let directory =
        format!("/admin/v2/orgs/{}/directories/-/users/search", site.sandbox.card().org_id);
    let directory_body = json!({"emails": ["vdillow@banc.ly"], "expand": ["groups"]});
    assert_eq!(site.get(As::Admin, search).await.json().as_array().unwrap().len(), 1);

    site.post(As::Org, &disable, json!({"message": "On 6-month suspension"})).await.expect(204);
    assert_eq!(site.get(As::Admin, search).await.json(), json!([]));
    let account = site.get(As::Org, &profile).await.expect(200).json();
    assert_eq!(account["account"]["account_status"], "inactive");
    let row =
        site.post(As::Org, &directory, directory_body).await.expect(200).json()["data"][0].clone();
    assert_eq!(row["accountStatus"], "inactive");
    assert_eq!(row["status"], "deactivated");
    assert_eq!(row["groups"][0]["name"], "jira-software-users");
    let account = site.account("vdillow@banc.ly").await;
    let user =
        site.get(As::Admin, &format!("/rest/api/3/user?accountId={account}")).await.expect(200);
    assert_eq!(user.json()["active"], false);

    let again = site.send(As::Org, "POST", &disable, None).await.expect(409).json();
    assert_eq!(again["key"], "conflict.lifecycleErrors");
    assert!(again["context"]["errorCodes"][0]["code"].is_string());

    site.send(As::Org, "POST", &enable, None).await.expect(204);
    site.send(As::Org, "POST", &enable, None).await.expect(409);
    assert_eq!(site.get(As::Admin, search).await.json().as_array().unwrap().len(), 1);
    let effects = &site.summary().await["effects"];
    assert_eq!(*effects, json!({"deactivated": 1, "activated": 1}));
}

/// The knowledge base's recipe sends no body, and its address still contains the placeholder.
#[tokio::test]
async fn the_articles_recipe_to_the_letter_and_corrected() {
    let site = Site::new().await;
    let letter = "/users/%7B%7BUser%20Id%7D%7D/manage/lifecycle/disable";
    let answer = site.send(As::Org, "POST", letter, None).await.expect(404);
    assert_eq!(answer.json(), json!({"key": "accountNotFound"}));
    let corrected = path(&site, "ftoten2@banc.ly", "/lifecycle/disable").await;
    site.send(As::Org, "POST", &corrected, None).await.expect(204);
}

#[tokio::test]
async fn refusals_have_their_reasons() {
    let site = Site::new().await;
    for (email, status, key, reason) in [
        ("ssolheim@banc.ly", 403, "forbidden.action", Some("externalDirectory.scim")),
        ("gabiola@banc.ly", 403, "forbidden.action", Some("externalDirectory.google")),
        ("uadeyemi@contractor.example", 403, "forbidden", None),
        ("nyoung@banc.ly", 403, "forbidden.targetUnverified", None),
        ("dnkosi@banc.ly", 409, "conflict.lifecycleErrors", None),
    ] {
        let disable = path(&site, email, "/lifecycle/disable").await;
        let answer = site.post(As::Org, &disable, json!({})).await.expect(status).json();
        assert_eq!(answer["key"], key, "{email}");
        if let Some(reason) = reason {
            let context = json!({"allowed": false, "reason": {"key": reason}});
            assert_eq!(answer["context"], context);
            assert_eq!(answer["errorKey"], "forbidden.action");
            assert_eq!(answer["errorDetail"], context);
        }
    }
    let disable = path(&site, "vdillow@banc.ly", "/lifecycle/disable").await;
    for who in
        [As::Nobody, As::Admin, As::Header("sandbox-org-api-key"), As::Header("Bearer wrong")]
    {
        let answer = site.post(who, &disable, json!({})).await.expect(401);
        assert_eq!(answer.json(), json!({"key": "unauthorized"}));
    }
    site.post(As::Org, &disable, json!({"message": 5})).await.expect(400);
    assert_eq!(site.summary().await["changed"], 0);
}

#[tokio::test]
async fn privileges_tell_beforehand() {
    let site = Site::new().await;
    let asked = "?privileges=lifecycle.enablement";
    let free = path(&site, "vdillow@banc.ly", asked).await;
    let rules = site.get(As::Org, &free).await.expect(200).json();
    assert_eq!(rules, json!({"lifecycle.enablement": {"allowed": true}}));
    let synced = path(&site, "ssolheim@banc.ly", asked).await;
    let rules = site.get(As::Org, &synced).await.expect(200).json();
    let reason = json!({"allowed": false, "reason": {"key": "externalDirectory.scim"}});
    assert_eq!(rules, json!({"lifecycle.enablement": reason}));
    let all = path(&site, "vdillow@banc.ly", "").await;
    let rules = site.get(As::Org, &all).await.expect(200).json();
    assert_eq!(rules.as_object().unwrap().len(), 8);
    assert_eq!(rules["profile.write"]["name"], json!({"allowed": true}));
    let unmanaged = path(&site, "uadeyemi@contractor.example", asked).await;
    site.get(As::Org, &unmanaged).await.expect(403);
    site.get(As::Org, "/users/nobody/manage").await.expect(404);
    site.get(As::Org, "/users/nobody/elsewhere").await.expect(404);
}

#[tokio::test]
async fn deletion_can_be_taken_back() {
    let site = Site::new().await;
    let delete = path(&site, "vdillow@banc.ly", "/lifecycle/delete").await;
    let cancel = path(&site, "vdillow@banc.ly", "/lifecycle/cancel-delete").await;
    let enable = path(&site, "vdillow@banc.ly", "/lifecycle/enable").await;
    site.send(As::Org, "POST", &cancel, None).await.expect(404);
    let done = site.send(As::Org, "POST", &delete, None).await.expect(200).json();
    assert_eq!(done, json!({"message": "Success"}));
    site.send(As::Org, "POST", &delete, None).await.expect(409);
    site.send(As::Org, "POST", &enable, None).await.expect(409);
    site.send(As::Org, "POST", &cancel, None).await.expect(200);
    let profile = path(&site, "vdillow@banc.ly", "/profile").await;
    let account = site.get(As::Org, &profile).await.json();
    assert_eq!(account["account"]["account_status"], "active");
}

#[tokio::test]
async fn mail_and_name_can_be_set() {
    let site = Site::new().await;
    let email = path(&site, "vdillow@banc.ly", "/email").await;
    let profile = path(&site, "vdillow@banc.ly", "/profile").await;
    let put = |body| site.send(As::Org, "PUT", &email, Some(Box::leak(Box::new(body))));
    let elsewhere = put(json!({"email": "v@elsewhere.example"})).await.expect(403).json();
    assert_eq!(elsewhere["context"]["domain"], "elsewhere.example");
    put(json!({"email": "akim@banc.ly"})).await.expect(400);
    put(json!({"email": "no mail"})).await.expect(400);
    put(json!({"email": "verna@banc.ly"})).await.expect(204);
    let patch = |body| site.send(As::Org, "PATCH", &profile, Some(Box::leak(Box::new(body))));
    let named = patch(json!({"name": "Verna D."})).await.expect(200).json();
    assert_eq!(named["account"]["email"], "verna@banc.ly");
    patch(json!({"name": "x".repeat(101)})).await.expect(400);
    let found = site.get(As::Admin, "/rest/api/3/user/search?query=verna%20d.").await.json();
    assert_eq!(found[0]["emailAddress"], "verna@banc.ly");
    let synced = path(&site, "ssolheim@banc.ly", "/profile").await;
    let refused =
        site.send(As::Org, "PATCH", &synced, Some(&json!({"name": "S"}))).await.expect(403);
    assert_eq!(refused.json()["key"], "forbidden.fieldMutation");
}

/// A user who deactivates their own account is locked out at once.
#[tokio::test]
async fn a_token_works_only_while_its_owner_is_active() {
    let site = Site::new().await;
    site.get(As::Admin, "/rest/api/3/myself").await.expect(200);
    let disable = path(&site, "admin@banc.ly", "/lifecycle/disable").await;
    site.send(As::Org, "POST", &disable, None).await.expect(204);
    site.get(As::Admin, "/rest/api/3/myself").await.expect(401);
}
