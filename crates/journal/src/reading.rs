//! How the file of a run was understood.

use headcount_model::reading::Reading;

use super::run::Run;

/// How the file of a run was understood; none of an undo, and of runs planned before this was kept.
pub fn reading(run: &Run) -> Option<Reading> {
    serde_json::from_value(run.options.get(Reading::OPTION)?.clone()).ok()
}
