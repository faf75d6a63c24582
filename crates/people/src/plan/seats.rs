//! The free seats at the time when a plan was made.

use std::collections::BTreeMap;

use crate::directory::Directory;
use crate::error::PlanError;
use headcount_journal::{Journal, Run};

/// The key of the seats in a run's options.
const OPTION: &str = "seats_left";

/// The free seats of each app when a run's plan was made. An app without a limit, or whose seats the credentials
/// do not show, is not among them.
pub fn seats_left(run: &Run) -> BTreeMap<String, u64> {
    let noted = run.options.get(OPTION).cloned().unwrap_or_default();
    serde_json::from_value(noted).unwrap_or_default()
}

/// Notes in the draft what the lookup found.
pub(super) fn note_seats(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
) -> Result<(), PlanError> {
    let left = &directory.seats_left;
    if left.is_empty() {
        return Ok(());
    }
    let left: BTreeMap<&str, u64> =
        left.iter().map(|(product, many)| (product.key(), *many)).collect();
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: left }))?;
    Ok(batch.commit()?)
}
