//! The learnt ceiling: how many requests a second an endpoint takes.
//!
//! It comes from a measurement ([`History`](super::history::History)) at a refusal, from a warning,
//! or from the site's headers ([`Guide`](super::header_control::Guide)). After a refusal it holds what was
//! measured as long as the share of refused requests and the time lost by pauses ask for, and then
//! tries more until the next refusal: a raised limit is found by nothing else.

use std::time::Duration;

use tokio::time::Instant;

use super::history::Measured;

/// A measured rate is kept to a little below at first: as much as it may be wrong, within these.
const BELOW: (f64, f64) = (0.003, 0.015);
/// And after a while to a little above, likewise: one that was measured too low is mended.
const ABOVE: (f64, f64) = (0.003, 0.12);
/// Seconds from below to above.
const CLIMB: f64 = 6.0;
/// How much faster than the ceiling the tokens of a pause are spent.
const SPENDING: f64 = 1.25;
/// Share of a pause's tokens that is assumed to be in the bucket, but no less and no
/// more than these shares: a measurement that is a little too high does not run it dry at once.
const LEFT: f64 = 1.5;
const CUSHION: (f64, f64) = (0.1, 0.3);
/// Never slower than this: one request in five seconds.
const LEAST: f64 = 0.2;
/// Seconds' worth of requests that may be sent at once after a late wake-up.
const BUNCH: f64 = 0.05;
/// More is tried by at most and at least this, so that at most this share of a second's worth is
/// sent before the refusal is heard.
const TRIED: (f64, f64) = (0.2, 0.8);
const UNHEARD: f64 = 0.06;
/// When no refusal came by the time at which a bucket of one second's worth is used up, and half of
/// that again: it doubles each time this many seconds pass.
const MARGIN: f64 = 1.5;
const DOUBLES: f64 = 1.0;
/// And this many round trips more, because a refusal arrives a round trip later.
const ROUND_TRIPS: f64 = 4.0;

#[derive(Clone, Copy, Debug)]
enum Course {
    /// The site's headers steer, answer by answer.
    Steered,
    /// For this many seconds, then a higher rate is tried.
    Held(f64),
}

#[derive(Clone, Debug)]
pub(super) struct Ceiling {
    base: f64,
    /// Where the climb begins and ends, as shares of the base.
    from: f64,
    to: f64,
    course: Course,
    /// From when hold and trial are counted.
    since: Instant,
    /// How much more is tried, as a share.
    over: f64,
    /// In how many seconds it doubles after that.
    doubles: f64,
    tokens: f64,
    counted: Instant,
    /// Tokens of the pause that are still to be spent.
    credit: f64,
}

impl Ceiling {
    /// A rate that was measured.
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

    /// Nothing is sent before then; a bucket that holds `bucket` seconds' worth is filled meanwhile.
    pub fn after_pause(mut self, now: Instant, quiet_until: Instant, bucket: f64) -> Self {
        let pause = (quiet_until - now).as_secs_f64();
        self.since = quiet_until;
        self.counted = quiet_until;
        self.tokens = 1.0;
        let left = (LEFT / self.base).clamp(CUSHION.0, CUSHION.1);
        self.credit = self.base * pause.min(bucket) * (1.0 - left);
        self
    }

    /// By the site's headers.
    pub fn steered(now: Instant, rate: f64) -> Self {
        let measured = Measured { rate, sure: true, doubt: 0.0 };
        Self { course: Course::Steered, ..Self::measured(now, measured, Duration::ZERO) }
    }

    /// Another rate by the site's headers.
    pub fn steer(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.base = rate.max(LEAST);
        self.course = Course::Steered;
        self.since = now;
        self.credit = 0.0;
    }

    /// Slower than what was measured, until a signal changes it.
    pub fn slow_down(&mut self, now: Instant, rate: f64) {
        self.refill(now);
        self.from = (rate / self.base).min(1.0);
        self.to = self.from;
        self.course = Course::Held(f64::INFINITY);
        self.since = now;
        self.credit = 0.0;
    }

    /// It tries no higher rate before these seconds are over.
    pub fn hold(&mut self, seconds: f64) {
        if let Course::Held(hold) = &mut self.course {
            *hold = hold.max(seconds);
        }
    }

    /// It does not go above what was measured before it tries more.
    pub fn stay(&mut self) {
        self.to = 1.0;
    }

    /// It tries a higher rate after these seconds, whatever was set before.
    pub fn release(&mut self, seconds: f64) {
        self.course = Course::Held(seconds);
    }

    /// What was measured.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// How many more a second are sent than served when more is tried, as a share.
    pub fn over(&self) -> f64 {
        self.over
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

    /// The rate that is tried after these seconds of trying.
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

    /// Takes a token, or returns when there will be one.
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
