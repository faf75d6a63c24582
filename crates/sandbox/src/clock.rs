//! The sandbox's clock: the wall clock at the start, plus the time that tokio's clock has counted since, plus the
//! steps made through `/_sandbox/clock`.
//!
//! It uses tokio's clock, not the system's, so that a simulation with paused time sees correct limits, dates and
//! grace periods. No other code in this crate reads a clock.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::HeaderValue;
use jiff::Timestamp;
use tokio::time::Instant;

pub(crate) struct Clock {
    base_ms: i64,
    start: Instant,
    step_ms: AtomicI64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            base_ms: Timestamp::now().as_millisecond(),
            start: Instant::now(),
            step_ms: AtomicI64::new(0),
        }
    }

    /// Milliseconds since 1970 on the sandbox's clock.
    pub(crate) fn now_ms(&self) -> i64 {
        let ran = i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX / 4);
        self.base_ms + ran + self.step_ms.load(Ordering::Relaxed)
    }

    /// Nanoseconds on a scale of their own, for buckets that refill faster than once a millisecond.
    pub(crate) fn now_nanos(&self) -> i128 {
        let ran = i128::try_from(self.start.elapsed().as_nanos()).unwrap_or(0);
        ran + i128::from(self.step_ms.load(Ordering::Relaxed)) * 1_000_000
    }

    /// Moves the clock forward; time never goes back, as on a real site.
    pub(crate) fn step(&self, by_ms: i64) {
        self.step_ms.fetch_add(by_ms.max(0), Ordering::Relaxed);
    }
}

/// ISO 8601 in UTC with milliseconds, as Atlassian writes it (`2025-02-27T18:50:12.281Z`).
pub(crate) fn iso(ms: i64) -> String {
    match Timestamp::from_millisecond(ms) {
        Ok(at) => format!("{at:.3}"),
        Err(_) => "1970-01-01T00:00:00.000Z".to_owned(),
    }
}

/// The same as a header's date (`Fri, 05 Jun 2026 06:00:00 GMT`).
pub(crate) fn http_date(ms: i64) -> Option<HeaderValue> {
    let at = Timestamp::from_millisecond(ms).ok()?;
    HeaderValue::from_str(&at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// The same without seconds (`2026-06-05T06:00Z`), rounded up, so that no client waits too short.
pub(crate) fn iso_minute(ms: i64) -> String {
    let up = ms.saturating_add(59_999).div_euclid(60_000) * 60_000;
    let text = iso(up);
    format!("{}Z", &text[..text.len().min(16)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_has_milliseconds_and_a_z() {
        assert_eq!(iso(1_740_682_212_281), "2025-02-27T18:50:12.281Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_minute(0), "1970-01-01T00:00Z");
        assert_eq!(iso_minute(1_740_682_212_281), "2025-02-27T18:51Z");
    }

    #[test]
    fn time_only_goes_forward() {
        let clock = Clock::new();
        let before = clock.now_ms();
        clock.step(-5_000);
        assert!(clock.now_ms() >= before);
        clock.step(60_000);
        assert!(clock.now_ms() >= before + 60_000);
    }
}
