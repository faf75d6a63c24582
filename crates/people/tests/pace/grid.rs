//! The whole grid, for people who change the pace:
//! `cargo test -p headcount-people --test pace -- --ignored --nocapture grid`.

use crate::world::{Bucket, Hints, World};

const RATES: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 500.0];
const LATENCIES: [f64; 3] = [0.005, 0.05, 0.3];
const SEEDS: u64 = 5;

#[test]
#[ignore = "prints tables and asserts nothing"]
fn grid() {
    for hints in [Hints::Headers, Hints::Warning, Hints::RetryAfter, Hints::Bare] {
        println!("{hints:?}: worst of {SEEDS} seeds: time against the ideal, refused %");
        for rate in RATES {
            print!("{rate:>6}/s");
            for latency in LATENCIES {
                let (mut time, mut refused) = (0.0f64, 0.0f64);
                for seed in 1..=SEEDS {
                    let told = World { hints, seed, ..World::limited(rate, latency) }.told();
                    time = time.max(told.0);
                    refused = refused.max(told.1 * 100.0);
                }
                let mark = if time > 1.05 || refused >= 1.0 { '!' } else { ' ' };
                print!("  {time:.3} {refused:5.2}{mark}");
            }
            println!();
        }
    }
    for hints in [Hints::Headers, Hints::Warning, Hints::RetryAfter, Hints::Bare] {
        println!("{hints:?}: seconds until a changed limit is found, worst of {SEEDS} seeds");
        for (from, to) in [
            (10.0, 5.0),
            (50.0, 25.0),
            (100.0, 20.0),
            (5.0, 10.0),
            (20.0, 40.0),
            (50.0, 100.0),
            (50.0, 200.0),
            (100.0, 500.0),
        ] {
            print!("{from:>6} to {to:>3}");
            for latency in LATENCIES {
                let (mut after, mut refused) = (0.0f64, 0.0f64);
                for seed in 1..=SEEDS {
                    let changes = vec![(60.0, Bucket::of(to))];
                    let rows = (from * 60.0 + to * 60.0) as u64;
                    let world =
                        World { hints, seed, changes, rows, ..World::limited(from, latency) };
                    let told = world.run();
                    let possible = to.min(32.0 / latency);
                    after = after.max(told.found(60.0, possible));
                    refused = refused.max(told.refused as f64 / told.sent as f64 * 100.0);
                }
                print!("  {after:5.1} s {refused:5.2}");
            }
            println!();
        }
    }
    println!("bursts of another size: time against the ideal, refused %");
    for hints in [Hints::Headers, Hints::Warning, Hints::RetryAfter, Hints::Bare] {
        for (rate, burst) in
            [(10.0, 1.0), (50.0, 1.0), (50.0, 10.0), (50.0, 25.0), (20.0, 200.0), (100.0, 1000.0)]
        {
            print!("{hints:?} {rate:>6}/s burst {burst:>4}");
            for latency in LATENCIES {
                let bucket = Some(Bucket { rate, burst });
                let (time, refused) =
                    World { hints, bucket, ..World::limited(rate, latency) }.told();
                print!("  {time:.3} {:5.2}", refused * 100.0);
            }
            println!();
        }
    }
}
