//! Sends every call of the route table once, successfully. A new route without a request here fails.

use std::collections::BTreeSet;

use headcount_sandbox::rows;
use serde_json::json;

use crate::client::{As, Site};
use crate::steps::walk;

#[tokio::test]
async fn every_call_of_the_table_is_reached() {
    let site = Site::new().await;
    walk(&site).await;
    let summary = site.summary().await;
    let reached: BTreeSet<_> = summary["by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!("{} {}", row["method"].as_str().unwrap(), row["template"].as_str().unwrap())
        })
        .collect();
    let all: BTreeSet<_> =
        rows().iter().map(|row| format!("{} {}", row.method, row.template)).collect();
    let missed: Vec<_> = all.difference(&reached).collect();
    assert!(missed.is_empty(), "no request reaches {missed:?}");

    // Every effect is in the audit log under a name of its own.
    let effects = summary["effects"].as_object().unwrap();
    let effects: u64 = effects.values().map(|count| count.as_u64().unwrap()).sum();
    let counts = site.control("GET", "state?only=counts", None).await;
    assert!(counts["counts"]["events"].as_u64().unwrap() >= effects, "{counts} {effects}");
    let stream = "/admin/v1/orgs/ORG/events-stream?limit=500";
    let stream = stream.replace("ORG", &site.sandbox.card().org_id);
    let events = site.get(As::Org, &stream).await.expect(200).json();
    let actions = events["data"].as_array().unwrap().iter();
    let actions: Vec<_> = actions.map(|event| event["attributes"]["action"].clone()).collect();
    assert!(actions.len() as u64 >= effects && !actions.contains(&json!("unknown")), "{actions:?}");
}

#[tokio::test]
async fn tokens_with_scopes_work_at_the_gateway_only() {
    let site = Site::new().await;
    let cloud = site.get(As::Nobody, "/_edge/tenant_info").await.expect(200).json();
    let gateway = format!("/ex/jira/{}", cloud["cloudId"].as_str().unwrap());
    site.get(As::Scoped, "/rest/api/3/myself").await.expect(401);
    let me = site.get(As::Scoped, &format!("{gateway}/rest/api/3/myself")).await.expect(200).json();
    assert!(me["self"].as_str().unwrap().contains(&gateway));
    site.get(As::Admin, &format!("{gateway}/rest/api/2/myself")).await.expect(200);
    site.get(As::Admin, "/ex/jira/elsewhere/rest/api/3/myself").await.expect(404);
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let site = Site::new().await;
    site.get(As::Plain, "/rest/api/3/myself").await.expect(200);
    let tokens = format!("/users/{}/manage/api-tokens", site.account("jfloat@banc.ly").await);
    let list = site.get(As::Org, &tokens).await.expect(200).json();
    let id = list[0]["id"].as_str().unwrap();
    site.delete(As::Org, &format!("{tokens}/{id}")).await.expect(204);
    site.delete(As::Org, &format!("{tokens}/{id}")).await.expect(404);
    assert_eq!(site.get(As::Org, &tokens).await.expect(200).json(), json!([]));
    site.get(As::Plain, "/rest/api/3/myself").await.expect(401);
}
