//! The pace in a simulated world: a token bucket and a latency in pure numbers, no clock, no
//! network. A minute passes in a millisecond.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use headcount_core::site::pace::{Decision, Jitter, Left, Pace, Said, Ticket};
use proptest::prelude::*;
use tokio::time::Instant;

/// What the server is like from some second on.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    rate: f64,
    burst: f64,
}

#[derive(Clone, Debug)]
struct World {
    /// `None`: no limit.
    bucket: Option<Bucket>,
    /// At this time the bucket becomes another.
    change: Option<(f64, Bucket)>,
    latency: f64,
    /// Whether `X-RateLimit-NearLimit` and `-Remaining` are sent.
    headers: bool,
    most: u32,
    eager: bool,
    rows: u64,
    seed: u64,
}

#[derive(Debug, Default)]
struct Told {
    seconds: f64,
    sent: u64,
    refused: u64,
    most_in_flight: u32,
    /// When each success was answered.
    done_at: Vec<f64>,
    /// Requests that were sent before an announced `Retry-After` was over.
    early: u64,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive(u64),
    Answer(u64),
    Wake,
}

struct Flight {
    ticket: Ticket,
    sent: f64,
    said: Option<Said>,
}

impl World {
    fn limited(rate: f64, latency: f64) -> Self {
        Self {
            bucket: Some(Bucket { rate, burst: rate }),
            change: None,
            latency,
            headers: false,
            most: 32,
            eager: false,
            rows: (rate * 60.0) as u64,
            seed: 1,
        }
    }

    fn run(&self) -> Told {
        let zero = Instant::now();
        let at = |seconds: f64| zero + Duration::from_secs_f64(seconds);
        let mut pace = Pace::new(self.most, self.eager);
        let mut jitter = Jitter::new(self.seed);
        let mut noise = Jitter::new(self.seed ^ 0xABCD);
        let mut told = Told::default();
        let mut events = BinaryHeap::new();
        let mut flights: std::collections::HashMap<u64, Flight> = Default::default();
        let (mut tokens, mut filled) = (self.bucket.map_or(0.0, |bucket| bucket.burst), 0.0);
        let (mut pending, mut number) = (self.rows, 0);
        let mut quiet_until = 0.0;
        let mut next_wake: Option<u64> = None;
        let nanos = |seconds: f64| (seconds * 1e9) as u64;
        let mut now = 0.0;
        let mut changed = false;
        loop {
            while pending > 0 {
                match pace.try_start(at(now)) {
                    Decision::Now(ticket) => {
                        pending -= 1;
                        number += 1;
                        told.sent += 1;
                        told.early += u64::from(now < quiet_until);
                        told.most_in_flight = told.most_in_flight.max(pace.in_flight());
                        flights.insert(number, Flight { ticket, sent: now, said: None });
                        let half = self.latency / 2.0 * (0.9 + 0.2 * noise.unit());
                        events.push(Reverse((nanos(now + half), Event::Arrive(number))));
                    }
                    Decision::At(until, _) => {
                        let until = (until - zero).as_secs_f64();
                        // A timer of a millisecond's grain.
                        let until = ((until * 1e3).ceil() / 1e3).max(now + 1e-6);
                        let until = nanos(until) + 1;
                        if next_wake.is_none_or(|next| until < next) {
                            next_wake = Some(until);
                            events.push(Reverse((until, Event::Wake)));
                        }
                        break;
                    }
                    Decision::Full => break,
                }
            }
            let Some(Reverse((time, event))) = events.pop() else { break };
            now = time as f64 / 1e9;
            match event {
                Event::Wake => next_wake = None,
                Event::Arrive(number) => {
                    let mut bucket = self.bucket;
                    if let Some((when, other)) = self.change
                        && now >= when
                    {
                        bucket = Some(other);
                        if !changed {
                            changed = true;
                            tokens = tokens.min(other.burst);
                        }
                    }
                    let flight = flights.get_mut(&number).unwrap();
                    let latency = Duration::from_secs_f64(self.latency);
                    let mut said = Said::Served { latency, near_limit: false, left: None };
                    if let Some(bucket) = bucket {
                        tokens = (tokens + (now - filled) * bucket.rate).min(bucket.burst);
                        filled = now;
                        if tokens < 1.0 {
                            let wait = ((1.0 - tokens) / bucket.rate).ceil().max(1.0);
                            said =
                                Said::Refused { retry_after: Some(Duration::from_secs_f64(wait)) };
                        } else {
                            tokens -= 1.0;
                            if self.headers {
                                said = Said::Served {
                                    latency,
                                    near_limit: tokens.floor() * 5.0 < bucket.burst.floor(),
                                    left: Some(Left {
                                        remaining: tokens as u32,
                                        limit: bucket.burst as u32,
                                    }),
                                };
                            }
                        }
                    }
                    flight.said = Some(said);
                    let half = self.latency / 2.0 * (0.9 + 0.2 * noise.unit());
                    events.push(Reverse((time + nanos(half), Event::Answer(number))));
                }
                Event::Answer(number) => {
                    let flight = flights.remove(&number).unwrap();
                    let said = flight.said.unwrap();
                    let _ = flight.sent;
                    pace.finished(at(now), flight.ticket, said, &mut jitter);
                    if TRACE.get() {
                        println!(
                            "{now:.3} in flight {} window {} ceiling {:?} {said:?}",
                            pace.in_flight(),
                            pace.window(),
                            pace.ceiling(at(now))
                        );
                    }
                    match said {
                        Said::Refused { retry_after } => {
                            told.refused += 1;
                            pending += 1;
                            let wait = retry_after.unwrap().as_secs_f64();
                            quiet_until = f64::max(quiet_until, now + wait);
                        }
                        _ => told.done_at.push(now),
                    }
                }
            }
            if told.done_at.len() as u64 == self.rows {
                break;
            }
        }
        told.seconds = now;
        told
    }
}

