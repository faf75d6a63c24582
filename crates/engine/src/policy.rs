//! When a run stops by itself. Pure: it decides from what happened and when.

use std::time::Duration;

use tokio::time::Instant;

use super::executor::NotSent;
use super::stop_reason::{Stop, StopKind};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

/// The share of the last [`RECENT`] steps that may fail before the run stops, in percent.
const MOST_FAILED: usize = 50;

/// How many steps the share is counted over.
const RECENT: usize = 100;

/// Counts failures and measures progress.
#[derive(Debug)]
pub(super) struct Policy {
    max_failures: u64,
    without_progress: Duration,
    in_a_row: u64,
    last_reason: Option<Reason>,
    /// The last outcomes as a ring; `true` means failed.
    recent: Vec<bool>,
    at: usize,
    progress: Instant,
    last_words: String,
    last_kind: StopKind,
}

impl Policy {
    pub(super) fn new(max_failures: u64, without_progress: Duration, now: Instant) -> Self {
        Self {
            max_failures,
            without_progress,
            in_a_row: 0,
            last_reason: None,
            recent: Vec::with_capacity(RECENT),
            at: 0,
            progress: now,
            last_words: String::new(),
            last_kind: StopKind::OutOfReach,
        }
    }

    /// Records a step's outcome.
    pub(super) fn settled(
        &mut self,
        outcome: Outcome,
        reason: Reason,
        now: Instant,
    ) -> Option<Stop> {
        // `unknown` is no progress: during an outage, every answer may be an error.
        let failed = matches!(outcome, Outcome::Failed | Outcome::Unknown);
        if outcome != Outcome::Unknown {
            self.progress = now;
        }
        self.remember(failed);
        if !failed {
            self.in_a_row = 0;
            return None;
        }
        self.in_a_row = if self.last_reason == Some(reason) { self.in_a_row + 1 } else { 1 };
        self.last_reason = Some(reason);
        if self.max_failures == 0 {
            return None;
        }
        if self.in_a_row >= self.max_failures {
            let why = format!(
                "{} failed in a row with `{reason}` (--max-failures {})",
                self.in_a_row, self.max_failures
            );
            return Some(Stop::new(StopKind::Failures, why));
        }
        let share = self.recent.iter().filter(|failed| **failed).count() * 100 / RECENT;
        (self.recent.len() == RECENT && share > MOST_FAILED).then(|| {
            Stop::new(StopKind::Failures, format!("{share} % of the last {RECENT} failed"))
        })
    }

    fn remember(&mut self, failed: bool) {
        if self.recent.len() < RECENT {
            self.recent.push(failed);
        } else {
            self.recent[self.at] = failed;
            self.at = (self.at + 1) % RECENT;
        }
    }

    /// Records a step that could not be sent. `excused` is the end of a wait that the site announced.
    pub(super) fn not_sent(
        &mut self,
        why: &NotSent,
        excused: Option<Instant>,
        now: Instant,
    ) -> Option<Stop> {
        match why {
            NotSent::Halted => return None,
            NotSent::Credential { words } => {
                return Some(Stop::new(
                    StopKind::Credential,
                    format!("the credential was refused: {words}"),
                ));
            }
            NotSent::Blocked { words } => {
                let why = format!("the site refuses this computer's network: {words}");
                return Some(Stop::new(StopKind::Blocked, why));
            }
            NotSent::Elsewhere { words } => {
                return Some(Stop::new(StopKind::Redirected, words.clone()));
            }
            NotSent::Odd { words } => return Some(not_the_site(words)),
            NotSent::Refused { words, reading: true, .. } => {
                let why = format!("the site could not be read: {words}");
                return Some(Stop::new(StopKind::Refused, why));
            }
            NotSent::Refused { words, .. } => self.note(StopKind::Refused, words),
            NotSent::OutOfReach { words } => self.note(StopKind::OutOfReach, words),
        }
        if let Some(until) = excused {
            self.progress = self.progress.max(until);
        }
        let waited = now.saturating_duration_since(self.progress);
        (waited >= self.without_progress).then(|| {
            let what = if self.last_kind == StopKind::Refused {
                "the site's rate limit keeps refusing requests"
            } else {
                "the site cannot be reached"
            };
            let why = format!(
                "{what}: no request succeeded for {} s ({})",
                waited.as_secs(),
                self.last_words
            );
            Stop::new(self.last_kind, why)
        })
    }

