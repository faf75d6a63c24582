//! How many requests may be under way.
//!
//! It starts at 1 and grows with each good answer. How fast, decides what the first refusal costs:
//! when the bucket runs dry, all that is under way above what the site takes is refused. Growing
//! twofold in five round trips, the window is 2 to 4 times too wide by then, whatever the rate.

use std::time::Duration;

/// At the start, unless a parallelism was asked for.
const FIRST: f64 = 1.0;
/// Or this many a second, where answers take long.
const FIRST_RATE: f64 = 9.0;
/// It doubles in this many round trips, within the seconds below; after some answers, which a tiny
/// limit would not have given, in a little less.
const ROUND_TRIPS: f64 = 5.0;
const SOME: u32 = 10;
const SOONER: f64 = 0.1;
const DOUBLES: (f64, f64) = (0.1, 1.3);
/// And twice as fast from this width on, for the bound is near.
const WIDE: f64 = 30.0;

#[derive(Clone, Debug)]
pub(super) struct Window {
    most: f64,
    size: f64,
    /// A parallelism was asked for: it may double each round trip.
    eager: bool,
    /// Good answers so far, up to [`SOME`].
    answers: u32,
    /// Answers to requests up to this one say nothing new: they were sent before the last cut.
    cut: u64,
}

impl Window {
    pub fn new(most: u32, eager: bool) -> Self {
        let most = f64::from(most.max(1));
        let first = if eager { (most / 4.0).max(FIRST) } else { FIRST };
        Self { most, size: first.min(most), eager, answers: 0, cut: 0 }
    }

    /// How many.
    pub fn size(&self) -> f64 {
        self.size.floor().max(1.0)
    }

    /// How many at most, ever.
    pub fn most(&self) -> f64 {
        self.most
    }

    /// Whether a request was sent after the last cut.
    pub fn is_news(&self, number: u64) -> bool {
        number > self.cut
    }

    /// After a good answer. `freely`: something else holds back.
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

    /// Room for at least this many: something else limits the rate.
    pub fn widen(&mut self, to: f64) {
        self.size = self.size.max(to.ceil()).min(self.most);
    }

    /// Half of it, once for all that were under way together; `started` is the last of them.
    pub fn halve(&mut self, least: f64, started: u64) {
        self.size = (self.size / 2.0).floor().max(least).min(self.size);
        self.cut = started;
    }
}
