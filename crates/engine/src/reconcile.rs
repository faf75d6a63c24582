//! The rule for a step without an answer: what follows from a read of the site. Pure.
//!
//! [`after_unclear`] decides while the step may be sent again, [`not_sent_again`] if it may not (a guard refuses, or
//! the state has changed). No other file decides this.

use super::executor::{Observation, Rules};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Named, Verdict};

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The step has its outcome.
    Settle(Verdict),
    /// The request had no effect, and sending it again is harmless: each change can be repeated without a second
    /// effect.
    SendAgain,
}

/// Whether the site may still show the effect of a request that had no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It may, so no read proves that the request had no effect.
    MayStillShow,
    /// The effect would be visible by now.
    WouldHaveShown,
}

/// The last words about a row that cannot be decided yet.
pub(super) const LATER: &str = "the site may show it later; resume the run to check again";

/// The data of a step that the rule depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) rules: Rules,
    /// How many earlier requests had no answer.
    pub(super) unclear: u32,
}

/// Decides by the last read. `unclear` is the number of earlier requests without an answer.
pub(super) fn after_unclear(
    rules: &Rules,
    unclear: u32,
    status: Option<u16>,
    evidence: &str,
    seen: &Observation,
    (sendings, age): (u32, Age),
) -> Reading {
    let verdict = |outcome, reason, detail: String| {
        Reading::Settle(Verdict::new(outcome, reason, detail).with_status(status))
    };
    let showed = |found: &str| {
        format!("{evidence}; sent {} times, and the site then showed: {found}", unclear + 1)
    };
    let may_change = |found: &str| {
        verdict(Outcome::Unknown, Reason::NoResponse, format!("{}; {LATER}", showed(found)))
    };
    // The state before is unknown, so the wanted state now proves nothing.
    let proves_nothing = rules.before_unseen && rules.tells_when_repeated;
    let again = unclear + 1 < sendings;
    match seen {
        // When the step is sent again, the site's answer says whether it was already so, or at least makes it so. A
        // reading long after the request needs no other answer.
        Observation::AsWanted { .. } if proves_nothing && again && age == Age::MayStillShow => {
            Reading::SendAgain
        }
        // After the last request, too: an index that lags may still show the state before the run that is undone.
        Observation::AsWanted { found, .. } if proves_nothing && age == Age::MayStillShow => {
            may_change(found)
        }
        Observation::AsWanted { found, named } => {
            let or_otherwise = rules.or_otherwise;
            let detail = format!(
                "the answer was lost ({evidence}); the site then showed: {found}{or_otherwise}"
            );
            let applied = Verdict::new(Outcome::Changed, rules.applied, detail).with_status(status);
            Reading::Settle(Verdict { named: named.clone(), ..applied })
        }
        Observation::AsBefore { .. } if again => Reading::SendAgain,
        Observation::AsBefore { found } if age == Age::MayStillShow => may_change(found),
        Observation::AsBefore { found } => {
            verdict(Outcome::Failed, Reason::ServerError, showed(found))
        }
        Observation::Otherwise { found } => verdict(
            Outcome::Unknown,
            Reason::NoResponse,
            format!("{evidence}; the site shows neither the earlier nor the wanted state: {found}"),
        ),
        Observation::CannotTell { evidence: why } | Observation::Unreadable { evidence: why } => {
            verdict(
                Outcome::Unknown,
                Reason::NoResponse,
                format!("{evidence}; headcount could not tell whether it was applied: {why}"),
            )
        }
    }
}

/// The verdict when an earlier request of this run, whose answer was lost, made the change.
pub(super) fn applied_before(sent: &Sent, found: &str, named: &Option<Named>) -> Verdict {
    let (did, or_otherwise) =
        ("an earlier request, whose answer was lost, applied it", sent.rules.or_otherwise);
    let detail = format!("{did}; the site then showed: {found}{or_otherwise}");
    let verdict = Verdict::new(Outcome::Changed, sent.rules.applied, detail);
    Verdict { named: named.clone(), ..verdict }
}

/// The outcome of a step that is not sent again. `skipped` would mean that it was never sent, so a read decides if an
/// earlier request had no answer and its effect would be visible by now.
pub(super) fn not_sent_again(
    sent: &Sent,
    seen: &Observation,
    skipped: Verdict,
    age: Age,
) -> Verdict {
    if sent.unclear == 0 {
        return skipped;
    }
    let shows = seen.words();
    match (seen, age) {
        (Observation::AsWanted { found, named }, Age::WouldHaveShown) => {
            applied_before(sent, found, named)
        }
        (Observation::AsBefore { .. }, Age::WouldHaveShown) => {
            let detail = format!(
                "the answer to an earlier request was lost (on the site now: {shows}); not sent again: {}",
                skipped.detail
            );
            Verdict::new(Outcome::Failed, Reason::ServerError, detail)
        }
        _ => {
            let detail = format!(
                "the answer to an earlier request was lost (on the site now: {shows}); not sent again: {}; {LATER}",
                skipped.detail
            );
            Verdict::new(Outcome::Unknown, Reason::NoResponse, detail)
        }
    }
}

