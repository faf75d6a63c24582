//! What was served lately, and what rate that shows when the site refuses.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Marks are this far apart, and so many are kept: some 20 seconds.
const APART: Duration = Duration::from_millis(100);
const KEPT: usize = 200;
/// A rate measured over less than this is not sure.
const SURE: f64 = 0.75;

#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Instant,
    served: u64,
}

/// A measured rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    /// Requests a second.
    pub rate: f64,
    /// Whether it was measured for long enough.
    pub sure: bool,
}

/// Successes over time.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    marks: VecDeque<Mark>,
    served: u64,
    /// When the bucket was last known to be empty.
    dry: Option<Mark>,
}

impl History {
    /// A request is sent.
    pub fn started(&mut self, now: Instant) {
        self.mark(now);
    }

    /// A request was served.
    pub fn served(&mut self, now: Instant) {
        self.mark(now);
        self.served += 1;
    }

    fn mark(&mut self, now: Instant) {
        if self.marks.back().is_none_or(|last| now - last.at >= APART) {
            if self.marks.len() == KEPT {
                self.marks.pop_front();
            }
            self.marks.push_back(Mark { at: now, served: self.served });
        }
    }

    /// Successes in all.
    pub fn total(&self) -> u64 {
        self.served
    }

    /// The bucket is empty now; so many that were sent before are served and not answered yet.
    pub fn is_dry(&mut self, now: Instant, earlier: u64) {
        self.dry = Some(Mark { at: now, served: self.served + earlier });
        self.marks.clear();
    }

    /// The rate at which the bucket must have been refilled, if it is empty now.
    ///
    /// Since it was empty before, all that was served was refilled meanwhile. Since any other
    /// moment at most one bucket more than that was served, and a bucket is taken to hold one
    /// second's worth. All of these are lower bounds; the highest is closest. `spilt` are seconds
    /// since then in which the bucket was full; `earlier` as above.
    pub fn measure(&self, now: Instant, earlier: u64, spilt: f64) -> Measured {
        let since = |mark: &Mark| {
            (
                (self.served + earlier).saturating_sub(mark.served) as f64,
                (now - mark.at).as_secs_f64(),
            )
        };
        let dry = self.dry.as_ref().map(since).map(|(served, seconds)| Measured {
            rate: served / (seconds - spilt).max(0.1),
            sure: seconds >= SURE,
        });
        let any = self.marks.iter().map(since).map(|(served, seconds)| Measured {
            rate: served / (1.0 + seconds),
            sure: seconds >= SURE,
        });
        let none = Measured { rate: 0.0, sure: false };
        dry.into_iter().chain(any).fold(
            none,
            |best, next| {
                if next.rate > best.rate { next } else { best }
            },
        )
    }

    /// Seconds' worth of tokens that a pause of so many seconds has brought since the bucket was
    /// last empty, if `rate` is what comes in.
    pub fn gained(&self, now: Instant, earlier: u64, rate: f64, pause: f64) -> f64 {
        let Some(dry) = &self.dry else { return pause };
        let sent = (now - dry.at).as_secs_f64() - pause;
        (self.served + earlier).saturating_sub(dry.served) as f64 / rate - sent
    }
}
