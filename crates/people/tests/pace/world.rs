//! The simulated world: a token bucket and a latency as pure numbers, without a clock or network. A minute takes a
//! millisecond.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use headcount_atlassian::pace::{Decision, Jitter, Left, Pace, Said, Ticket};
use tokio::time::Instant;

/// The server's limit.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    pub rate: f64,
    pub burst: f64,
}

impl Bucket {
    /// A bucket that holds one second's requests.
    pub fn of(rate: f64) -> Self {
        Self { rate, burst: rate }
    }
}

/// What the server's answers say about the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    /// Only the status 429.
    Bare,
    /// Also `Retry-After` in whole seconds.
    RetryAfter,
    /// Also `X-RateLimit-NearLimit`.
    Warning,
    /// Also `X-RateLimit-Limit` and `-Remaining`.
    Headers,
    /// Headers that have nothing to do with the requests: a level between two numbers.
    Lies(u32, u32, u32),
}

/// A server, and how many requests it answers.
#[derive(Clone, Debug)]
pub struct World {
    /// The limit; `None` if there is none.
    pub bucket: Option<Bucket>,
    /// The times at which the limit becomes another.
    pub changes: Vec<(f64, Bucket)>,
    pub latency: f64,
    /// The time from which the latency is another.
    pub slower: Option<(f64, f64)>,
    pub hints: Hints,
    pub most: u32,
    pub eager: bool,
    pub rows: u64,
    pub seed: u64,
}

/// The result.
#[derive(Debug, Default)]
pub struct Told {
    pub seconds: f64,
    pub sent: u64,
    pub refused: u64,
    pub most_in_flight: u32,
    /// The time of each successful answer.
    pub done_at: Vec<f64>,
    /// Requests that were sent before an announced `Retry-After` was over.
    pub early: u64,
    /// The number of open requests, each time one was sent.
    pub in_flight_at: Vec<(f64, u32)>,
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
    refusal: Option<u64>,
    near: bool,
    left: Option<Left>,
}

/// A running world.
struct Course<'w> {
    world: &'w World,
    zero: Instant,
    now: f64,
    pace: Pace,
    jitter: Jitter,
    noise: Jitter,
    tokens: f64,
    filled: f64,
    changed: usize,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    flights: HashMap<u64, Flight>,
    pending: u64,
    number: u64,
    quiet_until: f64,
    wake: Option<u64>,
    told: Told,
}

fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

impl World {
    /// A minute's rows for this bucket, with the headers of [`Hints::RetryAfter`].
    pub fn limited(rate: f64, latency: f64) -> Self {
        Self {
            bucket: Some(Bucket::of(rate)),
            changes: Vec::new(),
            latency,
            slower: None,
            hints: Hints::RetryAfter,
            most: 32,
            eager: false,
            rows: (rate * 60.0) as u64,
            seed: 1,
        }
    }

    /// Lets a pace send all requests.
    pub fn run(&self) -> Told {
        let mut course = Course {
            world: self,
            zero: Instant::now(),
            now: 0.0,
            pace: Pace::new(self.most, self.eager),
            jitter: Jitter::new(self.seed),
            noise: Jitter::new(self.seed ^ 0xABCD),
            tokens: self.bucket.map_or(0.0, |bucket| bucket.burst),
            filled: 0.0,
            changed: 0,
            events: BinaryHeap::new(),
            flights: HashMap::new(),
            pending: self.rows,
            number: 0,
            quiet_until: 0.0,
            wake: None,
            told: Told::default(),
        };
        course.go();
        course.told
    }

    /// The time as a multiple of the ideal time, and the share of refused requests.
    pub fn told(&self) -> (f64, f64) {
        let told = self.run();
        assert_eq!(told.early, 0, "{self:?}: a request before Retry-After was over");
        assert!(told.most_in_flight <= self.most);
        (told.seconds / self.ideal(), told.refused as f64 / told.sent as f64)
    }

    fn ideal(&self) -> f64 {
        let rate = self.bucket.map_or(f64::MAX, |bucket| bucket.rate);
        self.rows as f64 / rate.min(f64::from(self.most) / self.latency)
    }
}

