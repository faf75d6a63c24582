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
use super::spec::Means;
use crate::directory::Person;
use crate::directory::lookup::standing_of;
use headcount_atlassian::records::Change;
use headcount_model::user::Lifecycle;

/// How long a deletion can be canceled (user management description, `lifecycle/cancel-delete`: “within the 14-day
/// grace period”).
const GRACE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// When a deletion that is requested at this time can no longer be canceled.
pub(crate) fn ends(requested: Timestamp) -> Timestamp {
    requested.checked_add(GRACE).unwrap_or(Timestamp::MAX)
}

/// A day: `2026-12-13`, in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%F").to_string()
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

/// What the lookup shows about an account that is to be deleted.
pub(super) fn before_deletion(person: &Person) -> Result<Now, No> {
    Ok(match of_person(person) {
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
        State::Closed => return Err(closed(person)),
        State::Active => Now::Already(Reason::NotForDeletion, "is not scheduled for deletion"),
        State::Deactivated => Now::Already(
            Reason::NotForDeletion,
            "is deactivated, but not scheduled for deletion; to reactivate the account, use `user activate`",
        ),
        State::Scheduled => Now::Before(Before::Standing(Standing::Deleted)),
        State::Either | State::Unknown => Now::Before(Before::Unseen),
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

/// The result of an accepted deletion, with the day until which it can be canceled.
pub(super) fn deleted(by: Means<'_>, step: &Step, change: Change) -> Performed {
    match after_change(by.spec, step, change) {
        Performed::Settled(mut verdict) => {
            if let Some(now) = by.site.clock.now() {
                let until = day(ends(now.at_least));
                verdict.detail =
                    format!("{}; the deletion can be canceled until {until}", verdict.detail);
            }
            Performed::Settled(verdict)
        }
        performed => performed,
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

    #[test]
    fn fourteen_days_later_is_the_end() {
        let at: Timestamp = "2026-12-20T23:59:59Z".parse().unwrap();
        assert_eq!(day(ends(at)), "2027-01-03");
    }
}
