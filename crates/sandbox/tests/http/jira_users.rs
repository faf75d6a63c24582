//! Users in Jira: read the own account, create, read, remove from the site.

use headcount_sandbox::Config;
use serde_json::json;

use crate::client::{As, Site};

#[tokio::test]
async fn myself_shows_the_kind_of_credentials() {
    let site = Site::new().await;
    let me = site.get(As::Admin, "/rest/api/3/myself").await.expect(200).json();
    assert_eq!(me["emailAddress"], "admin@banc.ly");
    assert_eq!(me["active"], true);
    assert_eq!(me["accountType"], "atlassian");
    assert_eq!(me["groups"]["items"], json!([]));
    for who in
        [As::Nobody, As::Org, As::Header("Basic bm9ib2R5OnRva2Vu"), As::Header("sandbox-api-token")]
    {
        site.get(who, "/rest/api/3/myself").await.expect(401);
    }
}

#[tokio::test]
async fn permissions_are_the_callers() {
    let site = Site::new().await;
    let path = "/rest/api/3/mypermissions?permissions=ADMINISTER,USER_PICKER";
    for (who, administers, browses) in
        [(As::Admin, true, true), (As::Plain, false, true), (As::Nobody, false, false)]
    {
        let has = site.get(who, path).await.expect(200).json();
        assert_eq!(has["permissions"]["ADMINISTER"]["havePermission"], administers);
        assert_eq!(has["permissions"]["USER_PICKER"]["havePermission"], browses);
    }
    for wrong in ["", "?permissions=FLY"] {
        site.get(As::Admin, &format!("/rest/api/3/mypermissions{wrong}")).await.expect(400);
    }
}

#[tokio::test]
async fn a_created_user_is_found_everywhere() {
    let site = Site::new().await;
    let body = json!({"emailAddress": "new@banc.ly", "products": ["jira-software"]});
    let made = site.post(As::Admin, "/rest/api/3/user", body.clone()).await.expect(201).json();
    let account = made["accountId"].as_str().unwrap();
    assert!(account.starts_with("712020:"), "{account}");
    assert_eq!(made["applicationRoles"]["size"], 1);

    let again = site.post(As::Admin, "/rest/api/2/user", body).await.expect(201).json();
    assert_eq!(again["accountId"], made["accountId"]);
    let summary = site.summary().await;
    assert_eq!(summary["effects"], json!({"created-user": 1}));
    assert_eq!(summary["already"], 1);

    let found = site.get(As::Admin, "/rest/api/3/user/search?query=new%40banc.ly").await.json();
    assert_eq!(found[0]["accountId"], made["accountId"]);
    let path = format!("/admin/v2/orgs/{}/directories/-/users/search", site.sandbox.card().org_id);
    let found = site.post(As::Org, &path, json!({"emails": ["NEW@banc.ly"]})).await.expect(200);
    assert_eq!(found.json()["data"][0]["accountId"], made["accountId"]);
}

