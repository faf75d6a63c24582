//! Waits that sites have announced (`Retry-After`), so that they outlive the process that heard
//! them: the next process on this journal sends nothing to that call before they are over.

use std::time::Duration;

use headcount_model::retry_after::LONGEST;
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

/// Until when a call must not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Where: an address.
    pub place: String,
    /// Method and path template.
    pub call: String,
    /// When it was heard, by the clock of that moment; whole seconds.
    pub heard: Timestamp,
    /// Until then; whole seconds.
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

    /// Whether the call may be sent once although the wait is on: a wait that is longer than anyone waits
    /// ([`LONGEST`]) is asked about again once a day. It may have been a mistake, and else nothing on
    /// this journal could ever go on. The next wait of the call takes its place, however short.
    pub fn is_due_again(&self, now: Timestamp) -> bool {
        let since = |from: Timestamp, to: Timestamp| Duration::try_from(to.duration_since(from));
        let asked = since(self.heard, self.until).unwrap_or_default();
        asked > LONGEST && since(self.heard, now).unwrap_or_default() >= LONGEST
    }

    /// The wait as it is now. A clock that was wrong when it was heard, or is now, must not hold a call
    /// for longer than was asked for: what is left is never more than the whole of it.
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
