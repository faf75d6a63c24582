//! The rows of a report: pages from the journal, with the columns that headcount adds to the input's.

use headcount_journal::{Journal, JournalError, RowView, Run};

use crate::Subject;

/// The added columns, in their order.
pub const ADDED: [&str; 10] = [
    "row",
    "site",
    "outcome",
    "reason",
    "detail",
    "http_status",
    "attempts",
    "account_id",
    "group_id",
    "at",
];

/// The added columns' headings; a name that the input already has gets the prefix `headcount_`.
pub(super) fn added_headings(input: &[String]) -> Vec<String> {
    let taken = |name: &str| input.iter().any(|heading| heading.trim().eq_ignore_ascii_case(name));
    ADDED
        .into_iter()
        .map(|name| if taken(name) { format!("headcount_{name}") } else { name.to_owned() })
        .collect()
}

/// The added columns' values for a row.
pub(super) fn added_values(run: &Run, subject: &Subject, row: &RowView) -> [String; 10] {
    let step = row.step.as_ref();
    let about = (subject.of_row)(row);
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [
        row.row.to_string(),
        run.site.clone(),
        row.outcome.map_or("pending", |outcome| outcome.word()).to_owned(),
        text(row.reason.map(|reason| reason.word())),
        row.detail.clone(),
        step.and_then(|step| step.http_status).map(|status| status.to_string()).unwrap_or_default(),
        step.map_or(0, |step| step.step.attempts).to_string(),
        about.account_id.unwrap_or_default(),
        about.group_id.unwrap_or_default(),
        step.and_then(|step| step.at).map(|at| at.to_string()).unwrap_or_default(),
    ]
}

/// How many rows are read from the journal at a time.
pub(super) const PAGE: u64 = 1_000;

/// The rows after row `after`, each with its later undo.
pub(super) fn page_of_rows(
    journal: &Journal,
    run: &Run,
    after: u64,
) -> Result<Vec<RowView>, JournalError> {
    let mut page = journal.rows(&run.id, after, PAGE)?;
    let Some(last) = page.last().map(|row| row.row) else { return Ok(page) };
    for (number, by) in journal.rows_taken_back(&run.id, after + 1, last)? {
        if let Ok(at) = page.binary_search_by_key(&number, |row| row.row) {
            let detail = &mut page[at].detail;
            let stop = if detail.is_empty() { "" } else { "; " };
            detail.push_str(&format!("{stop}undone later by run {by}"));
        }
    }
    Ok(page)
}