    /// Records a step whose answer was lost, if the site could not be read either.
    pub(super) fn left(&mut self, why: &NotSent, now: Instant) -> Option<Stop> {
        // The site answers neither changes nor reads, so the next request would fail too.
        if let NotSent::Odd { words } = why {
            return Some(not_the_site(words));
        }
        // A read has already waited for as long as is allowed.
        if let NotSent::Refused { words, .. } = why {
            let why = format!("the site could not be read: {words}");
            return Some(Stop::new(StopKind::Refused, why));
        }
        let stop = self.settled(Outcome::Unknown, Reason::NoResponse, now).map(|stop| {
            let why = format!("{}; the site could not be read: {}", stop.why, why.words());
            Stop::new(StopKind::OutOfReach, why)
        });
        stop.or_else(|| self.not_sent(why, None, now))
    }

    fn note(&mut self, kind: StopKind, words: &str) {
        self.last_kind = kind;
        words.clone_into(&mut self.last_words);
    }
}

/// The stop of a run whose answers are not the site's.
pub(super) fn not_the_site(words: &str) -> Stop {
    Stop::new(StopKind::OutOfReach, format!("the answer is not the site's: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(now: Instant) -> Policy {
        Policy::new(3, Duration::from_secs(60), now)
    }

    #[test]
    fn the_same_failure_in_a_row_stops_and_a_success_or_another_reason_resets_the_count() {
        let now = Instant::now();
        let mut policy = policy(now);
        for reason in [Reason::Forbidden, Reason::Forbidden, Reason::NotFound, Reason::NotFound] {
            assert_eq!(policy.settled(Outcome::Failed, reason, now), None);
        }
        assert_eq!(policy.settled(Outcome::Changed, Reason::Done, now), None);
        assert_eq!(policy.settled(Outcome::Failed, Reason::NotFound, now), None);
        assert_eq!(policy.settled(Outcome::Failed, Reason::NotFound, now), None);
        let stop = policy.settled(Outcome::Failed, Reason::NotFound, now).unwrap();
        assert_eq!(stop.kind, StopKind::Failures);
    }

    #[test]
    fn a_redirect_stops_and_so_does_what_is_not_the_site() {
        let now = Instant::now();
        let words = || "a web page".to_owned();
        let mut policy = policy(now);
        let redirected = NotSent::Elsewhere { words: words() };
        let stop = policy.not_sent(&redirected, None, now).unwrap();
        assert_eq!((stop.kind, stop.kind.exit_code()), (StopKind::Redirected, 5));
        let odd = NotSent::Odd { words: words() };
        assert_eq!(policy.not_sent(&odd, None, now).unwrap().kind, StopKind::OutOfReach);
        assert_eq!(policy.left(&odd, now).unwrap().kind, StopKind::OutOfReach);
    }

    #[test]
    fn more_than_half_of_the_last_hundred_stop() {
        let now = Instant::now();
        let mut policy = policy(now);
        let pattern = [Some(Reason::Forbidden), Some(Reason::NotFound), None];
        let stopped = (0..200).position(|at| {
            let (outcome, reason) = match pattern[at % 3] {
                Some(reason) => (Outcome::Failed, reason),
                None => (Outcome::Changed, Reason::Done),
            };
            policy.settled(outcome, reason, now).is_some()
        });
        assert_eq!(stopped, Some(99));
    }

    #[test]
    fn refusals_stop_only_once_patience_ends_and_announced_waits_are_excused() {
        let start = Instant::now();
        let mut policy = policy(start);
        let refused = NotSent::Refused { words: "429".into(), status: Some(429), reading: false };
        let later = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(policy.not_sent(&refused, None, later(59)), None);
        assert_eq!(policy.not_sent(&refused, Some(later(3600)), later(61)), None);
        assert_eq!(policy.not_sent(&refused, None, later(3659)), None);
        assert_eq!(policy.not_sent(&refused, None, later(3660)).unwrap().kind, StopKind::Refused);
        // Seed 610 of the simulation began the same step again and again, at once.
        let read = NotSent::Refused { words: "wait a year".into(), status: None, reading: true };
        assert_eq!(policy.not_sent(&read, None, start).unwrap().kind, StopKind::Refused);
        let credential = NotSent::Credential { words: "401".into() };
        assert_eq!(policy.not_sent(&credential, None, start).unwrap().kind, StopKind::Credential);
    }
}
