//! The kinds of steps.

/// The kinds, each with its word in the journal.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $word:literal,)+) => {
        /// The kind of a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum StepKind {
            $($(#[$doc])+ $kind,)+
        }

        impl StepKind {
            /// All of them.
            pub const ALL: [Self; [$(Self::$kind),+].len()] = [$(Self::$kind),+];

            /// The word in the journal.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                }
            }
        }
    };
}

kinds! {
    /// Creates a user, or gives an existing one access (Jira, `POST user`).
    CreateUser = "create-user",
    /// Invites a user (organizations, `users/invite`); up to 25 of them share a request.
    InviteUser = "invite-user",
    /// Removes a user from the site (Jira, `DELETE user`) or, with the organization API key alone,
    /// from the directory; the Atlassian account stays.
    RemoveUser = "remove-user",
    /// Adds a user to a group (Jira, `POST group/user`, or the directory's `memberships`).
    AddMember = "add-member",
    /// Removes a user from a group (Jira, `DELETE group/user`, or the directory's `memberships`).
    RemoveMember = "remove-member",
    /// Deactivates a managed account (user management, `lifecycle/disable`).
    Deactivate = "deactivate",
    /// Reactivates a managed account (user management, `lifecycle/enable`).
    Activate = "activate",
    /// Deletes a managed account (user management, `lifecycle/delete`).
    Delete = "delete",
    /// Cancels the deletion of a managed account (user management, `lifecycle/cancel-delete`).
    CancelDelete = "cancel-delete",
    /// Changes the email address of a managed account (user management, `PUT email`).
    ChangeEmail = "change-email",
    /// Unlinks a managed account from the identity provider (user provisioning, `onlyDeleteUserInDB`).
    Unlink = "unlink",
    /// Suspends a user in the directory (organizations, `suspend`).
    Suspend = "suspend",
    /// Restores a suspended user (organizations, `restore`).
    Restore = "restore",
    /// Creates a group (the directory's `groups`, or Jira, `POST group`).
    CreateGroup = "create-group",
    /// Gives a user a role in an app (organizations, `roles/assign`).
    GrantRole = "grant-role",
    /// Revokes a user's own role in an app (organizations, `roles/revoke`).
    RevokeRole = "revoke-role",
    /// Gives the members of a group a role in an app (organizations, `role-assignments/assign`).
    GrantGroupRole = "grant-group-role",
    /// Revokes a group's role in an app (organizations, `role-assignments/revoke`).
    RevokeGroupRole = "revoke-group-role",
    /// Revokes an API token of a managed account (user management, `api-tokens`).
    RevokeToken = "revoke-token",
    /// Deletes a group (the directory's `groups`, or Jira, `DELETE group`).
    RemoveGroup = "remove-group",
}

impl StepKind {
    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
