//! Looking before sending: steps of a plan that was made a while ago, and rows that ended
//! unknown.

use super::hands::{Hands, NotSent, Sight};
use super::start::RunError;
use super::unclear::{Age, LATER, or_given, reason_of, tells_when_repeated};
use crate::plan::guard::No;
use headcount_journal::{Journal, RunId};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Before, Step, StepKind, Verdict};
use headcount_model::user::AccountId;

/// What becomes of a step of an older plan.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rechecked {
    /// As the plan saw it: it may be sent.
    Send,
    /// Already so, changed meanwhile, or a guard says no.
    Settle(Verdict),
}

/// Looks at a page of pending steps.
pub(super) async fn recheck<H: Hands>(
    hands: &H,
    page: Vec<Step>,
) -> Result<Vec<(Step, Sight)>, NotSent> {
    let sights = hands.look(&page).await?;
    Ok(page.into_iter().zip(sights).collect())
}

/// Pure: a sealed plan does exactly what was shown, or tells why not. `no`: what the guards, as they
/// are now, say of the step.
pub(super) fn after_recheck(step: &Step, sight: &Sight, no: Option<No>, age: Age) -> Rechecked {
    let rechecked = as_seen(step, sight);
    let no = no.map(|no| Verdict::new(Outcome::Skipped, no.reason, no.detail));
    match (rechecked, no) {
        (Rechecked::Send, Some(no)) => Rechecked::Settle(after_sending(step, sight, no, age)),
        (Rechecked::Settle(verdict), _) if verdict.outcome == Outcome::Skipped => {
            Rechecked::Settle(after_sending(step, sight, verdict, age))
        }
        (rechecked, _) => rechecked,
    }
}

/// The same of a step that need not be looked at, because what it waited for was done just now.
pub(super) fn after_release(step: &Step, no: Option<No>, age: Age) -> Rechecked {
    let Some(no) = no else { return Rechecked::Send };
    let unseen = Sight::CannotTell { evidence: "it was not looked at".into() };
    let skipped = Verdict::new(Outcome::Skipped, no.reason, no.detail);
    Rechecked::Settle(after_sending(step, &unseen, skipped, age))
}

fn as_seen(step: &Step, sight: &Sight) -> Rechecked {
    match sight {
        // The plan did not believe the site's index (an undo right after its run): the site itself
        // says whether it is so already.
        Sight::AsWanted { .. }
            if step.before == Before::Unseen
                && !was_there_after_all(step)
                && tells_when_repeated(step.kind) =>
        {
            Rechecked::Send
        }
        Sight::AsWanted { found, account } if step.unclear > 0 => {
            Rechecked::Settle(done_before(step, found, account))
        }
        Sight::AsWanted { found, account } => {
            let verdict = Verdict::new(Outcome::Unchanged, already(step.kind), found.clone());
            Rechecked::Settle(Verdict { account: account.clone(), ..verdict })
        }
        Sight::AsBefore { .. } => Rechecked::Send,
        // Nothing was known when the plan was made, and that has not changed.
        Sight::CannotTell { .. } if step.before == Before::Unseen => Rechecked::Send,
        Sight::Unreadable { .. } if is_told_by_sending(step.kind) => Rechecked::Send,
        Sight::Unreadable { evidence } => {
            let detail = format!("it could not be read again before sending: {evidence}");
            Rechecked::Settle(Verdict::new(Outcome::Skipped, Reason::NotSent, detail))
        }
        Sight::Otherwise { found } | Sight::CannotTell { evidence: found } => {
            let detail = format!("changed since the plan was made: {found}");
            Rechecked::Settle(Verdict::new(Outcome::Skipped, Reason::ChangedSincePlan, detail))
        }
    }
}

/// This run's own sending with a lost answer did it.
fn done_before(step: &Step, found: &str, account: &Option<AccountId>) -> Verdict {
    let (did, or_given) = ("an earlier sending, whose answer was lost, did it", or_given(step));
    let detail = format!("{did}; reading shows: {found}{or_given}");
    let verdict = Verdict::new(Outcome::Changed, reason_of(step), detail);
    Verdict { account: account.clone(), ..verdict }
}

/// A step that is not to be sent any more. Skipped means that it never was; so one whose earlier
/// sending lost its answer is told by what reading shows of that one, as soon as it can show it.
fn after_sending(step: &Step, sight: &Sight, skipped: Verdict, age: Age) -> Verdict {
    if step.unclear == 0 {
        return skipped;
    }
    let seen = sight.words();
    match (sight, age) {
        (Sight::AsWanted { found, account }, Age::WouldHaveShown) => {
            done_before(step, found, account)
        }
        (Sight::AsBefore { .. }, Age::WouldHaveShown) => {
            let detail = format!(
                "an earlier sending lost its answer, reading shows: {seen}; not sent again: {}",
                skipped.detail
            );
            Verdict::new(Outcome::Failed, Reason::ServerError, detail)
        }
        _ => {
            let detail = format!(
                "an earlier sending lost its answer, reading shows: {seen}; not sent again: {}; {LATER}",
                skipped.detail
            );
            Verdict::new(Outcome::Unknown, Reason::NoResponse, detail)
        }
    }
}

/// Whether it adds somebody to a group who was to be created first and turned out to be there: nobody
/// has looked at their memberships yet.
pub(super) fn was_there_after_all(step: &Step) -> bool {
    waited_for_its_user(step) && step.before == Before::Unseen
}

