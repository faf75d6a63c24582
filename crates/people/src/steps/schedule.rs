//! Reads whether an account is scheduled for deletion, for the steps that delete and that cancel a deletion.
//!
//! During the 14 days of grace, user management shows the account as deactivated (user management description,
//! `lifecycle/delete`). Only the organization's record of the user has a state of its own for it: `for_deletion`
//! (organizations description, `Status`).

use headcount_atlassian::CallError;
use headcount_atlassian::admin::Admin;
use headcount_engine::{Observation, Performed};
use headcount_model::reason::Reason;
use headcount_model::user::{AccountId, AccountStatus, Standing};
use jiff::{SignedDuration, Timestamp};

use super::answers::{after_change, cannot};
use super::change::{Before, Step};
use super::current::{No, Now, closed};
use super::kind::StepKind;
use super::spec::Means;
use crate::directory::lookup::standing_of;
use crate::directory::{OwnDeletion, Person};
use headcount_atlassian::records::Change;
use headcount_model::user::Lifecycle;

/// How long a deletion can be canceled (user management description, `lifecycle/cancel-delete`: “within the 14-day
/// grace period”).
pub(crate) const GRACE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The last minute in which a deletion that is not requested before this time can certainly be canceled:
/// `2026-12-13 00:10 UTC`. A day alone would include hours that are too late.
pub(crate) fn last_minute(requested: Timestamp) -> String {
    let end = requested.checked_add(GRACE).unwrap_or(Timestamp::MAX);
    end.strftime("%F %H:%M UTC").to_string()
}

/// The state of an account, with the time of grace as one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Active,
    Deactivated,
    /// In the 14 days of grace.
    Scheduled,
    Closed,
    /// Deactivated, or scheduled for deletion.
    Either,
    Unknown,
}

fn state(status: Option<AccountStatus>, standing: Option<Standing>) -> State {
    match (status, standing) {
        (Some(AccountStatus::Closed), _) => State::Closed,
        (Some(AccountStatus::Active), _) => State::Active,
        (Some(AccountStatus::Inactive) | None, Some(Standing::Deleted)) => State::Scheduled,
        (Some(AccountStatus::Inactive), Some(Standing::Deactivated)) => State::Deactivated,
        (
            Some(AccountStatus::Inactive),
            Some(Standing::Active | Standing::Suspended | Standing::NotInvited) | None,
        ) => State::Either,
        (
            None,
            Some(
                Standing::Active
                | Standing::Suspended
                | Standing::NotInvited
                | Standing::Deactivated,
            )
            | None,
        ) => State::Unknown,
    }
}

fn of_person(person: &Person) -> State {
    state(person.status, person.standing)
}

/// What the lookup shows about an account that is to be deleted. An account without a record in the organization is
/// not deleted: nothing would show that its deletion is scheduled, so headcount could neither verify nor cancel it.
pub(super) fn before_deletion(person: &Person) -> Result<Now, No> {
    let state = of_person(person);
    if matches!(person.standing, None | Some(Standing::NotInvited)) && state != State::Closed {
        let detail = format!(
            "{} is not in the organization's directory, so the site would not show whether the deletion is scheduled, \
             and headcount could not cancel it; invite the user first, or delete the account at admin.atlassian.com",
            person.shown()
        );
        return Err(No::new(Reason::NotInDirectory, detail));
    }
    Ok(match state {
        State::Closed => return Err(closed(person)),
        State::Active => Now::Before(Before::Status(AccountStatus::Active)),
        State::Deactivated => Now::Before(Before::Status(AccountStatus::Inactive)),
        State::Scheduled => {
            Now::Already(Reason::AlreadyForDeletion, "is already scheduled for deletion")
        }
        State::Either | State::Unknown => Now::Before(Before::Unseen),
    })
}

