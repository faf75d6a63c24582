//! What jobs of the same kind of row share.

pub(super) mod groups;
pub(super) mod members;
pub(super) mod users;

use headcount_journal::ReasonCount;
use headcount_model::outcome::Outcome;

/// Whatever was changed is undone.
pub(super) fn if_changed(reason: &ReasonCount) -> bool {
    reason.outcome == Outcome::Changed
}

/// Nothing is undone.
pub(super) fn never(_: &ReasonCount) -> bool {
    false
}
