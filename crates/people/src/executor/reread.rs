//! Checks refusals by reading the site before they are reported. A site may refuse a change that is already made:
//! a colleague made it between plan and sending, or an undo is applied twice. A 400 to a creation may come after
//! the user was created and invited, and a 403 after any change.

use super::people::PeopleExecutor;
use crate::steps::{self, Before, NO_USER, NotFound, Step, after_error, names_the_state, not_read};
use headcount_atlassian::{CallError, CallErrorKind, Effect};
use headcount_engine::{Observation, Performed};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

/// Whether no reading after this answer proves anything: the answer does not name the state, and the state before is
/// not known either. In an undo right after its run, an index that lags may still show what was before that run. A
/// 404 and a 409 are about the state by their status (RFC 9110, sections 15.5.5 and 15.5.10), and sites answer a change
/// that is already made with 400, too; the engine then reads for longer. A creation is never part of an undo.
fn proves_nothing(step: &Step, error: &CallError) -> bool {
    if step.payload.before != Before::Unseen || steps::of(step.payload.kind).creates_user {
        return false;
    }
    match error.kind {
        CallErrorKind::Licence
        | CallErrorKind::Forbidden { .. }
        | CallErrorKind::Credential
        | CallErrorKind::Odd => !names_the_state(error),
        CallErrorKind::BadRequest
        | CallErrorKind::Conflict
        | CallErrorKind::NotFound
        | CallErrorKind::RateLimited
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

/// Whether this request may have made the change, if the state is as wanted after such an answer: it was not so when
/// headcount last read it, and the answer neither says that it was nor gives a reason of its own ("no seat left").
/// Another user may have made it since then, which nothing shows.
fn may_have_done_it(step: &Step, error: &CallError) -> bool {
    let gives_no_reason = matches!(
        error.kind,
        CallErrorKind::BadRequest
            | CallErrorKind::Forbidden { .. }
            | CallErrorKind::Credential
            | CallErrorKind::Odd
    );
    let is_of_no_state = gives_no_reason && !names_the_state(error);
    let is_open = error.effect == Effect::Unknown && error.kind != CallErrorKind::Licence;
    is_open || (is_of_no_state && step.payload.before != Before::Unseen)
}

/// What is said of such a change.
const WHO: &str = "this request or another user made the change";

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
            Err(failed)
                if matches!(failed.kind, CallErrorKind::Credential | CallErrorKind::Redirected) =>
            {
                return Performed::NotSent(not_read(&failed));
            }
            Err(_) => return after_error(spec, step, refusal(error)),
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
            Observation::AsWanted { found, named } if may_have_done_it(step, &error) => {
                let found = format!("{found}; {WHO}");
                let verdict = told(Outcome::Changed, Reason::DoneNoResponse, &found);
                Performed::Settled(Verdict { named, ..verdict })
            }
            Observation::AsWanted { found, named } => {
                let verdict = told(Outcome::Unchanged, spec.already, &found);
                let verdict = Verdict { named, ..verdict };
                // Two independent answers: a vague 404, and a reading that may be older than the user, are not.
                let is_gone = found == NO_USER && error.says_no_such_user();
                match names_the_state(&error) || is_gone {
                    true => Performed::AlreadySo(verdict),
                    false => Performed::SeemsSo(verdict),
                }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{Change, StepKind, Target, Wanted};
    use headcount_atlassian::Endpoint;
    use headcount_model::step::StepState;
    use headcount_model::user::AccountStatus;

    fn step(kind: StepKind, before: Before) -> Step {
        Step {
            number: 1,
            row: 1,
            kind: kind.word().into(),
            door: None,
            payload: Change { kind, target: Target::default(), before, wanted: Wanted::default() },
            unseen: false,
            given: None,
            named: None,
            attempts: 1,
            unclear: 0,
            sent_by: None,
            needs: None,
            state: StepState::Started,
        }
    }

    fn answer(kind: CallErrorKind, words: &str, key: Option<&str>) -> CallError {
        CallError {
            endpoint: Endpoint::JiraAddMember,
            kind,
            effect: Effect::None,
            status: None,
            words: words.into(),
            evidence: String::new(),
            retry_after: None,
            key: key.map(Into::into),
            hint: None,
        }
    }

    /// A refusal without a reason may come after the change, or after another user's. One with a reason had no effect.
    #[test]
    fn only_a_refusal_without_a_reason_may_have_made_the_change() {
        use CallErrorKind::{BadRequest, Conflict, Forbidden, Licence, NotFound, Odd};
        let seen = step(StepKind::Activate, Before::Status(AccountStatus::Inactive));
        let unseen = step(StepKind::Activate, Before::Unseen);
        for (kind, words, effect, is_open) in [
            (BadRequest, "Something went wrong.", Effect::None, true),
            (BadRequest, "User is already a member of 'x'", Effect::None, false),
            (Forbidden { key: None }, "Forbidden", Effect::None, true),
            (Odd, "a web page", Effect::None, true),
            (Licence, "No seat is left", Effect::None, false),
            (Licence, "No seat is left", Effect::Unknown, false),
            (Conflict, "No.", Effect::None, false),
            (NotFound, "No.", Effect::None, false),
        ] {
            let error = CallError { effect, ..answer(kind.clone(), words, None) };
            assert_eq!(may_have_done_it(&seen, &error), is_open, "{kind:?} {words}");
            assert!(!may_have_done_it(&unseen, &error), "{kind:?} {words}");
        }
    }

    /// Where the state before is unknown, a refusal that has another reason by its status is not read, unless it names
    /// the state. Where the state before was seen, each one is read.
    #[test]
    fn a_refusal_is_read_where_the_state_is_unknown_only_if_it_can_be_about_the_state() {
        use CallErrorKind::{BadRequest, Conflict, Forbidden, Licence, NotFound, Odd};
        for (kind, words, key, proves) in [
            (BadRequest, "No.", None, true),
            (BadRequest, "User is already a member of 'x'", None, true),
            (BadRequest, "The user is not a member of the group", None, true),
            (BadRequest, "This account isn't eligible for the requested action", None, true),
            (BadRequest, "No.", Some("conflict.lifecycleErrors"), true),
            (NotFound, "Group not found", None, true),
            (NotFound, "The user is not a member of the group", None, true),
            (Licence, "No seat is left", None, false),
            (Forbidden { key: None }, "Forbidden", None, false),
            (Odd, "a web page", None, false),
            (Conflict, "No.", None, true),
        ] {
            let error = answer(kind.clone(), words, key);
            for job in [StepKind::AddMember, StepKind::RemoveMember, StepKind::Activate] {
                let unseen = step(job, Before::Unseen);
                assert_eq!(proves_nothing(&unseen, &error), !proves, "{job:?} {kind:?} {words}");
                assert!(!proves_nothing(&step(job, Before::Member(true)), &error), "{kind:?}");
            }
            assert!(!proves_nothing(&step(StepKind::CreateUser, Before::Unseen), &error));
        }
    }
}
