//! The rows of a run that an undo covers: all that it changed, or only some.

use crate::error::PlanError;
use crate::steps::{self, Step, read_effect};
use headcount_journal::{Journal, Run, RunId};
use headcount_model::reason::Reason;
use headcount_model::rows::Rows;

/// The key of the only rows that an undo covers in its run's options.
pub const ROWS: &str = "rows";

/// The only rows that an undo covers; `None` means all.
pub fn chosen(run: &Run) -> Option<Rows> {
    run.options[ROWS].as_str().and_then(|text| text.parse().ok())
}

/// How many of these rows changed something, or may have.
pub fn count_changed(journal: &Journal, undone: &RunId, rows: &Rows) -> Result<u64, PlanError> {
    let (mut many, mut last) = (0, 0);
    each_changed(journal, undone, Some(rows), |step, _| {
        if rows.contains(step.row) {
            many += u64::from(std::mem::replace(&mut last, step.row) != step.row);
        }
        Ok(())
    })?;
    Ok(many)
}

/// Calls `each` for every step whose user, group or membership must be read before the undo is planned. A user who
/// is removed from the site first leaves the groups that other rows added them to, so the steps that needed a
/// chosen row's step are included.
pub fn each_changed(
    journal: &Journal,
    undone: &RunId,
    only: Option<&Rows>,
    mut each: impl FnMut(Step, Reason) -> Result<(), PlanError>,
) -> Result<(), PlanError> {
    let mut after = 0;
    loop {
        let page = journal.effects(undone, after, 1_000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.step.number;
        for effect in page {
            let effect = read_effect(effect)?;
            let is_chosen = |row| only.is_none_or(|only| only.contains(row));
            let row = effect.step.row;
            if is_chosen(row) && only.is_some() && steps::of(effect.step.payload.kind).creates_user
            {
                for after in journal.effects_after(undone, effect.step.number)? {
                    let after = read_effect(after)?;
                    if !is_chosen(after.step.row) {
                        each(after.step, after.reason)?;
                    }
                }
            }
            if is_chosen(row) {
                each(effect.step, effect.reason)?;
            }
        }
    }
}
