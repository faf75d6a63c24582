//! Which run made a change, if several runs of the journal sent the same step.
//!
//! That the site shows a change does not say who made it. Two runs of the same rows may be applied at once, and a
//! run that was interrupted may be resumed after another run made its changes. An undo takes back what a run made;
//! so a run must not claim what another run made.
//!
//! A step is `started` in the journal before it is sent. So of two runs that send the same step, at least the one
//! that settles later finds the other.

use super::dispatcher::Dispatcher;
use super::error::RunError;
use super::executor::{Executor, Rules};
use super::watcher::Watcher;
use headcount_journal::AlsoSent;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, Verdict};

impl<E: Executor, W: Watcher> Dispatcher<'_, E, W> {
    /// Corrects a verdict that claims a change which another run of the journal made, or may have made.
    pub(super) fn claim(
        &self,
        step: &Step<E::Payload>,
        verdict: &mut Verdict,
    ) -> Result<(), RunError> {
        let rules = self.executor.rules(step);
        let rests_on_reading = rests_on_reading(&rules, verdict);
        if verdict.outcome != Outcome::Changed || !(rests_on_reading || rules.contested.is_some()) {
            return Ok(());
        }
        if let Some(other) = self.journal.also_sent(&self.run, step.number)? {
            claimed(&rules, &other, verdict);
        }
        Ok(())
    }
}

/// Whether a verdict follows from what the site shows, and not from the answer to this run's request.
fn rests_on_reading(rules: &Rules, verdict: &Verdict) -> bool {
    verdict.reason == rules.applied || verdict.reason == Reason::DoneNoResponse
}

/// Pure: what is said of a change if another run sent the same step.
fn claimed(rules: &Rules, other: &AlsoSent, verdict: &mut Verdict) {
    let run = &other.run;
    if rests_on_reading(rules, verdict) && other.changed {
        verdict.outcome = Outcome::Unchanged;
        verdict.reason = rules.already;
        verdict.detail = format!("run {run} made this change; {}", verdict.detail);
    } else if let Some(reason) = rules.contested {
        verdict.reason = reason;
        verdict.detail = format!(
            "{}; run {run} sent the same request, so either run may have made the change",
            verdict.detail
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_journal::RunId;

    /// An answer of one's own counts, unless the site answers two runs alike.
    #[test]
    fn a_change_is_claimed_only_as_far_as_another_run_cannot_have_made_it() {
        use Reason::{AlreadyMember, Created, CreatedOrExisted, Done, DoneNoResponse};
        let changed = |reason| (Outcome::Changed, reason);
        let already = (Outcome::Unchanged, AlreadyMember);
        for (reason, contested, by_other, wanted) in [
            (Done, None, true, changed(Done)),
            (Done, None, false, changed(Done)),
            (DoneNoResponse, None, true, already),
            (DoneNoResponse, None, false, changed(DoneNoResponse)),
            (Created, Some(CreatedOrExisted), true, changed(CreatedOrExisted)),
            (Created, Some(CreatedOrExisted), false, changed(CreatedOrExisted)),
            (DoneNoResponse, Some(CreatedOrExisted), true, already),
            (DoneNoResponse, Some(CreatedOrExisted), false, changed(CreatedOrExisted)),
        ] {
            let rules = Rules { contested, ..crate::reconcile::tests::RULES };
            let run = RunId::new(7, "2026-11-29T12:00:00Z".parse().unwrap());
            let mut verdict = Verdict::new(Outcome::Changed, reason, "so");
            claimed(&rules, &AlsoSent { run, changed: by_other }, &mut verdict);
            assert_eq!((verdict.outcome, verdict.reason), wanted, "{reason:?} {by_other}");
            let is_told = wanted != changed(reason);
            assert_eq!(verdict.detail.contains("run 20261129-7"), is_told, "{}", verdict.detail);
        }
    }
}
