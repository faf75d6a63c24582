//! The learnt ceiling: how many requests a second an endpoint takes.
//!
//! It comes from a measurement ([`History`](super::history::History)) at a refusal, from a warning,
//! or from the site's headers ([`Guide`](super::guide::Guide)). After a refusal it grows again:
//! slowly where the measurement is sure, fast where it is not.

use std::time::Duration;

use tokio::time::Instant;

use super::history::Measured;

/// How sure the base is, and so how fast it grows again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Growth {
    /// From an unsure measurement or a warning: doubles every [`DOUBLING`].
    Fast,
    /// From a sure measurement: stays close to what was measured and rises with the cube of the time over
    /// this plateau (seconds).
    Slow(f64),
    /// Steered by the site's headers, answer by answer.
    None,
}

/// In fast growth the rate doubles in this time.
const DOUBLING: f64 = 4.0;
/// In slow growth the rate is [`RISE`] above the base after the plateau: short at first, longer each
/// time that the same rate is measured again.
const PLATEAU: f64 = 15.0;
const LONGEST_PLATEAU: f64 = 25.0;
const RISE: f64 = 0.6;
/// Two measures this close are the same.
const SAME: f64 = 0.1;
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

/// So many seconds' worth more than the base was taken without a refusal: no bucket explains that,
/// the limit has risen. From there the growth is fast.
const RISEN: f64 = 1.7;

/// Slow growth, as a share of the base.
fn slow(seconds: f64, plateau: f64) -> f64 {
    let cube = |seconds: f64| BELOW + RISE * (seconds / plateau).powi(3);
    // Where the integral of the rise reaches RISEN.
    let risen = (RISEN * 4.0 / RISE * plateau.powi(3)).sqrt().sqrt();
    if seconds <= risen {
        return cube(seconds);
    }
    cube(risen) * ((seconds - risen) / DOUBLING).exp2().min(1e6)
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
    pub fn refused(
        now: Instant,
        quiet_until: Instant,
        measured: Measured,
        before: Option<&Self>,
    ) -> Self {
        let Measured { rate, sure } = measured;
        let base = rate.max(LEAST);
        let plateau = match before {
            Some(Self { base: old, growth: Growth::Slow(plateau), .. })
                if (base / old - 1.0).abs() < SAME =>
            {
                (plateau * 1.5).min(LONGEST_PLATEAU)
            }
            _ => PLATEAU,
        };
        let pause = (quiet_until - now).as_secs_f64();
        Self {
            base,
            growth: if sure { Growth::Slow(plateau) } else { Growth::Fast },
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
            tokens: 0.0,
            counted: now,
            credit: 0.0,
        }
    }

    /// By the site's headers.
    pub fn steered(now: Instant, rate: f64) -> Self {
        Self { growth: Growth::None, ..Self::warned(now, rate) }
    }

    /// Another rate by the site's headers.
    pub fn steer(&mut self, now: Instant, rate: f64) {
        self.lower(now, rate);
        self.growth = Growth::None;
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
            Growth::Slow(plateau) => self.base * slow(seconds, plateau),
            Growth::None => self.base,
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
