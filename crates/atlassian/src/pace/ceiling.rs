//! The learned ceiling: how many requests per second an endpoint accepts.
//!
//! It comes from a measurement ([`History`](super::history::History)) at a refusal, from a warning, or from the
//! site's headers ([`Guide`](super::header_control::Guide)). After a refusal, the ceiling keeps the measured rate
//! as long as the budget requires. Then it rises until the next refusal, because nothing else shows a raised
//! limit.

use std::time::Duration;

use tokio::time::Instant;

use super::history::Measured;

/// At first, the rate is kept below the measured one by the measurement's possible error, within these shares.
const BELOW: (f64, f64) = (0.003, 0.015);
/// After a while it is kept above the measured one in the same way, so that a rate that was measured too low is
/// corrected.
const ABOVE: (f64, f64) = (0.003, 0.12);
/// Seconds from below to above.
const CLIMB: f64 = 6.0;
/// How much faster than the ceiling the tokens of a pause are spent.
const SPENDING: f64 = 1.25;
/// The share of a pause's tokens that is assumed to be in the bucket is reduced by the measurement's possible
/// error, within these limits, so that a rate that was measured slightly too high does not empty the bucket at
/// once.
const LEFT: f64 = 1.5;
const CUSHION: (f64, f64) = (0.1, 0.3);
/// The lowest rate: one request in five seconds.
const LEAST: f64 = 0.2;
/// How many seconds' worth of requests may be sent together after a late wake-up.
const BUNCH: f64 = 0.05;
/// The least and the most share by which the rate rises during a try. At most this share of one second's requests
/// is sent before the refusal arrives.
const TRIED: (f64, f64) = (0.2, 0.8);
const UNHEARD: f64 = 0.06;
/// If no refusal came by the time at which a bucket of one second's requests is used up, plus half of that time,
/// the try doubles each time this many seconds pass.
const MARGIN: f64 = 1.5;
const DOUBLES: f64 = 1.0;
/// Additional round trips, because a refusal arrives one round trip later.
const ROUND_TRIPS: f64 = 4.0;

#[derive(Clone, Copy, Debug)]
enum Course {
    /// The site's headers set the rate with each answer.
    Steered,
    /// The rate is kept for this many seconds; then a higher one is tried.
    Held(f64),
}

#[derive(Clone, Debug)]
pub(super) struct Ceiling {
    base: f64,
    /// The shares of the base at which the climb begins and ends.
    from: f64,
    to: f64,
    course: Course,
    /// The start of the hold and of the try.
    since: Instant,
    /// How much more is tried, as a share of the base.
    over: f64,
    /// Seconds after which the try doubles.
    doubles: f64,
    tokens: f64,
    counted: Instant,
    /// The pause's tokens that are not spent yet.
    credit: f64,
}

impl Ceiling {
    /// A ceiling from a measured rate.
    pub fn measured(now: Instant, measured: Measured, latency: Duration) -> Self {
        let Measured { rate, sure, doubt } = measured;
        Self {
            base: rate.max(if sure { LEAST } else { 1.0 }),
            from: 1.0 - doubt.clamp(BELOW.0, BELOW.1),
            to: 1.0 + doubt.clamp(ABOVE.0, ABOVE.1),
            course: Course::Held(0.0),
            since: now,
            over: (UNHEARD / latency.as_secs_f64().max(1e-3)).clamp(TRIED.0, TRIED.1),
            doubles: DOUBLES + ROUND_TRIPS * latency.as_secs_f64(),
            tokens: 0.0,
            counted: now,
            credit: 0.0,
        }
    }

    /// Nothing is sent before `quiet_until`. Meanwhile the bucket, which holds `bucket` seconds' worth of
    /// requests, fills up.
    pub fn after_pause(mut self, now: Instant, quiet_until: Instant, bucket: f64) -> Self {
        let pause = (quiet_until - now).as_secs_f64();
        self.since = quiet_until;
        self.counted = quiet_until;
        self.tokens = 1.0;
        let left = (LEFT / self.base).clamp(CUSHION.0, CUSHION.1);
        self.credit = self.base * pause.min(bucket) * (1.0 - left);
        self
    }

    /// A ceiling from the site's headers.
    pub fn steered(now: Instant, rate: f64) -> Self {
        let measured = Measured { rate, sure: true, doubt: 0.0 };
        Self { course: Course::Steered, ..Self::measured(now, measured, Duration::ZERO) }
    }

    /// Sets another rate by the site's headers.
    pub fn steer(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.base = rate.max(LEAST);
        self.course = Course::Steered;
        self.since = now;
        self.credit = 0.0;
    }

    /// Sets a rate below the measured one, until a signal changes it.
    pub fn slow_down(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.from = (rate / self.base).min(1.0);
        self.to = self.from;
        self.course = Course::Held(f64::INFINITY);
        self.since = now;
        self.credit = 0.0;
    }

    /// Tries no higher rate before this many seconds have passed.
    pub fn hold(&mut self, seconds: f64) {
        if let Course::Held(hold) = &mut self.course {
            *hold = hold.max(seconds);
        }
    }

    /// Keeps to the measured rate, not above it, until a higher one is tried.
    pub fn stay(&mut self) {
        self.to = 1.0;
    }

    /// Tries a higher rate after this many seconds, whatever was set before.
    pub fn release(&mut self, seconds: f64) {
        self.course = Course::Held(seconds);
    }

    /// The measured rate.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// During a try, how many more requests per second are sent than served, as a share.
    pub fn over(&self) -> f64 {
        self.over
    }

    /// Whether tokens of the last pause are being spent.
    pub fn is_catching_up(&self) -> bool {
        self.credit > 0.0
    }

    /// Starts again at the base, because a rate that was not used for a while is uncertain.
    pub fn rest(&mut self, now: Instant) {
        self.since = now;
        self.credit = 0.0;
    }

    /// The current rate in requests per second.
    pub fn rate(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        let share = match self.course {
            Course::Steered => 1.0,
            Course::Held(hold) if seconds < hold => {
                let climb = (seconds / hold.min(CLIMB)).min(1.0);
                self.from + (self.to - self.from) * climb
            }
            Course::Held(hold) => self.more(seconds - hold),
        };
        self.base * share
    }

    /// The rate after this many seconds of trying.
    fn more(&self, seconds: f64) -> f64 {
        let used_up = MARGIN / self.over;
        let doublings = ((seconds - used_up) / self.doubles).clamp(0.0, 20.0);
        (1.0 + self.over) * doublings.exp2()
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

    /// Takes a token; else returns when there will be one.
    pub fn take(&mut self, now: Instant) -> Result<(), Instant> {
        self.refill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.tokens) / self.rate(now);
        // Rounded up: a caller that wakes slightly too early would have to wait again.
        Err(now.max(self.counted) + Duration::from_secs_f64(wait) + Duration::from_micros(50))
    }

    /// Returns the token of a request that was not sent.
    pub fn give_back(&mut self) {
        self.tokens += 1.0;
    }
}
