//! The rows that a plan does not send. Its rehearsal leaves them unchanged, because a copy knows less than the
//! site (for example, which users an identity provider owns) and would make changes that the plan refuses.

use crate::error::PlanError;
use crate::lookup::BATCH;
use crate::rows::Intents;
use headcount_journal::{Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

/// A row that is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its position among the rows, from 1: its number in a spreadsheet that is written from them. (A workbook's
    /// own numbers have gaps.)
    pub row: u64,
    /// Its outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Reason,
    /// The reason in a sentence.
    pub detail: String,
}

/// The rows that a plan does not send.
///
/// # Errors
/// The journal cannot be read.
pub fn decided(journal: &Journal, run: &Run) -> Result<Vec<Decided>, PlanError> {
    let mut decided = Vec::new();
    let (mut after, mut at) = (0, 0);
    loop {
        let page = journal.rows(&run.id, after, BATCH)?;
        let Some(last) = page.last() else { return Ok(decided) };
        after = last.row;
        decided.extend(page.into_iter().filter_map(|row| {
            at += 1;
            let (outcome, reason) = row.outcome.zip(row.reason)?;
            Some(Decided { row: at, outcome, reason, detail: row.detail })
        }));
    }
}

/// Settles these rows in a draft of the same spreadsheet.
///
/// # Errors
/// The journal cannot be written.
pub fn settle_decided(
    journal: &mut Journal,
    run: &Run,
    decided: &[Decided],
    intents: &mut Intents,
) -> Result<(), PlanError> {
    for page in decided.chunks(BATCH as usize) {
        let mut batch = journal.batch(&run.id)?;
        for Decided { row, outcome, reason, detail } in page {
            batch.settle_row(*row, *outcome, *reason, detail)?;
            intents.drop_row(*row);
        }
        batch.commit()?;
    }
    Ok(())
}
