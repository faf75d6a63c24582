//! What a row of a run of several jobs asks for.

use headcount_model::job::Job;
use headcount_model::reason::Reason;

use crate::directory::Person;
use crate::steps::{self, Now, StepKind};

/// What a row asks for, in the order that is safe for a whole plan: users get everything before anything is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Create the user.
    Create,
    /// Reactivate the account.
    Activate,
    /// Restore the suspended user.
    Restore,
    /// Add the user to a group.
    Join,
    /// Grant the user an app.
    Grant,
    /// Remove the user from a group.
    Leave,
    /// Revoke an app from the user.
    Revoke,
    /// Suspend the user.
    Suspend,
    /// Deactivate the account.
    Deactivate,
    /// Remove the user from the site.
    Remove,
}

impl Action {
    /// All of them, in the safe order.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Activate,
        Self::Restore,
        Self::Join,
        Self::Grant,
        Self::Leave,
        Self::Revoke,
        Self::Suspend,
        Self::Deactivate,
        Self::Remove,
    ];

    /// The word in the column `Action`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Activate => "activate",
            Self::Restore => "restore",
            Self::Join => "join",
            Self::Grant => "grant",
            Self::Leave => "leave",
            Self::Revoke => "revoke",
            Self::Suspend => "suspend",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
        }
    }

    /// The job that resolves the row.
    pub fn job(self) -> Job {
        match self {
            Self::Create => Job::CreateUsers,
            Self::Activate => Job::ActivateUsers,
            Self::Restore => Job::RestoreUsers,
            Self::Join => Job::AddMembers,
            Self::Grant => Job::GrantAccess,
            Self::Leave => Job::RemoveMembers,
            Self::Revoke => Job::RevokeAccess,
            Self::Suspend => Job::SuspendUsers,
            Self::Deactivate => Job::DeactivateUsers,
            Self::Remove => Job::RemoveUsers,
        }
    }

    /// The kind of step that makes the change. A new user may also be invited.
    pub fn kind(self) -> StepKind {
        match self {
            Self::Create => StepKind::CreateUser,
            Self::Activate => StepKind::Activate,
            Self::Restore => StepKind::Restore,
            Self::Join => StepKind::AddMember,
            Self::Grant => StepKind::GrantRole,
            Self::Leave => StepKind::RemoveMember,
            Self::Revoke => StepKind::RevokeRole,
            Self::Suspend => StepKind::Suspend,
            Self::Deactivate => StepKind::Deactivate,
            Self::Remove => StepKind::RemoveUser,
        }
    }

    /// Whether a job gives its user something, and does not take it away.
    pub fn is_given_by(job: Job) -> bool {
        let action = Self::ALL.into_iter().find(|action| action.job() == job);
        action.map_or(!super::of(job).takes_away, |action| action < Self::Leave)
    }

    /// The action of a kind of step.
    pub fn of_kind(kind: StepKind) -> Self {
        match kind {
            StepKind::CreateUser | StepKind::InviteUser | StepKind::CreateGroup => Self::Create,
            StepKind::Activate | StepKind::CancelDelete => Self::Activate,
            StepKind::Restore | StepKind::ChangeEmail => Self::Restore,
            StepKind::AddMember => Self::Join,
            StepKind::GrantRole | StepKind::GrantGroupRole => Self::Grant,
            StepKind::RemoveMember | StepKind::Unlink => Self::Leave,
            StepKind::RevokeRole | StepKind::RevokeGroupRole | StepKind::RevokeToken => {
                Self::Revoke
            }
            StepKind::Suspend => Self::Suspend,
            StepKind::Deactivate => Self::Deactivate,
            StepKind::Delete | StepKind::RemoveUser | StepKind::RemoveGroup => Self::Remove,
        }
    }

    /// Whether a user is as a change of the user's state wants it, or can no longer be changed.
    pub fn is_done(self, person: &Person) -> bool {
        match self {
            Self::Suspend | Self::Deactivate | Self::Remove | Self::Activate | Self::Restore => {}
            Self::Create | Self::Join | Self::Grant | Self::Leave | Self::Revoke => return false,
        }
        match (steps::of(self.kind()).now)(person, None) {
            Ok(Now::Already(..)) => true,
            Ok(Now::Before(_)) => false,
            Err(no) => no.reason == Reason::AccountClosed,
        }
    }
}
