//! What the site shows now about the target of a step, according to the lookup. Pure.

use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Standing};

use super::change::Before;
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
