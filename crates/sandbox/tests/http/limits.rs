//! Rate limits. The test sets the clock; nothing waits.

use headcount_sandbox::Config;
use serde_json::json;

use crate::client::{As, Site};

const ME: &str = "/rest/api/3/myself";

#[tokio::test]
async fn a_limit_refuses_and_says_when_to_come_again() {
    let site = Site::new().await;
    // The rate is so low that no token is added during the test.
    let slow = json!({"rate": 0.001, "burst": 10, "path": ME});
    site.control("POST", "rate", Some(slow)).await;
    for left in (0..10).rev() {
        let answer = site.get(As::Admin, ME).await.expect(200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("10"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
        let near = answer.header("x-ratelimit-nearlimit").is_some();
        assert_eq!(near, left < 2, "{left} left");
    }
    let refused = site.get(As::Admin, ME).await.expect(429);
    assert_eq!(refused.header("ratelimit-reason"), Some("jira-burst-based"));
    let seconds: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((900..=1000).contains(&seconds), "{seconds}");
    let reset = refused.header("x-ratelimit-reset").unwrap();
    assert!(reset.ends_with('Z') && reset.contains('T'), "{reset}");
    assert_eq!(refused.header("x-ratelimit-nearlimit"), None);

    // Another endpoint has a limit of its own.
    let other = site.get(As::Admin, "/rest/api/3/user/search?query=a").await.expect(200);
    assert_eq!(other.header("x-ratelimit-limit"), None);

    site.control("POST", "clock", Some(json!({"step_ms": (seconds - 100) * 1000}))).await;
    site.get(As::Admin, ME).await.expect(429);
    site.control("POST", "clock", Some(json!({"step_ms": 100_000}))).await;
    site.get(As::Admin, ME).await.expect(200);
    site.control("POST", "rate", Some(json!({"rate": null}))).await;
    assert_eq!(site.get(As::Admin, ME).await.expect(200).header("x-ratelimit-limit"), None);
    let log = site.control("GET", "log?template=/rest/api/3/myself&method=GET", None).await;
    let waits = log["entries"].as_array().unwrap().iter();
    assert_eq!(waits.filter(|entry| entry["retry_after"].is_number()).count(), 2);
}

#[tokio::test]
async fn a_limit_may_tell_less() {
    let site = Site::new().await;
    for (tell, waits) in [("retry-after", true), ("nothing", false)] {
        let limit = json!({"rate": 0.001, "burst": 1, "tell": tell, "path": ME});
        site.control("POST", "rate", Some(limit)).await;
        let served = site.get(As::Admin, ME).await.expect(200);
        let refused = site.get(As::Admin, ME).await.expect(429);
        assert_eq!(refused.header("retry-after").is_some(), waits, "{tell}");
        for answer in [served, refused] {
            for header in ["limit", "remaining", "reset", "nearlimit"] {
                assert_eq!(answer.header(&format!("x-ratelimit-{header}")), None, "{tell}");
            }
        }
    }
}

#[tokio::test]
async fn each_interface_refuses_in_its_own_shape() {
    let site = Site::new().await;
    site.control("POST", "rate", Some(json!({"rate": 0.001, "burst": 1}))).await;
    let org = site.sandbox.card().org_id.clone();
    let v1 = format!("/admin/v1/orgs/{org}");
    let v2 = format!("/admin/v2/orgs/{org}/directories");
    for path in [v1.as_str(), v2.as_str(), "/users/nobody/manage"] {
        assert_ne!(site.get(As::Org, path).await.status, 429);
        // A request without access takes no token.
        site.get(As::Nobody, path).await.expect(401);
    }
    let gateway = site.get(As::Org, &v1).await.expect(429).json();
    assert_eq!(gateway["code"], 429);
    let errors = site.get(As::Org, &v2).await.expect(429).json();
    assert_eq!(errors["errors"][0]["code"], "ADMIN-429-1");
    assert_eq!(errors["errors"][0]["status"], "429");
    let manage = site.get(As::Org, "/users/nobody/manage").await.expect(429);
    assert!(manage.header("retry-after").is_some());
    assert_eq!(manage.json()["code"], 429);
}

#[tokio::test]
async fn the_configured_rate_is_for_each_call_and_method() {
    let site = Site::with(Config { rate: Some(3), ..Config::default() }).await;
    let answer = site.get(As::Admin, ME).await.expect(200);
    assert_eq!(answer.header("x-ratelimit-limit"), Some("3"));
    let wrong =
        site.post(As::Nobody, "/_sandbox/rate", json!({"rate": 1, "path": "/nowhere"})).await;
    wrong.expect(400);
}

#[tokio::test]
async fn a_quota_is_reported_with_its_reason_and_the_beta_headers() {
    let site = Site::new().await;
    let quota = json!({
        "rate": 0.001, "burst": 10, "path": ME, "reason": "jira-quota-tenant-based", "beta": true,
        "reset_in_minutes": true,
    });
    site.control("POST", "rate", Some(quota)).await;
    let first = site.get(As::Admin, ME).await.expect(200);
    assert_eq!(first.header("beta-ratelimit-policy"), Some("\"tenant-app-quota\";q=10;w=10000"));
    assert!(first.header("beta-ratelimit").unwrap().starts_with("\"tenant-app-quota\";r=9;t="));
    assert_eq!(first.header("x-beta-ratelimit-nearlimit"), None);
    for _ in 0..8 {
        site.get(As::Admin, ME).await.expect(200);
    }
    let near = site.get(As::Admin, ME).await.expect(200);
    assert_eq!(near.header("x-beta-ratelimit-nearlimit"), Some("true"));
    let refused = site.get(As::Admin, ME).await.expect(429);
    assert_eq!(refused.header("ratelimit-reason"), Some("jira-quota-tenant-based"));
    assert_eq!(refused.header("x-beta-ratelimit-reason"), Some("jira-quota-tenant-based"));
    assert_eq!(refused.header("beta-retry-after"), refused.header("retry-after"));
    let reset = refused.header("x-ratelimit-reset").unwrap();
    assert_eq!(reset.len(), "2026-06-05T06:00Z".len(), "{reset}");
    assert_eq!(refused.header("x-beta-ratelimit-reset"), Some(reset));
    let odd = json!({"rate": 1, "reason": "no-reason"});
    site.post(As::Nobody, "/_sandbox/rate", odd).await.expect(400);
}

#[tokio::test]
async fn published_limits_are_there_from_the_start() {
    let site = Site::new().await;
    let actions = format!("/admin/v1/orgs/{}/event-actions", site.sandbox.card().org_id);
    let first = site.get(As::Org, &actions).await.expect(200);
    assert_eq!(first.header("x-ratelimit-limit"), Some("10"));
    for _ in 0..9 {
        site.get(As::Org, &actions).await.expect(200);
    }
    let refused = site.get(As::Org, &actions).await.expect(429);
    assert_eq!(refused.header("ratelimit-reason"), None);
    let seconds: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    site.control("POST", "clock", Some(json!({"step_ms": seconds * 1000}))).await;
    site.get(As::Org, &actions).await.expect(200);

    let free = Site::with(Config { rate: Some(0), ..Config::default() }).await;
    assert_eq!(free.get(As::Org, &actions).await.expect(200).header("x-ratelimit-limit"), None);
}
