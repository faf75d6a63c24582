//! What follows from reading the site after an answer was lost. Pure.

use super::hands::Sight;
use super::settle::waited_for_its_user;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Before, Step, StepKind, Verdict};

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
pub(super) fn reason_of(step: &Step) -> Reason {
    if step.kind.creates_user() && step.before == Before::Unseen {
        Reason::CreatedOrExisted
    } else {
        Reason::DoneNoResponse
    }
}

/// Whether sending it again does no harm and tells how it is, where no reading can: the site answers
/// "already so", or once more yes. A user is not created twice to learn it: each creation mails them.
pub(super) fn tells_when_repeated(kind: StepKind) -> bool {
    !kind.creates_user()
}

/// A group that gives a product is joined with the product: a member whose adding lost its answer may
/// be one by their creation. Either way this run made them one.
pub(super) fn or_given(step: &Step) -> &'static str {
    match waited_for_its_user(step) && step.before != Before::Unseen {
        true => " (by this sending, or with the product the new user was given)",
        false => "",
    }
}

/// For how long a sending without an answer may still come to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It may: no reading proves that it did nothing.
    MayStillShow,
    /// It would have shown by now.
    WouldHaveShown,
}

/// What is said of a row that can't be told yet.
pub(super) const LATER: &str = "the site may show it later; resume the run to read it again";

/// Decides by what the last look showed.
pub(super) fn after_unclear(
    step: &Step,
    status: Option<u16>,
    evidence: &str,
    seen: &Sight,
    (sendings, age): (u32, Age),
) -> Reading {
    let verdict = |outcome, reason, detail: String| {
        Reading::Settle(Verdict::new(outcome, reason, detail).with_status(status))
    };
    let again = step.unclear + 1 < sendings;
    match seen {
        // Nobody saw how it was before, so that it is so now proves nothing; the site itself says
        // whether it was, or at least it is so after another yes.
        Sight::AsWanted { .. }
            if step.before == Before::Unseen && tells_when_repeated(step.kind) && again =>
        {
            Reading::SendAgain
        }
        Sight::AsWanted { found, account } => Reading::Settle(Verdict {
            account: account.clone(),
            ..Verdict::new(
                Outcome::Changed,
                reason_of(step),
                format!(
                    "the answer was lost ({evidence}); reading shows: {found}{}",
                    or_given(step)
                ),
            )
            .with_status(status)
        }),
        Sight::AsBefore { .. } if again => Reading::SendAgain,
        Sight::AsBefore { found } if age == Age::MayStillShow => verdict(
            Outcome::Unknown,
            Reason::NoResponse,
            format!("{evidence}; sent {} times, reading shows: {found}; {LATER}", step.unclear + 1),
        ),
        Sight::AsBefore { found } => verdict(
            Outcome::Failed,
            Reason::ServerError,
            format!("{evidence}; sent {} times, reading shows: {found}", step.unclear + 1),
        ),
        Sight::Otherwise { found } => verdict(
            Outcome::Unknown,
            Reason::NoResponse,
            format!("{evidence}; reading shows neither: {found}"),
        ),
        Sight::CannotTell { evidence: why } | Sight::Unreadable { evidence: why } => verdict(
            Outcome::Unknown,
            Reason::NoResponse,
            format!("{evidence}; reading could not tell: {why}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_model::step::{StepState, Target, Wanted};

    fn step(kind: StepKind, before: Before, unclear: u32) -> Step {
        Step {
            number: 1,
            row: 1,
            kind,
            door: None,
            target: Target::default(),
            before,
            wanted: Wanted::default(),
            attempts: unclear + 1,
            unclear,
            sent_at: None,
            needs: None,
            state: StepState::Started,
        }
    }

    /// The table of docs/reliability.md, “After a crash”.
    #[test]
    fn reading_decides_and_nothing_else() {
        let aged = |step: &Step, seen: Sight, age: Age| match after_unclear(
            step,
            None,
            "lost",
            &seen,
            (4, age),
        ) {
            Reading::SendAgain => None,
            Reading::Settle(verdict) => Some((verdict.outcome, verdict.reason)),
        };
        let decided = |step: &Step, seen: Sight| aged(step, seen, Age::WouldHaveShown);
        let found = || "x".to_owned();
        let wanted = || Sight::AsWanted { found: found(), account: None };
        let before = || Sight::AsBefore { found: found() };
        let lost = Some((Outcome::Unknown, Reason::NoResponse));
        for (kind, was) in [
            (StepKind::CreateUser, Before::Absent),
            (StepKind::AddMember, Before::Member(false)),
            (StepKind::RemoveMember, Before::Member(true)),
        ] {
            let first = step(kind, was.clone(), 0);
            let done = Some((Outcome::Changed, Reason::DoneNoResponse));
            assert_eq!(decided(&first, wanted()), done);
            assert_eq!(decided(&first, before()), None, "sent again");
            assert_eq!(decided(&step(kind, was.clone(), 2), before()), None, "and again");
            let failed = Some((Outcome::Failed, Reason::ServerError));
            let last = step(kind, was, 3);
            assert_eq!(decided(&last, before()), failed, "four answers were lost");
            assert_eq!(aged(&last, before(), Age::MayStillShow), lost, "it may still show");
            assert_eq!(decided(&first, Sight::Otherwise { found: found() }), lost);
            assert_eq!(decided(&first, Sight::CannotTell { evidence: found() }), lost);
        }
        let unseen = step(StepKind::CreateUser, Before::Unseen, 0);
        let either = Some((Outcome::Changed, Reason::CreatedOrExisted));
        assert_eq!(decided(&unseen, wanted()), either, "nobody saw that they were not there");
    }

    /// Where nobody believed the index when the plan was made, nobody believes it after a lost answer:
    /// the site itself is asked, by sending again, as often as that is allowed.
    #[test]
    fn what_nobody_saw_is_learnt_by_sending_again_but_for_creations() {
        let wanted = Sight::AsWanted { found: "x".into(), account: None };
        let decided = |kind, unclear| {
            let step = step(kind, Before::Unseen, unclear);
            let decided = after_unclear(&step, None, "lost", &wanted, (4, Age::MayStillShow));
            match decided {
                Reading::SendAgain => None,
                Reading::Settle(verdict) => Some((verdict.outcome, verdict.reason)),
            }
        };
        for kind in StepKind::ALL {
            if kind.creates_user() {
                let either = Some((Outcome::Changed, Reason::CreatedOrExisted));
                assert_eq!(decided(kind, 0), either, "{kind:?}");
            } else {
                let done = Some((Outcome::Changed, Reason::DoneNoResponse));
                assert_eq!([decided(kind, 0), decided(kind, 3)], [None, done], "{kind:?}");
            }
        }
    }

    #[test]
    fn a_new_users_membership_may_have_come_with_their_product() {
        let wanted = Sight::AsWanted { found: "a member of g".into(), account: None };
        let waited = Step { needs: Some(1), ..step(StepKind::AddMember, Before::Member(false), 0) };
        let told = |step: &Step| match after_unclear(
            step,
            None,
            "lost",
            &wanted,
            (4, Age::WouldHaveShown),
        ) {
            Reading::SendAgain => panic!("sent again"),
            Reading::Settle(verdict) => verdict.detail,
        };
        assert!(told(&waited).ends_with(
            "a member of g (by this sending, or with the product the new user was given)"
        ));
        assert!(told(&Step { needs: None, ..waited }).ends_with("a member of g"));
    }
}
