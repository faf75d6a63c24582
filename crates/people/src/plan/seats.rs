//! How many seats were left when a plan was made.

use std::collections::BTreeMap;

use crate::directory::Directory;
use crate::error::PlanError;
use headcount_journal::{Journal, Run};

/// Where it is among a run's options.
const OPTION: &str = "seats_left";

/// Seats that were left of each product when the plan of a run was made. A product without a limit, or
/// whose seats these keys do not show, is not among them.
pub fn seats_left(run: &Run) -> BTreeMap<String, u64> {
    let noted = run.options.get(OPTION).cloned().unwrap_or_default();
    serde_json::from_value(noted).unwrap_or_default()
}

/// Notes in the draft what the look-up saw.
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
