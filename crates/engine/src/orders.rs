//! What a worker needs besides its step.

use std::sync::Arc;

use headcount_model::lease::Lease;
use headcount_model::step::Step;
use tokio::time::Instant;

use super::executor::Executor;
use super::halt::Halt;
use super::odd_answers::OddAnswers;
use super::options::Patience;
use super::reconcile::Age;

/// What a worker needs besides its step.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    pub(super) odd: Arc<OddAnswers>,
    pub(super) halt: Halt,
    /// Nothing is sent once it has ended.
    pub(super) lease: Lease,
    pub(super) patience: Patience,
    /// Whether the change is read back before it counts as changed.
    pub(super) verify: bool,
    /// Whether a change that no undo brings back is read back in any case.
    pub(super) reads_back: bool,
    /// Every request of these steps was sent before this moment, by an earlier process; `None` while steps are sent.
    pub(super) sent_before: Option<Instant>,
}

impl Orders {
    /// Whether the site may still show the effect of the step's last request. The site's own clock decides, or the
    /// time that this process has counted by itself since the request; without both, the effect may still show.
    pub(super) fn age<E: Executor>(&self, executor: &E, step: &Step<E::Payload>) -> Age {
        let counted = self.sent_before.is_some_and(|sent| sent.elapsed() >= self.patience.proof);
        if self.patience.proof.is_zero() || counted {
            return Age::WouldHaveShown;
        }
        let now = executor.site_time().map(|time| time.at_least);
        let since = now.zip(step.sent_by).map(|(now, sent_by)| now.duration_since(sent_by));
        let proof = jiff::SignedDuration::try_from(self.patience.proof);
        match (since, proof) {
            (Some(since), Ok(proof)) if since >= proof => Age::WouldHaveShown,
            _ => Age::MayStillShow,
        }
    }

    /// When this process will have counted long enough to decide on this step. `None`: the site shows its clock, which
    /// decides in a later process; another request may still decide; or the wait would be longer than is allowed.
    pub(super) fn counts_until<E: Executor>(
        &self,
        executor: &E,
        step: &Step<E::Payload>,
    ) -> Option<Instant> {
        let is_last = step.unclear + 1 >= self.patience.sendings;
        let is_allowed = self.patience.proof <= self.patience.longest_wait;
        let counts = is_last && is_allowed && executor.site_time().is_none();
        self.sent_before.filter(|_| counts).map(|sent| sent + self.patience.proof)
    }
}