const RATES: [f64; 5] = [5.0, 10.0, 20.0, 50.0, 200.0];
const LATENCIES: [f64; 4] = [0.002, 0.02, 0.05, 0.3];

fn ideal(world: &World) -> f64 {
    let rate = world.bucket.map_or(f64::MAX, |bucket| bucket.rate);
    world.rows as f64 / rate.min(f64::from(world.most) / world.latency)
}

#[test]
fn table() {
    for headers in [true, false] {
        for rate in RATES {
            for latency in LATENCIES {
                let (mut worst, mut refused) = (0.0f64, 0.0f64);
                for seed in 0..4 {
                    if headers && seed > 0 { continue; }
                    let world = World { headers, seed, ..World::limited(rate, latency) };
                    let told = world.run();
                    worst = worst.max(told.seconds / ideal(&world));
                    refused = refused.max(told.refused as f64 / told.sent as f64);
                    assert_eq!(told.early, 0);
                }
                println!(
                    "headers {headers} rate {rate} latency {latency}: time {worst:.3} refused {:.2} %",
                    refused * 100.0
                );
            }
        }
    }
    for (most, latency, rows, eager) in [
        (32, 0.05, 2000, true),
        (32, 0.05, 10000, true),
        (32, 0.05, 10000, false),
        (32, 0.2, 10000, true),
    ] {
        let world = World {
            bucket: None,
            change: None,
            latency,
            headers: false,
            most,
            eager,
            rows,
            seed: 1,
        };
        let told = world.run();
        println!(
            "no limit, latency {latency}, rows {rows}, eager {eager}: {:.3}",
            told.seconds / ideal(&world)
        );
    }
    for headers in [false, true] {
        for (from, to) in [(50.0, 100.0), (50.0, 200.0), (200.0, 50.0), (100.0, 20.0), (20.0, 40.0)]
        {
            let change = Some((60.0, Bucket { rate: to, burst: to }));
            let world = World {
                headers,
                change,
                rows: (from * 60.0 + to * 60.0) as u64,
                ..World::limited(from, 0.05)
            };
            let told = world.run();
            // When was 90 % of the new rate reached over a second, for the first time?
            let mut found = f64::NAN;
            let mut second = 60.0;
            while second < told.seconds {
                let count =
                    told.done_at.iter().filter(|at| (second..second + 1.0).contains(*at)).count();
                let ratio = count as f64 / to;
                if (0.85..=1.15).contains(&ratio) {
                    found = second - 60.0;
                    break;
                }
                second += 0.5;
            }
            println!(
                "headers {headers} change {from} -> {to}: found after {found} s, total {:.3}, refused {:.2} %",
                told.seconds / 120.0,
                told.refused as f64 / told.sent as f64 * 100.0
            );
        }
    }
}

proptest! {
    #[test]
    fn x(_n in 0..2) {}
}

#[test]
fn trace() {
    let get = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<f64>().ok());
    let (Some(rate), Some(latency)) = (get("R"), get("L")) else { return };
    let world = World {
        headers: get("H").is_some(),
        seed: get("S").unwrap_or(0.0) as u64,
        ..World::limited(rate, latency)
    };
    TRACE.set(true);
    let told = world.run();
    println!("{} {}", told.seconds / ideal(&world), told.refused);
}

thread_local! { static TRACE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) }; }