#[tokio::test]
async fn refusals_of_a_creation() {
    let site = Site::new().await;
    let create = |body| site.post(As::Admin, "/rest/api/3/user", body);
    let text = "You must specify the products that user can access.";
    // The first recipe of the knowledge base has no products.
    let answer = create(json!({"emailAddress": "new@banc.ly"})).await.expect(400).json();
    assert_eq!(answer, json!({"errorMessages": [text], "errors": {}}));
    for bad in [
        json!({"products": []}),
        json!({"emailAddress": "", "products": []}),
        json!({"emailAddress": 5, "products": []}),
        json!({"emailAddress": "{{emailAddress}}", "products": []}),
        json!({"emailAddress": "new@banc.ly", "products": "jira-software"}),
        // Two products in one cell arrive as one text.
        json!({"emailAddress": "new@banc.ly", "products": ["jira-software,jira-core"]}),
        json!({"emailAddress": "new@banc.ly", "products": ["jira-core", "jira-core"]}),
        json!({"emailAddress": "new@banc.ly", "products": [7]}),
        json!("new@banc.ly"),
        // The user is on the site without access to Jira; the reasons differ.
        json!({"emailAddress": "nnoaccess@banc.ly", "products": ["jira-software"]}),
        json!({"emailAddress": "dnkosi@banc.ly", "products": ["jira-software"]}),
        json!({"emailAddress": "sferreira@banc.ly", "products": ["jira-software"]}),
        // The only license is used.
        json!({"emailAddress": "new@banc.ly", "products": ["jira-product-discovery"]}),
    ] {
        let answer = create(bad.clone()).await;
        assert_eq!(answer.status, 400, "{bad} {:?}", answer.body);
    }
    let body = json!({"emailAddress": "new@banc.ly", "products": []});
    site.post(As::Plain, "/rest/api/3/user", body.clone()).await.expect(403);
    site.post(As::Org, "/rest/api/3/user", body).await.expect(401);
    site.send(As::Admin, "POST", "/rest/api/3/user", None).await.expect(415);
    assert_eq!(site.summary().await["changed"], 0);
}

/// Older clients send fields that no longer exist; the site accepts and ignores them.
#[tokio::test]
async fn creation_without_a_product_and_with_old_fields() {
    let site = Site::new().await;
    let body = json!({
        "emailAddress": "New@elsewhere.example", "products": [], "displayName": "New N.", "password": "p",
        "name": "new", "key": "new", "notification": "true", "applicationKeys": ["jira-software"],
    });
    let made = site.post(As::Admin, "/rest/api/3/user", body).await.expect(201).json();
    assert_eq!(made["applicationRoles"]["size"], 0);
    assert_eq!(made["displayName"], "New@elsewhere.example");
    let state = site.control("GET", "state?only=people&email=new@elsewhere.example", None).await;
    assert_eq!(state["people"][0]["managed"], false);
    // From now on the user is there, without access.
    let again = json!({"emailAddress": "new@elsewhere.example", "products": ["jira-core"]});
    site.post(As::Admin, "/rest/api/3/user", again).await.expect(400);
}

#[tokio::test]
async fn a_missing_product_is_given_and_takes_a_seat() {
    let site = Site::new().await;
    let seats = json!({"seats": [{"product": "jira-core", "seats": 1}]});
    site.control("POST", "seed", Some(seats)).await;
    let create = |email: &str| {
        let body = json!({"emailAddress": email, "products": ["jira-software", "jira-core"]});
        let site = &site;
        async move { site.post(As::Admin, "/rest/api/3/user", body).await }
    };
    let given = create("vdillow@banc.ly").await.expect(201).json();
    assert_eq!(given["applicationRoles"]["size"], 2);
    create("vdillow@banc.ly").await.expect(201);
    create("ftoten2@banc.ly").await.expect(400);
    let counts = site.control("GET", "state?only=counts", None).await;
    assert_eq!(counts["counts"]["seats"]["jira-core"], json!({"used": 1, "limit": 1}));
}

#[tokio::test]
async fn taken_off_the_site_and_invited_again() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let path = format!("/rest/api/3/user?accountId={account}");
    site.delete(As::Plain, &path).await.expect(403);
    site.delete(As::Admin, &path).await.expect(204);
    site.delete(As::Admin, &path).await.expect(404);
    site.get(As::Admin, &path).await.expect(404);
    // "previously deleted users that have an Atlassian account" stay in the list of all.
    let all = site.get(As::Admin, "/rest/api/3/users/search?maxResults=1000").await.json();
    let removed = all.as_array().unwrap().iter().find(|user| user["accountId"] == json!(account));
    assert_eq!(removed.unwrap()["active"], false);
    let body = json!({"emailAddress": "vdillow@banc.ly", "products": ["jira-software"]});
    let back = site.post(As::Admin, "/rest/api/3/user", body).await.expect(201).json();
    assert_eq!(back["accountId"], json!(account));
    let effects = site.summary().await["effects"].clone();
    assert_eq!(effects, json!({"removed-user": 1, "returned-user": 1}));

    let me = site.account("admin@banc.ly").await;
    site.delete(As::Admin, &format!("/rest/api/3/user?accountId={me}")).await.expect(400);
    let synced = site.account("ssolheim@banc.ly").await;
    site.delete(As::Admin, &format!("/rest/api/3/user?accountId={synced}")).await.expect(400);
    site.delete(As::Admin, "/rest/api/3/user").await.expect(400);
    site.delete(As::Admin, "/rest/api/3/user?accountId=").await.expect(404);
    site.get(As::Admin, "/rest/api/3/user?username=vdillow").await.expect(400);
}

