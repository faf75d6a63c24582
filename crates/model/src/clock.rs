//! The time, behind a seam: whole runs can be simulated with a virtual clock.
//!
//! Durations and waits go through `tokio::time`, whose clock a test can hold and step. The wall
//! time that is journaled and shown comes from a [`Clock`].

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// What time it is by a site's own clock, as far as its answers have shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteTime {
    /// It is at least so late there.
    pub at_least: Timestamp,
    /// And at most so late.
    pub at_most: Timestamp,
}

/// Returns the wall time.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The operating system's clock.
    System,
    /// A start and what `tokio`'s (perhaps virtual) clock has counted since.
    Anchored {
        /// The wall time at the anchor.
        base: Timestamp,
        /// The anchor.
        since: Instant,
    },
    /// The same, while another hand sets it forward and back, as happens to a machine's clock.
    Adjusted {
        /// The wall time at the anchor.
        base: Timestamp,
        /// The anchor.
        since: Instant,
        /// By how many milliseconds it is wrong at the moment.
        wrong_by: &'static AtomicI64,
    },
}

impl Clock {
    /// A clock that starts at `base` now and advances with `tokio`'s clock.
    pub fn anchored(base: Timestamp) -> Self {
        Self::Anchored { base, since: Instant::now() }
    }

    /// The same clock, wrong by as many milliseconds as this says at each moment.
    pub fn adjusted(base: Timestamp, wrong_by: &'static AtomicI64) -> Self {
        Self::Adjusted { base, since: Instant::now(), wrong_by }
    }

    /// The wall time after a wait that begins now, rounded up to whole milliseconds.
    pub fn after(&self, wait: std::time::Duration) -> Timestamp {
        let now = self.now();
        let millis = i64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(now.as_millisecond().saturating_add(millis)).unwrap_or(now)
    }

    /// The wall time now, cut to whole milliseconds: what is journaled and shown.
    pub fn now(&self) -> Timestamp {
        let exact = match self {
            Self::System => Timestamp::now(),
            Self::Anchored { base, since } => base.saturating_add(since.elapsed()).unwrap_or(*base),
            Self::Adjusted { base, since, wrong_by } => {
                let wrong = SignedDuration::from_millis(wrong_by.load(Ordering::Relaxed));
                let right = base.saturating_add(since.elapsed()).unwrap_or(*base);
                right.saturating_add(wrong).unwrap_or(right)
            }
        };
        Timestamp::from_millisecond(exact.as_millisecond()).unwrap_or(exact)
    }
}
