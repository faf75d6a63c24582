//! Changes in the middle of a run are noticed: another limit, warnings, slow answers.

use std::time::Duration;

use headcount_atlassian::pace::{Decision, Jitter, Pace, Said};
use tokio::time::Instant;

use crate::world::{Bucket, Hints, World};

/// The seconds, in the worst case, until a limit that changes after a minute is found.
fn found(hints: Hints, from: f64, to: f64) -> f64 {
    let changes = vec![(60.0, Bucket::of(to))];
    let rows = (from * 60.0 + to * 60.0) as u64;
    let world = World { hints, changes, rows, ..World::limited(from, 0.05) };
    (1..=3).map(|seed| World { seed, ..world.clone() }.run().found(60.0, to)).fold(0.0, f64::max)
}

#[test]
fn with_headers_another_limit_is_found_in_seconds() {
    for (from, to) in
        [(50.0, 100.0), (50.0, 200.0), (5.0, 10.0), (20.0, 40.0), (50.0, 25.0), (100.0, 20.0)]
    {
        let after = found(Hints::Headers, from, to);
        assert!(after <= 6.0, "{from} to {to}: found after {after} s");
    }
}

#[test]
fn with_warnings_another_limit_is_found_in_seconds() {
    for (from, to) in
        [(50.0, 100.0), (50.0, 200.0), (100.0, 500.0), (5.0, 10.0), (20.0, 40.0), (50.0, 25.0)]
    {
        let after = found(Hints::Warning, from, to);
        assert!(after <= 5.0, "{from} to {to}: found after {after} s");
    }
}

#[test]
fn without_headers_a_lower_limit_is_found_in_seconds() {
    for (from, to) in [(50.0, 25.0), (100.0, 20.0), (10.0, 5.0)] {
        for hints in [Hints::RetryAfter, Hints::Bare] {
            let after = found(hints, from, to);
            assert!(after <= 9.0, "{from} to {to}, {hints:?}: found after {after} s");
        }
    }
}

/// A higher limit is found only through refusals, and few are allowed: 1 % of five requests a second is one
/// refusal in twenty seconds.
#[test]
fn without_headers_a_higher_limit_is_found_as_soon_as_the_share_of_refusals_allows() {
    for (from, to, within) in [
        (50.0, 100.0, 10.0),
        (50.0, 200.0, 12.0),
        (100.0, 500.0, 9.0),
        (20.0, 40.0, 9.0),
        (5.0, 10.0, 45.0),
    ] {
        for hints in [Hints::RetryAfter, Hints::Bare] {
            let after = found(hints, from, to);
            assert!(after <= within, "{from} to {to}, {hints:?}: found after {after} s");
        }
    }
}

fn served(millis: u64, near_limit: bool) -> Said {
    Said::Served { latency: Duration::from_millis(millis), near_limit, left: None }
}

/// A pace after many good answers of 50 ms, with the time after them.
fn warm() -> (Pace, Instant, Jitter) {
    let (mut pace, mut now, mut jitter) = (Pace::new(32, false), Instant::now(), Jitter::new(1));
    for _ in 0..500 {
        if let Decision::Now(ticket) = pace.try_start(now) {
            now += Duration::from_millis(5);
            pace.finished(now, ticket, served(50, false), &mut jitter);
        }
    }
    (pace, now, jitter)
}

#[test]
fn near_limit_lowers_the_rate() {
    let (mut pace, mut now, mut jitter) = warm();
    assert_eq!(pace.ceiling(now), None);
    let mut before = f64::MAX;
    for _ in 0..10 {
        let ticket = loop {
            match pace.try_start(now) {
                Decision::Now(ticket) => break ticket,
                Decision::At(until, _) => now = until,
                Decision::Full => panic!("nothing is under way"),
            }
        };
        now += Duration::from_millis(400);
        pace.finished(now, ticket, served(50, true), &mut jitter);
        let rate = pace.ceiling(now).unwrap();
        assert!(rate < before, "{rate} after {before}");
        before = rate;
    }
}

#[test]
fn slow_answers_halve_what_is_under_way() {
    let (mut pace, mut now, mut jitter) = warm();
    let full = pace.window();
    assert_eq!(full, 32);
    let mut flying = Vec::new();
    while let Decision::Now(ticket) = pace.try_start(now) {
        flying.push(ticket);
    }
    now += Duration::from_secs(4);
    for ticket in flying {
        pace.finished(now, ticket, served(4000, false), &mut jitter);
    }
    // Counted once for all requests that were open together.
    assert_eq!(pace.window(), 16);
    let Decision::Now(ticket) = pace.try_start(now) else { panic!("held back") };
    now += Duration::from_secs(4);
    pace.finished(now, ticket, served(4000, false), &mut jitter);
    assert_eq!(pace.window(), 8);
}

/// In the simulated world, answers become 40 times slower, and fewer requests are open at the same time.
#[test]
fn a_site_that_becomes_slow_has_fewer_under_way() {
    let world = World {
        bucket: None,
        rows: 20_000,
        slower: Some((10.0, 2.0)),
        ..World::limited(1.0, 0.05)
    };
    let told = world.run();
    let most = |from: f64, to: f64| {
        let within = told.in_flight_at.iter().filter(|(at, _)| (from..to).contains(at));
        within.map(|(_, in_flight)| *in_flight).max().unwrap()
    };
    assert_eq!(most(5.0, 10.0), 32);
    assert!(most(20.0, 40.0) <= 8, "{}", most(20.0, 40.0));
}
