//! The organization's API: directory, people, groups, memberships, invitations, events.

use serde_json::{Value, json};

use crate::client::{As, Site};

fn path(site: &Site, rest: &str) -> String {
    let card = site.sandbox.card();
    let rest = rest.replace("DIR", &card.directory_id);
    format!("/admin/v2/orgs/{}/{rest}", card.org_id)
}

fn names(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().unwrap();
    data.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_are_found_by_exact_mails() {
    let site = Site::new().await;
    let search = path(&site, "directories/-/users/search");
    let emails = json!({"emails": ["vdillow@banc.ly", "VDILLOW@banc.ly", "hvinter@banc.ly", "nobody@banc.ly", "dnkosi@banc.ly"]});
    let page = site.post(As::Org, &search, emails).await.expect(200).json();
    assert_eq!(names(&page), ["Verna Dillow", "Dumisani Nkosi", "Henrik Vinter"]);
    assert_eq!(page["links"]["next"], Value::Null);
    let row = &page["data"][0];
    assert_eq!(row["claimStatus"], "managed");
    assert_eq!(row["managementSource"], "invited");
    assert_eq!(row["membershipStatus"], "active");
    assert_eq!(row["groups"], Value::Null, "only with expand");
    for bad in [
        json!({"emails": (0..101).map(|n| format!("{n}@banc.ly")).collect::<Vec<_>>()}),
        json!({"emails": []}),
        json!({"emails": "vdillow@banc.ly"}),
        json!({"emails": ["a@banc.ly", "b@banc.ly", "a@banc.ly"]}),
        json!({"expand": ["groups", "groups"]}),
        json!({"emails": ["a@banc.ly"], "searchTerm": "a"}),
        json!({"accountIds": (0..11).map(|n| n.to_string()).collect::<Vec<_>>()}),
        json!({"limit": 101}),
        json!({"limit": 0}),
        json!({"expand": ["everything"]}),
        json!({"claimStatus": "mine"}),
        json!({"cursor": "not one"}),
        json!([]),
    ] {
        let answer = site.post(As::Org, &search, bad.clone()).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.json()["errors"][0]["code"].as_str().unwrap().starts_with("ADMIN-400-"));
    }
}

#[tokio::test]
async fn pages_go_on_by_cursor_and_end() {
    let site = Site::new().await;
    let search = path(&site, "directories/DIR/users/search");
    let mut body = json!({"limit": 4, "claimStatus": "managed"});
    let mut seen = Vec::new();
    loop {
        let page = site.post(As::Org, &search, body).await.expect(200).json();
        seen.extend(names(&page));
        match page["links"]["next"].as_str() {
            // The cursor alone carries the filters.
            Some(next) => body = json!({"cursor": next}),
            None => break,
        }
    }
    let count = path(&site, "directories/DIR/users/count?claimStatus=managed");
    let count = site.get(As::Org, &count).await.expect(200).json();
    assert_eq!(json!(seen.len()), count["count"]);
    assert!(!seen.contains(&"Uche Adeyemi".to_owned()), "unmanaged");
    assert!(!seen.contains(&"Miro Waiting".to_owned()), "not in the directory");
    let everywhere = path(&site, "directories/-/users?claimStatus=managed&limit=100");
    let all = names(&site.get(As::Org, &everywhere).await.expect(200).json());
    assert_eq!(all.len(), seen.len() + 1);
}

#[tokio::test]
async fn groups_are_found_by_name_whatever_their_case() {
    let site = Site::new().await;
    let search = path(&site, "directories/-/groups/search");
    let body = json!({"groupNames": ["ALPHA", "r&d", "idp-everyone", "nothing"], "expand": ["counts.users"]});
    let page = site.post(As::Org, &search, body).await.expect(200).json();
    assert_eq!(names(&page), ["Alpha", "alpha", "R&D", "idp-everyone"]);
    assert_eq!(page["data"][3]["externalSynced"], true);
    assert_eq!(page["data"][3]["counts"]["users"], 2);
    site.post(As::Org, &search, json!({"groupNames": ["a"], "groupIds": ["b"]})).await.expect(400);
    site.post(As::Org, &search, json!({"groupNames": ["a", "a"]})).await.expect(400);
    site.post(As::Org, &search, json!({"groupIds": ["a", "b", "a"]})).await.expect(400);
    let all = site.send(As::Org, "POST", &search, None).await.expect(200).json();
    assert_eq!(all["data"].as_array().unwrap().len(), 20, "20 a page unless told");
    assert!(all["links"]["next"].is_string());
}

