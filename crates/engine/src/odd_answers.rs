//! Successful answers that differ from Atlassian's description: a sign-in page, an empty object, another status.
//!
//! A single such answer may be chance: the step is read on the site, and nothing else is sent meanwhile. If the
//! request had no effect, steps are sent one by one until an answer is as described. A second such answer without an
//! effect, for any step, shows that something other than the site answers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

/// The odd answers of a run.
#[derive(Debug, Default)]
pub(super) struct OddAnswers {
    state: Mutex<State>,
    /// Held by the only step that may be sent, until it has been read.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    /// How many odd answers are being checked by reading the site.
    reading: u32,
    /// When the first request was found to have had no effect.
    undone: Option<Instant>,
}

impl OddAnswers {
    /// Whether steps are sent one by one now.
    pub(super) fn are_suspected(&self) -> bool {
        let state = self.lock();
        state.reading > 0 || state.undone.is_some()
    }

    /// Counts an odd answer whose step is read on the site now.
    pub(super) fn came(&self) {
        self.lock().reading += 1;
    }

    /// Records that the step was read. Returns whether the run stops: this request had no effect, and it was sent
    /// after an earlier one was found to have had none. Requests that were open at the same time count once.
    pub(super) fn was_read(&self, sent: Instant, did_nothing: bool, now: Instant) -> bool {
        let mut state = self.lock();
        state.reading = state.reading.saturating_sub(1);
        if !did_nothing {
            return false;
        }
        let first = *state.undone.get_or_insert(now);
        sent >= first
    }

    /// Records an answer as described, to a request of this time.
    pub(super) fn as_described(&self, sent: Instant) {
        let mut state = self.lock();
        state.undone = state.undone.filter(|first| sent < *first);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_second_one_that_did_nothing_stops() {
        let odd = OddAnswers::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        odd.came();
        odd.came();
        assert!(odd.are_suspected());
        assert!(!odd.was_read(at(0), true, at(1)));
        assert!(!odd.was_read(at(0), true, at(2)), "it was under way together with the first");
        odd.as_described(at(0));
        assert!(odd.are_suspected(), "it was sent before the first came");
        odd.came();
        assert!(!odd.was_read(at(3), false, at(4)), "it was done");
        odd.as_described(at(3));
        assert!(!odd.are_suspected());
        odd.came();
        assert!(!odd.was_read(at(5), true, at(6)));
        odd.came();
        assert!(odd.was_read(at(7), true, at(8)));
    }
}
