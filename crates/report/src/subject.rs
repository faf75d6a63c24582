//! What a report says about users and groups. The use case passes it in, so that reports know rows and outcomes, but no
//! user, group or API.

use headcount_journal::RowView;

/// The subject of a run, in words.
pub struct Subject {
    /// The heading, such as `Members added to groups`.
    pub heading: &'static str,
    /// The heading above the rows that were changed, such as `Added to groups`.
    pub done: &'static str,
    /// The organization, if the site's name does not show it.
    pub organization: Option<String>,
    /// The subject of a row.
    pub of_row: fn(&RowView) -> About,
}

/// The subject of a row, as its step knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The user or group by name.
    pub name: Option<String>,
    /// The account's id.
    pub account_id: Option<String>,
    /// The group's id.
    pub group_id: Option<String>,
    /// The warning that stays after the change, if any.
    pub doubt: Option<&'static str>,
}
