//! Groups and memberships in Jira.

use serde_json::json;

use crate::client::{As, Site};

/// The article's example adds a member by id, twice.
#[tokio::test]
async fn the_articles_example_adds_a_member_once() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let group = site.group("oslo-engineering").await;
    let path = format!("/rest/api/2/group/user?groupId={group}");
    let body = json!({"accountId": account});

    let added = site.post(As::Admin, &path, body.clone()).await.expect(201).json();
    assert_eq!(added["groupId"], json!(group));
    assert_eq!(added["name"], "oslo-engineering");
    assert_eq!(added["users"]["size"], 1);

    let again = site.post(As::Admin, &path, body).await.expect(400).json();
    let text = format!("Cannot add user. User is already a member of '{group}'");
    assert_eq!(again, json!({"errorMessages": [text], "errors": {}}));

    let summary = site.summary().await;
    assert_eq!(summary["effects"], json!({"added-member": 1}));
    assert_eq!(summary["twice"], json!([]));
    let log = site.control("GET", "log?changed=true", None).await;
    let effect = json!({"effect": "added-member", "account": account, "group": group});
    assert_eq!(log["entries"][0]["effects"], json!([effect]));
    assert_eq!(log["entries"][0]["template"], "/rest/api/3/group/user");
}

#[tokio::test]
async fn refusals_of_an_addition() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let group = site.group("oslo-engineering").await;
    let synced = site.group("idp-everyone").await;
    let full = site.group("jira-product-discovery-users").await;
    let by_id = format!("/rest/api/3/group/user?groupId={group}");
    let gone = site.account("mwaiting@banc.ly").await;
    let no_user = "Specified user does not exist or you do not have required permissions";
    for (path, body, status) in [
        (by_id.clone(), json!({}), 400),
        (by_id.clone(), json!({"accountId": 7}), 400),
        (by_id.clone(), json!({"accountId": "x".repeat(129)}), 400),
        (by_id.clone(), json!({"accountId": ""}), 404),
        (by_id.clone(), json!({"accountId": "nobody"}), 404),
        (by_id.clone(), json!({"accountId": gone}), 404),
        (by_id.clone(), json!([account]), 400),
        ("/rest/api/3/group/user".to_owned(), json!({"accountId": account}), 400),
        ("/rest/api/3/group/user?groupId=".to_owned(), json!({"accountId": account}), 404),
        (format!("{by_id}&groupname=Alpha"), json!({"accountId": account}), 400),
        ("/rest/api/3/group/user?groupId=nowhere".to_owned(), json!({"accountId": account}), 404),
        (format!("/rest/api/3/group/user?groupId={synced}"), json!({"accountId": account}), 403),
        (format!("/rest/api/3/group/user?groupId={full}"), json!({"accountId": account}), 400),
    ] {
        let answer = site.post(As::Admin, &path, body.clone()).await;
        assert_eq!(answer.status, status, "{path} {body} {:?}", answer.body);
        assert!(answer.json()["errorMessages"].is_array());
    }
    let unknown = site.post(As::Admin, &by_id, json!({"accountId": "nobody"})).await.json();
    assert_eq!(unknown["errorMessages"], json!([no_user]));
    site.post(As::Plain, &by_id, json!({"accountId": account})).await.expect(403);
    site.post(As::Nobody, &by_id, json!({"accountId": account})).await.expect(401);
    assert_eq!(site.summary().await["changed"], 0);
}

#[tokio::test]
async fn a_name_with_anything_in_it_works_when_it_is_encoded() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    for name in
        ["Team%20%237", "R%26D", "Finance,%20Europe", "50%25%20club%20%2B%20friends", "alpha"]
    {
        let path = format!("/rest/api/3/group/user?groupname={name}");
        site.post(As::Admin, &path, json!({"accountId": account})).await.expect(201);
    }
    let path = format!("/rest/api/3/user/groups?accountId={account}");
    let groups = site.get(As::Admin, &path).await.expect(200).json();
    let names: Vec<_> =
        groups.as_array().unwrap().iter().map(|g| g["name"].as_str().unwrap()).collect();
    for name in ["Team #7", "R&D", "Finance, Europe", "50% club + friends", "alpha"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!names.contains(&"Alpha"));
    // Without encoding, the name ends at this character.
    let cut =
        site.post(As::Admin, "/rest/api/3/group/user?groupname=R&D", json!({"accountId": account}));
    cut.await.expect(404);
}