/// An answer that does not say why it refuses, while the site shows the wanted state: an index that lags may show it
/// from before the run that is undone. `unclear` is the number of earlier requests without an answer.
pub(super) fn may_be_from_before(unclear: u32, answer: Verdict, found: &str) -> Verdict {
    let shown = match answer.detail.contains(found) {
        true => String::new(),
        false => format!("; the site then showed: {found}"),
    };
    let detail = format!(
        "{}{shown}; this may be from before the run that is undone; {LATER}",
        answer.detail
    );
    let reason = if unclear > 0 { Reason::NoResponse } else { Reason::NotVerified };
    Verdict { outcome: Outcome::Unknown, reason, detail, ..answer }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const RULES: Rules = Rules {
        already: Reason::AlreadyMember,
        applied: Reason::DoneNoResponse,
        or_otherwise: " (or otherwise)",
        before_unseen: false,
        tells_when_repeated: true,
        sent_unread: true,
        observed_when_released: false,
        denied: None,
        read_back: false,
        contested: None,
    };

    fn aged(
        rules: &Rules,
        unclear: u32,
        seen: &Observation,
        age: Age,
    ) -> Option<(Outcome, Reason)> {
        match after_unclear(rules, unclear, None, "lost", seen, (4, age)) {
            Reading::SendAgain => None,
            Reading::Settle(verdict) => Some((verdict.outcome, verdict.reason)),
        }
    }

    /// The table of docs/reliability.md, “After a crash”.
    #[test]
    fn reading_decides_and_nothing_else() {
        let found = || "x".to_owned();
        let wanted = Observation::AsWanted { found: found(), named: None };
        let before = Observation::AsBefore { found: found() };
        let lost = Some((Outcome::Unknown, Reason::NoResponse));
        let done = Some((Outcome::Changed, Reason::DoneNoResponse));
        let failed = Some((Outcome::Failed, Reason::ServerError));
        for tells_when_repeated in [true, false] {
            let rules = Rules { tells_when_repeated, ..RULES };
            let decided =
                |unclear, seen: &Observation| aged(&rules, unclear, seen, Age::WouldHaveShown);
            assert_eq!(decided(0, &wanted), done);
            assert_eq!(decided(0, &before), None, "sent again");
            assert_eq!(decided(2, &before), None, "and again");
            assert_eq!(decided(3, &before), failed, "four answers were lost");
            let young = aged(&rules, 3, &before, Age::MayStillShow);
            assert_eq!(young, lost, "it may still show");
            assert_eq!(decided(0, &Observation::Otherwise { found: found() }), lost);
            assert_eq!(decided(0, &Observation::CannotTell { evidence: found() }), lost);
            assert_eq!(decided(0, &Observation::Unreadable { evidence: found() }), lost);
        }
    }

    /// Where the index was not believed when the plan was made, it is not believed after a lost answer:
    /// the site itself is asked, by sending again, as often as that is allowed.
    #[test]
    fn an_unknown_state_is_learned_by_sending_again_where_that_does_no_harm() {
        let wanted = Observation::AsWanted { found: "x".into(), named: None };
        let unseen = Rules { before_unseen: true, ..RULES };
        let done = Some((Outcome::Changed, Reason::DoneNoResponse));
        let open = Some((Outcome::Unknown, Reason::NoResponse));
        let of = |rules: &Rules, unclear| aged(rules, unclear, &wanted, Age::MayStillShow);
        assert_eq!([of(&unseen, 0), of(&unseen, 3)], [None, open]);
        for unclear in [0, 3] {
            assert_eq!(aged(&unseen, unclear, &wanted, Age::WouldHaveShown), done);
        }
        let once = Rules { tells_when_repeated: false, ..unseen };
        assert_eq!(of(&once, 0), done);
    }

    #[test]
    fn how_else_it_may_have_come_about_is_said() {
        let wanted = Observation::AsWanted { found: "x".into(), named: None };
        match after_unclear(&RULES, 0, None, "lost", &wanted, (4, Age::WouldHaveShown)) {
            Reading::SendAgain => panic!("sent again"),
            Reading::Settle(verdict) => {
                assert!(verdict.detail.ends_with("x (or otherwise)"), "{}", verdict.detail);
            }
        }
    }
}
