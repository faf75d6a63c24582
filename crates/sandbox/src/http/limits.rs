//! Rate limits: a token bucket for each endpoint and method.
//!
//! According to [Atlassian's rate-limiting page], traffic with API tokens has burst limits per tenant, endpoint
//! and method, kept as token buckets; the page names the headers. By default a bucket here holds the tokens of one
//! second. A refused request takes no token.
//!
//! A few calls of the organizations API have a published limit per minute; here they have it from the start
//! (assumption: a bucket that holds one minute's tokens and refills evenly).

use serde::Deserialize;

use super::Reply;
use crate::clock::{iso, iso_minute};

/// The reasons that sites have sent. [Atlassian's rate-limiting page; community 97828, 3244651]
const REASONS: [&str; 6] = [
    BURST,
    "jira-quota-global-based",
    "jira-quota-tenant-based",
    "jira-per-issue-on-write",
    "jira-cost-based",
    "jira-quota-based",
];
const BURST: &str = "jira-burst-based";

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    /// The time of the last refill, on the clock's own scale.
    at_nanos: i128,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    per_second: f64,
    burst: f64,
    style: Style,
}

/// How answers report the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Style {
    tell: Tell,
    reason: &'static str,
    /// Whether the beta headers are sent, too.
    beta: bool,
    /// Whether times are without seconds, as some sites write them.
    minutes: bool,
}

/// How much answers report about a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tell {
    /// Every header that Atlassian's page names.
    #[default]
    All,
    /// A 429 names the wait, and nothing else.
    RetryAfter,
    /// Nothing: a bare 429.
    Nothing,
}

const PLAIN: Style = Style { tell: Tell::All, reason: BURST, beta: false, minutes: false };

/// The limit's decision about a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ruling {
    /// Seconds to wait. `None` lets the request in.
    pub(crate) retry_after: Option<u64>,
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// When the bucket is full again, or has a token for the refused request; ISO 8601.
    pub(crate) reset: String,
    /// The same, in seconds from now.
    reset_in: u64,
    /// Seconds in which an empty bucket becomes full.
    window: u64,
    style: Style,
}

/// A change of limits, as `/_sandbox/rate` takes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitChange {
    /// Requests per second; null removes the limit.
    pub(crate) rate: Option<f64>,
    /// How many requests may come at once; `rate` if missing.
    #[serde(default)]
    pub(crate) burst: Option<f64>,
    /// How much answers report about it.
    #[serde(default)]
    pub(crate) tell: Tell,
    /// Only this method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Only this template, or a path.
    #[serde(default)]
    pub(crate) path: Option<String>,
    /// The value of `RateLimit-Reason`; `jira-burst-based` if missing.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    /// Whether the beta headers are sent, too.
    #[serde(default)]
    pub(crate) beta: bool,
    /// Whether `X-RateLimit-Reset` is without seconds.
    #[serde(default)]
    pub(crate) reset_in_minutes: bool,
}

/// The buckets of all routes.
#[derive(Debug)]
pub(crate) struct Limits {
    rates: Vec<Option<Rate>>,
    buckets: Vec<Option<Bucket>>,
}

impl Limits {
    /// For each route, its published limit per minute, if there is one. `rate` is for the other routes, in
    /// requests per second; 0 removes all limits.
    pub(crate) fn new(published: impl Iterator<Item = Option<u32>>, rate: Option<u32>) -> Self {
        let wanted =
            rate.map(f64::from).map(|rate| Rate { per_second: rate, burst: rate, style: PLAIN });
        let a_minute = |count: f64| Rate { per_second: count / 60.0, burst: count, style: PLAIN };
        let rates: Vec<_> = published
            .map(|published| match (rate, published.map(f64::from)) {
                (Some(0), _) => None,
                (_, Some(count)) => Some(a_minute(count)),
                (_, None) => wanted,
            })
            .collect();
        Self { buckets: vec![None; rates.len()], rates }
    }

    /// Sets the limit of these routes. The buckets start full.
    ///
    /// # Errors
    /// The reason is none that sites send.
    pub(crate) fn set(
        &mut self,
        routes: impl Iterator<Item = usize>,
        change: &LimitChange,
    ) -> Result<(), String> {
        let reason = change.reason.as_deref().unwrap_or(BURST);
        let Some(reason) = REASONS.into_iter().find(|known| *known == reason) else {
            return Err(format!("'reason' must be one of {}", REASONS.join(", ")));
        };
        let (tell, beta, minutes) = (change.tell, change.beta, change.reset_in_minutes);
        let style = Style { tell, reason, beta, minutes };
        let rate = change.rate.filter(|rate| *rate > 0.0).map(|rate| Rate {
            per_second: rate,
            burst: change.burst.unwrap_or(rate).max(1.0),
            style,
        });
        for route in routes {
            self.rates[route] = rate;
            self.buckets[route] = None;
        }
        Ok(())
    }

