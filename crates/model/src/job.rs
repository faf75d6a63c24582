//! The jobs: what is done for each row of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The jobs in the order of the command line and of the page, each with the command a user types for it.
macro_rules! jobs {
    ($($(#[$doc:meta])+ $job:ident = $command:literal,)+) => {
        /// What is done for each row of a file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Job {
            $($(#[$doc])+ $job,)+
        }

        impl Job {
            /// All of them, in the order of the command line and of the page.
            pub const ALL: [Self; [$(Self::$job),+].len()] = [$(Self::$job),+];

            /// The command a user types for it.
            pub fn command(self) -> &'static str {
                match self {
                    $(Self::$job => $command,)+
                }
            }
        }
    };
}

jobs! {
    /// Creates users; or gives existing ones access.
    CreateUsers = "user create",
    /// Deactivates managed accounts.
    DeactivateUsers = "user deactivate",
    /// Reactivates managed accounts.
    ActivateUsers = "user activate",
    /// Suspends users in the directory.
    SuspendUsers = "user suspend",
    /// Restores suspended users.
    RestoreUsers = "user restore",
    /// Removes users from the site; also the undo of `user create`.
    RemoveUsers = "user remove",
    /// Deletes managed accounts, after 14 days of grace.
    DeleteUsers = "user delete",
    /// Cancels the deletion of managed accounts; also the undo of `user delete`.
    CancelDeleteUsers = "user cancel-delete",
    /// Changes the email addresses of managed accounts.
    ChangeEmails = "user email",
    /// Takes managed accounts out of the hands of the identity provider.
    UnlinkUsers = "user unlink",
    /// Adds users to groups.
    AddMembers = "member add",
    /// Removes users from groups.
    RemoveMembers = "member remove",
    /// Creates groups.
    CreateGroups = "group create",
    /// Deletes empty groups; also the undo of `group create`.
    RemoveGroups = "group delete",
    /// Grants users and groups access to apps.
    GrantAccess = "access grant",
    /// Revokes access to apps from users and groups; also the undo of `access grant`.
    RevokeAccess = "access revoke",
    /// Revokes API tokens of managed accounts.
    RevokeTokens = "token revoke",
    /// Makes the site match a list of users; each row is a difference.
    Sync = "sync",
    /// Sends the requests of a Postman collection.
    RunCollection = "postman run",
}

impl Job {
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