#[tokio::test]
async fn suspended_people_come_back_with_their_groups() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let user = path(&site, &format!("directories/DIR/users/{account}"));
    let post = |what: &str| {
        let path = format!("{user}/{what}");
        let site = &site;
        async move { site.send(As::Org, "POST", &path, None).await.expect(204) }
    };
    post("suspend").await;
    post("suspend").await;
    let details = site.get(As::Org, &user).await.expect(200).json();
    assert_eq!(details["data"]["status"], "suspended");
    let search = site.get(As::Admin, "/rest/api/3/user/search?query=vdillow").await.json();
    assert_eq!(search, json!([]));
    post("restore").await;
    let groups = format!("/rest/api/3/user/groups?accountId={account}");
    assert_eq!(site.get(As::Admin, &groups).await.json()[0]["name"], "jira-software-users");
    let effects = site.summary().await["effects"].clone();
    assert_eq!(effects, json!({"suspended": 1, "restored": 1}));

    site.delete(As::Org, &user).await.expect(204);
    site.delete(As::Org, &user).await.expect(404);
    site.get(As::Admin, &groups).await.expect(404);
    let synced = site.account("ssolheim@banc.ly").await;
    let synced = path(&site, &format!("directories/DIR/users/{synced}"));
    site.delete(As::Org, &synced).await.expect(403);
    let nowhere = path(&site, &format!("directories/elsewhere/users/{account}"));
    site.get(As::Org, &nowhere).await.expect(404);
}

#[tokio::test]
async fn groups_and_memberships_are_written() {
    let site = Site::new().await;
    let groups = path(&site, "directories/DIR/groups");
    let made = site.post(As::Org, &groups, json!({"name": "made here", "description": "d"})).await;
    assert!(made.expect(201).body.is_empty());
    let id = site.group("made%20here").await;
    site.post(As::Org, &groups, json!({"name": "MADE here"})).await.expect(409);
    site.post(As::Org, &groups, json!({})).await.expect(400);
    let account = site.account("vdillow@banc.ly").await;
    let members = format!("{groups}/{id}/memberships");
    site.post(As::Org, &members, json!({"accountId": account})).await.expect(204);
    let again = site.post(As::Org, &members, json!({"accountId": account})).await.expect(409);
    assert_eq!(again.json()["errors"][0]["code"], "ADMIN-409-28");
    site.post(As::Org, &members, json!({"accountId": "nobody"})).await.expect(404);
    let full = site.group("jira-product-discovery-users").await;
    let full = format!("{groups}/{full}/memberships");
    let licence = site.post(As::Org, &full, json!({"accountId": account})).await.expect(409);
    assert_eq!(licence.json()["errors"][0]["code"], "ADMIN-409-3");
    let synced = site.group("idp-everyone").await;
    let synced = format!("{groups}/{synced}/memberships");
    site.post(As::Org, &synced, json!({"accountId": account})).await.expect(403);
    site.delete(As::Org, &format!("{members}/{account}")).await.expect(204);
    site.delete(As::Org, &format!("{members}/{account}")).await.expect(404);
    let one = format!("{groups}/{id}");
    assert_eq!(site.get(As::Org, &one).await.expect(200).json()["data"]["description"], "d");
    site.delete(As::Org, &one).await.expect(204);
    site.get(As::Org, &one).await.expect(404);
    let count = site.get(As::Org, &format!("{groups}/count?searchTerm=alpha")).await.expect(200);
    assert_eq!(count.json()["count"], 2);
    let listed = site.get(As::Org, &format!("{groups}?searchTerm=alpha&limit=1")).await.expect(200);
    assert!(listed.json()["links"]["next"].is_string());
    let product = site.group("jira-software-users").await;
    let refused = site.delete(As::Org, &format!("{groups}/{product}")).await.expect(403);
    assert_eq!(refused.json()["errors"][0]["code"], "ADMIN-403-6");
}

#[tokio::test]
async fn invitations_come_apart_row_by_row() {
    let site = Site::new().await;
    let invite = path(&site, "users/invite");
    let group = site.group("hanoi-legal").await;
    let rule = json!({"resource": "ari:cloud:jira-software::site/70ef3a32-d0da-4e09-b35e-0109f91969c3", "role": "atlassian/user"});
    let body = json!({"emails": ["one@banc.ly", "two@else.example"], "permissionRules": [rule], "additionalGroups": [group]});
    let done = site.post(As::Org, &invite, body.clone()).await.expect(200).json();
    assert_eq!(done["data"][1]["email"], "two@else.example");
    let result = &done["data"][0]["results"][0];
    assert_eq!(result["roleAssignmentResult"][0]["status"], "INVITED");
    assert_eq!(result["groupAssignmentResult"][0]["group"], json!(group));
    let found =
        site.get(As::Admin, "/rest/api/3/user/search?query=two%40else.example").await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);

    let mut mixed = body;
    mixed["emails"] = json!(["three@banc.ly", "dnkosi@banc.ly"]);
    let done = site.post(As::Org, &invite, mixed.clone()).await.expect(206).json();
    let status = |n: usize| &done["data"][n]["results"][0]["groupAssignmentResult"][0]["status"];
    assert_eq!((status(0), status(1)), (&json!("INVITED"), &json!("ERROR")));

    mixed["permissionRules"][0]["resource"] = json!("ari:cloud:jira-product-discovery::site/x");
    let full = site.post(As::Org, &invite, mixed).await.expect(409).json();
    assert_eq!(full["errors"][0]["code"], "ADMIN-UAM-409-3");
    for bad in [
        json!({}),
        json!({"emails": (0..26).map(|n| format!("{n}@banc.ly")).collect::<Vec<_>>()}),
        json!({"emails": ["no mail"]}),
    ] {
        let answer = site.post(As::Org, &invite, bad).await.expect(400).json();
        assert_eq!(answer["errors"][0]["code"], "ADMIN-UAM-400-1");
    }
    let nowhere = json!({"emails": ["x@banc.ly"], "additionalGroups": ["nowhere"]});
    site.post(As::Org, &invite, nowhere).await.expect(404);
}

