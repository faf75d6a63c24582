//! What the names in a draft are, as the journal has them.

/// What a name in a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A mail address, in the form of [`mail_key`](headcount_model::user::mail_key).
    Mail,
    /// An account id.
    Account,
    /// A group's name as written.
    GroupName,
    /// A group's id.
    GroupId,
}

impl NameKind {
    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Account => "account",
            Self::GroupName => "group-name",
            Self::GroupId => "group-id",
        }
    }
}
