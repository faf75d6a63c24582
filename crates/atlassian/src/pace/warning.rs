//! `X-RateLimit-NearLimit`: less than a fifth of the bucket is left.
//!
//! One bit, but each time it turns the bucket's level is known, and between two such moments what
//! was served is what came in: the rate is measured without a refusal.

use std::time::Duration;

use tokio::time::Instant;

use super::signals::Ticket;

/// The level at which the warning turns, in seconds' worth of a bucket that holds one second's.
pub(super) const LEVEL: f64 = 0.2;
/// How much slower it goes at a warning, and at most, as shares of what was measured.
const SLOWER: f64 = 0.9;
const FLOOR: f64 = 0.5;
/// It goes slower again at most this often, by so much.
const AGAIN: Duration = Duration::from_millis(250);
const STEP: f64 = 0.95;
/// Warned for so long while going slowly: the warning says nothing (a tiny bucket).
const DEAF_AFTER: Duration = Duration::from_secs(10);

/// What an answer's warning means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing new.
    Same,
    /// It has begun: the bucket has just fallen below the level.
    Fell,
    /// Still: go slower again.
    Still,
    /// It continues at any speed: it says nothing (a tiny bucket).
    Deaf,
    /// It has ended: the bucket has just risen above it.
    Rose,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Warnings {
    newest: u64,
    /// Since when, and when it was last obeyed.
    near: Option<(Instant, Instant)>,
    heard: bool,
    deaf: bool,
}

impl Warnings {
    /// Whether warnings tell of the bucket before it is empty.
    pub fn are_heard(&self) -> bool {
        self.heard && !self.deaf
    }

    /// After a pause the bucket is fuller, and when it rose was not seen.
    pub fn pause(&mut self) {
        self.near = None;
    }

    /// What an answer's warning means.
    pub fn hear(&mut self, now: Instant, ticket: Ticket, near: bool, latency: Duration) -> Turn {
        // An overtaken answer is older news.
        if self.deaf || ticket.number < self.newest {
            return Turn::Same;
        }
        self.newest = ticket.number;
        match (&mut self.near, near) {
            (None, false) => Turn::Same,
            (None, true) => {
                self.heard = true;
                self.near = Some((now, now));
                Turn::Fell
            }
            (Some(_), false) => {
                self.near = None;
                Turn::Rose
            }
            (Some((since, _)), true) if now - *since > DEAF_AFTER => {
                self.deaf = true;
                self.near = None;
                Turn::Deaf
            }
            (Some((_, last)), true) if now - *last >= AGAIN + latency * 3 / 2 => {
                *last = now;
                Turn::Still
            }
            _ => Turn::Same,
        }
    }

    /// How fast to go when it begins, if the site takes `rate`.
    pub fn slower(rate: f64) -> f64 {
        rate * SLOWER
    }

    /// And when it continues.
    pub fn slower_again(rate: f64, measured: f64) -> f64 {
        (rate * STEP).max(measured * FLOOR)
    }
}