#[tokio::test]
async fn version_one_reads_the_organization() {
    let site = Site::new().await;
    let card = site.sandbox.card().clone();
    let orgs = site.get(As::Org, "/admin/v1/orgs").await.expect(200).json();
    assert_eq!(orgs["data"][0]["id"], json!(card.org_id));
    let base = format!("/admin/v1/orgs/{}", card.org_id);
    site.get(As::Org, &base).await.expect(200);
    let wrong = site.get(As::Org, "/admin/v1/orgs/else").await.expect(404).json();
    assert_eq!(wrong["errors"][0]["code"], "ADMIN-404-2");
    let users = site.get(As::Org, &format!("{base}/users")).await.expect(200).json();
    let mails: Vec<_> =
        users["data"].as_array().unwrap().iter().map(|u| u["email"].clone()).collect();
    assert!(mails.contains(&json!("mwaiting@banc.ly")));
    assert!(!mails.contains(&json!("uadeyemi@contractor.example")));
    assert_eq!(users["meta"]["total"], json!(mails.len()));
    let domains = site.get(As::Org, &format!("{base}/domains")).await.expect(200).json();
    assert_eq!(domains["data"][0]["attributes"]["name"], "banc.ly");
    let refused = site.get(As::Nobody, &base).await.expect(401).json();
    assert_eq!(refused["code"], 401);
    let v2 = site.get(As::Nobody, &path(&site, "directories")).await.expect(401).json();
    assert_eq!(v2["errors"][0]["status"], "401");
    let directories = site.get(As::Org, &path(&site, "directories")).await.expect(200).json();
    assert_eq!(directories["data"][0]["directoryId"], json!(card.directory_id));
    // Removed on 2026-06-30.
    let gone = site.post(As::Org, &format!("{base}/users/search"), json!({})).await.expect(410);
    assert_eq!(gone.json()["errors"][0]["code"], "ADMIN-410-1");
    let wrong = site.delete(As::Org, &base).await.expect(405).json();
    assert_eq!(wrong["errors"][0]["code"], "ADMIN-405-1");
}

#[tokio::test]
async fn every_change_is_an_event() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let add = "/rest/api/3/group/user?groupname=hanoi-legal";
    site.post(As::Admin, add, json!({"accountId": account})).await.expect(201);
    let disable = format!("/users/{account}/manage/lifecycle/disable");
    site.send(As::Org, "POST", &disable, None).await.expect(204);
    let base = format!("/admin/v1/orgs/{}", site.sandbox.card().org_id);
    let events = site.get(As::Org, &format!("{base}/events?limit=1")).await.expect(200).json();
    let newest = &events["data"][0];
    assert_eq!(newest["attributes"]["action"], "user_deactivated");
    assert_eq!(newest["attributes"]["context"][0]["id"], json!(account));
    let next = events["links"]["next"].as_str().unwrap().strip_prefix(&site.sandbox.card().url);
    let older = site.get(As::Org, next.unwrap()).await.expect(200).json();
    assert_eq!(older["data"][0]["attributes"]["actor"]["email"], "admin@banc.ly");
    assert_eq!(older["data"][0]["attributes"]["context"][1]["attributes"]["name"], "hanoi-legal");
    let one = format!("{base}/events/{}", newest["id"].as_str().unwrap());
    assert_eq!(site.get(As::Org, &one).await.expect(200).json()["data"]["id"], newest["id"]);
    site.get(As::Org, &format!("{base}/events/none")).await.expect(404);
    let q = site.get(As::Org, &format!("{base}/events?q=hanoi")).await.expect(200).json();
    assert_eq!(q["data"].as_array().unwrap().len(), 1);
    let stream = site.get(As::Org, &format!("{base}/events-stream")).await.expect(200).json();
    assert_eq!(stream["data"].as_array().unwrap().len(), 2);
    assert!(stream["data"][0]["attributes"]["processedAt"].is_string());
    let poll = format!("{base}/events-stream?cursor={}", stream["meta"]["next"].as_str().unwrap());
    assert_eq!(site.get(As::Org, &poll).await.expect(200).json()["data"], json!([]));
    site.get(As::Org, &format!("{base}/events?from=yesterday")).await.expect(400);
    let actions = site.get(As::Org, &format!("{base}/event-actions")).await.expect(200).json();
    assert!(actions["data"].as_array().unwrap().len() > 10);
}