    /// Takes a token of the route's bucket. `None` if the route has no limit.
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
        let reset_ms = now_ms.saturating_add_unsigned(whole((wait * 1000.0).ceil()));
        Some(Ruling {
            retry_after: (!granted).then(|| whole(wait.ceil()).max(1)),
            limit: whole(rate.burst),
            remaining: whole(bucket.tokens.floor()),
            reset: if rate.style.minutes { iso_minute(reset_ms) } else { iso(reset_ms) },
            reset_in: whole(wait.ceil()),
            window: whole((rate.burst / rate.per_second).ceil()),
            style: rate.style,
        })
    }
}

impl Ruling {
    /// Whether less than a fifth is left. [Atlassian's rate-limiting page]
    pub(crate) fn near(&self) -> bool {
        self.remaining * 5 < self.limit
    }

    /// Adds the headers that report the limit, to every answer of a limited call. Only Jira has the reason and the
    /// beta headers.
    pub(crate) fn tell(&self, reply: Reply, jira: bool) -> Reply {
        match (self.style.tell, self.retry_after) {
            (Tell::All, _) => self.tell_all(reply, jira),
            (Tell::RetryAfter, Some(seconds)) => reply.header("Retry-After", seconds.to_string()),
            (Tell::RetryAfter, None) | (Tell::Nothing, _) => reply,
        }
    }

    fn tell_all(&self, reply: Reply, jira: bool) -> Reply {
        let near = self.near() && reply.status < 300;
        let mut reply = reply
            .header("X-RateLimit-Limit", self.limit.to_string())
            .header("X-RateLimit-Remaining", self.remaining.to_string())
            .header("X-RateLimit-Reset", self.reset.clone());
        if near {
            reply = reply.header("X-RateLimit-NearLimit", "true");
        }
        if let Some(seconds) = self.retry_after {
            reply = reply.header("Retry-After", seconds.to_string());
            if jira {
                reply = reply.header("RateLimit-Reason", self.style.reason);
            }
        }
        match jira && self.style.beta {
            true => self.tell_beta(reply, near),
            false => reply,
        }
    }

    /// Adds the beta headers. [Atlassian community 97828, JRACLOUD-69262] Assumption: the policy's name for limits
    /// that are not quotas.
    fn tell_beta(&self, reply: Reply, near: bool) -> Reply {
        let policy = match self.style.reason {
            "jira-quota-global-based" => "global-app-quota",
            "jira-quota-tenant-based" => "tenant-app-quota",
            _ => "burst",
        };
        let (q, w, r, t) = (self.limit, self.window, self.remaining, self.reset_in);
        let mut reply = reply
            .header("Beta-RateLimit-Policy", format!("\"{policy}\";q={q};w={w}"))
            .header("Beta-RateLimit", format!("\"{policy}\";r={r};t={t}"));
        if near {
            reply = reply.header("X-Beta-RateLimit-NearLimit", "true");
        }
        if let Some(seconds) = self.retry_after {
            reply = reply
                .header("X-Beta-RateLimit-Reason", self.style.reason)
                .header("X-Beta-RateLimit-Reset", self.reset.clone())
                .header("Beta-Retry-After", seconds.to_string());
        }
        reply
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
        let mut limits = Limits::new([None].into_iter(), Some(5));
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
        let mut limits = Limits::new([None, None].into_iter(), None);
        assert_eq!(limits.take(1, 0, 0), None);
        let change = LimitChange { rate: Some(0.1), ..LimitChange::default() };
        limits.set([1].into_iter(), &change).unwrap();
        assert_eq!(limits.take(0, 0, 0), None);
        assert_eq!(limits.take(1, 0, 0).unwrap().retry_after, None);
        assert_eq!(limits.take(1, SECOND, 1000).unwrap().retry_after, Some(9));
    }

    #[test]
    fn published_limits_hold_unless_all_are_lifted() {
        let published = || [Some(10), None].into_iter();
        let taken = |rate: Option<u32>, route: usize| {
            let mut limits = Limits::new(published(), rate);
            let all = (0..20).map(|_| limits.take(route, 0, 0));
            all.filter(|one| one.as_ref().is_some_and(|one| one.retry_after.is_some())).count()
        };
        assert_eq!(taken(None, 0), 10);
        assert_eq!(taken(None, 1), 0);
        assert_eq!(taken(Some(15), 0), 10);
        assert_eq!(taken(Some(15), 1), 5);
        assert_eq!(taken(Some(0), 0), 0);
    }
}
