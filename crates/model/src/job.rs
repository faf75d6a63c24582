//! The jobs: what is done for each row of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is done for each row of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Job {
    /// `user create`.
    CreateUsers,
    /// `user deactivate`.
    DeactivateUsers,
    /// `user activate`.
    ActivateUsers,
    /// `user suspend`.
    SuspendUsers,
    /// `user restore`.
    RestoreUsers,
    /// `user remove`: removes users from the site; also the undo of `user create`.
    RemoveUsers,
    /// `group create`.
    CreateGroups,
    /// `group delete`: deletes empty groups; also the undo of `group create`.
    RemoveGroups,
    /// `member add`.
    AddMembers,
    /// `member remove`.
    RemoveMembers,
}

impl Job {
    /// All of them, in the order of the command line and of the page.
    pub const ALL: [Self; 10] = [
        Self::CreateUsers,
        Self::DeactivateUsers,
        Self::ActivateUsers,
        Self::SuspendUsers,
        Self::RestoreUsers,
        Self::RemoveUsers,
        Self::AddMembers,
        Self::RemoveMembers,
        Self::CreateGroups,
        Self::RemoveGroups,
    ];

    /// The command a user types for it.
    pub fn command(self) -> &'static str {
        match self {
            Self::CreateUsers => "user create",
            Self::DeactivateUsers => "user deactivate",
            Self::ActivateUsers => "user activate",
            Self::SuspendUsers => "user suspend",
            Self::RestoreUsers => "user restore",
            Self::RemoveUsers => "user remove",
            Self::CreateGroups => "group create",
            Self::RemoveGroups => "group delete",
            Self::AddMembers => "member add",
            Self::RemoveMembers => "member remove",
        }
    }

    /// The job of a command, for the journal's column.
    pub fn from_command(command: &str) -> Option<Self> {
        // As journals have it that were made while only an undo deleted groups.
        let command = if command == "group remove" { "group delete" } else { command };
        Self::ALL.into_iter().find(|job| job.command() == command)
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.command())
    }
}
