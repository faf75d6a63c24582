//! The learnt ceiling: how many requests a second an endpoint takes.
//!
//! It comes from a measurement ([`History`](super::history::History)) at a refusal, from a warning,
//! or from the site's headers ([`Guide`](super::guide::Guide)). After a refusal it holds just below
//! what was measured, as long as the share of refused requests and the time lost by pauses ask for,
//! and then rises, a little at first and ever faster, until the next refusal: a raised limit is
//! found by nothing else.

use std::time::Duration;

use tokio::time::Instant;

use super::history::Measured;

/// A measured rate is kept to a little below, so that the bucket fills instead of running dry.
const BELOW: f64 = 0.985;
/// How much faster than the ceiling the tokens of a pause are spent.
const SPENDING: f64 = 1.25;
/// The share of the tokens that a pause should have brought which is spent.
const CREDIT: f64 = 0.85;
/// Never slower than this: one request in five seconds.
const LEAST: f64 = 0.2;
/// Up to so many seconds' worth of requests may be sent at once after a late wake-up.
const BUNCH: f64 = 0.05;

/// And rises over the hold to this, so that a rate that was measured a little too low is mended.
const ABOVE: f64 = 1.015;

/// The rise after the hold, as a share of the base: 1.08 after two seconds, 1.4 after three, twice
/// after five, four times after seven. The tokens that are left in a bucket are used up early, when
/// little too much is sent and few are refused.
fn rise(seconds: f64) -> f64 {
    (ABOVE + 0.04 * seconds + 0.01 * seconds.powi(3)).min(1e6)
}

#[derive(Clone, Debug)]
pub(super) struct Ceiling {
    base: f64,
    /// So many seconds before the rise; `None` where the site's headers steer, answer by answer.
    hold: Option<f64>,
    /// From when hold and rise are counted.
    since: Instant,
    tokens: f64,
    counted: Instant,
    /// How many times slower it rises: a refusal is heard a latency later, and what was sent
    /// meanwhile is refused too.
    stretch: f64,
    /// Tokens of the pause that are still to be spent.
    credit: f64,
}

impl Ceiling {
    /// After a refusal: nothing is sent before `quiet_until`, and the bucket is taken to hold
    /// `bucket` seconds' worth.
    pub fn refused(now: Instant, quiet_until: Instant, measured: Measured, bucket: f64) -> Self {
        let Measured { rate, sure } = measured;
        let base = rate.max(if sure { LEAST } else { 1.0 });
        let pause = (quiet_until - now).as_secs_f64();
        Self {
            base,
            hold: Some(0.0),
            since: quiet_until,
            tokens: 1.0,
            counted: quiet_until,
            stretch: 1.0,
            credit: base * pause.min(bucket) * CREDIT,
        }
    }

    /// After a warning: slower than now, without a pause.
    pub fn warned(now: Instant, rate: f64) -> Self {
        Self {
            base: rate.max(LEAST),
            hold: Some(0.0),
            since: now,
            tokens: 0.0,
            counted: now,
            stretch: 1.0,
            credit: 0.0,
        }
    }

    /// By the site's headers.
    pub fn steered(now: Instant, rate: f64) -> Self {
        Self { hold: None, ..Self::warned(now, rate) }
    }

    /// Another rate by the site's headers.
    pub fn steer(&mut self, now: Instant, rate: f64) {
        self.lower(now, rate);
        self.hold = None;
    }

    /// A further warning.
    pub fn lower(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.base = rate.max(LEAST);
        self.hold = Some(0.0);
        self.since = now;
        self.credit = 0.0;
    }

    /// It does not rise before so many seconds are over, and the slower the later it would hear.
    pub fn hold(&mut self, seconds: f64, latency: Duration) {
        self.stretch = 1.0 + 4.0 * latency.as_secs_f64().min(1.0);
        if let Some(hold) = &mut self.hold {
            *hold = hold.max(seconds);
        }
    }

    /// What was measured.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Whether tokens of the last pause are being spent.
    pub fn is_catching_up(&self) -> bool {
        self.credit > 0.0
    }

    /// What was not used for a while is not known to be right: begin again at the base.
    pub fn rest(&mut self, now: Instant) {
        self.since = now;
        self.credit = 0.0;
    }

    /// Requests a second at this moment.
    pub fn rate(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        match self.hold {
            Some(hold) if seconds < hold => self.base * (BELOW + (ABOVE - BELOW) * seconds / hold),
            Some(hold) => self.base * rise((seconds - hold) / self.stretch),
            None => self.base,
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