/// Whether it adds somebody to a group who had to be created first.
pub(super) fn waited_for_its_user(step: &Step) -> bool {
    step.kind == StepKind::AddMember && step.needs.is_some()
}

/// Whether it may be sent though nobody can read how it is: repeating it does no harm, no guard has to
/// look first, and the site itself says whether it was so already.
fn is_told_by_sending(kind: StepKind) -> bool {
    match kind {
        StepKind::AddMember | StepKind::RemoveMember => true,
        StepKind::CreateUser
        | StepKind::InviteUser
        | StepKind::RemoveUser
        | StepKind::Deactivate
        | StepKind::Activate
        | StepKind::Suspend
        | StepKind::Restore
        | StepKind::CreateGroup
        | StepKind::RemoveGroup => false,
    }
}

/// The reason for "already so" of each kind.
pub(super) fn already(kind: StepKind) -> Reason {
    match kind {
        StepKind::CreateUser | StepKind::InviteUser => Reason::AlreadyThere,
        StepKind::RemoveUser => Reason::AlreadyGone,
        StepKind::AddMember => Reason::AlreadyMember,
        StepKind::RemoveMember => Reason::NotAMember,
        StepKind::Deactivate => Reason::AlreadyInactive,
        StepKind::Activate => Reason::AlreadyActive,
        StepKind::Suspend => Reason::AlreadySuspended,
        StepKind::Restore => Reason::NotSuspended,
        StepKind::CreateGroup => Reason::GroupExists,
        StepKind::RemoveGroup => Reason::AlreadyGone,
    }
}

/// Opens every step that ended unknown.
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
    use headcount_model::step::{StepState, Target, Wanted};

    fn step(before: Before, unclear: u32) -> Step {
        Step {
            number: 1,
            row: 1,
            kind: StepKind::AddMember,
            door: None,
            target: Target::default(),
            before,
            wanted: Wanted::default(),
            attempts: unclear,
            unclear,
            sent_at: None,
            state: StepState::Pending,
            needs: None,
        }
    }

    fn settled(step: &Step, sight: &Sight, no: Option<No>, age: Age) -> Option<(Outcome, Reason)> {
        match after_recheck(step, sight, no, age) {
            Rechecked::Send => None,
            Rechecked::Settle(verdict) => Some((verdict.outcome, verdict.reason)),
        }
    }

    fn sights() -> [Sight; 4] {
        let found = || "x".to_owned();
        [
            Sight::AsWanted { found: found(), account: None },
            Sight::AsBefore { found: found() },
            Sight::Otherwise { found: found() },
            Sight::CannotTell { evidence: found() },
        ]
    }

    fn protected() -> Option<No> {
        Some(No { reason: Reason::Protected, detail: "protected".into() })
    }

    const SKIPPED: Option<(Outcome, Reason)> = Some((Outcome::Skipped, Reason::Protected));
    const MOVED: Option<(Outcome, Reason)> = Some((Outcome::Skipped, Reason::ChangedSincePlan));
    const SO: Option<(Outcome, Reason)> = Some((Outcome::Unchanged, Reason::AlreadyMember));
    const DONE: Option<(Outcome, Reason)> = Some((Outcome::Changed, Reason::DoneNoResponse));
    const LOST: Option<(Outcome, Reason)> = Some((Outcome::Unknown, Reason::NoResponse));
    const FAILED: Option<(Outcome, Reason)> = Some((Outcome::Failed, Reason::ServerError));

    #[test]
    fn what_was_never_sent_is_sent_or_skipped() {
        let never = step(Before::Member(false), 0);
        for age in [Age::MayStillShow, Age::WouldHaveShown] {
            let free = sights().map(|sight| settled(&never, &sight, None, age));
            assert_eq!(free, [SO, None, MOVED, MOVED]);
            let guarded = sights().map(|sight| settled(&never, &sight, protected(), age));
            assert_eq!(guarded, [SO, SKIPPED, MOVED, MOVED]);
        }
    }

    /// Skipped means never sent: a step whose earlier sending lost its answer does not end so.
    #[test]
    fn what_may_have_been_done_is_not_told_as_never_sent() {
        let sent = step(Before::Member(false), 1);
        let told = |no: fn() -> Option<No>, age| sights().map(|at| settled(&sent, &at, no(), age));
        let free = || None;
        assert_eq!(told(free, Age::MayStillShow), [DONE, None, LOST, LOST]);
        assert_eq!(told(free, Age::WouldHaveShown), [DONE, None, LOST, LOST]);
        assert_eq!(told(protected, Age::MayStillShow), [DONE, LOST, LOST, LOST]);
        assert_eq!(told(protected, Age::WouldHaveShown), [DONE, FAILED, LOST, LOST]);
        // Nobody saw how it was before: that it is so now proves nothing yet.
        let unseen = step(Before::Unseen, 1);
        let as_wanted = &sights()[0];
        assert_eq!(settled(&unseen, as_wanted, None, Age::WouldHaveShown), None);
        assert_eq!(settled(&unseen, as_wanted, protected(), Age::MayStillShow), LOST);
        assert_eq!(settled(&unseen, as_wanted, protected(), Age::WouldHaveShown), DONE);
    }
}
