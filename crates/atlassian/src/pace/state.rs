//! The pace of one endpoint: a pure state machine from answers and instants to decisions.

use std::time::Duration;

use tokio::time::Instant;

use super::backoff::{Jitter, backoff};
use super::budget::{self, Budget};
use super::ceiling::Ceiling;
use super::header_control::{Advice, Guide, Left};
use super::history::{History, Measured};
use super::signals::{Decision, Said, Ticket, Why};
use super::warning::{LEVEL, Turn, Warnings};
use super::window::Window;

/// An endpoint pauses after its second failure in a row (5xx, no answer): 0.5 s, doubled up to 10 s, so that a
/// site that works again is soon used. A single failure causes no pause; the read itself waits in `client.rs`.
const FIRST_PAUSE_AFTER_FAILURES: Duration = Duration::from_millis(500);
const LONGEST_PAUSE_AFTER_FAILURES: Duration = Duration::from_secs(10);

/// An endpoint pauses after a refusal (429): 0.5 s, doubled up to a minute, or as long as the site asks if that is
/// longer.
const FIRST_PAUSE_AFTER_REFUSALS: Duration = Duration::from_millis(500);
const LONGEST_PAUSE_AFTER_REFUSALS: Duration = Duration::from_secs(60);
/// The pause is also at least as long as this many requests need, up to a second.
const WAIT_FOR: f64 = 3.0;
/// If nothing was sent for this long, the learned latency and bucket level are stale.
const IDLE: Duration = Duration::from_secs(3);
/// Answers slower than this, and slower than 4 times the fastest, count as slow.
const SLOW: Duration = Duration::from_secs(1);
/// The smallest window that slow answers lead to.
const LEAST_WINDOW: f64 = 2.0;
/// A measurement below this share of the one before means a smaller bucket, not a lower rate.
const PLAINLY_LESS: f64 = 0.85;
/// How much wider than needed the window is if a ceiling limits the rate.
const ROOM: f64 = 1.5;

/// The pace of one endpoint.
#[derive(Clone, Debug)]
pub struct Pace {
    window: Window,
    in_flight: u32,
    started: u64,
    newest: Option<Ticket>,
    quiet: Option<(Instant, Why)>,
    /// Failures in a row. Requests that were open together count once.
    failures: u32,
    /// Refusals in a row, counted in the same way.
    refusals: u32,
    /// The number of all refusals.
    refused: u64,
    /// How many seconds' worth of requests the bucket is assumed to hold, at most one.
    bucket: f64,
    /// The last pause after a refusal, in seconds.
    pause: f64,
    /// Refusals that belong together, until the first request after their pause.
    episode: Option<Episode>,
    history: History,
    ceiling: Option<Ceiling>,
    warnings: Warnings,
    guide: Guide,
    fastest: Option<Duration>,
    latency: Option<Duration>,
    last: Option<Instant>,
}

/// A time in which the bucket is empty. Each further refusal of a request that was open at the same time makes the
/// measurement more exact, so the knowledge from before is kept and used again.
#[derive(Clone, Copy, Debug)]
struct Episode {
    /// The last request that was sent before the refused one. Answers overtake each other: the served requests
    /// shared the last tokens with the refused ones.
    dry: Ticket,
    bucket: f64,
    pause: f64,
    /// The earlier measurement, if tokens of the last pause were being spent.
    spending: Option<f64>,
    /// Whether the new measurement was made over long enough.
    sure: bool,
}

impl Pace {
    /// A new pace with at most `most` open requests; `eager` if the user asked for this number.
    pub fn new(most: u32, eager: bool) -> Self {
        Self {
            window: Window::new(most, eager),
            in_flight: 0,
            started: 0,
            newest: None,
            quiet: None,
            failures: 0,
            refusals: 0,
            refused: 0,
            bucket: 1.0,
            pause: 0.0,
            episode: None,
            history: History::default(),
            ceiling: None,
            warnings: Warnings::default(),
            guide: Guide::default(),
            fastest: None,
            latency: None,
            last: None,
        }
    }

