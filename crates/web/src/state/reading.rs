//! When users were read from a site, and whether that is too long ago for a plan.
//!
//! A plan reads each user's state again, but never the last use: a user who was inactive on Friday may have
//! worked on Monday.

use headcount_app::failure::{Failure, USAGE};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The longest time between a reading and a plan that uses it.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// When users were read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// By the site's clock: the time that people see.
    pub at: Timestamp,
    /// When the reading began, by this computer's clock. Only this clock shows how long ago that is: the
    /// site's may differ.
    pub began: Timestamp,
}

impl Reading {
    /// Whether it is too long ago. A reading in the future is, too: the clock was set back, and the age is
    /// unknown.
    pub fn is_old(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.began);
        age > LONGEST || age.is_negative()
    }

    /// Refuses a reading that is too long ago.
    ///
    /// # Errors
    /// It is.
    pub fn check(&self, now: Timestamp) -> Result<(), Failure> {
        if !self.is_old(now) {
            return Ok(());
        }
        let what = format!("these users were read on {}, more than an hour ago", self.words());
        Err(Failure::new(USAGE, what)
            .hint("read them again with “Find people”: since then, users may have used an app"))
    }

    /// The time in a sentence.
    fn words(&self) -> String {
        self.at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y at %H:%M UTC").to_string()
    }

    /// The name of a spreadsheet of these users. The plan, the history and the report show it. It has no colon:
    /// it is also the name of downloads.
    pub fn file_name(&self) -> String {
        self.at.to_zoned(TimeZone::UTC).strftime("users read %Y-%m-%d at %H.%M UTC.csv").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        let began: Timestamp = "2026-11-27T14:05:00Z".parse().unwrap();
        Reading { at: began - SignedDuration::from_mins(10), began }
    }

    #[test]
    fn a_reading_is_for_plans_of_the_next_hour() {
        let reading = reading();
        let hour = SignedDuration::from_hours(1);
        let second = SignedDuration::from_secs(1);
        let of = [
            (SignedDuration::ZERO, true),
            (hour, true),
            (hour + second, false),
            (hour * 90, false),
            // The clock was set back.
            (-second, false),
            (-hour, false),
        ];
        for (age, is_good) in of {
            assert_eq!(reading.check(reading.began + age).is_ok(), is_good, "{age}");
        }
    }

    #[test]
    fn names_and_messages_have_the_time_of_the_site() {
        let reading = reading();
        assert_eq!(reading.file_name(), "users read 2026-11-27 at 13.55 UTC.csv");
        let refused = reading.check(reading.began + SignedDuration::from_hours(96)).unwrap_err();
        assert!(
            refused.message.contains("read on 27 Nov 2026 at 13:55 UTC"),
            "{}",
            refused.message
        );
        assert!(refused.hint.is_some());
    }
}
