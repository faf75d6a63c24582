//! The roles of users and groups in apps, and users' API tokens.

use serde::{Deserialize, Serialize};

/// A role in an app. (organizations description, `roleId`)
///
/// Assumption: a user takes a seat, and is listed with the app (`productAccess`), only with the roles `user` and
/// `admin`. The description calls `customer`, `contributor`, `basic` and `stakeholder` non-billable and gives
/// `user-access-admin` no access; of `guest` and `viewer` it says nothing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AppRole {
    #[default]
    User,
    UserAccessAdmin,
    Admin,
    Guest,
    Contributor,
    Customer,
    Basic,
    Stakeholder,
    Viewer,
}

impl AppRole {
    const ALL: [Self; 9] = [
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

    /// The role's id.
    pub(crate) fn id(self) -> &'static str {
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

    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    pub(crate) fn takes_seat(self) -> bool {
        matches!(self, Self::User | Self::Admin)
    }
}

/// An API token of a user, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiToken {
    pub(crate) id: Box<str>,
    pub(crate) label: Box<str>,
    /// Milliseconds since 1970.
    pub(crate) made_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_ms: Option<i64>,
    /// When it was last used, if ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) used_ms: Option<i64>,
}
