//! Why a list is refused before anything is planned.

use super::list::Place;
use crate::directory::lookup::LookupError;
use crate::error::PlanError;
use headcount_journal::JournalError;
use headcount_model::words::{many, thousands};

/// Why a list is refused before anything is planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It names no user.
    #[error("the list names no user")]
    Empty,
    /// It names fewer than half of the users that it owns.
    #[error("the list names {} of the {} that it owns on the site, fewer than half", thousands(*.listed), many(*.owned, "user"))]
    Half {
        /// How many of them it names.
        listed: u64,
        /// The users that it owns.
        owned: u64,
    },
    /// It does not name users that the profile protects.
    #[error("the list does not name {}, and the profile protects {}", .users.join(", "), if .users.len() == 1 { "this user" } else { "these users" })]
    Protected {
        /// The first of them.
        users: Vec<String>,
    },
    /// A group that it should own is not certainly one.
    #[error("the list cannot own a group: {0}")]
    OwnGroup(String),
    /// Users would be changed because they are absent, and the list owns no mail domain.
    #[error("the list owns no mail domain, so headcount cannot tell which absent users are meant")]
    NoDomain,
    /// A row names an app that is not certainly one.
    #[error("{place}: {why}")]
    App {
        /// The row.
        place: Place,
        /// Why.
        why: String,
    },
    /// A row names an app that is none of Jira's, and there is no organization API key.
    #[error(
        "{place} names {name}: without an organization API key, a list can name Jira's products only"
    )]
    AppWithoutKey {
        /// The row.
        place: Place,
        /// The name.
        name: String,
    },
    /// Two rows turned out to be about one user.
    #[error("{first} and {second} are about the same user, {user}")]
    SameUser {
        /// The first row.
        first: Place,
        /// The other row.
        second: Place,
        /// The user.
        user: String,
    },
}

impl ListError {
    /// Whether it looks as if the list was cut off, so that a guard stops it.
    pub fn is_of_a_guard(&self) -> bool {
        match self {
            Self::Empty | Self::Half { .. } | Self::Protected { .. } => true,
            Self::OwnGroup(_)
            | Self::NoDomain
            | Self::App { .. }
            | Self::AppWithoutKey { .. }
            | Self::SameUser { .. } => false,
        }
    }

    /// What to do, as a sentence without a full stop.
    pub fn todo(&self) -> &'static str {
        match self {
            Self::Empty => "check how the list was made",
            Self::Half { .. } => {
                "check whether the list is complete; if it is, let it own fewer groups or domains"
            }
            Self::Protected { .. } => {
                "check whether the list is complete; add these users to it, or take them out of the profile's list"
            }
            Self::OwnGroup(_) => "correct the name of the group",
            Self::NoDomain => "name the mail domain of these users as the list's",
            Self::App { .. } => {
                "write the app's name, its key, or its name with the site, such as `Confluence - acme`"
            }
            Self::AppWithoutKey { .. } => {
                "add an organization API key to the profile, or take the app out of the list"
            }
            Self::SameUser { .. } => "keep one of the rows",
        }
    }
}

/// Why there is no plan from a list.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The list is refused.
    #[error(transparent)]
    List(#[from] ListError),
    /// As for every plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl From<LookupError> for SyncError {
    fn from(error: LookupError) -> Self {
        Self::Plan(error.into())
    }
}

impl From<JournalError> for SyncError {
    fn from(error: JournalError) -> Self {
        Self::Plan(error.into())
    }
}
