//! The learnt ceiling: how many requests a second an endpoint takes.
//!
//! A token bucket is empty at each refusal. Between two refusals, what succeeded is what was
//! refilled, so successes ÷ seconds is its rate, exactly, whatever its size (a bucket that was full
//! in between gives a little too little, never too much). Of the first refusal only the time since
//! the first request is known; there a bucket of one second's worth is assumed, and the result is
//! held for uncertain: it grows fast until a second refusal makes it sure.

use std::time::Duration;

use tokio::time::Instant;

/// How sure the base is, and so how fast it grows again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Growth {
    /// From a first refusal or a warning: doubles every [`DOUBLING`].
    Fast,
    /// From two refusals: stays close to what was measured and rises with the cube of the time.
    Slow,
}

/// In fast growth the rate doubles in this time.
const DOUBLING: f64 = 4.0;
/// In slow growth the rate is [`RISE`] above the base after this time.
const PLATEAU: f64 = 20.0;
const RISE: f64 = 0.6;
/// A measured rate is begun a little below, so that the bucket fills instead of running dry.
const BELOW: f64 = 0.985;
/// How much faster than the ceiling the tokens of a pause are spent.
const SPENDING: f64 = 1.25;
/// The share of the tokens that a pause should have brought which is spent.
const CREDIT: f64 = 0.5;
/// Never slower than this: one request in two seconds.
const LEAST: f64 = 0.5;
/// Up to so many seconds' worth of requests may be sent at once after a late wake-up.
const BUNCH: f64 = 0.05;

/// A moment and how many successes there had been.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub at: Instant,
    pub successes: u64,
    /// Whether the bucket was empty then; else it is taken to have been full.
    pub dry: bool,
}

impl Mark {
    /// Requests a second since then, and whether that is sure.
    pub fn rate(&self, now: Instant, successes: u64) -> (f64, bool) {
        let seconds = (now - self.at).as_secs_f64();
        let done = (successes - self.successes) as f64;
        let over = if self.dry { seconds.max(0.1) } else { 1.0 + seconds };
        (done / over, self.dry && seconds >= 0.5)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Ceiling {
    base: f64,
    growth: Growth,
    since: Instant,
    tokens: f64,
    counted: Instant,
    credit: f64,
}

impl Ceiling {
    /// After a refusal: nothing is sent before `quiet_until`.
    pub fn refused(now: Instant, quiet_until: Instant, measured: (f64, bool)) -> Self {
        let (rate, sure) = measured;
        let base = rate.max(LEAST);
        let pause = (quiet_until - now).as_secs_f64();
        Self {
            base,
            growth: if sure { Growth::Slow } else { Growth::Fast },
            since: quiet_until,
            tokens: 1.0,
            counted: quiet_until,
            // A bucket seldom holds much more than a second's worth.
            credit: if sure { base * pause.min(1.0) * CREDIT } else { 0.0 },
        }
    }

    /// After a warning: slower than now, without a pause.
    pub fn warned(now: Instant, rate: f64) -> Self {
        Self {
            base: rate.max(LEAST),
            growth: Growth::Fast,
            since: now,
            tokens: 1.0,
            counted: now,
            credit: 0.0,
        }
    }

    /// A further warning.
    pub fn lower(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.base = rate.max(LEAST);
        self.growth = Growth::Fast;
        self.since = now;
        self.credit = 0.0;
    }

    /// What was not used for a while is not known to be right: begin again at the base.
    pub fn rest(&mut self, now: Instant) {
        self.since = now;
        self.credit = 0.0;
    }

    /// Requests a second at this moment.
    pub fn rate(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        match self.growth {
            Growth::Fast => self.base * (seconds / DOUBLING).exp2().min(1e6),
            Growth::Slow => self.base * (BELOW + RISE * (seconds / PLATEAU).powi(3)),
        }
    }

    fn refill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.counted).as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        self.counted = now;
        let rate = self.rate(now);
        let mut fresh = rate * seconds;
        if self.credit > 0.0 {
            let extra = (fresh * (SPENDING - 1.0)).min(self.credit);
            self.credit -= extra;
            fresh += extra;
        }
        self.tokens = (self.tokens + fresh).min((rate * BUNCH).max(1.0));
    }

    /// Takes a token, or tells when there will be one.
    pub fn take(&mut self, now: Instant) -> Result<(), Instant> {
        self.refill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.tokens) / self.rate(now);
        // Rounded up: woken a hair too early, the caller would be sent back again.
        Err(now.max(self.counted) + Duration::from_secs_f64(wait) + Duration::from_micros(50))
    }

    /// Gives back a token of a request that was not sent.
    pub fn give_back(&mut self) {
        self.tokens += 1.0;
    }
}
