//! What jobs with the same kind of row share.

pub(crate) mod access;
pub(super) mod addresses;
pub(super) mod groups;
pub(super) mod members;
pub(super) mod tokens;
pub(super) mod users;

use headcount_journal::ReasonCount;
use headcount_model::outcome::Outcome;
use jiff::Timestamp;

/// An undo reverses everything that was changed.
pub(super) fn if_changed(reason: &ReasonCount) -> bool {
    reason.outcome == Outcome::Changed
}

/// The changes have no consequences besides what the plan's rows say.
pub(super) fn none(_: Timestamp) -> Vec<String> {
    Vec::new()
}

/// An undo reverses nothing.
pub(super) fn never(_: &ReasonCount) -> bool {
    false
}
