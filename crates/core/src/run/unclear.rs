//! What follows from reading the site after an answer was lost. Pure.

use super::hands::Sight;
use super::settle::says_already;
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;
use crate::values::step::{Before, Step, StepKind, Verdict};

/// What is done next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It has its outcome.
    Settle(Verdict),
    /// Nothing was done, and sending again is harmless: each of our changes can be repeated
    /// without a second effect.
    SendAgain,
}

/// A user who is there now, and nobody could see before, may have been there all along.
fn reason_of(step: &Step) -> Reason {
    match (step.kind, &step.before) {
        (StepKind::CreateUser | StepKind::InviteUser, Before::Unseen) => Reason::CreatedOrExisted,
        _ => Reason::DoneAnswerLost,
    }
}

/// Decides by what the last look showed.
pub(super) fn after_unclear(
    step: &Step,
    status: Option<u16>,
    evidence: &str,
    seen: &Sight,
    sendings: u32,
) -> Reading {
    let verdict = |outcome, reason, detail: String| {
        Reading::Settle(Verdict::new(outcome, reason, detail).with_status(status))
    };
    let again = step.unclear + 1 < sendings;
    match seen {
        // Nobody saw how it was before, so that it is so now proves nothing; the site itself says
        // whether it was.
        Sight::AsWanted { .. }
            if step.before == Before::Unseen && says_already(step.kind) && again =>
        {
            Reading::SendAgain
        }
        Sight::AsWanted { found, account } => Reading::Settle(Verdict {
            account: account.clone(),
            ..Verdict::new(
                Outcome::Changed,
                reason_of(step),
                format!("the answer was lost ({evidence}); reading shows: {found}"),
            )
            .with_status(status)
        }),
        Sight::AsBefore { .. } if again => Reading::SendAgain,
        Sight::AsBefore { found } => verdict(
            Outcome::Failed,
            Reason::ServerError,
            format!("{evidence}; sent {} times, reading shows: {found}", step.unclear + 1),
        ),
        Sight::Otherwise { found } => verdict(
            Outcome::Unknown,
            Reason::AnswerLost,
            format!("{evidence}; reading shows neither: {found}"),
        ),
        Sight::CannotTell { evidence: why } => verdict(
            Outcome::Unknown,
            Reason::AnswerLost,
            format!("{evidence}; reading could not tell: {why}"),
        ),
    }
}
