//! Counts which requests were sent lately and which of them were not served, and measures the rate from that.
//!
//! Requests count by the time at which they were *sent*, not answered: answers overtake each other, and the
//! requests under way at a refusal would blur the end of the measurement.

use std::collections::VecDeque;
use std::time::Duration;

use super::signals::Ticket;

/// The time between marks, and how many are kept: about 20 seconds.
const APART: Duration = Duration::from_millis(100);
const KEPT: usize = 200;
/// How many numbers are kept; at most this many requests are refused between two measurements.
const UNSERVED: usize = 500;
/// The possible error of a measurement, in requests: part of a token is left at each end.
const DOUBT: f64 = 0.6;
/// A rate measured over less than this many seconds is not sure.
const SURE: f64 = 0.75;

/// A measured rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    /// Requests per second.
    pub rate: f64,
    /// The possible error, as a share of the rate.
    pub doubt: f64,
    /// Whether it was measured over long enough.
    pub sure: bool,
}

impl Measured {
    const NONE: Self = Self { rate: 0.0, doubt: 1.0, sure: false };

    fn of(served: f64, seconds: f64, span: f64) -> Self {
        let doubt = DOUBT / served.max(1.0);
        Self { rate: served / seconds, doubt, sure: span >= SURE }
    }
}

/// The requests that were sent, and which of them the site did not serve.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    marks: VecDeque<Ticket>,
    /// Numbers of the requests that were refused, failed or never sent.
    unserved: VecDeque<u64>,
    served: u64,
    /// The last request that found the bucket at a known level, with this level in seconds' worth of requests.
    level: Option<(Ticket, f64)>,
}

impl History {
    /// Notes that a request was sent.
    pub fn started(&mut self, ticket: Ticket) {
        if self.marks.back().is_none_or(|last| ticket.sent - last.sent >= APART) {
            if self.marks.len() == KEPT {
                self.marks.pop_front();
            }
            self.marks.push_back(ticket);
        }
    }

    /// Notes that a request was served.
    pub fn served(&mut self) {
        self.served += 1;
    }

    /// Notes that a request was not served.
    pub fn unserved(&mut self, ticket: Ticket) {
        if self.unserved.len() == UNSERVED {
            self.unserved.pop_front();
        }
        self.unserved.push_back(ticket.number);
    }

    /// The number of served requests.
    pub fn total(&self) -> u64 {
        self.served
    }

    /// How many requests after `from`, up to `until`, were served; open requests count.
    fn between(&self, from: Ticket, until: Ticket) -> f64 {
        let all = until.number.saturating_sub(from.number);
        let not = self.unserved.iter().filter(|&&n| n > from.number && n <= until.number).count();
        all.saturating_sub(not as u64) as f64
    }

    /// The rate since the bucket's level was last known, if the level is now `level` and the bucket was full for
    /// `spilt` seconds meanwhile. `None` if the level was known only a moment ago.
    pub fn since_level(&self, until: Ticket, level: f64, spilt: f64) -> Option<Measured> {
        let (from, before) = self.level.filter(|(from, _)| from.number < until.number)?;
        let span = seconds(from, until);
        let seconds = (span + before - level - spilt).max(0.1);
        (span >= SURE).then(|| Measured::of(self.between(from, until), seconds, span))
    }

    /// The lowest rate that explains the number of served requests up to one that found the bucket at a known
    /// level, if the bucket was never fuller than `drained` seconds' worth above this level.
    pub fn since_any(&self, until: Ticket, drained: f64) -> Measured {
        // An estimate. If a better one exists, only the certain part counts.
        let part = if self.level.is_none() { 0.5 } else { 0.0 };
        self.since_marks(&until, drained, part, 0)
    }

    /// The rate that refusals show: the bucket is empty now.
    pub fn until_dry(&self, until: Ticket, spilt: f64) -> Measured {
        let Some(level) = self.since_level(until, 0.0, spilt) else {
            return self.since_any(until, 1.0);
        };
        // If the bucket was full meanwhile without a sign of it, a shorter time shows a higher rate.
        let from = self.level.map_or(0, |(from, _)| from.number);
        let any = self.since_marks(&until, 1.0, 0.0, from);
        if any.rate > level.rate { any } else { level }
    }

    fn since_marks(&self, until: &Ticket, drained: f64, part: f64, after: u64) -> Measured {
        let marks = self.marks.iter().filter(|mark| mark.number > after);
        marks.filter(|mark| mark.number <= until.number).fold(Measured::NONE, |best, mark| {
            let span = seconds(*mark, *until);
            // The mark's own request was served, too.
            let served = self.between(*mark, *until) + 1.0 + part;
            let next = Measured::of(served, drained + span, span);
            if next.rate > best.rate { next } else { best }
        })
    }

    /// The bucket was empty at this request. Earlier knowledge no longer counts.
    pub fn is_dry(&mut self, ticket: Ticket) {
        self.level = Some((ticket, 0.0));
        self.marks.retain(|mark| mark.number > ticket.number);
        self.unserved.retain(|&number| number > ticket.number);
    }

    /// The bucket had this level, in seconds' worth of requests, at this request.
    pub fn is_at(&mut self, ticket: Ticket, level: f64) {
        self.level = Some((ticket, level));
    }

    /// The bucket's level is no longer known.
    pub fn forget_level(&mut self) {
        self.level = None;
    }

    /// How many seconds' worth of tokens a pause of `pause` seconds has added since the bucket was last empty, if
    /// `rate` is the refill.
    pub fn gained(&self, until: Ticket, rate: f64, pause: f64) -> f64 {
        let Some((dry, _)) = self.level else { return pause };
        self.between(dry, until) / rate - (seconds(dry, until) - pause)
    }
}

fn seconds(from: Ticket, until: Ticket) -> f64 {
    until.sent.saturating_duration_since(from.sent).as_secs_f64()
}
