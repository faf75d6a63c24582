//! How long a found rate is kept before more is tried: a budget of refusals and of time.
//!
//! A raised limit is found by being refused and by nothing else, so trying costs. What it may cost
//! is a share of all requests and of all time; what the first refusal has cost is paid back first.

use std::time::Duration;

use super::ceiling::Ceiling;

/// So few tell too little, whatever share they are.
const FEW: u64 = 2;
/// Of all requests less than this is to be refused.
const AIM: f64 = 0.01;
/// Share of all requests that may be refused while a higher rate is tried.
const REFUSED_SHARE: f64 = 0.008;
/// So much of the time may be lost by its pauses.
const LOST_SHARE: f64 = 0.02;
/// The shortest and longest time, in seconds, that a found rate is kept.
const HOLD: (f64, f64) = (2.0, 60.0);
/// What an unsure rate is kept for.
const UNSURE: f64 = 1.0;
/// What a rate is kept for where warnings come before refusals: trying costs nothing.
pub(super) const WARNED: f64 = 1.0;
/// A rate that needs this share of the widest window is not tried to be bettered.
const ENOUGH: f64 = 0.85;

/// What has been spent so far, and what is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Requests refused and requests sent, from the start.
    pub refused: u64,
    pub sent: u64,
    /// Whether the rate was measured over long enough.
    pub sure: bool,
    /// Whether warnings come before refusals.
    pub warned: bool,
    /// The pause after this refusal, and how much of it the bucket can take, in seconds.
    pub pause: f64,
    pub bucket: f64,
    pub latency: Duration,
    /// As many as may ever be in flight.
    pub most: f64,
}

impl Budget {
    /// For how many seconds this ceiling is to hold.
    pub fn hold(self, ceiling: &Ceiling) -> f64 {
        let latency = self.latency.as_secs_f64();
        if !self.sure {
            return UNSURE;
        }
        // Nearly all that may be in flight is: more could not be sent anyway.
        if ceiling.base() * latency > self.most * ENOUGH {
            return HOLD.1;
        }
        if self.warned {
            return WARNED;
        }
        // What is sent too much until the refusal is heard is refused as well.
        let next = (ceiling.over() * ceiling.base() * latency).max(1.0);
        let refused = (self.refused as f64 + next) / REFUSED_SHARE - self.sent as f64;
        let spilt = self.pause + latency - self.pause.min(self.bucket);
        (refused / ceiling.base()).max(spilt / LOST_SHARE).clamp(HOLD.0, HOLD.1)
    }

    /// Whether one refusal more within a minute would be within the aim: then a rate that was
    /// measured too low is mended by going a little above it.
    pub fn has_room(self, ceiling: &Ceiling) -> bool {
        self.refused <= FEW
            || (self.refused + 1) as f64 <= AIM * (self.sent as f64 + 60.0 * ceiling.base())
    }
}
