//! What the engine may conclude of each kind of step, and the steps of a row in words. Pure.

use crate::steps::{self, Before, NotFound, Step};
use headcount_engine::{Description, Rules};
use headcount_model::reason::Reason;

/// What follows where a step has no answer, or was found in some state.
pub(super) fn rules(step: &Step) -> Rules {
    let spec = steps::of(step.payload.kind);
    let unseen = step.payload.before == Before::Unseen;
    let waited = spec.waited_for_its_user(step);
    Rules {
        already: spec.already,
        // A user who is there now, and could not be seen before, may have been there all along.
        applied: match spec.creates_user && unseen {
            true => Reason::CreatedOrExisted,
            false => Reason::DoneNoResponse,
        },
        // A group that gives an app is joined with the app: a member whose adding lost its answer may be
        // one by their creation. Either way this run made them one.
        or_otherwise: match waited && !unseen {
            true => " (by this request or by the new user's product)",
            false => "",
        },
        before_unseen: unseen,
        // A user is not created twice to learn it: each creation mails them.
        tells_when_repeated: !spec.creates_user,
        sent_unread: spec.membership().is_some(),
        // A user who was to be created first and turned out to exist: their memberships are unknown.
        observed_when_released: waited && unseen,
        denied: match spec.not_found {
            NotFound::Gone { denied } => denied,
            NotFound::Refused => None,
        },
        read_back: spec.read_back,
        // Jira answers 201 for a user who exists, too.
        contested: spec.creates_user.then_some(Reason::CreatedOrExisted),
    }
}

/// The steps of a row in words.
pub(super) fn describe(steps: &[&Step]) -> Description {
    let subject =
        steps.first().map(|step| step.payload.target.who().to_owned()).unwrap_or_default();
    Description { subject, wanted: wanted_of(steps) }
}

/// What the steps of a row want, in one sentence, which names the user once.
fn wanted_of(steps: &[&Step]) -> String {
    let words = steps.iter().enumerate().map(|(at, step)| {
        let spec = steps::of(step.payload.kind);
        let words = if at == 0 { spec.wanted } else { spec.also_wanted };
        words(step)
    });
    words.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{Change, StepKind, Target, Wanted};
    use headcount_model::step::StepState;

    fn step(kind: StepKind, before: Before, needs: Option<u64>) -> Step {
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
            needs,
            state: StepState::Started,
        }
    }

    /// A creation mails its user, so it alone is never repeated to learn how things are; and one that
    /// nobody saw before may have been there.
    #[test]
    fn creations_alone_are_not_repeated_and_may_have_existed() {
        for kind in StepKind::ALL {
            let unseen = rules(&step(kind, Before::Unseen, None));
            let creates = matches!(kind, StepKind::CreateUser | StepKind::InviteUser);
            assert_eq!(unseen.tells_when_repeated, !creates, "{kind:?}");
            assert!(unseen.before_unseen);
            let applied = match creates {
                true => Reason::CreatedOrExisted,
                false => Reason::DoneNoResponse,
            };
            assert_eq!(unseen.applied, applied, "{kind:?}");
            let seen = rules(&step(kind, Before::Absent, None));
            assert_eq!((seen.applied, seen.before_unseen), (Reason::DoneNoResponse, false));
        }
    }

    /// Nothing is sent unread that a guard has to see first.
    #[test]
    fn memberships_alone_are_sent_unread() {
        for kind in StepKind::ALL {
            let is = matches!(kind, StepKind::AddMember | StepKind::RemoveMember);
            assert_eq!(rules(&step(kind, Before::Present, None)).sent_unread, is, "{kind:?}");
        }
    }

    #[test]
    fn a_new_users_membership_may_have_come_with_their_product() {
        let waited = rules(&step(StepKind::AddMember, Before::Member(false), Some(1)));
        assert_eq!(waited.or_otherwise, " (by this request or by the new user's product)");
        assert!(!waited.observed_when_released);
        assert!(rules(&step(StepKind::AddMember, Before::Unseen, Some(1))).observed_when_released);
        let alone = rules(&step(StepKind::AddMember, Before::Member(false), None));
        assert_eq!(alone.or_otherwise, "");
    }
}
