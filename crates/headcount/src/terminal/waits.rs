//! The waits that were reported. The client reports a wait first and the run a moment later, and one line is
//! enough.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// A wait that ends later by no more than this, or by this share of it, counts as the same.
const SAME: SignedDuration = SignedDuration::from_secs(2);
const SHARE: i32 = 20;

/// The waits that were reported; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<Mutex<Option<Timestamp>>>);

impl Waits {
    /// Whether a wait is new. Then it counts as reported.
    pub fn is_news(&self, until: Timestamp, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = SAME.max(until.duration_since(now) / SHARE);
        if told.is_some_and(|told| told > now && until.duration_since(told) <= same) {
            return false;
        }
        *told = Some(until);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_news_once() {
        let now: Timestamp = "2026-11-29T05:00:00Z".parse().unwrap();
        let after = |seconds: i64| now + SignedDuration::from_secs(seconds);
        let waits = Waits::default();
        assert!(waits.is_news(after(60), now));
        assert!(!waits.is_news(after(61), now), "the same, stretched a little");
        assert!(!waits.is_news(after(30), now), "shorter");
        assert!(waits.is_news(after(90), now), "longer");
        assert!(waits.is_news(after(95), after(91)), "another one, later");
        assert!(waits.is_news(after(3_691), after(91)));
        assert!(!waits.is_news(after(3_760), after(91)), "two per cent longer");
    }
}
