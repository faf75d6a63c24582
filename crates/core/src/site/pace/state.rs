//! The pace of one endpoint: answers and instants in, decisions out. Pure.

use std::time::Duration;

use tokio::time::Instant;

use super::backoff::{Jitter, backoff};
use super::ceiling::Ceiling;
use super::guide::{Advice, Guide, Left};
use super::history::History;

/// May a request start?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes; hand the ticket back with what the answer said.
    Now(Ticket),
    /// Not before then.
    At(Instant, Why),
    /// Not before one in flight has come back.
    Full,
}

/// A request that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    number: u64,
}

/// Why something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The site said so: `Retry-After`.
    RetryAfter,
    /// The site refused without saying how long; our own wait.
    Backoff,
    /// The site fails, or is out of reach; our own wait.
    Failing,
    /// The rate that the site has shown to take.
    Learnt,
    /// The user's own ceiling (`--rate`).
    Own,
}

impl Why {
    /// For people, to stand after “waiting: ”.
    pub fn words(self) -> &'static str {
        match self {
            Self::RetryAfter => "the site asked for a pause (Retry-After)",
            Self::Backoff => "the site refused for rate without saying how long",
            Self::Failing => "the site fails or is out of reach; trying again a little later",
            Self::Learnt => "keeping to the rate that the site takes",
            Self::Own => "keeping to the given rate",
        }
    }
}

/// What an answer said of the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Served, whatever the status (a 404 is served as well).
    Served {
        /// From sending to the whole answer.
        latency: Duration,
        /// `X-RateLimit-NearLimit: true`: less than a fifth is left.
        near_limit: bool,
        /// What the site says is left, if it does.
        left: Option<Left>,
    },
    /// 429.
    Refused {
        /// A believable `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 5xx, lost, too late, or no connection.
    Failed {
        /// A believable `Retry-After` (some 503 have one).
        retry_after: Option<Duration>,
    },
    /// It was never sent.
    Unsent,
}

/// Between waves of failures: a site that is back should not be kept waiting for.
const LONGEST_FAILING: Duration = Duration::from_secs(10);

/// Waits of our own after refusals: 0.5 s doubling to a minute.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The window at the start, unless a parallelism was asked for.
const FIRST_WINDOW: f64 = 2.0;
/// And below this share of what was served, as long as nothing was refused.
const WINDOW_SHARE: f64 = 1.0 / 3.0;
/// So many of all requests may be refused in the search for more, beside the first.
const REFUSED_SHARE: f64 = 0.007;
/// So much of the time may be lost by it.
const LOST_SHARE: f64 = 0.045;
/// A found rate is kept for so many seconds at least, and at most.
const HOLD: (f64, f64) = (3.0, 55.0);
/// What an unsure rate is kept for.
const HOLD_UNSURE: f64 = 1.0;
/// Nothing sent for so long: what was learnt of latency and bucket is stale.
const IDLE: Duration = Duration::from_secs(3);
/// Answers slower than this, and than 4 times the fastest, count as slow.
const SLOW: Duration = Duration::from_secs(1);
/// Warnings lower the ceiling at most this often.
const WARN_EVERY: Duration = Duration::from_millis(200);
/// One episode of warnings lowers it to no less than this share.
const WARN_FLOOR: f64 = 0.5;
const WARN_STEP: f64 = 0.95;

/// The pace of one endpoint.
#[derive(Clone, Debug)]
pub struct Pace {
    most: f64,
    window: f64,
    /// A parallelism was asked for: the window may double each round from the start. Otherwise it
    /// stays below a fourth of what was served, so that a first refusal meets few in flight.
    eager: bool,
    in_flight: u32,
    started: u64,
    /// Answers to requests up to this one say nothing new: they were sent before the last cut.
    cut: u64,
    quiet: Option<(Instant, Why)>,
    /// Failures in a row, waves of them counted once.
    failures: u32,
    refusals: u32,
    /// All of them.
    refused: u64,
    /// How many seconds' worth the bucket is taken to hold, at most one.
    bucket: f64,
    /// The last pause after a refusal, in seconds.
    pause: f64,
    /// Whether the ceiling was measured for long enough.
    sure: bool,
    history: History,
    ceiling: Option<Ceiling>,
    warned: Option<Warning>,
    guide: Guide,
    fastest: Option<Duration>,
    latency: Option<Duration>,
    last: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Warning {
    last: Instant,
    floor: f64,
}

impl Pace {
    /// A fresh pace with at most `most` in flight; `eager` if the user asked for that many.
    pub fn new(most: u32, eager: bool) -> Self {
        let most = f64::from(most.max(1));
        let first = if eager { (most / 4.0).max(FIRST_WINDOW) } else { FIRST_WINDOW };
        Self {
            most,
            window: first.min(most),
            eager,
            in_flight: 0,
            started: 0,
            cut: 0,
            quiet: None,
            failures: 0,
            refusals: 0,
            refused: 0,
            bucket: 1.0,
            pause: 0.0,
            sure: false,
            history: History::default(),
            ceiling: None,
            warned: None,
            guide: Guide::default(),
            fastest: None,
            latency: None,
            last: None,
        }
    }