impl Course<'_> {
    fn go(&mut self) {
        while (self.told.done_at.len() as u64) < self.world.rows {
            self.send();
            let Some(Reverse((time, event))) = self.events.pop() else { break };
            self.now = time as f64 / 1e9;
            match event {
                // A newer wake-up has replaced this one.
                Event::Wake if self.wake != Some(time) => continue,
                Event::Wake => self.wake = None,
                Event::Arrive(number) => self.arrive(number),
                Event::Answer(number) => self.answer(number),
            }
        }
        self.told.seconds = self.now;
    }

    fn at(&self, seconds: f64) -> Instant {
        self.zero + Duration::from_secs_f64(seconds)
    }

    fn send(&mut self) {
        while self.pending > 0 {
            let now = self.at(self.now);
            match self.pace.try_start(now) {
                Decision::Now(ticket) => {
                    self.pending -= 1;
                    self.number += 1;
                    self.told.sent += 1;
                    self.told.early += u64::from(self.now < self.quiet_until);
                    let in_flight = self.pace.in_flight();
                    self.told.most_in_flight = self.told.most_in_flight.max(in_flight);
                    self.told.in_flight_at.push((self.now, in_flight));
                    let sent = self.now;
                    let flight = Flight { ticket, sent, refusal: None, near: false, left: None };
                    self.flights.insert(self.number, flight);
                    self.after_half(Event::Arrive(self.number));
                }
                Decision::At(until, _) => {
                    let until = (until - self.zero).as_secs_f64();
                    // Timers have a resolution of a millisecond.
                    let until = ((until * 1e3).ceil() / 1e3).max(self.now + 1e-6);
                    let until = nanos(until) + 1;
                    if self.wake.is_none_or(|next| until < next) {
                        self.wake = Some(until);
                        self.events.push(Reverse((until, Event::Wake)));
                    }
                    break;
                }
                Decision::Full => break,
            }
        }
    }

    /// Adds an event after half the latency, plus or minus a tenth.
    fn after_half(&mut self, event: Event) {
        let latency = match self.world.slower {
            Some((from, latency)) if self.now >= from => latency,
            _ => self.world.latency,
        };
        let half = latency / 2.0 * (0.9 + 0.2 * self.noise.unit());
        self.events.push(Reverse((nanos(self.now + half), event)));
    }

    fn bucket(&mut self) -> Option<Bucket> {
        let mut bucket = self.world.bucket;
        for (number, (when, other)) in self.world.changes.iter().enumerate() {
            if self.now < *when {
                break;
            }
            bucket = Some(*other);
            if self.changed <= number {
                self.changed = number + 1;
                self.tokens = self.tokens.min(other.burst);
            }
        }
        bucket
    }

    fn arrive(&mut self, number: u64) {
        if let Hints::Lies(least, most, limit) = self.world.hints {
            let noise = (self.noise.unit() * f64::from(most - least + 1)) as u32;
            let flight = self.flights.get_mut(&number).unwrap();
            flight.left = Some(Left { remaining: least + noise, limit });
        }
        if let Some(bucket) = self.bucket() {
            self.tokens = (self.tokens + (self.now - self.filled) * bucket.rate).min(bucket.burst);
            self.filled = self.now;
            let hints = self.world.hints;
            let flight = self.flights.get_mut(&number).unwrap();
            if self.tokens < 1.0 {
                flight.refusal = Some(((1.0 - self.tokens) / bucket.rate).ceil().max(1.0) as u64);
            } else {
                self.tokens -= 1.0;
                let left = Left { remaining: self.tokens as u32, limit: bucket.burst as u32 };
                flight.near = matches!(hints, Hints::Warning | Hints::Headers)
                    && left.remaining * 5 < left.limit;
                if hints == Hints::Headers {
                    flight.left = Some(left);
                }
            }
        }
        self.after_half(Event::Answer(number));
    }

    fn answer(&mut self, number: u64) {
        let flight = self.flights.remove(&number).unwrap();
        let said = match flight.refusal {
            Some(wait) => {
                self.told.refused += 1;
                self.pending += 1;
                let announced = self.world.hints != Hints::Bare;
                if announced {
                    self.quiet_until = f64::max(self.quiet_until, self.now + wait as f64);
                }
                Said::Refused { retry_after: announced.then_some(Duration::from_secs(wait)) }
            }
            None => {
                self.told.done_at.push(self.now);
                Said::Served {
                    latency: Duration::from_secs_f64(self.now - flight.sent),
                    near_limit: flight.near,
                    left: flight.left,
                }
            }
        };
        self.pace.finished(self.at(self.now), flight.ticket, said, &mut self.jitter);
    }
}

impl Told {
    /// Seconds after `at` until the successes in two seconds are at this rate, plus or minus a sixth.
    pub fn found(&self, at: f64, rate: f64) -> f64 {
        let per_second = |from: f64| {
            self.done_at.iter().filter(|done| (from..from + 2.0).contains(*done)).count() as f64
                / 2.0
        };
        (0..120)
            .map(|half| f64::from(half) / 2.0)
            .find(|after| (per_second(at + after) / rate - 1.0).abs() < 0.17)
            .unwrap_or(f64::MAX)
    }
}