/// What the lookup shows about an account whose deletion is to be canceled.
pub(super) fn before_cancellation(person: &Person) -> Result<Now, No> {
    if let Some(Lifecycle::NotManaged(words)) = &person.lifecycle
        && matches!(&**words, "accountNotFound" | "notFound")
    {
        let detail = format!(
            "the organization has no account {}: it was deleted for good 14 days after its deletion was requested, \
             or the id is wrong",
            person.id
        );
        return Err(No::new(Reason::AccountClosed, detail));
    }
    Ok(match of_person(person) {
        State::Closed => {
            let detail = format!("the account of {} was deleted for good", person.shown());
            return Err(No::new(Reason::AccountClosed, detail));
        }
        // The site's records may lag behind the deletion. A cancellation leaves an active account as it is.
        State::Active
            if matches!(person.own_deletion, Some(OwnDeletion::New | OwnDeletion::Undated)) =>
        {
            Now::Before(Before::Standing(Standing::Deleted))
        }
        State::Deactivated if person.own_deletion == Some(OwnDeletion::New) => {
            Now::Before(Before::Standing(Standing::Deleted))
        }
        State::Deactivated if person.own_deletion == Some(OwnDeletion::Undated) => {
            let detail = format!(
                "the site shows {} as deactivated and not as scheduled for deletion, and does not show how long ago \
                 this journal deleted the account; try the row again in ten minutes",
                person.shown()
            );
            return Err(No::new(Reason::NotSent, detail));
        }
        // The records cannot be read.
        State::Either | State::Unknown
            if matches!(person.own_deletion, Some(OwnDeletion::New | OwnDeletion::Shown)) =>
        {
            Now::Before(Before::Standing(Standing::Deleted))
        }
        State::Active => Now::Already(Reason::NotForDeletion, "is not scheduled for deletion"),
        // The record may lag behind a deletion that this journal does not have.
        State::Deactivated => Now::Already(
            Reason::NotForDeletion,
            "is deactivated, and the organization does not show the account as scheduled for deletion; if it was \
             deleted in the last ten minutes, try the row again later; to reactivate the account, use `user activate`",
        ),
        State::Scheduled => Now::Before(Before::Standing(Standing::Deleted)),
        // A cancellation activates the account, so it is not sent for one that may only be deactivated.
        State::Either | State::Unknown => {
            let detail = format!(
                "the site does not show whether the account of {} is scheduled for deletion, and a cancellation could \
                 reactivate it; use an organization API key that can read the directory's users",
                person.shown()
            );
            return Err(No::new(Reason::NotSent, detail));
        }
    })
}

/// Reads the state of an account now.
async fn read(admin: &Admin, account: &AccountId) -> Result<State, CallError> {
    let Some(profile) = admin.profile(account).await? else { return Ok(State::Unknown) };
    if profile.status != Some(AccountStatus::Inactive) {
        return Ok(state(profile.status, None));
    }
    Ok(state(profile.status, standing_of(admin, account).await?))
}

/// The wanted state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The account is scheduled for deletion.
    Scheduled,
    /// It is active again.
    Kept,
}

/// Whether the account of a step is in the wanted state.
pub(super) async fn observe(
    by: Means<'_>,
    step: &Step,
    goal: Goal,
) -> Result<Observation, CallError> {
    let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
        return Ok(cannot("no organization API key"));
    };
    Ok(seen(read(admin, account).await?, goal))
}

fn seen(state: State, goal: Goal) -> Observation {
    let wanted = |found: &str| Observation::AsWanted { found: found.to_owned(), named: None };
    let before = |found: &str| Observation::AsBefore { found: found.to_owned() };
    let other = |found: &str| Observation::Otherwise { found: found.to_owned() };
    match (state, goal) {
        (State::Scheduled, Goal::Scheduled) => wanted("scheduled for deletion"),
        (State::Scheduled, Goal::Kept) => before("scheduled for deletion"),
        (State::Active, Goal::Scheduled) => before("active"),
        (State::Active, Goal::Kept) => wanted("active"),
        (State::Deactivated, Goal::Scheduled) => before("deactivated, not scheduled for deletion"),
        // A cancellation leaves the account active, so it was deactivated afterwards, or it was never scheduled.
        (State::Deactivated, Goal::Kept) => other("deactivated, not scheduled for deletion"),
        (State::Closed, Goal::Scheduled) => wanted("deleted for good"),
        (State::Closed, Goal::Kept) => other("deleted for good"),
        (State::Either, _) => cannot(
            "the account is deactivated; the site does not show whether it is scheduled for deletion",
        ),
        (State::Unknown, _) => cannot("headcount could not read the account's state"),
    }
}

/// Whether a kind of step cancels a deletion, and so activates an account.
pub(crate) fn cancels_deletion(kind: StepKind) -> bool {
    kind == StepKind::CancelDelete
}

/// The kind of step that has to follow the undo of a step: a cancellation makes an account active, so one that was
/// deactivated before its deletion is deactivated again.
pub(crate) fn follows_undo(undone: &Step) -> Option<StepKind> {
    let was_inactive = undone.payload.before == Before::Status(AccountStatus::Inactive);
    (undone.payload.kind == StepKind::Delete && was_inactive).then_some(StepKind::Deactivate)
}

