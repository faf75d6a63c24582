//! What an answer of the site means for a step. Pure functions of the step and the answer; the engine decides what
//! to do.

use std::collections::HashSet;

use super::change::{Before, Step, list};
use super::record::{named_account, named_group};
use super::spec::{KindSpec, NotFound, THROUGH_IT};
use crate::directory::lookup;
use headcount_atlassian::records::{Change, Created, GroupMade};
use headcount_atlassian::{CallError, CallErrorKind, Effect, Endpoint};
use headcount_engine::{NotSent, Observation, Performed};
use headcount_model::door::Api;
use headcount_model::group::GroupId;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;

pub fn cannot(evidence: &str) -> Observation {
    Observation::CannotTell { evidence: evidence.to_owned() }
}

/// A step that cannot be sent as it was planned.
pub fn not_sent(why: &str) -> Performed {
    let detail = format!("not sent: {why}");
    Performed::Settled(Verdict::new(Outcome::Failed, Reason::NotSent, detail))
}

/// What a successful answer means.
pub fn after_change(spec: &KindSpec, step: &Step, change: Change) -> Performed {
    match change {
        Change::Done { status } => {
            let verdict = Verdict::new(
                Outcome::Changed,
                Reason::Done,
                (spec.done)(&step.payload.target, step.api()),
            );
            Performed::Settled(verdict.with_status(Some(status)))
        }
        Change::AlreadySo { status } => {
            let verdict = Verdict::new(Outcome::Unchanged, spec.already, "nothing had to change");
            Performed::AlreadySo(verdict.with_status(Some(status)))
        }
    }
}

/// 201 alone is no proof of creation (Jira platform description, `createUser`): a user was created only if
/// they were certainly absent before. If the site has accounts with hidden addresses, an answer that
/// does not name its account may be about one of those.
pub fn after_created(step: &Step, created: Created, known: &HashSet<String>) -> Performed {
    let who = step.payload.target.who();
    if created.account.is_none() && step.payload.before == Before::Absent && !known.is_empty() {
        let evidence = format!("accepted, but the site did not name the account of {who}");
        return Performed::Unclear { status: Some(created.status), evidence };
    }
    let was_known = created.account.as_ref().is_some_and(|id| known.contains(id.as_str()));
    let (outcome, reason, detail) = match step.payload.before {
        Before::Absent if !was_known => {
            (Outcome::Changed, Reason::Created, format!("created {who}"))
        }
        Before::Absent => (
            Outcome::Unchanged,
            Reason::AlreadyThere,
            format!("{who} already existed (with a hidden address)"),
        ),
        Before::Present => (
            Outcome::Changed,
            Reason::Done,
            format!("{who} already existed and now has {}", list(&step.payload.wanted.products)),
        ),
        Before::Unseen | Before::Member(_) | Before::Status(_) | Before::Standing(_) => (
            Outcome::Changed,
            Reason::CreatedOrExisted,
            format!("accepted, but headcount could not tell whether {who} already existed"),
        ),
    };
    let verdict = Verdict::new(outcome, reason, detail).with_status(Some(created.status));
    Performed::Settled(Verdict { named: created.account.as_ref().map(named_account), ..verdict })
}

/// A 201 is proof: a name that is in use is refused.
pub fn after_made(spec: &KindSpec, step: &Step, made: GroupMade, id: Option<GroupId>) -> Performed {
    let which = step.payload.target.which();
    match made {
        GroupMade::Done { id: named, status } => {
            let verdict = Verdict::new(Outcome::Changed, Reason::Done, format!("created {which}"));
            let named = named.or(id).as_ref().map(named_group);
            Performed::Settled(Verdict { named, ..verdict.with_status(Some(status)) })
        }
        GroupMade::InUse { status } => {
            let detail = "the site reports that the name is in use";
            let verdict = Verdict::new(Outcome::Unchanged, spec.already, detail);
            Performed::AlreadySo(verdict.with_status(Some(status)))
        }
    }
}

