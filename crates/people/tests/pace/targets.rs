//! How close the pace comes to the site's limit: 60 × rate rows within 1.05 × the ideal time with under 1 %
//! refused, and the cases that do not reach this.

use crate::world::{Bucket, Hints, World};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=3;

/// The worst ratio to the ideal time and the worst share of refusals of several seeds, in percent.
fn worst(world: &World) -> (f64, f64) {
    SEEDS.fold((0.0, 0.0), |(time, refused): (f64, f64), seed| {
        let told = World { seed, ..world.clone() }.told();
        (time.max(told.0), refused.max(told.1 * 100.0))
    })
}

/// Asserts these limits for a grid of rates and latencies.
fn hold(hints: Hints, rates: &[f64], latencies: &[f64], most_time: f64, most_refused: f64) {
    for &rate in rates {
        for &latency in latencies {
            let world = World { hints, ..World::limited(rate, latency) };
            let (time, refused) = worst(&world);
            let cell = format!("{hints:?} {rate}/s {latency} s: {time:.3}, {refused:.2} % refused");
            assert!(time <= most_time && refused <= most_refused, "{cell}");
        }
    }
}

const RATES: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 500.0];

#[test]
fn with_the_sites_headers_nothing_is_refused_and_no_time_lost() {
    hold(Hints::Headers, &RATES, &[0.005, 0.05, 0.3], 1.02, 0.0);
}

/// Headers that have nothing to do with the requests, on a site that refuses nothing: they cost seconds, not
/// minutes.
#[test]
fn headers_that_lie_are_not_believed_for_long() {
    for (least, most, limit) in [
        (0, 0, 5),
        (1, 1, 5),
        (2, 2, 5),
        (0, 0, 100),
        (20, 20, 100),
        (50, 50, 100),
        (0, 0, 2000),
        (0, 1, 5),
        (0, 2, 10),
        (10, 11, 100),
        (10, 20, 100),
        (0, 30, 100),
        (0, 100, 100),
    ] {
        for latency in [0.005, 0.05, 0.3] {
            let hints = Hints::Lies(least, most, limit);
            let world = World { bucket: None, hints, rows: 100, ..World::limited(5.0, latency) };
            let told = world.run();
            let cell = format!("{least} to {most} of {limit}, {latency} s: {:.1} s", told.seconds);
            assert!(told.refused == 0 && told.seconds < 30.0, "{cell}");
            // A level that never changes has no effect.
            assert!(least != most || told.seconds < 10.0, "{cell}");
        }
    }
}

/// The same headers on a site that does refuse requests: the real limit is learned.
#[test]
fn headers_that_lie_hide_no_refusals() {
    for (least, most, limit) in [(0, 0, 5), (1, 1, 5), (20, 20, 100), (90, 100, 100)] {
        let world = World { hints: Hints::Lies(least, most, limit), ..World::limited(10.0, 0.05) };
        let (time, refused) = worst(&world);
        assert!(
            time < 1.5 && refused < 3.0,
            "{least} to {most} of {limit}: {time:.2}, {refused:.2} %"
        );
    }
}

#[test]
fn with_a_warning_alone_the_rate_is_found_by_few_refusals() {
    hold(Hints::Warning, &RATES, &[0.005, 0.05, 0.3], 1.05, 0.8);
}

#[test]
fn with_retry_after_alone_the_rate_is_found_by_few_refusals() {
    hold(Hints::RetryAfter, &RATES, &[0.005, 0.05], 1.035, 0.999);
}

#[test]
fn with_bare_refusals_too() {
    hold(Hints::Bare, &RATES, &[0.005, 0.05], 1.03, 0.999);
}

/// If answers take long, many requests are open at the first refusal, and nothing has warned before.
#[test]
fn long_latencies_without_headers_cost_little() {
    for hints in [Hints::RetryAfter, Hints::Bare] {
        hold(hints, &[10.0, 20.0, 30.0, 50.0, 500.0], &[0.3], 1.05, 0.999);
        // Not reached; docs/pace.md gives the reason.
        hold(hints, &[5.0], &[0.3], 1.055, 1.33);
        hold(hints, &[100.0], &[0.3], 1.065, 0.1);
    }
}

#[test]
fn latency_alone_is_filled_with_all_that_may_be_in_flight() {
    // Without the option for more concurrency, it grows more slowly. That costs about a second.
    for (latency, rows, eager, most) in
        [(0.05, 2000, true, 1.0 / 0.95), (0.2, 2000, true, 1.0 / 0.95), (0.05, 10_000, false, 1.06)]
    {
        let world = World { bucket: None, rows, eager, ..World::limited(1.0, latency) };
        let (time, _) = world.told();
        assert!(time < most, "{latency} s, {rows} rows: {time:.3} of the ideal time");
    }
}

/// Buckets of more or less than a second's requests. A bucket of about one refuses one of any two requests that
/// arrive together.
#[test]
fn a_bucket_of_another_size_is_learnt_too() {
    let worlds = [
        (50.0, 25.0, 1.25, 1.0),
        (50.0, 10.0, 1.55, 1.0),
        (50.0, 1.0, 2.4, 1.0),
        (10.0, 1.0, 2.2, 1.0),
        (100.0, 1000.0, 1.0, 1.0),
        (20.0, 200.0, 1.0, 6.0),
    ];
    for (rate, burst, most_time, most_refused) in worlds {
        let bucket = Some(Bucket { rate, burst });
        let (time, refused) = worst(&World { bucket, ..World::limited(rate, 0.05) });
        let cell = format!("{rate}/s burst {burst}: {time:.3}, {refused:.2} % refused");
        assert!(time <= most_time && refused <= most_refused, "{cell}");
    }
}

/// Tiny buckets whose headers always say that nothing is left.
#[test]
fn headers_of_a_tiny_bucket_do_not_stop_everything() {
    for rate in [10.0, 50.0] {
        let bucket = Some(Bucket { rate, burst: 1.0 });
        let world = World { bucket, hints: Hints::Headers, ..World::limited(rate, 0.05) };
        let (time, _) = worst(&world);
        assert!(time < 2.4, "{rate}/s: {time:.2} of the ideal time");
    }
}

/// An endless warning that does not say how large the bucket is: after a while it has no effect.
#[test]
fn warnings_of_a_tiny_bucket_do_not_stop_everything() {
    for rate in [10.0, 50.0] {
        let bucket = Some(Bucket { rate, burst: 1.0 });
        let world = World { bucket, hints: Hints::Warning, ..World::limited(rate, 0.05) };
        let (time, _) = worst(&world);
        assert!(time < 2.6, "{rate}/s: {time:.2} of the ideal time");
    }
}
