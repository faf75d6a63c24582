//! The control routes, seeds, and a router on another transport.

use std::time::Duration;

use headcount_sandbox::Config;
use serde_json::{Value, json};

use crate::client::{As, Site};

#[tokio::test]
async fn the_card_is_well_known() {
    let site = Site::new().await;
    let card = site.control("GET", "card", None).await;
    let keys: Vec<_> = card.as_object().unwrap().keys().cloned().collect();
    // serde_json sorts the keys of a value; the text keeps the order of the fields.
    let printed = serde_json::to_string(site.sandbox.card()).unwrap();
    let order = [
        "url",
        "email",
        "api_token",
        "org_id",
        "org_api_key",
        "directory_id",
        "scim_directory_id",
        "scim_api_key",
    ];
    let places: Vec<_> =
        order.iter().map(|key| printed.find(&format!("\"{key}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{printed}");
    assert_eq!(keys.len(), order.len());
    assert!(site.sandbox.card().url.starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn the_samples_are_there_and_in_none_of_the_groups() {
    let site = Site::new().await;
    for (email, id) in [
        ("jfloat@banc.ly", "6155833c071axxx071ff5b24"),
        ("amelmeth@banc.ly", "7a4b625f3fd5xxx24d741ac7"),
        ("vdillow@banc.ly", "e2345d51eaa4xxx984e377ce"),
        ("dsnapper@banc.ly", "3c5e0172a629xxx061259ed9"),
        ("ftoten2@banc.ly", "982bfd68520fxxx71daccb32"),
    ] {
        assert_eq!(site.account(email).await, id);
    }
    for name in [
        "oslo-engineering",
        "houston-sales",
        "hanoi-legal",
        "lille-product-management",
        "porto-alegre-support",
    ] {
        let state =
            site.control("GET", &format!("state?only=memberships&group={name}"), None).await;
        assert_eq!(state["memberships"], json!([]), "{name}");
    }
    assert_eq!(site.group("oslo-engineering").await, "d6750b14-1aa8-4ab2-xxxx-a6d44016da32");
}

#[tokio::test]
async fn the_log_comes_in_pages_and_without_keys() {
    let site = Site::new().await;
    for n in 0..25 {
        site.get(As::Admin, &format!("/rest/api/3/user/search?query=q{n}")).await.expect(200);
    }
    site.get(As::Nobody, "/nowhere").await.expect(404);
    let mut from = json!(0);
    let mut paths = Vec::new();
    while let Some(start) = from.as_u64() {
        let page = site.control("GET", &format!("log?from={start}&limit=10"), None).await;
        let entries = page["entries"].as_array().unwrap();
        assert!(entries.len() <= 10);
        paths.extend(entries.iter().map(|entry| entry["path"].as_str().unwrap().to_owned()));
        assert!(!page.to_string().contains("sandbox-api-token"));
        from = page["next"].clone();
    }
    assert_eq!(paths.len(), 26);
    assert_eq!(paths[24], "/rest/api/3/user/search?query=q24");
    assert_eq!(site.summary().await["changing"], 0);
    site.control("DELETE", "log", None).await;
    assert_eq!(site.summary().await["requests"], 0);
}

#[tokio::test]
async fn people_and_groups_are_seeded_once() {
    let site = Site::new().await;
    let seed = json!({
        "domains": ["acme.example"],
        "people": [
            {"email": "a@acme.example", "name": "Ann", "source": "scim"},
            {"account_id": "5e1234567890abcdef123456", "email": "b@acme.example", "managed": false, "lifecycle": "inactive"},
        ],
        "groups": [{"name": "g, 1", "synced": true}],
        "memberships": [{"email": "a@acme.example", "group": "g, 1"}, {"account": "5e1234567890abcdef123456", "group": "Alpha"}],
        "seats": [{"product": "jira-software", "seats": null}],
    });
    let first = site.control("POST", "seed", Some(seed.clone())).await;
    assert_eq!(first["memberships"], 2);
    assert_eq!(first["accounts"][1], "5e1234567890abcdef123456");
    let second = site.control("POST", "seed", Some(seed)).await;
    assert_eq!(second["accounts"], first["accounts"]);
    assert_eq!(second["memberships"], 0);
    for bad in [
        json!({"peeple": []}),
        json!({"people": [{"mail": "x"}]}),
        json!({"memberships": [{"email": "nobody@banc.ly", "group": "Alpha"}]}),
    ] {
        site.post(As::Nobody, "/_sandbox/seed", bad).await.expect(400);
    }
    site.control("POST", "reset", None).await;
    let state = site.control("GET", "state?only=people&email=a@acme.example", None).await;
    assert_eq!(state["people"], json!([]));
}

#[tokio::test]
async fn an_unknown_control_route_lists_the_known_ones() {
    let site = Site::new().await;
    let answer = site.get(As::Nobody, "/_sandbox/states").await.expect(404).json();
    assert!(answer["known"].to_string().contains("/_sandbox/state"));
}

#[tokio::test]
async fn a_double_of_an_organization_from_its_exports() {
    let folder = tempfile::tempdir().unwrap();
    let users = "User id,User name,email,User status,Added to org,Org role,Jira - acme\n\
        5b10a2844c20165700ede21g,Mia Krystof,mia@acme.example,Active,3 Jan 2024,,User\n\
        712020:7f1c0f63-0d1c-4f0e-9d27-0f5c4c4f9f10,Emma Richards,emma@acme.example,Deactivated,3 Jan 2024,,\n";
    let groups = "Group id,Group name,User id,User name,email\n\
        276f955c-63d7-42c8-9520-92d01dca0625,jdog-developers,5b10a2844c20165700ede21g,Mia Krystof,mia@acme.example\n";
    std::fs::write(folder.path().join("users.csv"), users).unwrap();
    std::fs::write(folder.path().join("groups.csv"), groups).unwrap();
    let site =
        Site::with(Config { seed: Some(folder.path().to_owned()), ..Config::default() }).await;
    let path = "/rest/api/3/user?accountId=5b10a2844c20165700ede21g&expand=groups";
    let mia = site.get(As::Admin, path).await.expect(200).json();
    assert_eq!(mia["displayName"], "Mia Krystof");
    let names: Vec<_> =
        mia["groups"]["items"].as_array().unwrap().iter().map(|g| &g["name"]).collect();
    assert!(names.contains(&&json!("jdog-developers")), "{names:?}");
    let emma = "/users/712020%3A7f1c0f63-0d1c-4f0e-9d27-0f5c4c4f9f10/manage/lifecycle/enable";
    site.send(As::Org, "POST", emma, None).await.expect(204);
    let search =
        format!("/admin/v2/orgs/{}/directories/-/users/search", site.sandbox.card().org_id);
    let found = site.post(As::Org, &search, json!({"emails": ["emma@acme.example"]})).await.json();
    assert_eq!(found["data"][0]["accountStatus"], "active");
}

#[tokio::test]
async fn a_made_up_organization_is_the_same_each_time_and_varied() {
    let people = Config { people: Some(2_000), ..Config::default() };
    let one = Site::with(people.clone()).await;
    let two = Site::with(people).await;
    let parts = "state?only=groups,memberships";
    assert_eq!(one.control("GET", parts, None).await, two.control("GET", parts, None).await);
    let state = one.control("GET", "state", None).await;
    let all = state["people"].as_array().unwrap();
    let count = |test: &dyn Fn(&Value) -> bool| all.iter().filter(|person| test(person)).count();
    assert_eq!(all.len(), 2_000);
    for (what, test) in [
        ("unmanaged", &(|p: &Value| p["managed"] == false) as &dyn Fn(&Value) -> bool),
        ("synced", &|p| p["source"] == "scim"),
        ("deactivated", &|p| p["lifecycle"] == "inactive"),
        ("suspended", &|p| p["place"] == "suspended"),
        ("hidden", &|p| p["hidden_email"] == true),
        ("umlauts", &|p| !p["name"].as_str().unwrap().is_ascii()),
    ] {
        assert!(count(test) > 20, "{what}");
    }
    let groups = state["groups"].as_array().unwrap();
    let named =
        |test: &dyn Fn(&str) -> bool| groups.iter().any(|g| test(g["name"].as_str().unwrap()));
    for sign in [',', '#', '&', '%', '+', '/'] {
        assert!(named(&|name| name.contains(sign)), "{sign}");
    }
    assert!(named(&|name| name.chars().count() == 255));
    assert!(groups.iter().any(|group| group["synced"] == true));
}

#[tokio::test]
async fn latency_is_waited_for_on_both_sides() {
    let latency = Duration::from_millis(20);
    let site = Site::with(Config { latency, ..Config::default() }).await;
    let start = std::time::Instant::now();
    site.get(As::Admin, "/rest/api/3/myself").await.expect(200);
    assert!(start.elapsed() >= latency);
}

/// A client that closes the connection loses the answer; its request still counts.
#[tokio::test]
async fn an_effect_stays_though_the_client_hangs_up() {
    let site = Site::new().await;
    let fault = json!({"method": "POST", "delay_after_ms": 3_600_000});
    site.control("POST", "faults", Some(json!({"faults": [fault]}))).await;
    let body = json!({"accountId": site.account("vdillow@banc.ly").await});
    let path = "/rest/api/3/group/user?groupname=hanoi-legal";
    {
        let mut request = Box::pin(site.try_send(As::Admin, "POST", path, Some(&body)));
        loop {
            let seen = async { site.summary().await["changed"] == json!(1) };
            tokio::select! {
                answer = &mut request => panic!("answered within the hour: {answer:?}"),
                seen = seen => if seen { break },
            }
        }
    }
    let state = site.control("GET", "state?only=memberships&group=hanoi-legal", None).await;
    assert_eq!(state["memberships"].as_array().unwrap().len(), 1);
    site.post(As::Admin, path, body).await.expect(400);
}
