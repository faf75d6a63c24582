//! Steering by the site's own word: `X-RateLimit-Remaining` of `X-RateLimit-Limit`.
//!
//! With both headers the bucket can be seen. What was served plus what the bucket gained is what it
//! was refilled with, so its rate is known without a single refusal. As long as more than half was
//! always left there is no reason to hold back; from then on the rate is steered so that about a
//! third stays in the bucket. A full bucket spills: then what was served is a lower bound.
//!
//! A number that does not move with what is sent says nothing, whatever it is: it is not believed
//! before it has moved, and not any longer once going slower leaves no more (ahungry/org-jira#365).
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
/// A bucket this many times larger than what is under way is not emptied by one more.
const PLENTY: f64 = 6.0;
/// So much is meant to stay.
const TARGET: f64 = 0.35;
/// A level is rounded down, and may be one answer old: so much may be wrong of what came in.
const ROUNDED: f64 = 2.0;
/// This many requests that should be left and are not show that the header means nothing.
const OWED: f64 = 3.0;
/// As long as nothing was ever refused, the headers alone never make it slower than this, in
/// requests a second.
const UNREFUSED: f64 = 4.0;

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
    /// Requests a second.
    Rate(f64),
    /// The headers are not believed any more.
    Ignored,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Guide {
    sample: Option<Sample>,
    refill: Option<f64>,
    left: Option<Left>,
    newest: u64,
    engaged: bool,
    /// The headers speak of another limit, or of none: a refusal came while plenty was left, or
    /// what is left does not move with what is sent.
    distrusted: bool,
    /// The level of the first answer, as long as no answer had another one.
    unmoved: Option<u32>,
    /// Whether the level was ever seen to move.
    moves: bool,
    /// What surely came in once, and what is to be left since then.
    promise: Option<Promise>,
    /// Nothing was ever refused.
    refused: bool,
}

/// At least `refill` requests a second came in; as many should be left after fewer were sent.
#[derive(Clone, Copy, Debug)]
struct Promise {
    refill: f64,
    since: Sample,
}

impl Promise {
    /// How many requests more should be left than the headers say.
    fn owed(&self, now: Sample) -> f64 {
        let seconds = (now.at - self.since.at).as_secs_f64();
        let sent = (now.served - self.since.served) as f64;
        let gained = f64::from(now.remaining) - f64::from(self.since.remaining);
        self.refill * seconds - sent - gained
    }

    /// What was under way at either moment is in the level and not yet among the served.
    fn slack(&self, latency: Duration) -> f64 {
        OWED + 2.0 * self.refill * latency.as_secs_f64()
    }

    /// Less is left than then: other clients use the bucket, or it is another by now.
    fn is_over(&self, now: Sample) -> bool {
        now.remaining + 2 <= self.since.remaining
    }
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
        self.moves |= self.unmoved.is_some_and(|first| first != left.remaining);
        self.unmoved.get_or_insert(left.remaining);
        if self.is_broken_promise(now, served, left, latency) {
            self.distrust();
            return Advice::Ignored;
        }
        let (remaining, limit) = (f64::from(left.remaining), f64::from(left.limit));
        self.engaged |= self.moves && remaining < limit * FREE;
        if !self.engaged {
            return Advice::Free;
        }
        let refill = self.refill.unwrap_or_else(fallback);
        let over = 1.0 + 2.0 * latency.as_secs_f64();
        let rate = refill + (remaining - limit * TARGET) / over;
        let least = if self.refused { 0.0 } else { UNREFUSED };
        Advice::Rate(rate.max(refill * 0.2).max(least))
    }

    /// Going slower leaves more in a bucket. If it does not, its number says nothing; believed, each
    /// sample would find that what comes in is just what was sent, and the pace would creep to a halt.
    fn is_broken_promise(
        &mut self,
        at: Instant,
        served: u64,
        left: Left,
        latency: Duration,
    ) -> bool {
        let now = Sample { at, served, remaining: left.remaining };
        let is_full = left.remaining + 2 >= left.limit;
        self.promise = self.promise.filter(|promise| !is_full && !promise.is_over(now));
        self.promise.is_some_and(|promise| promise.owed(now) > promise.slack(latency))
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
        let surely = (done + gained - ROUNDED) / seconds;
        if self.promise.is_none_or(|promise| promise.refill < surely) {
            self.promise = Some(Promise { refill: surely, since: fresh });
        }
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
        let left = self.left.filter(|_| self.moves)?;
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
        self.promise = None;
        self.refused = true;
    }

    fn distrust(&mut self) {
        *self = Self { distrusted: true, ..Self::default() };
    }

    /// What was seen before a long pause is stale.
    pub fn forget(&mut self) {
        self.left = None;
        self.sample = None;
        self.promise = None;
    }
}