/// Whether an answer names the state that it was refused for, by its words or its key.
pub fn names_the_state(error: &CallError) -> bool {
    error.says_already_so()
        || error.says_already_member()
        || error.says_not_a_member()
        || error.says_in_use()
        || error.says_not_eligible()
}

/// What a failed call means.
pub fn after_error(spec: &KindSpec, step: &Step, error: CallError) -> Performed {
    let words = error.to_string();
    match (&error.kind, error.effect) {
        (CallErrorKind::Credential, _) => Performed::NotSent(not_accepted(&error, words)),
        (CallErrorKind::RateLimited, _) => {
            // The check of the credential has waited as long as is allowed; the same change would have to wait
            // again.
            let reading = error.is_unproven();
            Performed::NotSent(NotSent::Refused { words, status: error.status, reading })
        }
        (CallErrorKind::Unreachable | CallErrorKind::Untrusted, _) => {
            Performed::NotSent(NotSent::OutOfReach { words })
        }
        (CallErrorKind::Redirected, _) => Performed::NotSent(NotSent::Elsewhere { words }),
        // The client asked whether the credential is good, and the answer was not the site's.
        (CallErrorKind::Odd, Effect::None) => Performed::NotSent(NotSent::Odd { words }),
        // The site refused, but the connection broke before its reason. If the step is sent again, the site gives
        // the reason.
        (CallErrorKind::Lost | CallErrorKind::Timeout, Effect::None) => {
            Performed::NotSent(NotSent::OutOfReach { words })
        }
        // A 404 may also mean "you may not": the engine reads the site before it counts.
        (CallErrorKind::NotFound, _) if matches!(spec.not_found, NotFound::Gone { .. }) => {
            let verdict = Verdict::new(Outcome::Unchanged, spec.already, words);
            let verdict = verdict.with_status(error.status);
            // Memberships are read from lists and searches, which lag; users and groups by their ids.
            match names_the_state(&error) || spec.membership().is_none() {
                true => Performed::AlreadySo(verdict),
                false => Performed::SeemsSo(verdict),
            }
        }
        // A user who was created a moment ago may not be known everywhere yet: read, and sent again.
        (CallErrorKind::NotFound, _) if spec.waited_for_its_user(step) => {
            Performed::Unclear { status: error.status, evidence: words }
        }
        (_, Effect::Unknown) => Performed::Unclear { status: error.status, evidence: words },
        (_, Effect::None) => {
            let (outcome, reason) = refusal(spec, step, &error);
            let words = match has_another_way(spec, step, &error) {
                true => format!("{words}; {THROUGH_IT}"),
                false => words,
            };
            Performed::Settled(Verdict::new(outcome, reason, words).with_status(error.status))
        }
    }
}

/// Whether an identity provider owns the target, and the step could go through its directory. Google's own sync does
/// not use that directory.
fn has_another_way(spec: &KindSpec, step: &Step, error: &CallError) -> bool {
    let is_scim = |key: &str| key == "externalDirectory.scim";
    matches!(&error.kind, CallErrorKind::Forbidden { key: Some(key) } if is_scim(key))
        && spec.way(Api::Provisioning).is_some()
        && step.api() != Some(Api::Provisioning)
}

