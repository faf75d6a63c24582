//! An index that lags: searches and lists show a change late, the record shows it at once.

use std::time::Duration;

use headcount_sandbox::Config;
use serde_json::{Value, json};

use crate::client::{As, Site};

/// What four reads show of a membership: the user's groups, the group's members, the directory's search, and the
/// user's record.
async fn shown(site: &Site, account: &str, group: &str) -> [bool; 4] {
    let groups = site.get(As::Admin, &format!("/rest/api/3/user/groups?accountId={account}")).await;
    let groups = groups.expect(200).json();
    let members = site.get(As::Admin, &format!("/rest/api/3/group/member?groupId={group}")).await;
    let members = members.expect(200).json();
    let orgs = site.get(As::Org, "/admin/v1/orgs").await.expect(200).json();
    let org = orgs["data"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/v2/orgs/{org}/directories/-/users/search");
    let found = site.post(As::Org, &path, json!({"groupIds": [group]})).await.expect(200).json();
    let path = format!("/rest/api/3/user?accountId={account}&expand=groups");
    let record = site.get(As::Admin, &path).await.expect(200).json();
    let has = |list: &Value, key: &str, wanted: &str| {
        list.as_array().unwrap().iter().any(|one| one[key] == wanted)
    };
    [
        has(&groups, "groupId", group),
        has(&members["values"], "accountId", account),
        has(&found["data"], "accountId", account),
        has(&record["groups"]["items"], "groupId", group),
    ]
}

async fn wait(site: &Site, ms: u64) {
    site.control("POST", "clock", Some(json!({ "step_ms": ms }))).await;
}

async fn add(site: &Site, account: &str, group: &str) -> u16 {
    let path = format!("/rest/api/3/group/user?groupId={group}");
    site.post(As::Admin, &path, json!({ "accountId": account })).await.status
}

#[tokio::test]
async fn a_change_is_shown_after_the_lag_and_by_id_at_once() {
    let lag = Duration::from_secs(3600);
    let site = Site::with(Config { index_lag: lag, ..Config::default() }).await;
    let account = site.account("vdillow@banc.ly").await;
    let group = site.group("oslo-engineering").await;
    assert_eq!(add(&site, &account, &group).await, 201);
    assert_eq!(shown(&site, &account, &group).await, [false, false, false, true]);
    // Requests that change something use the real state.
    assert_eq!(add(&site, &account, &group).await, 400);
    assert_eq!(site.control("GET", "lag", None).await["waiting"], 1);
    wait(&site, 3_500_000).await;
    assert_eq!(shown(&site, &account, &group).await, [false, false, false, true]);
    wait(&site, 100_000).await;
    assert_eq!(shown(&site, &account, &group).await, [true; 4]);
    assert_eq!(site.control("GET", "lag", None).await["waiting"], 0);
}

#[tokio::test]
async fn a_lag_that_is_taken_away_lets_what_waits_keep_its_time() {
    let site = Site::new().await;
    let account = site.account("vdillow@banc.ly").await;
    let (one, two) = (site.group("oslo-engineering").await, site.group("Team%20%237").await);
    let lag = |ms: u64, by_id: bool| Some(json!({ "lag_ms": ms, "by_id": by_id }));
    site.control("POST", "lag", lag(3_600_000, true)).await;
    add(&site, &account, &one).await;
    assert_eq!(shown(&site, &account, &one).await, [false; 4]);
    site.control("POST", "lag", lag(0, false)).await;
    add(&site, &account, &two).await;
    // Changes appear in the order in which they were made, so the second waits for the first.
    assert_eq!(shown(&site, &account, &two).await, [false, false, false, true]);
    wait(&site, 3_700_000).await;
    assert_eq!(shown(&site, &account, &one).await, [true; 4]);
    assert_eq!(shown(&site, &account, &two).await, [true; 4]);
}

#[tokio::test]
async fn what_is_seeded_is_shown_at_once() {
    let site = Site::new().await;
    site.control("POST", "lag", Some(json!({ "lag_ms": 3_600_000 }))).await;
    let people = json!({ "people": [{ "email": "new@banc.ly", "name": "New" }] });
    site.control("POST", "seed", Some(people)).await;
    let found = site.get(As::Admin, "/rest/api/3/user/search?query=new@banc.ly").await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);
}
