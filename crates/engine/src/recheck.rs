//! Rechecks: reading the site before sending, for steps of a plan that waited and for rows that ended `unknown`.

use super::error::RunError;
use super::executor::{Executor, NotSent, Observation, Refusal};
use super::reconcile::{Age, Sent, applied_before, not_sent_again};
use headcount_journal::{Journal, RunId};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, Verdict};

/// Steps, each with what the site shows about it.
pub(super) type Observed<P> = Vec<(Step<P>, Observation)>;

/// What to do with a step of an older plan.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rechecked {
    /// The state is as it was in the plan: send the step.
    Send,
    /// The state is already as wanted or has changed, or a guard refuses.
    Settle(Verdict),
}

/// Reads a page of pending steps on the site.
pub(super) async fn recheck<E: Executor>(
    executor: &E,
    page: Vec<Step<E::Payload>>,
) -> Result<Observed<E::Payload>, NotSent> {
    let observations = executor.observe_many(&page).await?;
    Ok(page.into_iter().zip(observations).collect())
}

/// Decides on a step after its recheck, so that a sealed plan makes exactly the changes that were shown. `no` is the
/// refusal of the guards of today. Pure.
pub(super) fn after_recheck(
    sent: &Sent,
    seen: &Observation,
    no: Option<Refusal>,
    age: Age,
) -> Rechecked {
    let rechecked = as_seen(sent, seen);
    let no = no.map(|no| Verdict::new(Outcome::Skipped, no.reason, no.detail));
    match (rechecked, no) {
        (Rechecked::Send, Some(no)) => Rechecked::Settle(not_sent_again(sent, seen, no, age)),
        (Rechecked::Settle(verdict), _) if verdict.outcome == Outcome::Skipped => {
            Rechecked::Settle(not_sent_again(sent, seen, verdict, age))
        }
        (rechecked, _) => rechecked,
    }
}

/// As [`after_recheck`], for a step that needs no read, because the step that it waited for has just ended.
pub(super) fn after_release(sent: &Sent, no: Option<Refusal>, age: Age) -> Rechecked {
    let Some(no) = no else { return Rechecked::Send };
    let unseen = Observation::CannotTell { evidence: "not checked".into() };
    let skipped = Verdict::new(Outcome::Skipped, no.reason, no.detail);
    Rechecked::Settle(not_sent_again(sent, &unseen, skipped, age))
}

fn as_seen(sent: &Sent, seen: &Observation) -> Rechecked {
    match seen {
        // The plan could not trust the site's index (an undo right after its run), so the step is sent: the site's
        // answer says whether the state was already as wanted.
        Observation::AsWanted { .. }
            if sent.rules.before_unseen
                && !sent.rules.observed_when_released
                && sent.rules.tells_when_repeated =>
        {
            Rechecked::Send
        }
        Observation::AsWanted { found, named } if sent.unclear > 0 => {
            Rechecked::Settle(applied_before(sent, found, named))
        }
        Observation::AsWanted { found, named } => {
            let verdict = Verdict::new(Outcome::Unchanged, sent.rules.already, found.clone());
            Rechecked::Settle(Verdict { named: named.clone(), ..verdict })
        }
        Observation::AsBefore { .. } => Rechecked::Send,
        // The state was unknown when the plan was made, and it still is.
        Observation::CannotTell { .. } if sent.rules.before_unseen => Rechecked::Send,
        Observation::Unreadable { .. } if sent.rules.sent_unread => Rechecked::Send,
        Observation::Unreadable { evidence } => {
            let detail = format!("headcount could not check it again before sending: {evidence}");
            Rechecked::Settle(Verdict::new(Outcome::Skipped, Reason::NotSent, detail))
        }
        Observation::Otherwise { found } | Observation::CannotTell { evidence: found } => {
            let detail = format!("changed since the plan was made: {found}");
            Rechecked::Settle(Verdict::new(Outcome::Skipped, Reason::ChangedSincePlan, detail))
        }
    }
}

