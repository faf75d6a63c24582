//! What the site shows now about the target of a step, according to the lookup. Pure.

use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Standing};

use super::change::{Before, Note, Step};
use crate::directory::Person;

/// What the site shows now about the target of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Now {
    /// The state that the step changes.
    Before(Before),
    /// The wanted state already; with the words for it, to follow the user or the group.
    Already(Reason, &'static str),
}

/// Why nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct No {
    /// The reason's word.
    pub reason: Reason,
    /// A sentence.
    pub detail: String,
}

impl No {
    /// A refusal with its sentence.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// No lookup shows the state before.
pub(super) fn unseen(_: &Person, _: Option<bool>) -> Result<Now, No> {
    Ok(Now::Before(Before::Unseen))
}

/// The state of an account that is to be deactivated or reactivated.
pub(super) fn account(
    person: &Person,
    wanted: AccountStatus,
    already: (Reason, &'static str),
) -> Result<Now, No> {
    match person.status {
        Some(status) if status == wanted => Ok(Now::Already(already.0, already.1)),
        Some(AccountStatus::Closed) => Err(closed(person)),
        Some(status) => Ok(Now::Before(Before::Status(status))),
        None => Ok(Now::Before(Before::Unseen)),
    }
}

/// The account is gone for good.
pub(super) fn closed(person: &Person) -> No {
    No::new(Reason::AccountClosed, format!("the account of {} was deleted", person.shown()))
}

/// The state in the directory of a user who is to be suspended or restored.
pub(super) fn standing(
    person: &Person,
    wanted: Standing,
    already: (Reason, &'static str),
) -> Result<Now, No> {
    let who = person.shown();
    match person.standing {
        Some(standing) if standing == wanted => Ok(Now::Already(already.0, already.1)),
        Some(Standing::NotInvited) => Err(No::new(
            Reason::NotInDirectory,
            format!("{who} has an Atlassian account, but is not in this organization"),
        )),
        Some(Standing::Deactivated) => {
            let detail = format!("the whole account of {who} is deactivated");
            Err(No::new(Reason::AccountInactive, detail))
        }
        Some(Standing::Deleted) => {
            let detail = format!("the account of {who} is being deleted");
            Err(No::new(Reason::AccountClosed, detail))
        }
        Some(standing) => Ok(Now::Before(Before::Standing(standing))),
        None => Ok(Now::Before(Before::Unseen)),
    }
}

/// Why a user cannot get access to anything, whatever else is known about them.
pub(crate) fn without_access(person: &Person) -> Option<No> {
    let who = person.shown();
    let inactive = |detail| Some(No::new(Reason::AccountInactive, detail));
    match (person.standing, person.status) {
        (_, Some(AccountStatus::Closed)) => Some(closed(person)),
        (Some(Standing::NotInvited), _) => Some(No::new(
            Reason::NotInDirectory,
            format!("{who} has an Atlassian account, but is not in this organization"),
        )),
        (Some(Standing::Deactivated), _) => {
            inactive(format!("the whole account of {who} is deactivated"))
        }
        (Some(Standing::Deleted), _) => {
            Some(No::new(Reason::AccountClosed, format!("the account of {who} is being deleted")))
        }
        // Jira shows a suspended user like a deactivated account.
        (None, Some(AccountStatus::Inactive)) => {
            inactive(format!("the site shows {who} as not active"))
        }
        (Some(Standing::Active | Standing::Suspended), _)
        | (None, Some(AccountStatus::Active) | None) => None,
    }
}

/// For a step that gives a user access. The plan warns of a user who cannot sign in; who has agreed to that warning
/// wants the step all the same.
pub(super) fn access_since_plan(step: &Step, person: &Person) -> Option<String> {
    let was_shown = |note: &Note| matches!(note, Note::Deactivated | Note::Suspended);
    // No index may show yet what an earlier step of the run did to the user.
    if step.needs.is_some() || step.payload.wanted.notes.iter().any(was_shown) {
        return None;
    }
    let is_suspended = person.standing == Some(Standing::Suspended);
    let suspended = || is_suspended.then(|| format!("{} is suspended", person.shown()));
    without_access(person).map(|no| no.detail).or_else(suspended)
}

/// For a step that starts from an account that can be used.
pub(super) fn account_since_plan(_: &Step, person: &Person) -> Option<String> {
    match person.status {
        Some(AccountStatus::Inactive) => Some(format!("{} is deactivated", person.shown())),
        Some(AccountStatus::Closed) => Some(closed(person).detail),
        Some(AccountStatus::Active) | None => None,
    }
}

/// For a step that the site or the plan refuses for an account that is being deleted.
pub(super) fn kept_since_plan(_: &Step, person: &Person) -> Option<String> {
    let is_leaving = person.standing == Some(Standing::Deleted);
    is_leaving.then(|| format!("the account of {} is being deleted", person.shown()))
}

/// For a step whose undo restores the account's state of the plan. What was sent may have changed it itself.
pub(super) fn status_since_plan(step: &Step, person: &Person) -> Option<String> {
    let (Before::Status(was), Some(now)) = (&step.payload.before, person.status) else {
        return None;
    };
    let is_other = *was != now && step.unclear == 0;
    is_other.then(|| format!("the account was {} and is {}", was.word(), now.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{About, StepKind, of};
    use headcount_model::user::AccountId;

    /// Nothing can be changed of an account that was deleted: a job and an undo both say so and send nothing.
    #[test]
    fn a_deleted_account_is_left_alone() {
        let mut person = Person::new(AccountId::parse("a1").unwrap());
        person.status = Some(AccountStatus::Closed);
        person.standing = Some(Standing::Deleted);
        for kind in StepKind::ALL {
            let spec = of(kind);
            if spec.about != About::User || spec.creates_user {
                continue;
            }
            let no = (spec.now)(&person, None).unwrap_err();
            assert_eq!(no.reason, Reason::AccountClosed, "{kind:?}");
        }
    }
}
