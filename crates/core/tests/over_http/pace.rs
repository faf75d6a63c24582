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

/// What answers tell beside 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hints {
    None,
    /// `X-RateLimit-NearLimit`.
    Warning,
    /// `X-RateLimit-Limit` and `-Remaining` too.
    Bucket,
}

#[derive(Clone, Debug)]
struct World {
    /// `None`: no limit.
    bucket: Option<Bucket>,
    /// At this time the bucket becomes another.
    change: Option<(f64, Bucket)>,
    latency: f64,
    hints: Hints,
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
    said: Option<Said>,
}

impl World {
    fn limited(rate: f64, latency: f64) -> Self {
        Self {
            bucket: Some(Bucket { rate, burst: rate }),
            change: None,
            latency,
            hints: Hints::None,
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
                        flights.insert(number, Flight { ticket, said: None });
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
                            if self.hints != Hints::None {
                                let left =
                                    Left { remaining: tokens as u32, limit: bucket.burst as u32 };
                                said = Said::Served {
                                    latency,
                                    near_limit: tokens.floor() * 5.0 < bucket.burst.floor(),
                                    left: (self.hints == Hints::Bucket).then_some(left),
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
                    pace.finished(at(now), flight.ticket, said, &mut jitter);
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

fn ideal(world: &World) -> f64 {
    let rate = world.bucket.map_or(f64::MAX, |bucket| bucket.rate);
    world.rows as f64 / rate.min(f64::from(world.most) / world.latency)
}

/// Time against the ideal, and the share of refused requests.
fn told(world: &World) -> (f64, f64) {
    let told = world.run();
    assert_eq!(told.early, 0, "{world:?}: a request before Retry-After was over");
    assert!(told.most_in_flight <= world.most);
    (told.seconds / ideal(world), told.refused as f64 / told.sent as f64)
}

#[test]
fn with_the_sites_headers_nothing_is_refused_and_no_time_lost() {
    for rate in [5.0, 20.0, 100.0] {
        for latency in [0.002, 0.05, 0.3] {
            let world = World { hints: Hints::Bucket, ..World::limited(rate, latency) };
            let (time, refused) = told(&world);
            assert!(time < 1.04, "{rate}/s, {latency} s: {time:.3} of the ideal time");
            assert_eq!(refused, 0.0, "{rate}/s, {latency} s");
        }
    }
}

#[test]
fn with_a_warning_alone_few_are_refused() {
    for rate in [20.0, 100.0] {
        for latency in [0.002, 0.05] {
            let world = World { hints: Hints::Warning, ..World::limited(rate, latency) };
            let (time, refused) = told(&world);
            assert!(time < 1.05, "{rate}/s, {latency} s: {time:.3} of the ideal time");
            assert!(refused < 0.01, "{rate}/s, {latency} s: {:.2} % refused", refused * 100.0);
        }
    }
}

#[test]
fn without_any_hint_the_rate_is_found_by_few_refusals() {
    for rate in [20.0, 50.0, 100.0] {
        for latency in [0.002, 0.05] {
            for seed in [1, 2] {
                let world = World { seed, ..World::limited(rate, latency) };
                let (time, refused) = told(&world);
                assert!(time < 1.05, "{rate}/s, {latency} s: {time:.3} of the ideal time");
                assert!(refused < 0.01, "{rate}/s, {latency} s: {:.2} % refused", refused * 100.0);
            }
        }
    }
}

#[test]
fn small_buckets_and_long_latencies_without_hints_cost_little() {
    for (rate, latency) in [(5.0, 0.05), (10.0, 0.05), (10.0, 0.3), (20.0, 0.3), (50.0, 0.3)] {
        let (time, refused) = told(&World::limited(rate, latency));
        assert!(time < 1.06, "{rate}/s, {latency} s: {time:.3} of the ideal time");
        assert!(refused < 0.03, "{rate}/s, {latency} s: {:.2} % refused", refused * 100.0);
    }
}

#[test]
fn latency_alone_is_filled_with_all_that_may_be_in_flight() {
    for (latency, rows, eager) in [(0.05, 2000, true), (0.05, 10_000, false), (0.2, 2000, true)] {
        let world = World { bucket: None, rows, eager, ..World::limited(1.0, latency) };
        let (time, _) = told(&world);
        assert!(time < 1.0 / 0.95, "{latency} s, {rows} rows: {time:.3} of the ideal time");
    }
}

#[test]
fn a_bucket_of_another_size_is_learnt_too() {
    for (rate, burst) in [(50.0, 10.0), (50.0, 25.0), (20.0, 200.0)] {
        let bucket = Some(Bucket { rate, burst });
        let world = World { bucket, rows: (rate * 120.0) as u64, ..World::limited(rate, 0.05) };
        let (time, refused) = told(&world);
        assert!(time < 1.35, "{rate}/s, burst {burst}: {time:.3} of the ideal time");
        assert!(refused < 0.03, "{rate}/s, burst {burst}: {:.2} % refused", refused * 100.0);
    }
}

/// Seconds after the change until a second's successes are the new rate, give or take a sixth.
fn found_after(world: &World, at: f64, rate: f64) -> f64 {
    let told = world.run();
    let in_second = |from: f64| {
        told.done_at.iter().filter(|done| (from..from + 1.0).contains(*done)).count() as f64
    };
    (0..120)
        .map(|half| f64::from(half) / 2.0)
        .find(|after| (in_second(at + after) / rate - 1.0).abs() < 0.17)
        .unwrap_or(f64::MAX)
}

#[test]
fn a_limit_that_changes_in_the_middle_is_found() {
    for (hints, down, up) in [(Hints::Bucket, 5.0, 3.0), (Hints::None, 5.0, 25.0)] {
        for (from, to) in [(50.0, 100.0), (50.0, 200.0), (100.0, 20.0), (20.0, 40.0)] {
            let change = Some((60.0, Bucket { rate: to, burst: to }));
            let rows = (from * 60.0 + to * 35.0) as u64;
            let world = World { hints, change, rows, ..World::limited(from, 0.05) };
            let after = found_after(&world, 60.0, to);
            let within = if to > from { up } else { down };
            assert!(after <= within, "{from} to {to}, {hints:?}: found after {after} s");
        }
    }
}

/// What an answer may say, in any order.
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

    /// Whatever the answers: never more in flight than allowed, nothing before an announced wait is
    /// over, and there is always a way on.
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

/// The same over real HTTP against the sandbox's bucket; a minute long, so it is asked for by name:
/// `cargo test -p headcount-core --test over_http -- --ignored on_the_wire --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute of real time; run by hand, the same is simulated in CI"]
async fn on_the_wire() {
    use crate::support::{Keys, Playground};
    use headcount_core::site::{CallErrorKind, Endpoint};
    use headcount_core::values::{group::GroupId, user::AccountId};

    let (rate, rows) = (50, 3000);
    let config = headcount_sandbox::Config {
        rate: Some(rate),
        latency: Duration::from_millis(20),
        ..Default::default()
    };
    let play = Playground::with(Keys::Jira, config).await;
    let account = AccountId::parse("e2345d51eaa4xxx984e377ce").unwrap();
    let group = GroupId::new("d6750b14-1aa8-4ab2-xxxx-a6d44016da32");
    let start = std::time::Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    let (mut started, mut done, mut refused) = (0, 0, 0);
    while done < rows {
        if started < rows + refused {
            started += 1;
            let permit = play.site.pacer.ready(Endpoint::JiraAddMember).await;
            let (jira, group, account) =
                (play.site.jira.clone().unwrap(), group.clone(), account.clone());
            tasks.spawn(async move { jira.add_member(permit, &group, &account).await });
        }
        while let Some(ended) =
            if started < rows + refused { tasks.try_join_next() } else { tasks.join_next().await }
        {
            match ended.unwrap() {
                Ok(_) => done += 1,
                Err(error) if error.kind == CallErrorKind::RateLimited => refused += 1,
                Err(error) => panic!("{error}"),
            }
            if started < rows + refused {
                break;
            }
        }
    }
    let ratio = start.elapsed().as_secs_f64() / (f64::from(rows) / f64::from(rate));
    println!("{ratio:.3} of the ideal time, {refused} refused");
    assert!(ratio < 1.05 && refused * 100 < rows);
}
