//! Steering by the site's own word: `X-RateLimit-Remaining` of `X-RateLimit-Limit`.
//!
//! With both headers the bucket can be seen. What was served plus what the bucket gained is what it
//! was refilled with, so its rate is known without a single refusal. As long as more than half was
//! always left there is no reason to hold back; from then on the rate is steered so that about a
//! third stays in the bucket. A full bucket spills: then what was served is a lower bound.
//!
//! Only small buckets are steered by (some seconds' worth at most): a quota of 300,000 an hour, as
//! some answers carry, says nothing of the pace of a second.

use std::time::Duration;

use tokio::time::Instant;

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// `X-RateLimit-Remaining`.
    pub remaining: u32,
    /// `X-RateLimit-Limit`.
    pub limit: u32,
}

impl Left {
    /// A bucket of which nearly nothing is left all the time says nothing by it.
    pub(super) fn is_tiny(self) -> bool {
        self.limit < *BURST.start()
    }
}

/// Larger limits are quotas, not bursts; smaller ones are tiny.
const BURST: std::ops::RangeInclusive<u32> = 5..=2000;
/// As long as never less than this share was left, nothing is held back.
const FREE: f64 = 0.5;
/// A bucket of so many times what is under way is not run dry by one more.
const PLENTY: f64 = 6.0;
/// So much is meant to stay.
const TARGET: f64 = 0.35;

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Instant,
    served: u64,
    remaining: u32,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Advice {
    /// Nothing is scarce.
    Free,
    /// So many requests a second.
    Rate(f64),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Guide {
    sample: Option<Sample>,
    refill: Option<f64>,
    left: Option<Left>,
    newest: u64,
    engaged: bool,
    /// A refusal came while plenty was left: the headers speak of another limit.
    distrusted: bool,
}

impl Guide {
    /// Whether such headers can be steered by.
    pub fn trusts(&self, left: Left) -> bool {
        !self.distrusted && BURST.contains(&left.limit)
    }

    /// Whether the bucket is seen, and holds many times what is under way.
    pub fn sees_plenty(&self, window: f64) -> bool {
        self.left.is_some_and(|left| f64::from(left.limit) >= PLENTY * window)
    }

    /// Takes in an answer to the `number`th request. `fallback` is the rate to assume as long as
    /// none was measured.
    pub fn advise(
        &mut self,
        now: Instant,
        (number, served): (u64, u64),
        left: Left,
        latency: Duration,
        fallback: impl FnOnce() -> f64,
    ) -> Advice {
        // An overtaken answer is older news, unless it is worse.
        let overtaken = number < self.newest;
        self.newest = self.newest.max(number);
        let left = match self.left {
            Some(known) if overtaken && known.remaining < left.remaining => known,
            _ => left,
        };
        self.left = Some(left);
        self.measure(now, served, left);
        let (remaining, limit) = (f64::from(left.remaining), f64::from(left.limit));
        self.engaged |= remaining < limit * FREE;
        if !self.engaged {
            return Advice::Free;
        }
        let refill = self.refill.unwrap_or_else(fallback);
        let over = 1.0 + 2.0 * latency.as_secs_f64();
        let rate = refill + (remaining - limit * TARGET) / over;
        Advice::Rate(rate.max(refill * 0.2))
    }

    fn measure(&mut self, now: Instant, served: u64, left: Left) {
        let fresh = Sample { at: now, served, remaining: left.remaining };
        let Some(old) = self.sample else {
            self.sample = Some(fresh);
            return;
        };
        let seconds = (now - old.at).as_secs_f64();
        let done = (served - old.served) as f64;
        if seconds < 0.25 || (done < 10.0 && seconds < 2.0) {
            return;
        }
        self.sample = Some(fresh);
        if left.remaining + 2 >= left.limit {
            self.refill = Some(self.refill.unwrap_or(0.0).max(done / seconds));
            return;
        }
        let gained = f64::from(left.remaining) - f64::from(old.remaining);
        let measured = ((done + gained) / seconds).max(0.0);
        self.refill = Some(match self.refill {
            // Far off: the limit has changed.
            Some(before) if (measured / before - 1.0).abs() < 0.3 => {
                before + (measured - before) * 0.3
            }
            _ => measured,
        });
    }

    /// How many may be in flight so that the bucket holds one for each: what is left, and what
    /// comes in while they are under way.
    pub fn room(&self, latency: Option<Duration>) -> Option<f64> {
        let left = self.left?;
        let latency = latency.unwrap_or_default().as_secs_f64();
        Some(f64::from(left.remaining) + self.refill.unwrap_or(0.0) * latency * 0.8)
    }

    /// A refusal. With plenty left by the last answer, that was another limit than the headers'.
    pub fn refused(&mut self) {
        let plenty = |left: Left| f64::from(left.remaining) > f64::from(left.limit) * FREE;
        if self.left.take().is_some_and(plenty) {
            self.distrusted = true;
        }
        self.sample = None;
    }

    /// What was seen before a long pause is stale.
    pub fn forget(&mut self) {
        self.left = None;
        self.sample = None;
    }
}
