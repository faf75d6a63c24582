//! Answers that are read before they are told. A refusal may come for what is so already: a colleague
//! did it between plan and sending, or an undo is made twice. A 400 to a creation may come after the
//! user was created and invited. And a 201 for a user who was there before is no proof of the app that
//! was asked for (Jira platform description, `createUser`).

use std::time::Duration;

use super::classify::{after_error, not_read};
use super::people::PeopleExecutor;
use super::rules::{already, waited_for_its_user};
use crate::steps::{Before, Step, StepKind};
use headcount_atlassian::{CallError, CallErrorKind, Effect};
use headcount_engine::{Observation, Performed};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

/// Between looks at a user of whom the site has said yes.
const LOOKS: [Duration; 3] =
    [Duration::from_millis(0), Duration::from_millis(500), Duration::from_millis(1500)];

/// Whether the same answer may come for what is so already. A removal that is answered 404 is read by
/// the engine; a membership that waited for its user is sent again.
fn may_be_so(step: &Step, error: &CallError) -> bool {
    let removal = matches!(step.payload.kind, StepKind::RemoveUser | StepKind::RemoveGroup);
    match error.kind {
        CallErrorKind::NotFound => !removal && !waited_for_its_user(step),
        CallErrorKind::Conflict | CallErrorKind::BadRequest | CallErrorKind::Licence => true,
        CallErrorKind::Credential
        | CallErrorKind::Forbidden { .. }
        | CallErrorKind::RateLimited
        | CallErrorKind::Server
        | CallErrorKind::Unreachable
        | CallErrorKind::Untrusted
        | CallErrorKind::Lost
        | CallErrorKind::Timeout
        | CallErrorKind::Odd
        | CallErrorKind::Redirected
        | CallErrorKind::OrgUnclear
        | CallErrorKind::Unsendable => false,
    }
}

/// Whether what is as wanted after such an answer was done by this sending: it was not so a moment ago,
/// and the site does not say that it was.
fn did_it(step: &Step, error: &CallError) -> bool {
    let is_of_no_state = matches!(error.kind, CallErrorKind::BadRequest | CallErrorKind::Licence)
        && !error.says_already_so()
        && !error.says_already_member()
        && !error.says_not_a_member()
        && !error.says_in_use()
        && !error.says_not_eligible();
    error.effect == Effect::Unknown || (is_of_no_state && step.payload.before != Before::Unseen)
}

/// That no seat is left is a refusal whatever status it comes with.
fn refusal(error: CallError) -> CallError {
    CallError { effect: Effect::None, ..error }
}

impl PeopleExecutor {
    /// What a failed call means, read where that decides.
    pub(super) async fn after_failure(&self, step: &Step, error: CallError) -> Performed {
        if !may_be_so(step, &error) {
            return after_error(step, error);
        }
        let sight = match self.sight(step).await {
            Ok(sight) => sight,
            Err(failed) => match failed.kind {
                CallErrorKind::Credential | CallErrorKind::Redirected => {
                    return Performed::NotSent(not_read(&failed));
                }
                _ => return after_error(step, refusal(error)),
            },
        };
        let status = error.status;
        let told = |outcome, reason, found: &str| {
            Verdict::new(outcome, reason, format!("{error}; reading shows: {found}"))
                .with_status(status)
        };
        let was_absent = step.payload.kind.creates_user() && step.payload.before == Before::Absent;
        match sight {
            // Nobody else creates the same user in the same moment.
            Observation::AsWanted { found, named } if was_absent => {
                let verdict = told(Outcome::Changed, Reason::Created, &found);
                Performed::Settled(Verdict { named, ..verdict })
            }
            Observation::AsWanted { found, named } if did_it(step, &error) => {
                let verdict = told(Outcome::Changed, Reason::DoneNoResponse, &found);
                Performed::Settled(Verdict { named, ..verdict })
            }
            Observation::AsWanted { found, named } => {
                let verdict = told(Outcome::Unchanged, already(step.payload.kind), &found);
                Performed::AlreadySo(Verdict { named, ..verdict })
            }
            // The user is there and lacks something that was asked for.
            Observation::Otherwise { found } if was_absent => {
                Performed::Settled(told(Outcome::Unknown, Reason::NotVerified, &found))
            }
            Observation::Otherwise { .. }
            | Observation::AsBefore { .. }
            | Observation::CannotTell { .. }
            | Observation::Unreadable { .. } => after_error(step, refusal(error)),
        }
    }

    /// A yes for a user who was there before: the app must be seen.
    pub(super) async fn after_given(&self, step: &Step, performed: Performed) -> Performed {
        let Performed::Settled(verdict) = &performed else { return performed };
        if step.payload.before != Before::Present || verdict.outcome != Outcome::Changed {
            return performed;
        }
        let mut seen = None;
        for wait in LOOKS {
            tokio::time::sleep(wait).await;
            match self.sight(step).await {
                // The answer may name another account.
                Ok(Observation::AsWanted { named, .. }) => {
                    return Performed::Settled(Verdict { named, ..verdict.clone() });
                }
                Ok(sight) => seen = Some(sight),
                Err(failed) if failed.kind == CallErrorKind::Credential => {
                    return Performed::NotSent(not_read(&failed));
                }
                Err(failed) => {
                    let evidence = failed.to_string();
                    seen = Some(Observation::CannotTell { evidence });
                }
            }
        }
        let shown = seen.as_ref().map_or("nothing", Observation::words);
        let (outcome, reason) = match seen {
            Some(Observation::AsBefore { .. } | Observation::Otherwise { .. }) => {
                (Outcome::Failed, Reason::ExistsWithoutAccess)
            }
            _ => (Outcome::Unknown, Reason::NotVerified),
        };
        let detail = format!(
            "the site said yes, as it does for every user who exists, and reading shows: {shown}; give \
             the app by its group"
        );
        Performed::Settled(Verdict::new(outcome, reason, detail).with_status(verdict.http_status))
    }
}
