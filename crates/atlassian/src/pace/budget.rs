//! Decides how long a measured rate is kept before a higher one is tried, within a budget of refusals and of time.
//!
//! Only refusals show that a limit was raised, so each try has a cost. It is limited to a share of all requests
//! and of all time, and the cost of the first refusal is paid back first.

use std::time::Duration;

use super::ceiling::Ceiling;

/// This many refusals are too few to judge by, whatever share they are.
const FEW: u64 = 2;
/// The aim: less than this share of all requests is refused.
const AIM: f64 = 0.01;
/// The share of all requests that may be refused while a higher rate is tried.
const REFUSED_SHARE: f64 = 0.008;
/// The share of the time that pauses after refusals may take.
const LOST_SHARE: f64 = 0.02;
/// The shortest and the longest time, in seconds, that a measured rate is kept.
const HOLD: (f64, f64) = (2.0, 60.0);
/// How long, in seconds, an unsure rate is kept.
const UNSURE: f64 = 1.0;
/// How long, in seconds, a rate is kept if warnings come before refusals: then a try costs nothing.
pub(super) const WARNED: f64 = 1.0;
/// If a rate needs this share of the widest window, no higher rate is tried.
const ENOUGH: f64 = 0.85;

/// What was spent so far, and what is known about the bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Requests refused and requests sent, since the start.
    pub refused: u64,
    pub sent: u64,
    /// Whether the rate was measured over long enough.
    pub sure: bool,
    /// Whether warnings come before refusals.
    pub warned: bool,
    /// The pause after this refusal, and how much of it the bucket can hold, in seconds.
    pub pause: f64,
    pub bucket: f64,
    pub latency: Duration,
    /// The most requests that may be open.
    pub most: f64,
}

impl Budget {
    /// How long this ceiling is kept, in seconds.
    pub fn hold(self, ceiling: &Ceiling) -> f64 {
        let latency = self.latency.as_secs_f64();
        if !self.sure {
            return UNSURE;
        }
        // Nearly all requests that may be open are needed, so a higher rate could not be sent anyway.
        if ceiling.base() * latency > self.most * ENOUGH {
            return HOLD.1;
        }
        if self.warned {
            return WARNED;
        }
        // Requests above the limit that are sent before the refusal arrives are refused as well.
        let next = (ceiling.over() * ceiling.base() * latency).max(1.0);
        let refused = (self.refused as f64 + next) / REFUSED_SHARE - self.sent as f64;
        let spilt = self.pause + latency - self.pause.min(self.bucket);
        (refused / ceiling.base()).max(spilt / LOST_SHARE).clamp(HOLD.0, HOLD.1)
    }

    /// Whether one more refusal within a minute would be within the aim. Then a rate that was measured too low is
    /// corrected by going slightly above it.
    pub fn has_room(self, ceiling: &Ceiling) -> bool {
        self.refused <= FEW
            || (self.refused + 1) as f64 <= AIM * (self.sent as f64 + 60.0 * ceiling.base())
    }
}
