//! What is known of a user. `None` is "not known", never "no".

use jiff::Timestamp;
use jiff::civil::Date;

use headcount_model::user::{AccountType, Standing};

/// What is known of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// What the account is.
    pub kind: Option<AccountType>,
    /// The user's state.
    pub status: Option<Status>,
    /// The email address.
    pub email: Option<&'a str>,
    /// When the user was first added to the organization.
    pub added: Option<Added>,
    /// Whether the organization manages the account.
    pub managed: Option<bool>,
    /// Whether an identity provider owns the account.
    pub synced: Option<bool>,
    /// The roles in the organization, such as `org-admin`.
    pub roles: Option<Vec<String>>,
    /// Whether the user is in one of the groups of `--group`.
    pub in_group: Option<bool>,
    /// Whether the user is in one of the groups of `--not-group`.
    pub in_excluded_group: Option<bool>,
    /// The apps that the user has or may have.
    pub apps: Option<Vec<AppFacts>>,
}

/// A user's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Exactly this.
    Is(Standing),
    /// Not active; why is not shown, as in Jira's listing.
    NotActive,
}

/// When a user was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// The day (UTC).
    pub day: Date,
    /// The latest moment that it can mean.
    pub at_most: Timestamp,
}

/// What is known of a user and an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppFacts {
    /// The app's place in the list of [`Apps`](super::Apps); `None` for one that is not in it.
    pub app: Option<usize>,
    /// Whether the user has access.
    pub has: Option<bool>,
    /// The last use.
    pub last: LastUse,
}

/// When an app was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUse {
    /// No use is recorded.
    Never,
    /// At this moment at the latest.
    At(Timestamp),
    /// Not shown, or not readable.
    Unknown,
}
