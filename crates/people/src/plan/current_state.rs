//! What the site shows now of what an inverse would change: whether it is already in the wanted state. Pure.

use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::jobs::{restorable, suspendable};
use crate::resolve::{No, Now, Resolved};
use crate::steps::{Before, StepKind, Target};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::AccountStatus;

/// Nothing is to be done.
pub(super) enum Already {
    /// It is already in the wanted state.
    So(Reason, &'static str),
    /// It cannot be done any more.
    No(No),
}

impl Already {
    pub fn told(self, target: &Target) -> Resolved {
        match self {
            Self::So(reason, words) => already(reason, target, words),
            Self::No(no) => no.into(),
        }
    }
}

pub(super) fn already(reason: Reason, target: &Target, words: &str) -> Resolved {
    let detail = format!("{} {words}", target.who());
    Resolved::Settled(Outcome::Unchanged, reason, detail)
}

/// What the site shows now of what the inverse would change.
pub(super) fn present(
    kind: StepKind,
    person: &Person,
    pair: Option<(PersonIndex, GroupIndex)>,
    directory: &Directory,
) -> Result<Before, Already> {
    let status = person.status;
    let is_member = || pair.and_then(|(person, group)| directory.is_member(person, group));
    match kind {
        StepKind::AddMember => match is_member() {
            Some(true) => Err(Already::So(Reason::AlreadyMember, "is a member already")),
            is_member => Ok(is_member.map_or(Before::Unseen, Before::Member)),
        },
        StepKind::RemoveMember => match is_member() {
            Some(false) => Err(Already::So(Reason::NotAMember, "is not a member any more")),
            is_member => Ok(is_member.map_or(Before::Unseen, Before::Member)),
        },
        StepKind::Activate if status == Some(AccountStatus::Active) => {
            Err(Already::So(Reason::AlreadyActive, "is active already"))
        }
        StepKind::Deactivate if status == Some(AccountStatus::Inactive) => {
            Err(Already::So(Reason::AlreadyInactive, "is deactivated already"))
        }
        StepKind::Suspend => or_already(suspendable(person)),
        StepKind::Restore => or_already(restorable(person)),
        StepKind::Activate
        | StepKind::Deactivate
        | StepKind::RemoveUser
        | StepKind::CreateUser
        | StepKind::InviteUser
        | StepKind::CreateGroup
        | StepKind::RemoveGroup => Ok(status.map_or(Before::Unseen, Before::Status)),
    }
}

fn or_already(now: Result<Now, No>) -> Result<Before, Already> {
    match now {
        Ok(Now::Before(before)) => Ok(before),
        Ok(Now::Already(reason, words)) => Err(Already::So(reason, words)),
        Err(no) => Err(Already::No(no)),
    }
}
