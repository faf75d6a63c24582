//! Rows with only the input's columns, as a new input: the rows worth another try, or all of them for a rehearsal.

use std::io::Write;

use super::ReportError;
use super::columns::PAGE;
use super::csv::CsvForm;
use headcount_journal::{Journal, RowView, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_sheet::{safe, trim};

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

/// What an export of rows worth another try holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// The rows that were written.
    pub written: u64,
    /// The lines in the input of rows that were not, since none of their cells was kept: a password may have
    /// been among them.
    pub emptied: Vec<u64>,
}

/// Writes the rows worth another try. A row whose cells were emptied is left out: it would be a row of
/// blanks.
///
/// # Errors
/// The journal cannot be read, or the output cannot be written.
pub fn write_failed(
    journal: &Journal,
    run: &Run,
    form: CsvForm,
    out: impl Write,
) -> Result<Corrections, ReportError> {
    let is_blank = |row: &RowView| row.cells.iter().all(|cell| trim(cell).is_empty());
    let mut emptied = Vec::new();
    let written = write_rows(journal, run, form, out, |row| {
        let is_worth = is_worth_another_try(row);
        if is_worth && is_blank(row) {
            emptied.push(row.line);
        }
        (is_worth && !is_blank(row)).then(|| cells(row))
    })?;
    Ok(Corrections { written, emptied })
}

/// Writes the rows that were never sent. Returns how many.
///
/// # Errors
/// The journal cannot be read, or the output cannot be written.
pub fn write_pending(
    journal: &Journal,
    run: &Run,
    form: CsvForm,
    out: impl Write,
) -> Result<u64, ReportError> {
    write_rows(journal, run, form, out, |row| row.outcome.is_none().then(|| cells(row)))
}

/// Writes the sheet again as it was planned: every row in its place. A row that could not be read
/// gets a cell too many, so that it cannot be read again either: what the journal keeps of it may
/// look sound, because what was outside the table was cut off.
pub fn write_sheet(journal: &Journal, run: &Run, out: impl Write) -> Result<u64, ReportError> {
    write_rows(journal, run, CsvForm::PLAIN, out, |row| {
        let mut cells = cells(row);
        if row.reason == Some(Reason::UnreadableRow) {
            cells.push("could not be read".to_owned());
        }
        Some(cells)
    })
}

fn cells(row: &RowView) -> Vec<String> {
    row.cells.iter().map(|cell| safe(cell).into_owned()).collect()
}

fn write_rows(
    journal: &Journal,
    run: &Run,
    form: CsvForm,
    out: impl Write,
    mut wanted: impl FnMut(&RowView) -> Option<Vec<String>>,
) -> Result<u64, ReportError> {
    let mut csv = form.writer(out).map_err(ReportError::Write)?;
    csv.write_record(run.headings.iter().map(|heading| safe(heading).into_owned()))?;
    let (mut after, mut many) = (0, 0);
    loop {
        let page = journal.rows(&run.id, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for cells in page.iter().filter_map(&mut wanted) {
            csv.write_record(cells)?;
            many += 1;
        }
    }
    csv.flush().map_err(ReportError::Write)?;
    Ok(many)
}
