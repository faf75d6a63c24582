//! What a step does.

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Creates a user, or gives an existing one access (Jira, `POST user`).
    CreateUser,
    /// Invites a user (organizations, `users/invite`); up to 25 of them share a request.
    InviteUser,
    /// Removes a user from the site (Jira, `DELETE user`) or, with the organization API key alone,
    /// from the directory; the Atlassian account stays.
    RemoveUser,
    /// Adds a user to a group (Jira, `POST group/user`, or the directory's `memberships`).
    AddMember,
    /// Removes a user from a group (Jira, `DELETE group/user`, or the directory's `memberships`).
    RemoveMember,
    /// Deactivates a managed account (user management, `lifecycle/disable`).
    Deactivate,
    /// Reactivates a managed account (user management, `lifecycle/enable`).
    Activate,
    /// Suspends a user in the directory (organizations, `suspend`).
    Suspend,
    /// Restores a suspended user (organizations, `restore`).
    Restore,
    /// Creates a group (the directory's `groups`, or Jira, `POST group`).
    CreateGroup,
    /// Deletes a group (the same ways); only as the undo of its creation.
    RemoveGroup,
}

impl StepKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::CreateUser,
        Self::InviteUser,
        Self::RemoveUser,
        Self::AddMember,
        Self::RemoveMember,
        Self::Deactivate,
        Self::Activate,
        Self::Suspend,
        Self::Restore,
        Self::CreateGroup,
        Self::RemoveGroup,
    ];

    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::CreateUser => "create-user",
            Self::InviteUser => "invite-user",
            Self::RemoveUser => "remove-user",
            Self::AddMember => "add-member",
            Self::RemoveMember => "remove-member",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Restore => "restore",
            Self::CreateGroup => "create-group",
            Self::RemoveGroup => "remove-group",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
