//! Exports on a site that asks for waits.

use std::collections::BTreeSet;

use fastrand::Rng;
use headcount_atlassian::pace::PaceSettings;
use headcount_people::export;
use headcount_sandbox::Config;
use serde_json::json;
use tokio::time::timeout;

use super::clock;
use super::process::{FOREVER, Keys, Machine};
use super::weather::Weather;

const MEMBERS: usize = 160;

/// The later pages of a large group are refused for rate, while first pages of other groups are under way: these keep
/// their places in the pace, which then has fewer.
#[test]
fn members_are_exported_although_the_site_leaves_few_places() {
    clock().block_on(async {
        let pace = PaceSettings { concurrency: Some(16), rate: None, seed: 1 };
        let mut machine =
            Machine::with(Config::default(), pace, Rng::with_seed(1), Keys::Jira).await;
        let mail = |at: usize| format!("export{at}@banc.ly");
        let people: Vec<_> =
            (0..MEMBERS).map(|at| json!({ "email": mail(at), "name": "E" })).collect();
        let small: Vec<_> = (0..60).map(|at| json!({ "name": format!("small-{at:02}") })).collect();
        let groups: Vec<_> =
            [json!({ "name": "a large group" })].into_iter().chain(small).collect();
        let members: Vec<_> =
            (0..MEMBERS).map(|at| json!({ "email": mail(at), "group": "a large group" })).collect();
        let seed = json!({ "people": people, "groups": groups, "memberships": members });
        machine.net.control("POST", "seed", seed).await;
        let fault = json!({
            "method": "GET", "path": "/rest/api/3/group/member", "mentions": "startAt=50",
            "times": 4,
            "answer": { "status": 429, "body": {}, "headers": { "Retry-After": "1" } },
        });
        machine.net.control("POST", "faults", json!({ "faults": [fault] })).await;
        machine.begin(Weather::latency(50));
        let mut out = Vec::new();
        let mut progress = |_| {};
        let exported = export::groups(&machine.site, true, &mut out, &mut progress);
        timeout(FOREVER, exported).await.expect("the export hangs").unwrap();
        let text = String::from_utf8(out).unwrap();
        let large = text.lines().filter(|line| line.contains("a large group"));
        assert_eq!(large.collect::<BTreeSet<_>>().len(), MEMBERS, "{text}");
    });
}
