//! The pace of one endpoint: answers and instants in, decisions out. Pure.

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

/// An endpoint pauses after its second failure in a row (5xx, no answer): 0.5 s, doubled to 10 s, so that a
/// site that is back is soon used again. A single failure pauses nothing; the read itself waits in `client.rs`.
const FIRST_PAUSE_AFTER_FAILURES: Duration = Duration::from_millis(500);
const LONGEST_PAUSE_AFTER_FAILURES: Duration = Duration::from_secs(10);

/// An endpoint pauses after a refusal (429): 0.5 s, doubled to a minute, or what the site asks if that is longer.
const FIRST_PAUSE_AFTER_REFUSALS: Duration = Duration::from_millis(500);
const LONGEST_PAUSE_AFTER_REFUSALS: Duration = Duration::from_secs(60);
/// And as long as this many requests need, up to a second.
const WAIT_FOR: f64 = 3.0;
/// Nothing sent for so long: what was learnt of latency and bucket is stale.
const IDLE: Duration = Duration::from_secs(3);
/// Answers slower than this, and than 4 times the fastest, count as slow.
const SLOW: Duration = Duration::from_secs(1);
/// Slow answers make the window no smaller than this.
const LEAST_WINDOW: f64 = 2.0;
/// A measurement below this share of the one before speaks of a smaller bucket, not of a lower rate.
const PLAINLY_LESS: f64 = 0.85;
/// How much wider than needed the window is where a ceiling holds back.
const ROOM: f64 = 1.5;

/// The pace of one endpoint.
#[derive(Clone, Debug)]
pub struct Pace {
    window: Window,
    in_flight: u32,
    started: u64,
    newest: Option<Ticket>,
    quiet: Option<(Instant, Why)>,
    /// Failures in a row, waves of them counted once.
    failures: u32,
    /// Refusals in a row, likewise.
    refusals: u32,
    /// All refusals.
    refused: u64,
    /// How many seconds' worth the bucket is taken to hold, at most one.
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

/// The bucket is empty. Each further refusal of what was under way together measures it more exactly,
/// so what was known before is kept to learn from again.
#[derive(Clone, Copy, Debug)]
struct Episode {
    /// The last request that was sent before it: answers overtake each other, and those that were
    /// served shared the last tokens with those that were not.
    dry: Ticket,
    bucket: f64,
    pause: f64,
    /// What was measured before, while tokens of the last pause were being spent.
    spending: Option<f64>,
    /// Whether the new measurement was made over long enough.
    sure: bool,
}

impl Pace {
    /// A fresh pace with at most `most` in flight; `eager` if the user asked for that many.
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

    /// May a request start now? `Now` counts it as in flight.
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
        // Of a tiny bucket less than a fifth is left after every answer: that warns of nothing.
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
        // One failure is an accident; from the second in a row each wave waits longer. What was
        // under way together counts once.
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
        // Those that were under way when the first was refused tell the same thing again, only
        // more exactly.
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
            // Refused again and again after exactly that wait: it was too short.
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
        // Refused again at once: nothing was sent in between that could tell.
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

    /// The bucket is empty: that shows its rate, and sometimes its size.
    fn learn(&mut self, now: Instant) {
        let Some(mut episode) = self.episode else { return };
        let spilt = (episode.pause - episode.bucket).max(0.0);
        let mut measured = self.history.until_dry(episode.dry, spilt);
        match episode.spending {
            // Refused while the tokens of the last pause were spent: there were fewer than thought.
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
        // The ceiling holds back now; the window is to let it through.
        self.window.widen(ceiling.base() * latency.as_secs_f64() * ROOM);
        self.ceiling = Some(ceiling);
    }

    /// How long the ceiling holds before it tries more.
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

    /// The site shows its bucket: keep to what comes in.
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

    /// `X-RateLimit-NearLimit`: each time it turns the rate is measured.
    fn warn(&mut self, now: Instant, ticket: Ticket, near: bool, latency: Duration) {
        match self.warnings.hear(now, ticket, near, latency) {
            Turn::Same => {}
            // Refused: the ceiling is made for what comes after the pause.
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

    /// With the site's own word for what is left, no more in flight than there is room for.
    fn bucket_is_low(&self) -> bool {
        self.in_flight > 0
            && self.guide.room(self.latency).is_some_and(|room| f64::from(self.in_flight) >= room)
    }

    /// After a pause without a reason of the site, the bucket is full again and the ceiling's growth means
    /// nothing.
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

    /// How many may be in flight now.
    pub fn window(&self) -> u32 {
        self.window.size() as u32
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