    /// May a request start now? `Now` counts it as in flight.
    pub fn try_start(&mut self, now: Instant) -> Decision {
        if let Some((until, why)) = self.held(now) {
            return Decision::At(until, why);
        }
        self.notice_idle(now);
        if f64::from(self.in_flight) >= self.window.floor().max(1.0) || self.bucket_is_low() {
            return Decision::Full;
        }
        if let Some(ceiling) = &mut self.ceiling
            && let Err(until) = ceiling.take(now)
        {
            return Decision::At(until, Why::Learnt);
        }
        self.quiet = None;
        self.history.started(now);
        self.in_flight += 1;
        self.started += 1;
        self.last = Some(now);
        Decision::Now(Ticket { number: self.started })
    }

    /// Until when nothing at all may be sent on this endpoint, and why.
    pub fn held(&self, now: Instant) -> Option<(Instant, Why)> {
        self.quiet.filter(|&(until, _)| now < until)
    }

    /// Nothing before then: the site has asked for it.
    pub fn hold(&mut self, until: Instant) {
        self.be_quiet(until, Why::RetryAfter);
    }

    /// What came of a request that was let through.
    pub fn finished(&mut self, now: Instant, ticket: Ticket, said: Said, jitter: &mut Jitter) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.last = Some(now);
        let fresh = ticket.number > self.cut;
        match said {
            Said::Served { latency, near_limit, left } => {
                self.failures = 0;
                self.history.served(now);
                self.refusals = 0;
                self.latency = Some(latency);
                self.fastest = Some(self.fastest.map_or(latency, |fastest| fastest.min(latency)));
                // Of a tiny bucket less than a fifth is left after every answer: that warns of nothing.
                let near_limit = near_limit && !left.is_some_and(Left::is_tiny);
                match left.filter(|&left| self.guide.trusts(left)) {
                    Some(left) => self.steer(now, ticket, left, latency),
                    None if near_limit => self.warn(now, latency),
                    None => self.warned = None,
                }
                if self.is_slow(latency) {
                    self.cut_window(fresh, FIRST_WINDOW);
                } else {
                    self.grow();
                }
            }
            Said::Refused { retry_after } => self.refuse(now, ticket, retry_after, jitter),
            Said::Failed { retry_after } => {
                self.cut_window(fresh, 1.0);
                // One failure is an accident; from the second in a row each wave waits longer. What
                // was under way together counts once.
                self.failures += u32::from(fresh);
                if self.failures > 1 {
                    let wait = backoff(self.failures - 1, FIRST_WAIT, LONGEST_FAILING);
                    self.be_quiet(now + jitter.stretch(wait, 0.3), Why::Failing);
                }
                if let Some(wait) = retry_after {
                    self.be_quiet(now + jitter.stretch(wait, 0.05), Why::RetryAfter);
                }
            }
            Said::Unsent => {
                if let Some(ceiling) = &mut self.ceiling {
                    ceiling.give_back();
                }
            }
        }
    }

    fn refuse(
        &mut self,
        now: Instant,
        ticket: Ticket,
        retry_after: Option<Duration>,
        jitter: &mut Jitter,
    ) {
        let fresh = ticket.number > self.cut;
        // Those that were under way when the first was refused tell the same thing again; only a
        // longer wait is news.
        self.refused += 1;
        if fresh {
            self.refusals += 1;
        }
        let own = backoff(self.refusals.max(1), FIRST_WAIT, LONGEST_WAIT);
        let (wait, why) = match retry_after {
            // Refused again and again after exactly that wait: it was too short.
            Some(asked) => (jitter.stretch(asked, 0.02).max(own), Why::RetryAfter),
            None => (jitter.stretch(own.max(Duration::from_secs(1)), 0.3), Why::Backoff),
        };
        self.be_quiet(now + wait, why);
        if fresh {
            // What was sent before it and is not back yet was served: the bucket was not empty then.
            let later = self.started - ticket.number;
            let earlier = u64::from(self.in_flight).saturating_sub(later);
            self.cut_window(true, 1.0);
            self.guide.refused();
            self.learn(now, earlier);
        }
        self.hold_ceiling();
    }

    /// The bucket is empty now: that shows its rate, and sometimes its size.
    fn learn(&mut self, now: Instant, earlier: u64) {
        let until = self.quiet.map_or(now, |(until, _)| until);
        let mut measured = self.history.measure(now, earlier, (self.pause - self.bucket).max(0.0));
        match &self.ceiling {
            // Refused while the tokens of the last pause were spent: there were fewer than thought.
            Some(before) if before.is_catching_up() && measured.sure => {
                let gained = self.history.gained(now, earlier, before.base(), self.pause);
                self.bucket = self.bucket.min(gained.max(0.0));
                measured.rate = measured.rate.max(before.base());
            }
            _ => self.bucket = (self.bucket * 1.2 + 0.02).min(1.0),
        }
        self.pause = (until - now).as_secs_f64();
        self.history.is_dry(now, earlier);
        self.sure = measured.sure;
        // The ceiling holds back now; the window is to let it through.
        let latency = self.latency.unwrap_or_default().as_secs_f64();
        self.window = self.window.max((measured.rate * latency * 1.5).ceil()).min(self.most);
        self.ceiling = Some(Ceiling::refused(now, until, measured, self.bucket));
    }

