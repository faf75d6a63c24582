//! What jobs of the same kind of row share.

use headcount_journal::ReasonCount;
use headcount_model::outcome::Outcome;

use super::Exports;

/// What a row on users holds, in the page's words.
pub(super) const USER: &str = "a user (email or account id) in each row";
/// What a row on memberships holds.
pub(super) const USER_AND_GROUP: &str = "a user (email or account id) and a group in each row";

/// The template of jobs on users.
pub(super) const USERS: (&[&str], &[&str]) = (&["Email"], &["jane@example.com"]);
/// The template of jobs on memberships.
pub(super) const MEMBERS: (&[&str], &[&str]) =
    (&["Email", "Group"], &["jane@example.com", "berlin-support"]);
/// The template of jobs on groups.
pub(super) const GROUPS: (&[&str], &[&str]) =
    (&["name", "description"], &["berlin-support", "Support, Berlin office"]);

/// An export of users tells who they are.
pub(super) const USERS_EXPORT: Exports = Exports { users: true, groups: false };
/// Exports of users and groups.
pub(super) const BOTH_EXPORTS: Exports = Exports { users: true, groups: true };
/// None: what is there now, only the site tells.
pub(super) const NO_EXPORTS: Exports = Exports { users: false, groups: false };

/// Whatever was changed is taken back.
pub(super) fn if_changed(reason: &ReasonCount) -> bool {
    reason.outcome == Outcome::Changed
}

/// Nothing is taken back.
pub(super) fn never(_: &ReasonCount) -> bool {
    false
}
