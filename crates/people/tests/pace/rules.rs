//! What the pace never does, for any answers; and which requests share a limit.

use std::time::Duration;

use headcount_atlassian::Endpoint;
use headcount_atlassian::endpoint::Lane;
use headcount_atlassian::pace::{
    Decision, Grant, Jitter, Left, Pace, PaceSettings, Pacer, Permit, Said, Ticket, Why,
};
use proptest::prelude::*;
use tokio::time::Instant;

use crate::world::World;

/// Anything that an answer can say, in any order.
fn any_said() -> impl Strategy<Value = Said> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    let left = proptest::option::of((0u32..400, 0u32..400))
        .prop_map(|left| left.map(|(remaining, limit)| Left { remaining, limit }));
    prop_oneof![
        6 => (millis(5000), any::<bool>(), left)
            .prop_map(|(latency, near_limit, left)| Said::Served { latency, near_limit, left }),
        2 => proptest::option::of(millis(100_000)).prop_map(|retry_after| Said::Refused { retry_after }),
        1 => proptest::option::of(millis(9000)).prop_map(|retry_after| Said::Failed { retry_after }),
        1 => Just(Said::Unsent),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// For any answers: never more requests open than allowed, none before an announced wait is over, and the run
    /// can always continue.
    #[test]
    fn no_answer_breaks_the_pace(
        answers in proptest::collection::vec((any_said(), 0u64..2000), 1..200),
        most in 1u32..40,
        eager: bool,
        seed: u64,
    ) {
        let mut now = Instant::now();
        let mut pace = Pace::new(most, eager);
        let mut jitter = Jitter::new(seed);
        let mut flying: Vec<Ticket> = Vec::new();
        let mut quiet_until = now;
        for (said, pause) in answers {
            now += Duration::from_millis(pause);
            for _ in 0..40 {
                match pace.try_start(now) {
                    Decision::Now(ticket) => {
                        prop_assert!(now >= quiet_until);
                        flying.push(ticket);
                    }
                    Decision::At(until, _) => {
                        prop_assert!(until > now);
                        prop_assert!(until - now <= Duration::from_secs(110), "{:?}", until - now);
                        break;
                    }
                    Decision::Full => {
                        prop_assert!(!flying.is_empty(), "full with nothing in flight");
                        break;
                    }
                }
            }
            prop_assert_eq!(pace.in_flight() as usize, flying.len());
            prop_assert!(pace.in_flight() <= most);
            if flying.is_empty() {
                continue;
            }
            let ticket = flying.remove(0);
            if let Said::Refused { retry_after: Some(wait) } | Said::Failed { retry_after: Some(wait) } = said {
                quiet_until = quiet_until.max(now + wait);
            }
            pace.finished(now, ticket, said, &mut jitter);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_run(seed: u64) {
        let world = World { seed, rows: 300, ..World::limited(20.0, 0.05) };
        prop_assert_eq!(world.run().done_at, world.run().done_at);
    }
}

const GOOD: Said =
    Said::Served { latency: Duration::from_millis(50), near_limit: false, left: None };

/// Starts as many requests as the pacer permits, on all of these endpoints.
fn start(pacer: &Pacer, endpoints: &[Endpoint]) -> Vec<Permit> {
    let mut permits = Vec::new();
    for &endpoint in endpoints {
        while let Grant::Now(permit) = pacer.try_start(endpoint) {
            permits.push(permit);
        }
    }
    permits
}

/// The most requests that are open together on these endpoints, over many rounds of good answers.
fn most_together(settings: PaceSettings, lane: Lane) -> usize {
    let pacer = Pacer::new(settings);
    let endpoints: Vec<Endpoint> =
        Endpoint::ALL.iter().copied().filter(|endpoint| endpoint.lane() == lane).collect();
    let mut most = 0;
    for _ in 0..50 {
        let permits = start(&pacer, &endpoints);
        most = most.max(permits.len());
        permits.into_iter().for_each(|permit| permit.finish(GOOD));
    }
    most
}

#[test]
fn never_more_open_than_32_to_jira_and_4_changes_to_the_admin_apis_unless_configured() {
    let gentle = PaceSettings::default();
    assert_eq!(most_together(gentle, Lane::Jira), 32);
    assert_eq!(most_together(gentle, Lane::AdminChange), 4);
    assert_eq!(most_together(gentle, Lane::AdminRead), 8);
    let told = PaceSettings { concurrency: Some(50), ..gentle };
    for lane in [Lane::Jira, Lane::AdminChange, Lane::AdminRead] {
        assert_eq!(most_together(told, lane), 50);
    }
    let alone = PaceSettings { concurrency: Some(1), ..gentle };
    assert_eq!(most_together(alone, Lane::Jira), 1);
}

/// The same path with another method is another endpoint.
#[test]
fn a_limit_on_one_call_holds_back_no_other() {
    for (limited, other) in [
        (Endpoint::JiraAddMember, Endpoint::JiraRemoveMember),
        (Endpoint::JiraSearchUsers, Endpoint::JiraAddMember),
        (Endpoint::AdminDeactivate, Endpoint::AdminActivate),
    ] {
        let pacer = Pacer::new(PaceSettings::default());
        let grow = |endpoint| {
            for _ in 0..50 {
                start(&pacer, &[endpoint]).into_iter().for_each(|permit| permit.finish(GOOD));
            }
        };
        grow(limited);
        grow(other);
        let before = pacer.snapshot(other);
        let refused = Said::Refused { retry_after: Some(Duration::from_secs(60)) };
        start(&pacer, &[limited]).into_iter().for_each(|permit| permit.finish(refused));
        assert!(matches!(pacer.try_start(limited), Grant::At(_, Why::RetryAfter)));
        assert!(pacer.snapshot(limited).ceiling.is_some());
        assert_eq!(pacer.snapshot(other), before);
        assert_eq!(start(&pacer, &[other]).len(), before.window as usize);
    }
}

/// `--rate` limits all requests together, even if the site allows more.
#[tokio::test(start_paused = true)]
async fn the_users_own_rate_is_kept_over_all_calls() {
    let pacer = Pacer::new(PaceSettings { rate: Some(10.0), ..PaceSettings::default() });
    let start = Instant::now();
    for number in 0..50 {
        let endpoint = Endpoint::ALL[number % 3];
        pacer.ready(endpoint).await.finish(GOOD);
    }
    let took = start.elapsed().as_secs_f64();
    assert!((4.8..5.2).contains(&took), "{took}");
}
