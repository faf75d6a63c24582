//! Uses `X-RateLimit-NearLimit`: less than a fifth of the bucket is left.
//!
//! It is only one bit, but each time it changes, the bucket's level is known. The requests served between two such
//! moments are the refill, so the rate is measured without a refusal.

use std::time::Duration;

use tokio::time::Instant;

use super::signals::Ticket;

/// The level at which the warning changes, in seconds' worth, for a bucket that holds one second's requests.
pub(super) const LEVEL: f64 = 0.2;
/// How much slower it goes at a warning, and at most, as shares of the measured rate.
const SLOWER: f64 = 0.9;
const FLOOR: f64 = 0.5;
/// How often at most it slows down again, and by how much.
const AGAIN: Duration = Duration::from_millis(250);
const STEP: f64 = 0.95;
/// If warnings continue for this long at a low rate, they have no meaning (a tiny bucket).
const DEAF_AFTER: Duration = Duration::from_secs(10);

/// The meaning of an answer's warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing new.
    Same,
    /// The warning has begun: the bucket has just fallen below the level.
    Fell,
    /// The warning continues: slow down again.
    Still,
    /// The warning continues at any rate, so it has no meaning (a tiny bucket).
    Deaf,
    /// The warning has ended: the bucket has just risen above the level.
    Rose,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Warnings {
    newest: u64,
    /// When the warning began, and when it last slowed the pace.
    near: Option<(Instant, Instant)>,
    heard: bool,
    deaf: bool,
}

impl Warnings {
    /// Whether warnings come before the bucket is empty.
    pub fn are_heard(&self) -> bool {
        self.heard && !self.deaf
    }

    /// After a pause the bucket is fuller, and the moment at which it rose is unknown.
    pub fn pause(&mut self) {
        self.near = None;
    }

    /// The meaning of an answer's warning.
    pub fn hear(&mut self, now: Instant, ticket: Ticket, near: bool, latency: Duration) -> Turn {
        // An answer that was overtaken is older and does not count.
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

    /// The rate when a warning begins, if the site accepts `rate`.
    pub fn slower(rate: f64) -> f64 {
        rate * SLOWER
    }

    /// The rate when the warning continues.
    pub fn slower_again(rate: f64, measured: f64) -> f64 {
        (rate * STEP).max(measured * FLOOR)
    }
}
