//! The report as CSV.

use std::io::Write;

use super::columns::{added_headings, added_values};
use super::csv_form::CsvForm;
use super::{ReportError, Subject, page_of_rows};
use headcount_journal::{Journal, Run};
use headcount_sheet::safe;

/// Writes every row of a run.
pub fn write_csv(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    form: CsvForm,
    out: impl Write,
) -> Result<(), ReportError> {
    let mut csv = form.writer(out).map_err(ReportError::Write)?;
    let added = added_headings(&run.headings);
    let headings = run.headings.iter().chain(&added);
    csv.write_record(headings.map(|heading| safe(heading).into_owned()))?;
    let mut after = 0;
    loop {
        let page = page_of_rows(journal, run, after)?;
        let Some(last) = page.last() else { break };
        after = last.row;
        for row in &page {
            let added = added_values(run, subject, row);
            // Cells beyond the headings end the record, so that it is too long as a row of input, too.
            let (within, beyond) = row.cells.split_at(row.cells.len().min(run.headings.len()));
            let cells = within.iter().chain(&added).chain(beyond);
            csv.write_record(cells.map(|cell| safe(cell).into_owned()))?;
        }
    }
    csv.flush().map_err(ReportError::Write)
}
