//! Rate limits: a token bucket for each endpoint and method.
//!
//! [Atlassian's rate-limiting page] says that traffic with API tokens is under burst limits for
//! each tenant, endpoint and method, kept as token buckets, and names the headers. The buckets
//! here hold as many tokens as come in a second unless told otherwise. A refused request takes no
//! token.

use serde::Deserialize;

use crate::clock::iso;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    /// On the clock's own scale.
    at_nanos: i128,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    per_second: f64,
    burst: f64,
    tell: Tell,
}

/// What answers tell of a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tell {
    /// Every header that Atlassian's page names.
    #[default]
    All,
    /// On a 429 how long to wait, and nothing else.
    RetryAfter,
    /// Nothing: a bare 429.
    Nothing,
}

/// What the limit says of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ruling {
    pub(crate) tell: Tell,
    /// Seconds to wait; none lets the request in.
    pub(crate) retry_after: Option<u64>,
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// When the bucket is full again, or a token is there for who was refused; ISO 8601.
    pub(crate) reset: String,
}

/// A change of limits, as `/_sandbox/rate` takes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitChange {
    /// Requests a second; null lifts the limit.
    pub(crate) rate: Option<f64>,
    /// How many may come at once; as many as `rate` when missing.
    #[serde(default)]
    pub(crate) burst: Option<f64>,
    /// What answers tell of it.
    #[serde(default)]
    pub(crate) tell: Tell,
    /// Only this method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Only this template, or a path.
    #[serde(default)]
    pub(crate) path: Option<String>,
}

/// The buckets of all routes.
#[derive(Debug)]
pub(crate) struct Limits {
    rates: Vec<Option<Rate>>,
    buckets: Vec<Option<Bucket>>,
}

impl Limits {
    pub(crate) fn new(routes: usize, rate: Option<u32>) -> Self {
        let rate = rate.filter(|rate| *rate > 0).map(|rate| Rate {
            per_second: f64::from(rate),
            burst: f64::from(rate),
            tell: Tell::All,
        });
        Self { rates: vec![rate; routes], buckets: vec![None; routes] }
    }

    /// Sets the limit of the given routes; full buckets to start with.
    pub(crate) fn set(&mut self, routes: impl Iterator<Item = usize>, change: &LimitChange) {
        let rate = change.rate.filter(|rate| *rate > 0.0).map(|rate| Rate {
            per_second: rate,
            burst: change.burst.unwrap_or(rate).max(1.0),
            tell: change.tell,
        });
        for route in routes {
            self.rates[route] = rate;
            self.buckets[route] = None;
        }
    }

    /// Takes a token of the route's bucket. None where there is no limit.
    pub(crate) fn take(&mut self, route: usize, now_nanos: i128, now_ms: i64) -> Option<Ruling> {
        let rate = (*self.rates.get(route)?)?;
        let bucket =
            self.buckets[route].get_or_insert(Bucket { tokens: rate.burst, at_nanos: now_nanos });
        #[expect(clippy::cast_precision_loss, reason = "a bucket is no bank")]
        let passed = (now_nanos - bucket.at_nanos).max(0) as f64 / 1e9;
        bucket.tokens = (bucket.tokens + passed * rate.per_second).min(rate.burst);
        bucket.at_nanos = now_nanos;
        let granted = bucket.tokens >= 1.0;
        if granted {
            bucket.tokens -= 1.0;
        }
        let wait = match granted {
            true => (rate.burst - bucket.tokens) / rate.per_second,
            false => (1.0 - bucket.tokens) / rate.per_second,
        };
        Some(Ruling {
            tell: rate.tell,
            retry_after: (!granted).then(|| whole(wait.ceil()).max(1)),
            limit: whole(rate.burst),
            remaining: whole(bucket.tokens.floor()),
            reset: iso(now_ms.saturating_add_unsigned(whole((wait * 1000.0).ceil()))),
        })
    }
}

impl Ruling {
    /// Less than a fifth is left. [Atlassian's rate-limiting page]
    pub(crate) fn near(&self) -> bool {
        self.remaining * 5 < self.limit
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and none of these is negative"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i128 = 1_000_000_000;

    #[test]
    fn a_bucket_lets_its_burst_in_and_then_its_rate() {
        let mut limits = Limits::new(1, Some(5));
        for left in (0..5).rev() {
            let ruling = limits.take(0, 0, 0).unwrap();
            assert_eq!((ruling.retry_after, ruling.remaining), (None, left));
        }
        let refused = limits.take(0, 0, 0).unwrap();
        assert_eq!(refused.retry_after, Some(1));
        assert_eq!(refused.reset, "1970-01-01T00:00:00.200Z");
        let granted = limits.take(0, SECOND / 5, 200).unwrap();
        assert_eq!(granted.retry_after, None);
        assert!(granted.near());
        assert_eq!(limits.take(0, SECOND / 5, 200).unwrap().retry_after, Some(1));
        let full =
            (0..5).filter(|_| limits.take(0, 100 * SECOND, 0).unwrap().retry_after.is_none());
        assert_eq!(full.count(), 5);
    }

    #[test]
    fn slow_rates_say_how_long_to_wait() {
        let mut limits = Limits::new(2, None);
        assert_eq!(limits.take(1, 0, 0), None);
        let change =
            LimitChange { rate: Some(0.1), burst: None, tell: Tell::All, method: None, path: None };
        limits.set([1].into_iter(), &change);
        assert_eq!(limits.take(0, 0, 0), None);
        assert_eq!(limits.take(1, 0, 0).unwrap().retry_after, None);
        assert_eq!(limits.take(1, SECOND, 1000).unwrap().retry_after, Some(9));
    }
}
