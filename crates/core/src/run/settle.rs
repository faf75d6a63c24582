//! Looking before sending: steps of a plan that was made a while ago, and rows that ended
//! unknown.

use super::hands::{Hands, NotSent, Sight};
use super::start::RunError;
use crate::journal::{Journal, RunId};
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;
use crate::values::step::{Before, Step, StepKind, Verdict};

/// What becomes of a step of an older plan.
#[derive(Debug)]
pub(super) enum Rechecked {
    /// As the plan saw it: it may be sent.
    Send(Step),
    /// Already so, or changed meanwhile.
    Settle(Step, Verdict),
}

/// Looks at a page of pending steps.
pub(super) async fn recheck<H: Hands>(
    hands: &H,
    page: Vec<Step>,
) -> Result<Vec<Rechecked>, NotSent> {
    let sights = hands.look(&page).await?;
    Ok(page.into_iter().zip(sights).map(|(step, sight)| after_recheck(step, &sight)).collect())
}

/// Pure: a sealed plan does exactly what was shown, or tells why not.
fn after_recheck(step: Step, sight: &Sight) -> Rechecked {
    // This run's own sending with a lost answer did it: settled where it is sent again.
    if step.unclear > 0 {
        return Rechecked::Send(step);
    }
    match sight {
        // The plan did not believe the site's index (an undo right after its run): the site itself
        // says whether it is so already.
        Sight::AsWanted { .. }
            if step.before == Before::Unseen
                && !was_there_after_all(&step)
                && says_already(step.kind) =>
        {
            Rechecked::Send(step)
        }
        Sight::AsWanted { found, account } => {
            let verdict = Verdict::new(Outcome::Unchanged, already(step.kind), found.clone());
            Rechecked::Settle(step, Verdict { account: account.clone(), ..verdict })
        }
        Sight::AsBefore { .. } => Rechecked::Send(step),
        // Nothing was known when the plan was made, and that has not changed.
        Sight::CannotTell { .. } if step.before == Before::Unseen => Rechecked::Send(step),
        Sight::Otherwise { found } | Sight::CannotTell { evidence: found } => {
            let detail = format!("changed since the plan was made: {found}");
            let verdict = Verdict::new(Outcome::Skipped, Reason::ChangedSincePlan, detail);
            Rechecked::Settle(step, verdict)
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

/// Whether the site answers a repeated change of this kind with "already so".
pub(super) fn says_already(kind: StepKind) -> bool {
    match kind {
        StepKind::AddMember
        | StepKind::RemoveMember
        | StepKind::Deactivate
        | StepKind::Activate
        | StepKind::CreateGroup
        | StepKind::RemoveGroup
        | StepKind::RemoveUser => true,
        StepKind::CreateUser | StepKind::InviteUser | StepKind::Suspend | StepKind::Restore => {
            false
        }
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
