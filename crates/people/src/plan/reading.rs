//! How the file of a plan was understood, kept with its run.

use crate::error::PlanError;
use headcount_journal::{Journal, Run};
use headcount_model::reading::Reading;

/// Notes it in the draft.
///
/// # Errors
/// The journal cannot be written.
pub fn note_reading(journal: &mut Journal, run: &Run, reading: &Reading) -> Result<(), PlanError> {
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ Reading::OPTION: reading }))?;
    Ok(batch.commit()?)
}
