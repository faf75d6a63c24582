//! Waits that sites have asked for (`Retry-After`). They are in the journal, so that the next process also sends nothing
//! to that call before the wait is over.

use std::time::Duration;

use headcount_model::retry_after::LONGEST;
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

/// A time before which a call must not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The site's address.
    pub place: String,
    /// Method and path template.
    pub call: String,
    /// When the site asked for it, by the clock of that moment, in whole seconds.
    pub heard: Timestamp,
    /// When it ends, in whole seconds.
    pub until: Timestamp,
}

impl Wait {
    /// A wait; its end is rounded up to whole seconds, which is never too early.
    pub fn new(place: &str, call: &str, heard: Timestamp, wait: Duration) -> Self {
        let until =
            SignedDuration::try_from(wait).ok().and_then(|wait| heard.checked_add(wait).ok());
        let until = whole(until.unwrap_or(Timestamp::MAX));
        let heard = second(heard);
        Self { place: place.to_owned(), call: call.to_owned(), heard, until }
    }

    /// Whether the call may be sent once during the wait. After a wait that is longer than headcount ever waits
    /// ([`LONGEST`]), one request a day tries again: the wait may have been a mistake that would otherwise block every run
    /// on this journal. The next wait of the call replaces it, even a shorter one.
    pub fn is_due_again(&self, now: Timestamp) -> bool {
        let since = |from: Timestamp, to: Timestamp| Duration::try_from(to.duration_since(from));
        let asked = since(self.heard, self.until).unwrap_or_default();
        asked > LONGEST && since(self.heard, now).unwrap_or_default() >= LONGEST
    }

    /// The rest of the wait now. If the clock was or is wrong, the rest must not be longer than the site asked for, so it
    /// is never longer than the whole wait.
    pub(crate) fn by_now(mut self, now: Timestamp) -> Self {
        if now < self.heard {
            self.until = now.checked_add(self.until.duration_since(self.heard)).unwrap_or(now);
            self.until = whole(self.until);
            self.heard = second(now);
        }
        self
    }
}

fn second(at: Timestamp) -> Timestamp {
    let down = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    at.round(down).unwrap_or(at)
}

/// Rounded up to a whole second.
pub(crate) fn whole(at: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    at.round(up).unwrap_or(at)
}
