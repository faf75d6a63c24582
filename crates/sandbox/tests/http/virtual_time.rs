//! The sandbox without a network and with a virtual clock, as the simulation of whole runs uses it. Hours pass
//! immediately.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use headcount_sandbox::{Config, start};
use http_body_util::BodyExt;
use hyper::{HeaderMap, Request};
use tokio::time::Instant;
use tower_service::Service;

use headcount_testkit::sandbox::recorded;

const KEY: &str = "Basic YWRtaW5AYmFuYy5seTpzYW5kYm94LWFwaS10b2tlbg==";

async fn myself(router: &mut Router) -> (u16, HeaderMap) {
    let request = Request::builder()
        .uri("/rest/api/3/myself")
        .header("authorization", KEY)
        .body(Body::empty())
        .unwrap();
    let answer = router.call(request).await.unwrap();
    let (head, body) = answer.into_parts();
    body.collect().await.unwrap();
    (head.status.as_u16(), head.headers)
}

#[tokio::test(start_paused = true)]
async fn latency_passes_on_the_virtual_clock() {
    let latency = Duration::from_secs(3600);
    let sandbox = start(recorded(Config { latency, ..Config::default() })).await.unwrap();
    let mut router = sandbox.router();
    let began = Instant::now();
    assert_eq!(myself(&mut router).await.0, 200);
    assert_eq!(began.elapsed(), latency);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_as_long_as_asked_is_let_in() {
    let sandbox = start(recorded(Config { rate: Some(2), ..Config::default() })).await.unwrap();
    let mut router = sandbox.router();
    let (mut granted, mut refused) = (0, 0);
    let began = Instant::now();
    while granted < 200 {
        let (status, headers) = myself(&mut router).await;
        if status == 200 {
            granted += 1;
            continue;
        }
        refused += 1;
        let wait = headers["retry-after"].to_str().unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
    assert!(refused > 0);
    // Two at once, then two a second, requested in steps of a whole second.
    assert_eq!(began.elapsed().as_secs(), 99);
}
