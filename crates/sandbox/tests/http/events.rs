//! The audit log: its filters, and the pages of a filtered list.

use serde_json::{Value, json};

use crate::client::{As, Site};

/// The events of an address, from all pages.
async fn all(site: &Site, query: &str) -> Vec<Value> {
    let url = &site.sandbox.card().url;
    let mut path = format!("/admin/v1/orgs/{}/{query}", site.sandbox.card().org_id);
    let mut found = Vec::new();
    loop {
        let page = site.get(As::Org, &path).await.expect(200).json();
        let data = page["data"].as_array().unwrap();
        found.extend(data.iter().cloned());
        match page["links"]["next"].as_str() {
            Some(next) if !data.is_empty() => path = next.strip_prefix(url).unwrap().to_owned(),
            _ => return found,
        }
    }
}

/// A site where three users were deactivated and reactivated, one after the other.
async fn site() -> Site {
    let site = Site::new().await;
    // The default limit of ten a minute is too low for this test.
    site.control("POST", "rate", Some(json!({ "rate": null }))).await;
    for mail in ["vdillow@banc.ly", "ftoten2@banc.ly", "amelmeth@banc.ly"] {
        let account = site.account(mail).await;
        for what in ["disable", "enable"] {
            let path = format!("/users/{account}/manage/lifecycle/{what}");
            site.send(As::Org, "POST", &path, None).await.expect(204);
        }
    }
    site
}

#[tokio::test]
async fn the_next_page_is_of_the_same_filters() {
    let site = site().await;
    let of = |event: &Value| event["attributes"]["action"].as_str().unwrap().to_owned();
    let found = all(&site, "events?limit=1&action=user_deactivated").await;
    assert_eq!(found.iter().map(of).collect::<Vec<_>>(), ["user_deactivated"; 3]);
    let found = all(&site, "events?q=ftoten2&limit=1").await;
    assert_eq!(found.iter().map(of).collect::<Vec<_>>(), ["user_reactivated", "user_deactivated"]);
    let upward = all(&site, "events-stream?limit=4&sortOrder=asc").await;
    let mut downward = all(&site, "events-stream?limit=4&sortOrder=desc").await;
    downward.reverse();
    assert_eq!((upward.len(), &upward), (6, &downward));
}

#[tokio::test]
async fn each_filter_filters() {
    let site = site().await;
    let org = site.sandbox.card().org_id.clone();
    for (query, many) in [
        ("ip=127.0.0.1", 6),
        ("ip=203.0.113.7&ip=127.0.0.1", 6),
        ("ip=203.0.113.7", 0),
        ("product=jira", 0),
        ("product=jira,confluence", 0),
        ("location=%5B%7B%22city%22%3A%22Oslo%22%7D%5D", 0),
        (&format!("actor={org}"), 6),
        ("actor=nobody", 0),
        ("from=1&to=2", 0),
    ] {
        assert_eq!(all(&site, &format!("events?{query}")).await.len(), many, "{query}");
    }
    for query in ["product=trello", "location=Oslo", "limit=501", "limit=0", "from=x", "cursor=x"] {
        let answer = site.get(As::Org, &format!("/admin/v1/orgs/{org}/events?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_ne!(answer.json()["errors"], json!([]), "{query}");
    }
}
