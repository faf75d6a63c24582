//! Sets the rate by the site's headers: `X-RateLimit-Remaining` of `X-RateLimit-Limit`.
//!
//! With both headers the level of the bucket is known. The number of served requests plus the gain of the bucket
//! is what was refilled, so its rate is known without a refusal. As long as more than half is always left, nothing
//! is slowed down. Below that, the rate is set so that about a third stays in the bucket. A full bucket loses
//! tokens; then the served requests are a lower bound of the rate.
//!
//! A number that does not change with the requests has no meaning. It is not used before it has changed, and no
//! longer if a lower rate leaves no more in the bucket (ahungry/org-jira#365).
//!
//! Only small buckets (at most a few seconds' requests) set the rate: a quota of 300,000 per hour, which some
//! answers carry, says nothing about the rate per second.

use std::time::Duration;

use tokio::time::Instant;

/// The requests that are left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// `X-RateLimit-Remaining`.
    pub remaining: u32,
    /// `X-RateLimit-Limit`.
    pub limit: u32,
}

impl Left {
    /// Whether the bucket is so small that nearly nothing is ever left in it, which has no meaning.
    pub(super) fn is_tiny(self) -> bool {
        self.limit < *BURST.start()
    }
}

/// The sizes of burst limits. Larger limits are quotas; smaller ones are tiny.
const BURST: std::ops::RangeInclusive<u32> = 5..=2000;
/// As long as never less than this share was left, nothing is slowed down.
const FREE: f64 = 0.5;
/// One more request does not empty a bucket that is this many times larger than the open requests.
const PLENTY: f64 = 6.0;
/// The share that is meant to stay in the bucket.
const TARGET: f64 = 0.35;
/// The level is rounded down and may be one answer old. The refill may be wrong by this many requests.
const ROUNDED: f64 = 2.0;
/// If this many requests that should be left are missing, the header has no meaning.
const OWED: f64 = 3.0;
/// As long as nothing was refused, headers alone never set a lower rate than this, in requests per second.
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
    /// Nothing to limit.
    Free,
    /// Keep to this many requests per second.
    Rate(f64),
    /// The headers are no longer used.
    Ignored,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Guide {
    sample: Option<Sample>,
    refill: Option<f64>,
    left: Option<Left>,
    newest: u64,
    engaged: bool,
    /// Set if the headers belong to another limit or to none: a request was refused although plenty was left, or
    /// the level does not change with the requests.
    distrusted: bool,
    /// The level of the first answer, as long as no answer had another one.
    unmoved: Option<u32>,
    /// Whether the level has ever changed.
    moves: bool,
    /// A refill that was certain once, and the level that should result from it.
    promise: Option<Promise>,
    /// Whether a request was ever refused.
    refused: bool,
}

/// At least `refill` requests per second were refilled, so this many should be left after fewer were sent.
#[derive(Clone, Copy, Debug)]
struct Promise {
    refill: f64,
    since: Sample,
}

impl Promise {
    /// How many more requests should be left than the headers say.
    fn owed(&self, now: Sample) -> f64 {
        let seconds = (now.at - self.since.at).as_secs_f64();
        let sent = (now.served - self.since.served) as f64;
        let gained = f64::from(now.remaining) - f64::from(self.since.remaining);
        self.refill * seconds - sent - gained
    }

    /// Requests that were open at either moment are in the level, but not yet among the served ones.
    fn slack(&self, latency: Duration) -> f64 {
        OWED + 2.0 * self.refill * latency.as_secs_f64()
    }

    /// Whether less is left than before: other clients use the bucket, or it is another bucket now.
    fn is_over(&self, now: Sample) -> bool {
        now.remaining + 2 <= self.since.remaining
    }
}

impl Guide {
    /// Whether these headers can set the rate.
    pub fn trusts(&self, left: Left) -> bool {
        !self.distrusted && BURST.contains(&left.limit)
    }

    /// Whether the bucket's level is known and many times larger than the open requests.
    pub fn sees_plenty(&self, window: f64) -> bool {
        self.left.is_some_and(|left| f64::from(left.limit) >= PLENTY * window)
    }

    /// Takes the answer to request `number` into account. `fallback` is the assumed rate as long as none was
    /// measured.
    pub fn advise(
        &mut self,
        now: Instant,
        (number, served): (u64, u64),
        left: Left,
        latency: Duration,
        fallback: impl FnOnce() -> f64,
    ) -> Advice {
        // An answer that was overtaken is older, so it only counts if its level is lower.
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

    /// Whether a lower rate has left no more in the bucket. Then its number has no meaning. If it were used, each
    /// measurement would find that exactly the sent requests were refilled, and the rate would fall to nothing.
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
            // The limit has changed if the new measurement differs by more than this.
            Some(before) if (measured / before - 1.0).abs() < 0.3 => {
                before + (measured - before) * 0.3
            }
            _ => measured,
        });
    }

    /// How many requests may be open so that the bucket has one for each: the level, and the refill while they are
    /// under way.
    pub fn room(&self, latency: Option<Duration>) -> Option<f64> {
        let left = self.left.filter(|_| self.moves)?;
        let latency = latency.unwrap_or_default().as_secs_f64();
        Some(f64::from(left.remaining) + self.refill.unwrap_or(0.0) * latency * 0.8)
    }

    /// Handles a refusal. If plenty was left at the last answer, another limit than the headers' refused the
    /// request.
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

    /// Forgets the level, which is stale after a long pause.
    pub fn forget(&mut self) {
        self.left = None;
        self.sample = None;
        self.promise = None;
    }
}