    /// Whether a request may start now. `Now` counts it as open.
    pub fn try_start(&mut self, now: Instant) -> Decision {
        if let Some((until, why)) = self.held(now) {
            return Decision::At(until, why);
        }
        self.notice_idle(now);
        if f64::from(self.in_flight) >= self.window.size() || self.bucket_is_low() {
            return Decision::Full;
        }
        if let Some(ceiling) = &mut self.ceiling
            && let Err(until) = ceiling.take(now)
        {
            return Decision::At(until, Why::Learnt);
        }
        self.quiet = None;
        if let Some(episode) = self.episode.take() {
            self.history.is_dry(episode.dry);
            self.warnings.pause();
        }
        self.in_flight += 1;
        self.started += 1;
        self.last = Some(now);
        let ticket = Ticket { number: self.started, sent: now };
        self.history.started(ticket);
        self.newest = Some(ticket);
        Decision::Now(ticket)
    }

    /// The end of a wait that blocks this endpoint, and its reason.
    pub fn held(&self, now: Instant) -> Option<(Instant, Why)> {
        self.quiet.filter(|&(until, _)| now < until)
    }

    /// Sends nothing before then, because the site has asked for it.
    pub fn hold(&mut self, until: Instant) {
        self.be_quiet(until, Why::RetryAfter);
    }

