//! The roles of users and groups in an app.

use serde::{Deserialize, Serialize};

/// A role in an app (organizations description, `roleId` of `groups/{groupId}/role-assignments/assign`).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum AppRole {
    /// Can use the app.
    #[default]
    User,
    /// Manages the app's users, without using the app.
    UserAccessAdmin,
    /// Can use the app and administer it.
    Admin,
    /// Can use one space.
    Guest,
    /// Can view, comment and vote.
    Contributor,
    /// Can use the help center.
    Customer,
    /// Can use basic features.
    Basic,
    /// Can receive updates on incidents.
    Stakeholder,
    /// Only for groups.
    Viewer,
}

impl AppRole {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::User,
        Self::UserAccessAdmin,
        Self::Admin,
        Self::Guest,
        Self::Contributor,
        Self::Customer,
        Self::Basic,
        Self::Stakeholder,
        Self::Viewer,
    ];

    /// The role's word, in spreadsheets and messages.
    pub fn word(self) -> &'static str {
        self.id().trim_start_matches("atlassian/")
    }

    /// The role's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::User => "atlassian/user",
            Self::UserAccessAdmin => "atlassian/user-access-admin",
            Self::Admin => "atlassian/admin",
            Self::Guest => "atlassian/guest",
            Self::Contributor => "atlassian/contributor",
            Self::Customer => "atlassian/customer",
            Self::Basic => "atlassian/basic",
            Self::Stakeholder => "atlassian/stakeholder",
            Self::Viewer => "atlassian/viewer",
        }
    }

    /// Reads a role's word or id, whatever its case, with spaces or `_` for `-`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace([' ', '_'], "-");
        let word = text.strip_prefix("atlassian/").unwrap_or(&text);
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether the role can be assigned to a single user: the description of `users/{userId}/roles/assign` has no
    /// `viewer`.
    pub fn is_for_users(self) -> bool {
        self != Self::Viewer
    }

    /// Whether a user with this role takes a seat. (The description calls `contributor`, `customer`, `basic` and
    /// `stakeholder` non-billable, and gives `user-access-admin` no access. That `guest` and `viewer` take no seat is
    /// an assumption.)
    pub fn takes_seat(self) -> bool {
        match self {
            Self::User | Self::Admin => true,
            Self::UserAccessAdmin
            | Self::Guest
            | Self::Contributor
            | Self::Customer
            | Self::Basic
            | Self::Stakeholder
            | Self::Viewer => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_by_word_and_id() {
        for role in AppRole::ALL {
            assert_eq!(AppRole::read(role.word()), Some(role));
            assert_eq!(AppRole::read(role.id()), Some(role));
        }
        assert_eq!(AppRole::read(" User Access_Admin "), Some(AppRole::UserAccessAdmin));
        for other in ["", "owner", "atlassian/org-admin", "users"] {
            assert_eq!(AppRole::read(other), None, "{other}");
        }
    }
}
