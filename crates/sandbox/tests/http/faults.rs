//! Faults of each kind, before and after the effect.

use serde_json::{Value, json};

use crate::client::{As, Site};

const ADD: &str = "/rest/api/3/group/user?groupname=hanoi-legal";

async fn with(fault: Value) -> (Site, Value) {
    let site = Site::new().await;
    site.control("POST", "faults", Some(json!({"faults": [fault]}))).await;
    let body = json!({"accountId": site.account("vdillow@banc.ly").await});
    (site, body)
}

async fn effects(site: &Site) -> Value {
    site.summary().await["effects"].clone()
}

#[tokio::test]
async fn dropped_before_the_effect() {
    let (site, body) =
        with(json!({"method": "POST", "path": "/rest/api/3/group/user", "drop": "before"})).await;
    assert!(site.try_send(As::Admin, "POST", ADD, Some(&body)).await.is_err());
    assert_eq!(effects(&site).await, json!({}));
    let log = site.control("GET", "log", None).await;
    assert_eq!(log["entries"][0]["status"], Value::Null);
    assert_eq!(log["entries"][0]["fault"], true);
    site.post(As::Admin, ADD, body).await.expect(201);
}

#[tokio::test]
async fn dropped_after_the_effect() {
    let (site, body) = with(json!({"path": "/rest/*", "drop": "after"})).await;
    assert!(site.try_send(As::Admin, "POST", ADD, Some(&body)).await.is_err());
    assert_eq!(effects(&site).await, json!({"added-member": 1}));
    site.post(As::Admin, ADD, body).await.expect(400);
}

#[tokio::test]
async fn half_a_body_and_garbage() {
    let (site, body) = with(json!({"path": ADD.split('?').next(), "half_body": true})).await;
    let error = site.try_send(As::Admin, "POST", ADD, Some(&body)).await.unwrap_err();
    assert!(!error.is_empty());
    assert_eq!(effects(&site).await, json!({"added-member": 1}));

    let (site, body) = with(json!({"garbage": true})).await;
    let answer = site.post(As::Admin, ADD, body).await.expect(201);
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(effects(&site).await, json!({"added-member": 1}));
}

#[tokio::test]
async fn an_answer_instead_before_and_after() {
    let html = json!({"answer": {
        "status": 502, "body": "<html><h1>Bad gateway</h1></html>", "headers": {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"},
    }, "times": 2});
    let (site, body) = with(html).await;
    for _ in 0..2 {
        let answer = site.post(As::Admin, ADD, body.clone()).await.expect(502);
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert_eq!(answer.header("retry-after"), Some("Wed, 21 Oct 2026 07:28:00 GMT"));
    }
    assert_eq!(effects(&site).await, json!({}));
    site.post(As::Admin, ADD, body).await.expect(201);

    let after = json!({"answer": {"status": 500, "when": "after"}});
    let (site, body) = with(after).await;
    let answer = site.post(As::Admin, ADD, body).await.expect(500);
    assert!(answer.body.is_empty());
    assert_eq!(effects(&site).await, json!({"added-member": 1}));
}

#[tokio::test]
async fn only_the_account_and_the_nth() {
    let site = Site::new().await;
    let struck = site.account("ftoten2@banc.ly").await;
    let other = site.account("vdillow@banc.ly").await;
    let fault = json!({"account": struck, "nth": 2, "answer": {"status": 503}});
    site.control("POST", "faults", Some(json!({"faults": [fault]}))).await;
    let add = |account: &str, group: &str| {
        let path = format!("/rest/api/3/group/user?groupname={group}");
        let body = json!({"accountId": account});
        let site = &site;
        async move { site.post(As::Admin, &path, body).await.status }
    };
    assert_eq!(add(&other, "hanoi-legal").await, 201);
    assert_eq!(add(&struck, "hanoi-legal").await, 201);
    assert_eq!(add(&other, "houston-sales").await, 201);
    assert_eq!(add(&struck, "houston-sales").await, 503);
    assert_eq!(add(&struck, "houston-sales").await, 201);
    let list = site.control("GET", "faults", None).await;
    assert_eq!(
        (&list["faults"][0]["matched"], &list["faults"][0]["struck"]),
        (&json!(3), &json!(1))
    );
    site.control("DELETE", "faults", None).await;
    assert_eq!(site.control("GET", "faults", None).await, json!({"faults": []}));
}

#[tokio::test]
async fn a_wrong_fault_is_reported() {
    let site = Site::new().await;
    let answer = site.post(As::Nobody, "/_sandbox/faults", json!({"faults": [{"tmes": 1}]})).await;
    let error = answer.expect(400).json();
    assert!(error["error"].as_str().unwrap().contains("tmes"), "{error}");
}
