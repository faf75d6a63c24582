//! The window: how many requests may be open.
//!
//! It starts at 1 and grows with each good answer. How fast it grows decides the cost of the first refusal: when
//! the bucket runs empty, all open requests above the site's rate are refused. If it doubles in five round trips,
//! the window is then 2 to 4 times too wide, whatever the rate.

use std::time::Duration;

/// The first size, unless the user asked for a number of parallel requests.
const FIRST: f64 = 1.0;
/// Or as many as are needed for this many requests per second, if answers take long.
const FIRST_RATE: f64 = 9.0;
/// The window doubles in this many round trips, within the seconds below; after a number of answers that a tiny
/// limit would not have given, slightly faster.
const ROUND_TRIPS: f64 = 5.0;
const SOME: u32 = 10;
const SOONER: f64 = 0.1;
const DOUBLES: (f64, f64) = (0.1, 1.3);
/// From this width on it grows twice as fast, because the limit is near.
const WIDE: f64 = 30.0;

#[derive(Clone, Debug)]
pub(super) struct Window {
    most: f64,
    size: f64,
    /// The user asked for a number of parallel requests, so the window may double in each round trip.
    eager: bool,
    /// Good answers so far, up to [`SOME`].
    answers: u32,
    /// Answers to requests up to this number do not count: they were sent before the last cut.
    cut: u64,
}

impl Window {
    pub fn new(most: u32, eager: bool) -> Self {
        let most = f64::from(most.max(1));
        let first = if eager { (most / 4.0).max(FIRST) } else { FIRST };
        Self { most, size: first.min(most), eager, answers: 0, cut: 0 }
    }

    /// The size of the window.
    pub fn size(&self) -> f64 {
        self.size.floor().max(1.0)
    }

    /// The largest size.
    pub fn most(&self) -> f64 {
        self.most
    }

    /// Whether a request was sent after the last cut.
    pub fn is_news(&self, number: u64) -> bool {
        number > self.cut
    }

    /// Grows after a good answer. `freely`: something else limits the rate.
    pub fn grow(&mut self, latency: Duration, freely: bool) {
        let latency = latency.as_secs_f64();
        if self.answers == 0 {
            self.size = self.size.max((FIRST_RATE * latency).min(4.0));
        }
        self.answers = (self.answers + 1).min(SOME);
        let step = match self.eager || freely {
            true => 1.0,
            false => {
                let sooner = if self.answers < SOME { 0.0 } else { SOONER };
                let doubles = (ROUND_TRIPS * latency - sooner).clamp(DOUBLES.0, DOUBLES.1);
                let wide = 1.0 + (self.size / WIDE).powi(2);
                (std::f64::consts::LN_2 * latency / doubles * wide).min(1.0)
            }
        };
        self.size = (self.size + step).min(self.most);
    }

    /// Makes the window at least this wide, because something else limits the rate.
    pub fn widen(&mut self, to: f64) {
        self.size = self.size.max(to.ceil()).min(self.most);
    }

    /// Halves the window, once for all requests that were open together; `started` is the last of them.
    pub fn halve(&mut self, least: f64, started: u64) {
        self.size = (self.size / 2.0).floor().max(least).min(self.size);
        self.cut = started;
    }
}
