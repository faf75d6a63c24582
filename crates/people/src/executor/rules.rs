//! What the engine may conclude of each kind of step, and the steps of a row in words. Pure.

use crate::steps::{self, Before, Step, StepKind};
use headcount_engine::{Description, Rules};
use headcount_model::reason::Reason;

/// What follows where a step has no answer, or was found in some state.
pub(super) fn rules(step: &Step) -> Rules {
    let kind = step.payload.kind;
    let unseen = step.payload.before == Before::Unseen;
    let waited = waited_for_its_user(step);
    Rules {
        already: already(kind),
        // A user who is there now, and could not be seen before, may have been there all along.
        applied: match kind.creates_user() && unseen {
            true => Reason::CreatedOrExisted,
            false => Reason::DoneNoResponse,
        },
        // A group that gives an app is joined with the app: a member whose adding lost its answer may be
        // one by their creation. Either way this run made them one.
        or_otherwise: match waited && !unseen {
            true => " (by this sending, or with the product the new user was given)",
            false => "",
        },
        before_unseen: unseen,
        // A user is not created twice to learn it: each creation mails them.
        tells_when_repeated: !kind.creates_user(),
        sent_unread: matches!(kind, StepKind::AddMember | StepKind::RemoveMember),
        // A user who was to be created first and turned out to exist: their memberships are unknown.
        observed_when_released: waited && unseen,
        // Who is still there after a 404 may not be removed.
        denied: (kind == StepKind::RemoveUser).then_some(Reason::NotFound),
    }
}

/// Whether it adds a user to a group who had to be created first.
pub(super) fn waited_for_its_user(step: &Step) -> bool {
    step.payload.kind == StepKind::AddMember && step.needs.is_some()
}

/// The reason for "already so" of each kind.
pub(super) fn already(kind: StepKind) -> Reason {
    steps::of(kind).already
}

/// The steps of a row in words.
pub(super) fn describe(steps: &[&Step]) -> Description {
    let subject =
        steps.first().map(|step| step.payload.target.who().to_owned()).unwrap_or_default();
    Description { subject, wanted: wanted_of(steps) }
}

/// What the steps of a row want, in one sentence: of somebody who is told of already, only the groups.
fn wanted_of(steps: &[&Step]) -> String {
    let mut words = String::new();
    for step in steps {
        match step.payload.kind {
            _ if words.is_empty() => words = wanted(step),
            StepKind::AddMember => words += &format!("; in {}", step.payload.target.which()),
            StepKind::RemoveMember => words += &format!("; not in {}", step.payload.target.which()),
            StepKind::CreateUser
            | StepKind::InviteUser
            | StepKind::RemoveUser
            | StepKind::Deactivate
            | StepKind::Activate
            | StepKind::Suspend
            | StepKind::Restore
            | StepKind::CreateGroup
            | StepKind::RemoveGroup => words += &format!("; {}", wanted(step)),
        }
    }
    words
}

/// What a step wants, as a sentence.
fn wanted(step: &Step) -> String {
    (steps::of(step.payload.kind).wanted)(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{Change, Target, Wanted};
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
            sent_at: None,
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
            assert_eq!(unseen.tells_when_repeated, !kind.creates_user(), "{kind:?}");
            assert!(unseen.before_unseen);
            let applied = match kind.creates_user() {
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
        assert_eq!(
            waited.or_otherwise,
            " (by this sending, or with the product the new user was given)"
        );
        assert!(!waited.observed_when_released);
        assert!(rules(&step(StepKind::AddMember, Before::Unseen, Some(1))).observed_when_released);
        let alone = rules(&step(StepKind::AddMember, Before::Member(false), None));
        assert_eq!(alone.or_otherwise, "");
    }
}