    /// How long the ceiling holds before it rises to the next refusal: so that few are refused, and
    /// little time is lost by the pauses.
    fn hold_ceiling(&mut self) {
        let latency = self.latency.unwrap_or_default();
        let Some(ceiling) = &mut self.ceiling else { return };
        if !self.sure {
            ceiling.hold(HOLD_UNSURE, latency);
            return;
        }
        let refused = self.refused as f64 / REFUSED_SHARE - self.started as f64;
        let lost = (self.pause - self.pause.min(self.bucket) * 0.85) / LOST_SHARE;
        ceiling.hold((refused / ceiling.base()).max(lost).clamp(HOLD.0, HOLD.1), latency);
    }

    fn be_quiet(&mut self, until: Instant, why: Why) {
        if self.quiet.is_none_or(|(old, _)| old < until) {
            self.quiet = Some((until, why));
        }
    }

    /// The site shows its bucket: keep to what comes in.
    fn steer(&mut self, now: Instant, ticket: Ticket, left: Left, latency: Duration) {
        let history = &self.history;
        let fallback = || history.measure(now, 0, 0.0).rate;
        let seen = (ticket.number, self.history.total());
        match (self.guide.advise(now, seen, left, latency, fallback), &mut self.ceiling) {
            (Advice::Free, _) => {}
            (Advice::Rate(rate), Some(ceiling)) => ceiling.steer(now, rate),
            (Advice::Rate(rate), ceiling @ None) => *ceiling = Some(Ceiling::steered(now, rate)),
        }
    }

    /// `X-RateLimit-NearLimit`: a little slower each time, until it stops.
    fn warn(&mut self, now: Instant, latency: Duration) {
        let warning = match self.warned {
            None => {
                let rate = match &self.ceiling {
                    Some(ceiling) => ceiling.rate(now),
                    None => self.history.measure(now, 0, 0.0).rate,
                };
                if self.ceiling.is_none() {
                    self.ceiling = Some(Ceiling::warned(now, rate));
                }
                self.warned = Some(Warning { last: now, floor: rate * WARN_FLOOR });
                return;
            }
            Some(warning) => warning,
        };
        if now - warning.last < WARN_EVERY.max(latency * 3 / 2) {
            return;
        }
        if let Some(ceiling) = &mut self.ceiling {
            let lower = (ceiling.rate(now) * WARN_STEP).max(warning.floor);
            ceiling.lower(now, lower);
        }
        self.warned = Some(Warning { last: now, ..warning });
    }

    /// With the site's own word for what is left, no more in flight than there is room for.
    fn bucket_is_low(&self) -> bool {
        self.in_flight > 0
            && self.guide.room(self.latency).is_some_and(|room| f64::from(self.in_flight) >= room)
    }

    fn is_slow(&self, latency: Duration) -> bool {
        latency > SLOW && self.fastest.is_some_and(|fastest| latency > fastest * 4)
    }

    /// Halves the window, once for all that were in flight together.
    fn cut_window(&mut self, fresh: bool, least: f64) {
        if fresh {
            self.window = (self.window / 2.0).floor().max(least).min(self.window);
            self.cut = self.started;
        }
    }

    fn grow(&mut self) {
        let bound = if self.eager || self.ceiling.is_some() {
            self.most
        } else {
            (self.history.total() as f64 * WINDOW_SHARE).max(FIRST_WINDOW).min(self.most)
        };
        if self.window < bound {
            self.window = (self.window + 1.0).min(bound);
        }
    }

    /// After a pause nobody asked for, the bucket is full again and the ceiling's growth means
    /// nothing.
    fn notice_idle(&mut self, now: Instant) {
        let gap = self.ceiling(now).map_or(0.0, |rate| 2.0 / rate);
        let idle = self.in_flight == 0
            && self.last.is_some_and(|last| now - last > IDLE + Duration::from_secs_f64(gap))
            && self.quiet.is_none();
        if idle {
            self.guide.forget();
            if let Some(ceiling) = &mut self.ceiling {
                ceiling.rest(now);
            }
        }
    }

    /// How many may be in flight now.
    pub fn window(&self) -> u32 {
        self.window as u32
    }

    /// How many are in flight.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// The ceiling in requests a second, if there is one.
    pub fn ceiling(&self, now: Instant) -> Option<f64> {
        self.ceiling.as_ref().map(|ceiling| ceiling.rate(now))
    }

    /// How long the last served answer took.
    pub fn latency(&self) -> Option<Duration> {
        self.latency
    }
}