/// Makes every step that ended `unknown` a started step again.
pub(super) fn reopen_unknown(journal: &mut Journal, run: &RunId) -> Result<(), RunError> {
    loop {
        let page = journal.settled_steps(run, Outcome::Unknown, 0, 500)?;
        if page.is_empty() {
            return Ok(());
        }
        let mut batch = journal.batch(run)?;
        for (step, _) in page {
            batch.reopen(step.number)?;
        }
        batch.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::Rules;

    fn sent(before_unseen: bool, unclear: u32) -> Sent {
        let rules = Rules {
            already: Reason::AlreadyMember,
            applied: Reason::DoneNoResponse,
            or_otherwise: "",
            before_unseen,
            tells_when_repeated: true,
            sent_unread: false,
            observed_when_released: false,
            denied: None,
            read_back: false,
            contested: None,
        };
        Sent { rules, unclear }
    }

    fn settled(
        sent: &Sent,
        seen: &Observation,
        no: Option<Refusal>,
        age: Age,
    ) -> Option<(Outcome, Reason)> {
        match after_recheck(sent, seen, no, age) {
            Rechecked::Send => None,
            Rechecked::Settle(verdict) => Some((verdict.outcome, verdict.reason)),
        }
    }

    fn observations() -> [Observation; 4] {
        let found = || "x".to_owned();
        [
            Observation::AsWanted { found: found(), named: None },
            Observation::AsBefore { found: found() },
            Observation::Otherwise { found: found() },
            Observation::CannotTell { evidence: found() },
        ]
    }

    fn protected() -> Option<Refusal> {
        Some(Refusal { reason: Reason::Protected, detail: "protected".into() })
    }

    const SKIPPED: Option<(Outcome, Reason)> = Some((Outcome::Skipped, Reason::Protected));
    const MOVED: Option<(Outcome, Reason)> = Some((Outcome::Skipped, Reason::ChangedSincePlan));
    const SO: Option<(Outcome, Reason)> = Some((Outcome::Unchanged, Reason::AlreadyMember));
    const DONE: Option<(Outcome, Reason)> = Some((Outcome::Changed, Reason::DoneNoResponse));
    const LOST: Option<(Outcome, Reason)> = Some((Outcome::Unknown, Reason::NoResponse));
    const FAILED: Option<(Outcome, Reason)> = Some((Outcome::Failed, Reason::ServerError));

    #[test]
    fn what_was_never_sent_is_sent_or_skipped() {
        let never = sent(false, 0);
        for age in [Age::MayStillShow, Age::WouldHaveShown] {
            let free = observations().map(|seen| settled(&never, &seen, None, age));
            assert_eq!(free, [SO, None, MOVED, MOVED]);
            let guarded = observations().map(|seen| settled(&never, &seen, protected(), age));
            assert_eq!(guarded, [SO, SKIPPED, MOVED, MOVED]);
        }
    }

    /// Skipped means never sent: a step whose earlier sending lost its answer does not end so.
    #[test]
    fn a_step_that_may_have_been_done_is_not_reported_as_never_sent() {
        let lost = sent(false, 1);
        let told = |no: fn() -> Option<Refusal>, age| {
            observations().map(|at| settled(&lost, &at, no(), age))
        };
        let free = || None;
        assert_eq!(told(free, Age::MayStillShow), [DONE, None, LOST, LOST]);
        assert_eq!(told(free, Age::WouldHaveShown), [DONE, None, LOST, LOST]);
        assert_eq!(told(protected, Age::MayStillShow), [DONE, LOST, LOST, LOST]);
        assert_eq!(told(protected, Age::WouldHaveShown), [DONE, FAILED, LOST, LOST]);
        // The state before is not known: that it is as wanted now proves nothing yet.
        let unseen = sent(true, 1);
        let as_wanted = &observations()[0];
        assert_eq!(settled(&unseen, as_wanted, None, Age::WouldHaveShown), None);
        assert_eq!(settled(&unseen, as_wanted, protected(), Age::MayStillShow), LOST);
        assert_eq!(settled(&unseen, as_wanted, protected(), Age::WouldHaveShown), DONE);
    }

    /// What cannot be read is sent where that does no harm and shows the state; else it is not sent.
    #[test]
    fn a_step_that_cannot_be_read_is_sent_only_if_the_answer_shows_its_state() {
        let unread = Observation::Unreadable { evidence: "500".into() };
        for (sent_unread, wanted) in
            [(true, None), (false, Some((Outcome::Skipped, Reason::NotSent)))]
        {
            let mut step = sent(false, 0);
            step.rules.sent_unread = sent_unread;
            assert_eq!(settled(&step, &unread, None, Age::MayStillShow), wanted);
        }
    }
}
