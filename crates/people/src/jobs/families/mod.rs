//! What jobs with the same kind of row share.

pub(super) mod groups;
pub(super) mod members;
pub(super) mod users;

use headcount_journal::ReasonCount;
use headcount_model::outcome::Outcome;

/// An undo reverses everything that was changed.
pub(super) fn if_changed(reason: &ReasonCount) -> bool {
    reason.outcome == Outcome::Changed
}

/// An undo reverses nothing.
pub(super) fn never(_: &ReasonCount) -> bool {
    false
}
