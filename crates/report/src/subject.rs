//! What a report says that the journal holds as the executor's own, or not at all: handed in by the use
//! case, so that reports know rows and outcomes, and no user, group or API.

use headcount_journal::RowView;

/// What a run was about, in words.
pub struct Subject {
    /// The heading, such as `Members added to groups`.
    pub heading: &'static str,
    /// What is above the rows that were changed, such as `Added to groups`.
    pub done: &'static str,
    /// The organization, where the site's name does not show it.
    pub organization: Option<String>,
    /// What a row is about.
    pub of_row: fn(&RowView) -> About,
}

/// What a row is about, as far as its step knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The user or group by name.
    pub name: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
    /// The group's id.
    pub group_id: Option<String>,
    /// What is to be looked at again even after the change.
    pub doubt: Option<&'static str>,
}
