//! Users in Jira: who am I, create, look, take off the site.

use serde_json::json;

use crate::client::{As, Site};

#[tokio::test]
async fn myself_tells_the_kind_of_credentials() {
    let site = Site::new().await;
    let me = site
        .get(As::Admin, "/rest/api/3/myself")
        .await
        .expect(200)
        .json();
    assert_eq!(me["emailAddress"], "admin@banc.ly");
    assert_eq!(me["active"], true);
    assert_eq!(me["accountType"], "atlassian");
    assert_eq!(me["groups"]["items"], json!([]));
    for who in [
        As::Nobody,
        As::Org,
        As::Header("Basic bm9ib2R5OnRva2Vu"),
        As::Header("sandbox-api-token"),
    ] {
        site.get(who, "/rest/api/3/myself").await.expect(401);
    }
}

#[tokio::test]
async fn a_created_user_is_found_everywhere() {
    let site = Site::new().await;
    let body = json!({"emailAddress": "new@banc.ly", "products": ["jira-software"]});
    let made = site
        .post(As::Admin, "/rest/api/3/user", body.clone())
        .await
        .expect(201)
        .json();
    let account = made["accountId"].as_str().unwrap();
    assert!(account.starts_with("712020:"), "{account}");
    assert_eq!(made["applicationRoles"]["size"], 1);

    let again = site
        .post(As::Admin, "/rest/api/2/user", body)
        .await
        .expect(201)
        .json();
    assert_eq!(again["accountId"], made["accountId"]);
    let summary = site.summary().await;
    assert_eq!(summary["effects"], json!({"created-user": 1}));
    assert_eq!(summary["already"], 1);

    let found = site
        .get(As::Admin, "/rest/api/3/user/search?query=new%40banc.ly")
        .await
        .json();
    assert_eq!(found[0]["accountId"], made["accountId"]);
    let path = format!(
        "/admin/v2/orgs/{}/directories/-/users/search",
        site.sandbox.card().org_id
    );
    let found = site
        .post(As::Org, &path, json!({"emails": ["NEW@banc.ly"]}))
        .await
        .expect(200);
    assert_eq!(found.json()["data"][0]["accountId"], made["accountId"]);
}
