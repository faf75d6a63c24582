//! Checks refusals by reading the site before they are reported. A site may refuse a change that is already made:
//! a colleague made it between plan and sending, or an undo is applied twice. A 400 to a creation may come after
//! the user was created and invited, and a 403 after any change.

use super::people::PeopleExecutor;
use crate::steps::{self, Before, NotFound, Step, after_error, not_read};
use headcount_atlassian::{CallError, CallErrorKind, Effect};
use headcount_engine::{Observation, Performed};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

/// Whether an answer says nothing about the state while the state before is unknown, too (an undo right after its
/// run): an index that lags may still show the state before that run, so a read proves nothing.
fn proves_nothing(step: &Step, error: &CallError) -> bool {
    let is_of_no_state = matches!(
        error.kind,
        CallErrorKind::Forbidden { .. } | CallErrorKind::Credential | CallErrorKind::Odd
    );
    is_of_no_state && step.payload.before == Before::Unseen
}

/// Whether the same answer may come for a change that is already made. The engine reads a removal that is answered
/// with 404; a membership that waited for its user is sent again.
fn may_be_so(step: &Step, error: &CallError) -> bool {
    let spec = steps::of(step.payload.kind);
    match error.kind {
        CallErrorKind::NotFound => {
            spec.not_found == NotFound::Refused && !spec.waited_for_its_user(step)
        }
        CallErrorKind::Conflict
        | CallErrorKind::BadRequest
        | CallErrorKind::Licence
        | CallErrorKind::Forbidden { .. } => true,
        // A proxy or a gateway may refuse the answer after the site has made the change.
        CallErrorKind::Credential => error.says_address_not_allowed(),
        CallErrorKind::Odd => error.effect == Effect::None,
        CallErrorKind::RateLimited
        | CallErrorKind::Server
        | CallErrorKind::Unreachable
        | CallErrorKind::Untrusted
        | CallErrorKind::Lost
        | CallErrorKind::Timeout
        | CallErrorKind::Redirected
        | CallErrorKind::OrgUnclear
        | CallErrorKind::Unsendable => false,
    }
}

/// Whether this request made the change, if the state is as wanted after such an answer: it was not so a moment
/// ago, and the site does not say that it was.
fn did_it(step: &Step, error: &CallError) -> bool {
    let may_be_of_a_state = matches!(
        error.kind,
        CallErrorKind::BadRequest
            | CallErrorKind::Licence
            | CallErrorKind::Forbidden { .. }
            | CallErrorKind::Credential
            | CallErrorKind::Odd
    );
    let is_of_no_state = may_be_of_a_state
        && !error.says_already_so()
        && !error.says_already_member()
        && !error.says_not_a_member()
        && !error.says_in_use()
        && !error.says_not_eligible();
    error.effect == Effect::Unknown || (is_of_no_state && step.payload.before != Before::Unseen)
}

/// "No seat left" is a refusal, with any status.
fn refusal(error: CallError) -> CallError {
    CallError { effect: Effect::None, ..error }
}

impl PeopleExecutor {
    /// The meaning of a failed call. If a read decides, the site is read.
    pub(super) async fn after_failure(&self, step: &Step, error: CallError) -> Performed {
        let spec = steps::of(step.payload.kind);
        if !may_be_so(step, &error) || proves_nothing(step, &error) {
            return after_error(spec, step, error);
        }
        let sight = match self.sight(step).await {
            Ok(sight) => sight,
            Err(failed) => match failed.kind {
                CallErrorKind::Credential | CallErrorKind::Redirected => {
                    return Performed::NotSent(not_read(&failed));
                }
                _ => return after_error(spec, step, refusal(error)),
            },
        };
        let status = error.status;
        let told = |outcome, reason, found: &str| {
            Verdict::new(outcome, reason, format!("{error}; the site then showed: {found}"))
                .with_status(status)
        };
        let was_absent = spec.creates_user && step.payload.before == Before::Absent;
        match sight {
            // No other client creates the same user at the same moment.
            Observation::AsWanted { found, named } if was_absent => {
                let verdict = told(Outcome::Changed, Reason::Created, &found);
                Performed::Settled(Verdict { named, ..verdict })
            }
            Observation::AsWanted { found, named } if did_it(step, &error) => {
                let verdict = told(Outcome::Changed, Reason::DoneNoResponse, &found);
                Performed::Settled(Verdict { named, ..verdict })
            }
            Observation::AsWanted { found, named } => {
                let verdict = told(Outcome::Unchanged, spec.already, &found);
                Performed::AlreadySo(Verdict { named, ..verdict })
            }
            // The user exists and lacks something that was requested.
            Observation::Otherwise { found } if was_absent => {
                Performed::Settled(told(Outcome::Unknown, Reason::NotVerified, &found))
            }
            Observation::Otherwise { .. }
            | Observation::AsBefore { .. }
            | Observation::CannotTell { .. }
            | Observation::Unreadable { .. } => after_error(spec, step, refusal(error)),
        }
    }
}
