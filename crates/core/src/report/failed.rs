//! Only the rows worth another try, with only the input's columns: it can be fed straight back.

use std::io::Write;

use super::cell::safe;
use super::{PAGE, ReportError};
use crate::journal::{Journal, RowView, Run};
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;

/// Failed, unknown, and skipped for want of a target.
pub fn worth_another_try(outcome: Outcome, reason: Option<Reason>) -> bool {
    match outcome {
        Outcome::Failed | Outcome::Unknown => true,
        Outcome::Skipped => reason.is_some_and(Reason::wants_target),
        Outcome::Changed | Outcome::Unchanged => false,
    }
}

fn is_worth_another_try(row: &RowView) -> bool {
    row.outcome.is_some_and(|outcome| worth_another_try(outcome, row.reason))
}

/// Writes the rows worth another try; returns how many.
pub fn write_failed(journal: &Journal, run: &Run, out: impl Write) -> Result<u64, ReportError> {
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(run.headings.iter().map(|heading| safe(heading).into_owned()))?;
    let (mut after, mut many) = (0, 0);
    loop {
        let page = journal.rows(&run.id, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for row in page.iter().filter(|row| is_worth_another_try(row)) {
            csv.write_record(row.cells.iter().map(|cell| safe(cell).into_owned()))?;
            many += 1;
        }
    }
    csv.flush().map_err(ReportError::Write)?;
    Ok(many)
}