#[tokio::test]
async fn members_come_in_pages_of_fifty() {
    let site = Site::new().await;
    let people: Vec<_> = (0..120).map(|n| json!({"email": format!("m{n}@banc.ly")})).collect();
    let members: Vec<_> = (0..120)
        .map(|n| json!({"email": format!("m{n}@banc.ly"), "group": "hanoi-legal"}))
        .collect();
    site.control("POST", "seed", Some(json!({"people": people, "memberships": members}))).await;
    let group = site.group("hanoi-legal").await;
    let mut path = format!("/rest/api/3/group/member?groupId={group}&maxResults=1000");
    let mut seen = Vec::new();
    loop {
        let page = site.get(As::Admin, &path).await.expect(200).json();
        assert_eq!(page["maxResults"], 50);
        assert_eq!(page["total"], 120);
        let values = page["values"].as_array().unwrap().clone();
        seen.extend(values.iter().map(|user| user["emailAddress"].to_string()));
        match page["nextPage"].as_str() {
            Some(next) => path = next.strip_prefix(&site.sandbox.card().url).unwrap().to_owned(),
            None => {
                assert_eq!(page["isLast"], true);
                break;
            }
        }
    }
    assert_eq!(seen.len(), 120);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn inactive_members_are_shown_only_when_asked_for() {
    let site = Site::new().await;
    let path = "/rest/api/3/group/member?groupname=Finance,%20Europe";
    assert_eq!(site.get(As::Admin, path).await.expect(200).json()["total"], 0);
    let all = format!("{path}&includeInactiveUsers=true");
    let page = site.get(As::Admin, &all).await.expect(200).json();
    assert_eq!(page["values"][0]["emailAddress"], "dnkosi@banc.ly");
    assert_eq!(page["values"][0]["active"], false);
}

#[tokio::test]
async fn removing_a_member_once_and_twice() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let path = format!("/rest/api/3/group/user?groupname=hanoi-legal&accountId={account}");
    site.delete(As::Admin, &path).await.expect(400);
    site.post(
        As::Admin,
        "/rest/api/3/group/user?groupname=hanoi-legal",
        json!({"accountId": account}),
    )
    .await
    .expect(201);
    let removed = site.delete(As::Admin, &path).await.expect(200);
    assert!(removed.body.is_empty());
    let again = site.delete(As::Admin, &path).await.expect(400).json();
    assert!(again["errorMessages"][0].as_str().unwrap().contains("not a member"));
    let path = format!("/rest/api/3/group/user?groupname=hanoi-legal&accountId={account}x");
    site.delete(As::Admin, &path).await.expect(404);
}

#[tokio::test]
async fn groups_are_resolved_created_picked_and_deleted() {
    let site = Site::new().await;
    let path = "/rest/api/3/group/bulk?groupName=oslo-engineering&groupName=ALPHA&groupName=R%26D&groupName=alpha";
    let page = site.get(As::Admin, path).await.expect(200).json();
    let names: Vec<_> = page["values"].as_array().unwrap().iter().map(|g| &g["name"]).collect();
    assert_eq!(names, ["oslo-engineering", "R&D", "alpha"]);
    assert_eq!(page["isLast"], true);
    let product = "/rest/api/3/group/bulk?accessType=user&applicationKey=jira-software";
    let page = site.get(As::Admin, product).await.expect(200).json();
    assert_eq!(page["values"][0]["name"], "jira-software-users");
    site.get(As::Admin, "/rest/api/3/group/bulk?accessType=odd").await.expect(400);

    let made = site.post(As::Admin, "/rest/api/3/group", json!({"name": "New & odd"})).await;
    let made = made.expect(201).json();
    site.post(As::Admin, "/rest/api/3/group", json!({"name": "new & ODD"})).await.expect(400);
    site.post(As::Admin, "/rest/api/3/group", json!({"name": ""})).await.expect(400);
    site.post(As::Admin, "/rest/api/3/group", json!({"name": "x".repeat(256)})).await.expect(400);
    site.post(As::Plain, "/rest/api/3/group", json!({"name": "no"})).await.expect(403);
    let picked = site.get(As::Admin, "/rest/api/3/groups/picker?query=%26%20odd").await.expect(200);
    let picked = picked.json();
    assert_eq!(picked["groups"][0]["html"], "New <b>&amp; odd</b>");
    assert_eq!(picked["header"], "Showing 1 of 1 matching groups");
    assert_eq!(site.get(As::Nobody, "/rest/api/3/groups/picker?query=a").await.json()["total"], 0);

    let one = format!("/rest/api/3/group?groupId={}", made["groupId"].as_str().unwrap());
    assert_eq!(site.get(As::Admin, &one).await.expect(200).json()["name"], "New & odd");
    site.delete(As::Admin, &one).await.expect(200);
    site.get(As::Admin, &one).await.expect(404);
    site.delete(As::Admin, "/rest/api/3/group?groupname=idp-everyone").await.expect(403);
}

#[tokio::test]
async fn confluence_fails_if_no_seat_is_left() {
    let site = Site::new().await;
    let add = "/wiki/rest/api/group/userByGroupId?groupId=";
    let add = format!("{add}{}", site.group("jira-product-discovery-users").await);
    let body = json!({"accountId": site.account("vdillow@banc.ly").await});
    let broken = site.post(As::Admin, &add, body.clone()).await.expect(500).json();
    assert!(broken["message"].as_str().unwrap().contains("HystrixRuntimeException"));
    let seats = json!({"seats": [{"product": "jira-product-discovery", "seats": 2}]});
    site.control("POST", "seed", Some(seats)).await;
    site.post(As::Admin, &add, body.clone()).await.expect(201);
    site.post(As::Admin, &add, body.clone()).await.expect(201);
    site.post(As::Plain, &add, body).await.expect(403);
    assert_eq!(site.summary().await["changed"], 1);
}