/// Whether a step only follows the cancellation of a deletion ([`follows_undo`]). A new deletion undoes both.
pub(crate) fn follows_cancellation(step: &Step) -> bool {
    step.payload.kind == StepKind::Deactivate && step.needs.is_some()
}

/// The result of an accepted deletion, with the time until which it can be canceled. `asked` is the earliest time
/// of the request, on the site's clock.
pub(super) fn deleted(
    by: Means<'_>,
    step: &Step,
    change: Change,
    asked: Option<Timestamp>,
) -> Performed {
    match after_change(by.spec, step, change) {
        Performed::Settled(mut verdict) => {
            if let Some(asked) = asked {
                let until = last_minute(asked);
                verdict.detail =
                    format!("{}; the deletion can be canceled until {until}", verdict.detail);
            }
            Performed::Settled(verdict)
        }
        performed @ (Performed::AlreadySo(_)
        | Performed::SeemsSo(_)
        | Performed::NotSent(_)
        | Performed::Unclear { .. }) => performed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the site shows, a deletion never counts as done for an account that can still be used, and a
    /// cancellation never for one that cannot.
    #[test]
    fn a_state_that_may_be_another_one_proves_nothing() {
        let statuses = [
            None,
            Some(AccountStatus::Active),
            Some(AccountStatus::Inactive),
            Some(AccountStatus::Closed),
        ];
        let standings = [
            None,
            Some(Standing::Active),
            Some(Standing::Suspended),
            Some(Standing::NotInvited),
            Some(Standing::Deactivated),
            Some(Standing::Deleted),
        ];
        for status in statuses {
            for standing in standings {
                let state = state(status, standing);
                let is_gone = status == Some(AccountStatus::Closed)
                    || (standing == Some(Standing::Deleted)
                        && status != Some(AccountStatus::Active));
                let counts = |goal| matches!(seen(state, goal), Observation::AsWanted { .. });
                assert_eq!(counts(Goal::Scheduled), is_gone, "{status:?} {standing:?}");
                let is_active = status == Some(AccountStatus::Active);
                assert_eq!(counts(Goal::Kept), is_active, "{status:?} {standing:?}");
            }
        }
    }

    /// A deletion that nothing would show is not requested.
    #[test]
    fn an_account_without_a_record_is_not_deleted() {
        let id = AccountId::parse("5b10a2844c20165700ede21g").unwrap();
        for status in [None, Some(AccountStatus::Active), Some(AccountStatus::Inactive)] {
            for standing in [None, Some(Standing::NotInvited)] {
                let person = Person { status, standing, ..Person::new(id.clone()) };
                let no = before_deletion(&person).unwrap_err();
                assert_eq!(no.reason, Reason::NotInDirectory, "{status:?} {standing:?}");
            }
        }
        let status = Some(AccountStatus::Active);
        let person = Person { status, standing: Some(Standing::Active), ..Person::new(id) };
        assert!(before_deletion(&person).is_ok());
    }

    #[test]
    fn the_named_minute_is_in_time() {
        let at: Timestamp = "2026-12-20T00:10:59Z".parse().unwrap();
        assert_eq!(last_minute(at), "2027-01-03 00:10 UTC");
    }

    /// A deactivated account, or one whose state cannot be read, is not reactivated by a cancellation.
    #[test]
    fn a_deletion_that_is_not_shown_is_not_canceled() {
        let person = |status, standing| {
            let id = AccountId::parse("5b10a2844c20165700ede21g").unwrap();
            Person { status, standing, ..Person::new(id) }
        };
        let inactive = Some(AccountStatus::Inactive);
        for (status, standing) in [
            (None, None),
            (inactive, None),
            (inactive, Some(Standing::Suspended)),
            (None, Some(Standing::Active)),
        ] {
            let no = before_cancellation(&person(status, standing)).unwrap_err();
            assert_eq!(no.reason, Reason::NotSent, "{status:?} {standing:?}");
        }
        let now = before_cancellation(&person(inactive, Some(Standing::Deleted)));
        assert!(matches!(now, Ok(Now::Before(Before::Standing(Standing::Deleted)))));
        let Ok(Now::Already(_, words)) =
            before_cancellation(&person(inactive, Some(Standing::Deactivated)))
        else {
            panic!("a deactivated account has nothing to cancel");
        };
        assert!(words.contains("ten minutes"), "{words}");
    }
}