    /// Takes the result of a request that was let through.
    pub fn finished(&mut self, now: Instant, ticket: Ticket, said: Said, jitter: &mut Jitter) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.last = Some(now);
        match said {
            Said::Served { latency, near_limit, left } => {
                self.serve(now, ticket, latency, near_limit, left);
            }
            Said::Refused { retry_after } => self.refuse(now, ticket, retry_after, jitter),
            Said::Failed { retry_after } => self.fail(now, ticket, retry_after, jitter),
            Said::Unsent => {
                self.history.unserved(ticket);
                if let Some(ceiling) = &mut self.ceiling {
                    ceiling.give_back();
                }
            }
        }
    }

    fn serve(
        &mut self,
        now: Instant,
        ticket: Ticket,
        latency: Duration,
        near_limit: bool,
        left: Option<Left>,
    ) {
        self.failures = 0;
        self.refusals = 0;
        self.history.served();
        self.latency = Some(latency);
        self.fastest = Some(self.fastest.map_or(latency, |fastest| fastest.min(latency)));
        // A tiny bucket has less than a fifth left after every answer, so its warning has no meaning.
        let near_limit = near_limit && !left.is_some_and(Left::is_tiny);
        match left.filter(|&left| self.guide.trusts(left)) {
            Some(left) => self.steer(now, ticket, left, latency),
            None => self.warn(now, ticket, near_limit, latency),
        }
        if latency > SLOW && self.fastest.is_some_and(|fastest| latency > fastest * 4) {
            if self.window.is_news(ticket.number) {
                self.window.halve(LEAST_WINDOW, self.started);
            }
        } else {
            let freely = self.ceiling.is_some() || self.guide.sees_plenty(self.window.size());
            self.window.grow(latency, freely);
        }
    }

    fn fail(
        &mut self,
        now: Instant,
        ticket: Ticket,
        retry_after: Option<Duration>,
        jitter: &mut Jitter,
    ) {
        self.history.unserved(ticket);
        // A single failure is an accident; from the second in a row, each wave waits longer. Requests that were
        // open together count once.
        if self.window.is_news(ticket.number) {
            self.window.halve(1.0, self.started);
            self.failures += 1;
        }
        if self.failures > 1 {
            let wait = backoff(
                self.failures - 1,
                FIRST_PAUSE_AFTER_FAILURES,
                LONGEST_PAUSE_AFTER_FAILURES,
            );
            self.be_quiet(now + jitter.stretch(wait, 0.3), Why::Failing);
        }
        if let Some(wait) = retry_after {
            self.be_quiet(now + jitter.stretch(wait, 0.05), Why::RetryAfter);
        }
    }

    fn refuse(
        &mut self,
        now: Instant,
        ticket: Ticket,
        retry_after: Option<Duration>,
        jitter: &mut Jitter,
    ) {
        self.refused += 1;
        self.history.unserved(ticket);
        // Requests that were open at the first refusal repeat its information, only more exactly.
        if self.window.is_news(ticket.number) {
            self.refusals += 1;
            self.window.halve(1.0, self.started);
            self.guide.refused();
            self.begin_episode(self.newest.unwrap_or(ticket));
        }
        self.learn(now);
        let own =
            backoff(self.refusals.max(1), FIRST_PAUSE_AFTER_REFUSALS, LONGEST_PAUSE_AFTER_REFUSALS);
        let (wait, why) = match retry_after {
            // If requests are refused again and again after exactly this wait, it was too short.
            Some(asked) => (jitter.stretch(asked, 0.02).max(own), Why::RetryAfter),
            None => {
                let rate = self.ceiling.as_ref().map_or(1.0, Ceiling::base);
                let some = Duration::from_secs_f64((WAIT_FOR / rate).min(1.0));
                (jitter.stretch(own.max(some), 0.3), Why::Backoff)
            }
        };
        self.be_quiet(now + wait, why);
        self.settle_ceiling(now);
    }

    fn begin_episode(&mut self, dry: Ticket) {
        // Refused again at once: nothing was sent in between, so nothing is learned.
        if let Some(episode) = self.episode.take() {
            self.history.is_dry(episode.dry);
        }
        let spending = self.ceiling.as_ref().filter(|ceiling| ceiling.is_catching_up());
        self.episode = Some(Episode {
            dry,
            bucket: self.bucket,
            pause: self.pause,
            spending: spending.map(Ceiling::base),
            sure: false,
        });
    }

    /// Learns from an empty bucket: its rate, and sometimes its size.
    fn learn(&mut self, now: Instant) {
        let Some(mut episode) = self.episode else { return };
        let spilt = (episode.pause - episode.bucket).max(0.0);
        let mut measured = self.history.until_dry(episode.dry, spilt);
        match episode.spending {
            // Refused while tokens of the last pause were spent: there were fewer than assumed.
            Some(before) if measured.sure => {
                let gained = self.history.gained(episode.dry, before, episode.pause);
                self.bucket = episode.bucket.min(gained.max(0.0));
                // A measurement over a pause that overfilled the bucket is too low.
                if measured.rate < before * PLAINLY_LESS {
                    measured.rate = before;
                }
            }
            _ => self.bucket = (episode.bucket * 1.2 + 0.02).min(1.0),
        }
        episode.sure = measured.sure;
        self.episode = Some(episode);
        self.set_ceiling(now, measured);
    }

    fn set_ceiling(&mut self, now: Instant, measured: Measured) {
        let latency = self.latency.unwrap_or_default();
        let ceiling = Ceiling::measured(now, measured, latency);
        // From now on the ceiling limits the rate, so the window has to let it through.
        self.window.widen(ceiling.base() * latency.as_secs_f64() * ROOM);
        self.ceiling = Some(ceiling);
    }

    /// Sets how long the ceiling keeps its rate before it tries more.
    fn settle_ceiling(&mut self, now: Instant) {
        let (Some((until, _)), Some(ceiling)) = (self.quiet, self.ceiling.take()) else { return };
        self.pause = (until - now).as_secs_f64();
        let mut ceiling = ceiling.after_pause(now, until, self.bucket);
        let budget = Budget {
            refused: self.refused,
            sent: self.started,
            sure: self.episode.is_none_or(|episode| episode.sure),
            warned: self.warnings.are_heard(),
            pause: self.pause,
            bucket: self.bucket,
            latency: self.latency.unwrap_or_default(),
            most: self.window.most(),
        };
        ceiling.hold(budget.hold(&ceiling));
        if !budget.has_room(&ceiling) {
            ceiling.stay();
        }
        self.ceiling = Some(ceiling);
    }

    fn be_quiet(&mut self, until: Instant, why: Why) {
        if self.quiet.is_none_or(|(old, _)| old < until) {
            self.quiet = Some((until, why));
        }
    }

    /// Uses the headers that show the bucket: keeps to its refill.
    fn steer(&mut self, now: Instant, ticket: Ticket, left: Left, latency: Duration) {
        let history = &self.history;
        let fallback = || history.since_any(ticket, 1.0).rate;
        let seen = (ticket.number, self.history.total());
        match (self.guide.advise(now, seen, left, latency, fallback), &mut self.ceiling) {
            (Advice::Free, _) => {}
            (Advice::Ignored, ceiling) => *ceiling = None,
            (Advice::Rate(rate), Some(ceiling)) => ceiling.steer(now, rate),
            (Advice::Rate(rate), ceiling @ None) => *ceiling = Some(Ceiling::steered(now, rate)),
        }
    }

    /// Uses `X-RateLimit-NearLimit`: each time it changes, the rate is measured.
    fn warn(&mut self, now: Instant, ticket: Ticket, near: bool, latency: Duration) {
        match self.warnings.hear(now, ticket, near, latency) {
            Turn::Same => {}
            // After a refusal the ceiling is made for the time after the pause.
            _ if self.episode.is_some() => {}
            turn @ (Turn::Fell | Turn::Rose) => {
                let any = self.history.since_any(ticket, 1.0 - LEVEL);
                let level = self.history.since_level(ticket, LEVEL, 0.0);
                let measured = match level {
                    Some(level) => level,
                    None => match &self.ceiling {
                        Some(ceiling) => Measured { rate: ceiling.base(), doubt: 0.02, sure: true },
                        None => any,
                    },
                };
                self.history.is_at(ticket, LEVEL);
                self.set_ceiling(now, measured);
                let Some(ceiling) = &mut self.ceiling else { return };
                ceiling.hold(budget::WARNED);
                if turn == Turn::Fell {
                    ceiling.slow_down(now, Warnings::slower(ceiling.base()));
                }
            }
            Turn::Deaf => {
                if let Some(ceiling) = &mut self.ceiling {
                    ceiling.rest(now);
                    ceiling.release(budget::WARNED);
                }
            }
            Turn::Still => {
                if let Some(ceiling) = &mut self.ceiling {
                    let rate = Warnings::slower_again(ceiling.rate(now), ceiling.base());
                    ceiling.slow_down(now, rate);
                }
            }
        }
    }

    /// Whether more requests would be open than the headers leave room for.
    fn bucket_is_low(&self) -> bool {
        self.in_flight > 0
            && self.guide.room(self.latency).is_some_and(|room| f64::from(self.in_flight) >= room)
    }

    /// After a pause that the site did not ask for, the bucket is full again and the ceiling's growth has no
    /// meaning.
    fn notice_idle(&mut self, now: Instant) {
        let gap = self.ceiling(now).map_or(0.0, |rate| 2.0 / rate);
        let idle = self.in_flight == 0
            && self.last.is_some_and(|last| now - last > IDLE + Duration::from_secs_f64(gap))
            && self.quiet.is_none();
        if idle {
            self.guide.forget();
            self.history.forget_level();
            self.warnings.pause();
            if let Some(ceiling) = &mut self.ceiling {
                ceiling.rest(now);
            }
        }
    }

    /// How many requests may be open now.
    pub fn window(&self) -> u32 {
        self.window.size() as u32
    }

    /// How many requests are open.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// The ceiling in requests per second, if there is one.
    pub fn ceiling(&self, now: Instant) -> Option<f64> {
        self.ceiling.as_ref().map(|ceiling| ceiling.rate(now))
    }

    /// The latency of the last served answer.
    pub fn latency(&self) -> Option<Duration> {
        self.latency
    }
}