/// The reason of a refusal without effect.
fn refusal(spec: &KindSpec, step: &Step, error: &CallError) -> (Outcome, Reason) {
    let reason = match &error.kind {
        CallErrorKind::Licence => Reason::LicenceLimit,
        // The account exists without access and the site refuses to create it again (A-api).
        CallErrorKind::BadRequest
            if spec.creates_user && step.payload.before == Before::Present =>
        {
            Reason::ExistsWithoutAccess
        }
        CallErrorKind::Forbidden { key: Some(key) } if key.starts_with("externalDirectory") => {
            return (Outcome::Failed, Reason::IdentityProvider);
        }
        CallErrorKind::Forbidden { .. }
            if error.key.as_deref() == Some("forbidden.unclaimedDomain") =>
        {
            Reason::DomainNotVerified
        }
        CallErrorKind::Forbidden { .. } => Reason::Forbidden,
        CallErrorKind::NotFound
            if matches!(
                error.endpoint,
                Endpoint::AdminAddMember
                    | Endpoint::AdminSuspend
                    | Endpoint::AdminRestore
                    | Endpoint::AdminAssignRole
            ) =>
        {
            Reason::NotInDirectory
        }
        CallErrorKind::NotFound => Reason::NotFound,
        CallErrorKind::Conflict => Reason::Conflict,
        CallErrorKind::OrgUnclear | CallErrorKind::Unsendable => Reason::NotSent,
        CallErrorKind::Credential
        | CallErrorKind::BadRequest
        | CallErrorKind::RateLimited
        | CallErrorKind::Server
        | CallErrorKind::Unreachable
        | CallErrorKind::Untrusted
        | CallErrorKind::Lost
        | CallErrorKind::Timeout
        | CallErrorKind::Odd
        | CallErrorKind::Redirected => Reason::Refused,
    };
    (Outcome::Failed, reason)
}

/// The credential, or the network that it is used from, is refused.
fn not_accepted(error: &CallError, words: String) -> NotSent {
    match error.says_address_not_allowed() {
        true => NotSent::Blocked { words },
        false => NotSent::Credential { words },
    }
}

/// A read that failed.
pub fn not_read(error: &CallError) -> NotSent {
    let words = error.to_string();
    match error.kind {
        CallErrorKind::Credential => not_accepted(error, words),
        CallErrorKind::RateLimited => {
            NotSent::Refused { words, status: error.status, reading: true }
        }
        CallErrorKind::Redirected => NotSent::Elsewhere { words },
        CallErrorKind::Odd => NotSent::Odd { words },
        CallErrorKind::Forbidden { .. }
        | CallErrorKind::NotFound
        | CallErrorKind::BadRequest
        | CallErrorKind::Conflict
        | CallErrorKind::Licence
        | CallErrorKind::Server
        | CallErrorKind::Unreachable
        | CallErrorKind::Untrusted
        | CallErrorKind::Lost
        | CallErrorKind::Timeout
        | CallErrorKind::OrgUnclear
        | CallErrorKind::Unsendable => NotSent::OutOfReach { words },
    }
}

pub fn not_looked_up(error: lookup::LookupError) -> NotSent {
    match error.call() {
        Some(call) => not_read(call),
        None => NotSent::OutOfReach { words: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{self, StepKind, Target, Wanted};
    use headcount_model::step::StepState;
    use headcount_model::user::AccountId;

    /// Jira answers 201 for an existing user, too. Only the account shows which of the two it is.
    #[test]
    fn a_201_counts_as_created_only_if_its_account_is_new() {
        let step = Step {
            number: 1,
            row: 1,
            kind: "create-user".into(),
            door: None,
            payload: steps::Change {
                kind: StepKind::CreateUser,
                target: Target::default(),
                before: Before::Absent,
                wanted: Wanted::default(),
            },
            unseen: false,
            given: None,
            named: None,
            attempts: 1,
            unclear: 0,
            sent_by: None,
            needs: None,
            state: StepState::Started,
        };
        let told = |account: Option<&str>, known: &[&str]| {
            let account = account.map(|id| AccountId::parse(id).unwrap());
            let known = known.iter().map(|id| (*id).to_owned()).collect();
            match after_created(&step, Created { account, status: 201 }, &known) {
                Performed::Settled(verdict) => Some((verdict.outcome, verdict.reason)),
                Performed::Unclear { status, .. } => {
                    assert_eq!(status, Some(201));
                    None
                }
                other => panic!("{other:?}"),
            }
        };
        let created = Some((Outcome::Changed, Reason::Created));
        let there = Some((Outcome::Unchanged, Reason::AlreadyThere));
        assert_eq!(told(Some("new"), &["a", "b"]), created);
        assert_eq!(told(Some("b"), &["a", "b"]), there);
        assert_eq!(told(None, &["a", "b"]), None, "it may have been b: reading tells");
        assert_eq!(told(None, &[]), created, "nobody was there whom it could have been");
    }
}