#[tokio::test]
async fn a_hidden_mail_is_not_shown_and_found_whole_only() {
    let site = Site::new().await;
    let account = site.account("hvinter@banc.ly").await;
    let user =
        site.get(As::Admin, &format!("/rest/api/3/user?accountId={account}")).await.expect(200);
    assert_eq!(user.json().get("emailAddress"), None);
    let search = |query: &str| {
        let path = format!("/rest/api/3/user/search?query={query}");
        let site = &site;
        async move { site.get(As::Admin, &path).await.expect(200).json().as_array().unwrap().len() }
    };
    assert_eq!(search("hvinter@banc").await, 0);
    assert_eq!(search("hvinter@banc.ly").await, 1);
    assert_eq!(search("henrik%20v").await, 1);
    assert_eq!(search("alex+kim").await, 2, "two people of one name");
    assert_eq!(search("dnkosi").await, 0, "deactivated");
    assert_eq!(search("j%C3%B6rg").await, 1);
    site.get(As::Admin, "/rest/api/3/user/search").await.expect(400);
    site.get(As::Admin, "/rest/api/3/user/search?query=a&accountId=b").await.expect(400);
    site.get(As::Admin, "/rest/api/3/user/search?query=a&startAt=x").await.expect(400);
}

#[tokio::test]
async fn the_search_ends_at_the_thousandth() {
    let site = Site::with(Config { people: Some(3_000), ..Config::default() }).await;
    let count = |start: usize| {
        let path = format!("/rest/api/3/user/search?query=user&startAt={start}&maxResults=5000");
        let site = &site;
        async move { site.get(As::Admin, &path).await.expect(200).json().as_array().unwrap().len() }
    };
    assert_eq!(count(0).await, 1000);
    assert_eq!(count(990).await, 10);
    assert_eq!(count(1000).await, 0);
    let mut all = 0;
    loop {
        let path = format!("/rest/api/3/users/search?startAt={all}&maxResults=1000");
        let page = site.get(As::Admin, &path).await.expect(200).json().as_array().unwrap().len();
        assert!(page <= 1000);
        all += page;
        if page == 0 {
            break;
        }
    }
    let counts = site.control("GET", "state?only=counts", None).await;
    assert_eq!(counts["counts"]["people"], 3_000);
    assert!(all > 2_700 && all < 3_000, "those who never were on the site are missing: {all}");
}

#[tokio::test]
async fn users_by_id_come_in_pages() {
    let site = Site::new().await;
    let mut query = String::new();
    for email in ["vdillow@banc.ly", "ftoten2@banc.ly", "vdillow@banc.ly", "dnkosi@banc.ly"] {
        query.push_str(&format!("accountId={}&", site.account(email).await));
    }
    let path = format!("/rest/api/3/user/bulk?{query}accountId=nobody&maxResults=2");
    let page = site.get(As::Admin, &path).await.expect(200).json();
    assert_eq!(page["total"], 3);
    assert_eq!(page["isLast"], false);
    let next = page["nextPage"].as_str().unwrap().strip_prefix(&site.sandbox.card().url).unwrap();
    let last = site.get(As::Admin, next).await.expect(200).json();
    assert_eq!(last["values"][0]["active"], false);
    assert_eq!(last["isLast"], true);
    site.get(As::Admin, "/rest/api/3/user/bulk").await.expect(400);
}
